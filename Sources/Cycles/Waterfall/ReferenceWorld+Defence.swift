// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
internal import Markets
internal import Numerics
internal import TextKit

extension ReferenceWorld {
  /// Begins the liquidations of worlds in which they are more than a close at the mark.
  ///
  /// Vaults are marked; who has become liquidatable joins the queue; who is healthy again leaves
  /// it. What is left are the accounts that this step acts on, in the order of risk, as far as
  /// engine and keepers come.
  mutating func beginDefence(_ moment: StepMoment) throws(Failure) {
    let time = moment.time
    liquidations.clearFlow()
    waterfall.begin(
      time: time,
      previous: moment.previous,
      oracle,
      insurance: &liquidations.insurance
    )
    try runVaults(time: time)
    let found = fallen(time: time)
    waterfall.queue.add(found, time: time)
    for account in found where accounts.liquidatableSince[account] == nil {
      accounts.liquidatableSince[account] = time
    }
    bankrupt = []
    due = try dueAccounts(time: time)
  }

  /// Resolves the bankrupt accounts of a step together, venue by venue, after the others.
  mutating func resolveBankrupt(time: Int64) throws(Failure) {
    for venue in input.catalogue.venues.indices {
      let own = bankrupt.filter { input.book.accounts[$0.account].venue == venue }
      if !own.isEmpty { try resolve(own, venue: venue, time: time) }
    }
    waterfall.queue.end()
    try noteGap()
  }

  /// Ends the step: waiting insurance pays again and marks become the previous ones.
  mutating func endDefence() throws(Failure) {
    try waterfall.end(oracle, insurance: &liquidations.insurance)
  }

  /// The accounts of the queue that are liquidatable at these prices, in the order of risk.
  private mutating func dueAccounts(time: Int64) throws(Failure) -> [Int] {
    var due: [Int] = []
    for account in waterfall.queue.accounts {
      guard accounts.isOpen[account] else {
        forget(account)
        continue
      }
      guard AccountStates.hasFreshPrices(account, input.affine, oracle),
        !isHeld(account, time: time)
      else { continue }
      if isLiquidatable(account) {
        due.append(account)
      } else {
        note(
          .recovered,
          account: account,
          amount: 0,
          "Position is not liquidatable: \(input.book.accounts[account].name)",
          time: time
        )
        forget(account)
        watch.update(account, input.affine, accounts, oracle)
      }
    }
    return LiquidationStage.byRisk(due, input, accounts, oracle)
  }

  func isLiquidatable(_ account: Int) -> Bool {
    input.affine.isLiquidatable(
      account: account,
      deposited: accounts.credit(of: account),
      prices: oracle.prices,
      confidences: oracle.confidences
    )
  }

  /// Takes an account out of the queue.
  mutating func forget(_ account: Int) {
    waterfall.queue.remove(account)
    waterfall.machines[account] = nil
    waterfall.thinOrders[account] = nil
    accounts.liquidatableSince[account] = nil
  }

  /// Notes that an account was closed, and how long that took.
  mutating func finish(_ account: Int, time: Int64) {
    let since = accounts.liquidatableSince[account] ?? time
    liquidations.totals.gapMilliseconds += Int128(time - since)
    liquidations.totals.closed += 1
    forget(account)
  }

  /// Whether engine and a keeper act on an account now; a yes takes room of both.
  ///
  /// * `notionalUSD`: what would be closed; `payable`: what is there for a reward.
  mutating func bid(
    for account: Int,
    notionalUSD: Double,
    payable: Micro,
    bonus: Micro? = nil,
    time: Int64
  ) throws(Failure) -> KeeperBid? {
    let settings = waterfall.settings
    if settings.keepers.model != .venue, waterfall.fails(settings.keeperOutage, at: time) {
      return nil
    }
    guard
      let bid = try waterfall.keepers.bid(
        time: time,
        since: accounts.liquidatableSince[account] ?? time,
        notionalUSD: notionalUSD,
        payable: payable,
        bonus: bonus,
        volatility: waterfall.volatility(of: account, input)
      ), waterfall.queue.takeRoom()
    else { return nil }
    waterfall.keepers.use()
    return bid
  }

  /// Pays a keeper what the account did not; gas and priority fee are the keeper's.
  mutating func pay(_ bid: KeeperBid, fromAccount paid: Micro) {
    let rest = min(bid.reward - paid, liquidations.insurance)
    liquidations.insurance -= rest
    ledger.transfer(rest, from: .insurance, to: .liquidator)
    ledger.transfer(bid.gas, from: .liquidator, to: .network)
    ledger.transfer(bid.priorityFee, from: .liquidator, to: .network)
  }

  /// Closes an account at the mark or opens its lots, when engine and keepers come to it.
  mutating func defendAtOnce(_ account: Int, time: Int64) throws(Failure) {
    let isAuction = venue(of: account).liquidation == .auction
    let equity = isAuction ? 0 : try accounts.equity(of: account, input, oracle)
    guard
      let bid = try bid(
        for: account,
        notionalUSD: input.affine.notional(of: account, prices: oracle.prices),
        payable: try sum(max(0, equity), liquidations.insurance),
        time: time
      )
    else { return }
    try liquidations.addFlow(of: account, input, accounts, oracle)
    let costs = CloseCosts(
      penaltyRate: waterfall.settings.penalty.rate(
        marginRatio: try marginRatio(of: account, equity: equity),
        volatility: waterfall.volatility(of: account, input)
      ),
      reward: bid.reward
    )
    // Who owes pays nothing: insurance pays the keeper before it bears the loss.
    if equity <= 0 { pay(bid, fromAccount: 0) }
    let paid = try liquidate(account, time: time, costs: costs)
    if equity > 0 { pay(bid, fromAccount: paid) }
    finish(account, time: time)
  }

  /// Equity as a share of what maintenance asks for, 1 where it asks for nothing.
  func marginRatio(of account: Int, equity: Micro) throws(Failure) -> Double {
    let needed = try maintenance(of: account, equity: equity)
    return needed > 0 ? Double(equity) / Double(needed) : 1
  }

  /// What maintenance asks for: equity less health, micro-USD, at least 0.
  func maintenance(of account: Int, equity: Micro) throws(Failure) -> Micro {
    let health = input.affine.health(
      of: account,
      deposited: accounts.credit(of: account),
      prices: oracle.prices,
      confidences: oracle.confidences
    )
    return max(0, try micro(usd(equity) - health))
  }

  func venue(of account: Int) -> Venue {
    input.catalogue.venues[input.book.accounts[account].venue]
  }

  /// Remembers how far accounts that wait are below 0, and how many wait.
  private mutating func noteGap() throws(Failure) {
    var gap: Int128 = 0
    for account in waterfall.queue.accounts {
      gap += Int128(max(0, -(try accounts.equity(of: account, input, oracle))))
    }
    liquidations.totals.gapPeak = max(liquidations.totals.gapPeak, gap)
    liquidations.totals.queuePeak = waterfall.queue.peak
  }

  /// Keeps an event.
  mutating func note(
    _ kind: LiquidationEvent.Kind,
    account: Int? = nil,
    venue: Int? = nil,
    amount: Micro,
    _ message: String,
    time: Int64
  ) {
    guard log != nil else { return }
    log?.liquidationEvents.append(
      LiquidationEvent(
        time: time,
        kind: kind,
        venue: venue ?? account.map { input.book.accounts[$0].venue } ?? 0,
        account: account,
        amount: amount,
        message: message
      )
    )
  }
}
