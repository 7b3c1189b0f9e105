// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Liquidation
import Markets
import TestSupport
import Testing
import TextKit

@Suite struct CompilerTests {
  private static let text = """
    [assets]
    USDC = { quote = true }
    JITO = { priced_from = "SOL", ratio = 1.25 }
    [venues.perps]
    kind = "perp_tiered"
    [venues.perps.assets]
    SOL = { max_leverage = 10 }
    [venues.loans]
    kind = "lending_ltv"
    [venues.loans.assets]
    SOL = { liquidation_threshold = 0.75, borrow_factor = 1.25 }
    ETH = { liquidation_threshold = 0.75, borrow_factor = 1.25 }
    JITO = { liquidation_threshold = 0.50 }
    USDC = { liquidation_threshold = 0.75 }
    [venues.events]
    kind = "event"
    [venues.events.assets]
    SOL = { liquidation_threshold = 0.5 }
    ETH = {}
    USDC = {}
    """

  private func compiled(_ accounts: [PlainAccount]) throws -> (TestBook, AffineBook) {
    var market = PlainMarket()
    market.prices = ["SOL": 100, "ETH": 4_000]
    market.confidences = ["SOL": 2]
    let made = try TestBook(Self.text, market, accounts)
    let book = try AffineBook(
      compiling: made.book,
      catalogue: made.catalogue,
      snapshot: made.snapshot
    )
    return (made, book)
  }

  private func loan(_ deposit: (String, Double), _ borrow: (String, Double)) -> PlainAccount {
    PlainAccount(
      venue: "loans",
      legs: [
        PlainLeg(deposit.0, .deposit, deposit.1), PlainLeg(borrow.0, .borrow, borrow.1),
      ]
    )
  }

  @Test func `a perp is one row of slope q − |q|·r and constant collateral − q·entry`() throws {
    let leg = PlainLeg("SOL", .perp, -8, entry: 90)
    let (_, book) = try compiled([PlainAccount(venue: "perps", legs: [leg], collateral: 100)])
    #expect(book.rowCount == 1 && book.slope == [-8 - 8 * 0.05] && book.base == [100 + 8 * 90])
    #expect(book.quantity == [-8] && book.shape == [.single])
    #expect(book.isEmpty == [false] && book.hasDebt == [true])
  }

  @Test func `a loan against a quote is one row`() throws {
    let (made, book) = try compiled([
      loan(("SOL", 10), ("USDC", 500)), loan(("USDC", 1_000), ("SOL", 4)),
    ])
    #expect(book.rowCount == 2 && book.slope == [7.5, -5] && book.base == [-500, 750])
    #expect(book.quantity == [10, -4])
    let sol = try #require(made.catalogue.assets.index(of: "SOL"))
    #expect(book.asset == [Int32(sol), Int32(sol)])
    #expect(book.tripsAtEquality == [true, true])
  }

