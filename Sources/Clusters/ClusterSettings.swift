// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Numerics
package import Settings
package import TextKit

/// The settings that the clusters read.
package struct ClusterSettings: Sendable, Hashable {
  package var binBPS: Double
  package var refreshMilliseconds: Int64
  package var readLagSlots: Double
  package var approach: Double
  package var minSize: Micro
  package var minConfidence: Double
  package var halfLifeSlots: Double
  package var stay: Double
  package var sigmas: Double
  package var usesFreshness: Bool
  package var usesCross: Bool
  package var usesOracle: Bool

  package init(_ settings: SettingsView) throws(Failure) {
    binBPS = settings[.clustersBinBPS]
    refreshMilliseconds = settings.milliseconds(.clustersRefresh)
    readLagSlots = settings[.clustersReadLag]
    approach = settings[.clustersApproach]
    minSize = try micro(settings[.clustersMinSize])
    minConfidence = settings[.clustersMinConfidence]
    halfLifeSlots = settings[.clustersHalfLife]
    stay = settings[.clustersStay]
    sigmas = settings[.clustersSigmas]
    usesFreshness = settings.isOn(.clustersUseFreshness)
    usesCross = settings.isOn(.clustersUseCross)
    usesOracle = settings.isOn(.clustersUseOracle)
  }

  /// What is left of the knowledge about an account, `0.5^(age / half_life)`.
  ///
  /// * `age`: slots since the account was read, nil when not known (factor 1).
  package func freshness(age: Double?) -> Double {
    guard usesFreshness, let age else { return 1 }
    return ExactMath.exp2(-(age / halfLifeSlots))
  }

  /// The probability that a rung fires, in 1/65,536: `rint(((stay · fresh) · cross) · 65536)`.
  ///
  /// * `freshness`: of the account, see `freshness(age:)`.
  /// * `cross`: share of the account's exposure that is this asset's.
  package func weight(freshness: Double, cross: Double) -> Int64 {
    let probability = (stay * freshness) * (usesCross ? cross : 1)
    return Int64((probability * 65536).rounded(.toNearestOrEven))
  }
}
