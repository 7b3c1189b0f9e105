// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Published cases of Orca's positions.
extension VenueCaseRows {
  static let orca: [VenueCaseRow] = [
    VenueCaseRow(
      "LP-00db",
      "orca_whirlpool",
      "lp_amounts",
      "token_b",
      "0",
      "exact",
      """
      {"liquidity": 1000000, "sqrt_price_x64": "18354745142194483561", "tick_lower": -10,
      "tick_upper": 10, "round_up": false}
      """
    ),
    VenueCaseRow(
      "LP-00ua",
      "orca_whirlpool",
      "lp_amounts",
      "token_a",
      "1000",
      "exact",
      """
      {"liquidity": 1000000, "sqrt_price_x64": "18354745142194483561", "tick_lower": -10,
      "tick_upper": 10, "round_up": true}
      """
    ),
    VenueCaseRow(
      "LP-01da",
      "orca_whirlpool",
      "lp_amounts",
      "token_a",
      "499",
      "exact",
      """
      {"liquidity": 1000000, "sqrt_price_x64": "18446744073709551616", "tick_lower": -10,
      "tick_upper": 10, "round_up": false}
      """
    ),
    VenueCaseRow(
      "LP-01ub",
      "orca_whirlpool",
      "lp_amounts",
      "token_b",
      "500",
      "exact",
      """
      {"liquidity": 1000000, "sqrt_price_x64": "18446744073709551616", "tick_lower": -10,
      "tick_upper": 10, "round_up": true}
      """
    ),
    VenueCaseRow(
      "LP-02db",
      "orca_whirlpool",
      "lp_amounts",
      "token_b",
      "999",
      "exact",
      """
      {"liquidity": 1000000, "sqrt_price_x64": "18539204128674405812", "tick_lower": -10,
      "tick_upper": 10, "round_up": false}
      """
    ),
    VenueCaseRow(
      "LP-02ua",
      "orca_whirlpool",
      "lp_amounts",
      "token_a",
      "0",
      "exact",
      """
      {"liquidity": 1000000, "sqrt_price_x64": "18539204128674405812", "tick_lower": -10,
      "tick_upper": 10, "round_up": true}
      """
    ),
    VenueCaseRow(
      "LP-02ub",
      "orca_whirlpool",
      "lp_amounts",
      "token_b",
      "1000",
      "exact",
      """
      {"liquidity": 1000000, "sqrt_price_x64": "18539204128674405812", "tick_lower": -10,
      "tick_upper": 10, "round_up": true}
      """
    ),
    VenueCaseRow(
      "LP-105a",
      "orca_whirlpool",
      "lp_fees",
      "fee_owed_a",
      "779",
      "exact",
      """
      {"liquidity": 10000000000000000000, "tick_current": 5, "tick_lower": 5, "tick_upper": 10,
      "fee_growth_global_x64": 800, "fee_growth_outside_lower": 50, "fee_growth_outside_upper":
      50, "fee_growth_checkpoint": 0, "fee_owed": 400}
      """
    ),
    VenueCaseRow(
      "LP-100a",
      "orca_whirlpool",
      "lp_fees",
      "fee_owed_a",
      "400",
      "exact",
      """
      {"liquidity": 10000000000000000000, "tick_current": 0, "tick_lower": 5, "tick_upper": 10,
      "fee_growth_global_x64": 800, "fee_growth_outside_lower": 50, "fee_growth_outside_upper":
      50, "fee_growth_checkpoint": 0, "fee_owed": 400}
      """
    ),
    VenueCaseRow(
      "LP-100b",
      "orca_whirlpool",
      "lp_fees",
      "fee_owed_b",
      "600",
      "exact",
      """
      {"liquidity": 10000000000000000000, "tick_current": 0, "tick_lower": 5, "tick_upper": 10,
      "fee_growth_global_x64": 1000, "fee_growth_outside_lower": 20, "fee_growth_outside_upper":
      20, "fee_growth_checkpoint": 0, "fee_owed": 600}
      """
    ),
    VenueCaseRow(
      "LP-110a",
      "orca_whirlpool",
      "lp_fees",
      "fee_owed_a",
      "400",
      "exact",
      """
      {"liquidity": 10000000000000000000, "tick_current": 10, "tick_lower": 5, "tick_upper": 10,
      "fee_growth_global_x64": 800, "fee_growth_outside_lower": 50, "fee_growth_outside_upper":
      50, "fee_growth_checkpoint": 0, "fee_owed": 400}
      """
    ),
    VenueCaseRow(
      "LP-110b",
      "orca_whirlpool",
      "lp_fees",
      "fee_owed_b",
      "600",
      "exact",
      """
      {"liquidity": 10000000000000000000, "tick_current": 10, "tick_lower": 5, "tick_upper": 10,
      "fee_growth_global_x64": 1000, "fee_growth_outside_lower": 20, "fee_growth_outside_upper":
      20, "fee_growth_checkpoint": 0, "fee_owed": 600}
      """
    ),
    VenueCaseRow(
      "LP-120a",
      "orca_whirlpool",
      "lp_fees",
      "fee_owed_a",
      "623",
      "exact",
      #"{"fee_owed_before_transfer_fee": 779, "transfer_fee_bps": 2000}"#
    ),
    VenueCaseRow(
      "LP-120b",
      "orca_whirlpool",
      "lp_fees",
      "fee_owed_b",
      "560",
      "exact",
      #"{"fee_owed_before_transfer_fee": 1120, "transfer_fee_bps": 5000}"#
    ),
  ]
}
