// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

extension DefaultVenues {
  /// Marginfi v2: maintenance weights of the main group.
  static let marginfi = #"""
    # marginfi v2 (0dotxyz): weighted deposits at price - c against weighted borrows at price + c,
    # c = confidence x 2.12, at most 5 % of the price. An account falls at equality.
    # Sources:
    #   program 0dotxyz/marginfi-v2 1f1f7a69 (2026-07-23): state/price.rs, constants.rs,
    #           instructions/marginfi_account/liquidate.rs; verified
    #   config  0dotxyz/mrgn-ts-scripts 1b7989f (2026-04-30), configure_bank_emode.ts: deployment
    #           configuration of asset weights, no liability weights; verified
    #   fixture banks of mainnet in the test files of mrgnlabs/marginfi-v2 3031ba3b, dumped up to
    #           2024-03; verified as to that date
    # Liability weights that no source gives are marked "unverified: choice": as in the example of
    # the design for SOL, else as far above 1 as the asset weight lies below it.
    # Emode pairs: config, verified; the tags SOL, JLP and BTC are plain, but which liquid staking
    # token is in LST_T1 or LST_T2 no source says: give them an emode_tag to have their pairs.
    # The banks of the kamino and juplend groups are left out.
    [venues.marginfi]
    kind = "lending_weighted"
    liquidates_at_equality = true         # health > 0 is healthy; program, 2026-07; verified
    close_factor = 1.0                    # no factor: a liquidator is stopped at health 0; program
    liquidator_fee = 0.025                # program, 2026-07; verified
    insurance_fee = 0.025                 # program, 2026-07; verified
    liquidation = "auction"
    penalty = 0.05                        # 2.5 % liquidator + 2.5 % insurance; program; verified
    confidence_multiplier = 2.12          # Pyth; program, 2026-07; verified
    confidence_cap = 0.05                 # share of the price; program, 2026-07; verified

    [venues.marginfi.assets]
    # Both weights from fixtures; verified as to 2024-03.
    JITOSOL = { asset_weight = 0.80, liability_weight = 1.20 }  # bank_sample_1, 2024-03; verified
    # USDT: bank_sample_3, 2024-03; verified.
    USDT = { asset_weight = 1.00, liability_weight = 1.10, emode = { JLP = 0.99, BTC = 0.92 } }
    BONK = { asset_weight = 0.65, liability_weight = 1.20 }     # fixture; verified
    CLOUD = { asset_weight = 0.00, liability_weight = 1.50 }    # fixture; verified
    META = { asset_weight = 0.00, liability_weight = 1.50 }     # bank_sample_2, 2024-03; verified
    # PYUSD: the later fixture (0.95 in that of 2023), of another group; unverified for this one.
    PYUSD = { asset_weight = 0.50, liability_weight = 1.10, emode = { JLP = 0.99, BTC = 0.92 } }
    # Asset weight from config, 2026-04, verified; liability weight unverified: choice.
    USDC = { asset_weight = 1.00, liability_weight = 1.00, emode = { JLP = 0.99, BTC = 0.92 } }
    USDS = { asset_weight = 1.00, liability_weight = 1.00, emode = { JLP = 0.99, BTC = 0.92 } }
    CBBTC = { asset_weight = 0.87, liability_weight = 1.13, emode_tag = "BTC" }
    XBTC = { asset_weight = 0.87, liability_weight = 1.13, emode_tag = "BTC" }
    JLP = { asset_weight = 0.65, liability_weight = 1.35, emode_tag = "JLP" }
    # Liquid staking tokens: the default asset weight of config, 2026-04, verified as the default;
    # liability weight unverified: choice, that of JITOSOL.
    MSOL = { asset_weight = 0.80, liability_weight = 1.20 }
    BSOL = { asset_weight = 0.80, liability_weight = 1.20 }
    JUPSOL = { asset_weight = 0.80, liability_weight = 1.20 }
    INF = { asset_weight = 0.80, liability_weight = 1.20 }

    # Asset weight and emode from config, 2026-04, verified; liability weight unverified: choice.
    [venues.marginfi.assets.SOL]
    asset_weight = 0.90
    liability_weight = 1.10
    emode_tag = "SOL"
    # Maintenance weights of collateral against borrowed SOL, by the tag of the collateral.
    emode = { SOL = 0.99, LST_T1 = 1.051, LST_T2 = 0.999, JLP = 0.92, LST_PT = 0.95 }
    """#
}
