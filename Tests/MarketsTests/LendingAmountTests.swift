// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Markets
import TestSupport
import Testing

@Suite struct LendingAmountTests {
  private let plain = KaminoLiquidation.Bonuses(least: 200, most: 1_000, badDebt: 99)

  private func bonus<Number: AmountNumber>(
    _ ltv: Number,
    _ plainLTV: Number,
    _ threshold: Number,
    cap: UInt64? = nil
  ) -> Number {
    KaminoLiquidation.bonus(
      ltv: ltv,
      plainLTV: plainLTV,
      unhealthyLTV: threshold,
      collateral: plain,
      debt: plain,
      groupCap: cap
    )
  }

  /// venues.md 3.6 and the documentation's table.
  @Test(
    arguments: [
      (0.80, 0.80, 0.02), (0.85, 0.85, 0.05), (0.90, 0.90, 0.10), (0.95, 0.95, 0.05),
      (0.985, 0.985, 0.015), (0.99, 0.99, 0.01), (0.995, 0.995, 0.0099), (1.0, 1.0, 0.0099),
      (1.3, 1.3, 0.0099), (0.90, 0.72, 0.10),
    ] as [(Double, Double, Double)]
  )
  func `Kamino's bonus is the excess of the ltv within its bounds`(
    _ ltv: Double,
    _ plainLTV: Double,
    _ expected: Double
  ) {
    #expect((bonus(ltv, plainLTV, 0.8) - expected).magnitude < 1e-15)
    let program = bonus(KaminoFraction(ltv), KaminoFraction(plainLTV), KaminoFraction(0.8))
    #expect((program.double - expected).magnitude < 1e-15)
  }

  @Test func `an elevation group caps the bonus when it is below both reserves`() {
    #expect(KaminoLiquidation.groupCap(500, collateral: plain, debt: plain) == 500)
    #expect(KaminoLiquidation.groupCap(0, collateral: plain, debt: plain) == nil)
    #expect(KaminoLiquidation.groupCap(1_001, collateral: plain, debt: plain) == nil)
    #expect((bonus(0.9, 0.9, 0.8, cap: 500) - 0.05).magnitude < 1e-15)
  }

  /// Withdrawn collateral is worth the repaid debt and its bonus, to one unit.
  @Test(arguments: PropertySeeds.first(200))
  func `Kamino settles in doubles as in its fractions`(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<20 {
      let borrowed = Double(random.whole(1_000, 1_000_000_000))
      let repayment = borrowed * random.number(0, 1)
      let (debtPrice, price) = (random.magnitude(-3, 3), random.magnitude(-3, 3))
      let collateral = UInt64(random.whole(1_000, 1_000_000_000))
      let share = random.number(0, 1) * 0.1
      func settle<Number: AmountNumber>(
        _ number: (Double) -> Number
      ) -> KaminoLiquidation.Settlement<Number> {
        KaminoLiquidation.settle(
          repayment: number(repayment),
          borrowed: number(borrowed),
          debtValue: number(borrowed * debtPrice),
          collateral: collateral,
          collateralValue: number(Double(collateral) * price),
          bonus: number(share)
        )
      }
      let plain = settle { $0 }
      let program = settle { KaminoFraction($0) }
      let value = repayment * debtPrice * (1 + share)
      let expected = min(Double(collateral), value / price)
      #expect((Double(plain.withdrawn) - expected).magnitude <= 1 + expected * 1e-12)
      #expect((Double(program.withdrawn) - expected).magnitude <= 2 + expected * 1e-9)
      #expect((plain.settled - program.settled.double).magnitude <= 1 + plain.settled * 1e-9)
      #expect(plain.settled <= repayment)
      #expect(Double(plain.repaid) >= plain.settled && Double(plain.repaid) < plain.settled + 1)
    }
  }

  @Test func `Kamino's smaller rules`() {
    #expect(KaminoLiquidation.protocolFee(withdrawn: 1_020_000, bonus: 0.02, fee: 0.2) == 4_000)
    let bonus = KaminoFraction.basisPoints(200)
    let fee = KaminoFraction.ratio(20, 100)
    #expect(KaminoLiquidation.protocolFee(withdrawn: 1_020_000, bonus: bonus, fee: fee) == 4_000)
    #expect(KaminoLiquidation.protocolFee(withdrawn: 0, bonus: bonus, fee: fee) == 1)
    func most(_ ltv: Double, _ debt: Double) -> Double {
      KaminoLiquidation.largestRepayment(
        totalDebt: 100,
        debt: debt,
        ltv: ltv,
        closeFactor: 0.2,
        insolvencyLTV: 0.95,
        limit: 50,
        leastFull: 2
      )
    }
    #expect([most(0.9, 100), most(0.95, 100), most(0.96, 100)] == [20, 20, 50])
    #expect([most(0.9, 10), most(0.9, 1.5)] == [10, 1.5])
    let grown = KaminoLiquidation.deleverageBonus(
      least: 50,
      growthPerDay: 100,
      most: 500,
      days: 2.5,
      plainLTV: 0.8
    )
    #expect((grown - 0.03).magnitude < 1e-15)
    #expect(KaminoLiquidation.deleverageThreshold(decreasePerDay: 100, days: 200.0) == 0)
    #expect(!KaminoOracle.isNearAverage(price: 100, average: 105, bps: 500))
    #expect(KaminoOracle.isNearAverage(price: .max, average: 0, bps: .max))
    #expect(!KaminoOracle.isPythValid(price: 0, confidence: 0))
    #expect(KaminoOracle.isWithinBand(price: 5, lower: 5, upper: 5))
  }

