// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// The published cases that are formulas rather than books.
///
/// From the file `reference/venue_cases.csv` beside the checkout, which names the source of each.
enum VenueCaseRows {
  static let all: [VenueCaseRow] = [
    drift, marginfi, kamino, jupiterLend, hyperliquid, maker, eulerV2, aaveV4, oracles,
    clocks, orca, ranges, meteora, vault,
  ].flatMap { $0 }

  private static let drift: [VenueCaseRow] = [
    VenueCaseRow(
      "DRIFT-005",
      "drift",
      "liquidation_price",
      "liquidation_price_1e6",
      "60000000",
      "exact",
      """
      {"perp_oracle_price_1e6": 60000000, "base_asset_amount_1e9": -10000000000,
      "quote_asset_amount_1e6": 0, "usdc_deposit_1e6": 0, "maintenance_margin_ratio_1e4": 500,
      "imf_factor_1e6": 0, "spot_positions": [{"symbol": "SOL", "amount": "10",
      "oracle_price_1e6": 60000000, "maint_asset_weight_1e4": 9000, "maint_liab_weight_1e4":
      11000}], "spot_symbol_with_same_oracle_as_perp": "SOL", "open_orders": 0,
      "quote_oracle_price_1e6": 1000000}
      """
    ),
    VenueCaseRow(
      "DRIFT-020",
      "drift",
      "margin_requirement",
      "initial_margin_requirement_1e6",
      "270000000",
      "exact",
      """
      {"positions": [{"base": "-2", "price": "100"}, {"base": "0.05", "price": "50000"}],
      "init_ratio_1e4": 1000, "maint_ratio_1e4": 500}
      """
    ),
    VenueCaseRow(
      "DRIFT-021",
      "drift",
      "margin_requirement",
      "maintenance_margin_requirement_1e6",
      "135000000",
      "exact",
      """
      {"positions": [{"base": "-2", "price": "100"}, {"base": "0.05", "price": "50000"}],
      "init_ratio_1e4": 1000, "maint_ratio_1e4": 500}
      """
    ),
    VenueCaseRow(
      "DRIFT-032",
      "drift",
      "partial_liquidation_size",
      "base_asset_amount_1e9",
      "990099009",
      "exact",
      """
      {"margin_shortage_1e6": 10000000, "margin_ratio_with_buffer_1e4": 1000,
      "liquidator_fee_1e6": 0, "if_fee_1e6": 0, "oracle_price_1e6": 100000000,
      "quote_oracle_price_1e6": 1010000}
      """
    ),
    VenueCaseRow(
      "DRIFT-033",
      "drift",
      "partial_liquidation_size",
      "base_asset_amount_1e9",
      "1111111111",
      "exact",
      """
      {"margin_shortage_1e6": 10000000, "margin_ratio_with_buffer_1e4": 1000,
      "liquidator_fee_1e6": 10000, "if_fee_1e6": 0, "oracle_price_1e6": 100000000,
      "quote_oracle_price_1e6": 1000000}
      """
    ),
    VenueCaseRow(
      "DRIFT-034",
      "drift",
      "partial_liquidation_size",
      "base_asset_amount_1e9",
      "1250000000",
      "exact",
      """
      {"margin_shortage_1e6": 10000000, "margin_ratio_with_buffer_1e4": 1000,
      "liquidator_fee_1e6": 10000, "if_fee_1e6": 10000, "oracle_price_1e6": 100000000,
      "quote_oracle_price_1e6": 1000000}
      """
    ),
    VenueCaseRow(
      "DRIFT-040",
      "drift",
      "partial_liquidation_size",
      "liability_transfer_base_units",
      "250000000",
      "exact",
      """
      {"margin_shortage_1e6": 10000000, "asset_weight_1e4": 8000, "asset_liq_multiplier_1e6":
      1000000, "liability_weight_1e4": 12000, "liability_liq_multiplier_1e6": 1000000,
      "liability_decimals": 9, "liability_price_1e6": 100000000, "if_fee_1e6": 0}
      """
    ),
    VenueCaseRow(
      "DRIFT-041",
      "drift",
      "partial_liquidation_size",
      "liability_transfer_base_units",
      "449984250",
      "exact",
      """
      {"margin_shortage_1e6": 10000000, "asset_weight_1e4": 8000, "asset_liq_multiplier_1e6":
      1100000, "liability_weight_1e4": 12000, "liability_liq_multiplier_1e6": 900000,
      "liability_decimals": 9, "liability_price_1e6": 100000000, "if_fee_1e6": 0}
      """
    ),
    VenueCaseRow(
      "DRIFT-042",
      "drift",
      "partial_liquidation_size",
      "liability_transfer_base_units",
      "257731958",
      "exact",
      """
      {"margin_shortage_1e6": 10000000, "asset_weight_1e4": 8000, "asset_liq_multiplier_1e6":
      1000000, "liability_weight_1e4": 12000, "liability_liq_multiplier_1e6": 1000000,
      "liability_decimals": 9, "liability_price_1e6": 100000000, "if_fee_1e6": 10000}
      """
    ),
    VenueCaseRow(
      "DRIFT-043",
      "drift",
      "partial_liquidation_size",
      "liability_transfer_base_units",
      "475669504",
      "exact",
      """
      {"margin_shortage_1e6": 10000000, "asset_weight_1e4": 8000, "asset_liq_multiplier_1e6":
      1100000, "liability_weight_1e4": 12000, "liability_liq_multiplier_1e6": 900000,
      "liability_decimals": 9, "liability_price_1e6": 100000000, "if_fee_1e6": 10000}
      """
    ),
    VenueCaseRow(
      "DRIFT-050",
      "drift",
      "if_fee",
      "if_fee_1e6",
      "19000",
      "exact",
      """
      {"margin_shortage_1e6": 20000000, "base_asset_amount_1e9": 10000000000,
      "margin_ratio_1e4": 500, "liquidator_fee_1e6": 10000, "oracle_price_1e6": 100000000,
      "quote_oracle_price_1e6": 1000000, "max_if_fee_1e6": 50000}
      """
    ),
    VenueCaseRow(
      "DRIFT-051",
      "drift",
      "if_fee",
      "if_fee_1e6",
      "37050",
      "exact",
      """
      {"margin_shortage_1e6": 1000000, "base_asset_amount_1e9": 10000000000,
      "margin_ratio_1e4": 500, "liquidator_fee_1e6": 10000, "oracle_price_1e6": 100000000,
      "quote_oracle_price_1e6": 1000000, "max_if_fee_1e6": 50000}
      """
    ),
    VenueCaseRow(
      "DRIFT-053",
      "drift",
      "if_fee",
      "if_fee_1e6",
      "0",
      "exact",
      """
      {"margin_shortage_1e6": 20000000, "base_asset_amount_1e9": 10000000000,
      "margin_ratio_1e4": 500, "liquidator_fee_1e6": 100000, "oracle_price_1e6": 100000000,
      "quote_oracle_price_1e6": 1000000, "max_if_fee_1e6": 50000}
      """
    ),
    VenueCaseRow(
      "DRIFT-054",
      "drift",
      "if_fee",
      "if_fee_1e6",
      "36363",
      "exact",
      """
      {"margin_shortage_1e6": 5000000, "token_amount": 1000000000, "asset_weight_1e4": 10000,
      "asset_liq_multiplier_1e6": 1010000, "liability_weight_1e4": 11000,
      "liability_liq_multiplier_1e6": 1000000, "liability_decimals": 9, "liability_price_1e6":
      100000000, "max_if_fee_1e6": 50000}
      """
    ),
    VenueCaseRow(
      "DRIFT-056",
      "drift",
      "if_fee",
      "if_fee_1e6",
      "50000",
      "exact",
      """
      {"margin_shortage_1e6": 1000000, "token_amount": 1000000000, "asset_weight_1e4": 10000,
      "asset_liq_multiplier_1e6": 1010000, "liability_weight_1e4": 11000,
      "liability_liq_multiplier_1e6": 1000000, "liability_decimals": 9, "liability_price_1e6":
      100000000, "max_if_fee_1e6": 50000}
      """
    ),
    VenueCaseRow(
      "DRIFT-061",
      "drift",
      "liquidator_fee",
      "liquidator_fee_1e6",
      "20000",
      "exact",
      """
      {"base_fee_1e6": 20000, "max_fee_1e6": 50000, "last_active_slot": 0, "current_slot": 10}
      """
    ),
    VenueCaseRow(
      "DRIFT-064",
      "drift",
      "partial_liquidation_size",
      "max_pct_1e4",
      "10000",
      "exact",
      """
      {"margin_shortage_1e6": 49000000, "margin_freed_1e6": 0, "slots_elapsed": 1,
      "initial_pct_1e4": 1000, "liquidation_duration_slots": 150}
      """
    ),
    VenueCaseRow(
      "DRIFT-065",
      "drift",
      "partial_liquidation_size",
      "max_pct_1e4",
      "2888",
      "exact",
      """
      {"margin_shortage_1e6": 90000000, "margin_freed_1e6": 70010000, "slots_elapsed": 75,
      "initial_pct_1e4": 1000, "liquidation_duration_slots": 150}
      """
    ),
    VenueCaseRow(
      "DRIFT-074",
      "drift",
      "spot_weight",
      "scaled_initial_asset_weight_1e4",
      "4500",
      "exact",
      """
      {"deposits_tokens": 40000, "price_1e6": 25000000,
      "scale_initial_asset_weight_start_1e6": 500000000000, "initial_asset_weight_1e4": 9000}
      """
    ),
    VenueCaseRow(
      "DRIFT-075",
      "drift",
      "spot_weight",
      "scaled_initial_asset_weight_1e4",
      "3000",
      "exact",
      """
      {"deposits_tokens": 60000, "price_1e6": 25000000,
      "scale_initial_asset_weight_start_1e6": 500000000000, "initial_asset_weight_1e4": 9000}
      """
    ),
    VenueCaseRow(
      "DRIFT-080",
      "drift",
      "health",
      "health_pct_rounded",
      "45",
      "exact",
      """
      {"usdc_deposit": "100", "sol_borrow": "0.5", "maint_liab_weight": "1.1", "sol_price":
      "100"}
      """
    ),
    VenueCaseRow(
      "DRIFT-082",
      "drift",
      "health",
      "health_pct_rounded",
      "0",
      "exact",
      """
      {"usdc_deposit": "100", "sol_borrow": "0.5", "maint_liab_weight": "1.1", "sol_price":
      "181.816631818181818"}
      """
    ),
    VenueCaseRow(
      "DRIFT-084",
      "drift",
      "health",
      "health_pct_rounded",
      "0",
      "exact",
      """
      {"usdc_deposit": "100", "sol_borrow": "0.5", "maint_liab_weight": "1.1", "sol_price":
      "190"}
      """
    ),
    VenueCaseRow(
      "DRIFT-090",
      "drift",
      "partial_liquidation_result",
      "user_base_after_1e9",
      "200000000",
      "exact",
      """
      {"user_base_1e9": 2000000000, "user_quote_1e6": -200000000, "usdc_deposit_1e6": 5000000,
      "oracle_price_1e6": 100000000, "maint_ratio_1e4": 500, "liquidation_buffer_1e4": 200,
      "liquidator_fee_1e6": 10000, "max_if_fee_1e6": 10000, "open_bid":
      "1 (force-cancelled first)"}
      """
    ),
    VenueCaseRow(
      "DRIFT-095",
      "drift",
      "margin_requirement",
      "maintenance_margin_requirement_1e6",
      "140014010000",
      "exact",
      """
      {"base": "10000", "open_bids": "1", "open_orders": 1, "price": "100", "maint_ratio_1e4":
      500, "imf_factor_1e6": 1000}
      """
    ),
    VenueCaseRow(
      "DRIFT-096",
      "drift",
      "margin_requirement",
      "maintenance_margin_requirement_1e6",
      "1040104010000",
      "exact",
      """
      {"base": "10000", "open_bids": "1", "open_orders": 1, "price": "100", "maint_ratio_1e4":
      500, "imf_factor_1e6": 10000}
      """
    ),
    VenueCaseRow(
      "DRIFT-098",
      "drift",
      "bankruptcy",
      "delta",
      "916666667",
      "exact",
      """
      {"borrow_tokens": "11", "deposits_tokens": "120", "cumulative_deposit_interest":
      10000000000}
      """
    ),
  ]

