// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets
internal import Numerics
internal import TextKit

extension ReferenceWorld {
  /// Resolves the bankrupt accounts of a venue at one step, in the order of risk.
  ///
  /// What insurance does not cover of their whole shortfall decides (`ADLDecision`). With
  /// auto-deleveraging their positions are closed against the opposing side at the previous mark;
  /// what finds no counterparty, and everything else, goes to the market. Who is without positions
  /// then is settled.
  mutating func resolve(
    _ bankrupt: [Bankrupt],
    venue: Int,
    time: Int64
  ) throws(Failure) {
    let settings = waterfall.settings
    let total = bankrupt.reduce(Int128(0)) { $0 + Int128($1.shortfall) }
    let decision = ADLDecision(
      remaining: total - Int128(liquidations.insurance),
      isEnabled: settings.adl.isEnabled,
      acceptable: settings.adl.acceptable,
      limit: settings.adl.maxShortfall
    )
    try note(decision, total: total, venue: venue, time: time)
    for entry in bankrupt {
      // Another account's deleveraging may have moved this one's cash; never its positions.
      begin(entry.account)
      var deleveraged = 0.0
      if decision == .deleverage {
        note(
          .immediateADL,
          account: entry.account,
          amount: entry.shortfall,
          " immediate adl @@ [liquidatable: \(input.book.accounts[entry.account].name)]",
          time: time
        )
        deleveraged = try deleverage(entry.account, time: time)
      }
      let sold = try sendOrder(entry.account, isPartial: false, isBankrupt: true, time: time)
      try charge(
        entry.account,
        soldUSD: sold,
        hasClosed: deleveraged + sold > 0,
        marginRatio: 0,
        entry.bid
      )
      try conclude(entry.account, time: time)
    }
  }

  private mutating func note(
    _ decision: ADLDecision,
    total: Int128,
    venue: Int,
    time: Int64
  ) throws(Failure) {
    guard let amount = Micro(exactly: total) else {
      throw amountTooLarge(nearestDouble(total) / 1e6)
    }
    let shown = NumberText.money(total)
    switch decision {
    case .covered, .off: return
    case .acceptable:
      note(
        .shortfallAcceptable,
        venue: venue,
        amount: amount,
        "Not performing auto-deleveraging because shortfall is acceptable @@"
          + " [total_shortfall: \(shown)]",
        time: time
      )
    case .tooLarge:
      note(.shortfallTooLarge, venue: venue, amount: amount, "Adl shortfall too large", time: time)
    case .deleverage:
      note(
        .adlTriggered,
        venue: venue,
        amount: amount,
        "Auto-deleveragings triggered @@ [total_shortfall: \(shown)]",
        time: time
      )
    }
  }

  /// Closes a bankrupt account's positions against the opposing side at the previous mark; returns
  /// what was closed, USD.
  private mutating func deleverage(_ account: Int, time: Int64) throws(Failure) -> Double {
    var legs = input.book.accounts[account].legs
    var cash = try input.book.accounts[account].cash(deposited: accounts.cashCredit(of: account))
    var closedUSD = 0.0
    for place in legs.indices where legs[place].kind == .perp && legs[place].quantity != 0 {
      let leg = legs[place]
      let mark = waterfall.previousPrice(of: leg.asset, in: input.catalogue.assets)
      let queue = try adlQueue(against: leg, of: account, mark: mark)
      var left = leg.quantity.magnitude
      for candidate in queue.candidates where left > 0 {
        let size = min(left, candidate.quantity.magnitude)
        let before = input.book.accounts[candidate.account]
        guard let gain = try closeCounterparty(candidate, size, at: mark, time: time)
        else { continue }
        show(candidate, before: before, against: leg, of: account, time: time)
        left = size == left ? 0 : left - size
        let own = try micro((leg.quantity > 0 ? size : -size) * (mark - leg.entryPrice))
        cash = try sum(cash, own)
        ledger.transfer(Int128(own) + Int128(gain), from: .market, to: .adl)
        move(own, from: .adl)
        let value = size * mark
        closedUSD = closedUSD + value
        let notional = try micro(value)
        liquidations.totals.deleveraged += Int128(notional)
        liquidations.totals.liquidated += Int128(notional)
        try record(account, .adl, leg, quantity: size, mark: mark, time: time)
      }
      legs[place].quantity = leg.quantity > 0 ? left : -left
    }
    if closedUSD > 0 { try change(account, legs, cash: cash) }
    return closedUSD
  }

