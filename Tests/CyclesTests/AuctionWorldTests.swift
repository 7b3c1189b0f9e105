// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Markets
import Numerics
import TestSupport
import Testing
import TextKit

/// Auctions inside the world: every way in which a lot can end (SEMANTICS B15 to B18).
@Suite struct AuctionWorldTests {
  /// One specialist with known margin and reaction, gas 1 USD.
  static func one(margin: Double, reaction: Double) -> [String: Double] {
    [
      "auction.specialists": 1, "auction.margin_min": margin, "auction.margin_max": margin,
      "auction.reaction_min_s": reaction, "auction.reaction_max_s": reaction,
    ]
  }

  static let none: [String: Double] = ["auction.specialists": 0]

  let kit: WorldBook

  init() throws { kit = try WorldBook() }

  /// 10 SOL against 1300 USDC, liquidatable from the first step on at 150.
  func example(_ name: String = "a", debt: Double = 1300) throws -> Account {
    try kit.loan(name, deposit: ("SOL", 10), borrow: ("USDC", debt), venue: "event")
  }

  @Test func `the worked example settles to the last micro-USD`() throws {
    let prices = (0...41).map { 150 - 0.02 * Double($0 * 15) }
    let (result, log) = try run(
      kit,
      [example()],
      kit.path(prices, every: 15),
      AuctionWorldTests.one(margin: 0.03, reaction: 30).with(["auction.buffer_bps": 50]),
      confidences: ["SOL": 0.5 / 150]
    )
    let auction = try #require(log.auctions.first)
    #expect(auction.lot.open == 1_495_000_000)
    #expect(auction.lot.mark == 149.5)
    #expect(auction.lot.reserve == 1_319_500_000)
    #expect(auction.lot.kappaUSDPerSecond == 0.7475)
    #expect(auction.lot.debt == dollars(1300))
    #expect(auction.lot.fee == dollars(13))
    #expect(auction.lot.buffer == 6_500_000)
    #expect(auction.outcome == .accepted)
    #expect(auction.winner == 1)
    #expect(auction.closedAt == 70_422)
    #expect(auction.price == 1_442_360_000)
    #expect(auction.spot == 148.8)
    #expect(auction.surplus == 129_360_000)
    #expect(auction.badDebt == 0)
    #expect(result.auctions.clearing.seconds == [70.42140468227437])
    #expect(result.auctions.recovered == result.auctions.owed)
    #expect(result.auctions.owed == Int128(dollars(1300)))
    #expect(result.ledgerImbalance == 0)
    let fall = try #require(log.liquidations.first)
    #expect(fall.kind == .auction)
    #expect(fall.mark == 150)
    #expect(fall.quantity == 10)
    #expect(fall.notional == dollars(1500))
    #expect(fall.penalty == 0)
    #expect(fall.shortfall == 0)
    #expect(fall.liquidatableSince == 0)
  }

  @Test func `a lot that nobody takes goes to backstop buyers at its end`() throws {
    let prices: [Double?] = [150, 150, 148, 147]
    let (result, log) = try run(
      kit,
      [example()],
      kit.path(prices, every: 30),
      AuctionWorldTests.none.with(["auction.duration_s": 60])
    )
    let auction = try #require(log.auctions.first)
    #expect(auction.outcome == .backstop)
    #expect(auction.winner == nil)
    #expect(auction.closedAt == 60_000)
    // 10 · 148 · 0.9
    #expect(auction.price == dollars(1332))
    #expect(auction.surplus == dollars(19))
    #expect(result.auctions.backstop == Int128(dollars(1332)))
    #expect(result.auctions.accepted == 0)
    #expect(result.auctions.clearing.seconds.isEmpty)
    #expect(result.ledgerImbalance == 0)
  }

  @Test func `what exceeds the capacity is dumped, lots in the order of accounts`() throws {
    let (result, log) = try run(
      kit,
      [example("b"), example("a")],
      kit.path([150, 150, 150], every: 30),
      AuctionWorldTests.none.with([
        "auction.duration_s": 60, "auction.backstop_capacity_usd": 2000,
      ])
    )
    // Bid 10 · 150 · 0.9 = 1350; the second lot gets the 650 that are left.
    #expect(log.auctions.map(\.lot.account) == [1, 0])
    #expect(log.auctions[0].price == dollars(1350))
    let dumped = try micro(10.0 * 150 * (1 - 0.2) * (1 - 650.0 / 1350))
    #expect(log.auctions[1].price == dollars(650) + dumped)
    #expect(dumped == 622_222_222)
    #expect(log.auctions[1].badDebt == dollars(1300) - dollars(650) - dumped)
    #expect(result.auctions.backstop == Int128(dollars(2000)))
    #expect(result.ledgerImbalance == 0)
  }

  @Test func `a lot under water skips the clock`() throws {
    let (result, log) = try run(
      kit,
      [example(debt: 1480)],
      kit.path([150, 150], every: 30),
      AuctionWorldTests.one(margin: 0, reaction: 0)
    )
    let auction = try #require(log.auctions.first)
    #expect(auction.lot.isUnderwater)
    #expect(auction.outcome == .underwater)
    #expect(auction.closedAt == 0)
    #expect(auction.price == dollars(1350))
    #expect(auction.badDebt == dollars(130))
    #expect(auction.surplus == 0)
    #expect(result.auctions.recovered == Int128(dollars(1350)))
    #expect(log.liquidations.first?.shortfall == dollars(130))
  }

