// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Kamino Lend's liquidation arithmetic, in doubles or in the program's fractions (venues.md 3).
package enum KaminoLiquidation {
  /// A reserve's bonuses in basis points.
  package struct Bonuses: Sendable, Equatable {
    package let least: UInt64
    package let most: UInt64
    package let badDebt: UInt64

    package init(least: UInt64, most: UInt64, badDebt: UInt64) {
      self.least = least
      self.most = most
      self.badDebt = badDebt
    }
  }

  /// Whether an obligation may be liquidated: `ltv >= unhealthy ltv`, equality included.
  ///
  /// * `ltv`: Σ debt · borrow factor / Σ deposits. `unhealthyLTV`: Σ deposit · threshold / Σ
  /// deposits.
  ///
  /// Source: venues.md 3.1, `check_liquidate_obligation`.
  package static func isLiquidatable<Number: AmountNumber>(
    ltv: Number,
    unhealthyLTV: Number
  ) -> Bool {
    ltv >= unhealthyLTV
  }

  /// The cap of an elevation group, nil where it does not apply.
  ///
  /// * A cap of 0 or above either reserve's largest bonus is ignored. Source: venues.md 3.3,
  /// `get_emode_max_liquidation_bonus`.
  package static func groupCap(
    _ cap: UInt64,
    collateral: Bonuses,
    debt: Bonuses
  ) -> UInt64? {
    cap == 0 || cap > collateral.most || cap > debt.most ? nil : cap
  }

  /// What a liquidator gets beyond the debt that it repays, as a share of the debt.
  ///
  ///     plain ltv >= 0.99: min(bad-debt bonuses), at least 1 − plain ltv while that is below 1
  ///     else: min(min(max(least, ltv − unhealthy ltv), most), 1 − plain ltv)
  ///
  /// * `ltv`: with borrow factors, `plainLTV` without. `groupCap`: basis points, of `groupCap`.
  ///
  /// Source: venues.md 3.3, `calculate_liquidation_bonus`.
  package static func bonus<Number: AmountNumber>(
    ltv: Number,
    plainLTV: Number,
    unhealthyLTV: Number,
    collateral: Bonuses,
    debt: Bonuses,
    groupCap: UInt64? = nil
  ) -> Number {
    let room = Number.one.excess(over: plainLTV)
    if plainLTV >= .ratio(99, 100) {
      let bonus = Number.basisPoints(min(collateral.badDebt, debt.badDebt))
      return plainLTV < .one ? max(bonus, room) : bonus
    }
    let most = min(max(collateral.most, debt.most), groupCap ?? .max)
    let least = Number.basisPoints(max(collateral.least, debt.least))
    let excess = ltv.excess(over: unhealthyLTV)
    return min(min(max(least, excess), .basisPoints(most)), room)
  }

  /// The most of one debt that one liquidation may repay, in USD.
  ///
  ///     min(total debt · rate, this debt, limit)      rate = 1 above the insolvency ltv (strictly)
  ///
  /// * `totalDebt`, `debt`, `limit`: USD without borrow factors. `closeFactor`: share, 0.2 by
  /// default.
  /// * `leastFull`: a debt below it must be repaid whole.
  ///
  /// Source: venues.md 3.4, `max_liquidatable_borrowed_amount`, `calculate_liquidation`.
  package static func largestRepayment<Number: AmountNumber>(
    totalDebt: Number,
    debt: Number,
    ltv: Number,
    closeFactor: Number,
    insolvencyLTV: Number,
    limit: Number,
    leastFull: Number = .zero
  ) -> Number {
    if debt < leastFull { return debt }
    let rate = ltv > insolvencyLTV ? Number.one : closeFactor
    return min(totalDebt * rate, debt, limit)
  }

  /// What one liquidation moves.
  package struct Settlement<Number: AmountNumber>: Sendable, Equatable {
    /// The debt that is taken off, in native units.
    package let settled: Number
    /// The debt's tokens that the liquidator pays: `settled` rounded up.
    package let repaid: UInt64
    /// The collateral that the liquidator gets, in native units, rounded down.
    package let withdrawn: UInt64
  }

  /// The amounts of one liquidation.
  ///
  ///     value = debt value · (repayment / borrowed) · (1 + bonus)
  ///     value >= collateral value: all collateral, repayment · collateral value / value
  ///     else: collateral · value / collateral value, rounded down
  ///
  /// * `repayment`, `borrowed`: native units of the debt; `debtValue`: USD of `borrowed`.
  /// * `collateral`: native units; `collateralValue`: their USD.
  /// * `mustBeFull`: the debt is below the least that may stay; it then is settled whole though the
  ///   collateral does not suffice, and at least `dust` units are withdrawn.
  ///
  /// Source: venues.md 3.4, `calculate_liquidation_amounts`.
  package static func settle<Number: AmountNumber>(
    repayment: Number,
    borrowed: Number,
    debtValue: Number,
    collateral: UInt64,
    collateralValue: Number,
    bonus: Number,
    mustBeFull: Bool = false,
    dust: UInt64 = 0
  ) -> Settlement<Number> {
    let value = debtValue * (repayment / borrowed) * (bonus + .one)
    if value >= collateralValue {
      let scaled = value > collateralValue ? repayment * (collateralValue / value) : repayment
      let settled = mustBeFull ? repayment : scaled
      return Settlement(settled: settled, repaid: settled.roundedUp, withdrawn: collateral)
    }
    let withdrawn = (Number.ratio(collateral, 1) * (value / collateralValue)).roundedDown
    return Settlement(
      settled: repayment,
      repaid: repayment.roundedUp,
      withdrawn: mustBeFull ? max(withdrawn, dust) : withdrawn
    )
  }

  /// The protocol's part of the bonus, in native units of the collateral.
  ///
  ///     max(1, ceil((withdrawn − withdrawn / (1 + bonus)) · fee))
  ///
  /// * `fee`: share of the bonus. Source: venues.md 3.4, `calculate_protocol_liquidation_fee`.
  package static func protocolFee<Number: AmountNumber>(
    withdrawn: UInt64,
    bonus: Number,
    fee: Number
  ) -> UInt64 {
    let amount = Number.ratio(withdrawn, 1)
    let gained = amount.excess(over: amount / (bonus + .one))
    return max(1, (gained * fee).roundedUp)
  }

  /// The bonus of an auto-deleverage, as a share of the debt.
  ///
  ///     min(least + growth per day · days, min(most, group cap), 1 − plain ltv)
  ///
  /// * `least`, `growthPerDay`, `most`, `groupCap`: basis points. `days`: since the margin call
  ///   ended, with fractions.
  ///
  /// Source: venues.md 3.5, `calculate_autodeleverage_bonus`.
  package static func deleverageBonus<Number: AmountNumber>(
    least: UInt64,
    growthPerDay: UInt64,
    most: UInt64,
    groupCap: UInt64? = nil,
    days: Number,
    plainLTV: Number
  ) -> Number {
    let grown = Number.basisPoints(least) + Number.basisPoints(growthPerDay) * days
    let cap = Number.basisPoints(min(most, groupCap ?? .max))
    return min(grown, cap, Number.one.excess(over: plainLTV))
  }

  /// The loan-to-value from which the market-wide auto-deleverage takes an obligation.
  ///
  ///     max(0, 1 − decrease per day · days)
  ///
  /// * `decreasePerDay`: basis points. Source: venues.md 3.5, `calculate_autodeleverage_threshold`.
  package static func deleverageThreshold<Number: AmountNumber>(
    decreasePerDay: UInt64,
    days: Number
  ) -> Number {
    Number.one.excess(over: Number.basisPoints(decreasePerDay) * days)
  }
}
