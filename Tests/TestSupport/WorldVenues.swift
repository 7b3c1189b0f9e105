// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Configuration
package import Markets
package import TextKit

/// Small venues whose roots can be worked out by hand.
///
/// `perps` and `halves` are strict, `even` falls at equality; `loans` and `event` end in auctions,
/// `closed` is a lending venue that closes at the mark.
package enum WorldVenues {
  package static let text = """
    [assets]
    USDC = { quote = true }
    STSOL = { priced_from = "SOL", ratio = 1.25 }
    [venues.perps]
    kind = "perp_tiered"
    [venues.perps.assets]
    SOL = { maintenance_rate = 0.05 }
    BTC = { maintenance_rate = 0.05 }
    [venues.halves]
    kind = "perp_tiered"
    [venues.halves.assets]
    SOL = { maintenance_rate = 0.5 }
    BTC = { maintenance_rate = 0.5 }
    [venues.even]
    kind = "perp_tiered"
    liquidates_at_equality = true
    [venues.even.assets]
    SOL = { maintenance_rate = 0.5 }
    [venues.loans]
    kind = "lending_ltv"
    [venues.loans.assets]
    SOL = { liquidation_threshold = 0.8, borrow_factor = 1 }
    BTC = { liquidation_threshold = 0.8, borrow_factor = 1 }
    STSOL = { liquidation_threshold = 0.8, borrow_factor = 1 }
    USDC = { liquidation_threshold = 0.9, borrow_factor = 1 }
    [venues.closed]
    kind = "lending_ltv"
    liquidation = "market"
    [venues.closed.assets]
    SOL = { liquidation_threshold = 0.8, borrow_factor = 1 }
    USDC = { liquidation_threshold = 0.9, borrow_factor = 1 }
    [venues.event]
    kind = "event"
    [venues.event.assets]
    SOL = { liquidation_threshold = 0.8 }
    EVT = { liquidation_threshold = 0.8 }
    USDC = {}
    """

  /// The venues of a document, those above unless another is given.
  package static func catalogue(_ document: String = text) throws -> VenueCatalogue {
    try VenueCatalogue(ConfigValue.parseTOML(Array(document.utf8), file: "venues.toml"))
  }
}

extension WorldVenues {
  /// The venues with some numbers replaced, by dotted path.
  package static func catalogue(
    replacing numbers: [(path: String, value: Double)]
  ) throws(Failure) -> VenueCatalogue {
    var document = try ConfigValue.parseTOML(Array(text.utf8), file: "venues.toml")
    for (path, value) in numbers {
      document = try document.replacing(path: path, withNumber: value)
    }
    return try VenueCatalogue(document)
  }
}
