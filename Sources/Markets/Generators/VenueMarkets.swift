// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// A loan that a venue makes: one asset deposited, another borrowed.
struct LoanMarket: Sendable {
  var deposit: Int
  var borrow: Int
  /// What a unit counts for in the venue's health, USD.
  var depositUnit: Double
  var borrowUnit: Double
}

/// What the accounts of a synthetic book may hold at one venue.
struct VenueMarkets: Sendable {
  let venue: Int
  let name: String
  let perps: WeightedChoices<Int>?
  /// Deposits of a moving price against a quote currency: fall when the price falls.
  let longLoans: WeightedChoices<LoanMarket>?
  /// Deposits of a quote currency against a moving price: fall when the price rises.
  let shortLoans: WeightedChoices<LoanMarket>?
  /// Moving prices on both sides.
  let pairs: WeightedChoices<LoanMarket>?

  var isEmpty: Bool { perps == nil && longLoans == nil && shortLoans == nil }

  /// Finds out, leg by leg, what the venue has among the assets that have a price.
  init(
    venue: Int,
    assets: [Int],
    share: (Int) -> Double,
    probe: HealthProbe
  ) {
    self.venue = venue
    let table = probe.catalogue.assets
    name = probe.catalogue.venues[venue].name
    let rule = probe.catalogue.venues[venue].rule
    let listed = assets.filter { rule.lists($0) }
    let quotes = table.assets.indices.filter { table[$0].isQuote && rule.lists($0) }
    perps = WeightedChoices(
      listed.filter { probe.largestLeverage(venue: venue, asset: $0, quantity: 1) != nil }
        .map { ($0, share($0)) }
    )
    guard perps == nil else {
      longLoans = nil
      shortLoans = nil
      pairs = nil
      return
    }
    func loan(_ deposit: Int, _ borrow: Int) -> LoanMarket? {
      guard let given = probe.weightedUnit(venue: venue, asset: deposit, kind: .deposit),
        let taken = probe.weightedUnit(venue: venue, asset: borrow, kind: .borrow)
      else { return nil }
      return LoanMarket(
        deposit: deposit,
        borrow: borrow,
        depositUnit: given,
        borrowUnit: taken
      )
    }
    typealias Weighted = [(value: LoanMarket, weight: Double)]
    var long: Weighted = []
    var short: Weighted = []
    var pairs: Weighted = []
    for asset in listed {
      for quote in quotes.prefix(1) {
        if let market = loan(asset, quote) { long.append((market, share(asset))) }
        if let market = loan(quote, asset) { short.append((market, share(asset))) }
      }
      for other in listed where other != asset {
        if let market = loan(asset, other) { pairs.append((market, share(asset) * share(other))) }
      }
    }
    longLoans = WeightedChoices(long)
    shortLoans = WeightedChoices(short)
    self.pairs = WeightedChoices(pairs)
  }
}