  @Test func `a loan of two assets is a row for each, by asset bytes`() throws {
    let (made, book) = try compiled([loan(("SOL", 100), ("ETH", 1))])
    let assets = made.catalogue.assets
    #expect(book.rows(of: 0) == 0..<2)
    #expect(book.asset.map { assets[Int($0)].symbol } == ["ETH", "SOL"])
    #expect(book.slope == [-1.25, 75])
    func base(_ row: Int, _ prices: [Double]) -> Double {
      book.constant(
        of: row,
        deposited: 0,
        prices: prices,
        confidences: made.snapshot.confidences
      )
    }
    let bases = [0, 1].map { base($0, made.snapshot.prices) }
    #expect(bases == [7_500, -5_000])
    // The other leg moves with its price.
    var prices = made.snapshot.prices
    prices[try #require(assets.index(of: "ETH"))] = 2_000
    #expect(base(1, prices) == -2_500)
  }

  @Test func `legs of one underlying are summed before they are solved`() throws {
    let (made, book) = try compiled([loan(("JITO", 16), ("SOL", 4))])
    #expect(book.rowCount == 1)
    #expect(book.slope == [16 * 0.5 * 1.25 - 5])
    #expect(book.quantity == [16 * 1.25 - 4])
    #expect(made.catalogue.assets[Int(book.asset[0])].symbol == "SOL")
  }

  @Test func `an account of quotes alone is one row without slope`() throws {
    let account = PlainAccount(
      venue: "loans",
      legs: [PlainLeg("USDC", .deposit, 100)],
      collateral: 5
    )
    let (_, book) = try compiled([account])
    #expect(book.rowCount == 1 && book.slope == [0] && book.base == [80])
    #expect(book.hasDebt == [false])
    // Equity is 105: 5 beside the 100 that the row counts at their price.
    #expect(book.quantity == [100] && book.equityFixed(of: 0) == 5)
  }

  @Test func `event collateral is marked down by the confidence of the day`() throws {
    let account = PlainAccount(
      venue: "events",
      legs: [PlainLeg("SOL", .deposit, 10), PlainLeg("USDC", .borrow, 300)]
    )
    let (made, book) = try compiled([account])
    // 10 · (P − 2) · 0.5 − 300 = 0 at 62.
    let found = try IsolatedKernel.solve(
      book,
      deposited: [0],
      snapshot: made.snapshot,
      threads: 1
    )
    #expect(found[0].price == 62)
    var later = made.snapshot
    later.set(Int(book.asset[0]), price: 50, confidenceRatio: 0.02)
    let after = try IsolatedKernel.solve(book, deposited: [0], snapshot: later, threads: 1)
    #expect(after[0].price == 61 && after[0].status == .liquidatable)
  }

  @Test func `the mark-down of a deposit moves the other row too`() throws {
    let account = PlainAccount(
      venue: "events",
      legs: [PlainLeg("SOL", .deposit, 100), PlainLeg("ETH", .borrow, 1)]
    )
    let (made, book) = try compiled([account])
    let found = try IsolatedKernel.solve(
      book,
      deposited: [0],
      snapshot: made.snapshot,
      threads: 1
    )
    // ETH at 100·(100 − 2)·0.5 = 4,900; SOL where 50·(P − 2) = 4,000.
    #expect(found.map(\.price) == [4_900, 82])
    #expect(found.map(\.direction) == [.above, .below])
  }

  @Test func `a deposit of protection is added to every line`() throws {
    let leg = PlainLeg("SOL", .perp, 10, entry: 100)
    let account = PlainAccount(
      venue: "perps",
      legs: [leg],
      collateral: 50,
      deposited: 95_000_000
    )
    let (made, book) = try compiled([account])
    let found = try IsolatedKernel.solve(
      book,
      deposited: made.deposited,
      snapshot: made.snapshot,
      threads: 1
    )
    #expect(found[0].price == (1_000.0 - 50 - 95) / 9.5)
  }

  @Test func `quantities of 0 make an account empty`() throws {
    let (_, book) = try compiled([
      loan(("SOL", 0), ("USDC", 0)), loan(("SOL", 1), ("USDC", 0)), loan(("SOL", 0), ("USDC", 1)),
    ])
    #expect(book.isEmpty == [true, false, false])
    #expect(book.hasDebt == [false, false, true])
  }

  @Test func `a leg that the venue does not have is refused with the row`() {
    #expect {
      try compiled([PlainAccount(venue: "loans", legs: [PlainLeg("SOL", .perp, 1)])])
    } throws: { error in
      guard let failure = error as? Failure else { return false }
      return failure.kind == .data && failure.message.hasPrefix("book:0: ")
        && failure.message.contains("found perp of SOL at loans, expected deposit or borrow")
    }
  }

  @Test func `an account of more prices than can be solved with each other is refused`() throws {
    let symbols = (0..<10_001).map { "A\($0)" }
    let catalogue = try TestCatalogue.read(
      "[venues.v]\nkind = \"event\"\n[venues.v.assets]\n"
        + symbols.map { "\($0) = { liquidation_threshold = 0.5 }\n" }.joined()
    )
    func compile(_ count: Int) throws -> Int {
      let legs = try symbols.prefix(count).enumerated().map { row, symbol in
        let asset = try #require(catalogue.assets.index(of: symbol))
        return Leg(venue: 0, asset: asset, kind: .deposit, quantity: 1, row: row, line: row + 2)
      }
      return try AffineBook(
        compiling: Book(accounts: [Account(name: "x", legs: legs)], file: "b.csv"),
        catalogue: catalogue,
        snapshot: PriceSnapshot(catalogue.assets)
      ).rowCount
    }
    #expect(try compile(10_000) == 10_000)
    #expect(
      throws: Failure(
        .data,
        "b.csv:2: account 'x' holds 10001 assets, expected at most 10000; each of its prices is"
          + " solved with all others"
      )
    ) { try compile(10_001) }
  }

  @Test func `legs at two venues are refused with both names`() throws {
    let catalogue = try TestCatalogue.read(Self.text)
    let sol = try #require(catalogue.assets.index(of: "SOL"))
    let legs = [
      Leg(venue: 1, asset: sol, kind: .deposit, quantity: 1, line: 2),
      Leg(venue: 2, asset: sol, kind: .borrow, quantity: 1, line: 9),
    ]
    #expect(
      throws: Failure(
        .data,
        "b.csv:2: account 'x' has legs at loans and events (line 9), expected one venue; give the"
          + " legs accounts of their own"
      )
    ) {
      try AffineBook(
        compiling: Book(accounts: [Account(name: "x", legs: legs)], file: "b.csv"),
        catalogue: catalogue,
        snapshot: PriceSnapshot(catalogue.assets)
      )
    }
  }
}
