// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Liquidation
import Markets
import Numerics
import TestSupport
import Testing
import TextKit

/// A book with scenarios, and what the engine makes of it.
private struct Case {
  var book: AffineBook
  var venues: [Int32]
  var deposited: [Int64]
  var snapshot: PriceSnapshot
  /// A price for every asset of the snapshot.
  var scenarios: [[Double]] = []

  /// Loans and perps of a random market.
  init(seed: UInt64, accounts: Int) throws {
    var market = RandomMarket(seed: seed)
    let made = try TestBook(market.text, market.plain, market.accounts(accounts))
    book = try AffineBook(compiling: made.book, catalogue: made.catalogue, snapshot: made.snapshot)
    venues = made.book.accounts.map { Int32($0.venue) }
    deposited = made.deposited
    snapshot = made.snapshot
  }

  /// Draws scenarios: moves of every size, and prices at and beside the roots of accounts.
  mutating func draw(_ count: Int, _ random: inout SplitMix64) {
    for _ in 0..<count {
      var prices = snapshot.prices
      let spread = random.pick([0.001, 0.05, 0.6])
      for asset in prices.indices where prices[asset] != 1 {
        prices[asset] = prices[asset] * (1 + random.number(-spread, spread))
      }
      if random.once(in: 3), book.rowCount > 0 {
        let row = random.whole(0, book.rowCount - 1)
        let confidences = prices.indices.map { snapshot.confidenceRatios[$0] * prices[$0] }
        let interval = book.interval(
          of: row,
          deposited: deposited[Int(book.account[row])],
          prices: prices,
          confidences: confidences
        )
        let root = random.once(in: 2) ? interval.lower : interval.upper
        if root > 1e-9, root < 1e12 {
          prices[Int(book.asset[row])] = random.pick([root, root.nextUp, root.nextDown])
        }
      }
      scenarios.append(prices)
    }
  }

  struct Found: Equatable {
    var sums: [PlainScenarios.Place: ScenarioSums] = [:]
    var falls = ScenarioFalls(first: [], falls: [])
  }

  func run(threads: Int = 1, level: VectorLevel = .strongest) throws -> Found {
    let engine = try ScenarioEngine(
      book,
      venues: venues,
      deposited: deposited,
      snapshot: snapshot,
      threads: threads,
      level: level
    )
    var found = Found()
    let assets = engine.assets
    found.falls = try engine.run(
      count: scenarios.count,
      prices: { (range: Range<Int>, values: inout [Double]) throws(Failure) in
        for asset in assets { values += range.map { scenarios[$0][asset] } }
      },
      consume: { (block: ScenarioBlock) throws(Failure) in
        for scenario in block.scenarios {
          let sums = block.sums(of: scenario)
          for (place, entry) in zip(engine.places, sums) where entry != ScenarioSums() {
            found.sums[PlainScenarios.Place(scenario, venue: place.venue, asset: place.asset)] =
              entry
          }
          let total = block.total(of: sums)
          if total != ScenarioSums() { found.sums[PlainScenarios.Place(scenario)] = total }
        }
      }
    )
    return found
  }

  func plain() throws -> Found {
    let plain = try PlainScenarios(
      book,
      venues: venues,
      deposited: deposited,
      snapshot: snapshot,
      scenarios: scenarios
    )
    return Found(sums: plain.sums, falls: plain.falls)
  }
}

@Suite struct ScenarioTests {
  private static let sizes = [0, 1, 7, 8, 9, 31, 32, 33, 40]

