// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Liquidation
import Markets
import TestSupport
import Testing
import TextKit

/// What a liquidation takes, and where the rest stands.
@Suite struct LadderTests {
  private func rungs(
    _ text: String,
    _ legs: [PlainLeg],
    collateral: Double = 0,
    prices: [String: Double] = ["SOL": 150],
    atPresent: Bool = false
  ) throws -> [Rung] {
    var market = PlainMarket()
    market.prices = prices
    let account = PlainAccount(venue: "v", legs: legs, collateral: collateral)
    let made = try TestBook(
      "[assets]\nUSDC = { quote = true }\n[venues.v]\n" + text,
      market,
      [account]
    )
    let book = try AffineBook(
      compiling: made.book,
      catalogue: made.catalogue,
      snapshot: made.snapshot
    )
    let snapshot = made.snapshot
    let interval = book.interval(
      of: 0,
      deposited: 0,
      prices: snapshot.prices,
      confidences: snapshot.confidences
    )
    return LadderSolver(
      made.book,
      made.catalogue,
      book,
      confidenceRatios: snapshot.confidenceRatios
    ).rungs(
      of: 0,
      book.assess(0, interval, prices: snapshot.prices),
      deposited: 0,
      prices: snapshot.prices,
      confidences: snapshot.confidences,
      atPresent: atPresent
    )
  }

  private static let large = """
    kind = "perp_tiered"
    partial_share = 0.2
    partial_above_usd = 100_000
    [venues.v.assets]
    SOL = { maintenance_rate = 0.05 }
    """

  @Test func `a large perp loses a fifth first, the rest further on`() throws {
    let found = try rungs(
      Self.large,
      [PlainLeg("SOL", .perp, 2_000, entry: 100)],
      collateral: 20_000
    )
    // Root 180,000/1,900; then 0.8·1,900·P = 180,000 − 400·root.
    let first = 180_000.0 / 1_900
    #expect(found.count == 2 && found[0].price == first && found[0].share == 0.2)
    #expect((found[1].price - (180_000 - 400 * first) / 1_520).magnitude < 1e-9)
    #expect(found[1].share == 0.8 && found[1].price < found[0].price)
  }

  @Test func `a small perp is closed whole`() throws {
    let found = try rungs(
      Self.large,
      [PlainLeg("SOL", .perp, 1_000, entry: 100)],
      collateral: 10_000
    )
    #expect(found.map(\.share) == [1])
  }

  /// Root 64, since 700 − 7,000 + 100·(1 − 1/64)·64 is 0; 100 SOL are worth 6,400 USD there.
  @Test(arguments: [(6_400.0, 1), (6_399, 2)])
  func `a perp worth exactly the threshold is closed whole`(above: Double, count: Int) throws {
    let text = """
      kind = "perp_tiered"
      partial_share = 0.5
      partial_above_usd = \(above)
      [venues.v.assets]
      SOL = { maintenance_rate = 0.015625 }
      """
    let found = try rungs(text, [PlainLeg("SOL", .perp, 100, entry: 70)], collateral: 700)
    #expect(found.count == count && found[0].price == 64)
    // The streamed form and the columns' plain form say the same.
    let catalogue = try TestCatalogue.read("[venues.v]\n" + text)
    var snapshot = PriceSnapshot(catalogue.assets)
    snapshot.set(0, price: 150, confidence: 0)
    let perps = LonePerps(catalogue, snapshot)
    var record = LegRecord()
    (record.quantity, record.entryPrice, record.collateralUSD) = (100, 70, 700)
    (record.venue, record.asset) = (0, 0)
    #expect(perps.rungs(of: perps.position(record, deposited: 0)) == found)
    let terms = try #require(perps.terms(venue: 0, asset: 0, isLong: true))
    let (_, parts) = terms.plain(quantity: 100, constant: 700 - 7_000)
    #expect(parts.map(\.price) == found.map(\.price))
    #expect(parts.map(\.share) == found.map(\.share))
  }

