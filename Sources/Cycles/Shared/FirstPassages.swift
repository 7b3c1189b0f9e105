// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Clusters

/// First passages of one deployment's exit levels, each found once.
struct FirstPassages {
  private let position: Deployment
  private let column: PriceColumn
  private let fresh: PriceColumn
  private let track: OracleTrack
  private let start: Int
  private let fill: Int
  private var recovers: [Double: Int] = [:]
  private var stops: [StopLevel: Int] = [:]
  private var timeouts: [Int64: Int] = [:]

  private struct StopLevel: Hashable {
    var share: Double
    var delay: Int64
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
    let stop = stop(settings)
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

  private mutating func stop(_ settings: VaultSettings) -> Int {
    let key = StopLevel(share: settings.stopLoss, delay: settings.crankDelayMilliseconds)
    if let known = stops[key] { return known }
    let level = (position.deployPrice * (1 - settings.stopLoss)).nextUp
    var step = column.first(outside: level, .infinity, from: start, before: column.count)
    if let first = step, settings.crankDelayMilliseconds > 0 {
      let crank = track.step(atOrAfter: track.times[first] + settings.crankDelayMilliseconds)
      step = column.first(outside: level, .infinity, from: max(first, crank), before: column.count)
    }
    stops[key] = step ?? column.count
    return step ?? column.count
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
