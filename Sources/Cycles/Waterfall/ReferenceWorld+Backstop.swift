// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
internal import Markets
internal import Numerics
internal import TextKit

extension ReferenceWorld {
  /// What each liquidator of a venue would take of an account, with its part of the margin.
  ///
  /// The margin is the account's equity, split by size; the last one gets the remainder.
  private func shares(
    of account: Int,
    equity: Micro
  ) throws(Failure) -> [(vault: Int, positions: [TakenPosition], margin: Micro)] {
    let entry = input.book.accounts[account]
    let terms = venue(of: account).waterfall
    var list: [(vault: Int, positions: [TakenPosition], sizeUSD: Double)] = []
    var whole = 0.0
    for leg in entry.legs
    where leg.quantity != 0 && !input.catalogue.assets[leg.asset].isQuote {
      let vault = terms.liquidator(of: leg.asset)
      let signed = leg.kind == .borrow ? -leg.quantity : leg.quantity
      let position = TakenPosition(asset: leg.asset, quantity: signed)
      let size = leg.quantity.magnitude * price(of: leg)
      whole = whole + size
      if let place = list.firstIndex(where: { $0.vault == vault }) {
        list[place].positions.append(position)
        list[place].sizeUSD = list[place].sizeUSD + size
      } else {
        list.append((vault, [position], size))
      }
    }
    var left = equity
    var result: [(vault: Int, positions: [TakenPosition], margin: Micro)] = []
    for (place, entry) in list.enumerated() {
      var margin = left
      if place + 1 < list.count {
        margin = min(left, try share(whole > 0 ? entry.sizeUSD / whole : 0, of: equity))
      }
      left -= margin
      result.append((entry.vault, entry.positions, margin))
    }
    return result
  }

  /// Why no liquidator takes an account, nil when all that would have to do.
  func refusal(
    takingOver account: Int,
    equity: Micro,
    _ time: Int64
  ) throws(Failure) -> BackstopRefusal? {
    let terms = venue(of: account).waterfall
    if waterfall.fails(waterfall.settings.backstop.outage, at: time) { return .outage }
    let legs = input.book.accounts[account].legs
    if legs.contains(where: { terms.thinMarkets[$0.asset]?.isIsolatedOnly == true }) {
      return .isolatedOnly
    }
    let vaults = waterfall.vaults[input.book.accounts[account].venue]
    for part in try shares(of: account, equity: equity) {
      let refusal = vaults[part.vault].refusal(
        taking: part.positions,
        margin: part.margin,
        price: { oracle.price(of: $0, in: input.catalogue.assets) },
        symbol: { input.catalogue.assets[$0].symbol }
      )
      if let refusal { return refusal }
    }
    return nil
  }

  /// Hands positions and margin of an account to the liquidator vaults at the mark.
  ///
  /// The account realises its profit or loss, its equity goes with the positions, nothing returns.
  mutating func takeOver(
    _ account: Int,
    equity: Micro,
    _ bid: KeeperBid,
    time: Int64
  ) throws(Failure) {
    let entry = input.book.accounts[account]
    let assets = input.catalogue.assets
    let cash = try entry.cash(deposited: accounts.cashCredit(of: account))
    move(equity - cash, from: .market)
    for part in try shares(of: account, equity: equity) {
      move(-part.margin, from: .backstop)
      let oracle = oracle
      try waterfall.vaults[entry.venue][part.vault].take(part.positions, margin: part.margin) {
        oracle.price(of: $0, in: assets)
      }
    }
    waterfall.cashKept -= Int128(cash)
    for leg in entry.legs where leg.quantity != 0 && !assets[leg.asset].isQuote {
      if leg.kind != .borrow {
        let notional = try micro(leg.quantity.magnitude * price(of: leg))
        liquidations.totals.backstop += Int128(notional)
        liquidations.totals.liquidated += Int128(notional)
      }
      try record(account, .backstop, leg, quantity: leg.quantity.magnitude, time: time)
    }
    log?.liquidations += waterfall.rows
    waterfall.rows = []
    pay(bid, fromAccount: 0)
    close(account, left: 0, returned: 0, time: time)
  }

  /// Marks the liquidator vaults, lets their depositors move money, sells what is due.
  mutating func runVaults(time: Int64) throws(Failure) {
    for venue in waterfall.vaults.indices {
      for place in waterfall.vaults[venue].indices {
        var vault = waterfall.vaults[venue][place]
        if !vault.isFlat {
          let oracle = oracle
          let assets = input.catalogue.assets
          let gain = try vault.mark { oracle.price(of: $0, in: assets) }
          ledger.transfer(gain, from: .market, to: .backstop)
          let missing = vault.cash < 0 ? vault.fail() : 0
          if missing > 0 {
            ledger.transfer(missing, from: .market, to: .backstop)
            note(
              .vaultFailed,
              venue: venue,
              amount: missing,
              "\(vault.name) is bankrupt",
              time: time
            )
            try bear(missing, venue: venue, time: time)
          }
        }
        if vault.beginDay(time) { try moveDeposits(of: &vault, venue: venue, time: time) }
        try sell(&vault, venue: venue)
        waterfall.vaults[venue][place] = vault
      }
    }
  }

  /// What depositors take out or put in on a day.
  private mutating func moveDeposits(
    of vault: inout BackstopVault,
    venue: Int,
    time: Int64
  ) throws(Failure) {
    let amount = waterfall.settings.backstop.withdrawalPerDay
    guard amount != 0 else { return }
    let refusal = try amount > 0 ? vault.withdraw(amount) : vault.deposit(-amount)
    if let refusal {
      note(.vaultRefused, venue: venue, amount: amount, refusal.message, time: time)
      return
    }
    ledger.transfer(amount, from: .backstop, to: .lp)
    let kind: LiquidationEvent.Kind = amount > 0 ? .vaultWithdrawal : .vaultDeposit
    note(kind, venue: venue, amount: abs(amount), vault.name, time: time)
  }

  /// Sells a share of every position, so that half is left after the half-life.
  private mutating func sell(_ vault: inout BackstopVault, venue: Int) throws(Failure) {
    let halfLife = waterfall.settings.backstop.saleHalfLifeSeconds
    let elapsed = Double(waterfall.elapsedMilliseconds) / 1000
    guard halfLife > 0, elapsed > 0, !vault.isFlat else { return }
    let share = 1 - ExactMath.exp2(-min(elapsed / halfLife, 1000))
    for asset in vault.positions.indices where vault.positions[asset] != 0 {
      let held = vault.positions[asset]
      let mark = oracle.price(of: asset, in: input.catalogue.assets)
      let direction: Direction = held > 0 ? .below : .above
      let room = waterfall.depth.room(
        asset,
        direction,
        maxSlippage: waterfall.settings.maxSlippage
      )
      let size = min(held.magnitude * share, room / mark)
      guard size > 0 else { continue }
      let average = waterfall.depth.trade(size * mark, asset, direction)
      let fill = held > 0 ? mark * (1 - average) : mark * (1 + average)
      let gain = try vault.reduce(asset, by: held > 0 ? size : -size, at: fill)
      ledger.transfer(gain, from: .market, to: .backstop)
    }
  }
}
