// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Bins of Meteora's DLMM in the integers of the program (venues.md 8.2).
///
/// Prices are times 2^64, fee rates in 1e-9, amounts in whole native units.
package enum MeteoraBins {
  private static let one = UInt128(1) << 64
  package static let wholeRate: UInt128 = 1_000_000_000
  package static let largestRate: UInt128 = 100_000_000

  /// The price of a bin, `(1 + step / 10,000)^id · 2^64`.
  ///
  /// Repeated squares of the inverse, every product truncated to 64 bits after the point, turned
  /// round at the end: no exact power. Nil from |id| = 2^19 on and where the power is 0.
  /// Source: `commons/src/math/{price_math,u64x64_math}.rs`.
  package static func price(ofBin id: Int, stepBPS: UInt64) -> UInt128? {
    if id == 0 { return one }
    guard id.magnitude < 0x80000 else { return nil }
    let base = one + (UInt128(stepBPS) << 64) / 10_000
    var square = UInt128.max / base
    var power = one
    // 19 bits, as the program has them: a square that is 0 spoils nothing that it does not need.
    for bit in 0..<19 {
      if bit > 0 { square = (square * square) >> 64 }
      if id.magnitude >> bit & 1 == 1 { power = (power * square) >> 64 }
    }
    guard power > 0 else { return nil }
    return id < 0 ? power : UInt128.max / power
  }

  /// What a share of a bin takes out of one of its amounts, `floor(share · amount / supply)`.
  ///
  /// Nil without supply, or beyond 64 bits. Source: `extensions/bin.rs calculate_out_amount`.
  package static func withdrawal(share: UInt128, amount: UInt64, supply: UInt128) -> UInt64? {
    WideInteger.product(share, UInt128(amount), dividedBy: supply).flatMap { UInt64(exactly: $0) }
  }

  /// What a swap gets, without fees.
  ///
  ///     floor(x · price / 2^64) of Y        floor(y · 2^64 / price) of X
  ///
  /// Source: `extensions/bin.rs get_amount_out`.
  package static func amountOut(_ amount: UInt64, price: UInt128, sellsX: Bool) -> UInt64? {
    let out =
      sellsX
      ? WideInteger.product(UInt128(amount), price, dividedBy: one)
      : WideInteger.product(UInt128(amount), one, dividedBy: price)
    return out.flatMap { UInt64(exactly: $0) }
  }

  /// What a swap has to pay, without fees, for an amount out; rounded up.
  ///
  /// Source: `extensions/bin.rs get_amount_in`.
  package static func amountIn(_ amount: UInt64, price: UInt128, sellsX: Bool) -> UInt64? {
    let paid =
      sellsX
      ? WideInteger.product(UInt128(amount), one, dividedUpBy: price)
      : WideInteger.product(UInt128(amount), price, dividedUpBy: one)
    return paid.flatMap { UInt64(exactly: $0) }
  }

  /// The base fee, `factor · step · 10 · 10^power`; nil beyond 128 bits.
  package static func baseFeeRate(
    factor: UInt64,
    stepBPS: UInt64,
    power: Int = 0
  ) -> UInt128? {
    (CheckedInteger(factor) * CheckedInteger(stepBPS) * 10
      * CheckedInteger(WideInteger.powerOfTen(power))).value
  }

  /// The fee of volatility, `ceil(control · (accumulator · step)² / 1e11)`; nil beyond 128 bits.
  package static func variableFeeRate(
    control: UInt64,
    accumulator: UInt64,
    stepBPS: UInt64
  ) -> UInt128? {
    let moved = CheckedInteger(accumulator) * CheckedInteger(stepBPS)
    return (CheckedInteger(control) * moved * moved).dividedUp(by: 100_000_000_000).value
  }

  /// Base and variable fee together, at most 10 %.
  package static func totalFeeRate(base: UInt128, variable: UInt128) -> UInt128 {
    (CheckedInteger(base) + CheckedInteger(variable)).atMost(CheckedInteger(largestRate)).value
      ?? largestRate
  }

  /// The fee on top of an amount, `ceil(amount · rate / (1e9 − rate))`; nil from a rate of 1 on.
  ///
  /// Source: `extensions/lb_pair.rs compute_fee`.
  package static func fee(onTopOf amount: UInt64, rate: UInt128) -> UInt64? {
    guard rate < wholeRate else { return nil }
    return WideInteger.product(UInt128(amount), rate, dividedUpBy: wholeRate - rate)
      .flatMap { UInt64(exactly: $0) }
  }

  /// The fee within an amount, `ceil(amount · rate / 1e9)`.
  ///
  /// Source: `extensions/lb_pair.rs compute_fee_from_amount`.
  package static func fee(within amount: UInt64, rate: UInt128) -> UInt64? {
    WideInteger.product(UInt128(amount), rate, dividedUpBy: wholeRate)
      .flatMap { UInt64(exactly: $0) }
  }

  /// What of a fee the protocol keeps, `floor(fee · share / 10,000)`.
  package static func protocolFee(_ fee: UInt64, shareBPS: UInt64) -> UInt64? {
    WideInteger.product(UInt128(fee), UInt128(shareBPS), dividedBy: 10_000)
      .flatMap { UInt64(exactly: $0) }
  }

  /// What a position may claim of a bin's fees.
  ///
  ///     floor(floor(share / 2^64) · (stored − complete) / 2^64) + pending
  ///
  /// * `share`: times 2^64. `stored`, `complete`: fees for each unit of liquidity, times 2^64.
  ///
  /// Nil when `complete` is above `stored`, or beyond 64 bits. Source: `get_fee_pending_for_a_bin`.
  package static func claimableFee(
    share: UInt128,
    stored: UInt128,
    complete: UInt128,
    pending: UInt64
  ) -> UInt64? {
    guard stored >= complete else { return nil }
    let grown = WideInteger.product(share >> 64, stored - complete, dividedBy: one)
    return (CheckedInteger(grown) + CheckedInteger(pending)).narrow
  }
}
