// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Clusters
internal import Numerics
internal import TextKit

/// The exit levels of some settings, each with a number.
struct ExitLevels {
  /// A stop-loss with its crank.
  struct Stop: Comparable {
    var share: Double
    var delay: Int64

    static func < (left: Stop, right: Stop) -> Bool {
      (left.delay, left.share) < (right.delay, right.share)
    }
  }

  /// By delay, shares rising.
  private(set) var stops: [Stop]
  private(set) var waits: [Int64]
  private(set) var recovers: [Double]
  /// Numbers of the levels by variant, 0 for variants of others.
  private(set) var stopOf: [Int32]
  private(set) var waitOf: [Int32]
  private(set) var recoverOf: [Int32]

  init(_ variants: [Int32], _ settings: [VaultSettings]) {
    func levels<Level: Comparable>(_ level: (VaultSettings) -> Level) -> ([Level], [Int32]) {
      let own = variants.map { level(settings[Int($0)]) }
      var levels: [Level] = []
      for one in own.sorted() where one != levels.last { levels.append(one) }
      var numbers = Array(repeating: Int32(0), count: settings.count)
      for (variant, one) in zip(variants, own) {
        var (low, high) = (0, levels.count)
        while low < high {
          let middle = (low + high) / 2
          if levels[middle] < one { low = middle + 1 } else { high = middle }
        }
        numbers[Int(variant)] = Int32(low)
      }
      return (levels, numbers)
    }
    (stops, stopOf) = levels(\.stop)
    (waits, waitOf) = levels(\.wait)
    (recovers, recoverOf) = levels(\.recoverBPS)
  }
}

extension VaultSettings {
  fileprivate var stop: ExitLevels.Stop {
    ExitLevels.Stop(share: stopLoss, delay: crankDelayMilliseconds)
  }
  fileprivate var wait: Int64 { timeoutMilliseconds + crankDelayMilliseconds }
}

/// One position and every way in which some settings end it.
///
/// First passages of all levels are found in one pass: a deeper stop-loss is reached no earlier.
final class Stay {
  /// Cycles by how they end.
  var records = RecordTable()
  var cluster: Cluster { position.cluster }

  private let position: Deployment
  private let start: Int
  private let column: PriceColumn
  private let trades: RangeTrades
  /// First steps by the number of the level, the number of steps for never.
  private let stops: [Int32]
  private let waits: [Int32]
  private let recovers: [Int32]

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
    start = step
    stops = Stay.stops(position, at: step, column, track, levels)
    waits = levels.waits.map {
      Int32(max(step, track.step(atOrAfter: position.deployedAt + $0)))
    }
    let fresh = track.fresh[position.cluster.asset] ?? column
    let filled = column.first(
      outside: position.cluster.high,
      .infinity,
      from: step,
      before: column.count
    )
    recovers = levels.recovers.map { bps in
      let level = (position.deployPrice * (1 + bps / 10_000)).nextDown
      let reached = fresh.first(
        outside: -.infinity,
        level,
        from: filled ?? column.count,
        before: fresh.count
      )
      return Int32(reached ?? fresh.count)
    }
  }

  private static func stops(
    _ position: Deployment,
    at step: Int,
    _ column: PriceColumn,
    _ track: OracleTrack,
    _ levels: ExitLevels
  ) -> [Int32] {
    var first = step
    var delay: Int64?
    return levels.stops.map { stop in
      if stop.delay != delay { (first, delay) = (step, stop.delay) }
      let level = (position.deployPrice * (1 - stop.share)).nextUp
      first =
        column.first(outside: level, .infinity, from: first, before: column.count) ?? column.count
      guard stop.delay > 0, first < column.count else { return Int32(first) }
      let crank = track.step(atOrAfter: track.times[first] + stop.delay)
      let still = column.first(
        outside: level,
        .infinity,
        from: max(first, crank),
        before: column.count
      )
      return Int32(still ?? column.count)
    }
  }

  /// How a variant ends the position: recover, stop-loss, timeout, end, the first of them.
  ///
  /// Variants with equal keys have the same cycle: the key holds the step, the reason and, where
  /// there is a loss beyond the stop-loss, which stop-loss it is.
  func ending(of variant: Int, _ settings: [VaultSettings], _ levels: ExitLevels) -> UInt64 {
    var (step, reason) = (Int32(column.count - 1), 3)
    let stopNumber = levels.stopOf[variant]
    let wait = waits[Int(levels.waitOf[variant])]
    if wait <= step { (step, reason) = (wait, 2) }
    let stop = stops[Int(stopNumber)]
    if stop <= step { (step, reason) = (stop, 1) }
    let recover = recovers[Int(levels.recoverOf[variant])]
    if recover <= step { (step, reason) = (recover, 0) }
    var key = UInt64(step) << 32 | UInt64(reason) << 30
    let level = position.deployPrice * (1 - levels.stops[Int(stopNumber)].share)
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

/// Cycles by their endings: open addressing, because a search is most of what another group costs.
struct RecordTable {
  private var records: [CycleRecord] = []
  /// Key and place of each slot; place −1 is free.
  private var slots: [(key: UInt64, place: Int32)] = Array(repeating: (0, -1), count: 16)

  /// The slot of a key, or the free one where it belongs.
  private func slot(of key: UInt64) -> Int {
    var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & (slots.count - 1)
    while slots[slot].place >= 0 && slots[slot].key != key { slot = (slot + 1) & (slots.count - 1) }
    return slot
  }

  func find(_ key: UInt64) -> CycleRecord? {
    let place = slots[slot(of: key)].place
    return place < 0 ? nil : records[Int(place)]
  }

  /// Adds a cycle whose ending is new.
  mutating func add(_ record: CycleRecord, as key: UInt64) {
    if 2 * records.count >= slots.count {
      let known = slots
      slots = Array(repeating: (0, -1), count: 2 * known.count)
      for entry in known where entry.place >= 0 { slots[slot(of: entry.key)] = entry }
    }
    slots[slot(of: key)] = (key, Int32(records.count))
    records.append(record)
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
