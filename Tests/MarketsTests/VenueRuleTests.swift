// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Markets
import TestSupport
import Testing
import TextKit

@Suite struct VenueRuleTests {
  /// The health of one leg, SOL being the first asset of the venue and USDC the second.
  private func health(
    _ text: String,
    _ kind: LegKind,
    _ quantity: Double,
    entry: Double = 0,
    leverage: Double? = nil,
    confidenceRatio: Double = 0,
    against other: Leg? = nil
  ) throws -> LegHealth {
    let catalogue = try TestCatalogue.read(text)
    let leg = Leg(
      venue: 0,
      asset: try #require(catalogue.assets.index(of: "SOL")),
      kind: kind,
      quantity: quantity,
      entryPrice: entry,
      maxLeverage: leverage
    )
    let context = LegContext(
      legs: [leg] + (other.map { [$0] } ?? []),
      confidenceRatio: confidenceRatio
    )
    return try catalogue.venues[0].rule.health(of: leg, in: context)
  }

  private func sized(_ terms: String) -> String {
    "[venues.v]\nkind = \"perp_sized\"\n[venues.v.assets]\nSOL = { \(terms) }"
  }

  /// DRIFT-008: 100,000 SOL at 5 % and imf 0.0002 need 10.32 %, in integers of 1e-4.
  @Test(
    arguments: [
      (100_000.0, 200, 1_032), (100_000, 0, 500), (1, 200, 500), (1_000, 200, 500),
      (10_000, 1_000, 1_400), (10_000, 10_000, 10_400), (0, 200, 500),
    ] as [(Double, Int, Int)]
  )
  func `Drift's ratio grows with the size in whole steps`(
    _ size: Double,
    _ imf: Int,
    _ ratio: Int
  ) throws {
    #expect(PlainRule.premium(500, imf: imf, size: size) == ratio)
    let text = sized("maintenance_ratio = 0.05, imf_factor = \(Double(imf) / 1e6)")
    for quantity in [size, -size] {
      let health = try health(text, .perp, quantity, entry: 100)
      #expect(health.slope == quantity - size * (Double(ratio) / 1e4))
      #expect(health.constant == -quantity * 100)
      #expect(health.table == 0)
    }
  }

  @Test(arguments: PropertySeeds.first(200))
  func `Drift's ratios and weights are those of the plain integers`(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let (ratio, weight) = (random.whole(100, 2_000), random.whole(10_000, 16_000))
    let asset = random.whole(4_000, 10_000)
    let (imf, spot) = (random.whole(0, 9_000), random.whole(0, 9_000))
    let text = sized(
      "maintenance_ratio = \(Double(ratio) / 1e4), imf_factor = \(Double(imf) / 1e6),"
        + " asset_weight = \(Double(asset) / 1e4), liability_weight = \(Double(weight) / 1e4),"
        + " spot_imf_factor = \(Double(spot) / 1e6)"
    )
    for _ in 0..<5 {
      let q = random.magnitude(-6, 7)
      let perp = Double(PlainRule.premium(ratio, imf: imf, size: q)) / 1e4
      #expect(try health(text, .perp, -q).slope == -q - q * perp)
      let deposit = Double(PlainRule.discount(asset, imf: spot, size: q)) / 1e4
      #expect(try health(text, .deposit, q).slope == q * deposit)
      let borrow = Double(PlainRule.premium(weight, imf: spot, size: q)) / 1e4
      #expect(try health(text, .borrow, q).slope == -(q * borrow))
    }
  }

