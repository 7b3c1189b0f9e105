// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets
internal import Numerics
internal import TextKit

extension ReferenceWorld {
  /// What the scenario came to, with the books of all machines held against the ledger.
  func result() throws(Failure) -> WorldResult {
    var equities: [Micro] = []
    for account in protection.protected {
      let equity =
        accounts.isOpen[account]
        ? try accounts.equity(of: account, input, oracle) : accounts.equityAtClose[account]
      equities.append(max(0, equity))
    }
    // The books of the machines must agree with the ledger, not only the ledger with itself.
    let committed = protection.netDeposits.reduce(0, +)
    let imbalance =
      ledger.total.magnitude + (ledger[.vault] - vaultTotals.pnl).magnitude
      + (ledger[.protectionWallet] - protectionReturned + committed).magnitude
      + (accruals.moved - accounts.accruedTotal).magnitude
      + waterfall.imbalance(
        ledger,
        insurance: liquidations.insurance - settings.liquidations.insurance,
        boughtLots: auctions.totals.backstop
      )
    var events = log
    events?.sort()
    let times = input.path.times
    return WorldResult(
      durationMilliseconds: times[times.count - 1] - times[0],
      vault: vaultTotals.with(missed: vault.missed),
      protection: protection.totals,
      auctions: auctions.totals,
      liquidations: liquidations.totals,
      accruals: accruals.totals,
      protectedEquities: equities,
      protectedFalls: protection.protected.map { accounts.hasFallen($0) },
      isOpen: accounts.isOpen,
      protectedStops: protection.protected.map { accounts.isStopped[$0] },
      netDeposits: protection.netDeposits,
      ledgerImbalance: imbalance,
      cascade: cascade?.totals ?? CascadeTotals(),
      log: events
    )
  }
}
