// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Clusters
internal import Numerics

/// The prices of one asset between which a step needs no look, as logarithms.
struct QuietPrices {
  /// An oracle price below `oracleLow` or above `oracleHigh` takes an account.
  var oracleLow = -Double.infinity
  var oracleHigh = Double.infinity
  /// A mark at or below `markLow` or at or above `markHigh` may move the vault.
  var markLow = -Double.infinity
  var markHigh = Double.infinity

  /// Far more than logarithms and impacts are off.
  ///
  /// A step that is looked at in vain changes nothing.
  static let slack = 1e-9

  /// Whether prices between two bounds are surely quiet under impacts between two others.
  ///
  /// * `share`: of the impact that reaches the oracle.
  @inline(__always)
  func holds(_ low: Double, _ high: Double, _ from: Double, _ to: Double, _ share: Double) -> Bool {
    let (most, least) = from > to ? (from, to) : (to, from)
    let (low, high) = (low - QuietPrices.slack, high + QuietPrices.slack)
    return low - most > markLow && high - least < markHigh
      && low - share * most >= oracleLow && high - share * least <= oracleHigh
  }
}

extension CascadeWalk {
  /// The next step that may change something, the number of steps after the last.
  func nextStep(after step: Int) -> Int {
    let times = path.times
    let last = times.count - 1
    if step >= last { return times.count }
    var end = last
    if let clock = clock(at: times[step]) { end = min(end, max(step + 1, firstStep(at: clock))) }
    let isIdle = !vault.isDeployed
    let canDeploy = min(settings.deploy, vault.capital) >= max(1, settings.minDeploy)
    if isIdle, canDeploy, nextRefresh < path.refreshes.count,
      assets.contains(where: { $0.standing != $0.below })
    {
      end = min(end, max(step, path.refreshes[nextRefresh]) + 1)
    }
    for place in assets.indices where end > step + 1 {
      let (below, above) = (path.ground.below[place], path.ground.above[place])
      var quiet = QuietPrices()
      if assets[place].below < below.logs.count {
        quiet.oracleLow = below.logs[assets[place].below]
      }
      if assets[place].above < above.logs.count {
        quiet.oracleHigh = above.logs[assets[place].above]
      }
      if !isIdle {
        holdStill(place, time: times[step], &quiet)
      } else if canDeploy {
        stayIdle(place, time: times[step], &quiet)
      }
      end = first(place, quiet, from: step + 1, before: end)
    }
    return end
  }

  /// The first step at or after a time.
  private func firstStep(at time: Int64) -> Int {
    let times = path.times
    var (low, high) = (0, times.count)
    while low < high {
      let middle = (low + high) / 2
      if times[middle] < time { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The next time at which the vault may act whatever the price.
  private func clock(at time: Int64) -> Int64? {
    if !vault.isDeployed { return vault.nextUnblock(after: time, settings) }
    let timeout =
      vault.position.deployedAt + soonest.timeoutMilliseconds + soonest.crankDelayMilliseconds
    guard let since = vault.position.stopSince else { return timeout }
    let stop = since + soonest.crankDelayMilliseconds
    return stop > time ? min(stop, timeout) : timeout
  }

  /// The marks between which a deployed vault's position and clocks stay as they are.
  private func holdStill(_ place: Int, time: Int64, _ quiet: inout QuietPrices) {
    guard vault.position.cluster.asset == path.ground.assets[place] else { return }
    let (low, high) = (vault.position.cluster.low, vault.position.cluster.high)
    let (mark, deployPrice) = (assets[place].mark, vault.position.deployPrice)
    if mark > high {
      quiet.markLow = CascadeMark.nearlyLn(high)
      if vault.position.lowest < high {
        quiet.markHigh = CascadeMark.nearlyLn(deployPrice * (1 + soonest.recoverBPS / 10_000))
      }
    } else if mark < low {
      quiet.markHigh = CascadeMark.nearlyLn(low)
      let since = vault.position.stopSince ?? .min / 2
      if since + soonest.crankDelayMilliseconds <= time {
        quiet.markLow = CascadeMark.nearlyLn(deployPrice * (1 - soonest.stopLoss))
      }
    } else {
      quiet.markLow = .infinity
    }
  }

  /// The marks between which an idle vault finds no cluster.
  private func stayIdle(_ place: Int, time: Int64, _ quiet: inout QuietPrices) {
    let edges = path.ground.edges[place]
    let middle = path.ground.clusters[place].count(below: assets[place].mark)
    var bin = middle - 1
    while bin >= 0, !isFree(place, bin, time) { bin -= 1 }
    if bin >= 0 { quiet.markLow = edges[bin] + CascadeMark.nearlyLn(1 + settings.approach) }
    bin = middle
    while bin < edges.count, !isFree(place, bin, time) { bin += 1 }
    if bin < edges.count { quiet.markHigh = edges[bin] }
  }

  /// Whether an idle vault would deploy at a bin of an asset.
  private func isFree(_ place: Int, _ bin: Int, _ time: Int64) -> Bool {
    let fallen = assets[place].standing
    guard path.ground.clusters[place].isDeployable(bin, fallen: fallen) else { return false }
    guard vault.avoidsAny, let cluster = path.ground.clusters[place].cluster(bin, fallen: fallen)
    else { return true }
    return !vault.avoids(cluster, at: time, settings)
  }

  /// The first step of a range at which prices may leave the quiet ones, `end` for none.
  ///
  /// Blocks are passed over by bounds of their prices and of the impact, which only fades.
  private func first(_ place: Int, _ quiet: QuietPrices, from start: Int, before end: Int) -> Int {
    let logs = path.logs[place]
    let (amount, base) = (assets[place].impact.amount, assets[place].flowStep)
    let share = cascade.oraclePassthrough
    if quiet.markLow == .infinity { return start }
    var step = start
    while step < end {
      let stop = min(end, (step | 15) + 1)
      let from = amount * path.fading.nearShare(from: base, to: step)
      if from.magnitude < CascadeImpact.smallest * 0.999 {
        return bare(logs, quiet, from: step, before: end)
      }
      let to = faded(amount * path.fading.nearShare(from: base, to: stop - 1))
      let prices = logs.extremes(ofBlock: step >> 4)
      if !quiet.holds(prices.low, prices.high, from, to, share) {
        while step < stop {
          let own = amount * path.fading.nearShare(from: base, to: step)
          let price = logs.values[step]
          if !quiet.holds(price, price, own, faded(own), share) { return step }
          step += 1
        }
      }
      step = stop
    }
    return end
  }

  /// An impact near the smallest may be none.
  @inline(__always)
  private func faded(_ impact: Double) -> Double {
    impact.magnitude < CascadeImpact.smallest * 1.001 ? 0 : impact
  }

  /// The same where nothing presses the price.
  private func bare(
    _ logs: PriceColumn,
    _ quiet: QuietPrices,
    from start: Int,
    before end: Int
  ) -> Int {
    let found = logs.first(
      outside: max(quiet.oracleLow, quiet.markLow) + QuietPrices.slack,
      min(quiet.oracleHigh, quiet.markHigh) - QuietPrices.slack,
      from: start,
      before: end
    )
    return found ?? end
  }
}
