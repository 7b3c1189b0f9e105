// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// marginfi's prices, weights and health (venues.md 2.1 to 2.3).
package enum MarginfiHealth {
  /// How much a price is marked down or up for its confidence, in USD.
  ///
  ///     min(confidence · multiplier, price · cap)
  ///
  /// * `price`, `confidence`: USD. `multiplier`: 2.12 for Pyth, 1.96 for Switchboard.
  /// * `cap`: largest mark as a share of the price, 0.05.
  /// * `largest`: share of the price from which on the program refuses the price, 0.1.
  ///
  /// Nil when the price is refused: the marked confidence exceeds `largest`, or is no number.
  /// Source: venues.md 2.1, `price.rs get_confidence_interval`.
  package static func bias(
    price: Double,
    confidence: Double,
    multiplier: Double = 2.12,
    cap: Double = 0.05,
    largest: Double = 0.1
  ) -> Double? {
    let interval = confidence * multiplier
    guard price > 0, interval >= 0, interval <= price * largest else { return nil }
    return min(interval, price * cap)
  }

  /// The price that a deposit counts at, `price − bias`; nil as `bias` is.
  package static func lowPrice(
    _ price: Double,
    confidence: Double,
    multiplier: Double = 2.12,
    cap: Double = 0.05
  ) -> Double? {
    bias(price: price, confidence: confidence, multiplier: multiplier, cap: cap).map { price - $0 }
  }

  /// The price that a debt counts at, `price + bias`; nil as `bias` is.
  package static func highPrice(
    _ price: Double,
    confidence: Double,
    multiplier: Double = 2.12,
    cap: Double = 0.05
  ) -> Double? {
    bias(price: price, confidence: confidence, multiplier: multiplier, cap: cap).map { price + $0 }
  }

  /// The weight of a deposit under the efficiency modes of what the account borrows.
  ///
  ///     max(bank's weight, min over borrowed banks of their weight for the deposit's tag)
  ///
  /// * `bankWeight`: the deposit's own weight.
  /// * `borrowed`: for each borrowed bank its weight for the tag, nil where it has no entry.
  ///
  /// One borrowed bank without the entry, or no debt at all, leaves the bank's weight. Weights
  /// above 1 stay. Source: venues.md 2.2, `emode.rs reconcile_emode_configs`.
  package static func assetWeight(bankWeight: Double, borrowed: [Double?]) -> Double {
    let weights = borrowed.compactMap { $0 }
    guard weights.count == borrowed.count, let least = weights.min() else { return bankWeight }
    return max(bankWeight, least)
  }

  /// Weighted assets less weighted debts, in USD; liquidatable at 0 and below.
  ///
  ///     Σ quantity · low price · weight − Σ quantity · high price · weight
  ///
  /// * Each side's values are weighted already. Source: venues.md 2.1.
  package static func health(assets: [Double], debts: [Double]) -> Double {
    assets.reduce(0, +) - debts.reduce(0, +)
  }

  /// Whether an account may be liquidated: `health <= 0`, equality included.
  package static func isLiquidatable(health: Double) -> Bool { health <= 0 }

  /// The price at which a deposit no longer covers the rest.
  ///
  ///     (debts − other assets) / (quantity · weight · (1 − bias))
  ///
  /// * `bias`: mark as a share of the price, constant while the price moves.
  ///
  /// Nil without weighted quantity, without debt, or when the price is not positive.
  /// Source: venues.md 2.3.
  package static func depositPrice(
    quantity: Double,
    weight: Double,
    bias: Double,
    otherAssets: Double,
    debts: Double
  ) -> Double? {
    guard debts > 0 else { return nil }
    return positive((debts - otherAssets) / (quantity * weight * (1 - bias)))
  }

  /// The price at which a debt outgrows the assets.
  ///
  ///     (assets − other debts) / (quantity · weight · (1 + bias))
  ///
  /// Nil without quantity or when the price is not positive. Source: venues.md 2.3.
  package static func debtPrice(
    quantity: Double,
    weight: Double,
    bias: Double,
    assets: Double,
    otherDebts: Double
  ) -> Double? {
    positive((assets - otherDebts) / (quantity * weight * (1 + bias)))
  }

  private static func positive(_ price: Double) -> Double? {
    price > 0 && price < .infinity ? price : nil
  }
}
