// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

extension DefaultVenues {
  /// Drift v2: the perp markets of the last static table and the spot weights.
  static let drift = #"""
    # Drift v2: the maintenance ratio grows with the size of a position by the IMF factor; spot
    # deposits and borrows have maintenance weights. An account falls strictly below.
    # Sources:
    #   perps   drift-labs/drift-protocol-v2-docs 5b4a0fe (2024-11-20), the last static table,
    #           ratios from its leverages; verified, stale by design: the live values are on chain
    #   spot    Drift documentation, page "Cross-collateral deposits", as stored 2024-25; verified.
    #           The weights were the same in drift-labs/drift-docs-v2 8d42d4b (2024-03-28), the IMF
    #           factors were not: they drift.
    #   rule    drift-labs/protocol-v2 0ae3e3b1 (2026-04-01), math/margin.rs; verified
    # liquidator_fee, insurance_fee, spot_liquidator_fee (0.01 each) and spot_insurance_fee (0) of
    # an asset are choices: the live values are on chain.
    # The markets MATIC and RNDR are named POL and RENDER since; the symbols here are the table's.
    [venues.drift]
    kind = "perp_sized"
    liquidates_at_equality = false        # meets_margin_requirement is >=; rule, 2026-04; verified
    close_factor = 1.0                    # no factor: a liquidation restores margin and buffer
    liquidation_margin_buffer = 0.02      # default of the program; verified
    initial_liquidation_share = 1.0       # initialised so; live setting unverified
    full_liquidation_below_usd = 50       # program; verified
    liquidation = "market"

    # Perps and spot of one symbol: ratio and imf_factor from perps, the rest from spot; verified.
    [venues.drift.assets.SOL]
    maintenance_ratio = 0.05
    imf_factor = 0.0002
    asset_weight = 0.90
    liability_weight = 1.10
    spot_imf_factor = 0.00125
    [venues.drift.assets.PYTH]
    maintenance_ratio = 0.052
    imf_factor = 0.0001
    asset_weight = 0.75
    liability_weight = 1.25
    spot_imf_factor = 0.001
    [venues.drift.assets.JTO]
    maintenance_ratio = 0.05
    imf_factor = 0.0001
    asset_weight = 0.75
    liability_weight = 1.25
    spot_imf_factor = 0.001
    [venues.drift.assets.WIF]
    maintenance_ratio = 0.125
    imf_factor = 0.0001
    asset_weight = 0.50
    liability_weight = 1.50
    spot_imf_factor = 0.004
    [venues.drift.assets.JUP]
    maintenance_ratio = 0.052
    imf_factor = 0.0001
    asset_weight = 0.75
    liability_weight = 1.25
    spot_imf_factor = 0.001

    [venues.drift.assets]
    # Perps: drift-protocol-v2-docs 5b4a0fe, 2024-11-20; verified.
    BTC = { maintenance_ratio = 0.0333, imf_factor = 0.008 }
    ETH = { maintenance_ratio = 0.0333, imf_factor = 0.002 }
    APT = { maintenance_ratio = 0.0667, imf_factor = 0.0009 }
    1MBONK = { maintenance_ratio = 0.142, imf_factor = 0.0006 }
    MATIC = { maintenance_ratio = 0.0833, imf_factor = 0.0005 }
    ARB = { maintenance_ratio = 0.0714, imf_factor = 0.0005 }
    DOGE = { maintenance_ratio = 0.091, imf_factor = 0.0002 }
    BNB = { maintenance_ratio = 0.0555, imf_factor = 0.0035 }
    SUI = { maintenance_ratio = 0.077, imf_factor = 0.0005 }
    1MPEPE = { maintenance_ratio = 0.125, imf_factor = 0.0008 }
    OP = { maintenance_ratio = 0.059, imf_factor = 0.0005 }
    RNDR = { maintenance_ratio = 0.0555, imf_factor = 0.0006 }
    XRP = { maintenance_ratio = 0.125, imf_factor = 0.0006 }
    HNT = { maintenance_ratio = 0.0714, imf_factor = 0.0006 }
    INJ = { maintenance_ratio = 0.0667, imf_factor = 0.0006 }
    LINK = { maintenance_ratio = 0.0667, imf_factor = 0.0006 }
    TIA = { maintenance_ratio = 0.05, imf_factor = 0.0001 }
    SEI = { maintenance_ratio = 0.05, imf_factor = 0.0001 }
    AVAX = { maintenance_ratio = 0.05, imf_factor = 0.0001 }
    DYM = { maintenance_ratio = 0.10, imf_factor = 0.0005 }
    TAO = { maintenance_ratio = 0.10, imf_factor = 0.0001 }
    # Spot, maintenance weights: page "Cross-collateral deposits", 2024-25; verified.
    USDC = { asset_weight = 1.00, liability_weight = 1.00 }
    MSOL = { asset_weight = 0.90, liability_weight = 1.10, spot_imf_factor = 0.003 }
    WBTC = { asset_weight = 0.90, liability_weight = 1.10, spot_imf_factor = 0.105 }
    WETH = { asset_weight = 0.90, liability_weight = 1.10, spot_imf_factor = 0.025 }
    USDT = { asset_weight = 0.95, liability_weight = 1.05, spot_imf_factor = 0.0004 }
    JITOSOL = { asset_weight = 0.90, liability_weight = 1.10, spot_imf_factor = 0.00055 }
    BSOL = { asset_weight = 0.90, liability_weight = 1.10, spot_imf_factor = 0.003 }
    INF = { asset_weight = 0.90, liability_weight = 1.10, spot_imf_factor = 0.0005 }
    DSOL = { asset_weight = 0.90, liability_weight = 1.10, spot_imf_factor = 0.0005 }
    BNSOL = { asset_weight = 0.90, liability_weight = 1.10, spot_imf_factor = 0.0005 }
    JLP = { asset_weight = 0.90, liability_weight = 1.10, spot_imf_factor = 0.0005 }
    RENDER = { asset_weight = 0.75, liability_weight = 1.25, spot_imf_factor = 0.001 }
    W = { asset_weight = 0.75, liability_weight = 1.25, spot_imf_factor = 0.001 }
    TNSR = { asset_weight = 0.50, liability_weight = 1.50, spot_imf_factor = 0.01 }
    DRIFT = { asset_weight = 0.50, liability_weight = 1.50, spot_imf_factor = 0.0005 }
    POPCAT = { asset_weight = 0.50, liability_weight = 1.50, spot_imf_factor = 0.0005 }
    CLOUD = { asset_weight = 0.50, liability_weight = 1.50, spot_imf_factor = 0.00001 }
    USDY = { asset_weight = 0.95, liability_weight = 1.05, spot_imf_factor = 0.0005 }
    PYUSD = { asset_weight = 0.95, liability_weight = 1.05, spot_imf_factor = 0.0005 }
    USDE = { asset_weight = 0.75, liability_weight = 1.25, spot_imf_factor = 0.0001 }
    SUSDE = { asset_weight = 0.75, liability_weight = 1.25, spot_imf_factor = 0.0001 }
    """#
}
