// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Configuration
package import TextKit

/// Lending with liquidation thresholds on deposits and borrow factors on debt (Kamino).
///
///     deposit: slope = q · liquidation_threshold        borrow: slope = −q · borrow_factor
///
/// Liquidatable at equality: LTV >= unhealthy LTV. Source: venues.md 3.1, 3.2.
package struct LendingLTV: VenueRule {
  package static let kind = "lending_ltv"
  package static let liquidatesAtEquality = true
  package static let liquidation = LiquidationMode.auction
  package static let keys: [String] = []

  private let weights: LendingWeights

  package init(
    reading table: ConfigTable,
    assets: inout AssetTable,
    margins: inout MarginTableSet
  ) throws(Failure) {
    weights = try LendingWeights(
      table,
      assets: &assets,
      deposit: ("liquidation_threshold", 0...1),
      borrow: ("borrow_factor", 1...100),
      defaultBorrow: 1
    )
  }

  package func lists(_ asset: Int) -> Bool { weights.lists(asset) }

  package func health(of leg: Leg, in context: LegContext) throws(Failure) -> LegHealth {
    try weights.health(of: leg)
  }
}
