// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Whether Drift v2 trusts a price, from the worst to the best (venues.md 7).
package enum DriftOracleValidity: String, Sendable, CaseIterable {
  case nonPositive = "NonPositive"
  case tooVolatile = "TooVolatile"
  case tooUncertain = "TooUncertain"
  case staleForMargin = "StaleForMargin"
  case insufficientDataPoints = "InsufficientDataPoints"
  case staleForAMM = "StaleForAMM"
  case valid = "Valid"

  /// Whether accounts may be liquidated at such a price.
  package var allowsLiquidation: Bool { self != .nonPositive && self != .tooVolatile }

  /// Whether margin may be calculated with such a price.
  package var allowsMargin: Bool {
    switch self {
    case .nonPositive, .tooVolatile, .tooUncertain, .staleForMargin: false
    case .insufficientDataPoints, .staleForAMM, .valid: true
    }
  }

  /// The bounds of the state account.
  package struct Bounds: Sendable {
    /// Largest whole quotient of price and average.
    package var volatility: Int64 = 5
    /// Largest confidence as a share of the price, in 1e-6, for the best tier.
    package var confidence: UInt64 = 20_000
    package var slotsForMargin: Int64 = 120
    package var slotsForAMM: Int64 = 10

    package init() {}
  }

  /// Judges a price; the first of the cases that applies is the answer.
  ///
  ///     volatile: max(p, average) / max(1, min(p, average)) > 5      whole quotient
  ///     uncertain: max(1, confidence) · 1e6 / p > 2 % · multiplier
  ///
  /// * `price`, `average`, `confidence`: in 1e-6. `delaySlots`: age of the price.
  /// * `multiplier`: of the market's tier (perps A, B 1; C 2; speculative 10; isolated 50).
  ///
  /// Source: venues.md 7, `oracle.rs oracle_validity`.
  package init(
    price: Int64,
    average: Int64,
    confidence: UInt64,
    delaySlots: Int64,
    multiplier: UInt64 = 1,
    hasEnoughDataPoints: Bool = true,
    bounds: Bounds = Bounds()
  ) {
    let share = CheckedInteger(max(1, confidence)) * 1_000_000 / CheckedInteger(price)
    let most = UInt128(bounds.confidence) * UInt128(multiplier)
    if price <= 0 {
      self = .nonPositive
    } else if max(price, average) / max(1, min(price, average)) > bounds.volatility {
      self = .tooVolatile
    } else if (share.value ?? .max) > most {
      self = .tooUncertain
    } else if delaySlots > bounds.slotsForMargin {
      self = .staleForMargin
    } else if !hasEnoughDataPoints {
      self = .insufficientDataPoints
    } else if delaySlots > bounds.slotsForAMM {
      self = .staleForAMM
    } else {
      self = .valid
    }
  }
}
