// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Markets
import TestSupport
import Testing

@Suite struct OtherAmountTests {
  private func table(_ tiers: [(Double, Double)]) throws -> MarginTable {
    try MarginTable(
      tiers: tiers.map { MarginTable.Tier(lowerUSD: $0.0, rate: 1 / (2 * $0.1)) }
    )
  }

  /// venues.md 5.6: BTC, 40 times below 150 million USD, 20 times above.
  @Test func `Hyperliquid's requirement has no jump between tiers`() throws {
    let table = try table([(0, 40), (150_000_000, 20)])
    #expect(HyperliquidMargin.maintenance(100_000_000, table: table) == 1_250_000)
    #expect(HyperliquidMargin.maintenance(150_000_000, table: table) == 1_875_000)
    #expect(HyperliquidMargin.maintenance(200_000_000, table: table) == 3_125_000)
    #expect(HyperliquidMargin.maintenance(0, table: table) == 0)
  }

  /// At the price the account's value is the requirement, in whichever tier it falls.
  @Test(arguments: PropertySeeds.first(200))
  func `Hyperliquid's price makes value and requirement equal`(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let table = try table([(0, 25), (1_000, 15), (20_000, 5)])
    for _ in 0..<20 {
      let size = (random.number(0, 1) < 0.5 ? -1 : 1) * random.magnitude(-1, 3)
      let mark = random.magnitude(0, 3)
      let value = size.magnitude * mark * (0.05 + random.number(0, 1) * 0.5)
      let share = random.number(0, 1) < 0.5 ? 1 : 2.0 / 3
      let price = HyperliquidMargin.liquidationPrice(
        size: size,
        mark: mark,
        value: value,
        table: table,
        share: share
      )
      guard let price else { continue }
      let left = value + size * (price - mark)
      let required = HyperliquidMargin.maintenance(size.magnitude * price, table: table)
      #expect((left - share * required).magnitude < 1e-9 * (value + size.magnitude * mark))
    }
  }

  @Test func `a fifth of a large position goes first`() {
    func first(_ notional: Double, _ isInCooldown: Bool = false) -> Double {
      HyperliquidMargin.firstOrderUSD(notional: notional, isInCooldown: isInCooldown)
    }
    #expect([first(100_000), first(150_000), first(150_000, true)] == [100_000, 30_000, 150_000])
    #expect(HyperliquidMargin.isBackstop(value: 1.9, maintenance: 3))
    #expect(!HyperliquidMargin.isBackstop(value: 2, maintenance: 3))
    #expect(HyperliquidMargin.transferRequirement(initialMargin: 5, notional: 100) == 10)
  }

  /// venues.md 5.3, the documentation's example: premium 1 % gives 0.95 % for 8 hours.
  @Test func `funding is the premium with interest clamped`() {
    #expect((HyperliquidMargin.fundingRate(premium: 0.01) - 0.0095).magnitude < 1e-15)
    #expect((HyperliquidMargin.fundingRate(premium: 0.0002) - 0.0001).magnitude < 1e-18)
    #expect((HyperliquidMargin.fundingRate(premium: -0.01) + 0.0095).magnitude < 1e-15)
    #expect(HyperliquidMargin.hourlyRate(1) == 0.04 && HyperliquidMargin.hourlyRate(-1) == -0.04)
    let payment = HyperliquidMargin.hourlyPayment(size: 10, oracle: 10_000, fundingRate: 0.0095)
    #expect((payment - 118.75).magnitude < 1e-12)
    let premium = HyperliquidMargin.premium(impactBid: 101, impactAsk: 102, oracle: 100)
    #expect((premium - 0.01).magnitude < 1e-15)
    #expect(HyperliquidMargin.premium(impactBid: 98, impactAsk: 99, oracle: 100) == -0.01)
    #expect(HyperliquidMargin.premium(impactBid: 99, impactAsk: 101, oracle: 100) == 0)
  }

