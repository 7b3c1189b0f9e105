// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// What one liquidation of a perp leaves behind at Drift v2, in the program's integers.
///
///     shortage = requirement with buffer − (collateral + buffer · loss)     open orders cancelled
///     base     = min(position, liquidator's limit, base to cover · share)   rounded up to the step
///     the user pays liquidator fee and insurance fee on base · price in quote
///
/// The whole position goes when it is worth at most 50 USD. Prices, quote and USD in 1e-6, base in
/// 1e-9, ratios in 1e-4, fees in 1e-6. Source: venues.md 1.5, `controller/liquidation.rs
/// liquidate_perp`.
package struct DriftPerpLiquidation: Sendable, Equatable {
  /// The account that is liquidated: one perp and its other collateral.
  package struct Account: Sendable {
    package var base: Int64
    package var quote: Int64
    /// Weighted collateral without the perp, less what other positions require; micro-USD.
    package var collateral: Int128

    package init(base: Int64, quote: Int64, collateral: Int128) {
      self.base = base
      self.quote = quote
      self.collateral = collateral
    }
  }

  /// The market's rules.
  package struct Market: Sendable {
    package var price: UInt64
    package var quotePrice: UInt64 = 1_000_000
    /// Maintenance ratio with size premium.
    package var ratio: UInt64
    /// What a liquidation adds to the ratio.
    package var bufferRatio: UInt64
    package var liquidatorFee: UInt64
    /// The most that the insurance fund takes.
    package var insuranceFeeCap: UInt64
    package var step: UInt64 = 1

    package init(
      price: UInt64,
      ratio: UInt64,
      bufferRatio: UInt64,
      liquidatorFee: UInt64,
      insuranceFeeCap: UInt64
    ) {
      self.price = price
      self.ratio = ratio
      self.bufferRatio = bufferRatio
      self.liquidatorFee = liquidatorFee
      self.insuranceFeeCap = insuranceFeeCap
    }
  }

  /// Collateral with the perp's profit, before the liquidation.
  package let collateralBefore: Int128
  package let requirementBefore: UInt128
  package let requirementWithBuffer: UInt128
  package let shortage: UInt128
  /// The insurance fund's share in 1e-6.
  package let insuranceShare: UInt64
  /// What the liquidator takes over.
  package let base: UInt64
  package let value: UInt64
  package let liquidatorFee: UInt64
  package let insuranceFee: UInt64
  package let userBaseAfter: Int64
  package let userQuoteAfter: Int64
  package let liquidatorBase: Int64
  package let liquidatorQuote: Int64
  /// Whether the shortage is covered, so that the liquidation ends.
  package let coversShortage: Bool

  /// Liquidates as much as one instruction may.
  ///
  /// * `share`: of the shortage that may be freed by now, in 1e-4 (`DriftLiquidationSize`).
  /// * `limit`: the most base that the liquidator takes.
  ///
  /// Nil when there is no position, no shortage, or the program would refuse for its integers.
  package init?(
    of account: Account,
    in market: Market,
    share: UInt64 = DriftLiquidationSize.wholeShare,
    limit: UInt64 = .max
  ) {
    guard account.base != 0,
      let margin = DriftPerpLiquidation.margin(of: account, in: market),
      let shortage = UInt128(exactly: margin.withBuffer - margin.collateralWithBuffer), shortage > 0
    else { return nil }
    let position = account.base.magnitude
    insuranceShare = DriftFees.perpInsurance(
      shortage: shortage,
      base: position,
      ratio: market.ratio + market.bufferRatio,
      liquidatorFee: market.liquidatorFee,
      price: market.price,
      quotePrice: market.quotePrice,
      cap: market.insuranceFeeCap
    )
    guard
      let exact = DriftLiquidationSize.baseToCover(
        shortage: shortage,
        ratio: market.ratio + market.bufferRatio,
        liquidatorFee: market.liquidatorFee,
        insuranceFee: insuranceShare,
        price: market.price,
        quotePrice: market.quotePrice
      ),
      let whole = DriftMargin.perpValue(base: Int128(account.base), price: market.price)
    else { return nil }
    let cover = DriftLiquidationSize.roundedUp(exact, toStep: market.step)
    let allowed = UInt64(clamping: UInt128(cover) * UInt128(share) / 10_000)
    let least = whole > 50_000_000 ? 0 : position
    let taken = DriftLiquidationSize.roundedUp(
      min(position, limit, max(allowed, least)),
      toStep: market.step
    )
    guard let moved = Moved(taken, of: account, in: market, insuranceShare: insuranceShare) else {
      return nil
    }
    collateralBefore = margin.collateral
    requirementBefore = margin.requirement
    requirementWithBuffer = UInt128(margin.withBuffer)
    self.shortage = shortage
    base = taken
    value = moved.value
    liquidatorFee = moved.liquidatorFee
    insuranceFee = moved.insuranceFee
    userBaseAfter = moved.userBase
    userQuoteAfter = moved.userQuote
    liquidatorBase = moved.liquidatorBase
    liquidatorQuote = moved.liquidatorQuote
    coversShortage = taken >= cover
  }

  private struct Margin {
    var collateral: Int128
    var requirement: UInt128
    var withBuffer: Int128
    var collateralWithBuffer: Int128
  }

  private static func margin(of account: Account, in market: Market) -> Margin? {
    // Amounts below 2^80 keep every product below 2^127.
    guard market.ratio < 1 << 32, market.bufferRatio < 1 << 32, market.quotePrice < 1 << 40,
      account.collateral.magnitude < 1 << 80,
      let profit = DriftMargin.unrealizedProfit(
        base: account.base,
        quote: account.quote,
        price: market.price
      ), profit.magnitude < 1 << 80
    else { return nil }
    func required(_ ratio: UInt64) -> UInt128? {
      DriftMargin.perpRequirement(
        worstCaseBase: Int128(account.base),
        price: market.price,
        quotePrice: market.quotePrice,
        ratio: ratio
      )
    }
    guard let requirement = required(market.ratio),
      let withBuffer = required(market.ratio + market.bufferRatio),
      let signed = Int128(exactly: withBuffer), signed < 1 << 120
    else { return nil }
    let quoted =
      market.quotePrice == 1_000_000 ? profit : profit * Int128(market.quotePrice) / 1_000_000
    let collateral = account.collateral + quoted
    let buffer = min(0, quoted) * Int128(market.bufferRatio) / 10_000
    return Margin(
      collateral: collateral,
      requirement: requirement,
      withBuffer: signed,
      collateralWithBuffer: collateral + buffer
    )
  }

  private struct Moved {
    var value: UInt64
    var liquidatorFee: UInt64
    var insuranceFee: UInt64
    var userBase: Int64
    var userQuote: Int64
    var liquidatorBase: Int64
    var liquidatorQuote: Int64

    init?(_ base: UInt64, of account: Account, in market: Market, insuranceShare: UInt64) {
      guard let exact = DriftMargin.perpValue(base: Int128(base), price: market.price),
        let value = UInt64(exactly: exact), let signed = Int64(exactly: base),
        let quote = Int64(exactly: value),
        let fee = WideInteger.product(
          exact,
          UInt128(market.liquidatorFee),
          dividedBy: 1_000_000
        ).flatMap({ Int64(exactly: $0) }),
        let insurance = WideInteger.product(exact, UInt128(insuranceShare), dividedBy: 1_000_000)
          .flatMap({ Int64(exactly: $0) })
      else { return nil }
      let side: Int128 = account.base < 0 ? -1 : 1
      let userQuote =
        Int128(account.quote) + side * Int128(quote) - Int128(fee) - Int128(insurance)
      guard let userBase = Int64(exactly: Int128(account.base) - side * Int128(signed)),
        let userQuote = Int64(exactly: userQuote),
        let liquidatorBase = Int64(exactly: side * Int128(signed)),
        let liquidatorQuote = Int64(exactly: Int128(fee) - side * Int128(quote))
      else { return nil }
      self.value = value
      liquidatorFee = UInt64(fee)
      insuranceFee = UInt64(insurance)
      self.userBase = userBase
      self.userQuote = userQuote
      self.liquidatorBase = liquidatorBase
      self.liquidatorQuote = liquidatorQuote
    }
  }
}