  private static let marginfi: [VenueCaseRow] = [
    VenueCaseRow(
      "MFI-01a",
      "marginfi",
      "liquidation_amounts",
      "liquidator_pays_liab",
      "0.0975",
      "exact",
      """
      {"asset_amount_seized": "1", "asset_price": "1", "liab_price": "10", "liquidator_fee":
      "0.025", "insurance_fee": "0.025", "confidence": "0"}
      """
    ),
    VenueCaseRow(
      "MFI-01b",
      "marginfi",
      "liquidation_amounts",
      "liquidatee_liab_repaid",
      "0.095",
      "exact",
      """
      {"asset_amount_seized": "1", "asset_price": "1", "liab_price": "10", "liquidator_fee":
      "0.025", "insurance_fee": "0.025", "confidence": "0"}
      """
    ),
    VenueCaseRow(
      "MFI-02b",
      "marginfi",
      "liquidation_amounts",
      "liquidatee_liab_repaid",
      "9.5",
      "exact",
      """
      {"asset_amount_seized": "10", "asset_price": "10", "liab_price": "10", "liquidator_fee":
      "0.025", "insurance_fee": "0.025", "confidence": "0"}
      """
    ),
    VenueCaseRow(
      "MFI-03b",
      "marginfi",
      "liquidation_amounts",
      "liquidatee_liab_repaid",
      "19",
      "exact",
      """
      {"asset_amount_seized": "10", "asset_price": "1", "liab_price": "0.5", "liquidator_fee":
      "0.025", "insurance_fee": "0.025", "confidence": "0"}
      """
    ),
    VenueCaseRow(
      "MFI-03c",
      "marginfi",
      "liquidation_amounts",
      "insurance_fund_liab",
      "0.5",
      "exact",
      """
      {"asset_amount_seized": "10", "asset_price": "1", "liab_price": "0.5", "liquidator_fee":
      "0.025", "insurance_fee": "0.025", "confidence": "0"}
      """
    ),
    VenueCaseRow(
      "MFI-04a",
      "marginfi",
      "liquidation_amounts",
      "liquidator_pays_liab",
      "73.125",
      "exact",
      """
      {"asset_amount_seized": "1500", "asset_price": "0.5", "liab_price": "10",
      "liquidator_fee": "0.025", "insurance_fee": "0.025", "confidence": "0"}
      """
    ),
    VenueCaseRow(
      "MFI-05a",
      "marginfi",
      "liquidation_amounts",
      "liquidator_pays_liab",
      "1950",
      "exact",
      """
      {"asset_amount_seized": "2000", "asset_price": "1", "liab_price": "1", "liquidator_fee":
      "0.025", "insurance_fee": "0.025", "confidence": "0"}
      """
    ),
    VenueCaseRow(
      "MFI-05b",
      "marginfi",
      "liquidation_amounts",
      "liquidatee_liab_repaid",
      "1900",
      "exact",
      """
      {"asset_amount_seized": "2000", "asset_price": "1", "liab_price": "1", "liquidator_fee":
      "0.025", "insurance_fee": "0.025", "confidence": "0"}
      """
    ),
    VenueCaseRow(
      "MFI-12",
      "marginfi",
      "liquidation_amounts",
      "liquidatee_liab_repaid",
      "1.82111241676459068",
      "rel:1e-12",
      """
      {"asset_qty": "2", "asset_price": "10", "asset_conf_fraction_of_price": "0.01",
      "asset_weight_maint": "0.1", "liab_qty": "5.05", "liab_price": "1",
      "liab_conf_fraction_of_price": "0.01", "liab_weight_maint": "1", "conf_multiplier":
      "2.12", "asset_amount_seized": "0.2"}
      """
    ),
    VenueCaseRow(
      "MFI-21",
      "marginfi",
      "emode_weight",
      "effective_asset_weight",
      "0.85",
      "exact",
      """
      {"bank_weight": "0.8", "borrowed_bank_configs": [{"SOL": "0.9"}, {"SOL": "0.85"}],
      "asset_tag": "SOL"}
      """
    ),
    VenueCaseRow(
      "ORA-13",
      "marginfi",
      "oracle_bias",
      "low_biased_price",
      "97.88",
      "exact",
      """
      {"price": "100", "conf": "1", "multiplier": "2.12", "max_bias_fraction": "0.05"}
      """
    ),
    VenueCaseRow(
      "ORA-14",
      "marginfi",
      "oracle_bias",
      "low_biased_price",
      "95",
      "exact",
      """
      {"price": "100", "conf": "4", "multiplier": "2.12", "max_bias_fraction": "0.05"}
      """
    ),
  ]

