// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Liquidation
import Markets
import TestSupport
import Testing
import TextKit

/// Accounts of any number of legs: every root is where the venue's own formula says.
@Suite struct CrossAccountTests {
  private struct Solved {
    var made: TestBook
    var book: AffineBook

    init(_ made: TestBook) throws {
      self.made = made
      book = try AffineBook(
        compiling: made.book,
        catalogue: made.catalogue,
        snapshot: made.snapshot
      )
    }

    func interval(_ row: Int) -> HealthyInterval {
      book.interval(
        of: row,
        deposited: made.deposited[Int(book.account[row])],
        prices: made.snapshot.prices,
        confidences: made.snapshot.confidences
      )
    }

    func assessment(_ row: Int) -> Assessment {
      book.assess(row, interval(row), prices: made.snapshot.prices)
    }

    func symbol(_ row: Int) -> String { made.catalogue.assets[Int(book.asset[row])].symbol }
  }

  @Test(arguments: PropertySeeds.first(300))
  func `roots of random accounts are where the plain health changes its sign`(_ seed: UInt64)
    throws
  {
    var market = RandomMarket(seed: seed)
    let accounts = (0..<30).map { _ in market.crossAccount() }
    let solved = try Solved(TestBook(market.text, market.plain, accounts))
    for (place, account) in accounts.enumerated() {
      for row in solved.book.rows(of: place) where solved.symbol(row) != "USDC" {
        let interval = solved.interval(row)
        let symbol = solved.symbol(row)
        func health(_ price: Double) -> Double {
          market.plain.health(of: account, at: price, of: symbol)
        }
        let gross = account.legs.reduce(account.collateral.magnitude) {
          $0 + $1.quantity.magnitude * (market.plain.price($1.symbol) + $1.entry)
        }
        for (root, inside) in [(interval.lower, 1.0), (interval.upper, -1.0)]
        where root > 0 && root < .infinity {
          // Both ends of an empty interval lie where health is below 0.
          guard interval.lower <= interval.upper else { continue }
          let scale = max(gross, solved.book.steepestSlope(of: row) * root) * 1e-11
          #expect(health(root * (1 + inside * 1e-9)) >= -scale, "\(account) \(symbol) \(root)")
          #expect(health(root * (1 - inside * 1e-9)) <= scale, "\(account) \(symbol) \(root)")
        }
        if interval.lower <= 0 && interval.upper == .infinity {
          for price in [1e-9, 1e-3, 1, 1e3, 1e9] where !interval.isFlatZero {
            #expect(health(market.plain.price(symbol) * price) >= -gross * price * 1e-9)
          }
        }
      }
    }
  }

  @Test(arguments: PropertySeeds.first(100))
  func `all rows of an account agree whether it falls`(_ seed: UInt64) throws {
    var market = RandomMarket(seed: seed &+ 5_000)
    let accounts = (0..<40).map { _ in market.crossAccount() }
    let solved = try Solved(TestBook(market.text, market.plain, accounts))
    for place in accounts.indices where solved.book.hasDebt[place] {
      let health = solved.book.health(
        of: place,
        deposited: solved.made.deposited[place],
        prices: solved.made.snapshot.prices,
        confidences: solved.made.snapshot.confidences
      )
      let statuses = Set(solved.book.rows(of: place).map { solved.assessment($0).status })
      #expect(statuses.contains(.liquidatable) == (health < 0), "\(accounts[place]) \(health)")
    }
  }

  private static let text = """
    [assets]
    USDC = { quote = true }
    JITO = { priced_from = "SOL", ratio = 1.25 }
    [venues.perps]
    kind = "perp_tiered"
    [venues.perps.margin_tables.T]
    tiers = [ { lower_usd = 0, max_leverage = 10 }, { lower_usd = 1000, max_leverage = 5 } ]
    [venues.perps.assets]
    SOL = { margin_table = "T" }
    ETH = { max_leverage = 40 }
    JITO = { margin_table = "T" }
    [venues.sized]
    kind = "perp_sized"
    [venues.sized.assets]
    SOL = { maintenance_ratio = 0.05, asset_weight = 0.9, liability_weight = 1.1 }
    USDC = { asset_weight = 1.0, liability_weight = 1.0 }
    """

  private func solved(
    _ legs: [PlainLeg],
    at venue: String,
    collateral: Double = 0,
    prices: [String: Double] = ["SOL": 100, "ETH": 80]
  ) throws -> Solved {
    var market = PlainMarket()
    market.prices = prices
    let account = PlainAccount(venue: venue, legs: legs, collateral: collateral)
    return try Solved(TestBook(Self.text, market, [account]))
  }

