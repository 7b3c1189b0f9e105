// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Configuration
package import TextKit

/// Which prices a venue's margin checks refuse: `[venues.NAME.oracle]` of a venue file.
///
/// Source: venues.md 7 (Drift's validity, Kamino's and marginfi's checks).
package struct PriceCheck: Sendable, Equatable {
  /// Greatest age, milliseconds; beyond it a price is stale.
  package var maxAgeMilliseconds = Int64.max
  /// Greatest confidence, a share of the price; beyond it a price is uncertain.
  package var maxConfidence = Double.infinity
  /// Greatest distance from the average over time, a share of the price; beyond it a price is
  /// volatile.
  package var maxDivergence = Double.infinity
  /// Window of that average, milliseconds.
  package var twapMilliseconds: Int64 = 300_000

  package init() {}

  /// Reads `max_age_s`, `max_confidence`, `max_divergence` and `twap_s`.
  package init(reading table: ConfigTable) throws(Failure) {
    try table.only(["max_age_s", "max_confidence", "max_divergence", "twap_s"])
    func milliseconds(_ key: String) throws(Failure) -> Int64? {
      try table.optionalNumber(key, in: 0.001...1e9).map {
        Int64(($0 * 1000).rounded(.toNearestOrEven))
      }
    }
    maxAgeMilliseconds = try milliseconds("max_age_s") ?? .max
    maxConfidence = try table.optionalNumber("max_confidence", in: 0...100) ?? .infinity
    maxDivergence = try table.optionalNumber("max_divergence", in: 0...100) ?? .infinity
    twapMilliseconds = try milliseconds("twap_s") ?? 300_000
  }

  /// Why a price is refused, nil when it is not; all bounds are strict.
  ///
  ///     stale: age > max_age      uncertain: confidence > max_confidence · price
  ///     volatile: |price − average| > max_divergence · price
  package func refusal(
    price: Double,
    confidence: Double,
    average: Double,
    ageMilliseconds: Int64
  ) -> Refusal? {
    if ageMilliseconds > maxAgeMilliseconds { return .stale }
    if confidence > maxConfidence * price { return .uncertain }
    if (price - average).magnitude > maxDivergence * price { return .volatile }
    return nil
  }

  /// Why a price is refused.
  package enum Refusal: String, Sendable, CaseIterable {
    case stale
    case uncertain
    case volatile
  }
}
