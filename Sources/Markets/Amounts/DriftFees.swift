// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Fees of Drift v2's liquidations, in the program's integers of 1e-6 (venues.md 1.6).
package enum DriftFees {
  /// Slots after which the liquidator's fee grows.
  package static let graceSlots: UInt64 = 1_500

  /// The share that a perp liquidation pays to the insurance fund, in 1e-6.
  ///
  ///     min(cap, max(0, ratio − fee − shortage / (base · price)) · 19/20)
  ///
  /// * `shortage`: of this market, in micro-USD. `base`: of the position, in 1e-9.
  /// * `ratio`: with buffer, in 1e-4. `liquidatorFee`, `cap`: in 1e-6.
  /// * `price`, `quotePrice`: oracle prices in 1e-6.
  ///
  /// Every quotient is rounded down. 0 when a price or the base is 0 or the ratio does not exceed
  /// the fee; a shortage beyond all integers leaves 0.
  /// Source: venues.md 1.6, `liquidation.rs calculate_perp_if_fee`.
  package static func perpInsurance(
    shortage: UInt128,
    base: UInt64,
    ratio: UInt64,
    liquidatorFee: UInt64,
    price: UInt64,
    quotePrice: UInt64 = 1_000_000,
    cap: UInt64
  ) -> UInt64 {
    let margin = UInt128(ratio) * 100
    guard margin > UInt128(liquidatorFee), base > 0 else { return 0 }
    let oracle = CheckedInteger(price) * CheckedInteger(quotePrice) / 1_000_000
    let short =
      CheckedInteger(shortage) * 1_000_000_000 / CheckedInteger(base) * 1_000_000 / oracle
    guard let taken = short.value else { return 0 }
    let room = margin - UInt128(liquidatorFee)
    return min(cap, UInt64(clamping: (room > taken ? room - taken : 0) * 19 / 20))
  }

  /// The share that a spot liquidation pays to the insurance fund, in 1e-6.
  ///
  ///     min(cap, max(0, wl − wa · am/lm − shortage / (tokens · price)) / wl)
  ///
  /// * `shortage`: micro-USD. `tokens`: of the debt, in units of `decimals`.
  /// * Weights in 1e-4, multipliers and `cap` in 1e-6, `price` of the debt in 1e-6.
  ///
  /// Every quotient is rounded down. 0 when the asset weighs as much as the debt or a divisor is 0.
  /// Source: venues.md 1.6, `liquidation.rs calculate_spot_if_fee`.
  package static func spotInsurance(
    shortage: UInt128,
    tokens: UInt128,
    assetWeight: UInt64,
    assetMultiplier: UInt64,
    liabilityWeight: UInt64,
    liabilityMultiplier: UInt64,
    decimals: Int,
    price: UInt64,
    cap: UInt64
  ) -> UInt64 {
    guard assetWeight < liabilityWeight else { return 0 }
    let liability = CheckedInteger(liabilityWeight) * 100
    let asset =
      CheckedInteger(assetWeight) * 100 * CheckedInteger(assetMultiplier)
      / CheckedInteger(liabilityMultiplier)
    let short =
      CheckedInteger(shortage) * 1_000_000 * CheckedInteger(WideInteger.powerOfTen(decimals))
      / CheckedInteger(tokens) / CheckedInteger(price)
    let implied = liability.reduced(by: asset).reduced(by: short) * 1_000_000 / liability
    return implied.value.map { min(cap, UInt64(clamping: $0)) } ?? 0
  }

  /// The liquidator's share, which grows while the account is not used; in 1e-6.
  ///
  ///     slots < 1,500: base        else: min(largest, base + slots)
  ///
  /// * `base`, `largest`: in 1e-6. All slots since the last activity count, so the fee jumps by
  ///   0.15 % at slot 1,500. A current slot before the last counts as no time.
  ///
  /// Source: venues.md 1.6, `liquidation.rs get_liquidation_fee`.
  package static func liquidator(
    base: UInt64,
    largest: UInt64,
    lastActiveSlot: UInt64,
    currentSlot: UInt64
  ) -> UInt64 {
    let elapsed = currentSlot > lastActiveSlot ? currentSlot - lastActiveSlot : 0
    guard elapsed >= graceSlots else { return base }
    let (fee, isTooLarge) = base.addingReportingOverflow(elapsed)
    return min(largest, isTooLarge ? .max : fee)
  }

  /// The most that the liquidator's share grows to, `min(3 · fee, maintenance ratio)`, in 1e-6.
  ///
  /// * `maintenanceRatio`: in 1e-4. Source: venues.md 1.6.
  package static func largestLiquidator(fee: UInt64, maintenanceRatio: UInt64) -> UInt64 {
    UInt64(clamping: min(UInt128(fee) * 3, UInt128(maintenanceRatio) * 100))
  }
}
