// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets
internal import Cycles
internal import Numerics
internal import TextKit

/// What one scenario came to, stage by stage: the outcome of a cell is put together from the places
/// that its settings have in each.
struct ScenarioParts: Sendable {
  /// Market closes of one place of liquidations.
  struct Closes: Sendable, Equatable {
    var count = 0
    var liquidated: Int128 = 0
    var gains = ProtectionGains()
  }

  /// Lots of one place of auctions, without their times.
  struct Lots: Sendable, Equatable {
    var totals = AuctionTotals()
    var closesPaid: Int128 = 0
    var closesBadDebt: Int128 = 0
    var gains = ProtectionGains()
  }

  /// A whole world that was walked.
  struct Walk: Sendable, Equatable {
    var vault = VaultTotals()
    var protection = ProtectionTotals()
    var auctions = AuctionTotals()
    var liquidations = LiquidationTotals()
    var accruals = AccrualTotals()
    var gains = ProtectionGains()
    var cascade = CascadeTotals()
    var imbalance: UInt128 = 0
  }

  var durationMilliseconds: Int64 = 0
  var imbalance: UInt128 = 0
  var protection: [ProtectionTotals]
  var vault: [VaultTotals]
  var closes: [Closes]
  var lots: [Lots]
  /// Seconds to acceptance of every lot of the scenario, by place of the lot scans.
  var clearTables: [[Double]]
  /// Which of those lots a world opens, by place of protection.
  var clearMembers: [[Range<Int32>]]
  /// Worlds that no stage can share.
  var walks: [Walk]

  /// Parts of a plan to be filled.
  init(_ plan: StagePlan) {
    protection = Array(repeating: ProtectionTotals(), count: plan.protection.count)
    vault = Array(repeating: VaultTotals(), count: plan.vault.count)
    closes = Array(repeating: Closes(), count: plan.liquidations.count)
    lots = Array(repeating: Lots(), count: plan.auctions.count)
    clearTables = Array(repeating: [], count: plan.lotScans.count)
    clearMembers = Array(repeating: [], count: plan.protection.count)
    walks = Array(repeating: Walk(), count: plan.walks.count)
  }

  /// Runs every stage of one scenario for the cells of a plan.
  init(
    _ plan: StagePlan,
    _ book: BookStages,
    path input: WorldInput,
    _ log: StageLog,
    threads: Int
  ) throws(Failure) {
    self.init(plan)
    let times = input.path.times
    durationMilliseconds = times[times.count - 1] - times[0]
    if plan.walks.count > 0 { try walk(plan, book, input, log, threads: threads) }
    guard plan.isShared else { return }
    let lanes = book.lanes
    let tracks = try stage(plan.oracle.count, threads: threads) {
      (place: Int) throws(Failure) -> OracleTrack in
      let settings = try plan.settings(at: place, of: plan.oracle).oracle
      return log.measure("oracle") { OracleTrack(settings, input) }
    }
    let bares = try stage(plan.oracle.count, threads: threads) {
      (place: Int) throws(Failure) -> BareFalls in
      log.measure("falls") { BareFalls(lanes, tracks[place]) }
    }
    let runs = try stage(plan.protection.count, threads: threads) {
      (place: Int) throws(Failure) -> ProtectionRun in
      let cell = plan.protection.cell(at: place)
      let at = plan.oracle.place(of: cell)
      return log.measure("protection") {
        ProtectionRun(book.protection(of: cell), lanes, tracks[at], bares[at])
      }
    }
    let world = WorldStages(plan, book, tracks, bares, runs, log, threads: threads)
    (vault, imbalance) = try world.vaults()
    try world.closing(input, into: &self)
    protection = runs.map(\.totals)
  }

