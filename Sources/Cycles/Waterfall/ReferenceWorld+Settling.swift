// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
internal import Markets
internal import Numerics
internal import TextKit

extension ReferenceWorld {
  /// Takes the penalty for what was sold and a keeper's reward out of an account, never more than
  /// it is worth.
  mutating func charge(
    _ account: Int,
    soldUSD: Double,
    hasClosed: Bool,
    marginRatio: Double,
    _ bid: KeeperBid
  ) throws(Failure) {
    let equity = max(0, try accounts.equity(of: account, input, oracle))
    let rate = waterfall.settings.penalty.rate(
      marginRatio: marginRatio,
      volatility: waterfall.volatility(of: account, input)
    )
    let penalty = min(equity, try micro(soldUSD * rate))
    let reward = hasClosed ? min(bid.reward, equity - penalty) : 0
    if penalty + reward > 0 {
      let entry = input.book.accounts[account]
      let cash = try entry.cash(deposited: accounts.cashCredit(of: account))
      move(-penalty, from: .insurance)
      move(-reward, from: .liquidator)
      liquidations.insurance = try sum(liquidations.insurance, penalty)
      try change(account, entry.legs, cash: cash - penalty - reward)
    }
    if !waterfall.rows.isEmpty { waterfall.rows[0].penalty = penalty }
    if hasClosed { pay(bid, fromAccount: reward) }
  }

  /// Ends the account's part of a step: settled when no position is left, out of the queue when it
  /// is healthy, else it waits for the next step.
  mutating func conclude(_ account: Int, time: Int64) throws(Failure) {
    let legs = input.book.accounts[account].legs
    if legs.allSatisfy({ $0.kind != .perp || $0.quantity == 0 }) {
      try settle(account, time: time)
    } else if !isLiquidatable(account) {
      forget(account)
      watch.update(account, input.affine, accounts, oracle)
    }
    log?.liquidations += waterfall.rows
    waterfall.rows = []
  }

  /// Settles an account without positions: protection returns, or somebody bears the shortfall.
  mutating func settle(_ account: Int, time: Int64) throws(Failure) {
    let deposited = accounts.deposited[account]
    let cash = try input.book.accounts[account].cash(deposited: accounts.cashCredit(of: account))
    let equity = try accounts.equity(of: account, input, oracle)
    // Quote currencies are turned into cash.
    move(equity - cash, from: .market)
    let returned = equity > 0 ? min(deposited, equity) : 0
    if equity < 0 {
      if !waterfall.rows.isEmpty { waterfall.rows[0].shortfall = -equity }
      move(-equity, from: .market)
      try bear(-equity, venue: input.book.accounts[account].venue, time: time)
    } else {
      move(-returned, from: .protectionWallet)
    }
    waterfall.cashKept += Int128(max(0, equity) - returned) - Int128(cash)
    close(account, left: max(0, equity), returned: returned, time: time)
  }

  /// Marks an account as closed and gives its protection back.
  mutating func close(_ account: Int, left: Micro, returned: Micro, time: Int64) {
    protection.release(account, deposited: accounts.deposited[account])
    protectionReturned += Int128(returned)
    accounts.isOpen[account] = false
    accounts.equityAtClose[account] = left
    protection.close(account, returned: returned, time: time, input, accounts, oracle, &log)
    finish(account, time: time)
  }

  /// Insurance, then the profits of the venue's accounts where losses are socialised, then nobody
  /// known: bad debt (seed 3, "Socialization of Losses").
  mutating func bear(_ shortfall: Micro, venue: Int, time: Int64) throws(Failure) {
    let paid = min(shortfall, liquidations.insurance)
    liquidations.insurance -= paid
    ledger.transfer(paid, from: .insurance, to: .market)
    liquidations.totals.insurancePaid += Int128(paid)
    var rest = shortfall - paid
    if rest > 0, waterfall.settings.socialisesProfit {
      rest -= try socialise(rest, venue: venue, time: time)
    }
    liquidations.totals.badDebt += Int128(rest)
  }

  /// Takes a loss from the unrealised profits of a venue's open accounts, in proportion; returns
  /// how much they bear.
  ///
  /// `rint(loss · profit / Σ profit)` each, at most the profit; the last bears the remainder.
  private mutating func socialise(
    _ loss: Micro,
    venue: Int,
    time: Int64
  ) throws(Failure) -> Micro {
    var profits: [(account: Int, profit: Micro)] = []
    var total: Int128 = 0
    for (account, entry) in input.book.accounts.enumerated()
    where entry.venue == venue && accounts.isOpen[account]
      && accounts.liquidatableSince[account] == nil
    {
      var profit: Int128 = 0
      for leg in entry.legs where leg.kind == .perp {
        profit += Int128(try micro(leg.quantity * (price(of: leg) - leg.entryPrice)))
      }
      guard profit > 0, let fitting = Micro(exactly: profit) else { continue }
      profits.append((account, fitting))
      total += profit
    }
    guard total > 0 else { return 0 }
    let borne = min(Int128(loss), total)
    var left = Micro(borne)
    for (place, entry) in profits.enumerated() {
      var part = left
      if place + 1 < profits.count {
        let share = nearestDouble(borne) * (Double(entry.profit) / nearestDouble(total))
        part = Micro(share.rounded(.toNearestOrEven))
      }
      part = min(part, left, entry.profit)
      guard part > 0 else { continue }
      left -= part
      let own = input.book.accounts[entry.account]
      let cash = try own.cash(deposited: accounts.cashCredit(of: entry.account))
      move(-part, from: .market)
      try change(entry.account, own.legs, cash: cash - part)
    }
    let paid = Micro(borne) - left
    liquidations.totals.socialised += Int128(paid)
    note(.socialised, venue: venue, amount: paid, "Loss socialised pro rata to profit", time: time)
    return paid
  }
}
