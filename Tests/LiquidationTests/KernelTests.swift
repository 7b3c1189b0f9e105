// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Liquidation
import Markets
import TestSupport
import Testing
import TextKit

@Suite struct KernelTests {
  /// Compiled rows of a test book with what the kernel says of each.
  private struct Solved {
    var made: TestBook
    var book: AffineBook
    var found: [Assessment]

    init(_ made: TestBook, threads: Int = 1) throws {
      self.made = made
      book = try AffineBook(
        compiling: made.book,
        catalogue: made.catalogue,
        snapshot: made.snapshot
      )
      found = try IsolatedKernel.solve(
        book,
        deposited: made.deposited,
        snapshot: made.snapshot,
        threads: threads
      )
    }

    /// What differs between an account's rows and the plain reference's, nil when nothing does.
    func difference(_ account: Int, _ plain: [PlainRow]) -> String? {
      let rows = book.rows(of: account)
      if rows.count != plain.count { return "\(rows.count) rows" }
      for (row, expected) in zip(rows, plain) {
        let symbol = made.catalogue.assets[Int(book.asset[row])].symbol
        let seen = found[row]
        let isRoot =
          expected.roots.isEmpty
          ? seen.price == nil : expected.roots.contains { $0.bitPattern == seen.price?.bitPattern }
        guard symbol == expected.symbol, book.quantity[row] == expected.quantity,
          seen.status == expected.status,
          seen.direction == expected.direction
            || seen.status == .unreachable,
          isRoot || seen.status == .unreachable
        else { return "row \(row): \(seen), expected \(expected)" }
      }
      return nil
    }
  }

  @Test(arguments: PropertySeeds.first(200))
  func `the kernel says what the plain reference says, bit for bit`(_ seed: UInt64) throws {
    var market = RandomMarket(seed: seed)
    let accounts = market.accounts(40)
    let solved = try Solved(TestBook(market.text, market.plain, accounts))
    for (place, account) in accounts.enumerated() {
      let difference = solved.difference(place, market.plain.rows(of: account))
      #expect(difference == nil, "\(account)")
    }
  }

  @Test(arguments: PropertySeeds.first(200))
  func `health by the venue's formula changes its sign at the root`(_ seed: UInt64) throws {
    var market = RandomMarket(seed: seed)
    let accounts = market.accounts(25)
    let solved = try Solved(TestBook(market.text, market.plain, accounts))
    for (place, account) in accounts.enumerated() {
      for row in solved.book.rows(of: place) {
        guard let root = solved.found[row].price, let direction = solved.found[row].direction
        else { continue }
        let symbol = solved.made.catalogue.assets[Int(solved.book.asset[row])].symbol
        let step = direction == .below ? 1e-7 : -1e-7
        let healthy = market.plain.health(of: account, at: root * (1 + step), of: symbol)
        let fallen = market.plain.health(of: account, at: root * (1 - step), of: symbol)
        // Where the terms cancel to 1e-7 of their size the sign is rounding's.
        let size = account.legs.reduce(account.collateral.magnitude) {
          $0 + ($1.quantity * max($1.entry, market.plain.price($1.symbol), root)).magnitude
        }
        #expect(healthy > -1e-12 * size && fallen < 1e-12 * size, "\(account) \(symbol)")
      }
    }
  }

  @Test(arguments: PropertySeeds.first(50))
  func `every kind of status, venue and direction is drawn`(_ seed: UInt64) throws {
    var market = RandomMarket(seed: seed)
    let accounts = market.accounts(400)
    let found = try Solved(TestBook(market.text, market.plain, accounts)).found
    #expect(Set(found.map(\.status)) == Set(LiquidationStatus.allCases))
    #expect(Set(found.compactMap(\.direction)) == Set(Direction.allCases))
    #expect(Set(accounts.map(\.venue)) == Set(RandomMarket.kinds))
  }

  @Test(arguments: [0, 1, 7, 8, 9, 65_535, 65_536, 65_537])
  func `threads change nothing, whatever the number of rows`(_ count: Int) throws {
    var market = RandomMarket(seed: UInt64(count))
    let some = market.accounts(min(count, 211))
    let accounts = (0..<count).map { some[$0 % some.count] }
    let made = try TestBook(market.text, market.plain, accounts)
    let solved = try Solved(made)
    #expect(solved.book.accountCount == count)
    #expect(solved.found.count == solved.book.rowCount)
    for threads in [2, 7] {
      let found = try IsolatedKernel.solve(
        solved.book,
        deposited: made.deposited,
        snapshot: made.snapshot,
        threads: threads
      )
      #expect(found == solved.found, "\(threads) threads")
    }
    let plain = some.map { market.plain.rows(of: $0) }
    for place in Set((0..<count).filter { $0 < 9 || $0 % 997 == 0 || $0 > count - 9 }) {
      #expect(solved.difference(place, plain[place % some.count]) == nil, "account \(place)")
    }
  }

  @Test(arguments: PropertySeeds.first(200))
  func `more margin moves the root away and prices scale with their unit`(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let size = random.magnitude(-3, 5) * (random.once(in: 2) ? -1 : 1)
    let entry = random.magnitude(-2, 5)
    let margin = size.magnitude * entry * random.number(0.01, 0.5)
    let rate = random.number(0.005, 0.2)
    func root(_ margin: Double, scale: Double = 1) throws -> Double {
      let slope = size - size.magnitude * rate
      let interval = HealthyInterval(
        slope: slope,
        constant: margin * scale - size * entry * scale
      )
      return size > 0 ? interval.lower : interval.upper
    }
    let more = try root(margin * 1.25)
    #expect(size > 0 ? more < (try root(margin)) : more > (try root(margin)))
    // Powers of two scale without rounding.
    #expect(try root(margin, scale: 1024) == 1024 * root(margin))
  }

  @Test func `health of an account is the lowest of its lines`() throws {
    var market = RandomMarket(seed: 4)
    let accounts = market.accounts(400)
    let solved = try Solved(TestBook(market.text, market.plain, accounts))
    for (place, account) in accounts.enumerated() {
      let row = solved.book.rows(of: place).lowerBound
      let symbol = solved.made.catalogue.assets[Int(solved.book.asset[row])].symbol
      let health = solved.book.health(
        of: place,
        deposited: account.deposited,
        prices: solved.made.snapshot.prices,
        confidences: solved.made.snapshot.confidences
      )
      let plain = market.plain.health(of: account, at: market.plain.price(symbol), of: symbol)
      let size = account.legs.reduce(1 + account.collateral.magnitude) {
        $0 + ($1.quantity * max($1.entry, market.plain.price($1.symbol))).magnitude
      }
      #expect((health - plain).magnitude <= 1e-12 * size, "\(account)")
    }
  }
}
