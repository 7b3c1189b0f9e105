// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Configuration
package import TextKit

/// Lending with asset and liability weights and confidence-biased prices (marginfi).
///
///     deposit: slope = (q · w) · (1 − c)        borrow: slope = −(q · w) · (1 + c)
///     c = min((confidence / price) · multiplier, cap), frozen in the solve
///
/// Liquidatable at health 0. Weights above 1 are allowed. Source: venues.md 2.1, 2.3.
package struct LendingWeighted: VenueRule {
  package static let kind = "lending_weighted"
  package static let liquidatesAtEquality = true
  package static let liquidation = LiquidationMode.auction
  package static let keys = ["confidence_multiplier", "confidence_cap"]

  private let weights: LendingWeights
  private let multiplier: Double
  private let cap: Double

  package init(
    reading table: ConfigTable,
    assets: inout AssetTable,
    margins: inout MarginTableSet
  ) throws(Failure) {
    weights = try LendingWeights(
      table,
      assets: &assets,
      deposit: ("asset_weight", 0...2),
      borrow: ("liability_weight", 1...10),
      defaultBorrow: nil
    )
    multiplier = try table.number("confidence_multiplier", default: 2.12, in: 0...100)
    cap = try table.number("confidence_cap", default: 0.05, in: 0...0.99)
  }

  package func lists(_ asset: Int) -> Bool { weights.lists(asset) }

  package func health(of leg: Leg, in context: LegContext) throws(Failure) -> LegHealth {
    var health = try weights.health(of: leg)
    guard context.confidenceRatio > 0 else { return health }
    let bias = min(context.confidenceRatio * multiplier, cap)
    health.slope = health.slope * (leg.kind == .deposit ? 1 - bias : 1 + bias)
    return health
  }
}
