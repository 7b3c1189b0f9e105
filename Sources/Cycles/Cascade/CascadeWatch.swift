// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Clusters
internal import Numerics

/// Prices of one asset under an impact.
enum CascadeMark {
  /// Mark and oracle price, as `CascadeStage` makes them.
  @inline(__always)
  static func prices(
    _ external: Double,
    _ impact: Double,
    _ settings: CascadeSettings
  ) -> (mark: Double, oracle: Double) {
    if impact == 0 { return (external, external) }
    let mark = external * CascadeImpact.factor(impact)
    let share = settings.oraclePassthrough
    // The same factor where the whole impact reaches the oracle.
    return (mark, share == 1 ? mark : external * CascadeImpact.factor(share * impact))
  }

  /// Two to the power of a number up to a few units of 1e-12, without a division.
  @inline(__always)
  static func nearlyExp2(_ x: Double) -> Double {
    if x < -1000 { return 0 }
    let whole = (x + 0x1.8p52) - 0x1.8p52
    let y = (x - whole) * 0.693147180559945309
    var sum = 1 + y * 0.1
    sum = 1 + y * 0.1111111111111111 * sum
    sum = 1 + y * 0.125 * sum
    sum = 1 + y * 0.14285714285714285 * sum
    sum = 1 + y * 0.16666666666666666 * sum
    sum = 1 + y * 0.2 * sum
    sum = 1 + y * 0.25 * sum
    sum = 1 + y * 0.3333333333333333 * sum
    sum = 1 + y * 0.5 * sum
    sum = 1 + y * sum
    return sum * Double(bitPattern: UInt64(1023 + Int(whole)) << 52)
  }

  /// e to the power of a number, likewise.
  @inline(__always)
  static func nearlyExp(_ x: Double) -> Double { nearlyExp2(x * 1.44269504088896341) }
}

/// The prices of one asset between which a step needs no look.
struct QuietPrices {
  /// An oracle price below `oracleLow` or above `oracleHigh` takes an account.
  var oracleLow = -Double.infinity
  var oracleHigh = Double.infinity
  /// A mark at or below `markLow` or at or above `markHigh` may move the vault.
  var markLow = -Double.infinity
  var markHigh = Double.infinity
}

extension CascadeRun {
  /// The next step that may change something, the number of steps after the last.
  func nextStep(after step: Int) -> Int {
    let last = times.count - 1
    if step >= last { return times.count }
    var end = last
    if let clock = clock(at: times[step]) { end = min(end, max(step + 1, firstStep(at: clock))) }
    let isIdle = vault.deployment == nil
    let canDeploy = min(settings.deploy, vault.capital) >= max(1, settings.minDeploy)
    if isIdle, canDeploy, standing != below, nextRefresh < refreshes.count {
      end = min(end, max(step, refreshes[nextRefresh]) + 1)
    }
    for place in columns.indices where end > step + 1 {
      var quiet = QuietPrices()
      if below[place] < ground.below[place].levels.count {
        quiet.oracleLow = ground.below[place].levels[below[place]]
      }
      if above[place] < ground.above[place].levels.count {
        quiet.oracleHigh = ground.above[place].levels[above[place]]
      }
      if !isIdle {
        holdStill(place, time: times[step], &quiet)
      } else if canDeploy {
        stayIdle(place, time: times[step], &quiet)
      }
      end = first(place, quiet, from: step + 1, before: end) ?? end
    }
    return end
  }

