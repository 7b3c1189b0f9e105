// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Drift v2's margin arithmetic, in the integers of the program (venues.md 1.1 to 1.4).
///
/// Prices, quote and USD are in 1e-6, base in 1e-9, ratios and weights in 1e-4, IMF factors in
/// 1e-6.
package enum DriftMargin {
  /// USD of margin that each open order needs, in micro-USD: 0.01 USD.
  package static let openOrderRequirement: UInt128 = 10_000

  /// `isqrt(10 · size + 1)`, the root on which size premiums grow.
  ///
  /// * `size`: quantity in 1e-9 units, spot tokens scaled to 9 decimals.
  ///
  /// Edge case: saturates where `10 · size + 1` needs more than 128 bits.
  /// Source: venues.md 1.3, `margin.rs calculate_size_premium_liability_weight`.
  package static func sizeRoot(_ size: UInt128) -> UInt128 {
    let (tenfold, isTooLarge) = size.multipliedReportingOverflow(by: 10)
    guard !isTooLarge, tenfold < UInt128.max else { return WideInteger.squareRoot(.max) }
    return WideInteger.squareRoot(tenfold + 1)
  }

  /// A perp's margin ratio or a liability weight after the size premium.
  ///
  ///     max(w, (w − w/5) + root · imf / 10^7)        imf = 0: w
  ///
  /// * `weight`: ratio or weight in 1e-4.
  /// * `sizeRoot`: of the worst-case base or of the borrowed amount.
  /// * `imf`: IMF factor in 1e-6.
  ///
  /// Both quotients are rounded down. Edge case: saturates at 2^64 − 1, the program refuses from
  /// 2^32 on. Source: venues.md 1.3, `margin.rs calculate_size_premium_liability_weight`.
  package static func withSizePremium(_ weight: UInt64, sizeRoot: UInt128, imf: UInt64) -> UInt64 {
    guard imf > 0 else { return weight }
    guard
      let premium = WideInteger.product(sizeRoot, UInt128(imf), dividedBy: 10_000_000),
      premium < 1 << 64
    else { return .max }
    let sized = UInt128(weight - weight / 5) + premium
    return max(weight, UInt64(clamping: sized))
  }

  /// An asset weight after the size discount.
  ///
  ///     min(w, 1.1e6 · 1e4 / (1e6 + root · imf / 10^5))        imf = 0: w
  ///
  /// * `weight`: weight in 1e-4.
  /// * `sizeRoot`: of the deposited amount.
  /// * `imf`: IMF factor in 1e-6.
  ///
  /// Both quotients are rounded down; a size beyond all integers weighs 0.
  /// Source: venues.md 1.3, `margin.rs calculate_size_discount_asset_weight`.
  package static func withSizeDiscount(_ weight: UInt64, sizeRoot: UInt128, imf: UInt64) -> UInt64 {
    guard imf > 0 else { return weight }
    let growth = WideInteger.product(sizeRoot, UInt128(imf), dividedBy: 100_000) ?? .max
    let (divisor, isTooLarge) = growth.addingReportingOverflow(1_000_000)
    let sized = isTooLarge ? 0 : 11_000_000_000 / divisor
    return min(weight, UInt64(clamping: sized))
  }

  /// The ratio between initial and maintenance at which orders are filled, `(initial + m) / 2`.
  ///
  /// * Both in 1e-4, rounded down. Source: venues.md 1.3, `perp_market.rs get_margin_ratio`.
  package static func fillRatio(initial: UInt64, maintenance: UInt64) -> UInt64 {
    UInt64((UInt128(initial) + UInt128(maintenance)) / 2)
  }

  /// The initial weight of an asset of which the whole market holds much.
  ///
  ///     deposits USD < start: w        else: w · start / deposits USD
  ///
  /// * `weight`: initial asset weight in 1e-4.
  /// * `depositsUSD`, `startUSD`: micro-USD; a start of 0 turns scaling off.
  ///
  /// Rounded down; nil when the product leaves 128 bits. For initial margin only.
  /// Source: venues.md 1.2, `spot_market.rs get_scaled_initial_asset_weight`.
  package static func scaledInitialWeight(
    _ weight: UInt64,
    depositsUSD: UInt128,
    startUSD: UInt128
  ) -> UInt64? {
    guard startUSD > 0, depositsUSD >= startUSD else { return weight }
    return WideInteger.product(UInt128(weight), startUSD, dividedBy: depositsUSD)
      .flatMap { UInt64(exactly: $0) }
  }

  /// The base of a position were all orders of its worse side filled.
  ///
  ///     the larger by magnitude of base + bids and base + asks; the asks' on a tie
  ///
  /// * `base`: signed, in 1e-9. `openBids` is not negative, `openAsks` not positive.
  ///
  /// Source: venues.md 1.2, `user.rs worst_case_base_asset_amount`.
  package static func worstCaseBase(_ base: Int64, openBids: Int64, openAsks: Int64) -> Int128 {
    let bid = Int128(base) + Int128(openBids)
    let ask = Int128(base) + Int128(openAsks)
    return bid.magnitude > ask.magnitude ? bid : ask
  }

  /// The value of base at a price, `|base| · price / 1e9` in micro-USD, rounded down.
  ///
  /// Nil when it needs more than 128 bits. Source: `position.rs
  /// calculate_base_asset_value_with_oracle_price`.
  package static func perpValue(base: Int128, price: UInt64) -> UInt128? {
    WideInteger.product(base.magnitude, UInt128(price), dividedBy: 1_000_000_000)
  }

  /// The value of an amount of tokens, `|amount| · price / 10^decimals` in micro-USD, rounded down.
  ///
  /// Nil beyond 38 decimals and 128 bits. Source: `spot_balance.rs get_token_value`.
  package static func tokenValue(amount: Int128, decimals: Int, price: UInt64) -> UInt128? {
    guard let precision = WideInteger.powerOfTen(decimals) else { return nil }
    return WideInteger.product(amount.magnitude, UInt128(price), dividedBy: precision)
  }

  /// The profit of a perp before funding, `±|base| · price / 1e9 + quote`, in micro-USD.
  ///
  /// * `quote`: what was paid (negative for a long) in micro-USD.
  ///
  /// Nil beyond 127 bits. Source: venues.md 1.2.
  package static func unrealizedProfit(base: Int64, quote: Int64, price: UInt64) -> Int128? {
    guard let value = perpValue(base: Int128(base), price: price),
      let magnitude = Int128(exactly: value)
    else { return nil }
    let (profit, isTooLarge) = (base < 0 ? -magnitude : magnitude)
      .addingReportingOverflow(Int128(quote))
    return isTooLarge ? nil : profit
  }

  /// The margin that a perp position needs, in micro-USD.
  ///
  ///     |worst base| · price / 1e9 · quote price / 1e6 · ratio / 1e4 + 0.01 USD · open orders
  ///
  /// * `worstCaseBase`: base with the worse side of open orders, in 1e-9.
  /// * `price`, `quotePrice`: oracle prices in 1e-6.
  /// * `ratio`: with size premium, in 1e-4; add the liquidation buffer for the exit condition.
  ///
  /// Each quotient is rounded down; nil beyond 128 bits.
  /// Source: venues.md 1.2, `margin.rs calculate_perp_position_value_and_pnl`.
  package static func perpRequirement(
    worstCaseBase: Int128,
    price: UInt64,
    quotePrice: UInt64 = 1_000_000,
    ratio: UInt64,
    openOrders: UInt64 = 0
  ) -> UInt128? {
    let value = CheckedInteger(perpValue(base: worstCaseBase, price: price))
    return
      (value * CheckedInteger(quotePrice) / 1_000_000 * CheckedInteger(ratio) / 10_000
      + CheckedInteger(openOrderRequirement) * CheckedInteger(openOrders)).value
  }

  /// Health as the venue's SDK prints it, in per cent.
  ///
  ///     round(100 · (1 − requirement / collateral)), from 0 to 100
  ///
  /// * Both in one unit. Without requirement 100, else 0 when the collateral is not positive.
  /// Halves are rounded up, as JavaScript does: 0 can stand shortly before the liquidation.
  ///
  /// Source: venues.md 1.4, `user.ts getHealth`.
  package static func healthPercent(collateral: Double, requirement: Double) -> Int {
    if requirement == 0 && collateral >= 0 { return 100 }
    guard collateral > 0, requirement < collateral else { return 0 }
    let percent = (1 - requirement / collateral) * 100
    return Int(min(100, max(0, percent)).rounded(.toNearestOrAwayFromZero))
  }
}