  private static let kamino: [VenueCaseRow] = [
    VenueCaseRow(
      "KAM-01",
      "kamino",
      "liquidation_bonus",
      "liquidation_bonus",
      "0.02",
      "exact",
      """
      {"user_ltv": "0.8", "user_ltv_without_borrow_factor": "0.8", "unhealthy_ltv": "0.8",
      "collateral_min_max_baddebt_bonus_bps": [200, 1000, 99],
      "debt_min_max_baddebt_bonus_bps": [200, 1000, 99], "elevation_group_max_bonus_bps":
      65535}
      """
    ),
    VenueCaseRow(
      "KAM-07",
      "kamino",
      "liquidation_bonus",
      "liquidation_bonus",
      "0.01",
      "exact",
      """
      {"user_ltv": "0.99", "user_ltv_without_borrow_factor": "0.99", "unhealthy_ltv": "0.8",
      "collateral_min_max_baddebt_bonus_bps": [200, 1000, 99],
      "debt_min_max_baddebt_bonus_bps": [200, 1000, 99], "elevation_group_max_bonus_bps":
      65535}
      """
    ),
    VenueCaseRow(
      "KAM-10",
      "kamino",
      "liquidation_bonus",
      "liquidation_bonus",
      "0.1",
      "exact",
      """
      {"user_ltv": "0.9", "user_ltv_without_borrow_factor": "0.72", "unhealthy_ltv": "0.8",
      "collateral_min_max_baddebt_bonus_bps": [200, 1000, 99],
      "debt_min_max_baddebt_bonus_bps": [200, 1000, 99], "elevation_group_max_bonus_bps":
      65535}
      """
    ),
    VenueCaseRow(
      "KAM-12",
      "kamino",
      "liquidation_bonus",
      "liquidation_bonus",
      "0.05",
      "exact",
      """
      {"user_ltv": "0.76", "user_ltv_without_borrow_factor": "0.76", "unhealthy_ltv": "0.75",
      "collateral_min_max_baddebt_bonus_bps": [500, 1000, 99],
      "debt_min_max_baddebt_bonus_bps": [100, 1000, 99], "elevation_group_max_bonus_bps":
      65535}
      """
    ),
    VenueCaseRow(
      "KAM-20",
      "kamino",
      "health",
      "is_liquidatable",
      "true",
      "exact",
      """
      {"user_ltv": "0.8", "unhealthy_ltv": "0.8"}
      """
    ),
    VenueCaseRow(
      "KAM-40",
      "kamino",
      "partial_liquidation_size",
      "max_liquidatable_debt_value",
      "20000",
      "exact",
      """
      {"total_debt_value": "100000", "this_borrow_value": "100000", "user_ltv": "0.82",
      "close_factor": "0.2", "insolvency_ltv": "0.95", "max_liquidatable_at_once": "500000"}
      """
    ),
    VenueCaseRow(
      "KAM-41",
      "kamino",
      "partial_liquidation_size",
      "max_liquidatable_debt_value",
      "500000",
      "exact",
      """
      {"total_debt_value": "10000000", "this_borrow_value": "10000000", "user_ltv": "0.82",
      "close_factor": "0.2", "insolvency_ltv": "0.95", "max_liquidatable_at_once": "500000"}
      """
    ),
    VenueCaseRow(
      "KAM-44",
      "kamino",
      "partial_liquidation_size",
      "max_liquidatable_debt_value",
      "10000",
      "exact",
      """
      {"total_debt_value": "100000", "this_borrow_value": "100000", "user_ltv": "0.82",
      "close_factor": "0.1", "insolvency_ltv": "0.95", "max_liquidatable_at_once": "500000"}
      """
    ),
    VenueCaseRow(
      "KAM-45",
      "kamino",
      "protocol_fee",
      "protocol_fee_amount",
      "4000",
      "exact",
      """
      {"withdraw_amount": 1020000, "bonus": "0.02", "protocol_liquidation_fee_pct": "0.2"}
      """
    ),
    VenueCaseRow(
      "KAM-51",
      "kamino",
      "oracle_validity",
      "twap_check_ok",
      "true",
      "exact",
      """
      {"price": "100", "twap": "104.99", "max_twap_divergence_bps": 500}
      """
    ),
    VenueCaseRow(
      "KAM-52",
      "kamino",
      "oracle_validity",
      "pyth_price_valid",
      "true",
      "exact",
      """
      {"price": 10000, "conf": 200, "confidence_factor": 50}
      """
    ),
    VenueCaseRow(
      "KAM-53",
      "kamino",
      "oracle_validity",
      "switchboard_price_valid",
      "false",
      "exact",
      """
      {"price": 10000, "stdev": 200, "confidence_factor": 50}
      """
    ),
  ]

