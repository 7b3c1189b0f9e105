// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Drift v2's liquidation prices as its SDK computes them, in integers (venues.md 1.4).
///
///     price = oracle − trunc(free collateral · 1e6 / d)
///
/// d is what free collateral gains per USD of the price, in 1e-6: the sum of the slopes of the
/// position and of the other positions with the same oracle account. Prices of other oracles stand
/// still. Quotients of negative numbers are truncated towards zero, as BN and Rust do.
package enum DriftLiquidationPrice {
  /// What collateral exceeds the requirement by, 0 when it does not; micro-USD.
  ///
  /// Saturates at the ends of 128 bits. Source: venues.md 1.4, `user.ts liquidationPrice`.
  package static func freeCollateral(total: Int128, requirement: Int128) -> Int128 {
    let (free, isTooLarge) = total.subtractingReportingOverflow(requirement)
    if isTooLarge { return total > requirement ? .max : 0 }
    return max(0, free)
  }

  /// The slope of a perp in 1e-6.
  ///
  ///     long: (1e6 − mr) · base / 1e9        short: −(1e6 + mr) · |base| / 1e9
  ///     mr = 100 · ratio
  ///     with open orders: − mr · |order base| / 1e9
  ///
  /// * `base`: signed, in 1e-9.
  /// * `ratio`: maintenance ratio with size premium, in 1e-4.
  /// * `openOrderBase`: base of open orders that count; the SDK leaves it at 0.
  ///
  /// Nil beyond 127 bits. Source: venues.md 1.4, `user.ts calculateFreeCollateralDeltaForPerp`.
  package static func perpSlope(
    base: Int64,
    ratio: UInt64,
    openOrderBase: Int64 = 0
  ) -> Int128? {
    guard ratio < 1 << 40 else { return nil }
    let margin = Int128(ratio) * 100
    let perBase = base < 0 ? -1_000_000 - margin : 1_000_000 - margin
    let orders = margin * Int128(openOrderBase.magnitude) / 1_000_000_000
    return perBase * Int128(base.magnitude) / 1_000_000_000 - orders
  }

  /// The slope of a spot deposit or borrow in 1e-6.
  ///
  ///     deposit: amount · weight        borrow: −|amount| · weight
  ///
  /// * `amount`: signed tokens in units of `decimals`.
  /// * `weight`: maintenance asset weight of a deposit, liability weight of a borrow, in 1e-4, with
  ///   size discount or premium.
  ///
  /// Nil beyond 38 decimals and 127 bits. Source: venues.md 1.4, `user.ts
  /// calculateFreeCollateralDeltaForSpot`.
  package static func spotSlope(amount: Int128, decimals: Int, weight: UInt64) -> Int128? {
    guard let precision = WideInteger.powerOfTen(decimals),
      let scaled = WideInteger.product(
        amount.magnitude,
        UInt128(weight) * 100,
        dividedBy: precision
      ), let slope = Int128(exactly: scaled)
    else { return nil }
    return amount < 0 ? -slope : slope
  }

  /// The price at which free collateral is used up, in 1e-6.
  ///
  /// * `oracle`: price in 1e-6.
  /// * `freeCollateral`: micro-USD, not negative; at 0 the account is liquidatable already and the
  ///   result is the oracle price.
  /// * `slope`: sum of the slopes of everything with this oracle, in 1e-6.
  ///
  /// Nil, the SDK's −1, when the slope is 0 or the price would be negative; 0 is a price.
  /// Source: venues.md 1.4, `user.ts liquidationPrice`, `spotLiquidationPrice`.
  package static func price(
    oracle: UInt64,
    freeCollateral: Int128,
    slope: Int128
  ) -> UInt64? {
    guard slope != 0 else { return nil }
    let (scaled, isTooLarge) = freeCollateral.multipliedReportingOverflow(by: 1_000_000)
    guard !isTooLarge else { return nil }
    let (price, isOutOfRange) = Int128(oracle).subtractingReportingOverflow(scaled / slope)
    return isOutOfRange ? nil : UInt64(exactly: price)
  }
}