  @Test func `cash pays before insurance and insurance before bad debt`() throws {
    let account = try kit.loan(
      "a",
      deposit: ("SOL", 10),
      borrow: ("USDC", 1480),
      cash: 30,
      venue: "event"
    )
    let (result, log) = try run(
      kit,
      [account],
      kit.path([150]),
      AuctionWorldTests.none.with(["liquidation.insurance_usd": 60])
    )
    let auction = try #require(log.auctions.first)
    // 1350 of 1480 recovered, 30 from cash, 60 from insurance.
    #expect(auction.unpaid == dollars(100))
    #expect(auction.badDebt == dollars(40))
    #expect(result.auctions.insurancePaid == Int128(dollars(60)))
    #expect(log.liquidations.first?.shortfall == dollars(100))
    #expect(result.ledgerImbalance == 0)
  }

  @Test func `the last step of the path ends every clock`() throws {
    let settings = AuctionWorldTests.one(margin: 0.01, reaction: 0)
    let open = try run(kit, [example()], kit.path([150, 150], every: 10), settings)
    #expect(open.log.auctions.first?.outcome == .backstop)
    #expect(open.log.auctions.first?.closedAt == 10_000)
    // 1485 − 1 is met at 16 / 0.75 s, within a step of 30 s.
    let longer = try run(kit, [example()], kit.path([150, 150], every: 30), settings)
    #expect(longer.log.auctions.first?.outcome == .accepted)
    #expect(longer.log.auctions.first?.price == dollars(1484))
    #expect(longer.log.auctions.first?.closedAt == 21_334)
    let single = try run(kit, [example()], kit.path([150]), settings)
    #expect(single.log.auctions.first?.closedAt == 0)
    #expect(single.log.auctions.first?.outcome == .backstop)
  }

  @Test func `a bid is cut at the duration within a step`() throws {
    let settings = AuctionWorldTests.one(margin: 0.01, reaction: 0).with([
      "auction.duration_s": 20
    ])
    let (_, log) = try run(kit, [example()], kit.path([150, 150, 150], every: 30), settings)
    #expect(log.auctions.first?.outcome == .backstop)
    #expect(log.auctions.first?.closedAt == 30_000)
  }

  @Test func `the clock may be given in USD per second`() throws {
    let settings = AuctionWorldTests.one(margin: 0.01, reaction: 0).with([
      "auction.kappa_usd_per_s": 4
    ])
    let (_, log) = try run(kit, [example()], kit.path([150, 150], every: 30), settings)
    #expect(log.auctions.first?.lot.kappaUSDPerSecond == 4)
    #expect(log.auctions.first?.closedAt == 4000)
  }

  @Test func `an account of quote currencies alone becomes a lot too`() throws {
    let account = try kit.loan("a", deposit: ("USDC", 1000), borrow: ("USDC", 950))
    let (result, log) = try run(
      kit,
      [account],
      kit.path([100, 100, 100], every: 60),
      AuctionWorldTests.one(margin: 0.01, reaction: 5)
    )
    let auction = try #require(log.auctions.first)
    #expect(auction.lot.open == dollars(1000))
    #expect(auction.lot.reserve == 969_000_000)
    // κ = 0.5 USD/s; value 989 is met at 22 s.
    #expect(auction.closedAt == 22_000)
    #expect(auction.price == dollars(989))
    #expect(auction.surplus == 29_500_000)
    #expect(log.liquidations.first?.liquidationPrice == nil)
    #expect(result.ledgerImbalance == 0)
  }

  @Test func `auctions go on at the last price while the oracle is stale`() throws {
    let path = try kit.path([150, nil, nil, nil], every: 40)
    let (_, log) = try run(
      kit,
      [example()],
      path,
      AuctionWorldTests.one(margin: 0.01, reaction: 90).with(["oracle.max_age_s": 30])
    )
    #expect(log.auctions.first?.outcome == .accepted)
    #expect(log.auctions.first?.closedAt == 90_000)
    #expect(log.auctions.first?.price == dollars(1500) - 67_500_000)
  }

  @Test func `deposits of a protected borrower return from what is left`() throws {
    let account = try kit.loan(
      "a",
      deposit: ("SOL", 10),
      borrow: ("USDC", 1480),
      venue: "event",
      protection: .protected(deposited: 200)
    )
    let (result, log) = try run(kit, [account], kit.path([150]), AuctionWorldTests.none)
    // 10 · 150 · 0.8 + 200 < 1480; proceeds 1350, 130 from the 200 of cash.
    #expect(log.auctions.first?.badDebt == 0)
    let returned = try #require(log.protection.first { $0.event == .returned })
    #expect(returned.amount == dollars(70))
    #expect(returned.total == 0)
    #expect(result.protectedEquities == [dollars(70)])
    #expect(result.protectedFalls == [true])
    #expect(result.ledgerImbalance == 0)
  }
}