  private static let jupiterLend: [VenueCaseRow] = [
    VenueCaseRow(
      "FLUID-02b",
      "jupiter_lend",
      "position_tick",
      "position_tick",
      "0",
      "exact",
      """
      {"collateral": "10000", "debt": "9999.000099990001"}
      """
    ),
    VenueCaseRow(
      "FLUID-02c",
      "jupiter_lend",
      "position_tick",
      "position_tick",
      "-1",
      "exact",
      """
      {"collateral": "10000", "debt": "9980.03992015968064"}
      """
    ),
    VenueCaseRow(
      "FLUID-03",
      "jupiter_lend",
      "tick_math",
      "ratio_x48",
      "281474976710656",
      "exact",
      """
      {"tick": 0}
      """
    ),
    VenueCaseRow(
      "FLUID-04",
      "jupiter_lend",
      "tick_math",
      "tick_at_ratio(ratio_at_tick)",
      "-462",
      "exact",
      """
      {"tick": -462}
      """
    ),
    VenueCaseRow(
      "FLUID-07",
      "jupiter_lend",
      "tick_math",
      "ratio_x48",
      "326990514660603",
      "exact",
      """
      {"tick": 100}
      """
    ),
    VenueCaseRow(
      "FLUID-09",
      "jupiter_lend",
      "tick_math",
      "ratio_x96",
      "37075071",
      "abs:2",
      """
      {"tick": -32767, "shift": 96}
      """
    ),
    VenueCaseRow(
      "FLUID-26",
      "jupiter_lend",
      "absorb",
      "is_absorbed",
      "true",
      "exact",
      """
      {"collateral": "10000", "debt": "7990", "liquidation_max_limit": "0.9",
      "oracle_debt_per_col": "0.88"}
      """
    ),
    VenueCaseRow(
      "FLUID-27",
      "jupiter_lend",
      "liquidation_amounts",
      "col_per_debt",
      "0.827868852459016393",
      "rel:1e-12",
      """
      {"oracle_debt_per_col": "1.22", "liquidation_penalty_1e4": 100}
      """
    ),
  ]

