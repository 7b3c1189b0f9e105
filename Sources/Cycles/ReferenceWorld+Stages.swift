// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets
internal import Numerics
internal import TextKit

extension ReferenceWorld {
  /// Step 2: funding at the rate before, and interest; who has either is watched anew.
  mutating func accrue(time: Int64, previous: Int64?) throws(Failure) {
    let moved = try accruals.accrue(
      time: time,
      previous: previous,
      input,
      &accounts,
      oracle,
      &ledger
    )
    for account in moved { watch.update(account, input.affine, accounts, oracle) }
  }

  /// Step 5: every clock runs until the next step.
  ///
  /// * `market`: the prices that bidders see.
  mutating func runAuctions(
    _ market: OracleStage,
    time: Int64,
    next: Int64?
  ) throws(Failure) {
    for (record, returned) in try auctions.advance(
      time: time,
      next: next,
      input,
      &accounts,
      market,
      &liquidations.insurance,
      &ledger
    ) {
      protectionReturned += Int128(returned)
      protection.close(
        record.lot.account,
        returned: returned,
        time: record.closedAt,
        input,
        accounts,
        oracle,
        &log
      )
      log?.close(record)
    }
  }

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
