// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Clusters
package import Numerics
internal import Settings
internal import TextKit

/// What the vault can have known, and how it comes to a position (DESIGN 6.1).
package struct VaultEntrySettings: Sendable, Hashable {
  /// Whether the vault waits for forced flow instead of standing there before it.
  package var isReactive: Bool
  /// Forced selling in one step that lets a reactive vault deploy.
  package var reactiveFlow: Micro
  /// Age of the prices that the monitor decides by.
  package var priceAgeMilliseconds: Int64
  /// Time from the decision to the deployment.
  package var delayMilliseconds: Int64
  /// Probability that the bundle of a deployment lands.
  package var landingProbability: Double

  init(_ settings: SettingsView) throws(Failure) {
    isReactive = settings.word(.vaultEntry) == "reactive"
    reactiveFlow = try micro(settings[.vaultReactiveFlow])
    priceAgeMilliseconds = settings.milliseconds(.monitorPriceAge)
    delayMilliseconds = settings.milliseconds(.vaultDeployDelay)
    landingProbability = settings[.vaultLanding]
  }

  /// Whether a decision is a deployment in the same step.
  package var isPlain: Bool {
    !isReactive && priceAgeMilliseconds == 0 && delayMilliseconds == 0 && landingProbability == 1
  }
}

/// A deployment that was decided and has not landed.
package struct PendingEntry: Sendable, Equatable {
  package var cluster: Cluster
  package var landsAt: Int64

  /// What becomes of a bundle.
  package enum Fate: Sendable, Equatable {
    case waits
    case lands
    /// It did not land, or the range would not be quote only any more.
    case missed
  }

  /// What becomes of it at a step; pure.
  ///
  /// * `spot`: price of its asset, NaN where it is stale.
  /// * `draw`: uniform in [0, 1), asked where the bundle would land in time.
  package func fate(
    time: Int64,
    spot: Double,
    probability: Double,
    draw: () -> Double
  ) -> Fate {
    if time < landsAt { return .waits }
    guard probability == 1 || draw() < probability else { return .missed }
    return spot >= cluster.high ? .lands : .missed
  }
}

extension VaultMachine {
  /// Decides to deploy by what the monitor knows, and deploys once the bundle lands.
  ///
  /// A bundle that is missed costs nothing; the vault decides anew at the next step.
  mutating func enter(
    _ input: VaultInput,
    _ settings: VaultSettings,
    flow: (_ asset: Int) -> Int128
  ) throws(Failure) {
    let entry = settings.entry
    let amount = min(settings.deploy, capital)
    if pending == nil, amount > 0, amount >= settings.minDeploy {
      dropBlocks(at: input.time, settings)
      let found = VaultMachine.choice(
        of: input.candidates,
        ranks: input.ranks,
        approach: settings.approach
      ) { asset in
        entry.isReactive && flow(asset) < Int128(max(1, entry.reactiveFlow))
          ? .nan : input.known(asset)
      } isBlocked: {
        isBlocked($0)
      }
      pending = found.map {
        PendingEntry(cluster: $0, landsAt: input.time + entry.delayMilliseconds)
      }
    }
    guard let order = pending else { return }
    let asset = order.cluster.asset
    let number = attempts
    let fate = order.fate(
      time: input.time,
      spot: input.isStale[asset] ? .nan : input.spots[asset],
      probability: entry.landingProbability
    ) {
      input.landing?.uniforms(index: UInt32(truncatingIfNeeded: number), block: 0).0 ?? 0
    }
    guard fate != .waits else { return }
    pending = nil
    attempts += 1
    if fate == .lands, amount > 0 {
      try open(order.cluster, amount: amount, input)
    } else {
      missed += 1
    }
  }
}

/// Prices as they were some time ago, NaN where there were none or they were stale.
package struct PriceMemory: Sendable {
  private let age: Int64
  private var entries: [(time: Int64, prices: [Double])] = []
  private var next = 0
  private var known: [Double]

  package init(ageMilliseconds: Int64, assetCount: Int) {
    age = ageMilliseconds
    known = Array(repeating: .nan, count: assetCount)
  }

  /// Remembers the prices of a step; returns the newest that are old enough.
  package mutating func see(time: Int64, _ prices: [Double], isStale: [Bool]) -> [Double] {
    var seen = prices
    for asset in seen.indices where isStale[asset] { seen[asset] = .nan }
    entries.append((time, seen))
    while next < entries.count, entries[next].time <= time - age {
      known = entries[next].prices
      next += 1
    }
    if next > 4_096 {
      entries.removeFirst(next)
      next = 0
    }
    return known
  }
}
