// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Configuration
package import TextKit

/// Loans against event collateral, marked at the conservative price (Cusp, seed 4).
///
///     health(P) = q · (P − confidence) · threshold − debt
///
/// Strict: exactly at the threshold an account is safe (SEMANTICS B3).
package struct EventCollateral: VenueRule {
  package static let kind = "event"
  package static let liquidatesAtEquality = false
  package static let liquidation = LiquidationMode.auction
  package static let keys: [String] = []

  private let weights: LendingWeights
  /// When each event resolves, UTC epoch milliseconds, where the file says so.
  package let resolutions: [Int: Int64]

  package init(
    reading table: ConfigTable,
    assets: inout AssetTable,
    margins: inout MarginTableSet
  ) throws(Failure) {
    weights = try LendingWeights(
      table,
      assets: &assets,
      deposit: ("liquidation_threshold", 0...1),
      borrow: nil,
      defaultBorrow: 1,
      others: ["resolves_at_ms"]
    )
    var resolutions: [Int: Int64] = [:]
    if let entries = try table.optionalTable("assets") {
      for symbol in entries.keys {
        guard let index = assets.index(of: symbol) else { continue }
        resolutions[index] = try entries.table(symbol)
          .optionalNumber("resolves_at_ms", in: 0...Double(PricePath.latestTime))
          .map { Int64($0.rounded(.toNearestOrEven)) }
      }
    }
    self.resolutions = resolutions
  }

  package func lists(_ asset: Int) -> Bool { weights.lists(asset) }

  package func health(of leg: Leg, in context: LegContext) throws(Failure) -> LegHealth {
    var health = try weights.health(of: leg)
    if leg.kind == .deposit {
      health.markdown = LegHealth.Markdown(
        quantity: leg.quantity,
        weight: try weights.weight(of: leg)
      )
    }
    return health
  }
}
