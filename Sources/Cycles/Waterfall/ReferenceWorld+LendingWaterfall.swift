// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
internal import Markets
internal import Numerics
internal import TextKit

extension ReferenceWorld {
  /// What a lending venue takes of an account at once.
  private struct Seizure {
    var legs: [Leg]
    /// The leg whose row is written, with its quantity before.
    var leg: Leg
    var closedShare: Double
    /// Collateral that goes to the liquidator, and debt that it repays; micro-USD.
    var seized: Micro
    var repaid: Micro
  }

  /// One step of a lending account that is liquidatable.
  ///
  /// Venues that auction, and those without the full waterfall, do what they do without it. Else,
  /// first that applies: owes more than it has: closed at the mark, insurance and bad debt; equity
  /// below `backstop.ratio` of maintenance: a liquidator vault takes collateral and debt; a part by
  /// the venue's own rule (`VenueRule.close` at present prices), whose bonus is the liquidator's;
  /// else whole at the mark. An account that is still liquidatable is looked at again next step.
  mutating func defend(lender account: Int, time: Int64) throws(Failure) {
    let venue = venue(of: account)
    guard venue.waterfall.mode == .full, venue.liquidation == .market else {
      return try defendAtOnce(account, time: time)
    }
    let equity = try accounts.equity(of: account, input, oracle)
    guard equity >= 0 else { return try defendAtOnce(account, time: time) }
    let needed = try maintenance(of: account, equity: equity)
    if equity < (try share(waterfall.settings.backstop.ratio, of: needed)) {
      let refusal = try refusal(takingOver: account, equity: equity, time)
      guard let refusal else { return try takeOverLoan(account, equity: equity, time: time) }
      note(.backstopRefused, account: account, amount: equity, refusal.message, time: time)
    }
    guard let seizure = try seizure(of: account) else {
      return try defendAtOnce(account, time: time)
    }
    let bonus = max(0, seizure.seized - seizure.repaid)
    guard
      let bid = try bid(
        for: account,
        notionalUSD: usd(seizure.seized),
        payable: bonus,
        bonus: bonus,
        time: time
      )
    else { return }
    try seize(seizure, of: account, bid, time: time)
  }

  /// Hands collateral and debt to the liquidator vaults, when engine and keepers come to it.
  private mutating func takeOverLoan(
    _ account: Int,
    equity: Micro,
    time: Int64
  ) throws(Failure) {
    guard
      let bid = try bid(
        for: account,
        notionalUSD: input.affine.notional(of: account, prices: oracle.prices),
        payable: liquidations.insurance,
        time: time
      )
    else { return }
    begin(account)
    try takeOver(account, equity: equity, bid, time: time)
  }

  /// Lets a liquidator repay debt for collateral.
  private mutating func seize(
    _ seizure: Seizure,
    of account: Int,
    _ bid: KeeperBid,
    time: Int64
  ) throws(Failure) {
    begin(account)
    let closed = seizure.leg.quantity * seizure.closedShare
    try record(account, .partial, seizure.leg, quantity: closed, time: time)
    if !waterfall.rows.isEmpty { waterfall.rows[0].penalty = seizure.seized - seizure.repaid }
    liquidations.totals.liquidated += Int128(seizure.seized)
    let isSale = seizure.leg.kind == .deposit
    if !input.catalogue.assets[seizure.leg.asset].isQuote {
      liquidations.addFlow(
        isSale ? seizure.seized : seizure.repaid,
        asset: input.catalogue.assets[seizure.leg.asset].underlying,
        isSale ? .below : .above
      )
    }
    ledger.transfer(seizure.seized, from: .market, to: .liquidator)
    ledger.transfer(seizure.repaid, from: .liquidator, to: .market)
    // The bonus is the reward.
    pay(bid, fromAccount: bid.reward)
    let cash = try input.book.accounts[account].cash(deposited: accounts.cashCredit(of: account))
    try change(account, seizure.legs, cash: cash)
    if !isLiquidatable(account) {
      forget(account)
      watch.update(account, input.affine, accounts, oracle)
    }
    log?.liquidations += waterfall.rows
    waterfall.rows = []
  }

  /// What the venue takes now, nil where that is everything.
  private func seizure(of account: Int) throws(Failure) -> Seizure? {
    let (solver, row) = input.ladder(of: violatedRow(of: account))
    guard
      let found = solver.presentClose(
        of: row,
        deposited: accounts.credit(of: account),
        prices: oracle.prices,
        confidences: oracle.confidences
      )
    else { return nil }
    var legs = input.book.accounts[account].legs
    let leg = legs[found.own[0]]
    let isSale = leg.kind == .deposit
    var closedUSD = 0.0
    for place in found.own {
      closedUSD = closedUSD + legs[place].quantity * price(of: legs[place]) * found.part.share
      legs[place].quantity *= 1 - found.part.share
    }
    guard let counter = found.part.counter, legs[counter.place].quantity > 0 else { return nil }
    let other = legs[counter.place]
    let fall = min(counter.fallUSD, other.quantity * price(of: other))
    legs[counter.place].quantity = max(0, other.quantity - fall / price(of: other))
    return Seizure(
      legs: legs,
      leg: leg,
      closedShare: found.part.share,
      seized: try micro(isSale ? closedUSD : fall),
      repaid: try micro(isSale ? fall : closedUSD)
    )
  }

  /// The row by which an account is liquidatable: of several the first.
  private func violatedRow(of account: Int) -> Int {
    let rows = input.affine.rows(of: account)
    return rows.first { row in
      accounts.interval(of: row, input.affine, oracle).isViolated(
        at: oracle.prices[Int(input.affine.asset[row])],
        atEquality: input.affine.tripsAtEquality[account]
      )
    } ?? rows.lowerBound
  }
}
