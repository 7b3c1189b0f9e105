// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Kamino's checks of a price, in integers of one scale.
///
/// Source: venues.md 7.
package enum KaminoOracle {
  /// Whether Pyth's confidence is small enough: not `confidence · factor > price`.
  ///
  /// * `factor`: 50 asks for 2 %; exactly 2 % is allowed. A price of 0 is not.
  ///
  /// Source: venues.md 7, `pyth.rs validate_pyth_confidence`.
  package static func isPythValid(price: UInt64, confidence: UInt64, factor: UInt64 = 50) -> Bool {
    price > 0 && UInt128(confidence) * UInt128(factor) <= UInt128(price)
  }

  /// Whether Switchboard's deviation is small enough: not `deviation · factor >= price`.
  ///
  /// * `factor`: 50; exactly 2 % is refused. Source: venues.md 7, `switchboard.rs
  /// validate_switchboard_confidence`.
  package static func isSwitchboardValid(
    price: UInt64,
    deviation: UInt64,
    factor: UInt64 = 50
  ) -> Bool {
    UInt128(deviation) * UInt128(factor) < UInt128(price)
  }

  /// Whether a price is near its average: `|price − average| · 10,000 < price · bps`, strictly.
  ///
  /// * `bps`: allowed share of the price itself. Source: venues.md 7, `checks.rs
  /// is_within_tolerance`.
  package static func isNearAverage(price: UInt64, average: UInt64, bps: UInt64) -> Bool {
    let apart = price > average ? price - average : average - price
    return UInt128(apart) * 10_000 < UInt128(price) * UInt128(bps)
  }

  /// Whether a price lies within a band, bounds included; a bound of 0 is none.
  ///
  /// Source: venues.md 7.
  package static func isWithinBand(price: UInt64, lower: UInt64, upper: UInt64) -> Bool {
    (lower == 0 || price >= lower) && (upper == 0 || price <= upper)
  }
}
