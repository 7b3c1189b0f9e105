// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Aave v4's liquidation arithmetic (venues.md 6.3); values in doubles.
package enum AaveLiquidation {
  /// Value of debt or collateral below which no rest may stay, USD.
  package static let dustUSD = 1_000.0

  /// Whether an account may be liquidated: health factor below 1, strictly.
  package static func isLiquidatable(healthFactor: Double) -> Bool { healthFactor < 1 }

  /// Weighted collateral by debt, infinite without debt.
  package static func healthFactor(weightedCollateral: Double, debt: Double) -> Double {
    debt > 0 ? weightedCollateral / debt : .infinity
  }

  /// What a liquidator gets for one unit of debt, at least 1.
  ///
  ///     least = (most − 1) · factor + 1
  ///     least + (most − least) · (1 − hf) / (1 − hf for most), most at and below `healthForMost`
  ///
  /// * `most`: largest bonus, as 1.05. `factor`: share of it at health factor 1.
  ///
  /// At health factor 1 and above `least`. Source: venues.md 6.3, `LiquidationLogic.sol
  /// calculateLiquidationBonus`.
  package static func bonus(
    healthFactor: Double,
    most: Double,
    factor: Double,
    healthForMost: Double
  ) -> Double {
    if healthFactor <= healthForMost { return most }
    let least = (most - 1) * factor + 1
    if healthFactor >= 1 { return least }
    return least + (most - least) * (1 - healthFactor) / (1 - healthForMost)
  }

  /// The debt whose repayment restores the target health factor, in the unit of `debt`.
  ///
  ///     debt · (target − hf) / (target − bonus · collateral factor)
  ///
  /// 0 at and above the target; more than `debt` where the health factor is below the bonus times
  /// the collateral factor, so that no repayment restores it; all debt when no gain is left at all.
  /// Source: venues.md 6.3, `LiquidationLogic.sol _calculateDebtToTargetHealthFactor`.
  package static func debtToTarget(
    debt: Double,
    target: Double,
    healthFactor: Double,
    bonus: Double,
    collateralFactor: Double
  ) -> Double {
    guard healthFactor < target else { return 0 }
    let gained = target - bonus * collateralFactor
    return gained > 0 ? debt * (target - healthFactor) / gained : debt
  }

  /// The debt that one call may repay: to the target, or all when less than 1,000 USD would stay.
  ///
  /// * `reserveDebt`: of the repaid asset, `toTarget` by `debtToTarget`, `cover`: what the
  /// liquidator offers; USD. Source: venues.md 6.3.
  package static func largestRepayment(
    reserveDebt: Double,
    toTarget: Double,
    cover: Double = .infinity
  ) -> Double {
    let repaid = min(reserveDebt, toTarget, cover)
    return reserveDebt - repaid < dustUSD ? reserveDebt : repaid
  }
}
