// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Markets
import Numerics
import TestSupport
import Testing
import TextKit

/// Funding and interest by hand: what they move, when, and how roots follow.
@Suite struct AccrualTests {
  let kit: WorldBook

  init() throws {
    kit = WorldBook(
      try WorldVenues.catalogue(
        WorldVenues.text + """

          [venues.perps.funding]
          cap = 0.04
          [venues.halves.funding]
          interval_s = 28800
          [venues.loans.interest.USDC]
          kink_rate = 0.1
          max_rate = 1
          reserve = 0.1
          [venues.closed.interest]
          USDC = { kink_rate = 0.1, max_rate = 1, utilization = 1 }
          """
      )
    )
  }

  private func flat(_ price: Double, hours: Int, funding: [Double]? = nil) throws -> PricePath {
    let path = try kit.path(Array(repeating: price, count: hours + 1), every: 3600)
    return try funding.map {
      path.with(funding: FundingTrack(assets: [try kit.asset("SOL")], values: $0))
    } ?? path
  }

  /// The venue case HL-41: 10 at 10,000 and 0.95 % in eight hours pay 118.75 an hour.
  @Test func `an hour's payment is that of the venue`() throws {
    let long = try kit.perp("a", 10, at: 10_000, collateral: 20_000, protection: .protected())
    let short = try kit.perp("b", -10, at: 10_000, collateral: 20_000, protection: .protected())
    let (result, _) = try run(
      kit,
      [long, short],
      try flat(10_000, hours: 2),
      ["funding.mode": 1, "funding.rate_bps": 95]
    )
    #expect(result.accruals.fundingPaid == 237_500_000)
    #expect(result.protectedEquities == [19_762_500_000, 20_237_500_000])
    #expect(result.ledgerImbalance == 0)
  }

  @Test func `rates are distributed as they were before they are made anew`() throws {
    let long = try kit.perp("a", 1, at: 100, collateral: 90, protection: .protected())
    // Made at 0 h and 1 h; the third stays: 1 and 2 USD, then 2 again; 5 % is cut to 4 %.
    let path = try flat(100, hours: 4, funding: [0.01, 0.02, .nan, 0.05, 1])
    let (result, _) = try run(kit, [long], path, ["funding.mode": 3])
    #expect(result.accruals.fundingPaid == Int128(dollars(1 + 2 + 2 + 4)))
    #expect(try run(kit, [long], path).result.accruals == AccrualTotals())
    // Two hours at once are paid twice, at the rate before.
    let jump = try kit.path(seconds: [1800, 3599, 7200], [("SOL", [100, 100, 100])])
      .with(funding: FundingTrack(assets: [try kit.asset("SOL")], values: [0.01, 0.02, 0.03]))
    let (twice, _) = try run(kit, [long], jump, ["funding.mode": 3])
    #expect(twice.accruals.fundingPaid == Int128(dollars(4)))
  }

  @Test func `the formula without a premium pays the interest of the venue`() throws {
    // A premium of 0: 1 bp in eight hours; of 20 bps: 15 bps.
    let long = try kit.perp("a", 1, at: 10_000, collateral: 9_000, venue: "halves")
    func paid(_ premium: Double) throws -> Int128 {
      try run(
        kit,
        [long],
        try flat(10_000, hours: 8),
        ["funding.mode": 2, "funding.premium_bps": premium]
      ).result.accruals.fundingPaid
    }
    #expect(try paid(0) == Int128(dollars(1)))
    #expect(try paid(20) == Int128(dollars(15)))
    #expect(try paid(-30) == 0)
  }

  @Test func `funding moves the liquidation price`() throws {
    // Root 90; 1 % of 905 in the first hour is 9.05: the root rises by 9.05 / 9.5 to 90.95.
    let long = try kit.long("a", root: 90)
    let path = try flat(90.5, hours: 2, funding: [0.01, 0.01, 0.01])
    #expect(try run(kit, [long], path).log.liquidations.isEmpty)
    let (result, log) = try run(kit, [long], path, ["funding.mode": 3])
    #expect(log.liquidations.map(\.time) == [3_600_000])
    let root = try #require(log.liquidations.first?.liquidationPrice)
    #expect((root - (90 + 9.05 / 9.5)).magnitude < 1e-9)
    #expect(result.ledgerImbalance == 0)
    // Protection sees the new root.
    var saved = long
    saved.protection = .protected(cap: 100)
    let settings = ["funding.mode": 3.0, "protection.deposit_increment_usd": 100]
    #expect(try run(kit, [saved], path, settings).log.liquidations.isEmpty)
  }

  /// Binance's BTC funding of 12 and 13 March 2020, every eight hours (supervik's
  /// historical-funding-rates-fetcher, commit 66a085bc, MIT).
  @Test func `the funding of two days in March 2020`() throws {
    let rates = [0.0001, -0.00015149, -0.00016073, -0.003, -0.00065378, -0.00076421]
    let short = try kit.perp(
      "a",
      -10,
      at: 5_000,
      collateral: 30_000,
      venue: "halves",
      protection: .protected()
    )
    let path = try kit.path(
      seconds: rates.indices.map { 1_584_000_000 + Double($0) * 28_800 },
      [("SOL", Array(repeating: 5_000, count: rates.count))]
    ).with(funding: FundingTrack(assets: [try kit.asset("SOL")], values: rates))
    let (result, _) = try run(kit, [short], path, ["funding.mode": 3])
    // 50,000 USD: +5, then −7.5745, −8.0365, −150, −32.689; the last rate is not distributed yet.
    #expect(result.accruals.fundingPaid == 198_300_000)
    #expect(result.protectedEquities == [dollars(30_000) + 5_000_000 - 198_300_000])
  }

