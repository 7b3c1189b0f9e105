// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// How much of a position one Drift liquidation may take, in the program's integers (venues.md
/// 1.5).
package enum DriftLiquidationSize {
  /// One, in the program's unit of shares.
  package static let wholeShare: UInt64 = 10_000

  /// The base whose closing covers a shortage of margin, in 1e-9.
  ///
  ///     shortage · 1e9 / (price · quote price · (ratio − fee) − price · insurance fee)
  ///
  /// * `shortage`: requirement with buffer less collateral, in micro-USD.
  /// * `ratio`: with size premium and buffer, in 1e-4.
  /// * `liquidatorFee`, `insuranceFee`: in 1e-6.
  /// * `price`, `quotePrice`: oracle prices in 1e-6.
  ///
  /// Every quotient is rounded down. `UInt64.max` (everything) when the price is 0 or the ratio
  /// does not exceed the fee; nil where the program refuses: fees that eat the margin, more than 64
  /// bits. Source: venues.md 1.5, `liquidation.rs
  /// calculate_base_asset_amount_to_cover_margin_shortage`.
  package static func baseToCover(
    shortage: UInt128,
    ratio: UInt64,
    liquidatorFee: UInt64,
    insuranceFee: UInt64,
    price: UInt64,
    quotePrice: UInt64 = 1_000_000
  ) -> UInt64? {
    let margin = UInt128(ratio) * 100
    guard price > 0, margin > UInt128(liquidatorFee) else { return .max }
    let oracle = CheckedInteger(price)
    let freed =
      oracle * CheckedInteger(quotePrice) / 1_000_000
      * CheckedInteger(margin - UInt128(liquidatorFee)) / 1_000_000
    let paid = oracle * CheckedInteger(insuranceFee) / 1_000_000
    return (CheckedInteger(shortage) * 1_000_000_000 / (freed - paid)).narrow
  }

  /// The debt whose repayment covers a shortage of margin, in token units.
  ///
  ///     shortage · scale / (price · (10·wl − 10·wa·am/lm) − price · fee · 10·wl), at least 1
  ///
  /// * `shortage`: micro-USD.
  /// * `assetWeight`, `liabilityWeight`: maintenance weights in 1e-4.
  /// * `assetMultiplier`, `liabilityMultiplier`: 1 + and 1 − liquidator fee, in 1e-6.
  /// * `decimals`: of the debt's token; `price`: its oracle price in 1e-6.
  /// * `insuranceFee`: in 1e-6.
  ///
  /// Every quotient is rounded down. `UInt128.max` (everything) when the asset weighs as much as
  /// the debt, before or after the multipliers; nil where the program refuses. Source: venues.md
  /// 1.5, `liquidation.rs calculate_liability_transfer_to_cover_margin_shortage`.
  package static func liabilityToCover(
    shortage: UInt128,
    assetWeight: UInt64,
    assetMultiplier: UInt64,
    liabilityWeight: UInt64,
    liabilityMultiplier: UInt64,
    decimals: Int,
    price: UInt64,
    insuranceFee: UInt64
  ) -> UInt128? {
    if assetWeight >= liabilityWeight { return .max }
    guard (0...38).contains(decimals) else { return nil }
    let liability = CheckedInteger(liabilityWeight) * 10
    let asset =
      CheckedInteger(assetWeight) * 10 * CheckedInteger(assetMultiplier)
      / CheckedInteger(liabilityMultiplier)
    guard let a = asset.value, let l = liability.value else { return nil }
    if a >= l { return .max }
    let oracle = CheckedInteger(price)
    let fee = oracle * CheckedInteger(insuranceFee) / 1_000_000 * liability
    let numerator = CheckedInteger(WideInteger.powerOfTen(max(0, decimals - 6)))
    let denominator = CheckedInteger(WideInteger.powerOfTen(max(0, 6 - decimals)))
    let scaled = CheckedInteger(shortage) * numerator * 100_000_000_000
    return (scaled / (oracle * (liability - asset) - fee) / denominator).value.map { max(1, $0) }
  }

  /// The debt that an amount of the asset pays for, in units of the debt's token.
  ///
  ///     ceil(asset · asset price · lm / (debt price · am)), scaled between the decimals
  ///
  /// * `assetAmount`: in token units. Multipliers as in `liabilityToCover`, prices in 1e-6.
  ///
  /// Source: `liquidation.rs calculate_liability_transfer_implied_by_asset_amount`.
  package static func liabilityFor(
    assetAmount: UInt128,
    assetMultiplier: UInt64,
    assetDecimals: Int,
    assetPrice: UInt64,
    liabilityMultiplier: UInt64,
    liabilityDecimals: Int,
    liabilityPrice: UInt64
  ) -> UInt128? {
    guard (0...38).contains(assetDecimals), (0...38).contains(liabilityDecimals) else { return nil }
    let more = liabilityDecimals - assetDecimals
    let numerator = CheckedInteger(WideInteger.powerOfTen(max(0, more)))
    let denominator = CheckedInteger(WideInteger.powerOfTen(max(0, -more)))
    let value =
      CheckedInteger(assetAmount) * numerator * CheckedInteger(assetPrice)
      * CheckedInteger(liabilityMultiplier)
    return value.dividedUp(by: CheckedInteger(liabilityPrice) * CheckedInteger(assetMultiplier))
      .dividedUp(by: denominator).value
  }

  /// The asset that a liquidator receives for a repaid debt, in units of the asset's token.
  ///
  ///     debt · debt price · am / (asset price · lm), scaled between the decimals, rounded down
  ///
  /// The whole deposit when the two are less than 1 USD apart, so that no dust stays.
  /// * `assetAmount`: the deposit. Multipliers and prices as in `liabilityToCover`.
  ///
  /// Source: `liquidation.rs calculate_asset_transfer_for_liability_transfer`.
  package static func assetFor(
    liabilityAmount: UInt128,
    assetAmount: UInt128,
    assetMultiplier: UInt64,
    assetDecimals: Int,
    assetPrice: UInt64,
    liabilityMultiplier: UInt64,
    liabilityDecimals: Int,
    liabilityPrice: UInt64
  ) -> UInt128? {
    guard (0...38).contains(assetDecimals), (0...38).contains(liabilityDecimals) else { return nil }
    let more = assetDecimals - liabilityDecimals
    let numerator = CheckedInteger(WideInteger.powerOfTen(max(0, more)))
    let denominator = CheckedInteger(WideInteger.powerOfTen(max(0, -more)))
    let exact =
      CheckedInteger(liabilityAmount) * numerator * CheckedInteger(liabilityPrice)
      * CheckedInteger(assetMultiplier)
      / (CheckedInteger(assetPrice) * CheckedInteger(liabilityMultiplier)) / denominator
    guard let transfer = exact.value, let precision = WideInteger.powerOfTen(assetDecimals) else {
      return nil
    }
    let apart = transfer > assetAmount ? transfer - assetAmount : assetAmount - transfer
    guard let value = WideInteger.product(apart, UInt128(assetPrice), dividedBy: precision) else {
      return transfer
    }
    return value < 1_000_000 ? assetAmount : transfer
  }

  /// The share of the shortage that may be freed by now, in 1e-4.
  ///
  ///     shortage < 50 USD: 100 %
  ///     else: max(0, (shortage + freed) · pct − freed) / shortage
  ///     pct = min(1, slots / duration + initial)                        duration 0: 100 %
  ///
  /// * `shortage`: micro-USD; `freed`: what this liquidation freed before, micro-USD.
  /// * `slotsElapsed`, `durationSlots`: slots; `initialShare`: in 1e-4.
  ///
  /// Every quotient is rounded down; nil when a product leaves 128 bits.
  /// Source: venues.md 1.5, `liquidation.rs calculate_max_pct_to_liquidate`.
  package static func largestShare(
    shortage: UInt128,
    freed: UInt128,
    slotsElapsed: UInt64,
    initialShare: UInt64,
    durationSlots: UInt64
  ) -> UInt64? {
    if shortage < 50_000_000 { return wholeShare }
    let whole = CheckedInteger(wholeShare)
    let elapsed =
      durationSlots == 0
      ? whole : CheckedInteger(slotsElapsed) * whole / CheckedInteger(durationSlots)
    let share = (elapsed + CheckedInteger(initialShare)).atMost(whole)
    let mayBeFreed = (CheckedInteger(shortage) + CheckedInteger(freed)) * share / whole
    let left = mayBeFreed.reduced(by: CheckedInteger(freed))
    return (left * whole / CheckedInteger(shortage)).narrow
  }

  /// Base rounded up to a whole number of steps, both in 1e-9.
  ///
  /// Saturates at 2^64 − 1; a step of 0 or 1 changes nothing.
  /// Source: `orders.rs standardize_base_asset_amount_ceil`.
  package static func roundedUp(_ base: UInt64, toStep step: UInt64) -> UInt64 {
    guard step > 1, base % step > 0 else { return base }
    let (rounded, isTooLarge) = base.addingReportingOverflow(step - base % step)
    return isTooLarge ? .max : rounded
  }
}
