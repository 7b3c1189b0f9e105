// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
internal import Markets
internal import Numerics
internal import TextKit

extension ReferenceWorld {
  /// A perp account that is worth less than nothing, and who closes it.
  struct Bankrupt: Sendable {
    var account: Int
    var bid: KeeperBid
    /// Shortfall at the mark, micro-USD, above 0.
    var shortfall: Micro
  }

  /// One step of a perp account that is liquidatable; returns it where it is bankrupt.
  ///
  /// An account that holds spot beside perps is closed at the mark, as everything is at a venue
  /// without the full waterfall.
  mutating func defend(perp account: Int, time: Int64) throws(Failure) -> Bankrupt? {
    let entry = input.book.accounts[account]
    let hasSpot = entry.legs.contains {
      $0.kind != .perp && !input.catalogue.assets[$0.asset].isQuote
    }
    guard venue(of: account).waterfall.mode == .full, !hasSpot else {
      try defendAtOnce(account, time: time)
      return nil
    }
    let settings = waterfall.settings
    let equity = try accounts.equity(of: account, input, oracle)
    let maintenance = try maintenance(of: account, equity: equity)
    let machine = waterfall.machines[account] ?? WaterfallMachine()
    var sight = WaterfallSight(
      time: time,
      equity: equity,
      maintenance: maintenance,
      isLarge: entry.legs.contains { firstShare(of: $0) < 1 },
      hasBackstop: true
    )
    func decide() throws(Failure) -> (WaterfallMachine, WaterfallAction) {
      try machine.step(
        sight,
        ratio: settings.backstop.ratio,
        cooldown: settings.cooldownMilliseconds
      )
    }
    var (next, action) = try decide()
    if action == .backstop, let refusal = try refusal(takingOver: account, equity: equity, time) {
      note(.backstopRefused, account: account, amount: equity, refusal.message, time: time)
      sight.hasBackstop = false
      (next, action) = try decide()
    }
    if action == .wait { return nil }
    let notional = entry.legs.reduce(0.0) { sum, leg in
      guard leg.kind == .perp else { return sum }
      let share = action == .partial ? firstShare(of: leg) : 1
      return sum + leg.quantity.magnitude * price(of: leg) * share
    }
    guard
      let bid = try bid(
        for: account,
        notionalUSD: notional,
        payable: try sum(max(0, equity), liquidations.insurance),
        time: time
      )
    else { return nil }
    waterfall.machines[account] = next
    begin(account)
    switch action {
    case .wait: return nil
    case .bankrupt: return Bankrupt(account: account, bid: bid, shortfall: -equity)
    case .backstop: try takeOver(account, equity: equity, bid, time: time)
    case .partial, .whole:
      let ratio = try marginRatio(of: account, equity: equity)
      let closed = try sendOrder(account, isPartial: action == .partial, time: time)
      try charge(account, soldUSD: closed, hasClosed: closed > 0, marginRatio: ratio, bid)
      try conclude(account, time: time)
    }
    return nil
  }

  func price(of leg: Leg) -> Double { oracle.price(of: leg.asset, in: input.catalogue.assets) }

  /// What the first order takes of a position by the venue's own rule.
  private func firstShare(of leg: Leg) -> Double {
    guard leg.kind == .perp, leg.quantity != 0,
      let split = input.catalogue.venues[leg.venue].rule.perpSplit,
      leg.quantity.magnitude * price(of: leg) > split.aboveUSD
    else { return 1 }
    return split.firstShare
  }

  /// Counts an account when something is first done to it, and notes where it stands.
  mutating func begin(_ account: Int) {
    if waterfall.counted.insert(account).inserted { liquidations.totals.count += 1 }
    accounts.noteFall(of: account, input.affine, oracle)
    waterfall.rows = []
  }

