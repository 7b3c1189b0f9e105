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
  package var prevented = 0
  package var reducedLosses = 0
  package var saved: Int128 = 0
  package var ledgerImbalance: UInt128

  /// Joins a world with the same world without protection (SEMANTICS B13, B21).
  ///
  /// * `unprotected`: nil when nothing is protected; then nothing was prevented or saved.
  /// * `capital`: of the vault at the start, micro-USD.
  package init(_ world: WorldResult, unprotected: WorldResult?, capital: Micro) {
    vault = world.vault
    protection = world.protection
    auctions = world.auctions
    liquidations = world.liquidations
    ledgerImbalance = world.ledgerImbalance
    vaultReturn = nearestDouble(world.vault.pnl) / Double(capital)
    let duration = world.durationMilliseconds
    idleShare =
      duration > 0 ? 1 - Double(world.vault.deployedMilliseconds) / Double(duration) : 1
    guard let unprotected else { return }
    for place in world.protectedEquities.indices {
      let falls = (with: world.protectedFalls[place], without: unprotected.protectedFalls[place])
      let gain =
        Int128(world.protectedEquities[place]) - world.netDeposits[place]
        - Int128(unprotected.protectedEquities[place])
      saved += gain
      if falls.without && !falls.with { prevented += 1 }
      if falls.without && falls.with && gain > 0 { reducedLosses += 1 }
    }
  }

  /// The loss that risk measures look at: vault, bad debts and insurance.
  package var loss: Int128 {
    -vault.pnl + auctions.badDebt + liquidations.badDebt + insurancePaid
  }

  package var insurancePaid: Int128 { auctions.insurancePaid + liquidations.insurancePaid }
}
