// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Markets
import TestSupport
import Testing

@Suite struct DriftAmountTests {
  @Test(arguments: PropertySeeds.first(200))
  func `premium and discount are those of the plain integers`(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<20 {
      let size = random.magnitude(-6, 7)
      let root = DriftMargin.sizeRoot(UInt128((size * 1e9).rounded(.toNearestOrEven)))
      #expect(root == UInt128(PlainRule.sizeRoot(size)))
      let (weight, imf) = (random.whole(100, 20_000), random.whole(0, 9_000))
      let premium = DriftMargin.withSizePremium(
        UInt64(weight),
        sizeRoot: root,
        imf: UInt64(imf)
      )
      #expect(premium == UInt64(PlainRule.premium(weight, imf: imf, size: size)))
      let discount = DriftMargin.withSizeDiscount(
        UInt64(weight),
        sizeRoot: root,
        imf: UInt64(imf)
      )
      #expect(discount == UInt64(PlainRule.discount(weight, imf: imf, size: size)))
    }
  }

  /// Closing what covers the shortage frees it, one unit less does not.
  @Test(arguments: PropertySeeds.first(200))
  func `the base that covers a shortage covers it`(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<20 {
      let price = Double(random.whole(1_000_000, 2_000_000_000))
      let ratio = random.whole(300, 2_000)
      let (fee, insurance) = (random.whole(0, 15_000), random.whole(0, 10_000))
      let shortage = random.whole(1_000_000, 1_000_000_000)
      let base = try #require(
        DriftLiquidationSize.baseToCover(
          shortage: UInt128(shortage),
          ratio: UInt64(ratio),
          liquidatorFee: UInt64(fee),
          insuranceFee: UInt64(insurance),
          price: UInt64(price)
        )
      )
      let freed = price / 1e6 * (Double(ratio) / 1e4 - Double(fee + insurance) / 1e6)
      // Two truncations of the divisor, each below 1e-6 USD per base.
      let exact = Double(shortage) / 1e6 / freed
      #expect((Double(base) / 1e9 / exact - 1).magnitude < 2e-6 / freed + 1e-9 / exact)
    }
  }

  @Test func `the roots of the largest sizes are exact`() {
    for value in [UInt128.max / 10, UInt128(1) << 124, 12, 0, 1] {
      let root = DriftMargin.sizeRoot(value)
      let square = value * 10 + 1
      #expect(root * root <= square)
      let next = (root + 1).multipliedReportingOverflow(by: root + 1)
      #expect(next.overflow || next.partialValue > square)
    }
    #expect(DriftMargin.sizeRoot(.max) == UInt128(UInt64.max))
  }

  @Test func `every slot from 1,500 on counts, to the largest fee`() {
    func fee(_ slot: UInt64) -> UInt64 {
      DriftFees.liquidator(base: 20_000, largest: 50_000, lastActiveSlot: 0, currentSlot: slot)
    }
    #expect([0, 10, 1_499].map(fee) == [20_000, 20_000, 20_000])
    #expect([1_500, 10_000, 100_000].map(fee) == [21_500, 30_000, 50_000])
    #expect(fee(.max) == 50_000)
    let early = DriftFees.liquidator(base: 1, largest: 9, lastActiveSlot: 5, currentSlot: 3)
    #expect(early == 1)
    #expect(DriftFees.largestLiquidator(fee: 10_000, maintenanceRatio: 500) == 30_000)
    #expect(DriftFees.largestLiquidator(fee: 20_000, maintenanceRatio: 500) == 50_000)
  }

  /// The state after the venue's test of a liquidation that covers the shortage (DRIFT-090).
  @Test func `one liquidation leaves what the program leaves`() throws {
    let market = DriftPerpLiquidation.Market(
      price: 100_000_000,
      ratio: 500,
      bufferRatio: 200,
      liquidatorFee: 10_000,
      insuranceFeeCap: 10_000
    )
    let long = DriftPerpLiquidation.Account(
      base: 2_000_000_000,
      quote: -200_000_000,
      collateral: 5_000_000
    )
    let found = try #require(DriftPerpLiquidation(of: long, in: market))
    #expect(found.shortage == 9_000_000 && found.base == 1_800_000_000)
    #expect(found.userBaseAfter == 200_000_000 && found.userQuoteAfter == -23_600_000)
    #expect(found.liquidatorBase == 1_800_000_000 && found.liquidatorQuote == -178_200_000)
    #expect(found.insuranceFee == 1_800_000 && found.coversShortage)
    // The rest is exactly at requirement with buffer: 7 % of 20 USD.
    let rest = long.collateral + Int128(found.userQuoteAfter) + 20_000_000
    #expect(rest == 1_400_000)
    let short = DriftPerpLiquidation.Account(
      base: -2_000_000_000,
      quote: 200_000_000,
      collateral: 5_000_000
    )
    let mirrored = try #require(DriftPerpLiquidation(of: short, in: market))
    #expect(mirrored.userBaseAfter == -200_000_000 && mirrored.userQuoteAfter == 16_400_000)
    #expect(mirrored.liquidatorQuote == 181_800_000)
    var healthy = long
    healthy.collateral = 14_000_000
    #expect(DriftPerpLiquidation(of: healthy, in: market) == nil)
  }

  /// A small shortage goes at once, a large one by time; a position of 50 USD goes whole.
  @Test func `the share grows with time, small positions go whole`() throws {
    func share(_ slots: UInt64, _ shortage: UInt128 = 90_000_000) -> UInt64? {
      DriftLiquidationSize.largestShare(
        shortage: shortage,
        freed: 0,
        slotsElapsed: slots,
        initialShare: 1_000,
        durationSlots: 150
      )
    }
    #expect([0, 75, 135, 1_000].map { share($0) } == [1_000, 6_000, 10_000, 10_000])
    #expect(share(0, 49_999_999) == 10_000 && share(0, 50_000_000) == 1_000)
    let market = DriftPerpLiquidation.Market(
      price: 25_000_000,
      ratio: 500,
      bufferRatio: 200,
      liquidatorFee: 10_000,
      insuranceFeeCap: 0
    )
    let small = DriftPerpLiquidation.Account(
      base: 2_000_000_000,
      quote: -50_000_000,
      collateral: 3_000_000
    )
    #expect(DriftPerpLiquidation(of: small, in: market)?.userBaseAfter == 0)
  }

  @Test func `spot transfers are those of the program's tests`() {
    #expect(
      DriftLiquidationSize.liabilityFor(
        assetAmount: 10_000_000,
        assetMultiplier: 1_010_000,
        assetDecimals: 6,
        assetPrice: 1_000_000,
        liabilityMultiplier: 990_000,
        liabilityDecimals: 9,
        liabilityPrice: 100_000_000
      ) == 98_019_802
    )
    func asset(_ deposit: UInt128) -> UInt128? {
      DriftLiquidationSize.assetFor(
        liabilityAmount: 1_000_000_000,
        assetAmount: deposit,
        assetMultiplier: 1_010_000,
        assetDecimals: 6,
        assetPrice: 1_000_000,
        liabilityMultiplier: 990_000,
        liabilityDecimals: 9,
        liabilityPrice: 100_000_000
      )
    }
    #expect(asset(200_000_000) == 102_020_202)
    #expect(asset(102_500_000) == 102_500_000)
  }

  @Test func `losses are spread over deposits and open interest`() {
    #expect(
      DriftBankruptcy.depositInterestDelta(
        loss: 11,
        deposits: 120,
        interest: 10_000_000_000
      ) == 916_666_667
    )
    #expect(DriftBankruptcy.depositInterestDelta(loss: 1, deposits: 0, interest: 9) == 0)
    #expect(DriftBankruptcy.depositInterestDelta(loss: 500, deposits: 120, interest: 9) == 8)
    // 100 USD over 11 units: ceil(9.0909… USD) in 1e-9 of the rate.
    #expect(
      DriftBankruptcy.fundingRateDelta(loss: -100_000_000, openInterest: 11_000_000_000)
        == 9_090_910_000
    )
    #expect(DriftBankruptcy.fundingRateDelta(loss: -1, openInterest: 0) == nil)
  }

  @Test func `the worst fault of a price is the answer`() {
    func judge(
      _ price: Int64,
      _ average: Int64,
      _ confidence: UInt64,
      _ delay: Int64,
      _ multiplier: UInt64 = 1,
      _ enough: Bool = true
    ) -> DriftOracleValidity {
      DriftOracleValidity(
        price: price,
        average: average,
        confidence: confidence,
        delaySlots: delay,
        multiplier: multiplier,
        hasEnoughDataPoints: enough
      )
    }
    let usd: Int64 = 1_000_000
    #expect(judge(0, usd, 0, 0) == .nonPositive)
    #expect(judge(.min, .max, .max, .max, .max) == .nonPositive)
    #expect(judge(100 * usd, 17 * usd, 0, 0) == .valid)
    #expect(judge(100 * usd, 16 * usd, 9_000_000, 0) == .tooVolatile)
    #expect(judge(100 * usd, 100 * usd, 2_000_000, 0) == .valid)
    #expect(judge(100 * usd, 100 * usd, 2_000_100, 0) == .tooUncertain)
    #expect(judge(100 * usd, 100 * usd, 2_000_100, 0, 2) == .valid)
    #expect(judge(100 * usd, 100 * usd, 0, 121) == .staleForMargin)
    #expect(judge(100 * usd, 100 * usd, 0, 120, 1, false) == .insufficientDataPoints)
    #expect(judge(100 * usd, 100 * usd, 0, 120) == .staleForAMM)
    #expect(judge(100 * usd, 100 * usd, 0, 10) == .valid)
    #expect(DriftOracleValidity.tooUncertain.allowsLiquidation)
    #expect(!DriftOracleValidity.tooUncertain.allowsMargin)
  }

  @Test func `the largest integers stop nothing`() {
    let most = UInt64.max
    #expect(DriftMargin.withSizePremium(most, sizeRoot: .max, imf: most) == most)
    #expect(DriftMargin.withSizeDiscount(most, sizeRoot: .max, imf: most) == 0)
    #expect(DriftMargin.fillRatio(initial: most, maintenance: most) == most)
    #expect(
      DriftMargin.worstCaseBase(.min, openBids: .min, openAsks: .min) == Int128(Int64.min) * 2
    )
    #expect(
      DriftMargin.perpRequirement(
        worstCaseBase: .min,
        price: most,
        quotePrice: most,
        ratio: most,
        openOrders: most
      ) == nil
    )
    #expect(DriftMargin.unrealizedProfit(base: .min, quote: .min, price: most) != nil)
    #expect(DriftMargin.tokenValue(amount: .min, decimals: 39, price: 1) == nil)
    #expect(DriftLiquidationPrice.perpSlope(base: .min, ratio: most) == nil)
    #expect(DriftLiquidationPrice.freeCollateral(total: .max, requirement: .min) == .max)
    #expect(DriftLiquidationPrice.freeCollateral(total: .min, requirement: .max) == 0)
    #expect(
      DriftLiquidationPrice.price(oracle: most, freeCollateral: .max, slope: -1) == nil
    )
    #expect(
      DriftLiquidationSize.liabilityToCover(
        shortage: .max,
        assetWeight: 0,
        assetMultiplier: most,
        liabilityWeight: most,
        liabilityMultiplier: 0,
        decimals: .min,
        price: most,
        insuranceFee: most
      ) == nil
    )
    #expect(DriftLiquidationSize.roundedUp(most, toStep: 7) == most)
    #expect(
      DriftFees.perpInsurance(
        shortage: .max,
        base: 1,
        ratio: most,
        liquidatorFee: 0,
        price: 1,
        cap: most
      ) == 0
    )
    let account = DriftPerpLiquidation.Account(base: .min, quote: .min, collateral: .min)
    let market = DriftPerpLiquidation.Market(
      price: most,
      ratio: most,
      bufferRatio: most,
      liquidatorFee: most,
      insuranceFeeCap: most
    )
    #expect(DriftPerpLiquidation(of: account, in: market) == nil)
  }
}
