// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
internal import Markets
package import Numerics
package import TextKit

/// What protection came to in one scenario.
package struct ProtectionTotals: Sendable, Equatable {
  package var deposits = 0
  package var withdrawals = 0
  package var deposited: Int128 = 0
  package var withdrawn: Int128 = 0
  package var peakCommitted: Int128 = 0
  package var exhausted = 0
  package var triggeredAtEntry = 0
  package var walletEmpty = 0
  /// Accounts closed because their protection was exhausted.
  package var closed = 0
  /// Calls of the monitor, where there is a budget of them.
  package var callsMade = 0
  package var callsSkipped = 0
  /// Rounds that the provider refused.
  package var rateLimited = 0

  package init() {}
}

/// Polls protected accounts and moves their collateral (SEMANTICS B12, B13).
package struct ProtectionStage: Sendable {
  let settings: ProtectionSettings
  /// Protected accounts in book order, their limits and states.
  package let protected: [Int]
  let limits: [ProtectionLimits]
  var machines: [ProtectionMachine]
  /// Offset of an account's polls, milliseconds.
  let offsets: [Int64]
  /// When the next adaptive poll is due; the first one is due as a fixed one.
  var nextPoll: [Int64?]
  /// Prices at which a fixed poll of an account does nothing; none until it was polled.
  private var quiet: [QuietRange]
  /// Place among the protected of each account, −1 for the others.
  private let places: [Int32]
  let start: Int64
  /// Whether roots move without deposits, so that no poll can be left out.
  private let rootsMove: Bool
  private var committed: Int128 = 0
  package internal(set) var totals = ProtectionTotals()
  /// Deposits less withdrawals made in this run, by protected account.
  package private(set) var netDeposits: [Int128]
  /// What is not the plain rule; nil where nothing of it is on.
  var monitor: Monitor?
  /// Accounts that this step's polls want closed.
  var closing: [Int] = []

  package init(
    _ settings: ProtectionSettings,
    rootsMove: Bool = false,
    input: WorldInput,
    _ oracle: OracleStage
  ) throws(Failure) {
    self.settings = settings
    self.rootsMove = rootsMove
    let accounts = input.book.accounts
    let table = input.catalogue.assets
    start = input.path.times[0]
    let indices = accounts.indices.filter { accounts[$0].protection.isProtected }
    var limits: [ProtectionLimits] = []
    for index in indices {
      limits.append(
        try ProtectionLimits(accounts[index], settings) { oracle.price(of: $0, in: table) }
      )
    }
    self.limits = limits
    protected = indices
    let wallet = settings.wallet
    machines = indices.map {
      ProtectionMachine(
        deposited: accounts[$0].protection.deposited,
        wallet: wallet > 0 ? wallet : nil
      )
    }
    offsets = indices.map { settings.offset(of: accounts[$0]) }
    nextPoll = Array(repeating: nil, count: indices.count)
    quiet = Array(repeating: .none, count: indices.count)
    netDeposits = Array(repeating: 0, count: indices.count)
    var places = Array(repeating: Int32(-1), count: accounts.count)
    for (place, index) in indices.enumerated() { places[index] = Int32(place) }
    self.places = places
    committed = indices.reduce(0) { $0 + Int128(accounts[$1].protection.deposited) }
    if settings.isEnabled && !settings.monitor.isPlain {
      monitor = Monitor(
        settings.monitor,
        accounts: indices.count,
        assets: table.count,
        start: start
      )
    }
  }

  /// The deposits a protected account stands with once its whole cap is used.
  package func fullDeposit(of account: Int, deposited: Micro) -> Micro {
    let place = Int(places[account])
    return settings.isEnabled && place >= 0 ? max(deposited, limits[place].cap) : deposited
  }

  /// Polls the accounts that are due; returns those whose collateral changed.
  package mutating func poll(
    time: Int64,
    previous: Int64?,
    _ input: WorldInput,
    _ accounts: inout AccountStates,
    _ oracle: OracleStage,
    _ ledger: inout Ledger,
    _ log: inout EventLog?
  ) -> [Int] {
    guard settings.isEnabled else { return [] }
    if previous == nil { countTriggered(input, accounts, oracle) }
    if monitor != nil {
      let changed = pollMonitored(
        time: time,
        previous: previous,
        input,
        &accounts,
        oracle,
        &ledger,
        &log
      )
      totals.peakCommitted = max(totals.peakCommitted, committed)
      return changed
    }
    var changed: [Int] = []
    let isAnyDue =
      settings.isAdaptive || settings.isStaggered
      || settings.isDue(time, previous, start: start)
    if isAnyDue {
      for place in protected.indices {
        let account = protected[place]
        let row = Int(input.affine.firstRow[account])
        if quiet[place].contains(oracle.prices[Int(input.affine.asset[row])]) { continue }
        guard accounts.isOpen[account],
          nextPoll[place].map({ time >= $0 })
            ?? settings.isDue(time, previous, start: start + offsets[place]),
          AccountStates.hasFreshPrices(account, input.affine, oracle)
        else { continue }
        if poll(place, time: time, input, &accounts, oracle, &ledger, &log) {
          changed.append(account)
        }
      }
    }
    totals.peakCommitted = max(totals.peakCommitted, committed)
    return changed
  }

  /// Counts the accounts that stand below their trigger from the start.
  private mutating func countTriggered(
    _ input: WorldInput,
    _ accounts: AccountStates,
    _ oracle: OracleStage
  ) {
    for (place, account) in protected.enumerated()
    where accounts.isOpen[account] && AccountStates.hasFreshPrices(account, input.affine, oracle) {
      let distance = accounts.assessment(of: account, input.affine, oracle)?.distance ?? .infinity
      if distance < limits[place].triggerDistance { totals.triggeredAtEntry += 1 }
    }
  }

  private mutating func poll(
    _ place: Int,
    time: Int64,
    _ input: WorldInput,
    _ accounts: inout AccountStates,
    _ oracle: OracleStage,
    _ ledger: inout Ledger,
    _ log: inout EventLog?
  ) -> Bool {
    let account = protected[place]
    let found = accounts.assessment(of: account, input.affine, oracle)
    if settings.isAdaptive {
      nextPoll[place] = time + ProtectionStage.adaptiveInterval(found?.distance)
    }
    guard let found else { return false }
    let before = machines[place]
    let (state, action) = before.step(distance: found.distance, time: time, limits: limits[place])
    machines[place] = state
    let seen = Sight(
      account: account,
      asset: Int(input.affine.asset[found.row]),
      time: time,
      price: oracle.prices[Int(input.affine.asset[found.row])],
      liquidationPrice: found.assessment.price,
      distance: found.distance
    )
    if state.wasExhausted && !before.wasExhausted { noteExhausted(seen, state.deposited, &log) }
    quiet[place] = QuietRange(
      found.assessment,
      deposited: state.deposited,
      limits: limits[place],
      isFixed: !settings.isAdaptive && !rootsMove && !input.affine.isCoupled(account)
    )
    guard carryOut(action, place, seen, state.deposited, &ledger, &log) else { return false }
    // The root moves with the deposit, so the next poll looks again.
    quiet[place] = .none
    accounts.setDeposited(state.deposited, of: account, input.affine, oracle)
    return true
  }

  /// Takes what returns to the wallet of an account that was closed, and logs it.
  ///
  /// * `reason`: why its owner closed it, which is logged in any case; nil for a liquidation.
  package mutating func close(
    _ account: Int,
    for reason: ProtectionRecord.Event? = nil,
    returned: Micro,
    time: Int64,
    _ input: WorldInput,
    _ accounts: AccountStates,
    _ oracle: OracleStage,
    _ log: inout EventLog?
  ) {
    if reason == .closed { totals.closed += 1 }
    let isServed = settings.isEnabled && places[account] >= 0 && returned > 0
    guard isServed || reason != nil else { return }
    refill(returned)
    guard log != nil, let fall = accounts.falls[account] else { return }
    let asset = Int(input.affine.asset[fall.row])
    let price = oracle.prices[asset]
    var row = ProtectionRecord(
      account: account,
      asset: asset,
      time: time,
      event: reason ?? .returned,
      amount: 0,
      total: returned,
      price: price,
      liquidationPrice: fall.root,
      distance: fall.root.flatMap { root in
        fall.direction.map { $0.distance(of: price, from: root) }
      }
    )
    if reason != nil { log?.protection.append(row) }
    guard isServed else { return }
    (row.event, row.amount, row.total) = (.returned, returned, 0)
    log?.protection.append(row)
  }

  /// Stops counting the deposits of an account that fell as committed.
  package mutating func release(_ account: Int, deposited: Micro) {
    if places[account] >= 0 { committed -= Int128(deposited) }
  }

  /// Moves the money of a deposit, negative for a withdrawal.
  mutating func commit(_ amount: Micro, _ place: Int, _ ledger: inout Ledger) {
    netDeposits[place] += Int128(amount)
    committed += Int128(amount)
    ledger.transfer(amount, from: .protectionWallet, to: .borrower)
  }

  /// Seed 1: above 20 % 300 s, above 10 % 60 s, above 5 % 30 s, else 10 s, in milliseconds.
  static func adaptiveInterval(_ distance: Double?) -> Int64 {
    guard let distance, distance <= 0.2 else { return 300_000 }
    return distance > 0.1 ? 60_000 : distance > 0.05 ? 30_000 : 10_000
  }
}
