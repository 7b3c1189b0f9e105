// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
package import Clusters
package import Numerics
package import TextKit

/// What the vault sees at one step.
package struct VaultInput {
  package var time: Int64
  package var isLast: Bool
  /// Spot price and staleness by asset.
  package var spots: [Double]
  package var isStale: [Bool]
  /// Deployable `below` clusters, frozen since they were computed.
  package var candidates: [Cluster]
  /// Rank of each asset by symbol.
  package var ranks: [Int]

  package init(
    time: Int64,
    isLast: Bool,
    spots: [Double],
    isStale: [Bool],
    candidates: [Cluster],
    ranks: [Int]
  ) {
    self.time = time
    self.isLast = isLast
    self.spots = spots
    self.isStale = isStale
    self.candidates = candidates
    self.ranks = ranks
  }
}

/// The vault: Idle → Deployed → Idle, one position at a time (seed 0, SEMANTICS B14).
///
/// Order within a step: fill and fees, deploy if idle at its start, recover, stop-loss, timeout, so
/// exit and redeployment never share a step. At the end of the path an open position is closed.
package struct VaultMachine: Sendable, Equatable {
  package private(set) var capital: Micro
  package private(set) var deployment: Deployment?
  package private(set) var cycles = 0
  private var blocked: [BlockedBin] = []

  /// A bin that a stop-loss or timeout left.
  private struct BlockedBin: Sendable, Equatable {
    var asset: Int
    var bin: Int
    var exitedAt: Int64
  }

  package init(capital: Micro) { self.capital = capital }

  /// Takes one step; returns the cycle that ended in it.
  ///
  /// * `flow`: forced selling of the position's asset at this step, micro-USD.
  package mutating func step(
    _ input: VaultInput,
    settings: VaultSettings,
    flow: (_ asset: Int) -> Int128
  ) throws(Failure) -> CycleRecord? {
    if deployment == nil {
      try deploy(input, settings)
    } else if let asset = deployment?.cluster.asset {
      try deployment?.move(
        to: input.spots[asset],
        flow: flow(asset),
        flowShare: settings.flowShare
      )
    }
    guard let reason = exitReason(input, settings), let position = deployment else { return nil }
    let spot = input.spots[position.cluster.asset]
    let record = try close(position, at: spot, time: input.time, reason: reason, settings)
    if reason == .stopLoss || reason == .timeout {
      blocked.append(
        BlockedBin(
          asset: position.cluster.asset,
          bin: position.cluster.bin,
          exitedAt: input.time
        )
      )
    }
    deployment = nil
    return record
  }

  private mutating func deploy(_ input: VaultInput, _ settings: VaultSettings) throws(Failure) {
    let amount = min(settings.deploy, capital)
    guard amount > 0, amount >= settings.minDeploy, !input.candidates.isEmpty else { return }
    blocked.removeAll { input.time - $0.exitedAt >= settings.sameBinCooldownMilliseconds }
    var best: (key: (Double, Int128, Int, Double), cluster: Cluster)?
    for cluster in input.candidates where !input.isStale[cluster.asset] {
      let spot = input.spots[cluster.asset]
      guard cluster.high <= spot, spot <= cluster.high * (1 + settings.approach),
        !blocked.contains(where: { $0.asset == cluster.asset && $0.bin == cluster.bin })
      else { continue }
      let distance = Cluster.distance(
        spot: spot,
        low: cluster.low,
        high: cluster.high,
        direction: .below
      )
      let key = (distance, -cluster.forcedSize, input.ranks[cluster.asset], cluster.low)
      if let best, best.key <= key { continue }
      best = (key, cluster)
    }
    guard let cluster = best?.cluster else { return }
    deployment = try Deployment(
      cluster,
      amount: amount,
      time: input.time,
      spot: input.spots[cluster.asset]
    )
    cycles += 1
  }

  private mutating func exitReason(_ input: VaultInput, _ settings: VaultSettings) -> ExitReason? {
    guard let position = deployment else { return nil }
    let asset = position.cluster.asset
    let spot = input.spots[asset]
    let elapsed = input.time - position.deployedAt
    if !input.isStale[asset], position.lowest < position.cluster.high,
      spot >= position.deployPrice * (1 + settings.recoverBPS / 10_000)
    {
      return .recover
    }
    if spot <= position.deployPrice * (1 - settings.stopLoss) {
      let since = position.stopSince ?? input.time
      deployment?.stopSince = since
      if input.time >= since + settings.crankDelayMilliseconds { return .stopLoss }
    }
    if elapsed >= settings.timeoutMilliseconds + settings.crankDelayMilliseconds {
      return .timeout
    }
    return input.isLast ? .end : nil
  }

  /// Settles a cycle in both inventories; the selected one moves the capital.
  private mutating func close(
    _ position: Deployment,
    at spot: Double,
    time: Int64,
    reason: ExitReason,
    _ settings: VaultSettings
  ) throws(Failure) -> CycleRecord {
    let isStop = reason == .stopLoss
    let exitPrice = isStop ? spot * (1 - settings.exitSlippageBPS / 10_000) : spot
    let base = position.baseBought
    let filled = position.filledShare
    let held = try CycleResult(
      proceeds: try micro(base * exitPrice),
      spent: try micro(usd(position.amount) * filled),
      traded: nil,
      settings
    )
    let rest = try position.holdings(at: spot)
    let amm = try CycleResult(
      proceeds: try sum(try micro(rest.base * exitPrice), rest.quote),
      spent: position.amount,
      traded: position.tradedAMM,
      settings
    )
    let selected = settings.isAMM ? amm : held
    capital = try sum(capital, selected.pnl)
    let gap = max(0, position.deployPrice * (1 - settings.stopLoss) - exitPrice)
    return CycleRecord(
      asset: position.cluster.asset,
      cycle: cycles,
      clusterLow: position.cluster.low,
      clusterHigh: position.cluster.high,
      forcedSize: position.cluster.forcedSize,
      confidence: position.cluster.confidence,
      deployedAt: position.deployedAt,
      deployPrice: position.deployPrice,
      deployed: position.amount,
      filledShare: filled,
      lowestPrice: position.lowest,
      exitedAt: time,
      reason: reason,
      exitPrice: exitPrice,
      baseBought: base,
      quoteSpent: held.spent,
      fees: selected.fees,
      performanceFee: selected.performanceFee,
      costs: settings.cycleCost,
      gapLoss: try micro(base * gap),
      pnl: selected.pnl,
      pnlHeld: held.pnl,
      pnlAMM: amm.pnl,
      spent: selected.spent,
      proceeds: selected.proceeds
    )
  }
}

/// Profit and loss of one cycle in one inventory, micro-USD.
///
///     gross = proceeds − spent + fees − cost        pnl = gross − rint(rate · max(0, gross))
private struct CycleResult {
  let proceeds: Micro
  let spent: Micro
  let fees: Micro
  let performanceFee: Micro
  let pnl: Micro

  /// `traded` is what earned fees; nil means the quote spent.
  init(
    proceeds: Micro,
    spent: Micro,
    traded: Int128?,
    _ settings: VaultSettings
  ) throws(Failure) {
    self.proceeds = proceeds
    self.spent = spent
    guard let volume = Micro(exactly: traded ?? Int128(spent)) else {
      throw amountTooLarge(nearestDouble(traded ?? 0) / 1e6)
    }
    fees = try share(settings.feeBPS / 10_000, of: volume)
    let gross = try sum(proceeds, -spent, fees, -settings.cycleCost)
    performanceFee = try share(settings.performanceFee, of: max(0, gross))
    pnl = gross - performanceFee
  }
}