  @Test func `portfolio margin takes the worst token`() {
    #expect(HyperliquidMargin.portfolioRatio([(1, 2), (3, 4), (0, 1)]) == 0.75)
    #expect(HyperliquidMargin.portfolioRatio([]) == 0)
    #expect(HyperliquidMargin.threshold(loanToValue: 0.65) == 0.825)
    #expect((HyperliquidMargin.borrowRate(utilisation: 0.9) - 0.525).magnitude < 1e-12)
    #expect(
      HyperliquidMargin.liquidationValue(
        balance: -5,
        borrowCap: 100,
        collateral: 10,
        supplyCap: 4,
        price: 10,
        threshold: 0.5
      ) == 15
    )
  }

  /// Repaying it at the bonus leaves the target health factor.
  @Test(arguments: PropertySeeds.first(100))
  func `Aave's debt to target restores the target`(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<20 {
      let (debt, factor) = (1_000 + random.number(0, 1) * 1e6, 0.5 + random.number(0, 1) * 0.35)
      let health = 0.8 + random.number(0, 1) * 0.19
      let collateral = health * debt / factor
      let bonus = AaveLiquidation.bonus(
        healthFactor: health,
        most: 1.1,
        factor: 0.5,
        healthForMost: 0.9
      )
      #expect(bonus >= 1.05 && bonus <= 1.1)
      let repaid = AaveLiquidation.debtToTarget(
        debt: debt,
        target: 1.05,
        healthFactor: health,
        bonus: bonus,
        collateralFactor: factor
      )
      // A bonus that takes more than the health gives needs more than all debt.
      #expect((repaid >= debt) == (health <= bonus * factor))
      guard repaid < debt * 0.999 else { continue }
      let after = AaveLiquidation.healthFactor(
        weightedCollateral: (collateral - repaid * bonus) * factor,
        debt: debt - repaid
      )
      #expect((after - 1.05).magnitude < 1e-9)
    }
  }

  @Test func `Aave's bonus and dust have bounds`() {
    func bonus(_ health: Double) -> Double {
      AaveLiquidation.bonus(healthFactor: health, most: 1.05, factor: 0.8, healthForMost: 0.85)
    }
    #expect([bonus(0.8), bonus(0.85), bonus(1), bonus(2)] == [1.05, 1.05, 1.04, 1.04])
    #expect((bonus(0.925) - 1.045).magnitude < 1e-12)
    #expect(AaveLiquidation.largestRepayment(reserveDebt: 5_000, toTarget: 4_001) == 5_000)
    #expect(AaveLiquidation.largestRepayment(reserveDebt: 5_000, toTarget: 4_000) == 4_000)
  }

  @Test func `Euler's discount begins at the boundary and is capped`() {
    func factor(_ adjusted: Double) -> Double {
      EulerLiquidation.discountFactor(adjusted: adjusted, liability: 100, largestDiscount: 0.2)
    }
    #expect([factor(101), factor(100), factor(90), factor(50)] == [1, 1, 0.9, 0.8])
    let short = EulerLiquidation.largest(
      collateral: 60,
      adjusted: 25,
      liability: 50,
      largestDiscount: 0.2
    )
    #expect(short.repaid == 48 && short.yielded == 60)
    let worthless = EulerLiquidation.largest(
      collateral: 0,
      adjusted: 0,
      liability: 50,
      largestDiscount: 1
    )
    #expect(worthless.repaid == 0 && worthless.yielded == 0)
    #expect(EulerLiquidation.healthScore(adjusted: 0, liability: 0) == .infinity)
  }

  @Test func `Maker's purchases end, leave chost or are refused`() {
    func take(_ amount: Double, tab: Double = 110) -> MakerAuction.Purchase? {
      MakerAuction.take(tab: tab, lot: 40, amount: amount, price: 5, chost: 22)
    }
    #expect(take(25)?.owe == 110 && take(25)?.slice == 22 && take(25)?.returned == 18)
    #expect(take(11)?.tabLeft == 55 && take(11)?.returned == 0)
    #expect(take(18)?.owe == 88 && take(18)?.tabLeft == 22)
    #expect(take(4, tab: 22) == nil)
    #expect(MakerAuction.take(tab: 110, lot: 2, amount: 5, price: 5, chost: 22)?.lotLeft == 0)
    #expect(MakerAuction.take(tab: 110, lot: 2, amount: 5, price: 0, chost: 22) == nil)
    #expect(!MakerAuction.needsRedo(elapsed: 3_600, tail: 3_600, price: 1, top: 2, cusp: 0.5))
    #expect(MakerAuction.needsRedo(elapsed: 3_601, tail: 3_600, price: 1, top: 2, cusp: 0.5))
    #expect(!MakerAuction.isUnsafe(ink: 10, spot: 10, art: 100, rate: 1))
    #expect(
      MakerAuction.auctionedDebt(art: 100, room: 90, rate: 1, penalty: 1, dust: 20) == 100
    )
    #expect(
      MakerAuction.redoIncentive(tip: 1, chip: 0.1, tab: 9, lot: 1, feed: 100, chost: 10) == 0
    )
  }

  /// Votes 99, 100, 100, 101, 101, 102, 109, 110, 111: median 101, quartiles 100 and 109.
  @Test func `Pyth's confidence is the farther quartile, not the farthest vote`() throws {
    let high = try #require(PythAggregate([(100, 1), (101, 1), (110, 1)]))
    #expect(high.price == 101 && high.confidence == 8)
    let low = try #require(PythAggregate([(102, 1), (101, 1), (92, 1)]))
    #expect(low.price == 101 && low.confidence == 8)
  }
}
