// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Configuration
internal import Numerics
package import TextKit

/// Lending vaults of one collateral and one debt whose ratio is rounded up to a tick
/// (Jupiter Lend, Fluid).
///
///     T = (largest t with tick_base^t <= debt / collateral) + 1
///     effective debt = collateral · tick_base^T        price = tick_base^T / threshold
///
/// The venue liquidates 0 to 15 bps earlier than the plain formula says. Source: venues.md 4.1,
/// 4.2.
package struct LendingTicked: VenueRule {
  package static let kind = "lending_ticked"
  package static let liquidatesAtEquality = false
  package static let liquidation = LiquidationMode.auction
  package static let keys = ["tick_base"]

  private let weights: LendingWeights
  private let ticks: GeometricGrid

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
      others: ["liquidation_max_limit"]
    )
    let base = try table.number("tick_base", default: 1.0015, in: 1.0001...2)
    // A decimal of up to nine digits is exact as a ratio of whole numbers.
    ticks = GeometricGrid(numerator: (base * 1e9).rounded(.toNearestOrEven), denominator: 1e9)
  }

  package func lists(_ asset: Int) -> Bool { weights.lists(asset) }

  package func health(of leg: Leg, in context: LegContext) throws(Failure) -> LegHealth {
    guard leg.kind == .borrow else { return try weights.health(of: leg) }
    _ = try weights.weight(of: leg)
    let collateral = context.legs.first { $0.kind == .deposit }?.quantity ?? 0
    guard collateral > 0, leg.quantity > 0 else { return LegHealth(slope: -leg.quantity) }
    guard let tick = ticks.bin(of: leg.quantity / collateral), let edge = ticks.edge(tick + 1)
    else { throw Failure(.data, "a ratio of debt to collateral from 1e-18 to 1e18") }
    return LegHealth(slope: -(collateral * edge))
  }
}
