// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Configuration
package import Markets
package import TextKit

/// Venue documents of tests.
package enum TestCatalogue {
  /// Reads a venue document in TOML, which messages call `venues.toml`.
  package static func read(_ text: String) throws(Failure) -> VenueCatalogue {
    try VenueCatalogue(ConfigValue.parseTOML(Array(text.utf8), file: "venues.toml"))
  }

  /// The venues that the binary knows.
  package static func defaults() throws(Failure) -> VenueCatalogue { try read(DefaultVenues.text) }
}

/// A book with all that the kernels need, made of plain accounts.
package struct TestBook: Sendable {
  package var catalogue: VenueCatalogue
  package var book: Book
  package var snapshot: PriceSnapshot
  package var deposited: [Int64]

  /// Reads the venues and hands every account over as a book file would.
  package init(
    _ text: String,
    _ market: PlainMarket,
    _ accounts: [PlainAccount]
  ) throws(Failure) {
    let catalogue = try TestCatalogue.read(text)
    var snapshot = PriceSnapshot(catalogue.assets)
    for (symbol, price) in market.prices {
      guard let asset = catalogue.assets.index(of: symbol) else { continue }
      snapshot.set(asset, price: price, confidence: market.confidences[symbol] ?? 0)
    }
    var list: [Account] = []
    for (place, account) in accounts.enumerated() {
      list.append(try TestBook.account(account, named: "a\(place)", catalogue))
    }
    self.catalogue = catalogue
    self.snapshot = snapshot
    book = Book(accounts: list)
    deposited = accounts.map(\.deposited)
  }

  private static func account(
    _ account: PlainAccount,
    named name: String,
    _ catalogue: VenueCatalogue
  ) throws(Failure) -> Account {
    var legs: [Leg] = []
    for leg in account.legs {
      guard let venue = catalogue.venueIndex(named: account.venue),
        let asset = catalogue.assets.index(of: leg.symbol)
      else { throw Failure(.data, "test: no \(leg.symbol) at \(account.venue)") }
      legs.append(
        Leg(
          venue: venue,
          asset: asset,
          kind: leg.kind,
          quantity: leg.quantity,
          entryPrice: leg.entry,
          collateralUSD: legs.isEmpty ? account.collateral : 0,
          maxLeverage: leg.maxLeverage,
          row: legs.count
        )
      )
    }
    return Account(name: name, legs: legs)
  }
}
