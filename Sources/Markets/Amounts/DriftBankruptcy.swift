// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// How Drift v2 spreads a loss that no insurance pays (venues.md 1.6).
package enum DriftBankruptcy {
  /// What depositors' cumulative interest loses.
  ///
  ///     min(ceil(interest · loss / deposits), interest − 1)
  ///
  /// * `loss`, `deposits`: in one unit of the token. `interest`: cumulative deposit interest,
  /// 1e-10.
  ///
  /// 0 without deposits; nil when the quotient needs more than 128 bits. At least 1 stays, because
  /// balances are divided by it. Source: `liquidation.rs
  /// calculate_cumulative_deposit_interest_delta_to_resolve_bankruptcy`.
  package static func depositInterestDelta(
    loss: UInt128,
    deposits: UInt128,
    interest: UInt128
  ) -> UInt128? {
    guard deposits > 0 else { return 0 }
    return WideInteger.product(interest, loss, dividedUpBy: deposits)
      .map { min($0, interest > 0 ? interest - 1 : 0) }
  }

  /// What both cumulative funding rates move by, in 1e-9.
  ///
  ///     ceil(|loss| · 1e9 / open interest) · 1,000
  ///
  /// * `loss`: micro-USD. `openInterest`: longs plus shorts by magnitude, in 1e-9.
  ///
  /// Nil without open interest and beyond 128 bits. Source: `liquidation.rs
  /// calculate_funding_rate_deltas_to_resolve_bankruptcy`.
  package static func fundingRateDelta(loss: Int128, openInterest: UInt128) -> UInt128? {
    let scaled = WideInteger.product(
      loss.magnitude,
      1_000_000_000,
      dividedUpBy: openInterest
    )
    return (CheckedInteger(scaled) * 1_000).value
  }
}
