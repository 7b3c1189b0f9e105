// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Configuration
import Markets
import TestSupport
import Testing
import TextKit

@Suite struct VenueCatalogueTests {
  private func refusal(_ text: String) -> String? {
    do throws(Failure) {
      _ = try TestCatalogue.read(text)
      return nil
    } catch {
      return error.message
    }
  }

  @Test func `the defaults are read, with what each kind does`() throws {
    let catalogue = try TestCatalogue.defaults()
    #expect(
      catalogue.venues.map(\.name)
        == ["hyperliquid", "drift", "marginfi", "kamino", "jupiter_lend", "event"]
    )
    #expect(
      catalogue.venues.map(\.liquidatesAtEquality) == [false, false, true, true, false, false]
    )
    #expect(
      catalogue.venues.map(\.liquidation)
        == [.market, .market, .auction, .auction, .auction, .auction]
    )
    #expect(catalogue.venueIndex(named: "kamino") == 3)
    #expect(catalogue.venueIndex(named: "aave") == nil)
  }

  @Test(arguments: [
    ("perp_tiered", false, LiquidationMode.market), ("perp_sized", false, .market),
    ("lending_weighted", true, .auction), ("lending_ltv", true, .auction),
    ("lending_ticked", false, .auction), ("event", false, .auction),
  ])
  func `a venue does what its kind does unless it says otherwise`(
    _ kind: String,
    _ equality: Bool,
    _ mode: LiquidationMode
  ) throws {
    let plain = try TestCatalogue.read("[venues.v]\nkind = \"\(kind)\"").venues[0]
    #expect(plain.liquidatesAtEquality == equality)
    #expect(plain.liquidation == mode)
    #expect(plain.closeFactor == 1 && plain.penalty == 0)
    let other = try TestCatalogue.read(
      """
      [venues.v]
      kind = "\(kind)"
      liquidates_at_equality = \(!equality)
      close_factor = 0.2
      penalty = 0.025
      """
    ).venues[0]
    #expect(other.liquidatesAtEquality == !equality)
    #expect(other.closeFactor == 0.2 && other.penalty == 0.025)
  }

  @Test func `an unknown kind is refused with the nearest`() {
    #expect(
      refusal("[venues.v]\nkind = \"perp_tierd\"")
        == "venues.toml:2: venues.v.kind: found the text 'perp_tierd', expected one of:"
        + " perp_tiered, perp_sized, lending_weighted, lending_ltv, lending_ticked, event;"
        + " did you mean 'perp_tiered'?"
    )
  }

  @Test(arguments: [
    (
      "[venues.v]\nkind = \"event\"\nclose_facter = 1",
      "venues.toml:3: unknown key 'venues.v.close_facter'; did you mean 'close_factor'?"
    ),
    ("[venus.v]\nkind = \"event\"", "unknown key 'venus'; did you mean 'venues'?"),
    (
      "[venues.v]\nkind = \"lending_ltv\"\n[venues.v.assets.SOL]\nliquidation_treshold = 0.8",
      "did you mean 'liquidation_threshold'?"
    ),
    ("[assets]\nSOL = { quotes = true }", "did you mean 'quote'?"),
    ("[venues.v]\nkind = \"event\"\ntick_base = 1.0015", "unknown key 'venues.v.tick_base'"),
    ("[venues.v]\nclose_factor = 1", "found no key 'kind'"),
    ("[venues.v]\nkind = \"event\"\nclose_factor = 0", "found 0, expected a number from"),
    ("[venues.v]\nkind = \"event\"\npenalty = 2", "venues.v.penalty: found 2, expected a number"),
    (
      "[venues.v]\nkind = \"perp_tiered\"\nliquidation = \"auction\"",
      "expected market: auctions sell the collateral of lending and event venues"
    ),
    ("[venues.v]\nkind = \"event\"\nliquidation = \"auctoin\"", "did you mean 'auction'?"),
  ])
  func `a venue file that is wrong is refused with file, line and advice`(
    _ text: String,
    _ part: String
  ) throws {
    let message = try #require(refusal(text))
    #expect(message.contains(part), "\(message)")
    #expect(message.hasPrefix("venues.toml:"), "\(message)")
  }

  @Test(arguments: [
    ("perp_tiered", "max_leverage = 0", "expected a number from 0.5 to 1000"),
    ("perp_tiered", "penalty = 0.1", "found no key 'max_leverage'"),
    ("perp_sized", "maintenance_ratio = 1.5", "expected a number from 0.0001 to 1"),
    ("lending_weighted", "liability_weight = 0.9", "expected a number from 1 to 10"),
    ("lending_ltv", "borrow_factor = 0.5", "expected a number from 1 to 100"),
    ("lending_ticked", "liquidation_threshold = 1.1", "expected a number from 0 to 1"),
    ("event", "borrow_factor = 1.1", "unknown key"),
  ])
  func `terms outside their range are refused`(
    _ kind: String,
    _ line: String,
    _ part: String
  ) throws {
    let text = "[venues.v]\nkind = \"\(kind)\"\n[venues.v.assets.SOL]\n\(line)"
    #expect(try #require(refusal(text)).contains(part))
  }

  @Test func `a margin table that is not progressive is refused where it stands`() {
    let text = """
      [venues.v]
      kind = "perp_tiered"
      [venues.v.margin_tables.T]
      tiers = [
        { lower_usd = 0, max_leverage = 10 },
        { lower_usd = 1000, max_leverage = 20 },
      ]
      """
    #expect(
      refusal(text)?.hasSuffix(
        "expected a progressive margin table: tier 2 has rate 0.025, below 0.05 of the tier"
          + " before; a progressive table never falls"
      ) == true
    )
    #expect(refusal(text)?.hasPrefix("venues.toml:4: venues.v.margin_tables.T.tiers:") == true)
  }

  @Test func `a margin table that does not exist is refused with the nearest`() throws {
    let text = """
      [venues.v]
      kind = "perp_tiered"
      [venues.v.margin_tables.BTC]
      tiers = [{ lower_usd = 0, max_leverage = 10 }]
      [venues.v.assets]
      BTC = { margin_table = "BTCC" }
      """
    #expect(try #require(refusal(text)).contains("did you mean 'BTC'?"))
  }

  @Test func `a later document replaces keys and its assets are added`() throws {
    let base = try ConfigValue.parseTOML(Array(DefaultVenues.text.utf8), file: "defaults")
    let file = try ConfigValue.parseTOML(
      Array(
        """
        [venues.kamino]
        close_factor = 0.2
        [venues.kamino.assets]
        SOL = { liquidation_threshold = 0.70 }
        NEW = { liquidation_threshold = 0.40 }
        """.utf8
      ),
      file: "mine.toml"
    )
    // The tool replaces an asset whole; what the file does not say is then the kind's default.
    let merged = base.merging(file) { _, override in
      override.path.hasPrefix("venues.kamino.assets.")
    }
    let catalogue = try VenueCatalogue(merged)
    let venue = catalogue.venues[try #require(catalogue.venueIndex(named: "kamino"))]
    #expect(venue.closeFactor == 0.2)
    #expect(venue.liquidatesAtEquality)
    let sol = try #require(catalogue.assets.index(of: "SOL"))
    let leg = Leg(venue: 3, asset: sol, kind: .deposit, quantity: 10)
    let context = LegContext(legs: [leg], confidenceRatio: 0)
    #expect(try venue.rule.health(of: leg, in: context).slope == 7)
    var debt = leg
    debt.kind = .borrow
    #expect(try venue.rule.health(of: debt, in: context).slope == -10)
    #expect(venue.rule.lists(try #require(catalogue.assets.index(of: "NEW"))))
  }

  @Test func `an asset is priced from another at its ratio`() throws {
    let assets = try TestCatalogue.read(
      "[assets]\nUSDC = { quote = true }\nJITO = { priced_from = \"SOL\", ratio = 1.21 }"
    ).assets
    let jito = try #require(assets.index(of: "JITO"))
    let sol = try #require(assets.index(of: "SOL"))
    #expect(assets[jito].underlying == sol && assets[jito].ratio == 1.21)
    #expect(assets[sol].underlying == sol)
    var snapshot = PriceSnapshot(assets)
    snapshot.set(sol, price: 150, confidence: 0.75)
    #expect(snapshot.price(of: jito, in: assets) == 1.21 * 150)
    #expect(snapshot.price(of: try #require(assets.index(of: "USDC")), in: assets) == 1)
    #expect(snapshot.confidenceRatios[sol] == 0.005)
    snapshot.set(sol, price: 200, confidenceRatio: 0.01)
    #expect(snapshot.confidences[sol] == 2)
  }

  @Test(arguments: [
    ("SOL = { priced_from = \"SOL\", ratio = 1 }", "expected another asset than the asset itself"),
    ("SOL = { quote = true, priced_from = \"ETH\", ratio = 1 }", "expected another asset than"),
    ("A = { priced_from = \"B\", ratio = 2 }\nB = { quote = true }", "a price of its own"),
    (
      "A = { priced_from = \"B\", ratio = 2 }\nB = { priced_from = \"C\", ratio = 2 }",
      "expected an asset with a price of its own"
    ),
    ("A = { priced_from = \"B\", ratio = 0 }", "ratio: found 0"),
    ("A = { priced_from = \"B\" }", "found no key 'ratio'"),
  ])
  func `assets that have no price are refused`(_ line: String, _ part: String) throws {
    #expect(try #require(refusal("[assets]\n" + line)).contains(part))
  }

  @Test func `the penalty is the collateral's own, else the venue's`() throws {
    let catalogue = try TestCatalogue.read(
      """
      [venues.v]
      kind = "lending_ltv"
      penalty = 0.02
      [venues.v.assets]
      SOL = { liquidation_threshold = 0.8, penalty = 0.05 }
      ETH = { liquidation_threshold = 0.8 }
      """
    )
    func penalty(_ symbols: [(String, LegKind)]) throws -> Double {
      let legs = try symbols.map { symbol, kind in
        Leg(
          venue: 0,
          asset: try #require(catalogue.assets.index(of: symbol)),
          kind: kind,
          quantity: 1
        )
      }
      return catalogue.venues[0].penalty(of: Account(name: "a", legs: legs))
    }
    #expect(try penalty([("SOL", .deposit), ("ETH", .borrow)]) == 0.05)
    #expect(try penalty([("SOL", .borrow), ("ETH", .deposit)]) == 0.02)
    #expect(try penalty([("SOL", .borrow)]) == 0.05)
  }
}
