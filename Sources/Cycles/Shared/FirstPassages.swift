// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Clusters
internal import Numerics
internal import TextKit

/// First passages of one deployment's exit levels, each found once.
struct FirstPassages {
  private let position: Deployment
  private let column: PriceColumn
  private let fresh: PriceColumn
  private let track: OracleTrack
  private let start: Int
  private let fill: Int
  private var recovers: [Double: Int] = [:]
  private var stops: [StopLevel: Passage] = [:]
  private var timeouts: [Int64: Int] = [:]

  private struct StopLevel: Hashable {
    var share: Double
    var delay: Int64
  }

  /// Where a stop-loss holds for the first time, and where anyone may crank it; the number of steps
  /// for nowhere.
  struct Passage {
    var first: Int
    var exit: Int
  }

  init(_ position: Deployment, at step: Int, _ column: PriceColumn, _ track: OracleTrack) {
    self.position = position
    self.column = column
    self.track = track
    fresh = track.fresh[position.cluster.asset] ?? column
    start = step
    fill =
      column.first(
        outside: position.cluster.high,
        .infinity,
        from: step,
        before: column.count
      ) ?? column.count
  }

  /// Step and reason of the exit under some settings: recover, stop-loss, timeout, end.
  mutating func exit(_ settings: VaultSettings) -> (step: Int, reason: ExitReason) {
    var best = (step: column.count - 1, reason: ExitReason.end)
    let timeout = timeout(settings)
    if timeout <= best.step { best = (timeout, .timeout) }
    let stop = stop(settings).exit
    if stop <= best.step { best = (stop, .stopLoss) }
    let recover = recover(settings)
    if recover <= best.step { best = (recover, .recover) }
    return best
  }

  private mutating func timeout(_ settings: VaultSettings) -> Int {
    let wait = settings.timeoutMilliseconds + settings.crankDelayMilliseconds
    if let known = timeouts[wait] { return known }
    let step = max(start, track.step(atOrAfter: position.deployedAt + wait))
    timeouts[wait] = step
    return step
  }

  /// When the stop-loss of some settings is met.
  mutating func stop(_ settings: VaultSettings) -> Passage {
    let key = StopLevel(share: settings.stopLoss, delay: settings.crankDelayMilliseconds)
    if let known = stops[key] { return known }
    let level = (position.deployPrice * (1 - settings.stopLoss)).nextUp
    func next(from step: Int) -> Int {
      column.first(outside: level, .infinity, from: step, before: column.count) ?? column.count
    }
    let first = next(from: start)
    var passage = Passage(first: first, exit: first)
    if first < column.count, settings.crankDelayMilliseconds > 0 {
      let crank = track.step(atOrAfter: track.times[first] + settings.crankDelayMilliseconds)
      passage.exit = next(from: max(first, crank))
    }
    stops[key] = passage
    return passage
  }

  private mutating func recover(_ settings: VaultSettings) -> Int {
    if let known = recovers[settings.recoverBPS] { return known }
    let level = (position.deployPrice * (1 + settings.recoverBPS / 10_000)).nextDown
    let step =
      fresh.first(outside: -.infinity, level, from: fill, before: fresh.count) ?? fresh.count
    recovers[settings.recoverBPS] = step
    return step
  }
}

extension Deployment {
  /// Lives through the steps up to one, those above the range at once.
  mutating func move(
    from at: inout Int,
    to end: Int,
    _ column: PriceColumn,
    _ flow: FlowMemory,
    flowShare: Double
  ) throws(Failure) {
    let cluster = cluster
    while at < end {
      if column.values[at] > cluster.high {
        // The next step at which the range is touched.
        let touched = column.first(
          outside: cluster.high.nextUp,
          .infinity,
          from: at + 1,
          before: end + 1
        )
        let last = (touched ?? end + 1) - 1
        if last > at {
          pass(to: column.values[last])
          at = last
          continue
        }
      }
      at += 1
      let step = at
      try move(
        to: column.values[step],
        flow: { () throws(Failure) in try flow.amount(asset: cluster.asset, at: step) },
        flowShare: flowShare
      )
    }
  }
}
