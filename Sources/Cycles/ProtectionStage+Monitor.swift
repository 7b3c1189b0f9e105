// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
internal import Numerics

/// Polls of a monitor that has a budget of calls, sees prices and accounts of some age, or moves
/// its limits (seed 1, rate limits and future enhancements).
extension ProtectionStage {
  /// One step of such a monitor; returns the accounts whose collateral changed.
  ///
  /// Order: trades, price service, reconciliation; reads of the accounts that are due; actions in
  /// book order; snapshots and queries.
  mutating func pollMonitored(
    time: Int64,
    previous: Int64?,
    _ input: WorldInput,
    _ accounts: inout AccountStates,
    _ oracle: OracleStage,
    _ ledger: inout Ledger,
    _ log: inout EventLog?
  ) -> [Int] {
    guard var monitor else { return [] }
    closing = []
    let past = monitor.begin(
      time: time,
      previous: previous,
      oracle,
      isSpread: settings.isStaggered && !settings.monitor.isShared
    )
    if let past { log?.protection.append(.ofMonitor(.stats, .stats(past), time: time)) }
    let open = protected.count { accounts.isOpen[$0] }
    let isReconciled = monitor.serve(
      time: time,
      previous: previous,
      openAccounts: open,
      oracle
    )
    let due = protected.indices.filter { place in
      isDue(place, time, previous, monitor, isReconciled)
        && isWatched(place, input, accounts, oracle)
    }
    self.monitor = monitor
    let seen = readable(due, time: time, &log)
    var changed: [Int] = []
    for place in due where seen.contains(place) {
      if act(place, time: time, input, &accounts, oracle, &ledger, &log) {
        changed.append(protected[place])
      }
    }
    self.monitor?.analyse(time: time, previous: previous, openAccounts: open)
    if let calls = self.monitor?.overrun() {
      log?.protection.append(.ofMonitor(.budgetExceeded, .exceeded(calls: calls), time: time))
    }
    return changed
  }

  /// Whether an account's poll is due: with the reconciliation, by its own distance, or at its
  /// period; half as often in a minute after one that went beyond its budget.
  private func isDue(
    _ place: Int,
    _ time: Int64,
    _ previous: Int64?,
    _ monitor: Monitor,
    _ isReconciled: Bool
  ) -> Bool {
    if settings.monitor.isShared { return isReconciled }
    let isDue =
      nextPoll[place].map { time >= $0 }
      ?? settings.isDue(time, previous, start: start + offsets[place])
    guard isDue, monitor.budget.isReduced, let last = monitor.lastPoll[place] else { return isDue }
    let interval = nextPoll[place].map { $0 - last } ?? settings.pollMilliseconds
    return time - last >= 2 * interval
  }

  /// Whether the account is one to look at: open, with present prices, and not filtered out.
  private func isWatched(
    _ place: Int,
    _ input: WorldInput,
    _ accounts: AccountStates,
    _ oracle: OracleStage
  ) -> Bool {
    let account = protected[place]
    guard accounts.isOpen[account],
      AccountStates.hasFreshPrices(account, input.affine, oracle)
    else { return false }
    guard settings.monitor.isFiltered else { return true }
    let machine = machines[place]
    let canDeposit = machine.deposited < limits[place].cap
    let canWithdraw = machine.deposited > 0 && limits[place].canWithdraw
    return !input.affine.isEmpty[account] && (canDeposit || canWithdraw)
  }

  /// Makes the calls that the due polls need, a batch after the other.
  ///
  /// A batch needs a call where any of its accounts must be read, and one more where prices are
  /// read with it. What is refused is skipped until its next poll; a limit of the provider ends
  /// the round.
  private mutating func readable(
    _ due: [Int],
    time: Int64,
    _ log: inout EventLog?
  ) -> Set<Int> {
    guard var monitor else { return [] }
    defer { self.monitor = monitor }
    guard monitor.settings.countsCalls, !monitor.settings.isShared else { return Set(due) }
    var seen: Set<Int> = []
    var refusal: CallBudget.Answer?
    var hasAsked = false
    var isWaiting = monitor.backOff.isWaiting(at: time)
    for first in stride(from: 0, to: due.count, by: monitor.settings.batch) {
      let batch = due[first..<min(first + monitor.settings.batch, due.count)]
      let cost =
        (batch.contains { needsReading($0, monitor, time) } ? 1 : 0)
        + (monitor.settings.priceAgeMilliseconds == 0 ? 1 : 0)
      var isSeen = cost == 0
      if !isSeen, !isWaiting {
        let answer = monitor.call(.check, count: cost)
        isSeen = answer == .made
        hasAsked = true
        if answer == .limited { isWaiting = true }
        if !isSeen { refusal = answer }
      }
      if isSeen {
        totals.callsMade += cost
        seen.formUnion(batch)
      } else {
        totals.callsSkipped += cost
        for place in batch { postpone(place, time) }
      }
    }
    if refusal == .limited {
      limit(&monitor, time, &log)
    } else if refusal == .skipped {
      log?.protection.append(.ofMonitor(.skipped, .skipping(.check), time: time))
    } else if hasAsked {
      monitor.backOff = monitor.backOff.after(success: true, at: time)
    }
    return seen
  }

