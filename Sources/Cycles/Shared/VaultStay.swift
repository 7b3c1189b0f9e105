// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Clusters
internal import Numerics
internal import TextKit

/// One position and every way in which some settings end it.
///
/// The first passage of a level is looked for when somebody asks, from that of a level on the way.
final class Stay {
  /// Cycles by how they end.
  var cycles = CycleTable()
  var cluster: Cluster { position.cluster }

  private let position: Deployment
  private let start: Int
  private let column: PriceColumn
  private let fresh: PriceColumn
  private let trades: RangeTrades
  /// First steps of stops, waits and recovers by the number of the level, the number of steps for
  /// never, `unknown` where nobody asked.
  private var steps: [Int32]
  /// First step below the range.
  private var filled: Int32 = unknown

  private static let unknown = Int32(-1)
  private static let reasons: [ExitReason] = [.recover, .stopLoss, .timeout, .end]

  init(
    _ position: Deployment,
    at step: Int,
    _ column: PriceColumn,
    _ track: OracleTrack,
    _ trades: RangeTrades,
    _ levels: ExitLevels
  ) {
    self.position = position
    self.column = column
    self.trades = trades
    fresh = track.fresh[position.cluster.asset] ?? column
    start = step
    steps = Array(repeating: Stay.unknown, count: levels.count)
  }

  /// The first step at which a stop-loss holds and may be cranked.
  @inline(never)
  private func findStop(_ number: Int, _ levels: ExitLevels, _ track: OracleTrack) -> Int32 {
    let stop = levels.stops[number]
    var first = start
    // Without a crank's delay a smaller stop-loss is met no later.
    if stop.delay == 0 {
      for lower in (0..<number).reversed() where steps[lower] != Stay.unknown {
        first = Int(steps[lower])
        break
      }
    }
    let level = (position.deployPrice * (1 - stop.share)).nextUp
    func next(from step: Int) -> Int {
      column.first(outside: level, .infinity, from: step, before: column.count) ?? column.count
    }
    first = next(from: first)
    if stop.delay > 0 && first < column.count {
      first = next(from: max(first, track.step(atOrAfter: track.times[first] + stop.delay)))
    }
    return Int32(first)
  }

  @inline(never)
  private func findRecover(_ number: Int, _ levels: ExitLevels) -> Int32 {
    if filled == Stay.unknown {
      let found = column.first(
        outside: position.cluster.high,
        .infinity,
        from: start,
        before: column.count
      )
      filled = Int32(found ?? column.count)
    }
    let level = (position.deployPrice * (1 + levels.recovers[number] / 10_000)).nextDown
    let reached = fresh.first(
      outside: -.infinity,
      level,
      from: Int(filled),
      before: fresh.count
    )
    return Int32(reached ?? fresh.count)
  }

  /// How a variant ends the position: recover, stop-loss, timeout, end, the first of them.
  ///
  /// Variants with equal keys have the same cycle: the key holds the step, the reason and, where
  /// there is a loss beyond the stop-loss, which stop-loss it is.
  func ending(
    _ numbers: ExitLevels.Numbers,
    _ levels: ExitLevels,
    _ track: OracleTrack
  ) -> UInt64 {
    let stopNumber = Int(numbers.stop)
    let waitPlace = levels.stops.count + Int(numbers.wait)
    let recoverPlace = levels.stops.count + levels.waits.count + Int(numbers.recover)
    if steps[waitPlace] == Stay.unknown {
      let end = position.deployedAt + levels.waits[Int(numbers.wait)]
      steps[waitPlace] = Int32(max(start, track.step(atOrAfter: end)))
    }
    if steps[stopNumber] == Stay.unknown {
      steps[stopNumber] = findStop(stopNumber, levels, track)
    }
    if steps[recoverPlace] == Stay.unknown {
      steps[recoverPlace] = findRecover(Int(numbers.recover), levels)
    }
    let (wait, stop, recover) = (steps[waitPlace], steps[stopNumber], steps[recoverPlace])
    var (step, reason) = (Int32(column.count - 1), 3)
    if wait <= step { (step, reason) = (wait, 2) }
    if stop <= step { (step, reason) = (stop, 1) }
    if recover <= step { (step, reason) = (recover, 0) }
    var key = UInt64(step) << 32 | UInt64(reason) << 30
    let level = position.deployPrice * (1 - levels.stops[stopNumber].share)
    if reason == 1 || column.values[Int(step)] < level { key |= UInt64(stopNumber) + 1 }
    return key
  }

  /// The step of an ending.
  static func step(of key: UInt64) -> Int { Int(key >> 32) }

  /// The cycle of an ending, numbered 0.
  func settled(
    _ key: UInt64,
    _ settings: VaultSettings,
    _ track: OracleTrack
  ) throws(Failure) -> CycleRecord {
    let step = Stay.step(of: key)
    var position = position
    position.pass(
      lowest: column.lowest(from: start, through: step),
      traded: trades.sum(after: start, through: step)
    )
    return try position.settled(
      cycle: 0,
      at: column.values[step],
      time: track.times[step],
      reason: Stay.reasons[Int(key >> 30 & 3)],
      settings
    )
  }
}

/// What trades against a cluster's range along a path while an amount stands in it.
struct RangeTrades {
  /// Steps at which something trades, and the sum up to and with each.
  private var steps: [Int32] = []
  private var sums: [Int128] = []

  init(
    _ cluster: Cluster,
    amount: Micro,
    _ column: PriceColumn,
    _ flow: FlowMemory,
    _ flowShare: Double
  ) throws(Failure) {
    var position = try Deployment(cluster, amount: amount, time: 0, spot: column.values[0])
    try position.move(to: column.values[0], flow: { 0 }, flowShare: flowShare)
    let before = position.tradedAMM
    var at = 0
    while at + 1 < column.count {
      let price = column.values[at]
      if price > cluster.high || price < cluster.low {
        // Nothing trades as long as the price stays on this side.
        let isAbove = price > cluster.high
        let left = column.first(
          outside: isAbove ? cluster.high.nextUp : -.infinity,
          isAbove ? .infinity : cluster.low.nextDown,
          from: at + 1,
          before: column.count
        )
        let last = (left ?? column.count) - 1
        if last > at {
          position.pass(to: column.values[last])
          at = last
          continue
        }
      }
      at += 1
      let step = at
      let known = position.tradedAMM
      try position.move(
        to: column.values[step],
        flow: { () throws(Failure) in try flow.amount(asset: cluster.asset, at: step) },
        flowShare: flowShare
      )
      if position.tradedAMM != known {
        steps.append(Int32(step))
        sums.append(position.tradedAMM - before)
      }
    }
  }

  /// Micro-USD that trade after one step, up to and with another.
  func sum(after start: Int, through end: Int) -> Int128 { sum(through: end) - sum(through: start) }

  private func sum(through step: Int) -> Int128 {
    var (low, high) = (0, steps.count)
    while low < high {
      let middle = (low + high) / 2
      if Int(steps[middle]) <= step { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? 0 : sums[low - 1]
  }
}
