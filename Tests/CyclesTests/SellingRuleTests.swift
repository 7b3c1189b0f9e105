// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Numerics
import TestSupport
import Testing
import TextKit

/// Other ways to sell a lot than seed 4's clock: the incentive designs of seed 3, Maker's stairs.
@Suite struct SellingRuleTests {
  func bidder(
    _ margin: Double,
    _ reaction: Double,
    bond: Double = 1_000_000
  ) throws -> Specialist {
    Specialist(margin: margin, bondLimit: try micro(bond), reactionSeconds: reaction)
  }

  /// A lot that opens at 1,000 USD with a reserve of 500.
  func thousand(_ change: (inout SellingRule) -> Void) throws -> Lot {
    var lot = try lot(quantity: 1, open: 1000, debt: 500, kappa: 10)
    change(&lot.rule)
    return lot
  }

  func taken(
    _ lot: Lot,
    _ interval: (Double, Double),
    spot: Double = 1000,
    _ bidders: [Specialist]
  ) throws -> [Double]? {
    try lot.acceptance(within: interval, spot: spot, specialists: bidders, gas: 0)
      .map { [$0.seconds, usd($0.price), Double($0.winner)] }
  }

  @Test func `a flat discount goes to the fastest who finds it enough`() throws {
    let lot = try thousand { ($0.mechanism, $0.fixedFee) = (.fixedFee, 0.05) }
    let two = [try bidder(0.04, 9), try bidder(0.01, 12)]
    #expect(try taken(lot, (0, 60), two) == [9, 950, 1])
    // The price stands at the opening mark: after a fall of more than the discount nobody comes.
    #expect(try taken(lot, (0, 60), spot: 980, two) == [12, 950, 2])
    #expect(try taken(lot, (0, 60), spot: 950, two) == nil)
    #expect(try taken(lot, (20, 60), two) == [20, 950, 2])
    #expect(try taken(lot, (0, 60), [bidder(0.01, 5, bond: 900)]) == nil)
    #expect(try taken(lot, (0, 5), [bidder(0.01, 5)]) == nil)
  }

  @Test func `the pool sells to the highest bid at the second`() throws {
    let lot = try thousand { ($0.mechanism, $0.poolWindowSeconds) = (.bidPool, 30) }
    let three = [try bidder(0.1, 5), try bidder(0.05, 20), try bidder(0.01, 45)]
    #expect(try taken(lot, (0, 30), three) == nil)
    #expect(try taken(lot, (15, 60), three) == [30, 900, 2])
    #expect(try taken(lot, (60, 75), three) == [60, 950, 3])
    // One bid pays the reserve; none above it leaves the lot.
    #expect(try taken(lot, (15, 60), [bidder(0.1, 5)]) == [30, 500, 1])
    #expect(try taken(lot, (15, 60), [bidder(0.6, 5)]) == nil)
    #expect(try taken(lot, (15, 60), [bidder(0.1, 5, bond: 499)]) == nil)
    // The first sufficient bid opens the pool; equal bids go to the lower number.
    #expect(try taken(lot, (15, 60), [bidder(0.6, 5), bidder(0.1, 40)]) == [40, 500, 2])
    #expect(try taken(lot, (15, 60), [bidder(0.1, 5), bidder(0.1, 6)]) == [30, 900, 1])
  }

  /// Steps of 1 % every 90 s: 1000, 990, 980.1, 970.299.
  @Test func `stairs are met at a step or when the bidder comes`() throws {
    let lot = try thousand { $0.clock = .stairstep }
    #expect([0.0, 89.9, 90, 180, 1e9].map { lot.clock(at: $0) } == [1000, 1000, 990, 980.1, 500])
    #expect(try taken(lot, (0, 600), [bidder(0.01, 0)]) == [90, 990, 1])
    #expect(try taken(lot, (0, 600), [bidder(0.015, 0)]) == [180, 980.1, 1])
    #expect(try taken(lot, (0, 180), [bidder(0.015, 0)]) == nil)
    #expect(try taken(lot, (180, 240), [bidder(0.015, 0)]) == [180, 980.1, 1])
    #expect(try taken(lot, (0, 600), [bidder(0.015, 200)]) == [200, 980.1, 1])
    #expect(try taken(lot, (0, 1e6), [bidder(0.015, 0, bond: 499)]) == nil)
  }

  @Test func `without a floor the clock falls to nothing and no lot is under water`() throws {
    var lot = try thousand { $0.hasFloor = false }
    #expect(lot.clock(at: 1e9) == 0)
    #expect(try taken(lot, (0, 1e6), [bidder(0.9, 0)]) == [90, 100, 1])
    lot.debt = dollars(2000)
    #expect(!lot.isUnderwater)
    lot.rule.hasFloor = true
    #expect(lot.isUnderwater)
  }

  /// Source: venues.md 6.1, `elapsed > tail or price / top < cusp`, both strictly.
  @Test func `a clock starts anew from the mark of the moment`() throws {
    var lot = try thousand {
      ($0.resetSeconds, $0.resetShare, $0.startRatio) = (40, 0.7, 1.1)
    }
    try lot.restartIfDue(at: 30, mark: 900, kappaBPSPerSecond: 100)
    #expect(lot.restart == nil)
    try lot.restartIfDue(at: 31, mark: 900, kappaBPSPerSecond: 100)
    #expect(lot.top == dollars(990) && lot.startSeconds == 31)
    #expect(lot.kappaUSDPerSecond == 9.9)
    #expect(lot.clock(at: 41) == 891)
    #expect(try taken(lot, (31, 100), spot: 900, [bidder(0.01, 0)]) == [31 + 10, 891, 1])
    var slow = try thousand { $0.resetSeconds = 40 }
    slow.kappaUSDPerSecond = 1
    try slow.restartIfDue(at: 40, mark: 900, kappaBPSPerSecond: nil)
    #expect(slow.restart == nil)
    try slow.restartIfDue(at: 40.5, mark: 900, kappaBPSPerSecond: nil)
    #expect(slow.top == dollars(900) && slow.startSeconds == 40.5)
    #expect(slow.kappaUSDPerSecond == 1)
  }

  /// A specialist asks for 3 % where the flat discount is 2 %, and the market falls: nobody takes
  /// the discount and the backstop gets the lot; the clock and the pool sell it.
  @Test func `the three designs part on the same lot in a falling market`() throws {
    let kit = try WorldBook()
    let account = try kit.loan("a", deposit: ("SOL", 10), borrow: ("USDC", 1300), venue: "event")
    let path = try kit.path([150, 141, 141, 141, 141, 141, 141, 141], every: 90)
    func outcome(_ mechanism: Double) throws -> (LotOutcome?, Micro?, UInt128) {
      let (result, log) = try run(
        kit,
        [account],
        path,
        AuctionWorldTests.one(margin: 0.03, reaction: 20).with([
          "auction.mechanism": mechanism, "auction.pool_window_s": 100, "auction.gas_usd": 0,
          "auction.fee_bps": 0, "auction.buffer_bps": 0, "auction.fixed_fee": 0.02,
        ])
      )
      return (log.auctions.first?.outcome, log.auctions.first?.price, result.ledgerImbalance)
    }
    // At 20 s the clock asks 1,485 and the value is 1,455: they meet after a minute.
    #expect(try outcome(0) == (.accepted, 1_455_000_000, 0))
    #expect(try outcome(1) == (.backstop, 1_269_000_000, 0))
    #expect(try outcome(2) == (.accepted, 1_300_000_000, 0))
  }
}
