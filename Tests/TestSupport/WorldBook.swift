// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Markets
package import Numerics
internal import TextKit

/// Builds small books and paths for the venues of `WorldVenues`.
package struct WorldBook {
  package let catalogue: VenueCatalogue

  package init(_ catalogue: VenueCatalogue) { self.catalogue = catalogue }

  package init() throws { catalogue = try WorldVenues.catalogue() }

  package struct Unknown: Error {
    let name: String
  }

  package func asset(_ symbol: String) throws -> Int {
    guard let index = catalogue.assets.index(of: symbol) else { throw Unknown(name: symbol) }
    return index
  }

  private func venue(_ name: String) throws -> Int {
    guard let index = catalogue.venueIndex(named: name) else { throw Unknown(name: name) }
    return index
  }

  /// An account of one perp.
  package func perp(
    _ name: String,
    _ quantity: Double,
    _ symbol: String = "SOL",
    at entry: Double,
    collateral: Double,
    venue venueName: String = "perps",
    mode: MarginMode = .cross,
    protection: ProtectionTerms = ProtectionTerms()
  ) throws -> Account {
    let leg = Leg(
      venue: try venue(venueName),
      asset: try asset(symbol),
      kind: .perp,
      quantity: quantity,
      entryPrice: entry,
      collateralUSD: collateral
    )
    return Account(name: name, legs: [leg], marginMode: mode, protection: protection)
  }

  /// A long of the venue `perps` that falls below a root: `collateral = q · (entry − 0.95 · root)`.
  package func long(
    _ name: String,
    _ quantity: Double = 10,
    entry: Double = 100,
    root: Double,
    protection: ProtectionTerms = ProtectionTerms()
  ) throws -> Account {
    try perp(
      name,
      quantity,
      at: entry,
      collateral: quantity * (entry - 0.95 * root),
      protection: protection
    )
  }

  /// A short of the venue `perps` that falls above a root: `collateral = q · (1.05 · root −
  /// entry)`.
  package func short(
    _ name: String,
    _ quantity: Double = 10,
    entry: Double = 100,
    root: Double
  ) throws -> Account {
    try perp(name, -quantity, at: entry, collateral: quantity * (1.05 * root - entry))
  }

  /// A deposit against a borrow.
  package func loan(
    _ name: String,
    deposit: (symbol: String, quantity: Double),
    borrow: (symbol: String, quantity: Double),
    cash: Double = 0,
    venue venueName: String = "loans",
    protection: ProtectionTerms = ProtectionTerms()
  ) throws -> Account {
    let venue = try venue(venueName)
    let legs = [
      Leg(
        venue: venue,
        asset: try asset(deposit.symbol),
        kind: .deposit,
        quantity: deposit.quantity,
        collateralUSD: cash
      ),
      Leg(
        venue: venue,
        asset: try asset(borrow.symbol),
        kind: .borrow,
        quantity: borrow.quantity
      ),
    ]
    return Account(name: name, legs: legs, protection: protection)
  }

  /// A book of some accounts, rows numbered in order.
  package func book(_ accounts: [Account]) -> Book {
    var row = 0
    var numbered = accounts
    for account in numbered.indices {
      for leg in numbered[account].legs.indices {
        numbered[account].legs[leg].row = row
        numbered[account].legs[leg].line = row + 2
        row += 1
      }
    }
    return Book(accounts: numbered, file: "book.csv")
  }

  /// A path of one column for each symbol, nil where the source has no price.
  package func path(
    seconds: [Double],
    _ columns: [(symbol: String, prices: [Double?])],
    name: String = "path"
  ) throws -> PricePath {
    var values: [Double] = []
    for step in seconds.indices {
      for column in columns { values.append(column.prices[step] ?? .nan) }
    }
    return try PricePath(
      name: name,
      times: seconds.map { Int64($0 * 1000) },
      assets: try columns.map { try asset($0.symbol) },
      values: values
    )
  }

  /// A path of SOL alone.
  package func path(_ prices: [Double?], every seconds: Double = 60) throws -> PricePath {
    try path(seconds: prices.indices.map { Double($0) * seconds }, [("SOL", prices)])
  }
}

extension ProtectionTerms {
  /// An account with protection, cap and deposits in whole USD.
  package static func protected(
    cap: Micro? = nil,
    deposited: Micro = 0
  ) -> ProtectionTerms {
    var terms = ProtectionTerms()
    terms.isProtected = true
    terms.cap = cap.map { $0 * 1_000_000 }
    terms.deposited = deposited * 1_000_000
    return terms
  }
}
