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
  /// Prices that the monitor knows, NaN for none; nil when it knows those of the step.
  package var seen: [Double]?
  /// Draws of whether a bundle lands, by attempt.
  package var landing: Philox?

  package init(
    time: Int64,
    isLast: Bool,
    spots: [Double],
    isStale: [Bool],
    candidates: [Cluster],
    ranks: [Int],
    seen: [Double]? = nil,
    landing: Philox? = nil
  ) {
    self.time = time
    self.isLast = isLast
    self.spots = spots
    self.isStale = isStale
    self.candidates = candidates
    self.ranks = ranks
    self.seen = seen
    self.landing = landing
  }

  /// The price that the monitor decides by, NaN where there is none.
  func known(_ asset: Int) -> Double {
    isStale[asset] ? .nan : seen?[asset] ?? spots[asset]
  }
}

/// The vault: Idle → Deployed → Idle, one position at a time (seed 0, SEMANTICS B14).
///
/// Order within a step: fill and fees, deploy if idle at its start, recover, stop-loss, timeout, so
/// exit and redeployment never share a step. At the end of the path an open position is closed.
package struct VaultMachine: Sendable, Equatable {
  package private(set) var capital: Micro
  /// The open position, or the last one: an optional of this size is copied whenever it is touched.
  private(set) var position = Deployment.nothing
  private(set) var isDeployed = false
  package var deployment: Deployment? { isDeployed ? position : nil }
  package private(set) var cycles = 0
  private var blocked: [BlockedBin] = []
  /// A deployment on its way, how many were tried, and how many of them did not come to be.
  package internal(set) var pending: PendingEntry?
  package internal(set) var attempts = 0
  package internal(set) var missed = 0

  /// A bin that a stop-loss or timeout left.
  struct BlockedBin: Sendable, Equatable {
    var asset: Int
    var bin: Int
    var exitedAt: Int64

    /// Whether the vault still stays away from it.
    func holds(at time: Int64, _ settings: VaultSettings) -> Bool {
      time - exitedAt < settings.sameBinCooldownMilliseconds
    }
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
    if !isDeployed {
      if settings.entry.isPlain {
        try deploy(input, settings)
      } else {
        try enter(input, settings, flow: flow)
      }
    } else {
      let asset = position.cluster.asset
      try position.move(
        to: input.spots[asset],
        flow: { flow(asset) },
        flowShare: settings.flowShare
      )
    }
    guard let reason = exitReason(input, settings) else { return nil }
    let spot = input.spots[position.cluster.asset]
    let record = try position.settled(
      cycle: cycles,
      at: spot,
      time: input.time,
      reason: reason,
      settings
    )
    capital = try sum(capital, record.pnl)
    if reason == .stopLoss || reason == .timeout {
      blocked.append(
        BlockedBin(
          asset: position.cluster.asset,
          bin: position.cluster.bin,
          exitedAt: input.time
        )
      )
    }
    isDeployed = false
    return record
  }

  private mutating func deploy(_ input: VaultInput, _ settings: VaultSettings) throws(Failure) {
    let amount = min(settings.deploy, capital)
    guard amount > 0, amount >= settings.minDeploy, !input.candidates.isEmpty else { return }
    dropBlocks(at: input.time, settings)
    let found = VaultMachine.choice(
      of: input.candidates,
      ranks: input.ranks,
      approach: settings.approach
    ) {
      input.isStale[$0] ? .nan : input.spots[$0]
    } isBlocked: {
      isBlocked($0)
    }
    if let found { try open(found, amount: amount, input) }
  }

  /// Forgets the bins that may be used again.
  mutating func dropBlocks(at time: Int64, _ settings: VaultSettings) {
    blocked.removeAll { !$0.holds(at: time, settings) }
  }

  /// Whether the vault stays away from a cluster's bin.
  func isBlocked(_ cluster: Cluster) -> Bool {
    blocked.contains { $0.asset == cluster.asset && $0.bin == cluster.bin }
  }

  /// Whether there may be bins that the vault stays away from.
  var avoidsAny: Bool { !blocked.isEmpty }

  /// Whether the vault stays away from a cluster's bin at a time.
  func avoids(_ cluster: Cluster, at time: Int64, _ settings: VaultSettings) -> Bool {
    blocked.contains {
      $0.asset == cluster.asset && $0.bin == cluster.bin && $0.holds(at: time, settings)
    }
  }

  /// The next time at which a bin may be used again, nil where none is avoided.
  func nextUnblock(after time: Int64, _ settings: VaultSettings) -> Int64? {
    blocked.lazy.map { $0.exitedAt + settings.sameBinCooldownMilliseconds }.filter { $0 > time }
      .min()
  }

  /// Deploys at a cluster.
  mutating func open(_ cluster: Cluster, amount: Micro, _ input: VaultInput) throws(Failure) {
    position = try Deployment(
      cluster,
      amount: amount,
      time: input.time,
      spot: input.spots[cluster.asset]
    )
    isDeployed = true
    cycles += 1
  }

  /// The cluster at which an idle vault deploys: the nearest below spot, then the larger forced
  /// size, then the asset's rank, then the lower bin (SEMANTICS B14).
  ///
  /// * `spot`: price of an asset, NaN where it is stale.
  static func choice(
    of candidates: [Cluster],
    ranks: [Int],
    approach: Double,
    spot: (Int) -> Double,
    isBlocked: (Cluster) -> Bool
  ) -> Cluster? {
    var best: (key: (Double, Int128, Int, Double), cluster: Cluster)?
    for cluster in candidates {
      let spot = spot(cluster.asset)
      guard cluster.isApproached(by: spot, approach), !isBlocked(cluster) else { continue }
      let distance = Cluster.distance(
        spot: spot,
        low: cluster.low,
        high: cluster.high,
        direction: .below
      )
      let key = (distance, -cluster.forcedSize, ranks[cluster.asset], cluster.low)
      if let best, best.key <= key { continue }
      best = (key, cluster)
    }
    return best?.cluster
  }

  private mutating func exitReason(_ input: VaultInput, _ settings: VaultSettings) -> ExitReason? {
    guard isDeployed else { return nil }
    let asset = position.cluster.asset
    let spot = input.spots[asset]
    let signs = position.exitSigns(
      spot,
      time: input.time,
      seen: input.isStale[asset] ? nil : input.seen?[asset] ?? spot,
      settings
    )
    if signs.contains(.isFilled), position.filledSince == nil {
      position.filledSince = input.time
    }
    if signs.contains(.recovers) { return .recover }
    if signs.contains(.stops), position.stopSince == nil { position.stopSince = input.time }
    if signs.contains(.isCranked) { return .stopLoss }
    if signs.contains(.isOver) { return .timeout }
    return input.isLast ? .end : nil
  }
}
