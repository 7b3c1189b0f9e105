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

  package func venueIndex(named name: String) -> Int? { venues.firstIndex { $0.name == name } }

  private mutating func readAssets(_ table: ConfigTable) throws(Failure) {
    for symbol in table.keys {
      let entry = try table.table(symbol)
      try entry.only(["quote", "priced_from", "ratio"])
      let index = assets.add(symbol)
      if try entry.boolean("quote", default: false) { assets.markQuote(index) }
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

  private mutating func readVenue(_ name: String, _ table: ConfigTable) throws(Failure) {
    let kinds = VenueKinds.all.map { $0.kind }
    let kind = try table.choice("kind", among: kinds)
    guard let type = VenueKinds.all.first(where: { $0.kind == kind }) else { return }
    let common = [
      "kind", "liquidates_at_equality", "close_factor", "liquidation", "penalty", "assets",
    ]
    try table.only(common + WaterfallTerms.keys + type.keys)
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
