// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Markets
import Numerics
import TestSupport
import Testing
import TextKit

/// Accounts closed at the mark, by comparing prices with roots (SEMANTICS B2, B11).
@Suite struct MarketCloseTests {
  let kit: WorldBook

  init() throws { kit = try WorldBook() }

  @Test func `equity at or above zero pays the penalty and keeps the rest`() throws {
    let long = try kit.long("a", root: 90)
    let (result, log) = try run(kit, [long], kit.path([100, 89]), ["liquidation.penalty": 0.01])
    let fall = try #require(log.liquidations.first)
    #expect(fall.time == 60_000)
    #expect(fall.kind == .market)
    #expect(fall.mark == 89)
    #expect(fall.notional == dollars(890))
    #expect(fall.penalty == 8_900_000)
    #expect(fall.shortfall == 0)
    #expect(fall.liquidationPrice == 90)
    #expect(result.liquidations.count == 1)
    #expect(result.liquidations.liquidated == Int128(dollars(890)))
    #expect(result.liquidations.badDebt == 0)
    #expect(result.ledgerImbalance == 0)
  }

  @Test func `the penalty never exceeds the equity`() throws {
    let long = try kit.long("a", root: 90)
    let (_, log) = try run(kit, [long], kit.path([100, 89]), ["liquidation.penalty": 0.5])
    #expect(log.liquidations.first?.penalty == dollars(35))
  }

  @Test func `a shortfall is paid by insurance as far as it goes`() throws {
    let long = try kit.long("a", root: 90)
    let (result, log) = try run(
      kit,
      [long],
      kit.path([100, 80]),
      ["liquidation.insurance_usd": 20]
    )
    #expect(log.liquidations.first?.shortfall == dollars(55))
    #expect(log.liquidations.first?.penalty == 0)
    #expect(result.liquidations.insurancePaid == Int128(dollars(20)))
    #expect(result.liquidations.badDebt == Int128(dollars(35)))
    #expect(result.ledgerImbalance == 0)
  }

  @Test func `a penalty fills the insurance fund for later shortfalls`() throws {
    let rich = try kit.long("rich", root: 90)
    let poor = try kit.long("poor", root: 98)
    let (result, log) = try run(
      kit,
      [rich, poor],
      kit.path([100, 89, 80]),
      ["liquidation.penalty": 0.02]
    )
    // `poor` falls with `rich` at 89: equity −41, before the penalty of 17.8 is there.
    #expect(log.liquidations.map(\.account) == [1, 0])
    #expect(log.liquidations.map(\.shortfall) == [dollars(41), 0])
    #expect(log.liquidations.map(\.penalty) == [0, 17_800_000])
    #expect(result.liquidations.badDebt == Int128(dollars(41)))
    let late = try kit.short("late", root: 91)
    let up = try run(
      kit,
      [rich, late],
      kit.path([90.5, 89, 120]),
      ["liquidation.penalty": 0.02]
    )
    #expect(up.log.liquidations.map(\.penalty) == [17_800_000, 0])
    #expect(up.result.liquidations.insurancePaid == 17_800_000)
    #expect(up.result.ledgerImbalance == 0)
  }

  @Test func `strict venues spare an account at its root and others do not`() throws {
    // constant = 55 − 100, slope = 1 − 0.5: the root is 90 exactly.
    func falls(_ venue: String, _ quantity: Double, _ price: Double) throws -> Bool {
      let account = try kit.perp(
        "a",
        quantity,
        at: 100,
        collateral: quantity > 0 ? 55 : 35,
        venue: venue
      )
      return try !run(kit, [account], kit.path([quantity > 0 ? 95 : 80, price])).log
        .liquidations.isEmpty
    }
    #expect(try falls("even", 1, 90))
    #expect(try !falls("even", 1, 90.0.nextUp))
    #expect(try !falls("halves", 1, 90))
    #expect(try falls("halves", 1, 90.0.nextDown))
    // A short: slope = −1.5, constant = 35 + 100, root 90.
    #expect(try falls("even", -1, 90))
    #expect(try !falls("even", -1, 90.0.nextDown))
    #expect(try !falls("halves", -1, 90))
    #expect(try falls("halves", -1, 90.0.nextUp))
  }

