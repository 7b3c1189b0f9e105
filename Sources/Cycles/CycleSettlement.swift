// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Clusters
package import Numerics
package import TextKit

extension VaultSettings {
  /// What an exit is made at: a stop-loss pays slippage.
  func exitPrice(_ spot: Double, _ reason: ExitReason) -> Double {
    reason == .stopLoss ? spot * (1 - exitSlippageBPS / 10_000) : spot
  }
}

extension Deployment {
  /// The cycle that ends here, in both inventories; the selected one is its P&L.
  func settled(
    cycle: Int,
    at spot: Double,
    time: Int64,
    reason: ExitReason,
    _ settings: VaultSettings
  ) throws(Failure) -> CycleRecord {
    let exitPrice = settings.exitPrice(spot, reason)
    let base = baseBought
    let filled = filledShare
    let held = try CycleResult(
      proceeds: try micro(base * exitPrice),
      spent: try micro(usd(amount) * filled),
      traded: nil,
      settings
    )
    let rest = try holdings(at: spot)
    let amm = try CycleResult(
      proceeds: try sum(try micro(rest.base * exitPrice), rest.quote),
      spent: amount,
      traded: tradedAMM,
      settings
    )
    let selected = settings.isAMM ? amm : held
    var record = CycleRecord(
      asset: cluster.asset,
      cycle: cycle,
      clusterLow: cluster.low,
      clusterHigh: cluster.high,
      forcedSize: cluster.forcedSize,
      confidence: cluster.confidence,
      deployedAt: deployedAt,
      deployPrice: deployPrice,
      deployed: amount,
      filledShare: filled,
      lowestPrice: lowest,
      exitedAt: time,
      reason: reason,
      exitPrice: exitPrice,
      baseBought: base,
      quoteSpent: held.spent,
      fees: selected.fees,
      performanceFee: selected.performanceFee,
      costs: settings.cycleCost,
      gapLoss: 0,
      pnl: selected.pnl,
      pnlHeld: held.pnl,
      pnlAMM: amm.pnl,
      spent: selected.spent,
      proceeds: selected.proceeds
    )
    record.gapLoss = try record.gapLoss(stopLoss: settings.stopLoss)
    return record
  }
}

extension CycleRecord {
  /// Loss beyond a stop-loss, micro-USD.
  func gapLoss(stopLoss: Double) throws(Failure) -> Micro {
    try micro(baseBought * max(0, deployPrice * (1 - stopLoss) - exitPrice))
  }
}

/// Profit and loss of one cycle in one inventory, micro-USD.
///
///     gross = proceeds − spent + fees − cost        pnl = gross − rint(rate · max(0, gross))
package struct CycleResult: Sendable, Equatable {
  package let proceeds: Micro
  package let spent: Micro
  package let fees: Micro
  package let performanceFee: Micro
  package let pnl: Micro

  /// `rate` is the performance fee, a share of what is gained.
  package init(
    proceeds: Micro,
    spent: Micro,
    fees: Micro,
    cost: Micro,
    rate: Double
  ) throws(Failure) {
    (self.proceeds, self.spent, self.fees) = (proceeds, spent, fees)
    let gross = try sum(proceeds, -spent, fees, -cost)
    performanceFee = try share(rate, of: max(0, gross))
    pnl = gross - performanceFee
  }

  /// `traded` is what earned fees; nil means the quote spent.
  init(
    proceeds: Micro,
    spent: Micro,
    traded: Int128?,
    _ settings: VaultSettings
  ) throws(Failure) {
    guard let volume = Micro(exactly: traded ?? Int128(spent)) else {
      throw amountTooLarge(nearestDouble(traded ?? 0) / 1e6)
    }
    try self.init(
      proceeds: proceeds,
      spent: spent,
      fees: try share(settings.feeBPS / 10_000, of: volume),
      cost: settings.cycleCost,
      rate: settings.performanceFee
    )
  }
}
