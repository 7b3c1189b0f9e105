// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

extension DefaultVenues {
  /// Jupiter Lend: the vaults by their collateral.
  static let jupiterLend = #"""
    # Jupiter Lend (Fluid): one collateral and one debt per vault; the ratio goes up to a tick.
    # A position falls when the tick of threshold x price is below its own: strictly.
    # Sources:
    #   program Instadapp/fluid-solana-programs 626b177f (2026-02-11): operate.rs, tick.rs,
    #           liquidate.rs; verified
    #   api     jup-ag/docs 1dda348d (2026-08-21), openapi-spec/lend/borrow.yaml: vault 1; the
    #           threshold is verified, limit and penalty come from a capture and are unverified
    #   deploy  ts-sdk/vault/config/vault.ts in the repository of the program's contest, dated
    #           2026-02, 5e7bcff8: one set of numbers for the vaults 4 to 16, "for testing
    #           purpose", 200 commented as 1 % but 2 % by the program's scale; unverified live
    # The rows are by collateral; where the vaults of one collateral differ by debt, vault 1 stands
    # (deploy has 0.92, 0.95 and 0.01 for it, and 0.85, 0.87 and 0.01 for SOL against EURC).
    [venues.jupiter_lend]
    kind = "lending_ticked"
    tick_base = 1.0015                    # program, 2026-02; verified
    liquidates_at_equality = false        # liq_tick < tick; program, 2026-02; verified
    close_factor = 1.0                    # no factor: the vault is brought to the threshold
    liquidation = "auction"
    penalty = 0.01                        # that of vault 1, api, 2026-08; unverified

    # Vault 1, api, 2026-08: threshold verified; limit and penalty unverified.
    [venues.jupiter_lend.assets.SOL]
    liquidation_threshold = 0.85
    liquidation_max_limit = 0.90
    penalty = 0.01

    [venues.jupiter_lend.assets]
    # Collateral of the vaults 4 to 16: deploy, 2026-02; unverified live (placeholders).
    JUPSOL = { liquidation_threshold = 0.95, liquidation_max_limit = 0.97, penalty = 0.02 }
    JITOSOL = { liquidation_threshold = 0.95, liquidation_max_limit = 0.97, penalty = 0.02 }
    SYRUPUSDC = { liquidation_threshold = 0.95, liquidation_max_limit = 0.97, penalty = 0.02 }
    JLP = { liquidation_threshold = 0.95, liquidation_max_limit = 0.97, penalty = 0.02 }
    XBTC = { liquidation_threshold = 0.95, liquidation_max_limit = 0.97, penalty = 0.02 }
    CBBTC = { liquidation_threshold = 0.95, liquidation_max_limit = 0.97, penalty = 0.02 }
    # Borrowed only: a debt needs no number. The pairs of deploy, 2026-02; verified.
    USDC = {}
    USDT = {}
    EURC = {}
    USDG = {}
    """#
}