  private static let hyperliquid: [VenueCaseRow] = [
    VenueCaseRow(
      "HL-41",
      "hyperliquid",
      "funding",
      "hourly_payment_usd",
      "118.75",
      "exact",
      """
      {"signed_size": "10", "oracle_price": "10000", "funding_rate_8h": "0.0095"}
      """
    ),
    VenueCaseRow(
      "HL-43",
      "hyperliquid",
      "portfolio_margin",
      "borrowable_usdc",
      "200000",
      "exact",
      """
      {"token_balance": "10000", "borrow_oracle_price": "40", "ltv": "0.5"}
      """
    ),
    VenueCaseRow(
      "HL-45",
      "hyperliquid",
      "adl_rank",
      "adl_index",
      "2.75",
      "exact",
      """
      {"mark_price": "110", "entry_price": "100", "notional": "50000", "account_value":
      "20000"}
      """
    ),
    VenueCaseRow(
      "HL-48",
      "hyperliquid",
      "partial_liquidation_size",
      "first_liquidation_order_notional",
      "150000",
      "exact",
      """
      {"position_notional": "150000", "in_cooldown": true}
      """
    ),
  ]

  private static let maker: [VenueCaseRow] = [
    VenueCaseRow(
      "AUC-15-owe",
      "maker",
      "auction_take",
      "owe",
      "110",
      "exact",
      """
      {"tab": "110", "lot": "40", "amt": "25", "price": "5", "chost": "22"}
      """
    ),
    VenueCaseRow(
      "AUC-16-owe",
      "maker",
      "auction_take",
      "owe",
      "55",
      "exact",
      """
      {"tab": "110", "lot": "40", "amt": "11", "price": "5", "chost": "22"}
      """
    ),
    VenueCaseRow(
      "AUC-16-slice",
      "maker",
      "auction_take",
      "slice",
      "11",
      "exact",
      """
      {"tab": "110", "lot": "40", "amt": "11", "price": "5", "chost": "22"}
      """
    ),
    VenueCaseRow(
      "AUC-17-tab_left",
      "maker",
      "auction_take",
      "tab_left",
      "22",
      "exact",
      """
      {"tab": "110", "lot": "40", "amt": "18", "price": "5", "chost": "22"}
      """
    ),
    VenueCaseRow(
      "AUC-17-lot_left",
      "maker",
      "auction_take",
      "lot_left",
      "22.4",
      "exact",
      """
      {"tab": "110", "lot": "40", "amt": "18", "price": "5", "chost": "22"}
      """
    ),
    VenueCaseRow(
      "AUC-22",
      "maker",
      "auction_reset",
      "needs_redo",
      "false",
      "exact",
      """
      {"elapsed": 1800, "tail": 3600, "tau": 3600, "cusp": "0.5", "top": "5"}
      """
    ),
    VenueCaseRow(
      "AUC-24",
      "maker",
      "keeper_incentive",
      "incentive",
      "300",
      "exact",
      """
      {"tip": "250", "chip": "0.001", "tab": "50000"}
      """
    ),
  ]

