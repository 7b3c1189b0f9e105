// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Inputs
import Markets
import TestSupport
import Testing

/// Everything that is wrong with a venue file.
@Suite struct VenueCheckTests {
  private func check(_ text: String) throws -> [String] {
    let folder = WorldFolder()
    return try VenueCheck([folder.file("v.toml", text)]).problems.map { folder.short($0.text) }
  }

  @Test func `the embedded venues have no problem`() throws {
    let folder = WorldFolder()
    let found = try VenueCheck([folder.file("v.toml", DefaultVenues.text)])
    #expect(found.errorCount == 0)
    #expect(found.summaries.map(\.venue).count == 6)
    #expect(found.problems.allSatisfy { $0.message.contains("would worsen") })
  }

  @Test func `every key of every asset is checked by itself`() throws {
    #expect(
      try check(
        """
        extra = 1
        [venues.lend]
        kind = "lending_weighted"
        close_facto = 0.5
        close_factor = 7
        [venues.lend.assets]
        SOL = { asset_weight = 3, liability_weight = 0.5, penalty = 2, wait = 1 }
        BTC = { asset_weight = 1.01, liability_weight = 1.0, penalty = 0.1 }
        ETH = { asset_weight = 0.5, liability_weight = 1.1 }
        [venues.other]
        kind = "lendin_ltv"
        [venues.none]
        kind = "event"
        [venues.loans]
        kind = "lending_ltv"
        [venues.loans.assets]
        SOL = { liquidation_threshold = 2 }
        [venues.loans.elevation_groups.lst]
        liquidation_threshold = 0.9
        assets = ["SOL"]
        debt = "SOLL"
        """
      ) == [
        "v.toml:1:9: unknown key 'extra'; known keys: venues, assets",
        "v.toml:4:15: unknown key 'venues.lend.close_facto'; did you mean 'close_factor'?",
        "v.toml:5:16: venues.lend.close_factor: found 7, expected a number from 1e-06 to 1",
        "v.toml:7:24: venues.lend.assets.SOL.asset_weight: found 3, expected a number from 0 to 2",
        "v.toml:7:46: venues.lend.assets.SOL.liability_weight: found 0.5, expected a number from 1"
          + " to 10",
        "v.toml:7:61: venues.lend.assets.SOL.penalty: found 2, expected a number from 0 to 1",
        "v.toml:7:71: unknown key 'venues.lend.assets.SOL.wait'; known keys: asset_weight,"
          + " liability_weight, emode_tag, emode, isolated, penalty",
        "v.toml:8:24: warning: venues.lend.assets.BTC.asset_weight: found 1.01 with a penalty of"
          + " 0.1, expected weight · (1 + penalty) below 1.1, the least weight of a debt; a"
          + " liquidation would worsen the health",
        "v.toml:11:8: venues.other.kind: found the text 'lendin_ltv', expected one of: perp_tiered,"
          + " perp_sized, lending_weighted, lending_ltv, lending_ticked, event; did you mean"
          + " 'lending_ltv'?",
        "v.toml:12:1: warning: venues.none: found no key 'assets', expected one; nothing can be at"
          + " this venue",
        "v.toml:17:33: venues.loans.assets.SOL.liquidation_threshold: found 2, expected a number"
          + " from 0 to 1",
        "v.toml:21:8: venues.loans.elevation_groups.lst.debt: found the text 'SOLL', expected"
          + " assets of this venue, without 'SOLL'",
      ]
    )
  }

  @Test func `every tier of every margin table is checked`() throws {
    #expect(
      try check(
        """
        [venues.hl]
        kind = "perp_tiered"
        [venues.hl.margin_tables.A]
        tiers = [
          { lower_usd = 5, max_leverage = 10 },
          { lower_usd = 100, max_leverage = 20 },
          { lower_usd = 50, maintenance_rate = 0.01 },
        ]
        [venues.hl.margin_tables.B]
        tiers = [
          { lower_usd = 0, max_leverage = 10, deduction_usd = 1 },
          { lower_usd = 1000, max_leverage = 5, deduction_usd = 49 },
          { lower_usd = 3000, max_leverage = 2, deduction_usd = 500 },
        ]
        [venues.hl.margin_tables.C]
        tiers = [ { lower_usd = -1, max_leverag = 10 }, { lower_usd = 3, max_leverage = 0 } ]
        [venues.hl.assets]
        X = { margin_table = "A" }
        Y = { margin_table = "Bee" }
        Z = { margin_table = "C" }
        """
      ) == [
        "v.toml:5:17: venues.hl.margin_tables.A.tiers[0].lower_usd: found 5, expected 0: the first"
          + " tier begins there",
        "v.toml:6:37: venues.hl.margin_tables.A.tiers[1].max_leverage: found the rate 0.025,"
          + " expected at least 0.05 of the tier before; a progressive table never falls: order the"
          + " tiers by notional",
        "v.toml:7:17: venues.hl.margin_tables.A.tiers[2].lower_usd: found 50, expected more than"
          + " 100 of the tier before",
        "v.toml:7:40: venues.hl.margin_tables.A.tiers[2].maintenance_rate: found the rate 0.01,"
          + " expected at least 0.025 of the tier before; a progressive table never falls: order"
          + " the tiers by notional",
        "v.toml:9:1: warning: venues.hl.margin_tables.B: found a margin table that no asset uses,"
          + " expected it in an asset's margin_table",
        "v.toml:11:55: venues.hl.margin_tables.B.tiers[0].deduction_usd: found 1, expected 0,"
          + " which makes the requirement continuous; correct it or leave it out",
        "v.toml:12:57: venues.hl.margin_tables.B.tiers[1].deduction_usd: found 49, expected 50,"
          + " which makes the requirement continuous; correct it or leave it out",
        "v.toml:16:25: venues.hl.margin_tables.C.tiers[0].lower_usd: found -1, expected a number"
          + " from 0 to 1000000000000000",
        "v.toml:16:43: unknown key 'venues.hl.margin_tables.C.tiers[0].max_leverag'; did you mean"
          + " 'max_leverage'? known keys: lower_usd, max_leverage, maintenance_rate, deduction_usd",
        "v.toml:16:81: venues.hl.margin_tables.C.tiers[1].max_leverage: found 0, expected a number"
          + " from 0.5 to 1000",
        "v.toml:19:22: venues.hl.assets.Y.margin_table: found the text 'Bee', expected a table of"
          + " margin_tables; did you mean 'B'?",
      ]
    )
  }

  @Test func `chains of prices, unknown sources and useless penalties are found`() throws {
    #expect(
      try check(
        """
        [assets]
        AA = { priced_from = "BB", ratio = 1 }
        BB = { priced_from = "SOL", ratio = 2 }
        CC = { priced_from = "SOLL", ratio = 2 }
        DD = { priced_from = "DD", ratio = 2 }
        EE = { priced_from = "SOL", ratio = -2, quot = 1 }
        [venues.tick]
        kind = "lending_ticked"
        [venues.tick.assets]
        SOL = { liquidation_threshold = 1.2 }
        XX = { liquidation_threshold = 0.9, liquidation_max_limit = 0.85, penalty = 0.2 }
        """
      ) == [
        "v.toml:2:22: assets.AA.priced_from: found the text 'BB', expected an asset with a price of"
          + " its own",
        "v.toml:4:22: warning: assets.CC.priced_from: found 'SOLL', expected an asset that a venue"
          + " lists; did you mean 'SOL'?",
        "v.toml:5:22: assets.DD.priced_from: found the text 'DD', expected another asset than the"
          + " asset itself",
        "v.toml:6:37: assets.EE.ratio: found -2, expected a number from 1e-09 to 1000000000",
        "v.toml:6:48: unknown key 'assets.EE.quot'; did you mean 'quote'? known keys: quote,"
          + " priced_from, ratio, issuer",
        "v.toml:10:33: venues.tick.assets.SOL.liquidation_threshold: found 1.2, expected a number"
          + " from 0 to 1",
        "v.toml:11:32: warning: venues.tick.assets.XX.liquidation_threshold: found 0.9 with a"
          + " penalty of 0.2, expected threshold · (1 + penalty) below 1, the least weight of a"
          + " debt; a liquidation would worsen the health",
        "v.toml:11:61: warning: venues.tick.assets.XX.liquidation_max_limit: found 0.85, expected"
          + " more than the threshold 0.9",
      ]
    )
  }

  /// The larger the table, the fewer of its problems are named before they are mended.
  @Test(arguments: [(4, 4), (150, 101), (25_000, 6)])
  func `a table full of problems ends with a word about the rest`(
    _ count: Int,
    _ named: Int
  ) throws {
    let keys = (0..<count).map { "x\($0) = 1\n" }.joined()
    let found = try check(
      "[venues.v]\nkind = \"event\"\n[venues.v.assets.SOL]\nliquidation_threshold = 0.5\n" + keys
    )
    #expect(found.count == named)
    #expect(found.contains { $0.contains("'venues.v.assets.SOL.x0'") })
    let rest = "v.toml:3:1: venues.v.assets.SOL: found many problems, expected fewer; the rest"
    #expect(found.contains { $0.hasPrefix(rest) } == (named < count))
  }

  /// An asset sees its own table alone, and of an unknown one the nearest name.
  @Test func `assets find their tables among many`() throws {
    let tables = (0..<300).map {
      "T\($0).tiers = [{ lower_usd = 0, max_leverage = \($0 + 1) }]\n"
    }.joined()
    let assets = (0..<299).map { "A\($0) = { margin_table = \"T\($0)\" }\n" }.joined()
    let found = try check(
      "[venues.v]\nkind = \"perp_tiered\"\n[venues.v.margin_tables]\n" + tables
        + "[venues.v.assets]\n" + assets + "B = { margin_table = \"T2999\" }\n"
    )
    #expect(
      found == [
        "v.toml:303:1: warning: venues.v.margin_tables.T299: found a margin table that no asset"
          + " uses, expected it in an asset's margin_table",
        "v.toml:604:22: venues.v.assets.B.margin_table: found the text 'T2999', expected a table of"
          + " margin_tables; did you mean 'T299'?",
      ]
    )
  }

  @Test func `files that are no TOML do not hide the others`() throws {
    let folder = WorldFolder()
    let found = try VenueCheck([
      folder.file("a.toml", "[venues\n"), folder.file("b.toml", "[venues.x]\nkind = 1\n"),
      folder.file("c.toml", "venues = 3\n"),
    ])
    #expect(found.problems.map { folder.short($0.file) } == ["a.toml", "c.toml"])
    #expect(found.errorCount == 2)
    #expect(found.summaries.isEmpty)
  }

  @Test func `a clean file is summed up`() throws {
    let folder = WorldFolder()
    let found = try VenueCheck([folder.file("v.toml", ImportVenues.text)])
    #expect(found.problems.isEmpty)
    #expect(found.summaries.map(\.venue) == ["hyperliquid", "loans"])
    #expect(found.summaries.map(\.assetCount) == [191, 3])
  }
}