  @Test func `a fallen account falls once`() throws {
    let long = try kit.long("a", root: 90)
    let (result, log) = try run(kit, [long], kit.path([100, 89, 100, 85, 89]))
    #expect(log.liquidations.count == 1)
    #expect(result.liquidations.count == 1)
  }

  @Test func `accounts fall in the order of risk, then of their text, nameless ones last`()
    throws
  {
    let accounts = [
      try kit.long("", root: 95), try kit.long("b", root: 95), try kit.long("", root: 95),
      try kit.long("a", root: 95), try kit.long("z", root: 98), try kit.long("A", root: 95),
    ]
    let (_, log) = try run(kit, accounts, kit.path([100, 94]))
    #expect(log.liquidations.map(\.account) == [4, 5, 3, 1, 0, 2])
  }

  @Test func `lending accounts fall before perps of the same step`() throws {
    let accounts = [
      try kit.long("a", root: 95),
      try kit.loan("b", deposit: ("SOL", 10), borrow: ("USDC", 760)),
    ]
    let (_, log) = try run(kit, accounts, kit.path([100, 94]))
    #expect(log.liquidations.map(\.account) == [1, 0])
    #expect(log.liquidations.map(\.kind) == [.auction, .market])
  }

  @Test func `a lending venue may close at the mark`() throws {
    let loan = try kit.loan(
      "a",
      deposit: ("SOL", 10),
      borrow: ("USDC", 760),
      cash: 5,
      venue: "closed"
    )
    let (result, log) = try run(
      kit,
      [loan],
      kit.path([100, 90]),
      ["liquidation.penalty": 0.01]
    )
    let fall = try #require(log.liquidations.first)
    #expect(fall.kind == .market)
    #expect(fall.penalty == dollars(9))
    #expect(fall.notional == dollars(900))
    #expect(result.auctions.lots == 0)
    let deep = try run(kit, [loan], kit.path([100, 70]))
    // 700 − 760 + 5
    #expect(deep.log.liquidations.first?.shortfall == dollars(55))
  }

  @Test func `an account of two assets falls by either price`() throws {
    let loan = try kit.loan("a", deposit: ("SOL", 10), borrow: ("BTC", 0.02))
    func fallsAt(_ sol: [Double?], _ btc: [Double?]) throws -> Int64? {
      let path = try kit.path(
        seconds: sol.indices.map { Double($0) * 60 },
        [("SOL", sol), ("BTC", btc)]
      )
      return try run(kit, [loan], path).log.liquidations.first?.time
    }
    // 8 · SOL against 0.02 · BTC.
    #expect(try fallsAt([100, 100.1, 99], [30_000, 30_000, 30_000]) == nil)
    #expect(try fallsAt([100, 75, 74], [30_000, 30_000, 30_000]) == 60_000)
    #expect(try fallsAt([100, 100, 100], [30_000, 39_999, 40_001]) == 120_000)
  }

  @Test func `legs priced from one asset are summed and sold at their ratio`() throws {
    // 10 STSOL at 1.25 SOL: weighted 10 SOL against 900 USDC.
    let loan = try kit.loan("a", deposit: ("STSOL", 10), borrow: ("USDC", 900))
    let (_, log) = try run(kit, [loan], kit.path([100, 90.1, 89.9]), AuctionWorldTests.none)
    #expect(log.liquidations.first?.time == 120_000)
    #expect(log.liquidations.first?.mark == 1.25 * 89.9)
    #expect(log.auctions.first?.lot.quantity == 10)
    #expect(log.auctions.first?.lot.open == (try micro(10 * (1.25 * 89.9))))
    // Against the underlying itself only the ratio of quantities counts: it cannot fall.
    let hedged = try kit.loan("b", deposit: ("STSOL", 10), borrow: ("SOL", 9))
    let quiet = try run(kit, [hedged], kit.path([100, 1, 10_000]))
    #expect(quiet.log.liquidations.isEmpty)
  }
}
