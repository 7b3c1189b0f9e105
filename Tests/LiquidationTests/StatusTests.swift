// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Liquidation
import Markets
import Testing

/// The table of SEMANTICS B2, one row a case.
@Suite struct StatusTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var claim: String
    var slope: Double
    var constant: Double
    var price = 100.0
    var isEmpty = false
    var hasDebt = true
    var atEquality = false
    var status: LiquidationStatus
    var direction: Direction?
    var root: Double?
    var testDescription: String { claim }
  }

  static let cases: [Case] = [
    Case(claim: "empty wins over a fall", slope: 1, constant: -200, isEmpty: true, status: .empty),
    Case(
      claim: "no debt is unreachable",
      slope: 1,
      constant: -50,
      hasDebt: false,
      status: .unreachable
    ),
    Case(
      claim: "no debt is unreachable even below the root",
      slope: 1,
      constant: -200,
      hasDebt: false,
      status: .unreachable
    ),
    Case(
      claim: "a long at risk",
      slope: 1,
      constant: -80,
      status: .atRisk,
      direction: .below,
      root: 80
    ),
    Case(
      claim: "a short at risk",
      slope: -1,
      constant: 130,
      status: .atRisk,
      direction: .above,
      root: 130
    ),
    Case(
      claim: "a long below its root",
      slope: 1,
      constant: -110,
      status: .liquidatable,
      direction: .below,
      root: 110
    ),
    Case(
      claim: "a short above its root",
      slope: -1,
      constant: 90,
      status: .liquidatable,
      direction: .above,
      root: 90
    ),
    Case(
      claim: "a long at its root is safe where the rule is strict",
      slope: 1,
      constant: -100,
      status: .atRisk,
      direction: .below,
      root: 100
    ),
    Case(
      claim: "a long at its root falls at equality",
      slope: 1,
      constant: -100,
      atEquality: true,
      status: .liquidatable,
      direction: .below,
      root: 100
    ),
    Case(
      claim: "a short at its root is safe where the rule is strict",
      slope: -1,
      constant: 100,
      status: .atRisk,
      direction: .above,
      root: 100
    ),
    Case(
      claim: "a short at its root falls at equality",
      slope: -1,
      constant: 100,
      atEquality: true,
      status: .liquidatable,
      direction: .above,
      root: 100
    ),
    Case(
      claim: "one ulp above the root is safe at equality",
      slope: 1,
      constant: -100,
      price: (100.0).nextUp,
      atEquality: true,
      status: .atRisk,
      direction: .below,
      root: 100
    ),
    Case(
      claim: "one ulp below the root falls where the rule is strict",
      slope: 1,
      constant: -100,
      price: (100.0).nextDown,
      status: .liquidatable,
      direction: .below,
      root: 100
    ),
    Case(claim: "a root below 0 is unreachable", slope: 1, constant: 50, status: .unreachable),
    Case(claim: "a root of −0 is none", slope: 1, constant: 0, status: .unreachable),
    Case(claim: "a root of 0 is none", slope: 1, constant: -0.0, status: .unreachable),
    Case(
      claim: "a short with nothing left is liquidatable without a price",
      slope: -1,
      constant: 0,
      status: .liquidatable,
      direction: .above
    ),
    Case(
      claim: "a short in the red is liquidatable without a price",
      slope: -1,
      constant: -50,
      status: .liquidatable,
      direction: .above
    ),
    Case(claim: "no slope, health above 0", slope: 0, constant: 5, status: .unreachable),
    Case(claim: "no slope, health below 0", slope: 0, constant: -5, status: .liquidatable),
    Case(claim: "no slope, health 0, strict", slope: 0, constant: 0, status: .unreachable),
    Case(
      claim: "no slope, health 0, at equality",
      slope: 0,
      constant: 0,
      atEquality: true,
      status: .liquidatable
    ),
    Case(
      claim: "no slope, health below 0, at equality",
      slope: 0,
      constant: -5,
      atEquality: true,
      status: .liquidatable
    ),
    Case(
      claim: "the smallest root there is",
      slope: 1,
      constant: -.leastNonzeroMagnitude,
      status: .atRisk,
      direction: .below,
      root: .leastNonzeroMagnitude
    ),
  ]

  @Test(arguments: cases)
  func `the first rule that applies decides`(_ row: Case) throws {
    let interval = HealthyInterval(slope: row.slope, constant: row.constant)
    let found = Assessment(
      interval,
      price: row.price,
      isEmpty: row.isEmpty,
      hasDebt: row.hasDebt,
      atEquality: row.atEquality
    )
    #expect(found.status == row.status)
    #expect(found.direction == row.direction)
    #expect(found.price == row.root)
    if row.hasDebt && !row.isEmpty {
      #expect(
        interval.isViolated(at: row.price, atEquality: row.atEquality)
          == (row.status == .liquidatable)
      )
    }
    // One line of a table says the same.
    let table = try MarginTable(tiers: [MarginTable.Tier(lowerUSD: 0, rate: 0.5)])
    let lines = HealthyInterval(
      slope: row.slope > 0 ? row.slope * 2 : row.slope / 1.5,
      constant: row.constant,
      lines: table.lines
    )
    #expect((lines.lower - interval.lower).magnitude < 1e-13 || lines.lower == interval.lower)
    #expect((lines.upper - interval.upper).magnitude < 1e-13 || lines.upper == interval.upper)
    #expect(lines.isFlatZero == interval.isFlatZero)
  }

  @Test func `with roots on both sides the nearer is reported, the lower at a tie`() {
    func found(_ lower: Double, _ upper: Double, at price: Double) -> Assessment {
      var interval = HealthyInterval(slope: 0, constant: 1)
      (interval.lower, interval.upper) = (lower, upper)
      return Assessment(interval, price: price, isEmpty: false, hasDebt: true, atEquality: false)
    }
    #expect(found(80, 110, at: 100).direction == .above)
    #expect(found(95, 110, at: 100).direction == .below)
    #expect(found(90, 110, at: 100).direction == .below)
    #expect(found(90, 110, at: 100).price == 90)
    #expect(found(-5, 110, at: 100).price == 110)
    #expect(found(90, .infinity, at: 100).price == 90)
    #expect(found(90, 110, at: 80).direction == .below)
    #expect(found(90, 110, at: 120).direction == .above)
  }

  @Test func `crossed roots make an account liquidatable at every price`() {
    var interval = HealthyInterval(slope: 0, constant: 1)
    (interval.lower, interval.upper) = (110, 90)
    let found = Assessment(
      interval,
      price: 100,
      isEmpty: false,
      hasDebt: true,
      atEquality: false
    )
    #expect(found.status == .liquidatable)
    #expect(found.direction == nil && found.price == nil)
  }

  @Test(arguments: [
    (1.0, -80.0, 100.0, 0.25), (1, -80, 80, 0), (1, -80, 60, -0.25), (-1, 125, 100, 0.2),
    (-1, 125, 150, -0.2),
  ])
  func `the distance is signed and a share of the root`(
    _ slope: Double,
    _ constant: Double,
    _ price: Double,
    _ distance: Double
  ) throws {
    let found = Assessment(
      HealthyInterval(slope: slope, constant: constant),
      price: price,
      isEmpty: false,
      hasDebt: true,
      atEquality: false
    )
    #expect(try #require(found.distance(at: price)) == distance)
  }

  @Test func `without a root there is no distance`() {
    let found = Assessment(
      HealthyInterval(slope: 0, constant: 1),
      price: 1,
      isEmpty: false,
      hasDebt: true,
      atEquality: false
    )
    #expect(found.distance(at: 1) == nil)
  }

  @Test func `a long whose rate is 1 has a flat line that can fail at every price`() throws {
    let table = try MarginTable(tiers: [
      MarginTable.Tier(lowerUSD: 0, rate: 0.5), MarginTable.Tier(lowerUSD: 1_000, rate: 1),
    ])
    // Deduction 500: the flat line stands at constant + 500.
    let safe = HealthyInterval(slope: 10, constant: -400, lines: table.lines)
    #expect(safe.lower == 80 && safe.upper == .infinity)
    let lost = HealthyInterval(slope: 10, constant: -600, lines: table.lines)
    #expect(lost.lower == .infinity)
  }

  @Test func `at the bound of two tiers the lower tier's root stands`() throws {
    // HL-12: both lines give 100 at a notional of exactly 1,000.
    let table = try MarginTable(tiers: [
      MarginTable.Tier(lowerUSD: 0, rate: 0.05), MarginTable.Tier(lowerUSD: 1_000, rate: 0.1),
    ])
    #expect(HealthyInterval(slope: 10, constant: -950, lines: table.lines).lower == 100)
  }
}
