// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// marginfi's liquidation arithmetic (venues.md 2.4).
package enum MarginfiLiquidation {
  /// Share of the seized value that the liquidator keeps.
  package static let liquidatorFee = 0.025
  /// Share of the seized value that the insurance fund gets.
  package static let insuranceFee = 0.025

  /// What changes hands for a seized amount, in units of the debt's token.
  package struct Amounts<Number: AmountNumber>: Sendable, Equatable {
    /// The debt that the liquidator takes over or pays.
    package let paid: Number
    /// The debt that the account is rid of.
    package let repaid: Number
    /// The debt's token that the insurance fund gets, `paid − repaid`; the program credits whole
    /// native units of it, rounded down.
    package let insurance: Number
  }

  /// The amounts of one liquidation.
  ///
  ///     paid   = seized · (1 − fee) · asset price / debt price
  ///     repaid = seized · (1 − fee − insurance) · asset price / debt price
  ///
  /// * `seized`: units of the asset, as the liquidator chooses.
  /// * `assetPrice`: low-biased price; `debtPrice`: high-biased price.
  /// * `scales`: native units of one whole token of asset and debt; 1 when amounts are whole
  /// tokens.
  ///
  /// Products in the program's order, each truncated for `MarginfiFraction`. A debt price of 0
  /// gives infinity or the largest fraction. Source: venues.md 2.4, `liquidate.rs`, `calc_value`,
  /// `calc_amount`.
  package static func amounts<Number: AmountNumber>(
    seized: Number,
    assetPrice: Number,
    debtPrice: Number,
    liquidatorFee: Number,
    insuranceFee: Number,
    scales: (asset: Number, debt: Number) = (.one, .one)
  ) -> Amounts<Number> {
    func debt(_ weight: Number) -> Number {
      seized * weight * assetPrice / scales.asset * scales.debt / debtPrice
    }
    let paid = debt(Number.one.excess(over: liquidatorFee))
    let repaid = debt(Number.one.excess(over: liquidatorFee + insuranceFee))
    return Amounts(paid: paid, repaid: repaid, insurance: paid.excess(over: repaid))
  }

  /// The most of an asset that brings the account back to health 0, in units of the asset.
  ///
  ///     min(assets, health / (wa − (1 − fees) · wl), (1 − fees) · debt) / low price     all in USD
  ///
  /// * `assetUSD`: the deposit at its low price. `debtUSD`: the debt at its high price.
  /// * `health`: weighted assets less weighted debts, negative for what may be liquidated.
  /// * `assetWeight`, `debtWeight`: maintenance weights.
  /// * `fees`: liquidator's and insurance fund's together, 0.05.
  ///
  /// 0 when the account is healthy; when no amount helps (the asset weighs at least what its sale
  /// repays) the other bounds alone. Source: venues.md 2.4, `computeMaxLiquidatableAssetAmount`.
  package static func largestSeizure(
    assetUSD: Double,
    debtUSD: Double,
    health: Double,
    assetWeight: Double,
    debtWeight: Double,
    lowPrice: Double,
    fees: Double = 0.05
  ) -> Double {
    guard health < 0, lowPrice > 0 else { return 0 }
    let gain = assetWeight - (1 - fees) * debtWeight
    let bound = gain < 0 ? health / gain : .infinity
    return max(0, min(assetUSD, bound, (1 - fees) * debtUSD)) / lowPrice
  }
}
