// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Configuration
internal import Numerics
package import TextKit

/// Lending vaults of one collateral and one debt whose ratio is rounded up to a tick
/// (Jupiter Lend, Fluid).
///
///     collateral_raw = collateral / supply_exchange_price
///     debt_raw = debt / borrow_exchange_price
///     T = tick(debt_raw / collateral_raw) + 1
///     effective debt = collateral · tick_base^T · borrow_exchange_price / supply_exchange_price
///     price = tick_base^T / threshold · borrow_exchange_price / supply_exchange_price
///
/// The book holds actual amounts; exchange prices are those of the position's last change and of
/// now alike (`supply_exchange_price` of the collateral, `borrow_exchange_price` of the debt, both
/// 1 unless given).
///
/// With the programs' tick_base of 1.0015, T is what their integers find for amounts of 9 decimals
/// (`FluidVault.positionTick`). Amounts they do not hold, and every other base, take the largest
/// tick whose exact power is at most the ratio. The power of T is exact, rounded up to a double.
///
/// The venue liquidates 0 to 15 bps earlier than the plain formula says, less what the programs
/// truncate: on an exact power their tick is one lower than exact powers give, and ratios far below
/// 1 have fewer digits (48 bits after the point). Source: venues.md 4.1, 4.2, 4.4.
package struct LendingTicked: VenueRule {
  package static let kind = "lending_ticked"
  package static let liquidatesAtEquality = false
  package static let liquidation = LiquidationMode.auction
  package static let keys = ["tick_base"]

  private let weights: LendingWeights
  private let ticks: GeometricGrid
  /// Whether the ticks are those of the programs.
  private let isProgramGrid: Bool
  private var supplyExchangePrices: [Int: Double] = [:]
  private var borrowExchangePrices: [Int: Double] = [:]

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
      others: ["liquidation_max_limit", "supply_exchange_price", "borrow_exchange_price"]
    )
    let base = try table.number("tick_base", default: 1.0015, in: 1.0001...2)
    // A decimal of up to nine digits is exact as a ratio of whole numbers.
    let numerator = (base * 1e9).rounded(.toNearestOrEven)
    ticks = GeometricGrid(numerator: numerator, denominator: 1e9)
    isProgramGrid = numerator == 1_001_500_000
    guard let entries = try table.optionalTable("assets") else { return }
    for symbol in entries.keys {
      let entry = try entries.table(symbol)
      let asset = assets.add(symbol)
      supplyExchangePrices[asset] = try entry.optionalNumber(
        "supply_exchange_price",
        in: 1e-3...1e6
      )
      borrowExchangePrices[asset] = try entry.optionalNumber(
        "borrow_exchange_price",
        in: 1e-3...1e6
      )
    }
  }

  package func lists(_ asset: Int) -> Bool { weights.lists(asset) }

  package func health(of leg: Leg, in context: LegContext) throws(Failure) -> LegHealth {
    guard leg.kind == .borrow else { return try weights.health(of: leg) }
    _ = try weights.weight(of: leg)
    guard let deposit = context.legs.first(where: { $0.kind == .deposit }), deposit.quantity > 0,
      leg.quantity > 0
    else { return LegHealth(slope: -leg.quantity) }
    let supply = supplyExchangePrices[deposit.asset] ?? 1
    let borrow = borrowExchangePrices[leg.asset] ?? 1
    let collateral = deposit.quantity
    var tick: Int?
    if isProgramGrid {
      tick = FluidVault.positionTick(
        collateral: collateral,
        debt: leg.quantity,
        supplyExchangePrice: supply,
        borrowExchangePrice: borrow
      )
    }
    let ratio = leg.quantity / borrow / (collateral / supply)
    guard let tick = tick ?? ticks.bin(of: ratio).map({ $0 + 1 }), let edge = ticks.edge(tick)
    else { throw Failure(.data, "a ratio of debt to collateral from 1e-18 to 1e18") }
    return LegHealth(slope: -(collateral * edge * (borrow / supply)))
  }
}