  /// A fifth goes at the first root, then half of what is left at each: 400, 800, 400, 200 SOL.
  @Test func `a streamed perp has the ladder of its account`() throws {
    let text = "close_factor = 0.5\n" + Self.large
    let found = try rungs(text, [PlainLeg("SOL", .perp, 2_000, entry: 100)], collateral: 20_000)
    var roots = [180_000.0 / 1_900]
    roots.append((180_000 - 400 * roots[0]) / 1_520)
    roots.append((180_000 - 400 * roots[0] - 800 * roots[1]) / 760)
    roots.append((180_000 - 400 * roots[0] - 800 * roots[1] - 400 * roots[2]) / 380)
    #expect(found.prefix(4).map(\.share) == [0.2, 0.4, 0.2, 0.1])
    for (rung, root) in zip(found, roots) { #expect((rung.price - root).magnitude < 1e-9) }
    let catalogue = try TestCatalogue.read("[venues.v]\n" + text)
    var snapshot = PriceSnapshot(catalogue.assets)
    snapshot.set(0, price: 150, confidence: 0)
    let perps = LonePerps(catalogue, snapshot)
    var record = LegRecord()
    (record.quantity, record.entryPrice, record.collateralUSD) = (2_000, 100, 20_000)
    (record.venue, record.asset) = (0, 0)
    #expect(perps.rungs(of: perps.position(record, deposited: 0)) == found)
    // Five times: a tenth of the notional is maintenance, the root of 2,000·(P − 90) is 100.
    record.maxLeverage = 5
    #expect(perps.position(record, deposited: 0).assessment.price == 100)
  }

  @Test func `a short's rest stands higher`() throws {
    let found = try rungs(
      Self.large,
      [PlainLeg("SOL", .perp, -2_000, entry: 150)],
      collateral: 40_000
    )
    let first = 340_000.0 / 2_100
    #expect(found.count == 2 && (found[0].price - first).magnitude < 1e-9)
    #expect((found[1].price - (340_000 - 400 * first) / 1_680).magnitude < 1e-9)
    #expect(found[1].price > found[0].price)
  }

  private static let kamino = """
    kind = "lending_ltv"
    close_factor = 0.2
    insolvency_ltv = 0.95
    max_liquidatable_at_once_usd = 500_000
    full_liquidation_below_usd = 2
    [venues.v.assets.SOL]
    liquidation_threshold = 0.75
    min_bonus_bps = 500
    max_bonus_bps = 1000
    bad_debt_bonus_bps = 99
    [venues.v.assets.USDC]
    liquidation_threshold = 0.90
    min_bonus_bps = 100
    max_bonus_bps = 1000
    bad_debt_bonus_bps = 99
    """

  private func loan(_ sol: Double, _ debt: Double) -> [PlainLeg] {
    [PlainLeg("SOL", .deposit, sol), PlainLeg("USDC", .borrow, debt)]
  }

  @Test func `the close factor repays a fifth of the debt with the larger least bonus`() throws {
    let found = try rungs(Self.kamino, loan(100, 8_000))
    // At 106.67: 1,600 USD repaid for 1,680 USD of 10,666.67.
    #expect(found.count == LadderSolver.mostRungs)
    #expect((found[0].share - 1_680 / (100 * (8_000 / 75.0))).magnitude < 1e-12)
    #expect((found[0].penalty - 0.05 / 1.05).magnitude < 1e-15)
    // Then 6,400 USD against what is left.
    let left = 1 - found[0].share
    #expect((found[1].price - 6_400 / (75 * left)).magnitude < 1e-9)
    #expect((found.reduce(0) { $0 + $1.share } - 1).magnitude < 1e-12)
    #expect(zip(found, found.dropFirst()).allSatisfy { $0.price > $1.price })
  }

  @Test func `at most half a million at once, and dust whole`() throws {
    let large = try rungs(Self.kamino, loan(100_000, 8_000_000))
    #expect((large[0].share - 525_000 / (8_000_000 / 0.75)).magnitude < 1e-12)
    let dust = try rungs(Self.kamino, loan(0.02, 1.9))
    #expect(dust.map(\.share) == [1])
  }

  @Test func `past the insolvency loan to value everything is repaid`() throws {
    let found = try rungs(Self.kamino, loan(100, 14_500), atPresent: true)
    #expect(found.map(\.share) == [1])
  }

  @Test func `the bonus grows with the excess over the threshold`() throws {
    // 12,300 of 15,000 is 82 %: 7 % beyond 75 %.
    let found = try rungs(Self.kamino, loan(100, 12_300), atPresent: true)
    #expect((found[0].penalty - 0.07 / 1.07).magnitude < 1e-12)
    #expect((found[0].share - 12_300 * 0.2 * 1.07 / 15_000).magnitude < 1e-12)
  }

  @Test func `a short is repaid with the collateral of the lowest threshold`() throws {
    let found = try rungs(
      Self.kamino.replacing("liquidation_threshold = 0.90", with: "liquidation_threshold = 0.60"),
      [PlainLeg("SOL", .borrow, 50), PlainLeg("USDC", .deposit, 20_000)]
    )
    #expect(found.count == LadderSolver.mostRungs && found[0].price == 240)
    #expect((found[0].share - 0.2).magnitude < 1e-15)
    // 12,000 USD repay 2,400 for 2,520 of collateral: 17,480·0.6 against 40 SOL.
    #expect((found[1].price - 17_480 * 0.6 / 40).magnitude < 1e-9)
  }

  @Test func `health is brought to 0 at every price on the way`() throws {
    let text = """
      kind = "lending_weighted"
      [venues.v.assets]
      SOL = { asset_weight = 0.9, liability_weight = 1.1 }
      USDC = { asset_weight = 1.0, liability_weight = 1.0 }
      """
    let found = try rungs(text, loan(100, 9_000))
    #expect(found.count == 8 && found.allSatisfy { $0.share == 0.125 })
    #expect(found[0].price == 100)
    // Seizing in small steps, each to health 0, leaves the same share at the same price.
    var quantity = 100.0
    var debt = 9_000.0
    var price = 100.0
    while quantity > 50 {
      price *= 1 - 1e-6
      let missing = debt - quantity * price * 0.9
      let seized = missing / (0.95 - 0.9)
      quantity -= seized / price
      debt -= seized * 0.95
    }
    #expect((found[4].price / price - 1).magnitude < 1e-4)
    // Of an account past its root, at once what brings health to 0.
    let deep = try rungs(text, loan(100, 13_600), atPresent: true)
    #expect((deep[0].share - 100 / 0.05 / 15_000).magnitude < 1e-12)
  }

  @Test func `what a bought debt costs is a share of the debt, a sale's one of the collateral`()
    throws
  {
    let text = """
      kind = "lending_weighted"
      [venues.v.assets]
      SOL = { asset_weight = 0.9, liability_weight = 1.1 }
      USDC = { asset_weight = 1.0, liability_weight = 1.0 }
      """
    // 2.5 % each for liquidator and insurance.
    let sold = try rungs(text, loan(100, 9_000))
    #expect((sold[0].penalty - 0.05).magnitude < 1e-15)
    let bought = try rungs(
      text,
      [PlainLeg("SOL", .borrow, 50), PlainLeg("USDC", .deposit, 20_000)]
    )
    #expect((bought[0].price - 20_000.0 / 55).magnitude < 1e-9)
    #expect((bought[0].penalty - 0.05 / 0.95).magnitude < 1e-15)
  }

  /// Source: venues.md 1.6, `shortage / (w_l − w_a · (1 + fee)/(1 − fee) − insurance · w_l)`.
  @Test func `spot at Drift is sold until margin and buffer are restored`() throws {
    let text = """
      kind = "perp_sized"
      [venues.v.assets.SOL]
      asset_weight = 0.8
      spot_liquidator_fee = 0.01
      spot_insurance_fee = 0.02
      [venues.v.assets.USDC]
      asset_weight = 1
      liability_weight = 1.1
      """
    let found = try rungs(text, loan(100, 8_000))
    // 80 SOL against 8,800 at 110; the buffer is 2 % of 8,000.
    #expect((found[0].price - 110).magnitude < 1e-9)
    let exchange = 1.01 / 0.99
    let repaid = 160 / (1.1 - 0.8 * exchange - 0.02 * 1.1)
    #expect((found[0].share - repaid * exchange / 11_000).magnitude < 1e-12)
    #expect((found[0].penalty - (exchange - 1 + 0.02)).magnitude < 1e-12)
  }

  @Test func `a vault is brought to the tick of its threshold`() throws {
    let text = """
      kind = "lending_ticked"
      penalty = 0.01
      [venues.v.assets]
      SOL = { liquidation_threshold = 0.85 }
      USDC = {}
      """
    let found = try rungs(text, loan(100, 10_000))
    // venues.md 4.3: x = (D − C·R)/(1 − R·col_per_debt) at tick-rounded debt.
    let price = found[0].price
    let debt = 100 * price * 0.85
    let ratio = debt / 1.0015 / 100
    let perDebt = 1.01 / price
    let repaid = (debt - 100 * ratio) / (1 - ratio * perDebt)
    #expect((found[0].share - repaid * perDebt / 100).magnitude < 1e-12)
    // 1 % of the debt is 1/101 of what is sold for it.
    #expect((found[0].penalty - 0.01 / 1.01).magnitude < 1e-15)
    #expect((found.reduce(0) { $0 + $1.share } - 1).magnitude < 1e-12)
  }

  @Test func `a perp at Drift is closed until margin and buffer are restored`() throws {
    // DRIFT-090: 1.8 of 2 SOL at 100, 9 USD short of margin and buffer, fees 1 % and 1 %.
    let text = """
      kind = "perp_sized"
      [venues.v.assets]
      SOL = { maintenance_ratio = 0.05, liquidator_fee = 0.01, insurance_fee = 0.01 }
      """
    let found = try rungs(
      text,
      [PlainLeg("SOL", .perp, 2, entry: 100)],
      collateral: 5,
      prices: ["SOL": 100],
      atPresent: true
    )
    #expect((found[0].share - 0.9).magnitude < 1e-12)
    #expect((found[0].penalty - 0.02).magnitude < 1e-15)
    // 5 − 200 + 180 and fees of 3.6 against a tenth of 1.9 SOL.
    #expect(found.count == 2 && (found[1].price - 18.6 / 0.19).magnitude < 1e-9)
    // A loss of 20 counts as a liability: 5 + 2 % of 220 are missing, 188 USD are closed.
    let lost = try rungs(
      text,
      [PlainLeg("SOL", .perp, 2, entry: 110)],
      collateral: 25,
      prices: ["SOL": 100],
      atPresent: true
    )
    #expect((lost[0].share - 0.94).magnitude < 1e-12)
  }

  @Test func `a share of an event loan repays its debt`() throws {
    let text = """
      kind = "event"
      close_factor = 0.5
      [venues.v.assets]
      SOL = { liquidation_threshold = 0.8 }
      USDC = {}
      """
    let found = try rungs(text, loan(100, 8_000))
    #expect(found[0].price == 100 && found[0].share == 0.5)
    #expect(found[1].price == 3_000 / 40)
  }
}
