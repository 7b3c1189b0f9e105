// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Vaults of Jupiter Lend and Fluid: positions on ticks and their liquidation (venues.md 4).
///
/// Amounts have 9 decimals, exchange prices 12, oracle rates (debt per collateral) 15; thresholds
/// and limits are in 1e-3, penalties in 1e-4.
package enum FluidVault {
  /// One, in the unit of exchange prices.
  package static let unitPrice: UInt128 = 1_000_000_000_000
  /// One, in the unit of oracle rates.
  package static let unitRate: UInt128 = 1_000_000_000_000_000

  /// Collateral as the vault books it, `amount · 1e12 / exchange price`, rounded down.
  ///
  /// Nil for an exchange price of 0. Source: venues.md 4.1, `position.rs get_new_position_info`.
  package static func rawCollateral(_ amount: UInt128, exchangePrice: UInt128) -> UInt128? {
    WideInteger.product(amount, unitPrice, dividedBy: exchangePrice)
  }

  /// Debt as the vault books it, `amount · 1e12 / exchange price`, rounded up.
  ///
  /// Nil for an exchange price of 0. Source: venues.md 4.1, `position.rs get_new_position_info`.
  package static func rawDebt(_ amount: UInt128, exchangePrice: UInt128) -> UInt128? {
    WideInteger.product(amount, unitPrice, dividedUpBy: exchangePrice)
  }

  /// The tick of a position, one above the tick of its ratio.
  ///
  ///     tick(at: debt · 2^48 / collateral) + 1
  ///
  /// * Raw amounts with 9 decimals. The debt counts as rounded up to the tick.
  ///
  /// Nil without collateral, beyond the ratios that the program takes, and for a debt of 2^80 and
  /// more. Source: venues.md 4.1, `operate.rs add_debt_to_tick`.
  package static func positionTick(rawCollateral: UInt128, rawDebt: UInt128) -> Int? {
    (CheckedInteger(rawDebt) * CheckedInteger(FluidTicks.one) / CheckedInteger(rawCollateral))
      .value.flatMap { FluidTicks.tick(at: $0) }.map { $0.index + 1 }
  }

  /// The tick of a position in units of its assets.
  ///
  /// * Amounts are rounded to 9 decimals, exchange prices to 12, ties to even.
  ///
  /// Nil where the integers have no answer (see the raw form), and for what is no number or
  /// negative.
  package static func positionTick(
    collateral: Double,
    debt: Double,
    supplyExchangePrice: Double = 1,
    borrowExchangePrice: Double = 1
  ) -> Int? {
    guard let collateral = scaled(collateral, 1e9), let debt = scaled(debt, 1e9),
      let supply = scaled(supplyExchangePrice, 1e12),
      let borrow = scaled(borrowExchangePrice, 1e12),
      let rawCollateral = rawCollateral(collateral, exchangePrice: supply),
      let rawDebt = rawDebt(debt, exchangePrice: borrow)
    else { return nil }
    return positionTick(rawCollateral: rawCollateral, rawDebt: rawDebt)
  }

  private static func scaled(_ value: Double, _ unit: Double) -> UInt128? {
    let units = (value * unit).rounded(.toNearestOrEven)
    return units >= 0 && units < 0x1p120 ? UInt128(units) : nil
  }

  /// Whether the vault takes a price.
  ///
  ///     confidence <= 2 % of the price and age <= 600 s, for a liquidation 4 % and 7,200 s
  ///
  /// * `price`, `confidence`: in one unit. `ageSeconds`: since the price was published.
  ///
  /// A price that is not positive is refused. Source: venues.md 4.5.
  package static func isPriceValid(
    price: Double,
    confidence: Double,
    ageSeconds: Double,
    isLiquidation: Bool
  ) -> Bool {
    price > 0 && confidence <= price * (isLiquidation ? 0.04 : 0.02)
      && ageSeconds <= (isLiquidation ? 7_200 : 600)
  }

  /// The debt that a raw unit of collateral is worth, in 1e-15 raw units, rounded down.
  ///
  ///     min(rate · supply price / borrow price, 1e26)
  ///
  /// * `rate`: debt per collateral by the oracle, in 1e-15.
  ///
  /// Nil where the program refuses: 0, or a rate above 1e24. Source: venues.md 4.1, `liquidate.rs
  /// get_ticks_from_oracle_price`.
  package static func debtPerCollateral(
    rate: UInt128,
    supplyExchangePrice: UInt128 = unitPrice,
    borrowExchangePrice: UInt128 = unitPrice
  ) -> UInt128? {
    guard rate > 0, rate <= largestRate,
      let exact = WideInteger.product(rate, supplyExchangePrice, dividedBy: borrowExchangePrice),
      exact > 0
    else { return nil }
    return min(exact, 100 * largestRate)
  }

  private static let largestRate = unitRate * 1_000_000_000

  /// The tick at or below a share of what collateral is worth.
  ///
  ///     tick(at: floor(debt per collateral · 2^48 / 1e15) · share / 1000)
  ///
  /// * `share`: liquidation threshold (positions above are liquidatable) or limit (positions above
  ///   are absorbed), in 1e-3.
  ///
  /// Nil beyond the ratios that the program takes. Source: venues.md 4.1, `liquidate.rs
  /// get_ticks_from_oracle_price`.
  package static func tick(debtPerCollateral: UInt128, share: UInt64) -> Int? {
    guard
      let ratio = WideInteger.product(debtPerCollateral, FluidTicks.one, dividedBy: unitRate),
      let limit = (CheckedInteger(ratio) * CheckedInteger(share) / 1_000).value
    else { return nil }
    return FluidTicks.tick(at: limit)?.index
  }

  /// Whether a position may be liquidated: the threshold's tick is below its own.
  package static func isLiquidatable(tick: Int, liquidationTick: Int) -> Bool {
    liquidationTick < tick
  }

  /// Whether a position is taken over whole as bad debt: the limit's tick is below its own.
  ///
  /// Source: venues.md 4.1, `absorb`.
  package static func isAbsorbed(tick: Int, largestTick: Int) -> Bool { largestTick < tick }

  /// The collateral that a liquidator gets for one unit of debt, in 1e-15 raw units.
  ///
  ///     floor(1e30 / ceil(rate · supply price / borrow price)) · (1e4 + penalty) / 1e4
  ///
  /// * `penalty`: in 1e-4: 100 is 1 %.
  ///
  /// Nil as `debtPerCollateral`. Source: venues.md 4.3, `liquidate.rs get_ticks_from_oracle_price`.
  package static func collateralPerDebt(
    rate: UInt128,
    supplyExchangePrice: UInt128 = unitPrice,
    borrowExchangePrice: UInt128 = unitPrice,
    penalty: UInt64
  ) -> UInt128? {
    guard rate > 0, rate <= largestRate,
      let ceiling = WideInteger.product(
        rate,
        supplyExchangePrice,
        dividedUpBy: borrowExchangePrice
      ),
      ceiling > 0
    else { return nil }
    let raw = CheckedInteger(unitRate * unitRate / ceiling)
    return (raw * (10_000 + CheckedInteger(penalty)) / 10_000).value
  }

  /// The collateral per debt as a double, `(1 + penalty) / rate`.
  package static func collateralPerDebt(rate: Double, penalty: Double) -> Double {
    (1 + penalty) / rate
  }

  /// The debt that a position counts with: its ratio rounded up to its tick.
  ///
  ///     collateral · ratio(tick − 1) · 1.0015        with the ratio that the tick was found with
  ///
  /// Nil as `positionTick`. Source: venues.md 4.1, `operate.rs add_debt_to_tick`.
  package static func roundedDebt(rawCollateral: UInt128, rawDebt: UInt128) -> UInt128? {
    let ratio =
      CheckedInteger(rawDebt) * CheckedInteger(FluidTicks.one) / CheckedInteger(rawCollateral)
    guard let found = ratio.value.flatMap({ FluidTicks.tick(at: $0) }) else { return nil }
    let above = CheckedInteger(found.ratio) * 10_015 / 10_000
    return (above * CheckedInteger(rawCollateral) / CheckedInteger(FluidTicks.one)).value
  }

  /// The debt that brings a branch down to a tick, in raw units.
  ///
  ///     (debt − collateral · R) / (1 − R · collateral per debt)        R = 1.0015^tick
  ///
  /// * `debt`: tick-rounded total above the tick; `collateral`: theirs, both raw.
  /// * `tick`: where liquidation ends. `collateralPerDebt`: in 1e-15.
  ///
  /// Every quotient is rounded down. 0 when the branch lies at or below the tick; nil when seizing
  /// cannot bring it there (the penalty takes more than the debt frees) and beyond 128 bits.
  /// Source: venues.md 4.3, `module/user.rs liquidate`.
  package static func branchLiquidation(
    debt: UInt128,
    collateral: UInt128,
    tick: Int,
    collateralPerDebt: UInt128
  ) -> UInt128? {
    guard let ratio = FluidTicks.ratio(at: tick),
      let kept = WideInteger.product(collateral, ratio, dividedBy: FluidTicks.one),
      let paid = WideInteger.product(collateralPerDebt, ratio, dividedBy: FluidTicks.one),
      paid < unitRate
    else { return nil }
    guard debt > kept else { return 0 }
    return WideInteger.product(debt - kept, unitRate, dividedBy: unitRate - paid)
  }

  /// The debt that brings a branch down to a tick, in doubles; see the raw form.
  ///
  /// * `ratio`: `1.0015^tick`.
  package static func branchLiquidation(
    debt: Double,
    collateral: Double,
    ratio: Double,
    collateralPerDebt: Double
  ) -> Double? {
    let freed = 1 - ratio * collateralPerDebt
    return freed > 0 ? max(0, debt - collateral * ratio) / freed : nil
  }
}
