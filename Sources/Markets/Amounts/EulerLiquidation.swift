// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Euler v2's liquidation arithmetic (venues.md 6.2); values in one unit of account, in doubles.
package enum EulerLiquidation {
  /// Adjusted collateral by liability, infinite without liability.
  ///
  /// * `adjusted`: Σ value · liquidation LTV. Source: `Liquidation.sol`.
  package static func healthScore(adjusted: Double, liability: Double) -> Double {
    liability > 0 ? adjusted / liability : .infinity
  }

  /// Whether an account is in violation: `adjusted <= liability`, equality included.
  package static func isLiquidatable(adjusted: Double, liability: Double) -> Bool {
    liability > 0 && adjusted <= liability
  }

  /// One less the discount on collateral, `max(adjusted / liability, 1 − largest discount)`.
  ///
  /// 1 for a healthy account. Source: `Liquidation.sol calculateMaxLiquidation`.
  package static func discountFactor(
    adjusted: Double,
    liability: Double,
    largestDiscount: Double
  ) -> Double {
    guard isLiquidatable(adjusted: adjusted, liability: liability) else { return 1 }
    return max(adjusted / liability, 1 - largestDiscount)
  }

  /// What one liquidation moves at most.
  package struct Amounts: Sendable, Equatable {
    /// Value of the debt that is taken over.
    package let repaid: Double
    /// Value of the collateral that is received.
    package let yielded: Double
  }

  /// The largest liquidation of one collateral.
  ///
  ///     yield = liability / factor, repay = liability
  ///     collateral < yield: yield = collateral, repay = collateral · factor
  ///
  /// * `collateral`: value of the seized collateral; `adjusted`: of all collateral, times LTV.
  ///
  /// 0 for a healthy account; worthless collateral is received for nothing. No close factor.
  /// Source: `Liquidation.sol calculateMaxLiquidation`.
  package static func largest(
    collateral: Double,
    adjusted: Double,
    liability: Double,
    largestDiscount: Double
  ) -> Amounts {
    guard isLiquidatable(adjusted: adjusted, liability: liability) else {
      return Amounts(repaid: 0, yielded: 0)
    }
    let factor = discountFactor(
      adjusted: adjusted,
      liability: liability,
      largestDiscount: largestDiscount
    )
    if factor > 0, liability / factor <= collateral {
      return Amounts(repaid: liability, yielded: liability / factor)
    }
    return Amounts(repaid: collateral * factor, yielded: collateral)
  }
}