  @Test func `curves are lines between their points`() throws {
    func curve(_ text: String) throws -> InterestCurve {
      let venues = """
        [venues.v]
        kind = "lending_ltv"
        [venues.v.assets]
        SOL = { liquidation_threshold = 0.8 }
        [venues.v.interest.SOL]
        \(text)
        """
      let catalogue = try WorldVenues.catalogue(venues)
      return try #require(catalogue.venues[0].curves.values.first)
    }
    // Hyperliquid's borrowing: 5 % + 4.75 · max(0, u − 0.8), 10 % of it kept (venues.md 5.4).
    let kinked = try curve("base = 0.05\nkink_rate = 0.05\nmax_rate = 1.0\nreserve = 0.1")
    #expect(kinked.rate(at: 0.3) == 0.05)
    #expect(kinked.rate(at: 0.8) == 0.05)
    #expect((kinked.rate(at: 0.9) - 0.525).magnitude < 1e-12)
    #expect(kinked.rate(at: 1) == 1)
    #expect(kinked.reserve == 0.1)
    // The template of Kamino's SOL reserve: more than one kink.
    let many = try curve(
      "points = [[0, 0.0001], [0.7, 0.04], [0.91, 0.06], [0.93, 0.1], [1, 0.8]]"
    )
    #expect((many.rate(at: 0.35) - 0.02005).magnitude < 1e-12)
    #expect((many.rate(at: 0.92) - 0.08).magnitude < 1e-12)
    for text in [
      "kink_rate = 0.1", "kink_rate = -1\nmax_rate = 1", "points = [[0, 0.1]]",
      "points = [[0.1, 0], [1, 1]]", "points = [[0, 0], [0.5, 1], [0.5, 1], [1, 1]]",
      "kink_rate = 0.1\nmax_rate = 1\nslope = 2", "points = [1, 2]",
    ] {
      #expect(throws: Failure.self) { try curve(text) }
    }
  }

  @Test func `interest compounds, is shared with the reserve and moves the root`() throws {
    let year = 31_536_000.0
    let loan = try kit.loan(
      "a",
      deposit: ("SOL", 10),
      borrow: ("USDC", 700),
      protection: .protected(cap: 0)
    )
    // Half a year at 10 %: 35, then 5 % of 735: 36.75.
    let path = try kit.path(seconds: [0, year / 2, year], [("SOL", [100, 100, 100])])
    let on = ["interest.enabled": 1.0]
    let (result, log) = try run(kit, [loan], path, on)
    #expect(result.accruals.interest == 71_750_000)
    #expect(result.accruals.reserves == 3_500_000 + 3_675_000)
    #expect(result.protectedEquities == [dollars(300) - 71_750_000])
    #expect(log.liquidations.isEmpty)
    #expect(try run(kit, [loan], path).result.accruals == AccrualTotals())
    // Half way beyond the kink, 55 %: 192.50 in half a year are more than the 100 of health.
    let (steep, _) = try run(kit, [loan], path, on.with(["interest.utilization": 0.9]))
    #expect(steep.accruals.interest == 192_500_000)
    #expect(steep.protectedFalls == [true])
    // 8 SOL weighted at 96.4 are 771.2: health is gone with the interest of a year alone.
    let fall = try kit.path(seconds: [0, year / 2, year], [("SOL", [100, 100, 96.4])])
    #expect(try run(kit, [loan], fall).log.liquidations.isEmpty)
    let (fallen, events) = try run(kit, [loan], fall, on)
    #expect(fallen.ledgerImbalance == 0)
    let lot = try #require(events.auctions.first?.lot)
    #expect(lot.debt == dollars(700))
    #expect(lot.interest == 71_750_000)
    #expect(lot.reserve == dollars(700 + 14) + 71_750_000)
    #expect(fallen.auctions.owed == Int128(lot.debt + lot.interest))
  }

  @Test func `a market close pays the interest first`() throws {
    let year = 31_536_000.0
    // A utilization of 1 in the venue file: 100 % in a year, 150 in a quarter.
    let loan = try kit.loan(
      "a",
      deposit: ("SOL", 10),
      borrow: ("USDC", 600),
      venue: "closed",
      protection: .protected(cap: 0)
    )
    let path = try kit.path(seconds: [0, year / 4], [("SOL", [100, 93])])
    let (result, log) = try run(kit, [loan], path, ["interest.enabled": 1])
    // 930 · 0.8 = 744 is below 600 + 150; 930 − 750 are left.
    #expect(log.liquidations.count == 1)
    #expect(result.protectedEquities == [dollars(180)])
    #expect(result.ledgerImbalance == 0)
    #expect(try run(kit, [loan], path).log.liquidations.isEmpty)
  }

  @Test func `a negative rate is cut to its cap too`() throws {
    // −5 % of 100 are cut to −4 %: a short pays 4.
    let short = try kit.perp("a", -1, at: 100, collateral: 90)
    let path = try flat(100, hours: 1, funding: [-0.05, 0])
    let (result, _) = try run(kit, [short], path, ["funding.mode": 3])
    #expect(result.accruals.fundingPaid == Int128(dollars(4)))
  }
}
