// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Markets
import Numerics
import TestSupport
import Testing
import TextKit

/// Who pays and who is paid when accounts and their lots end, by hand (SEMANTICS B11 to B18).
@Suite struct SettlementTests {
  let kit: WorldBook

  init() throws { kit = try WorldBook() }

  /// A loan of the venue `loans` with several deposits; the first leg carries the cash.
  private func loan(
    _ name: String,
    deposits: [(symbol: String, quantity: Double)],
    borrow: Double,
    cash: Double = 0
  ) throws -> Account {
    var account = try kit.loan(name, deposit: deposits[0], borrow: ("USDC", borrow), cash: cash)
    for (symbol, quantity) in deposits.dropFirst() {
      var leg = account.legs[0]
      (leg.asset, leg.quantity, leg.collateralUSD) = (try kit.asset(symbol), quantity, 0)
      account.legs.insert(leg, at: account.legs.count - 1)
    }
    return account
  }

  /// One step at SOL 100 and BTC 30,000: nobody bids, and the path's end is the backstop's.
  private func settled(
    _ accounts: [Account],
    _ changes: [String: Double] = [:]
  ) throws -> (result: WorldResult, lots: [AuctionRecord]) {
    let path = try kit.path(seconds: [0], [("SOL", [100]), ("BTC", [30_000])])
    let (result, log) = try run(kit, accounts, path, AuctionWorldTests.none.with(changes))
    #expect(result.ledgerImbalance == 0)
    return (result, log.auctions.sorted { $0.lot.number < $1.lot.number })
  }

  /// A third of 1,000 USD is 333.333333; the last of three equal lots owes a micro-USD more.
  @Test func `the last lot of an account owes what the others leave`() throws {
    let account = try loan(
      "a",
      deposits: [("SOL", 3), ("BTC", 0.01), ("STSOL", 2.4)],
      borrow: 1000
    )
    let lots = try settled([account]).lots.map(\.lot)
    #expect(lots.map(\.open) == [dollars(300), dollars(300), dollars(300)])
    #expect(lots.map(\.debt) == [333_333_333, 333_333_333, 333_333_334])
  }

  /// Backstop buyers bid 900 for 1,000 USD of SOL and have no more; 600 USD of BTC are dumped.
  @Test func `the first lot of an account comes first to what they share`() throws {
    let account = try loan("a", deposits: [("SOL", 10), ("BTC", 0.02)], borrow: 1500)
    let (result, lots) = try settled([account], ["auction.backstop_capacity_usd": 900])
    #expect(lots.map(\.price) == [dollars(900), dollars(480)])
    #expect(result.auctions.backstop == Int128(dollars(900)))
  }

  /// Each of two loans owes 1,000 and gets 900: the fund of 60 pays the first.
  @Test func `what insurance pays for one lot is gone for the next`() throws {
    let accounts = try ["a", "b"].map { try loan($0, deposits: [("SOL", 10)], borrow: 1000) }
    let (result, lots) = try settled(accounts, ["liquidation.insurance_usd": 60])
    #expect(lots.map(\.badDebt) == [dollars(40), dollars(100)])
    #expect(result.auctions.insurancePaid == Int128(dollars(60)))
    #expect(result.auctions.badDebt == Int128(dollars(140)))
  }

  /// 1,000 less 900 are missing: 30 of cash, the other 70 of insurance.
  @Test func `insurance pays what cash leaves, no more`() throws {
    let account = try loan("a", deposits: [("SOL", 10)], borrow: 1000, cash: 30)
    let (result, lots) = try settled([account], ["liquidation.insurance_usd": 500])
    #expect(result.auctions.insurancePaid == Int128(dollars(70)))
    #expect(lots.map(\.badDebt) == [0])
  }

  /// 900 for a debt of 850 and a fee of 8.50: the borrower's −30 are nobody's loss here.
  @Test func `cash below 0 is no part of an estate`() throws {
    let account = try loan("a", deposits: [("SOL", 10)], borrow: 850, cash: -30)
    let (result, lots) = try settled([account])
    #expect(lots.map(\.badDebt) == [0])
    #expect(lots.map(\.surplus) == [dollars(900 - 850) - 8_500_000])
    #expect(result.auctions.badDebt == 0)
  }

  @Test func `a clock falls by a share of the price it starts from`() throws {
    let account = try loan("a", deposits: [("SOL", 10)], borrow: 850)
    let lot = try #require(try settled([account], ["auction.start_ratio": 1.25]).lots.first?.lot)
    // 5 bps of 1,250 USD a second.
    #expect(lot.open == dollars(1250))
    #expect(lot.kappaUSDPerSecond == 0.625)
  }

  /// Root 87.89 with 20 USD deposited; at 85 equity is 165 − 150 = 15.
  @Test func `protection gets back what is left, after the penalty`() throws {
    let long = try kit.long("a", root: 90, protection: .protected(deposited: 20))
    func returned(_ penalty: Double) throws -> (Micro?, [Micro]) {
      let (result, log) = try run(
        kit,
        [long],
        kit.path([100, 85]),
        ["liquidation.penalty": penalty]
      )
      #expect(result.ledgerImbalance == 0)
      return (log.protection.first { $0.event == .returned }?.amount, result.protectedEquities)
    }
    #expect(try returned(0) == (dollars(15), [dollars(15)]))
    // 1 % of 850.
    #expect(try returned(0.01) == (6_500_000, [6_500_000]))
  }
}
