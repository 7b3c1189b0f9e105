// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Cycles
internal import Markets

/// What a row of an event file is about: the categories of seed 2 that concern liquidation, and
/// those of the vault, of protection and of auctions.
package enum EventCategory: String, CaseIterable, Sendable {
  case liquidatedCross = "LiquidatedCross"
  case liquidatedIsolated = "LiquidatedIsolated"
  case marketLiquidation = "BoleMarketLiquidation"
  case partialLiquidation = "BolePartialLiquidation"
  case backstopLiquidation = "BoleBackstopLiquidation"
  case auction = "Auction"
  case protection = "Protection"
  case vaultCycle = "VaultCycle"

  /// The category of a liquidation: of a perp by its margin mode, of a loan by what it came to.
  init(_ record: LiquidationRecord, of account: Account) {
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

/// A digest of the event rows of each category, so that two runs can be compared by eye.
package struct EventDigests: Sendable {
  private var digests = EventCategory.allCases.map { _ in LatticeDigest() }

  /// Adds the bytes of a row.
  mutating func add(_ row: some Collection<UInt8>, to category: EventCategory) {
    guard let place = EventCategory.allCases.firstIndex(of: category) else { return }
    digests[place].add(row)
  }

  /// Categories that have rows, in their order: name, rows, digest.
  package var list: [(name: String, rows: Int, digest: String)] {
    zip(EventCategory.allCases, digests).compactMap { category, digest in
      digest.count > 0 ? (category.rawValue, digest.count, digest.text) : nil
    }
  }
}
