// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Markets
import TestSupport
import Testing

@Suite struct FluidAmountTests {
  private func back(_ tick: Int) -> Int? {
    FluidTicks.ratio(at: tick).flatMap { FluidTicks.tick(at: $0)?.index }
  }

  @Test func `the program's ratios come out to the last bit`() {
    #expect(FluidTicks.ratio(at: 0) == 281_474_976_710_656)
    #expect(FluidTicks.ratio(at: 100) == 326_990_514_660_603)
    #expect(FluidTicks.ratio(at: 16_383) == 13_002_088_162_051_014_298_412_982)
    #expect(FluidTicks.ratio(at: -16_383) == 6_093)
    #expect(FluidTicks.ratio(at: 16_384) == nil && FluidTicks.ratio(at: -16_384) == nil)
  }

  @Test func `most ticks do not come back from their ratio`() {
    #expect(back(-1) == -2)
    #expect(back(-462) == -462)
    let ticks = -FluidTicks.largestTick...FluidTicks.largestTick
    #expect(ticks.count { back($0) != $0 } == 23_797)
    // The ratio of the largest tick is above the bound that the program declares.
    #expect(ticks.filter { back($0) == nil } == [FluidTicks.largestTick])
    #expect(ticks.dropLast().allSatisfy { [$0, $0 - 1].contains(back($0)) })
  }

  @Test func `ratios outside the program's bounds have no tick`() {
    #expect(FluidTicks.tick(at: FluidTicks.smallestRatio - 1) == nil)
    // The smallest ratio is truncated, so its tick is one below the smallest.
    #expect(FluidTicks.tick(at: FluidTicks.smallestRatio)?.index == -16_384)
    #expect(FluidTicks.tick(at: FluidTicks.largestRatio + 1) == nil)
    #expect(FluidTicks.tick(at: .max) == nil && FluidTicks.tick(at: 0) == nil)
  }

  /// Exact powers of 2003/2000, away from the grid by more than the program's thirteen digits.
  @Test(arguments: PropertySeeds.first(200))
  func `the tick of a ratio is that of exact arithmetic away from the grid`(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<20 {
      let tick = random.whole(-4_000, 4_000)
      let edge = ExactEdges.ticks[tick + ExactEdges.tickReach]
      // From 1e-9 above the edge to 1e-9 below the next one.
      let ratio = edge * (1 + 1e-9 + random.number(0, 1) * (0.0015 - 3e-9))
      let collateral = 1e6 + random.number(0, 1) * 1e6
      let found = FluidVault.positionTick(collateral: collateral, debt: collateral * ratio)
      #expect(found == tick + 1, "\(ratio)")
    }
  }

  @Test func `the contracts' ratios come out`() throws {
    // The contract's own bounds; its test asserts 37075071 within 1.
    let least = try #require(FluidTicks.ratioX96(at: -32_767))
    #expect(least.high == 0 && (37_075_071...37_075_073).contains(least.low))
    let one = try #require(FluidTicks.ratioX96(at: 0))
    #expect(one.high == 0 && one.low == 1 << 96)
    #expect(FluidTicks.ratioX96(at: 32_768) == nil)
    for tick in [-20_000, -1_000, -1, 1, 2, 100, 5_000, 14_000] {
      let ratio = try #require(FluidTicks.ratioX96(at: tick))
      let value = Double(ratio.high) * 0x1p32 + Double(ratio.low) * 0x1p-96
      var power = 1.0
      for _ in 0..<tick.magnitude { power *= tick < 0 ? 1 / 1.0015 : 1.0015 }
      #expect((value / power - 1).magnitude < 1e-10, "\(tick)")
    }
    let most = try #require(FluidTicks.ratioX96(at: 32_767))
    // MAX_RATIOX96 of the contract: 169307877264527972847801929085841449095838922544595.
    let expected = 1.6930787726452797e50
    #expect((Double(most.high) * 0x1p128 / expected - 1).magnitude < 1e-9)
  }

  /// FLUID-01: three positions of 10,000, threshold 81 %, oracle 1.22, no penalty.
  @Test func `the venue's own test of a liquidation comes out`() throws {
    let debts: [UInt128] = [10_000_000_000_000, 9_999_000_099_990, 9_980_039_920_159]
    let collateral: UInt128 = 10_000_000_000_000
    let rounded = debts.map { FluidVault.roundedDebt(rawCollateral: collateral, rawDebt: $0) }
    for (found, expected) in zip(rounded, [10_015.0, 10_000, 10_000 / 1.0015]) {
      #expect((Double(try #require(found)) / 1e9 - expected).magnitude < 1e-6)
    }
    let rate: UInt128 = 1_220_000_000_000_000
    let worth = try #require(FluidVault.debtPerCollateral(rate: rate))
    #expect(FluidVault.tick(debtPerCollateral: worth, share: 810) == -8)
    let paid = try #require(FluidVault.collateralPerDebt(rate: rate, penalty: 0))
    let liquidated = FluidVault.branchLiquidation(
      debt: rounded.reduce(0) { $0 + ($1 ?? 0) },
      collateral: 3 * collateral,
      tick: -8,
      collateralPerDebt: paid
    )
    #expect((Double(try #require(liquidated)) / 1e9 - 1881.160285).magnitude < 1e-6)
  }

