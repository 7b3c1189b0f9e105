// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets
internal import Tables
internal import TextKit

/// A book that was read out of another form: what `breakwater import` writes.
///
/// Columns beside the five that every book has are written when any leg has a value for them.
package struct ImportedBook {
  /// One row of the book to be; nil becomes an empty field.
  package struct Leg: Sendable {
    package var account: String
    package var venue: String
    package var asset: String
    package var leg: String
    package var quantity: Double
    package var entryPrice: Double?
    package var collateralUSD: Double?
    package var maxLeverage: Double?
    package var marginMode: String?
    package var observedSlot: Int64?
    package var liquidationThreshold: Double?
    package var liquidationPrice: Double?
  }

  package internal(set) var legs: [Leg] = []
  /// The number of accounts that legs belong to.
  package internal(set) var accountCount = 0
  /// Current prices that the source states or implies, in the order of the symbols' bytes.
  package internal(set) var prices: [(asset: String, price: Double)] = []
  /// What the user should know, each one line.
  package internal(set) var warnings: [String] = []
  /// What was counted beside legs and accounts, such as `2 users without a position`.
  package internal(set) var counts: [String] = []

  /// The book as CSV, header first.
  package var bookText: [UInt8] {
    var table = CSVBuilder(capacity: legs.count * 80)
    let optional = ImportedBook.optionalColumns.filter { column in
      legs.contains { column.has($0) }
    }
    table.row(["account", "venue", "asset", "leg", "quantity"] + optional.map(\.name))
    for leg in legs {
      table.text(leg.account)
      table.text(leg.venue)
      table.text(leg.asset)
      table.text(leg.leg)
      table.number(leg.quantity)
      for column in optional { column.write(leg, &table) }
      table.endRow()
    }
    return table.bytes
  }

  /// The prices as CSV: `asset,price`.
  package var priceText: [UInt8] {
    var table = CSVBuilder()
    table.row(["asset", "price"])
    for entry in prices {
      table.text(entry.asset)
      table.number(entry.price)
      table.endRow()
    }
    return table.bytes
  }

  // MARK: - Columns

  private struct Column {
    var name: String
    var has: (Leg) -> Bool
    var write: (Leg, inout CSVBuilder) -> Void

    static func number(_ name: String, _ value: @escaping (Leg) -> Double?) -> Column {
      Column(name: name, has: { value($0) != nil }, write: { $1.number(value($0)) })
    }
  }

  private static var optionalColumns: [Column] {
    [
      .number("entry_price") { $0.entryPrice },
      .number("collateral_usd") { $0.collateralUSD },
      .number("max_leverage") { $0.maxLeverage },
      Column(
        name: "margin_mode",
        has: { $0.marginMode != nil },
        write: { $1.text($0.marginMode ?? "") }
      ),
      Column(
        name: "observed_slot",
        has: { $0.observedSlot != nil },
        write: { leg, table in
          if let slot = leg.observedSlot { table.integer(slot) } else { table.empty() }
        }
      ),
      .number("liquidation_threshold") { $0.liquidationThreshold },
      .number("liquidation_price") { $0.liquidationPrice },
    ]
  }
}

/// Symbols that the venue of an import does not list, each once, in the order in which they came.
struct UnknownAssets {
  private(set) var symbols: [String] = []
  private var seen: Set<String> = []
  private(set) var legCount = 0

  mutating func add(_ symbol: String) {
    legCount += 1
    if seen.insert(symbol).inserted { symbols.append(symbol) }
  }

  /// All of them in one refusal, with the nearest known word for a single one.
  func failure(venue: String, listed: [String]) -> Failure {
    let near = symbols.count == 1 ? suggestion(for: symbols[0], among: listed) : ""
    return Failure(
      .data,
      "found \(symbols.count) asset\(symbols.count == 1 ? "" : "s") that venue \(venue) does not"
        + " list: \(names)\(near); add \(symbols.count == 1 ? "it" : "them") to a venue file"
        + " (--venues), or leave \(symbols.count == 1 ? "it" : "them") out with --skip-unknown"
    )
  }

  /// What was left out, as a count.
  var count: String? {
    symbols.isEmpty
      ? nil : "\(legCount) leg\(legCount == 1 ? "" : "s") of unknown assets left out (\(names))"
  }

  private var names: String { symbols.map { Failure.shown($0) }.joined(separator: ", ") }
}

/// The venue that imported legs belong to.
struct ImportVenue {
  let name: String
  let rule: any VenueRule
  private let catalogue: VenueCatalogue

  /// Finds a venue by name.
  init(_ name: String, in catalogue: VenueCatalogue) throws(Failure) {
    guard let index = catalogue.venueIndex(named: name) else {
      let names = catalogue.venues.map(\.name)
      throw Failure(
        .data,
        "found the venue '\(Failure.shown(name))', expected a venue"
          + suggestion(for: name, among: names) + "; known venues: "
          + names.joined(separator: ", ") + "; add it with a venue file (--venues)"
      )
    }
    self.name = name
    self.catalogue = catalogue
    rule = catalogue.venues[index].rule
  }

  /// The index of an asset that the venue lists.
  func asset(_ symbol: String) -> Int? {
    guard let asset = catalogue.assets.index(of: symbol), rule.lists(asset) else { return nil }
    return asset
  }

  /// Symbols of all assets that the venue lists.
  var listed: [String] { catalogue.assets.symbols.filter { asset($0) != nil } }

  /// Whether the asset is a quote currency.
  func isQuote(_ asset: Int) -> Bool { catalogue.assets[asset].isQuote }
}