  @Test(arguments: PropertySeeds.first(300))
  func `the engine says what the definitions say`(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed ^ 0x5CE2)
    var made = try Case(seed: seed, accounts: random.pick(ScenarioTests.sizes))
    made.draw(random.pick([1, 7, 8, 9, 31, 32, 33, 70]), &random)
    let plain = try made.plain()
    for level in VectorLevel.available {
      let found = try made.run(threads: random.whole(1, 3), level: level)
      #expect(found.falls == plain.falls)
      #expect(found.sums == plain.sums)
    }
  }

  @Test func `many blocks and many chunks change nothing`() throws {
    var random = SplitMix64(seed: 3)
    var made = try Case(seed: 11, accounts: 1_000)
    made.draw(1_100, &random)
    let plain = try made.plain()
    #expect(plain.sums.count > 1_000)
    #expect(try made.run(threads: 1) == plain)
    #expect(try made.run(threads: 3, level: .base) == plain)
  }

  @Test(arguments: PropertySeeds.first(200))
  func `accounts of many rows`(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    // Large sizes bring sums near to ties of micro-USD, where exact arithmetic decides.
    let scale = random.pick([1, 1e3, 1e4, 1e6])
    var made = try Case.wide(&random, accounts: random.whole(1, 40), scale: scale)
    made.draw(random.whole(1, 70), &random)
    let plain = try made.plain()
    for level in VectorLevel.available { #expect(try made.run(level: level) == plain) }
  }

  @Test func `amounts beyond 64 bits are added exactly`() throws {
    var random = SplitMix64(seed: 5)
    var made = try Case.wide(&random, accounts: 40, scale: 8e8)
    made.draw(40, &random)
    let plain = try made.plain()
    #expect(plain.sums.values.contains { $0.size > Int128(Int64.max) })
    #expect(try made.run(threads: 2) == plain)
  }

  @Test func `an amount that micro-USD cannot hold is refused`() throws {
    var random = SplitMix64(seed: 5)
    var made = try Case.wide(&random, accounts: 4, scale: 1e13)
    made.draw(40, &random)
    #expect(throws: Failure.self) { try made.run() }
  }

  @Test func `no scenario and no account give nothing`() throws {
    var made = try Case(seed: 1, accounts: 10)
    #expect(try made.run().sums.isEmpty)
    made = try Case(seed: 1, accounts: 0)
    var random = SplitMix64(seed: 1)
    made.draw(5, &random)
    #expect(try made.run() == made.plain())
  }
}

extension Case {
  /// Cross accounts with margin tables whose tiers lie amid the drawn prices.
  static func wide(
    _ random: inout SplitMix64,
    accounts: Int,
    scale: Double = 1
  ) throws -> Case {
    var made = try Case(seed: 7, accounts: 0)
    var margins = MarginTableSet()
    for _ in 0..<3 {
      var tiers = [MarginTable.Tier(lowerUSD: 0, rate: 0.01)]
      for step in 1...random.whole(1, 4) {
        let bound = (Double(step) * 600 + random.number(0, 500)).rounded() * min(scale, 1e10)
        tiers.append(MarginTable.Tier(lowerUSD: bound, rate: 0.01 + 0.02 * Double(step)))
      }
      _ = margins.add(try MarginTable(tiers: tiers))
    }
    made.book = AffineBook(margins: margins)
    let assets = made.snapshot.prices.indices.filter { made.snapshot.prices[$0].isFinite }
    for _ in 0..<accounts {
      var rows: [AffineBook.WideRow] = []
      var value = 0.0
      for asset in assets where rows.isEmpty || random.once(in: 2) {
        let price = made.snapshot.prices[asset]
        let size = random.number(200, 2_000) * scale / price * (random.once(in: 2) ? 1 : -1)
        let table = random.once(in: 3) ? 0 : Int32(random.whole(1, 3))
        value += size * price
        rows.append(
          AffineBook.WideRow(
            asset: Int32(asset),
            quantity: random.once(in: 20) ? 0 : size,
            slope: table == 0 ? size - abs(size) * 0.05 : size,
            table: table
          )
        )
      }
      let fixed = -value + random.number(-50, 400) * scale
      made.book.append(
        rows,
        fixed: fixed,
        equityFixed: fixed,
        tripsAtEquality: random.once(in: 2)
      )
      made.venues.append(Int32(random.whole(0, 2)))
      made.deposited.append(random.once(in: 2) ? 0 : Int64(random.whole(0, 50_000_000)))
    }
    return made
  }
}