  private static let eulerV2: [VenueCaseRow] = [
    VenueCaseRow(
      "AUC-32",
      "euler_v2",
      "health",
      "health_score",
      "1.09",
      "abs:0.01",
      """
      {"collateral_qty": "100", "collateral_price": "0.4", "ltv": "0.3", "debt_qty": "5",
      "debt_price": "2.2"}
      """
    ),
    VenueCaseRow(
      "AUC-33",
      "euler_v2",
      "health",
      "health_score",
      "0.96",
      "abs:0.001",
      """
      {"collateral_qty": "100", "collateral_price": "0.4", "ltv": "0.3", "debt_qty": "5",
      "debt_price": "2.5"}
      """
    ),
    VenueCaseRow(
      "AUC-34",
      "euler_v2",
      "liquidation_amounts",
      "max_yield_value",
      "13.0208333333333333",
      "rel:1e-12",
      """
      {"collateral_value": "40", "adjusted_collateral_value": "12", "liability_value": "12.5",
      "max_liquidation_discount": "0.2"}
      """
    ),
    VenueCaseRow(
      "AUC-35",
      "euler_v2",
      "health",
      "health_score",
      "0.976",
      "abs:0.01",
      """
      {"adjusted_collateral_value": "12.3", "liability_value": "12.6"}
      """
    ),
    VenueCaseRow(
      "AUC-37",
      "euler_v2",
      "liquidation_amounts",
      "max_repay_value",
      "48",
      "exact",
      """
      {"collateral_value": "60", "adjusted_collateral_value": "25", "liability_value": "50",
      "max_liquidation_discount": "0.2"}
      """
    ),
  ]

  private static let aaveV4: [VenueCaseRow] = [
    VenueCaseRow(
      "AUC-41",
      "aave_v4",
      "liquidation_bonus",
      "liquidation_bonus",
      "1.05",
      "exact",
      """
      {"max_lb": "1.05", "factor": "0.8", "hf_for_max_bonus": "0.85", "hf": "0.8"}
      """
    ),
    VenueCaseRow(
      "AUC-42",
      "aave_v4",
      "partial_liquidation_size",
      "debt_to_target",
      "476.19047619047619",
      "rel:1e-12",
      """
      {"total_debt_value": "1000", "target_hf": "1.05", "hf": "0.95", "liquidation_bonus":
      "1.05", "collateral_factor": "0.8"}
      """
    ),
  ]
}
