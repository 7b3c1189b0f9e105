// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Configuration
import Markets
import TextKit

/// Venues and prices that the generator tests share.
enum GeneratorFixtures {
  static func catalogue() throws(Failure) -> VenueCatalogue {
    try VenueCatalogue(
      ConfigValue.parseTOML(Array(DefaultVenues.text.utf8), file: "default venues")
    )
  }

  /// The default prices of some symbols.
  static func snapshot(
    _ catalogue: VenueCatalogue,
    only symbols: [String] = ["BTC", "ETH", "SOL", "EVT"]
  ) throws -> PriceSnapshot {
    var snapshot = PriceSnapshot(catalogue.assets)
    for entry in GeneratorPrice.defaults where symbols.contains(entry.symbol) {
      guard let asset = catalogue.assets.index(of: entry.symbol) else { continue }
      snapshot.set(asset, price: entry.price, confidence: entry.confidenceUSD)
    }
    return snapshot
  }

  static func book(
    _ settings: BookGeneratorSettings = BookGeneratorSettings(),
    only symbols: [String] = ["BTC", "ETH", "SOL", "EVT"]
  ) throws -> BookGenerator {
    let catalogue = try catalogue()
    return try BookGenerator(
      settings,
      catalogue: catalogue,
      snapshot: try snapshot(catalogue, only: symbols)
    )
  }

  /// A row as a book would hold it.
  static func text(_ leg: GeneratedLeg) -> String {
    [
      leg.account, leg.venue, leg.asset, "\(leg.leg)", NumberText.shortest(leg.quantity),
      leg.entryPrice.map { NumberText.shortest($0) } ?? "", NumberText.shortest(leg.collateralUSD),
      leg.isProtected ? "1" : "0", leg.marginMode.rawValue, String(leg.observedSlot),
    ].joined(separator: ",")
  }
}
