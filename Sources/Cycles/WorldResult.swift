// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Numerics

/// Everything that one scenario in one cell came to.
package struct WorldResult: Sendable {
  package var durationMilliseconds: Int64
  package var vault: VaultTotals
  package var protection: ProtectionTotals
  package var auctions: AuctionTotals
  package var liquidations: LiquidationTotals
  package var accruals: AccrualTotals
  /// Equity at the end of each protected account, floored at 0, and whether it fell.
  package var protectedEquities: [Micro]
  package var protectedFalls: [Bool]
  /// Whether each account of the book stands at the end.
  package var isOpen: [Bool]
  /// Whether it reached its own stop-loss.
  package var protectedStops: [Bool]
  /// Deposits less withdrawals made in the run, by protected account.
  package var netDeposits: [Int128]
  /// Micro-USD made or lost, 0 unless we have a bug.
  package var ledgerImbalance: UInt128
  package var cascade: CascadeTotals
  package var log: EventLog?
}