  /// Sells or buys back positions at the mark with slippage; returns what was closed, USD.
  ///
  /// No order moves the mark further than the greatest slippage, and a thin market sells with its
  /// half-life; the rest stays.
  mutating func sendOrder(
    _ account: Int,
    isPartial: Bool,
    isBankrupt: Bool = false,
    time: Int64
  ) throws(Failure) -> Double {
    var legs = input.book.accounts[account].legs
    let terms = venue(of: account).waterfall
    var cash = try input.book.accounts[account].cash(deposited: accounts.cashCredit(of: account))
    var closedUSD = 0.0
    for place in legs.indices where legs[place].kind == .perp && legs[place].quantity != 0 {
      let leg = legs[place]
      let mark = price(of: leg)
      let thin = terms.thinMarkets[leg.asset]
      var wanted = leg.quantity.magnitude * (isPartial ? firstShare(of: leg) : 1)
      if let thin, thin.halfLifeSeconds > 0, !isBankrupt {
        wanted = min(wanted, thinOrder(account, place, thin, time: time))
      }
      let direction: Direction = leg.quantity > 0 ? .below : .above
      let slippage = thin?.maxSlippage ?? waterfall.settings.maxSlippage
      let room = waterfall.depth.room(leg.asset, direction, maxSlippage: slippage)
      if wanted * mark > room { wanted = room / mark }
      guard wanted > 0 else { continue }
      let value = wanted * mark
      let average = waterfall.depth.trade(value, leg.asset, direction)
      let fill = leg.quantity > 0 ? mark * (1 - average) : mark * (1 + average)
      let signed = leg.quantity > 0 ? wanted : -wanted
      let gain = try micro(signed * (fill - leg.entryPrice))
      legs[place].quantity = wanted == leg.quantity.magnitude ? 0 : leg.quantity - signed
      cash = try sum(cash, gain)
      move(gain, from: .market)
      closedUSD = closedUSD + value
      let notional = try micro(value)
      liquidations.totals.liquidated += Int128(notional)
      liquidations.addFlow(
        notional,
        asset: input.catalogue.assets[leg.asset].underlying,
        direction
      )
      try record(
        account,
        legs[place].quantity == 0 ? .market : .partial,
        leg,
        quantity: wanted,
        time: time
      )
    }
    if closedUSD > 0 { try change(account, legs, cash: cash) }
    return closedUSD
  }

  /// How much of a leg a thin market lets go at a time.
  private mutating func thinOrder(
    _ account: Int,
    _ place: Int,
    _ thin: ThinMarket,
    time: Int64
  ) -> Double {
    let legs = input.book.accounts[account].legs
    let first =
      waterfall.thinOrders[account]
      ?? WaterfallStage.ThinOrder(time: time, sizes: legs.map(\.quantity.magnitude))
    waterfall.thinOrders[account] = first
    let left = thinMarketRemainder(
      of: first.sizes[place],
      elapsedMilliseconds: time - first.time,
      halfLifeSeconds: thin.halfLifeSeconds
    )
    return max(0, legs[place].quantity.magnitude - left)
  }

  /// Adds a row of the account at hand.
  mutating func record(
    _ account: Int,
    _ kind: LiquidationRecord.Kind,
    _ leg: Leg,
    quantity: Double,
    mark: Double? = nil,
    time: Int64
  ) throws(Failure) {
    guard log != nil else { return }
    var part = leg
    part.quantity = quantity
    var row = try liquidations.record(
      of: account,
      kind: kind,
      leg: part,
      time: time,
      input,
      accounts,
      oracle
    )
    if let mark {
      row.mark = mark
      row.notional = try micro(quantity * mark)
    }
    waterfall.rows.append(row)
  }

  /// Moves money to the borrower and notes that an account's cash has to show it.
  mutating func move(_ amount: Micro, from party: Party) {
    ledger.transfer(amount, from: party, to: .borrower)
    waterfall.cashMoved += Int128(amount)
  }

  /// Gives an account other legs and cash; whoever watches it looks again.
  mutating func change(_ account: Int, _ legs: [Leg], cash: Micro) throws(Failure) {
    let deposited = accounts.deposited[account]
    let credit = accounts.cashCredit(of: account)
    let before = try input.book.accounts[account].cash(deposited: credit)
    var legs = legs
    for place in legs.indices { legs[place].collateralUSD = 0 }
    legs[0].collateralUSD = usd(cash - credit)
    try input.change(account, legs, oracle)
    let after = try input.book.accounts[account].cash(deposited: credit)
    waterfall.cashKept += Int128(after) - Int128(before)
    accounts.setDeposited(deposited, of: account, input.affine, oracle)
    watch.update(account, input.affine, accounts, oracle)
    clusters.forget(input.affine.rows(of: account))
  }
}