  /// Backs off after a refusal of the provider.
  private mutating func limit(_ monitor: inout Monitor, _ time: Int64, _ log: inout EventLog?) {
    totals.rateLimited += 1
    monitor.backOff = monitor.backOff.after(success: false, at: time)
    let wait = monitor.backOff.milliseconds
    log?.protection.append(
      .ofMonitor(.rateLimited, .backingOff(milliseconds: wait), time: time)
    )
  }

  /// An adaptive poll that was not made is due again after the interval that it had.
  private mutating func postpone(_ place: Int, _ time: Int64) {
    guard settings.isAdaptive, let next = nextPoll[place] else { return }
    let interval = monitor?.lastPoll[place].map { next - $0 } ?? settings.pollMilliseconds
    nextPoll[place] = time + max(1, interval)
  }

  private func needsReading(_ place: Int, _ monitor: Monitor, _ time: Int64) -> Bool {
    guard let seen = monitor.roots[place] else { return true }
    return time - seen.readAt >= monitor.settings.accountAgeMilliseconds
  }

  /// Looks at an account as the monitor sees it and does what has to be done.
  private mutating func act(
    _ place: Int,
    time: Int64,
    _ input: WorldInput,
    _ accounts: inout AccountStates,
    _ oracle: OracleStage,
    _ ledger: inout Ledger,
    _ log: inout EventLog?
  ) -> Bool {
    let account = protected[place]
    // Nothing may hold the monitor while its arrays change, or they would be copied.
    if monitor.map({ $0.settings.isShared || needsReading(place, $0, time) }) ?? false {
      let found = accounts.assessment(of: account, input.affine, oracle)
      monitor?.roots[place] = Monitor.SeenRoot(
        row: found?.row ?? 0,
        assessment: found?.assessment,
        readAt: time
      )
    }
    if settings.monitor.countsCalls { monitor?.stats.checked += 1 }
    monitor?.lastPoll[place] = time
    guard let monitor else { return false }
    let known = monitor.roots[place]
    let asset = known.map { Int(input.affine.asset[$0.row]) } ?? 0
    let distance = known?.assessment.flatMap { $0.distance(at: monitor.prices[asset]) }
    if settings.isAdaptive, !monitor.settings.isShared {
      nextPoll[place] = time + ProtectionStage.adaptiveInterval(distance)
    }
    guard let known, let distance, !monitor.hasStalePrices(at: time) else { return false }
    let sigma = monitor.volatilities[asset].sigma(
      windowSeconds: monitor.settings.volatilityWindowSeconds
    )
    let own = limits[place]
      .widened(by: sigma, multiple: monitor.settings.volatilityMultiple)
      .scaled(by: monitor.settings.incrementScale, at: distance)
    var before = machines[place]
    if monitor.settings.pool > 0 { before.wallet = monitor.pool }
    var (state, action) = before.step(distance: distance, time: time, limits: own)
    let seen = Sight(
      account: account,
      asset: asset,
      time: time,
      price: monitor.prices[asset],
      liquidationPrice: known.assessment?.price,
      distance: distance
    )
    let isNewlyExhausted = state.wasExhausted && !before.wasExhausted
    if !pay(for: action, time, &log) {
      state = before
      state.wasExhausted = state.wasExhausted || isNewlyExhausted
      action = .none
    }
    if isNewlyExhausted { noteExhausted(seen, state.deposited, &log) }
    machines[place] = state
    let hasChanged = carryOut(action, place, seen, state.deposited, &ledger, &log)
    settle(action, closing: action == .walletEmpty || isNewlyExhausted ? place : nil)
    if hasChanged { accounts.setDeposited(state.deposited, of: account, input.affine, oracle) }
    return hasChanged
  }

  /// Makes the call of an action; false when it was refused and nothing may happen.
  private mutating func pay(
    for action: ProtectionAction,
    _ time: Int64,
    _ log: inout EventLog?
  ) -> Bool {
    let priority: CallPriority
    switch action {
    case .none, .walletEmpty: return true
    case .deposit: priority = .deposit
    case .withdraw: priority = .check
    }
    guard var monitor, monitor.settings.countsCalls else { return true }
    defer { self.monitor = monitor }
    if monitor.backOff.isWaiting(at: time) {
      totals.callsSkipped += 1
      return false
    }
    let answer = monitor.call(priority)
    switch answer {
    case .made:
      totals.callsMade += 1
      return true
    case .skipped: log?.protection.append(.ofMonitor(.skipped, .skipping(priority), time: time))
    case .limited: limit(&monitor, time, &log)
    }
    totals.callsSkipped += 1
    return false
  }

  /// Keeps pool and counts, and asks for the close of an account that has nothing left to add.
  private mutating func settle(_ action: ProtectionAction, closing place: Int?) {
    switch action {
    case .none, .walletEmpty: break
    case .deposit(let amount):
      if settings.monitor.pool > 0 { monitor?.pool -= amount }
      if settings.monitor.countsCalls { monitor?.stats.deposits += 1 }
    case .withdraw(let amount):
      refill(amount)
      if settings.monitor.countsCalls { monitor?.stats.withdrawals += 1 }
    }
    guard let place, settings.monitor.closesExhausted else { return }
    closing.append(protected[place])
    // A trade: nothing may delay it.
    guard settings.monitor.countsCalls else { return }
    totals.callsMade += 1
    monitor?.trade()
  }
}
