// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Published cases of ranges, bins and the vault.
extension VenueCaseRows {
  static let ranges: [VenueCaseRow] = [
    VenueCaseRow(
      "LP-200-token_quote",
      "clmm_generic",
      "lp_value",
      "token_quote",
      "0",
      "rel:1e-12",
      #"{"liquidity": "10000", "price": "95", "price_lower": "95", "price_upper": "110"}"#
    ),
    VenueCaseRow(
      "LP-201-token_base",
      "clmm_generic",
      "lp_value",
      "token_base",
      "46.5374107544076846",
      "rel:1e-12",
      #"{"liquidity": "10000", "price": "100", "price_lower": "95", "price_upper": "110"}"#
    ),
    VenueCaseRow(
      "LP-201-token_quote",
      "clmm_generic",
      "lp_value",
      "token_quote",
      "2532.05655191036093",
      "rel:1e-12",
      #"{"liquidity": "10000", "price": "100", "price_lower": "95", "price_upper": "110"}"#
    ),
    VenueCaseRow(
      "LP-202-token_base",
      "clmm_generic",
      "lp_value",
      "token_base",
      "22.4374837029408639",
      "rel:1e-12",
      #"{"liquidity": "10000", "price": "105", "price_lower": "95", "price_upper": "110"}"#
    ),
    VenueCaseRow(
      "LP-202-token_quote",
      "clmm_generic",
      "lp_value",
      "token_quote",
      "5001.56421150634476",
      "rel:1e-12",
      #"{"liquidity": "10000", "price": "105", "price_lower": "95", "price_upper": "110"}"#
    ),
    VenueCaseRow(
      "LP-202-value_in_quote",
      "clmm_generic",
      "lp_value",
      "value_in_quote",
      "7357.50000031513547",
      "rel:1e-12",
      #"{"liquidity": "10000", "price": "105", "price_lower": "95", "price_upper": "110"}"#
    ),
    VenueCaseRow(
      "LP-203-token_quote",
      "clmm_generic",
      "lp_value",
      "token_quote",
      "0",
      "rel:1e-12",
      #"{"liquidity": "10000", "price": "90", "price_lower": "95", "price_upper": "110"}"#
    ),
    VenueCaseRow(
      "LP-203-value_in_quote",
      "clmm_generic",
      "lp_value",
      "value_in_quote",
      "6526.4186555605602",
      "rel:1e-12",
      #"{"liquidity": "10000", "price": "90", "price_lower": "95", "price_upper": "110"}"#
    ),
    VenueCaseRow(
      "LP-204-token_base",
      "clmm_generic",
      "lp_value",
      "token_base",
      "0",
      "rel:1e-12",
      #"{"liquidity": "10000", "price": "112", "price_lower": "95", "price_upper": "110"}"#
    ),
  ]

  static let meteora: [VenueCaseRow] = [
    VenueCaseRow(
      "LP-303",
      "meteora_dlmm",
      "bin_price",
      "price_x64",
      "42676394473599107236",
      "exact",
      #"{"bin_id": 8388, "bin_step_bps": 1}"#
    ),
    VenueCaseRow(
      "LP-304",
      "meteora_dlmm",
      "bin_price",
      "price_x64",
      "10298544403127088",
      "exact",
      #"{"bin_id": -3000, "bin_step_bps": 25}"#
    ),
    VenueCaseRow(
      "LP-310",
      "meteora_dlmm",
      "lp_fee_rate",
      "base_fee_rate_1e9",
      "1000000",
      "exact",
      #"{"base_factor": 10000, "bin_step_bps": 10, "base_fee_power_factor": 0}"#
    ),
    VenueCaseRow(
      "LP-311",
      "meteora_dlmm",
      "lp_fee_rate",
      "variable_fee_rate_1e9",
      "900000",
      "exact",
      #"{"variable_fee_control": 40000, "volatility_accumulator": 150000, "bin_step_bps": 10}"#
    ),
    VenueCaseRow(
      "LP-314",
      "meteora_dlmm",
      "lp_fee",
      "fee_amount",
      "1236",
      "exact",
      #"{"amount": 1234567, "total_fee_rate_1e9": 1000000}"#
    ),
    VenueCaseRow(
      "LP-315",
      "meteora_dlmm",
      "lp_fees",
      "claimable_fee",
      "5000011",
      "exact",
      """
      {"liquidity_share_x64": "92233720368547758080000000", "fee_per_token_stored":
      "32281802128991715328", "fee_per_token_complete": "13835058055282163712", "fee_pending": 11}
      """
    ),
    VenueCaseRow(
      "LP-316",
      "meteora_dlmm",
      "lp_amounts",
      "amount_x",
      "333",
      "exact",
      #"{"liquidity_share": "333", "bin_amount_x": 1000, "liquidity_supply": "1000"}"#
    ),
  ]

  static let vault: [VenueCaseRow] = [
    VenueCaseRow(
      "ORA-04b",
      "pyth",
      "oracle_aggregation",
      "aggregate_conf",
      "50",
      "exact",
      #"{"publishers": [{"price": 500, "conf": 50}]}"#
    ),
    VenueCaseRow(
      "LP-400",
      "esec_vault",
      "vault_pnl",
      "net_pnl_usd",
      "192",
      "exact",
      """
      {"deployed_usd": "10000", "deploy_price": "150", "exit_price": "153", "fees_usd": "40",
      "performance_fee": "0.2"}
      """
    ),
  ]
}