  /// The first step at or after a time.
  private func firstStep(at time: Int64) -> Int {
    var (low, high) = (0, times.count)
    while low < high {
      let middle = (low + high) / 2
      if times[middle] < time { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The next time at which the vault may act whatever the price.
  private func clock(at time: Int64) -> Int64? {
    guard let position = vault.deployment else { return vault.nextUnblock(after: time, settings) }
    let timeout =
      position.deployedAt + settings.timeoutMilliseconds + settings.crankDelayMilliseconds
    guard let since = position.stopSince else { return timeout }
    let stop = since + settings.crankDelayMilliseconds
    return stop > time ? min(stop, timeout) : timeout
  }

  /// The marks between which a deployed vault's position and clocks stay as they are.
  private func holdStill(_ place: Int, time: Int64, _ quiet: inout QuietPrices) {
    guard let position = vault.deployment, position.cluster.asset == ground.assets[place] else {
      return
    }
    let (low, high, mark) = (position.cluster.low, position.cluster.high, marks[place])
    if mark > high {
      quiet.markLow = high
      if position.lowest < high {
        quiet.markHigh = position.deployPrice * (1 + settings.recoverBPS / 10_000)
      }
    } else if mark < low {
      quiet.markHigh = low
      let waits = position.stopSince.map { $0 + settings.crankDelayMilliseconds > time } ?? false
      if !waits { quiet.markLow = position.deployPrice * (1 - settings.stopLoss) }
    } else {
      quiet.markLow = .infinity
    }
  }

  /// The marks between which an idle vault finds no cluster.
  private func stayIdle(_ place: Int, time: Int64, _ quiet: inout QuietPrices) {
    let clusters = ground.clusters[place]
    func isFree(_ bin: Int) -> Bool {
      guard let cluster = clusters.cluster(bin, fallen: standing[place]) else { return false }
      return !vault.avoids(cluster, at: time, settings)
    }
    let middle = clusters.count(below: marks[place])
    if let bin = (0..<middle).last(where: isFree) {
      quiet.markLow = clusters.highs[bin] * (1 + settings.approach)
    }
    if let bin = (middle..<clusters.highs.count).first(where: isFree) {
      quiet.markHigh = clusters.highs[bin]
    }
  }

  /// The first step of a range at which prices may leave the quiet ones, nil for none.
  ///
  /// Blocks are passed over by bounds of their prices and of the impact, which only fades; bounds
  /// leave a billionth, far more than their rounding. A step that is looked at in vain changes
  /// nothing.
  private func first(
    _ place: Int,
    _ quiet: QuietPrices,
    from start: Int,
    before end: Int
  ) -> Int? {
    let column = columns[place]
    let impact = impacts[place]
    func bare(_ step: Int) -> Int? {
      column.first(
        outside: max(quiet.oracleLow, quiet.markLow.nextUp),
        min(quiet.oracleHigh, quiet.markHigh.nextDown),
        from: step,
        before: end
      )
    }
    if quiet.markLow == .infinity { return start }
    if impact.amount == 0 { return bare(start) }
    var step = start
    while step < end {
      let stop = min(end, (step | 15) + 1)
      let from = nearly(impact, at: times[step])
      if from.magnitude < CascadeImpact.smallest * 0.999 { return bare(step) }
      let to = nearly(impact, at: times[stop - 1])
      let prices = column.extremes(ofBlock: step >> 4)
      if isQuiet(prices, from, to, quiet) {
        step = stop
        continue
      }
      while step < stop {
        let own = nearly(impact, at: times[step])
        let price = column.values[step]
        if !isQuiet((price, price), own, own, quiet) { return step }
        step += 1
      }
    }
    return nil
  }

  @inline(__always)
  private func nearly(_ impact: CascadeImpact, at time: Int64) -> Double {
    let halves = Double(time - impact.updatedAt) * 0.001 / cascade.halfLifeSeconds
    return impact.amount * CascadeMark.nearlyExp2(-halves)
  }

  /// Whether prices between two bounds under impacts between two others are surely quiet.
  @inline(__always)
  private func isQuiet(
    _ prices: (low: Double, high: Double),
    _ from: Double,
    _ to: Double,
    _ quiet: QuietPrices
  ) -> Bool {
    // An impact near the smallest may be none.
    let to = to.magnitude < CascadeImpact.smallest * 1.001 ? 0 : to
    let (most, least) = from > to ? (from, to) : (to, from)
    let share = cascade.oraclePassthrough
    let (below, above) = (1 - 1e-9, 1 + 1e-9)
    let lowMark = prices.low * CascadeMark.nearlyExp(-most) * below
    let highMark = prices.high * CascadeMark.nearlyExp(-least) * above
    if lowMark <= quiet.markLow || highMark >= quiet.markHigh { return false }
    let low = prices.low * CascadeMark.nearlyExp(-share * most) * below
    let high = prices.high * CascadeMark.nearlyExp(-share * least) * above
    return low >= quiet.oracleLow && high <= quiet.oracleHigh
  }
}
