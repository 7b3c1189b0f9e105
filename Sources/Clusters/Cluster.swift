// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Liquidation

/// One price bin of one asset and direction with the size forced to trade there (seed 0).
package struct Cluster: Sendable, Equatable {
  package var asset: Int
  package var direction: Direction
  package var bin: Int
  /// Edges of the bin, `[low, high)`, USD.
  package var low: Double
  package var high: Double
  /// Forced size, micro-USD, an exact sum.
  package var forcedSize: Int128
  /// The share of the forced size that can be counted on, 0 to 100.
  package var confidence: Int
  package var isDeployable: Bool
  package var isApproached: Bool
  /// Rungs with a forced size above 0.
  package var positions: Int
  /// The largest rung's share of the forced size.
  package var largestShare: Double
  /// Distance of spot from the nearer edge as a share of it, 0 inside or past (SEMANTICS B7).
  package var distance: Double

  /// A cluster of nobody.
  package static let nothing = Cluster(
    asset: 0,
    direction: .below,
    bin: 0,
    low: 0,
    high: 0,
    forcedSize: 0,
    confidence: 0,
    isDeployable: false,
    isApproached: false,
    positions: 0,
    largestShare: 0,
    distance: 0
  )

  /// `|spot − edge| / edge`, edge being high for `below` and low for `above`.
  package static func distance(
    spot: Double,
    low: Double,
    high: Double,
    direction: Direction
  ) -> Double {
    switch direction {
    case .below: spot < high ? 0 : (spot - high) / high
    case .above: spot >= low ? 0 : (low - spot) / low
    }
  }

  /// Whether spot stands above the bin and within a share of it.
  ///
  /// Inside the bin a position of quote alone does not exist; a price that is not a number is not
  /// above it.
  @inline(__always)
  package func isApproached(by spot: Double, _ approach: Double) -> Bool {
    high <= spot && spot <= high * (1 + approach)
  }
}