  @Test func `extreme inputs have no tick and stop nothing`() {
    for (collateral, debt) in [
      (0.0, 1.0), (1, 0), (-1, 1), (.nan, 1), (1, .infinity), (1e30, 1), (1, 1e30), (1e-12, 1),
    ] {
      #expect(FluidVault.positionTick(collateral: collateral, debt: debt) == nil)
    }
    #expect(FluidVault.positionTick(rawCollateral: .max, rawDebt: .max) == nil)
    #expect(FluidVault.debtPerCollateral(rate: 0) == nil)
    #expect(FluidVault.debtPerCollateral(rate: 1, borrowExchangePrice: 0) == nil)
    #expect(FluidVault.collateralPerDebt(rate: 1, supplyExchangePrice: 0, penalty: 0) == nil)
    #expect(FluidVault.collateralPerDebt(rate: 1, penalty: .max) == nil)
    #expect(
      FluidVault.branchLiquidation(debt: 1, collateral: 1, tick: 0, collateralPerDebt: .max) == nil
    )
    #expect(FluidVault.tick(debtPerCollateral: .max, share: .max) == nil)
  }

  @Test func `old or uncertain prices are refused, later for liquidations`() {
    func isValid(_ confidence: Double, _ age: Double, _ isLiquidation: Bool) -> Bool {
      FluidVault.isPriceValid(
        price: 100,
        confidence: confidence,
        ageSeconds: age,
        isLiquidation: isLiquidation
      )
    }
    #expect(isValid(2, 600, false) && !isValid(2.1, 0, false) && !isValid(0, 601, false))
    #expect(isValid(4, 7_200, true) && !isValid(4.1, 0, true) && !isValid(0, 7_201, true))
  }

  // MARK: - The rule

  private func slope(
    _ keys: (venue: String, collateral: String, debt: String),
    collateral: Double,
    debt: Double
  ) throws -> Double {
    let catalogue = try TestCatalogue.read(
      """
      [venues.v]
      kind = "lending_ticked"
      \(keys.venue)
      [venues.v.assets]
      SOL = { liquidation_threshold = 0.85\(keys.collateral) }
      USDC = { \(keys.debt) }
      """
    )
    let sol = try #require(catalogue.assets.index(of: "SOL"))
    let usdc = try #require(catalogue.assets.index(of: "USDC"))
    let legs = [
      Leg(venue: 0, asset: sol, kind: .deposit, quantity: collateral),
      Leg(venue: 0, asset: usdc, kind: .borrow, quantity: debt),
    ]
    return try catalogue.venues[0].rule.health(
      of: legs[1],
      in: LegContext(legs: legs, confidenceRatio: 0)
    ).slope
  }

  /// FLUID-28: raw amounts are amounts by exchange prices.
  @Test func `exchange prices decide the tick and scale the debt back`() throws {
    let found = try slope(
      ("", ", supply_exchange_price = 1.05", "borrow_exchange_price = 1.08"),
      collateral: 100,
      debt: 10_000
    )
    let tick = try #require(
      FluidVault.positionTick(
        collateral: 100,
        debt: 10_000,
        supplyExchangePrice: 1.05,
        borrowExchangePrice: 1.08
      )
    )
    let edge = ExactEdges.ticks[tick + ExactEdges.tickReach]
    #expect(found == -(100 * edge * (1.08 / 1.05)))
    #expect((-found / 85 / 117.71394522617453 - 1).magnitude < 1e-12)
    #expect(
      try slope(("", "", ""), collateral: 100, debt: 10_000)
        == -(100
        * ExactEdges.ticks[
          3_073 + ExactEdges.tickReach
        ])
    )
  }

  /// On the grid the program's truncated integers stand a tick lower than exact powers.
  ///
  /// Every other base has no program and keeps the exact powers.
  @Test func `the program's own integers decide on its grid`() throws {
    // 1.0015^2 = 1.00300225 exactly: the floor is 2, but 48 bits of it are less.
    let edge = ExactEdges.ticks[2 + ExactEdges.tickReach]
    #expect(try slope(("", "", ""), collateral: 1e9, debt: 1_003_002_250) == -(1e9 * edge))
    let above = ExactEdges.ticks[3 + ExactEdges.tickReach]
    #expect(try slope(("", "", ""), collateral: 1e9, debt: 1_003_002_251) == -(1e9 * above))
    let inverse = 1e9 / 1.0015
    let found = try slope(("", "", ""), collateral: 1e9, debt: inverse)
    #expect(FluidVault.positionTick(collateral: 1e9, debt: inverse) == -1)
    #expect(found == -(1e9 * ExactEdges.ticks[-1 + ExactEdges.tickReach]))
    let other = try slope(("tick_base = 1.5", "", ""), collateral: 4, debt: 9)
    #expect(other == -(4 * 3.375))
  }

  /// Amounts that nine decimals do not hold keep the exact rule.
  @Test func `dust keeps the exact tick`() throws {
    #expect(FluidVault.positionTick(collateral: 1e-10, debt: 1.5e-10) == nil)
    let found = try slope(("", "", ""), collateral: 1e-10, debt: 1.5e-10)
    #expect(-found >= 1.5e-10 && -found <= 1.5e-10 * 1.00150001)
  }
}
