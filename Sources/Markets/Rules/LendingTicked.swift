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
  private let base: Double
  private let penalty: Double
  private var penalties: [Int: Double] = [:]
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
    self.base = base
    penalty = try table.number("penalty", default: 0, in: 0...1)
    // A decimal of up to nine digits is exact as a ratio of whole numbers.
    let numerator = (base * 1e9).rounded(.toNearestOrEven)
    ticks = GeometricGrid(numerator: numerator, denominator: 1e9)
    isProgramGrid = numerator == 1_001_500_000
    guard let entries = try table.optionalTable("assets") else { return }
    for symbol in entries.keys {
      let entry = try entries.table(symbol)
      let asset = assets.add(symbol)
      penalties[asset] = try entry.optionalNumber("penalty", in: 0...1)
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

  /// A vault has one collateral and one debt.
  package func check(_ account: Account, _ assets: AssetTable) throws(Failure) {
    guard account.legs.count > 1 else { return }
    for kind in [LegKind.deposit, .borrow] {
      let found = Set(account.legs.filter { $0.kind == kind }.map(\.asset))
      guard found.count > 1 else { continue }
      let symbols = found.map { assets[$0].symbol }.sorted().joined(separator: ", ")
      throw Failure(
        .data,
        "account '\(Failure.shown(account.name))' has \(kind)s of \(symbols), expected one"
          + " \(kind == .deposit ? "collateral" : "debt") in a vault; give each vault an account"
      )
    }
  }

  package var wholeUpToUSD: Double { 0 }

  /// The vault is brought to the threshold's tick, one tick after the other.
  ///
  /// At the root that repays the share `(1 − 1/b) / (1 − W · (1 + penalty) / b)` of the debt, b
  /// being the tick base and W the threshold; what follows keeps the ratio at the threshold, so
  /// that `(price / root)^(W / (1/(1 + penalty) − W))` of the collateral is left.
  /// Source: venues.md 4.3.
  package func close(_ account: ClosingAccount) -> Close {
    guard account.own.leg.kind != .perp,
      let deposit = account.first(.deposit, by: { -$0.valueUSD }),
      account.own.leg.kind == .deposit || account.first(.borrow, by: { -$0.valueUSD }) != nil
    else { return .whole(penalty: penalty > 0 ? penalty : nil) }
    let collateral = account.legs[deposit]
    let cost = penalties[collateral.leg.asset] ?? penalty
    let worth = collateral.weight * (1 + cost)
    let isSeized = account.own.leg.kind == .deposit
    let exponent = isSeized ? worth / (1 - worth) : -1 / (1 - worth)
    guard worth < 1, worth > 0 else { return .whole(penalty: cost) }
    let debt = (1 - 1 / base) / (1 - worth / base)
    let gain = (isSeized ? (1 - worth) / (1 + cost) : 1 - worth) * account.own.valueUSD
    let deep = gain > 0 ? -account.health / gain : 0
    return .unwinding(
      first: min(1, max(isSeized ? debt * worth : debt, deep)),
      exponent: exponent,
      penalty: isSeized ? cost / (1 + cost) : cost
    )
  }

  package func health(of leg: Leg, in context: LegContext) throws(Failure) -> LegHealth {
    guard leg.kind == .borrow else { return try weights.health(of: leg) }
    _ = try weights.weight(of: leg)
    // Rows of one vault are one position; the first borrow carries the debt of all.
    guard context.firstBorrowRow == leg.row else { return LegHealth(slope: 0) }
    let collateral = context.legs.total(of: .deposit)
    let debt = context.legs.total(of: .borrow)
    guard let deposit = context.legs.first(where: { $0.kind == .deposit }), collateral > 0, debt > 0
    else { return LegHealth(slope: -debt) }
    let supply = supplyExchangePrices[deposit.asset] ?? 1
    let borrow = borrowExchangePrices[leg.asset] ?? 1
    var tick: Int?
    if isProgramGrid {
      tick = FluidVault.positionTick(
        collateral: collateral,
        debt: debt,
        supplyExchangePrice: supply,
        borrowExchangePrice: borrow
      )
    }
    let ratio = debt / borrow / (collateral / supply)
    guard let tick = tick ?? ticks.bin(of: ratio).map({ $0 + 1 }), let edge = ticks.edge(tick)
    else { throw Failure(.data, "a ratio of debt to collateral from 1e-18 to 1e18") }
    return LegHealth(slope: -(collateral * edge * (borrow / supply)))
  }
}

extension [Leg] {
  /// The quantities of all legs of a kind, added in row order.
  fileprivate func total(of kind: LegKind) -> Double {
    reduce(0) { $1.kind == kind ? $0 + $1.quantity : $0 }
  }
}
