// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
internal import Markets
internal import Numerics
package import TextKit

/// The simulated world as a plain loop over steps: the meaning that every faster engine must match.
///
/// Each step walks through the list `StepEffect`. In cascade mode forced flow moves the prices of
/// the steps after it.
package struct ReferenceWorld {
  var input: WorldInput
  var oracle: OracleStage
  var gate: VenueGate
  var accounts: AccountStates
  var watch: MarginWatch
  var liquidations: LiquidationStage
  var waterfall: WaterfallStage
  var auctions: AuctionStage
  var protection: ProtectionStage
  var accruals: AccrualStage
  let stopLosses: StopLossStage
  var vault: VaultMachine
  var clusters: ClusterStage
  /// The feedback of forced flow, in cascade mode.
  var cascade: CascadeStage?
  /// What the monitor knows, where it is behind.
  var memory: PriceMemory?
  let settings: WorldSettings
  let hasVault: Bool
  var ledger = Ledger()
  var vaultTotals = VaultTotals()
  /// Protection that came back from closed accounts.
  var protectionReturned: Int128 = 0
  var log: EventLog?
  /// Accounts that this step liquidates, in the order of risk, and those that owe.
  var due: [Int] = []
  var bankrupt: [Bankrupt] = []
  /// Who is told what happens; nobody but tests.
  let watcher: ((WorldSight) -> Void)?

  /// Runs one scenario in one cell.
  ///
  /// * `hasVault`: false leaves vault and clusters out, for the world that protection is compared
  ///   with.
  /// * `keepsLog`: whether every event is kept.
  /// * `watcher`: is told of every effect and deleveraging; changes nothing.
  /// - Throws: a data failure for amounts that do not fit, an internal one when the ledger breaks.
  package static func run(
    _ input: WorldInput,
    _ settings: WorldSettings,
    hasVault: Bool = true,
    keepsLog: Bool = false,
    watcher: ((WorldSight) -> Void)? = nil
  ) throws(Failure) -> WorldResult {
    var world = try ReferenceWorld(
      input,
      settings,
      hasVault: hasVault,
      keepsLog: keepsLog,
      watcher: watcher
    )
    for step in 0..<input.path.stepCount { try world.take(step) }
    return try world.result()
  }

  private init(
    _ input: WorldInput,
    _ settings: WorldSettings,
    hasVault: Bool,
    keepsLog: Bool,
    watcher: ((WorldSight) -> Void)?
  ) throws(Failure) {
    self.input = input
    self.watcher = watcher
    self.settings = settings
    self.hasVault = hasVault
    oracle = OracleStage(settings.oracle, input: input)
    oracle.advance(to: 0, of: input.path)
    gate = VenueGate(input)
    accounts = AccountStates(input, oracle)
    watch = MarginWatch(input, accounts, oracle)
    liquidations = LiquidationStage(settings.liquidations, input: input)
    waterfall = try WaterfallStage(settings.waterfall, input, oracle)
    auctions = try AuctionStage(settings.auctions, input: input)
    accruals = try AccrualStage(settings.accounts, input: input)
    protection = try ProtectionStage(
      settings.protection,
      rootsMove: settings.accounts.accrues,
      input: input,
      oracle
    )
    stopLosses = StopLossStage(isOn: settings.accounts.hasStopLosses, input: input)
    vault = VaultMachine(capital: settings.vault.capital)
    clusters = ClusterStage(settings.clusters, input: input)
    cascade = settings.cascade.map { CascadeStage($0, oracle) }
    let age = settings.vault.entry.priceAgeMilliseconds
    if age > 0 {
      memory = PriceMemory(ageMilliseconds: age, assetCount: oracle.prices.count)
    }
    if keepsLog { log = EventLog(hasWaterfall: waterfall.isActive) }
    if hasVault {
      try clusters.refresh(time: input.path.times[0], input, accounts, protection, oracle)
    }
  }

  /// The accounts that fall and whose venues take the oracle's prices.
  mutating func fallen(time: Int64) -> [Int] {
    let fallen = watch.fallen(input.affine, accounts, oracle)
    if gate.isOpen { return fallen }
    return fallen.filter { account in
      guard isHeld(account, time: time) else { return true }
      watch.update(account, input.affine, accounts, oracle)
      return false
    }
  }

  /// Whether an account's venue refuses the present prices.
  func isHeld(_ account: Int, time: Int64) -> Bool {
    !gate.isOpen && gate.holds(account, input, oracle, time: time)
  }

  func isPerp(_ account: Int) -> Bool {
    input.book.accounts[account].legs.contains { $0.kind == .perp }
  }

  /// Closes an account at the mark or opens its lots; returns what it paid a keeper.
  @discardableResult
  mutating func liquidate(
    _ account: Int,
    time: Int64,
    costs: CloseCosts? = nil
  ) throws(Failure) -> Micro {
    protection.release(account, deposited: accounts.deposited[account])
    accounts.noteFall(of: account, input.affine, oracle)
    if input.catalogue.venues[input.book.accounts[account].venue].liquidation == .auction {
      liquidations.totals.count += 1
      let interest = accruals.convert(account, &accounts, &ledger)
      for (lot, leg) in try auctions.open(
        account,
        interest: interest,
        time: time,
        input,
        accounts,
        oracle
      ) where log != nil {
        var record = try liquidations.record(
          of: account,
          kind: .auction,
          leg: leg,
          time: time,
          input,
          accounts,
          oracle
        )
        record.lot = lot
        log?.liquidations.append(record)
      }
      accounts.isOpen[account] = false
      return 0
    }
    let (records, returned, rewarded) = try liquidations.closeAtMark(
      account,
      time: time,
      input,
      &accounts,
      oracle,
      &ledger,
      costs: costs
    )
    log?.liquidations += records
    protectionReturned += Int128(returned)
    protection.close(
      account,
      returned: returned,
      time: time,
      input,
      accounts,
      oracle,
      &log
    )
    return rewarded
  }

  mutating func moveVault(
    _ market: OracleStage,
    time: Int64,
    isLast: Bool
  ) throws(Failure) {
    let flow = liquidations.flow
    let seen = VaultInput(
      time: time,
      isLast: isLast,
      spots: market.spots,
      isStale: market.isStale,
      candidates: clusters.candidates,
      ranks: input.ranks,
      seen: memory?.see(time: time, market.spots, isStale: market.isStale),
      landing: Philox(seed: input.seed, scenario: UInt32(input.scenario), stream: .vaultLanding)
    )
    guard
      let cycle = try vault.step(
        seen,
        settings: settings.vault,
        flow: { flow.amount(asset: $0, direction: .below) }
      )
    else { return }
    ledger.transfer(cycle.spent, from: .vault, to: .market)
    ledger.transfer(cycle.proceeds, from: .market, to: .vault)
    ledger.transfer(cycle.fees, from: .market, to: .vault)
    ledger.transfer(cycle.costs, from: .vault, to: .network)
    ledger.transfer(cycle.performanceFee, from: .vault, to: .feeTreasury)
    vaultTotals.add(cycle)
    log?.cycles.append(cycle)
  }
}
