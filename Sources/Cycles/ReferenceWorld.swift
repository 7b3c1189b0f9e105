// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
internal import Markets
package import Numerics
package import TextKit

/// The simulated world as a plain loop over steps: the meaning that every faster engine must match.
///
/// At each step, in this order (DESIGN 6): oracle; accruals; lending liquidations; perp
/// liquidations; auctions; protection; vault; bookkeeping. In cascade mode forced flow moves
/// the prices of the steps after it.
package struct ReferenceWorld {
  var input: WorldInput
  var oracle: OracleStage
  var accounts: AccountStates
  var watch: MarginWatch
  var liquidations: LiquidationStage
  var waterfall: WaterfallStage
  private var auctions: AuctionStage
  var protection: ProtectionStage
  private var vault: VaultMachine
  var clusters: ClusterStage
  /// The feedback of forced flow, in cascade mode.
  private var cascade: CascadeStage?
  /// What the monitor knows, where it is behind.
  private var memory: PriceMemory?
  private let settings: WorldSettings
  private let hasVault: Bool
  var ledger = Ledger()
  private var vaultTotals = VaultTotals()
  /// Protection that came back from closed accounts.
  var protectionReturned: Int128 = 0
  var log: EventLog?

  /// Runs one scenario in one cell.
  ///
  /// * `hasVault`: false leaves vault and clusters out, for the world that protection is compared
  ///   with.
  /// * `keepsLog`: whether every event is kept.
  /// - Throws: a data failure for amounts that do not fit, an internal one when the ledger breaks.
  package static func run(
    _ input: WorldInput,
    _ settings: WorldSettings,
    hasVault: Bool = true,
    keepsLog: Bool = false
  ) throws(Failure) -> WorldResult {
    var world = try ReferenceWorld(input, settings, hasVault: hasVault, keepsLog: keepsLog)
    for step in 0..<input.path.stepCount { try world.take(step) }
    return try world.result()
  }

  private init(
    _ input: WorldInput,
    _ settings: WorldSettings,
    hasVault: Bool,
    keepsLog: Bool
  ) throws(Failure) {
    self.input = input
    self.settings = settings
    self.hasVault = hasVault
    oracle = OracleStage(settings.oracle, input: input)
    oracle.advance(to: 0, of: input.path)
    accounts = AccountStates(input, oracle)
    watch = MarginWatch(input, accounts, oracle)
    liquidations = LiquidationStage(settings.liquidations, input: input)
    waterfall = try WaterfallStage(settings.waterfall, input, oracle)
    auctions = try AuctionStage(settings.auctions, input: input)
    protection = try ProtectionStage(settings.protection, input: input, oracle)
    vault = VaultMachine(capital: settings.vault.capital)
    clusters = ClusterStage(settings.clusters, input: input)
    cascade = settings.cascade.map { CascadeStage($0, oracle) }
    let age = settings.vault.entry.priceAgeMilliseconds
    if age > 0 {
      memory = PriceMemory(ageMilliseconds: age, assetCount: oracle.prices.count)
    }
    if keepsLog { log = EventLog() }
    if hasVault {
      try clusters.refresh(time: input.path.times[0], input, accounts, protection, oracle)
    }
  }

  private mutating func take(_ step: Int) throws(Failure) {
    let times = input.path.times
    let time = times[step]
    let next = step + 1 < times.count ? times[step + 1] : nil
    // 1. Oracle.
    if let moved = cascade?.advance(to: step, of: input.path) {
      oracle = moved
    } else {
      oracle.advance(to: step, of: input.path)
    }
    let market = cascade?.market ?? oracle
    // 2. Accruals: none before funding and interest exist.
    // 3. Lending liquidations, 4. perp liquidations.
    try liquidateFallen(step)
    // 5. Auctions.
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
    // 6. Protection.
    let changed = protection.poll(
      time: time,
      previous: step > 0 ? times[step - 1] : nil,
      input,
      &accounts,
      oracle,
      &ledger,
      &log
    )
    for account in changed { watch.update(account, input.affine, accounts, oracle) }
    if hasVault {
      // 7. Vault.
      try moveVault(market, time: time, isLast: next == nil)
      // 8. Bookkeeping.
      try clusters.refresh(time: time, input, accounts, protection, oracle)
    }
    try cascade?.absorb(
      liquidations.flow,
      vault.deployment,
      density: settings.vault.density,
      time: time
    )
    if waterfall.isActive { try endDefence() }
    try ledger.check(step: step)
  }

  private mutating func liquidateFallen(_ step: Int) throws(Failure) {
    if waterfall.isActive { return try defend(step) }
    let found = watch.fallen(input.affine, accounts, oracle)
    let fallen = try liquidations.take(found, input, accounts, oracle)
    let time = input.path.times[step]
    for account in fallen where !isPerp(account) { try liquidate(account, time: time) }
    for account in fallen where isPerp(account) { try liquidate(account, time: time) }
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
      for (lot, leg) in try auctions.open(account, time: time, input, accounts, oracle)
      where log != nil {
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

  private mutating func moveVault(
    _ market: OracleStage,
    time: Int64,
    isLast: Bool
  ) throws(Failure) {
    let flow = liquidations.flow
    let seen = VaultInput(
      time: time,
      isLast: isLast,
      spots: market.prices,
      isStale: market.isStale,
      candidates: clusters.candidates,
      ranks: input.ranks,
      seen: memory?.see(time: time, market.prices, isStale: market.isStale),
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

  private func result() throws(Failure) -> WorldResult {
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
      protectedEquities: equities,
      protectedFalls: protection.protected.map { !accounts.isOpen[$0] },
      netDeposits: protection.netDeposits,
      ledgerImbalance: imbalance,
      cascade: cascade?.totals ?? CascadeTotals(),
      log: events
    )
  }
}

/// Everything that one scenario in one cell came to.
package struct WorldResult: Sendable {
  package var durationMilliseconds: Int64
  package var vault: VaultTotals
  package var protection: ProtectionTotals
  package var auctions: AuctionTotals
  package var liquidations: LiquidationTotals
  /// Equity at the end of each protected account, floored at 0, and whether it fell.
  package var protectedEquities: [Micro]
  package var protectedFalls: [Bool]
  /// Deposits less withdrawals made in the run, by protected account.
  package var netDeposits: [Int128]
  /// Micro-USD made or lost, 0 unless we have a bug.
  package var ledgerImbalance: UInt128
  package var cascade: CascadeTotals
  package var log: EventLog?
}