  @Test func `a size that no integer of the program holds is refused`() {
    #expect(throws: Failure(.data, "a quantity below 1e18")) {
      try health(sized("maintenance_ratio = 0.05"), .perp, 1e18)
    }
  }

  @Test(arguments: [
    (0.0, 0.0), (0.001, 0.00212), (0.02, 0.0424), (0.025, 0.05), (0.5, 0.05),
  ])
  func `marginfi's bias is confidence times 2.12, five percent at most`(
    _ ratio: Double,
    _ bias: Double
  ) throws {
    let text = """
      [venues.v]
      kind = "lending_weighted"
      [venues.v.assets]
      SOL = { asset_weight = 0.8, liability_weight = 1.2 }
      """
    let deposit = try health(text, .deposit, 10, confidenceRatio: ratio)
    #expect((deposit.slope - 8 * (1 - bias)).magnitude < 1e-14)
    let borrow = try health(text, .borrow, 10, confidenceRatio: ratio)
    #expect((borrow.slope + 12 * (1 + bias)).magnitude < 1e-14)
  }

  /// Source: venues.md 2.2, `max(bank weight, min over all borrowed banks of their weight)`.
  @Test(arguments: [(0.5, 0.8), (0.8, 0.8), (0.95, 0.95)])
  func `an e-mode pair raises a weight and never lowers it`(
    _ pair: Double,
    _ weight: Double
  ) throws {
    let text = """
      [venues.v]
      kind = "lending_weighted"
      [venues.v.assets]
      SOL = { asset_weight = 0.8, liability_weight = 1.2, emode_tag = "sol" }
      USDC = { asset_weight = 1, liability_weight = 1, emode = { sol = \(pair) } }
      """
    let other = Leg(venue: 0, asset: 1, kind: .borrow, quantity: 5)
    #expect(try health(text, .deposit, 10, against: other).slope == 10 * weight)
    #expect(try health(text, .deposit, 10).slope == 8)
  }

  /// The legs of a large account ask once for what they have in common.
  @Test(arguments: ["lending_weighted", "lending_ticked"], [1, 3, 4, 9])
  func `a leg is the same in the account's context and in its own`(
    _ kind: String,
    _ pairs: Int
  ) throws {
    let terms =
      kind == "lending_weighted"
      ? "asset_weight = 0.8, liability_weight = 1.2, emode_tag = \"t\", emode = { t = 0.9 }"
      : "liquidation_threshold = 0.8"
    let catalogue = try TestCatalogue.read(
      """
      [venues.v]
      kind = "\(kind)"
      [venues.v.assets]
      SOL = { \(terms) }
      BTC = { \(terms) }
      """
    )
    let rule = catalogue.venues[0].rule
    let legs = (0..<2 * pairs).map { row in
      Leg(
        venue: 0,
        asset: row < pairs ? 0 : 1,
        kind: row < pairs ? .deposit : .borrow,
        quantity: Double(10 + row) * (row < pairs ? 3 : 2),
        row: row
      )
    }
    let shared = LegContext(forEachOf: legs, group: "")
    for leg in legs {
      let alone = LegContext(legs: legs, confidenceRatio: 0)
      #expect(try rule.health(of: leg, in: shared) == rule.health(of: leg, in: alone))
      if kind == "lending_weighted", leg.kind == .deposit {
        #expect(try rule.health(of: leg, in: shared).slope == leg.quantity * 0.9)
      } else if kind == "lending_ticked", leg.kind == .borrow {
        #expect(try (rule.health(of: leg, in: shared).slope != 0) == (leg.row == pairs))
      }
    }
  }

  /// FLUID-02b, FLUID-02c, FLUID-21a, FLUID-20: a debt stands one tick above its ratio.
  @Test(
    arguments: [
      (10_000, 9_999.000099990001, 0), (10_000, 9_980.03992015968064, -1), (10_000, 10_000, 1),
      (10_000, 10_000.000001, 1), (250, 30_000, 3_195), (100, 10_000, 3_073),
    ] as [(Double, Double, Int)]
  )
  func `Jupiter's debt is rounded up to a tick`(
    _ collateral: Double,
    _ debt: Double,
    _ tick: Int
  ) throws {
    let text = """
      [venues.v]
      kind = "lending_ticked"
      [venues.v.assets]
      SOL = { liquidation_threshold = 0.92 }
      USDC = {}
      """
    let edge = ExactEdges.ticks[tick + ExactEdges.tickReach]
    #expect(PlainRule.tickRatio(debt: debt, collateral: collateral) == edge)
    let other = Leg(venue: 0, asset: 1, kind: .deposit, quantity: collateral)
    #expect(try health(text, .borrow, debt, against: other).slope == -(collateral * edge))
    #expect(collateral * edge >= debt && collateral * edge <= debt * 1.001501)
    #expect(try health(text, .deposit, collateral).slope == collateral * 0.92)
  }

  @Test func `a debt without collateral, or none, has no tick`() throws {
    let text = "[venues.v]\nkind = \"lending_ticked\"\n[venues.v.assets]\nSOL = {}"
    #expect(try health(text, .borrow, 5).slope == -5)
    let other = Leg(venue: 0, asset: 1, kind: .deposit, quantity: 100)
    #expect(try health(text, .borrow, 0, against: other).slope == 0)
    let tiny = Leg(venue: 0, asset: 1, kind: .deposit, quantity: 1e-30)
    #expect(throws: Failure(.data, "a ratio of debt to collateral from 1e-18 to 1e18")) {
      try health(text, .borrow, 5, against: tiny)
    }
  }

  @Test func `event collateral is marked down by its confidence`() throws {
    let text =
      "[venues.v]\nkind = \"event\"\n[venues.v.assets]\nSOL = { liquidation_threshold = 0.8 }"
    let deposit = try health(text, .deposit, 10)
    #expect(deposit.slope == 8)
    #expect(deposit.markdown?.quantity == 10 && deposit.markdown?.weight == 0.8)
    let borrow = try health(text, .borrow, 10)
    #expect(borrow.slope == -10 && borrow.markdown == nil)
  }

  @Test func `the leverage of a position replaces the table by one tier`() throws {
    let text = """
      [venues.v]
      kind = "perp_tiered"
      [venues.v.margin_tables.T]
      tiers = [{ lower_usd = 0, max_leverage = 20 }, { lower_usd = 1000, max_leverage = 10 }]
      [venues.v.assets]
      SOL = { margin_table = "T" }
      """
    let tiered = try health(text, .perp, 3, entry: 10)
    #expect(tiered == LegHealth(slope: 3, constant: -30, table: 1))
    let own = try health(text, .perp, 3, entry: 10, leverage: 5)
    var expected = LegHealth(slope: 3 - 3 * 0.1, constant: -30, table: 0)
    expected.rate = 0.1
    #expect(own == expected)
    let sizedLeg = try health(sized("maintenance_ratio = 0.05"), .perp, -3, leverage: 5)
    #expect(sizedLeg.slope == -3 - 3 * 0.1)
  }

  @Test(arguments: [
    ("perp_tiered", "SOL = { max_leverage = 10 }", LegKind.deposit, "a perp: this venue has no"),
    ("perp_sized", "SOL = { asset_weight = 0.9 }", .perp, "an asset with maintenance_ratio"),
    ("perp_sized", "SOL = { maintenance_ratio = 0.1 }", .deposit, "an asset with asset_weight"),
    ("perp_sized", "SOL = { maintenance_ratio = 0.1 }", .borrow, "with liability_weight"),
    ("lending_ltv", "SOL = { liquidation_threshold = 0.8 }", .perp, "this venue has no perps"),
    ("lending_weighted", "SOL = { asset_weight = 1 }", .borrow, "that can be borrowed"),
    ("event", "SOL = {}", .deposit, "an asset that is collateral at this venue"),
  ])
  func `a leg that the venue does not have is refused in words`(
    _ kind: String,
    _ asset: String,
    _ leg: LegKind,
    _ part: String
  ) throws {
    let text = "[venues.v]\nkind = \"\(kind)\"\n[venues.v.assets]\n\(asset)"
    #expect {
      try health(text, leg, 1)
    } throws: { error in
      (error as? Failure)?.message.contains(part) == true
    }
  }

  @Test func `a venue lists its own assets only`() throws {
    for kind in RandomMarket.kinds {
      let line = kind == "perp_tiered" ? "SOL = { max_leverage = 5 }" : "SOL = {}"
      let catalogue = try TestCatalogue.read(
        "[assets]\nUSDC = { quote = true }\n[venues.v]\nkind = \"\(kind)\"\n[venues.v.assets]\n"
          + line
      )
      let sol = try #require(catalogue.assets.index(of: "SOL"))
      let usdc = try #require(catalogue.assets.index(of: "USDC"))
      #expect(catalogue.venues[0].rule.lists(sol), "\(kind)")
      // Quote currencies are collateral of tiered perps at their face value.
      #expect(catalogue.venues[0].rule.lists(usdc) == (kind == "perp_tiered"), "\(kind)")
    }
  }
}
