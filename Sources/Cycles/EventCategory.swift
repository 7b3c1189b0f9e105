// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Markets

/// What a row of an event file is about: the categories of seed 2 that concern liquidation, and
/// those of the vault, of protection and of auctions.
///
/// `StepEffect.categories` says which effects of a step write them.
package enum EventCategory: String, CaseIterable, Sendable {
  case liquidatedCross = "LiquidatedCross"
  case liquidatedIsolated = "LiquidatedIsolated"
  case marketLiquidation = "BoleMarketLiquidation"
  case partialLiquidation = "BolePartialLiquidation"
  case backstopLiquidation = "BoleBackstopLiquidation"
  case auction = "Auction"
  case protection = "Protection"
  case vaultCycle = "VaultCycle"
  case liquidationEvent = "LiquidationEvent"

  /// The category of a liquidation: of a perp by its margin mode, of a loan by what it came to.
  package init(_ record: LiquidationRecord, of account: Account) {
    if account.legs.contains(where: { $0.kind == .perp }) {
      self = account.marginMode.isIsolated ? .liquidatedIsolated : .liquidatedCross
    } else {
      switch record.kind {
      case .market, .auction, .adl, .deleveraged: self = .marketLiquidation
      case .partial: self = .partialLiquidation
      case .backstop: self = .backstopLiquidation
      }
    }
  }
}
