// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Clusters
import Cycles
import Numerics
import TextKit

/// The rule of the vault (SEMANTICS B14) said again from its text, with nothing carried on.
///
/// Everything about a position is worked out anew from the prices since its deployment.
struct PlainVault {
  /// One seen price.
  struct Moment {
    var time: Int64
    var spot: Double
    var flow: Double
  }

  struct Exit {
    var bin: Int
    var time: Int64
  }

  let values: [String: Double]
  var capital: Micro
  var position: (cluster: Cluster, amount: Micro, seen: [Moment])?
  var exits: [Exit] = []

  init(_ values: [String: Double]) throws {
    self.values = [
      "vault.capital_usd": 10_000_000, "vault.deploy_usd": 1_000_000, "vault.approach": 0.02,
      "vault.stop_loss": 0.05, "vault.recover_bps": 100, "vault.timeout_s": 1800,
      "vault.crank_delay_s": 0, "vault.exit_slippage_bps": 0, "vault.cycle_cost_usd": 0,
      "vault.same_bin_cooldown_s": 1800, "vault.fee_bps": 25, "vault.performance_fee": 0.2,
      "vault.inventory": 0, "market.depth_usd_per_pct": 8_000_000,
    ].with(values)
    capital = try micro(self.values["vault.capital_usd"] ?? 0)
  }

  func value(_ name: String) -> Double { values["vault." + name] ?? .nan }

  func milliseconds(_ name: String) -> Int64 { Int64((value(name) * 1000).rounded()) }

  /// One step; returns the columns of the cycle that ended.
  mutating func step(
    time: Int64,
    spot: Double,
    flow: Double,
    isLast: Bool,
    clusters: [Cluster]
  ) throws -> PlainCycle? {
    let moment = Moment(time: time, spot: spot, flow: flow)
    if position == nil {
      let open = clusters.filter { cluster in
        cluster.high <= spot && spot <= cluster.high * (1 + value("approach"))
          && !exits.contains {
            $0.bin == cluster.bin && time - $0.time < milliseconds("same_bin_cooldown_s")
          }
      }
      let amount = min(try micro(value("deploy_usd")), capital)
      let nearest = open.max { $0.high < $1.high }
      if let nearest, amount > 0 { position = (nearest, amount, [moment]) }
    } else {
      position?.seen.append(moment)
    }
    guard let (cluster, amount, seen) = position, let reason = reason(cluster, seen, isLast) else {
      return nil
    }
    let cycle = try settle(cluster, amount, seen, reason)
    capital += cycle.pnl
    if reason == .stopLoss || reason == .timeout {
      exits.append(Exit(bin: cluster.bin, time: time))
    }
    position = nil
    return cycle
  }

  func reason(_ cluster: Cluster, _ seen: [Moment], _ isLast: Bool) -> ExitReason? {
    let now = seen[seen.count - 1]
    let price = (cluster.low * cluster.high).squareRoot()
    let lowest = seen.map(\.spot).min() ?? now.spot
    if lowest < cluster.high, now.spot >= price * (1 + value("recover_bps") / 10_000) {
      return .recover
    }
    let stop = price * (1 - value("stop_loss"))
    let delay = milliseconds("crank_delay_s")
    if now.spot <= stop, let first = seen.first(where: { $0.spot <= stop }),
      now.time >= first.time + delay
    {
      return .stopLoss
    }
    if now.time - seen[0].time >= milliseconds("timeout_s") + delay { return .timeout }
    return isLast ? .end : nil
  }

  func settle(
    _ cluster: Cluster,
    _ amount: Micro,
    _ seen: [Moment],
    _ reason: ExitReason
  ) throws -> PlainCycle {
    let (low, high) = (cluster.low, cluster.high)
    let clamp = { (price: Double) in min(max(price, low), high) }
    let liquidity = usd(amount) / (high.squareRoot() - low.squareRoot())
    let base = { (price: Double) in
      liquidity * (1 / price.squareRoot() - 1 / high.squareRoot())
    }
    let quote = { (price: Double) in
      try micro(liquidity * (price.squareRoot() - low.squareRoot()))
    }
    let spot = seen[seen.count - 1].spot
    let lowest = clamp(seen.map(\.spot).min() ?? spot)
    let exit = reason == .stopLoss ? spot * (1 - value("exit_slippage_bps") / 10_000) : spot
    let filled =
      (high.squareRoot() - lowest.squareRoot()) / (high.squareRoot() - low.squareRoot())
    let density = value("deploy_usd") / 0.004987541511039074
    let share = density / (density + 100 * (values["market.depth_usd_per_pct"] ?? .nan))
    var traded: Micro = 0
    for (before, now) in zip(seen, seen.dropFirst()) {
      let own = try quote(clamp(now.spot)) - quote(clamp(before.spot))
      let touches = min(before.spot, now.spot) <= high && max(before.spot, now.spot) >= low
      let forced = touches ? Micro((share * now.flow).rounded(.toNearestOrEven)) : 0
      traded += max(Micro(own.magnitude), forced)
    }
    let spent = try micro(usd(amount) * filled)
    let rest = clamp(spot)
    let held = try result(try micro(base(lowest) * exit), spent, traded: spent)
    let amm = try result(
      try micro(base(rest) * exit) + quote(rest),
      amount,
      traded: traded
    )
    let isAMM = value("inventory") == 1
    let stop = (low * high).squareRoot() * (1 - value("stop_loss"))
    return PlainCycle(
      bin: cluster.low,
      deployedAt: seen[0].time,
      exitedAt: seen[seen.count - 1].time,
      reason: reason,
      exitPrice: exit,
      filled: filled,
      base: base(lowest),
      quoteSpent: spent,
      fees: isAMM ? amm.fees : held.fees,
      performanceFee: isAMM ? amm.performanceFee : held.performanceFee,
      gapLoss: try micro(base(lowest) * max(0, stop - exit)),
      pnl: isAMM ? amm.pnl : held.pnl,
      pnlHeld: held.pnl,
      pnlAMM: amm.pnl
    )
  }

  func result(
    _ proceeds: Micro,
    _ spent: Micro,
    traded: Micro
  ) throws -> (pnl: Micro, fees: Micro, performanceFee: Micro) {
    let fees = Micro((value("fee_bps") / 10_000 * Double(traded)).rounded(.toNearestOrEven))
    let gross = proceeds - spent + fees - (try micro(value("cycle_cost_usd")))
    let performanceFee = Micro(
      (value("performance_fee") * Double(max(0, gross))).rounded(.toNearestOrEven)
    )
    return (gross - performanceFee, fees, performanceFee)
  }
}

/// The columns of a cycle that the plain rule decides.
struct PlainCycle: Equatable {
  var bin: Double
  var deployedAt: Int64
  var exitedAt: Int64
  var reason: ExitReason
  var exitPrice: Double
  var filled: Double
  var base: Double
  var quoteSpent: Micro
  var fees: Micro
  var performanceFee: Micro
  var gapLoss: Micro
  var pnl: Micro
  var pnlHeld: Micro
  var pnlAMM: Micro
}

extension PlainCycle {
  init(_ record: CycleRecord) {
    bin = record.clusterLow
    deployedAt = record.deployedAt
    exitedAt = record.exitedAt
    reason = record.reason
    exitPrice = record.exitPrice
    filled = record.filledShare
    base = record.baseBought
    quoteSpent = record.quoteSpent
    fees = record.fees
    performanceFee = record.performanceFee
    gapLoss = record.gapLoss
    pnl = record.pnl
    pnlHeld = record.pnlHeld
    pnlAMM = record.pnlAMM
  }
}
