// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Cycles
package import Numerics
internal import TextKit

/// What one scenario in one cell came to: the numbers that summaries are made of.
package struct ScenarioOutcome: Sendable, Equatable {
  package var vault: VaultTotals
  package var protection: ProtectionTotals
  package var auctions: AuctionTotals
  package var liquidations: LiquidationTotals
  package var vaultReturn: Double
  package var idleShare: Double
  package var gains = ProtectionGains()
  package var ledgerImbalance: UInt128
  package var cascade: CascadeTotals

  /// Joins a world with the same world without protection (SEMANTICS B13, B21).
  ///
  /// * `unprotected`: nil when nothing is protected; then nothing was prevented or saved.
  /// * `capital`: of the vault at the start, micro-USD.
  package init(_ world: WorldResult, unprotected: WorldResult?, capital: Micro) {
    self.init(
      vault: world.vault,
      protection: world.protection,
      auctions: world.auctions,
      liquidations: world.liquidations,
      gains: ProtectionGains(),
      durationMilliseconds: world.durationMilliseconds,
      capital: capital,
      ledgerImbalance: world.ledgerImbalance,
      cascade: world.cascade
    )
    guard let unprotected else { return }
    for place in world.protectedEquities.indices {
      gains.add(
        with: (world.protectedEquities[place], world.protectedFalls[place]),
        without: (unprotected.protectedEquities[place], unprotected.protectedFalls[place]),
        net: world.netDeposits[place]
      )
    }
  }

  /// Joins the results of stages.
  ///
  /// * `durationMilliseconds`: of the path.
  package init(
    vault: VaultTotals,
    protection: ProtectionTotals,
    auctions: AuctionTotals,
    liquidations: LiquidationTotals,
    gains: ProtectionGains,
    durationMilliseconds duration: Int64,
    capital: Micro,
    ledgerImbalance: UInt128,
    cascade: CascadeTotals = CascadeTotals()
  ) {
    self.vault = vault
    self.protection = protection
    self.auctions = auctions
    self.liquidations = liquidations
    self.gains = gains
    self.ledgerImbalance = ledgerImbalance
    self.cascade = cascade
    vaultReturn = nearestDouble(vault.pnl) / Double(capital)
    idleShare = duration > 0 ? 1 - Double(vault.deployedMilliseconds) / Double(duration) : 1
  }

  /// The loss that risk measures look at: vault, bad debts and insurance.
  package var loss: Int128 {
    -vault.pnl + auctions.badDebt + liquidations.badDebt + insurancePaid
  }

  package var prevented: Int { gains.prevented }
  package var reducedLosses: Int { gains.reducedLosses }
  package var saved: Int128 { gains.saved }
  package var insurancePaid: Int128 { auctions.insurancePaid + liquidations.insurancePaid }
}
