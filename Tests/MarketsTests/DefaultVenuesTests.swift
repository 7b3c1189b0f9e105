// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Configuration
import Markets
import Testing
import TextKit

@Suite struct DefaultVenuesTests {
  private func root() throws(Failure) -> ConfigTable {
    try ConfigTable(
      ConfigValue.parseTOML(Array(DefaultVenues.text.utf8), file: "default venues")
    )
  }

  private func assets(of venue: String) throws(Failure) -> ConfigTable {
    try root().table("venues").table(venue).table("assets")
  }

  @Test func `the text parses and holds six venues and the assets`() throws {
    let root = try root()
    try root.only(["venues", "assets"])
    let venues = try root.table("venues")
    let kinds = [
      "hyperliquid": "perp_tiered", "drift": "perp_sized", "marginfi": "lending_weighted",
      "kamino": "lending_ltv", "jupiter_lend": "lending_ticked", "event": "event",
    ]
    #expect(
      venues.keys == ["hyperliquid", "drift", "marginfi", "kamino", "jupiter_lend", "event"]
    )
    for name in venues.keys {
      let venue = try venues.table(name)
      #expect(try venue.string("kind") == kinds[name])
      let factor = try venue.number("close_factor", in: .above(0, through: 1))
      #expect(factor == (name == "kamino" ? 0.2 : 1))
      let equality = ["marginfi", "kamino"].contains(name)
      #expect(try venue.boolean("liquidates_at_equality") == equality)
      let perps = ["hyperliquid", "drift"].contains(name)
      #expect(
        try venue.choice("liquidation", among: ["market", "auction"])
          == (perps ? "market" : "auction")
      )
      #expect(try !venue.table("assets").keys.isEmpty)
    }
  }

  @Test func `every margin table is progressive`() throws {
    let tables = try root().table("venues").table("hyperliquid").table("margin_tables")
    #expect(tables.keys == ["BTC", "ETH", "SOL", "XRP", "tier_20M_10_5", "tier_3M_10_5"])
    for name in tables.keys {
      var lower = -1.0
      var rate = 0.0
      for (position, tier) in try tables.table(name).array("tiers").enumerated() {
        let tier = try ConfigTable(tier)
        try tier.only(["lower_usd", "max_leverage"])
        let bound = try tier.number("lower_usd", in: 0...)
        let next = 1 / (2 * (try tier.number("max_leverage", in: 1...100)))
        #expect(position > 0 || bound == 0, "\(name)")
        #expect(bound > lower && next >= rate, "\(name)")
        lower = bound
        rate = next
      }
    }
  }

  @Test func `the assets of Hyperliquid have a table that exists or one leverage`() throws {
    let venue = try root().table("venues").table("hyperliquid")
    let tables = try venue.table("margin_tables")
    let assets = try venue.table("assets")
    #expect(assets.keys.count == 191)
    for symbol in assets.keys {
      let asset = try assets.table(symbol)
      if let table = try asset.optionalString("margin_table") {
        #expect(tables[table] != nil, "\(symbol)")
        try asset.only(["margin_table"])
      } else {
        _ = try asset.integer("max_leverage", in: 3...50)
        try asset.only(["max_leverage"])
      }
    }
    for symbol in ["TIA", "kBONK", "ZEC"] {
      #expect(try assets.table(symbol).string("margin_table") == "tier_20M_10_5")
    }
    for symbol in ["MKR", "OP", "kSHIB"] {
      #expect(try assets.table(symbol).string("margin_table") == "tier_3M_10_5")
    }
    #expect(try assets.table("ATOM").integer("max_leverage") == 5)
    #expect(try assets.table("GMX").integer("max_leverage") == 3)
  }

  @Test func `perps and spot of one symbol share an entry on Drift`() throws {
    let assets = try assets(of: "drift")
    let both = [
      "maintenance_ratio", "imf_factor", "asset_weight", "liability_weight", "spot_imf_factor",
    ]
    for symbol in ["SOL", "PYTH", "JTO", "WIF", "JUP"] {
      #expect(try assets.table(symbol).keys == both)
    }
    #expect(assets.keys.count == 26 + 26 - 5)
    #expect(try assets.table("1MBONK").keys == ["maintenance_ratio", "imf_factor"])
    #expect(try assets.table("USDC").keys == ["asset_weight", "liability_weight"])
    #expect(try assets.table("BTC").number("imf_factor") == 0.008)
  }

  @Test func `weights, thresholds and factors lie where the programs allow them`() throws {
    let ranges: [String: ClosedRange<Double>] = [
      "asset_weight": 0...2, "liability_weight": 1...2.5, "spot_imf_factor": 0...0.2,
      "maintenance_ratio": 0.03...0.2, "imf_factor": 0...0.01, "borrow_factor": 1...2,
      "liquidation_threshold": 0.5...0.97, "liquidation_max_limit": 0.5...0.99,
      "penalty": 0...0.1, "min_bonus_bps": 100...500, "max_bonus_bps": 1000...1000,
      "bad_debt_bonus_bps": 99...99,
    ]
    for venue in ["drift", "marginfi", "kamino", "jupiter_lend", "event"] {
      let assets = try assets(of: venue)
      for leaf in assets.flattened() {
        let key = leaf.key.split(separator: ".").last.map(String.init) ?? ""
        if key == "emode_tag" { continue }
        if leaf.key.contains(".emode.") {
          _ = try leaf.value.number(in: 0.9...1.1)
          continue
        }
        let range = try #require(ranges[key], "\(venue) \(leaf.key)")
        _ = try leaf.value.number(in: range)
      }
    }
    for symbol in ["USDC", "USDT", "EURC", "USDG"] {
      #expect(try assets(of: "jupiter_lend").table(symbol).keys.isEmpty)
    }
  }

  @Test func `symbols are in upper case but for the venue's own prefix`() throws {
    for venue in try root().table("venues").keys {
      for symbol in try assets(of: venue).keys {
        let name = symbol.hasPrefix("k") ? symbol.dropFirst() : symbol[...]
        #expect(name.allSatisfy { $0.isUppercase || $0.isNumber }, "\(venue) \(symbol)")
      }
    }
  }

  @Test func `USDC is a quote currency and JITOSOL moves with SOL`() throws {
    let assets = try root().table("assets")
    #expect(assets.keys == ["USD", "USDC", "JITOSOL"])
    #expect(try assets.table("USDC").boolean("quote"))
    #expect(try assets.table("USD").boolean("quote"))
    let staked = try assets.table("JITOSOL")
    #expect(try staked.string("priced_from") == "SOL")
    #expect(try staked.number("ratio") == 1.21)
  }

  @Test func `a venue setting can be swept by its path`() throws {
    let path = "venues.drift.assets.SOL.maintenance_ratio"
    let changed = try root().value.replacing(path: path, withNumber: 0.07)
    #expect(try changed.value(at: path).number() == 0.07)
    #expect(try root().value.value(at: path).number() == 0.05)
  }
}
