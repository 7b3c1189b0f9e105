// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Markets
import TestSupport
import Testing

/// Venues with the full waterfall whose numbers can be worked out by hand.
///
/// Maintenance is 5 %; `perps` sells 20 % of a position above 100,000 USD first; `split` has two
/// liquidators; `thin` a market with a half-life.
enum WaterfallVenues {
  static let text = """
    [assets]
    USDC = { quote = true }
    [venues.perps]
    kind = "perp_tiered"
    waterfall = "full"
    partial_share = 0.2
    partial_above_usd = 100000
    [venues.perps.assets]
    SOL = { maintenance_rate = 0.05 }
    BTC = { maintenance_rate = 0.05 }
    [venues.split]
    kind = "perp_tiered"
    waterfall = "full"
    default_liquidator = "hlp"
    allowed_liquidators = ["hlp", "fund", "lone"]
    [venues.split.assets]
    SOL = { maintenance_rate = 0.05 }
    BTC = { maintenance_rate = 0.05 }
    ETH = { maintenance_rate = 0.05 }
    [venues.split.liquidators.fund]
    assets = ["BTC"]
    capital_usd = 500
    [venues.split.liquidators.lone]
    assets = ["ETH"]
    cross = false
    [venues.thin]
    kind = "perp_tiered"
    waterfall = "full"
    [venues.thin.assets]
    SOL = { maintenance_rate = 0.05 }
    [venues.thin.thin_markets.SOL]
    max_slippage = 0.02
    half_life_s = 60
    only_isolated = true
    [venues.loans]
    kind = "lending_ltv"
    liquidation = "market"
    waterfall = "full"
    close_factor = 0.5
    penalty = 0.05
    [venues.loans.assets]
    SOL = { liquidation_threshold = 0.8, borrow_factor = 1 }
    USDC = { liquidation_threshold = 0.9, borrow_factor = 1 }
    """

  static func kit() throws -> WorldBook { WorldBook(try TestCatalogue.read(text)) }

  /// A market so deep that no order moves it, and liquidators without capital.
  static let plain: [String: Double] = [
    "market.depth_usd_per_pct": 1e12, "backstop.capital_usd": 0, "protection.enabled": 0,
  ]
}

/// Compares what a mutating call returned, which `#expect` itself cannot hold.
func check<Value: Equatable>(
  _ value: Value,
  _ expected: Value,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(value == expected, sourceLocation: sourceLocation)
}