  @Test func `spot of the same price moves with the perp`() throws {
    // venues.md 1.7, DRIFT-004: long 5 SOL and 2 SOL spot, total collateral 180, requirement 25.
    let long = try solved(
      [PlainLeg("SOL", .perp, 5, entry: 100), PlainLeg("SOL", .deposit, 2)],
      at: "sized"
    )
    #expect(long.book.rowCount == 1)
    #expect(long.interval(0).lower == 500 / (5 * 0.95 + 1.8))
    // DRIFT-005: a short of 10 against 10 SOL; the net slope −1.5 says it falls upward.
    let short = try solved(
      [PlainLeg("SOL", .perp, -10, entry: 0), PlainLeg("SOL", .deposit, 10)],
      at: "sized",
      prices: ["SOL": 60]
    )
    #expect(short.assessment(0).status == .liquidatable)
    // What trades when it falls is the perp, not the net of 0.
    #expect(short.book.quantity[0] == 0 && short.book.traded(0) == 10)
  }

  @Test func `a short against more spot falls on the way down`() throws {
    let account = try solved(
      [
        PlainLeg("SOL", .perp, -10, entry: 100), PlainLeg("SOL", .deposit, 20),
        PlainLeg("USDC", .borrow, 1_500),
      ],
      at: "sized"
    )
    // −10.5·P + 18·P + 1000 − 1500 = 0.
    #expect(account.assessment(0).direction == .below)
    #expect(account.assessment(0).price == 500 / 7.5)
  }

  @Test func `other positions stand in the tier of today, the solved one in that of the root`()
    throws
  {
    // 20 SOL at 100 = 2,000 USD needs 2,000·0.1 − 50 = 150; health 0 where ETH loses the rest.
    let account = try solved(
      [PlainLeg("SOL", .perp, 20, entry: 100), PlainLeg("ETH", .perp, 10, entry: 80)],
      at: "perps",
      collateral: 400
    )
    // 10·P·(1 − 1/80) − 800 + 400 − 150 = 0, rows by symbol.
    #expect(account.symbol(0) == "ETH")
    #expect(account.interval(0).lower == 550 / (10 - 10 * 0.0125))
    // SOL below 1,000 USD would be in the first tier: 20·0.95·P − 2000 + 400 − 10.
    #expect(account.interval(1).lower == 1_560 / (20 - 20 * 0.1))
  }

  @Test func `two tabled perps of one underlying asset are solved together`() throws {
    let account = try solved(
      [PlainLeg("SOL", .perp, 20, entry: 100), PlainLeg("JITO", .perp, 8, entry: 125)],
      at: "perps",
      collateral: 900
    )
    #expect(account.book.rowCount == 1)
    // At P: 30·P − 3000 + 900 − mm(20 P) − mm(10 P); at 80: 1600 and 800 USD → 110 and 40.
    let root = account.interval(0).lower
    let first = 20 * root > 1_000 ? 20 * root * 0.1 - 50 : 20 * root * 0.05
    let second = 10 * root > 1_000 ? 10 * root * 0.1 - 50 : 10 * root * 0.05
    #expect((30 * root - 2_100 - first - second).magnitude < 1e-9)
  }

  @Test func `a perp of nothing adds no deduction`() throws {
    let account = try solved(
      [PlainLeg("SOL", .perp, 0, entry: 100), PlainLeg("JITO", .perp, 8, entry: 125)],
      at: "perps",
      collateral: 100
    )
    // 10 SOL at the root of about 94.7 is below 1,000 USD: 10·0.95·P − 1000 + 100.
    #expect((account.interval(0).lower - 900 / 9.5).magnitude < 1e-12)
  }

  @Test func `two perps of one asset are refused with both lines`() throws {
    #expect {
      try solved(
        [PlainLeg("SOL", .perp, 1, entry: 100), PlainLeg("SOL", .perp, -1, entry: 100)],
        at: "perps"
      )
    } throws: { error in
      (error as? Failure)?.message.contains("has two perps of SOL (lines 0 and 0)") == true
    }
  }

  @Test func `a debt without collateral is liquidatable at every price`() throws {
    let account = try solved([PlainLeg("SOL", .borrow, 3)], at: "sized")
    #expect(account.assessment(0).status == .liquidatable && account.assessment(0).price == nil)
  }

  @Test func `a hedged account has both ends`() throws {
    // A long of 20 in steps of tiers against a short of ETH has one end each; a book of one asset
    // with two directions: SOL long 10, JITO short 8·1.25 = 10 SOL: net 0 but margin on both.
    let account = try solved(
      [PlainLeg("SOL", .perp, 10, entry: 100), PlainLeg("JITO", .perp, -8, entry: 125)],
      at: "perps",
      collateral: 120
    )
    // Needs 0.05 on both below 100: 120 − 0.05·20·P: above 1,000 USD the second tier.
    let ends = account.interval(0)
    #expect(ends.lower <= 0 && (ends.upper - 110).magnitude < 1e-9)
    #expect(account.assessment(0).direction == .above)
  }
}
