// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

extension DefaultVenues {
  /// Kamino Lend: liquidation thresholds and borrow factors of the main market.
  static let kamino = #"""
    # Kamino Lend: borrows times borrow factor against deposits times liquidation threshold. An
    # account falls at equality.
    # Sources:
    #   program  Kamino-Finance/klend edd5ff50 (v1.16.0, 2026-03-23):
    #            state/liquidation_operations.rs; verified
    #   fixture  mainnet USDC reserve, test-utils/src/fixtures/kamino_usdc_reserve.json of
    #            mrgnlabs/marginfi-v2 3031ba3b; verified as to the day of the dump
    #   sdk      Kamino-Finance/klend-sdk cf465356: configs/reserve_config_example.json and
    #            getDefaultConfigParams; verified as templates, unverified as live values
    #   classes  Kamino documentation, curators > risk parameters: ranges per class of asset; the
    #            ranges are verified, the number taken from one is unverified: choice
    # A full table per asset is published nowhere outside the chain. Elevation groups: give
    # [venues.kamino.elevation_groups.NAME] with liquidation_threshold, assets, debt, max_bonus_bps.
    # Bonuses where no line says otherwise: penalty below.
    [venues.kamino]
    kind = "lending_ltv"
    liquidates_at_equality = true         # user_ltv >= unhealthy_ltv; program, 2026-03; verified
    close_factor = 0.20                   # program's default; documentation says 0.10 and 0.20
    insolvency_ltv = 0.95                 # everything above; program's default; verified
    max_liquidatable_at_once_usd = 500_000  # program's default; verified
    full_liquidation_below_usd = 2        # program's default; verified
    liquidation = "auction"
    penalty = 0.02                        # least bonus of sdk defaults; unverified live

    # Fixture; verified.
    [venues.kamino.assets.USDC]
    liquidation_threshold = 0.90
    borrow_factor = 1.00
    min_bonus_bps = 100
    max_bonus_bps = 1000
    bad_debt_bonus_bps = 99
    # sdk example; unverified live.
    [venues.kamino.assets.SOL]
    liquidation_threshold = 0.75
    borrow_factor = 1.25
    min_bonus_bps = 500
    max_bonus_bps = 1000
    bad_debt_bonus_bps = 99

    [venues.kamino.assets]
    # Threshold: documentation, Multiply > risks; verified. Borrow factor unverified: choice.
    JLP = { liquidation_threshold = 0.80, borrow_factor = 1.00 }
    # Thresholds by third parties; unverified. Borrow factor: default of the sdk; unverified.
    BSOL = { liquidation_threshold = 0.55, borrow_factor = 1.00 }
    USDY = { liquidation_threshold = 0.75, borrow_factor = 1.00 }
    # Liquid staking tokens: defaults of the sdk; unverified: choice.
    JITOSOL = { liquidation_threshold = 0.75, borrow_factor = 1.00 }
    MSOL = { liquidation_threshold = 0.75, borrow_factor = 1.00 }
    JUPSOL = { liquidation_threshold = 0.75, borrow_factor = 1.00 }
    # Class stables, 0.92 to 0.97 and 1.00; unverified: choice, the lower end.
    USDT = { liquidation_threshold = 0.92, borrow_factor = 1.00 }
    PYUSD = { liquidation_threshold = 0.92, borrow_factor = 1.00 }
    USDS = { liquidation_threshold = 0.92, borrow_factor = 1.00 }
    # Class SOL/BTC/ETH, 0.75 to 0.85 and 1.00 to 1.25; unverified: choice, the careful ends.
    ETH = { liquidation_threshold = 0.75, borrow_factor = 1.25 }
    CBBTC = { liquidation_threshold = 0.75, borrow_factor = 1.25 }
    WBTC = { liquidation_threshold = 0.75, borrow_factor = 1.25 }
    # Class long tail, 0.50 to 0.70 and 2.00 or more; unverified: choice, the lower ends.
    JUP = { liquidation_threshold = 0.50, borrow_factor = 2.00 }
    JTO = { liquidation_threshold = 0.50, borrow_factor = 2.00 }
    BONK = { liquidation_threshold = 0.50, borrow_factor = 2.00 }
    """#
}