  /// venues.md 2.5: 2 of A at 10 (weight 0.1) against 5.05 at 1, confidence 1 %.
  @Test func `marginfi's worked example comes out`() throws {
    let low = try #require(MarginfiHealth.lowPrice(10, confidence: 0.1))
    let high = try #require(MarginfiHealth.highPrice(1, confidence: 0.01))
    let health = MarginfiHealth.health(assets: [2 * low * 0.1], debts: [5.05 * high])
    #expect((health + 3.19946).magnitude < 1e-12)
    let plain = MarginfiLiquidation.amounts(
      seized: 0.2,
      assetPrice: low,
      debtPrice: high,
      liquidatorFee: MarginfiLiquidation.liquidatorFee,
      insuranceFee: MarginfiLiquidation.insuranceFee
    )
    #expect((plain.paid - 1.869036).magnitude < 1e-6)
    #expect((plain.repaid - 1.821112).magnitude < 1e-6)
    #expect((plain.insurance - (plain.paid - plain.repaid)).magnitude < 1e-15)
    let program = MarginfiLiquidation.amounts(
      seized: MarginfiFraction(200_000),
      assetPrice: MarginfiFraction(low),
      debtPrice: MarginfiFraction(high),
      liquidatorFee: MarginfiFraction(0.025),
      insuranceFee: MarginfiFraction(0.025),
      scales: (MarginfiFraction(1e6), MarginfiFraction(1e9))
    )
    #expect((program.paid.double / 1e9 - plain.paid).magnitude < 1e-9)
  }

  /// Selling the bound brings health to 0 at the price that the liquidation pays.
  @Test(arguments: PropertySeeds.first(100))
  func `marginfi's largest seizure restores health or is bounded`(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<20 {
      let asset = 100 + random.number(0, 1) * 900
      let weight = 0.3 + random.number(0, 1) * 0.6
      let liability = 1 + random.number(0, 1) * 0.5
      let debt = asset * weight / liability * (1 + random.number(0, 1) * 0.3)
      let health = asset * weight - debt * liability
      let price = random.magnitude(-2, 3)
      let seized = MarginfiLiquidation.largestSeizure(
        assetUSD: asset,
        debtUSD: debt,
        health: health,
        assetWeight: weight,
        debtWeight: liability,
        lowPrice: price
      )
      let sold = seized * price
      #expect(sold <= asset * (1 + 1e-12) && sold <= 0.95 * debt * (1 + 1e-12))
      let after = health - sold * weight + 0.95 * sold * liability
      let isBounded = (sold / asset - 1).magnitude < 1e-9 || (sold / debt - 0.95).magnitude < 1e-9
      #expect(after.magnitude < 1e-9 || (isBounded && after < 0))
    }
  }

  @Test func `a price too uncertain is refused`() {
    #expect(MarginfiHealth.lowPrice(100, confidence: 4) == 95)
    #expect(MarginfiHealth.highPrice(100, confidence: 4) == 105)
    #expect(MarginfiHealth.lowPrice(100, confidence: 5) == nil)
    #expect(MarginfiHealth.bias(price: .nan, confidence: 1) == nil)
    #expect(MarginfiHealth.assetWeight(bankWeight: 0.8, borrowed: [0.9, 0.85]) == 0.85)
    #expect(MarginfiHealth.assetWeight(bankWeight: 0.8, borrowed: [0.9, nil]) == 0.8)
    #expect(MarginfiHealth.assetWeight(bankWeight: 0.8, borrowed: [0.7]) == 0.8)
    #expect(MarginfiHealth.assetWeight(bankWeight: 0.8, borrowed: []) == 0.8)
  }

  @Test func `fractions saturate where a program stops`() {
    let most = KaminoFraction(bits: .max)
    #expect((most + .one) == most && most * most == most && KaminoFraction.one / .zero == most)
    #expect(KaminoFraction.zero.excess(over: .one) == .zero)
    #expect(most.roundedUp == .max && most.roundedDown == .max)
    #expect(KaminoFraction(-1) == .zero && KaminoFraction(.nan) == .zero)
    #expect(KaminoFraction(.infinity) == most && KaminoFraction(1.5).double == 1.5)
    #expect(KaminoFraction(2.25).roundedUp == 3 && KaminoFraction(2.25).roundedDown == 2)
    #expect((-1.0).roundedUp == 0 && Double.infinity.roundedUp == .max && (2.5).roundedDown == 2)
  }
}
