// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Configuration
package import TextKit

/// Lending with asset and liability weights and confidence-biased prices (marginfi).
///
///     deposit: slope = (q · w) · (1 − c)        borrow: slope = −(q · w) · (1 + c)
///     c = min((confidence / price) · multiplier, cap), frozen in the solve
///
/// Liquidatable at health 0. Weights above 1 are allowed; a deposit of an isolated bank is worth
/// nothing and its debt stands alone; pairs have weights of their own (`Emode`).
/// Source: venues.md 2.1, 2.2, 2.3.
package struct LendingWeighted: VenueRule {
  package static let kind = "lending_weighted"
  package static let liquidatesAtEquality = true
  package static let liquidation = LiquidationMode.auction
  package static let keys = [
    "confidence_multiplier", "confidence_cap", "liquidator_fee", "insurance_fee",
  ]

  private let weights: LendingWeights
  private let emode: Emode
  private var isolated: Set<Int> = []
  private let multiplier: Double
  private let cap: Double
  /// Shares of the seized value that the liquidator and the insurance fund keep.
  let liquidatorFee: Double
  let insuranceFee: Double
  let closing: LTVClosing

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
      defaultBorrow: nil,
      others: Emode.assetKeys + ["isolated"]
    )
    emode = try Emode(table, assets: assets)
    multiplier = try table.number("confidence_multiplier", default: 2.12, in: 0...100)
    cap = try table.number("confidence_cap", default: 0.05, in: 0...0.99)
    liquidatorFee = try table.number("liquidator_fee", default: 0.025, in: 0...0.5)
    insuranceFee = try table.number("insurance_fee", default: 0.025, in: 0...0.5)
    closing = try LTVClosing(table, assets: assets)
    guard let entries = try table.optionalTable("assets") else { return }
    for symbol in entries.keys where try entries.table(symbol).boolean("isolated", default: false) {
      if let asset = assets.index(of: symbol) { isolated.insert(asset) }
    }
  }

  package func lists(_ asset: Int) -> Bool { weights.lists(asset) }

  /// How far a price is taken toward the careful side, as a share of it.
  func bias(_ confidenceRatio: Double) -> Double { min(confidenceRatio * multiplier, cap) }

  package func check(_ account: Account, _ assets: AssetTable) throws(Failure) {
    guard !isolated.isEmpty else { return }
    let debts = account.legs.borrowedAssets
    guard debts.count > 1, let alone = debts.first(where: isolated.contains) else { return }
    throw Failure(
      .data,
      "account '\(Failure.shown(account.name))' borrows \(assets[alone].symbol) of the isolated"
        + " tier and \(debts.count - 1) other asset\(debts.count > 2 ? "s" : ""), expected that"
        + " debt alone"
    )
  }

  package var wholeUpToUSD: Double { 0 }

  package func health(of leg: Leg, in context: LegContext) throws(Failure) -> LegHealth {
    var weight = try weights.weight(of: leg)
    if leg.kind == .deposit {
      if isolated.contains(leg.asset) {
        weight = 0
      } else if leg.liquidationThreshold == nil, !emode.isEmpty {
        weight = emode.weight(of: leg.asset, bank: weight, borrowed: context.borrowedAssets)
      }
    }
    var health = LendingWeights.health(of: leg, weight: weight)
    guard context.confidenceRatio > 0 else { return health }
    let bias = bias(context.confidenceRatio)
    health.slope = health.slope * (leg.kind == .deposit ? 1 - bias : 1 + bias)
    return health
  }
}