  /// The open positions of an asset at a venue on the opposing side, ranked.
  ///
  /// Accounts that are being liquidated themselves are no counterparties.
  private func adlQueue(
    against leg: Leg,
    of account: Int,
    mark: Double
  ) throws(Failure) -> ADLQueue {
    var all: [ADLCandidate] = []
    for (other, entry) in input.book.accounts.enumerated()
    where entry.venue == leg.venue && other != account && accounts.isOpen[other]
      && accounts.liquidatableSince[other] == nil
    {
      for (place, candidate) in entry.legs.enumerated()
      where candidate.kind == .perp && candidate.asset == leg.asset
        && candidate.quantity * leg.quantity < 0
      {
        let rate =
          candidate.maxLeverage.map { 1 / $0 }
          ?? input.catalogue.venues[leg.venue].rule.firstMaintenanceRate(leg.asset).map { 2 * $0 }
          ?? 0.1
        all.append(
          ADLCandidate(
            account: other,
            leg: place,
            quantity: candidate.quantity,
            entryPrice: candidate.entryPrice,
            marginUsedUSD: candidate.quantity.magnitude * mark * rate,
            accountValueUSD: usd(try accounts.equity(of: other, input, oracle))
          )
        )
      }
    }
    return ADLQueue(
      against: leg.quantity,
      all,
      rank: waterfall.settings.adl.rank,
      mark: mark,
      precedes: input.book.precedes
    )
  }

  /// Closes a part of a counterparty at the previous mark; nil where that would leave it
  /// liquidatable, and then nothing has happened.
  private mutating func closeCounterparty(
    _ candidate: ADLCandidate,
    _ size: Double,
    at mark: Double,
    time: Int64
  ) throws(Failure) -> Micro? {
    let account = candidate.account
    let before = input.book.accounts[account].legs
    let cash = try input.book.accounts[account].cash(deposited: accounts.cashCredit(of: account))
    let signed = candidate.quantity > 0 ? size : -size
    let gain = try micro(signed * (mark - candidate.entryPrice))
    let wasLiquidatable = isLiquidatable(account)
    var legs = before
    legs[candidate.leg].quantity =
      size == candidate.quantity.magnitude ? 0 : candidate.quantity - signed
    try change(account, legs, cash: try sum(cash, gain))
    if !wasLiquidatable && (isLiquidatable(account) || isBelowZero(account)) {
      try change(account, before, cash: cash)
      return nil
    }
    move(gain, from: .adl)
    accounts.noteFall(of: account, input.affine, oracle)
    try record(
      account,
      .deleveraged,
      before[candidate.leg],
      quantity: size,
      mark: mark,
      time: time
    )
    return gain
  }

  /// Tells who watches what a counterparty gave.
  private func show(
    _ candidate: ADLCandidate,
    before: Account,
    against leg: Leg,
    of bankrupt: Int,
    time: Int64
  ) {
    watcher?(
      .deleveraging(
        Deleveraging(
          time: time,
          bankrupt: bankrupt,
          counterparty: candidate.account,
          asset: leg.asset,
          bankruptQuantity: leg.quantity,
          before: before,
          after: input.book.accounts[candidate.account],
          credit: accounts.credit(of: candidate.account),
          prices: oracle.prices,
          confidences: oracle.confidences
        )
      )
    )
  }

  /// Whether an account without positions would owe money.
  private func isBelowZero(_ account: Int) -> Bool {
    guard let equity = try? accounts.equity(of: account, input, oracle) else { return true }
    return equity < 0
  }
}
