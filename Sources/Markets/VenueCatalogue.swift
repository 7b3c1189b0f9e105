// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Configuration
package import TextKit

/// All venues, assets and margin tables of a run, made of a venue file over the defaults.
package struct VenueCatalogue: Sendable {
  package private(set) var venues: [Venue] = []
  package private(set) var assets = AssetTable()
  package private(set) var margins = MarginTableSet()

  /// Reads a venue document: `[venues.NAME]` tables and `[assets]`.
  ///
  /// - Throws: a data failure with file, line, key, what was found and expected.
  package init(_ document: ConfigValue) throws(Failure) {
    let root = try ConfigTable(document)
    try root.only(["venues", "assets"])
    if let table = try root.optionalTable("assets") { try readAssets(table) }
    if let table = try root.optionalTable("venues") {
      for name in table.keys { try readVenue(name, try table.table(name)) }
    }
  }

  /// The same venues, some assets having prices of their own that their pegs decide.
  ///
  /// - Throws: a data failure for an asset that is not priced from another.
  package func pegging(_ breaks: [String: PegBreak]) throws(Failure) -> VenueCatalogue {
    var copy = self
    for symbol in breaks.keys.sorted() {
      guard let index = assets.index(of: symbol), assets[index].underlying != index else {
        let known = assets.assets.enumerated().filter { $0.element.underlying != $0.offset }
        throw Failure(
          .data,
          "pegs: found '\(Failure.shown(symbol))', expected an asset that the venues price from"
            + " another" + suggestion(for: symbol, among: known.map(\.element.symbol))
        )
      }
      copy.assets.detach(index, breaks[symbol] ?? PegBreak())
    }
    return copy
  }

  package func venueIndex(named name: String) -> Int? { venues.firstIndex { $0.name == name } }

  private mutating func readAssets(_ table: ConfigTable) throws(Failure) {
    for symbol in table.keys {
      let entry = try table.table(symbol)
      try entry.only(["quote", "priced_from", "ratio", "issuer"])
      let index = assets.add(symbol)
      if try entry.boolean("quote", default: false) { assets.markQuote(index) }
      if let issuer = try entry.optionalString("issuer") { assets.setIssuer(index, issuer) }
      guard let source = try entry.optionalString("priced_from") else { continue }
      let underlying = assets.add(source)
      guard underlying != index, !assets[index].isQuote else {
        throw entry.failure("priced_from", expected: "another asset than the asset itself")
      }
      let ratio = try entry.number("ratio", in: 1e-9...1e9)
      assets.price(index, from: underlying, ratio: ratio)
    }
    for symbol in table.keys {
      guard let index = assets.index(of: symbol) else { continue }
      let source = assets[assets[index].underlying]
      if assets[index].underlying != index,
        source.isQuote || source.underlying != assets[index].underlying
      {
        throw try table.table(symbol).failure(
          "priced_from",
          expected: "an asset with a price of its own"
        )
      }
    }
  }

  /// The curves of a venue's table `interest`, by asset.
  private func curves(
    _ venue: ConfigTable,
    _ rule: any VenueRule
  ) throws(Failure) -> [Int: InterestCurve] {
    guard let table = try venue.optionalTable("interest") else { return [:] }
    var curves: [Int: InterestCurve] = [:]
    for symbol in table.keys {
      guard let asset = assets.index(of: symbol), rule.lists(asset) else {
        throw table.failure(symbol, expected: "an asset of the venue")
      }
      curves[asset] = try InterestCurve(reading: try table.table(symbol))
    }
    return curves
  }

  private mutating func readVenue(_ name: String, _ table: ConfigTable) throws(Failure) {
    let kinds = VenueKinds.all.map { $0.kind }
    let kind = try table.choice("kind", among: kinds)
    guard let type = VenueKinds.all.first(where: { $0.kind == kind }) else { return }
    let common = [
      "kind", "liquidates_at_equality", "close_factor", "liquidation", "penalty", "assets",
      "oracle", "funding",
    ]
    // Tables of margin are those of perps, which nobody borrows.
    let hasDebts = !type.keys.contains("margin_tables")
    try table.only(
      common + WaterfallTerms.keys + (hasDebts ? ["interest"] : []) + type.keys
    )
    let modes = LiquidationMode.allCases.map(\.rawValue)
    let word = try table.choice("liquidation", among: modes, default: type.liquidation.rawValue)
    var penalties: [Int: Double] = [:]
    let rule = try type.init(reading: table, assets: &assets, margins: &margins)
    if let listed = try table.optionalTable("assets") {
      for symbol in listed.keys {
        guard let index = assets.index(of: symbol) else { continue }
        penalties[index] = try listed.table(symbol).optionalNumber("penalty", in: 0...1)
      }
    }
    var funding = FundingTerms.hourly
    if let terms = try table.optionalTable("funding") {
      funding = try FundingTerms(reading: terms)
    }
    let venue = Venue(
      name: name,
      rule: rule,
      liquidatesAtEquality: try table.boolean(
        "liquidates_at_equality",
        default: type.liquidatesAtEquality
      ),
      closeFactor: try table.number("close_factor", default: 1, in: 1e-6...1),
      liquidation: LiquidationMode(rawValue: word) ?? type.liquidation,
      penalty: try table.number("penalty", default: 0, in: 0...1),
      penalties: penalties,
      oracle: try table.optionalTable("oracle").map { (own: ConfigTable) throws(Failure) in
        try PriceCheck(reading: own)
      },
      funding: funding,
      curves: try curves(table, rule),
      waterfall: try WaterfallTerms(reading: table, assets)
    )
    if venue.liquidation == .auction, type.liquidation == .market {
      throw table.failure(
        "liquidation",
        expected: "market: auctions sell the collateral of lending and event venues"
      )
    }
    venues.append(venue)
  }
}