  /// Runs the worlds that no stage can share, once for each combination of what they read.
  private mutating func walk(
    _ plan: StagePlan,
    _ book: BookStages,
    _ input: WorldInput,
    _ log: StageLog,
    threads: Int
  ) throws(Failure) {
    let cascades = try book.cascades(of: plan).run(input, log, threads: threads)
    walks = try stage(plan.walks.count, threads: threads) {
      (place: Int) throws(Failure) -> Walk in
      if let walk = cascades[place] { return walk }
      let settings = try plan.settings(at: place, of: plan.walks)
      let outcome = try log.measure("walks") { () throws(Failure) in
        try SweepEngine.outcome(input, settings, keepsLog: false).outcome
      }
      return Walk(
        vault: outcome.vault,
        protection: outcome.protection,
        auctions: outcome.auctions,
        liquidations: outcome.liquidations,
        accruals: outcome.accruals,
        gains: outcome.gains,
        cascade: outcome.cascade,
        imbalance: outcome.ledgerImbalance
      )
    }
  }

  /// Takes the parts that another plan needs of these.
  func restricted(from plan: StagePlan, to other: StagePlan) -> ScenarioParts {
    var parts = ScenarioParts(other)
    parts.take(self, from: plan, to: other, places: other)
    return parts
  }

  /// Takes over the parts of a plan whose cells are among those of this one.
  mutating func fill(_ parts: ScenarioParts, of plan: StagePlan, into own: StagePlan) {
    take(parts, from: plan, to: own, places: plan)
  }

  /// Copies every place of `places` from one plan's parts.
  private mutating func take(
    _ parts: ScenarioParts,
    from plan: StagePlan,
    to own: StagePlan,
    places: StagePlan
  ) {
    durationMilliseconds = parts.durationMilliseconds
    imbalance = parts.imbalance
    func copy(
      _ list: (StagePlan) -> StageList,
      _ assign: (_ target: Int, _ source: Int) -> Void
    ) {
      let (from, to, wanted) = (list(plan), list(own), list(places))
      for place in 0..<wanted.count {
        let cell = wanted.cell(at: place)
        assign(to.place(of: cell), from.place(of: cell))
      }
    }
    copy(\.protection) { protection[$0] = parts.protection[$1] }
    copy(\.protection) { clearMembers[$0] = parts.clearMembers[$1] }
    copy(\.vault) { vault[$0] = parts.vault[$1] }
    copy(\.liquidations) { closes[$0] = parts.closes[$1] }
    copy(\.auctions) { lots[$0] = parts.lots[$1] }
    copy(\.lotScans) { clearTables[$0] = parts.clearTables[$1] }
    copy(\.walks) { walks[$0] = parts.walks[$1] }
  }

  /// The outcome of one cell.
  func outcome(of cell: Int, _ plan: StagePlan, capital: Micro) -> ScenarioOutcome {
    if plan.isWalked(cell) {
      let walk = walks[plan.walks.place(of: cell)]
      var outcome = ScenarioOutcome(
        vault: walk.vault,
        protection: walk.protection,
        auctions: walk.auctions,
        liquidations: walk.liquidations,
        gains: walk.gains,
        durationMilliseconds: durationMilliseconds,
        capital: capital,
        ledgerImbalance: walk.imbalance,
        cascade: walk.cascade
      )
      outcome.accruals = walk.accruals
      return outcome
    }
    let closes = closes[plan.liquidations.place(of: cell)]
    let lots = lots[plan.auctions.place(of: cell)]
    let protectionPlace = plan.protection.place(of: cell)
    var auctions = lots.totals
    auctions.clearing = ClearingTimes(
      table: clearTables[plan.lotScans.place(of: cell)],
      members: clearMembers[protectionPlace]
    )
    return ScenarioOutcome(
      vault: vault[plan.vault.place(of: cell)],
      protection: protection[protectionPlace],
      auctions: auctions,
      liquidations: LiquidationTotals(
        count: closes.count,
        liquidated: closes.liquidated,
        badDebt: lots.closesBadDebt,
        insurancePaid: lots.closesPaid
      ),
      gains: closes.gains + lots.gains,
      durationMilliseconds: durationMilliseconds,
      capital: capital,
      ledgerImbalance: imbalance
    )
  }
}
