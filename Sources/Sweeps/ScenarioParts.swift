// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets
internal import Cycles
internal import Numerics
internal import Settings
internal import TextKit

/// What one scenario came to, stage by stage: the outcome of a cell is put together from the places
/// that its settings have in each.
struct ScenarioParts: Sendable {
  /// Market closes of one place of liquidations.
  struct Closes: Sendable, Equatable {
    var count: Int
    var liquidated: Int128
    var gains: ProtectionGains
  }

  /// Lots of one place of auctions.
  struct Lots: Sendable, Equatable {
    var totals: AuctionTotals
    var closesPaid: Int128
    var closesBadDebt: Int128
    var gains: ProtectionGains
  }

  var durationMilliseconds: Int64
  var protection: [ProtectionTotals]
  var vault: [VaultTotals]
  var closes: [Closes]
  var lots: [Lots]
  var imbalance: UInt128

  /// Runs every stage of one scenario for the cells of a plan.
  init(
    _ plan: StagePlan,
    _ book: BookStages,
    path input: WorldInput,
    threads: Int
  ) throws(Failure) {
    let lanes = book.lanes
    let tracks = try stage(plan.oracle.count, threads: threads) {
      (place: Int) throws(Failure) -> OracleTrack in
      OracleTrack(try plan.settings(at: place, of: plan.oracle).oracle, input)
    }
    let bares = try stage(plan.oracle.count, threads: threads) {
      (place: Int) throws(Failure) -> BareFalls in BareFalls(lanes, tracks[place])
    }
    let runs = try stage(plan.protection.count, threads: threads) {
      (place: Int) throws(Failure) -> ProtectionRun in
      let at = plan.oracle.place(of: plan.protection.cell(at: place))
      return ProtectionRun(book.plans[place], lanes, tracks[at], bares[at])
    }
    let world = WorldStages(plan, book, tracks, bares, runs, threads: threads)
    let vaults = try world.vaults()
    vault = vaults.totals
    imbalance = vaults.imbalance
    let closing = try world.closing(input)
    closes = closing.closes
    lots = closing.lots
    protection = runs.map(\.totals)
    let times = input.path.times
    durationMilliseconds = times[times.count - 1] - times[0]
  }

  /// The outcome of one cell.
  func outcome(of cell: Int, _ plan: StagePlan, _ settings: WorldSettings) -> ScenarioOutcome {
    let closes = closes[plan.liquidations.place(of: cell)]
    let lots = lots[plan.auctions.place(of: cell)]
    return ScenarioOutcome(
      vault: vault[plan.vault.place(of: cell)],
      protection: protection[plan.protection.place(of: cell)],
      auctions: lots.totals,
      liquidations: LiquidationTotals(
        count: closes.count,
        liquidated: closes.liquidated,
        badDebt: lots.closesBadDebt,
        insurancePaid: lots.closesPaid
      ),
      gains: closes.gains + lots.gains,
      durationMilliseconds: durationMilliseconds,
      capital: settings.vault.capital,
      ledgerImbalance: imbalance
    )
  }
}

/// The stages that follow when it is known who falls and when.
private struct WorldStages: Sendable {
  let plan: StagePlan
  let book: BookStages
  let tracks: [OracleTrack]
  let bares: [BareFalls]
  let runs: [ProtectionRun]
  let threads: Int

  init(
    _ plan: StagePlan,
    _ book: BookStages,
    _ tracks: [OracleTrack],
    _ bares: [BareFalls],
    _ runs: [ProtectionRun],
    threads: Int
  ) {
    self.plan = plan
    self.book = book
    self.tracks = tracks
    self.bares = bares
    self.runs = runs
    self.threads = threads
  }

  /// Clusters over time of every place, those over one ground together.
  private func timelines() throws(Failure) -> [ClusterTimeline] {
    struct Ground: Hashable {
      var oracle: Int
      var ground: ObjectIdentifier
    }
    var groups: [Ground: Int] = [:]
    var members: [[Int]] = []
    for place in 0..<plan.clusters.count {
      let key = Ground(
        oracle: plan.oracle.place(of: plan.clusters.cell(at: place)),
        ground: ObjectIdentifier(book.grounds[place])
      )
      if let known = groups[key] {
        members[known].append(place)
      } else {
        groups[key] = members.count
        members.append([place])
      }
    }
    let list = members
    let made = try stage(list.count, threads: threads) {
      (index: Int) throws(Failure) -> [ClusterTimeline] in
      let places = list[index]
      let at = plan.oracle.place(of: plan.clusters.cell(at: places[0]))
      return try ClusterTimeline.of(
        book.grounds[places[0]],
        tracks[at],
        bares[at],
        places.map { runs[plan.protection.place(of: plan.clusters.cell(at: $0))] }
      )
    }
    var timelines: [Int: ClusterTimeline] = [:]
    for (places, found) in zip(list, made) {
      for (place, timeline) in zip(places, found) { timelines[place] = timeline }
    }
    return (0..<plan.clusters.count).compactMap { timelines[$0] }
  }

  /// Vault totals of every place; settings over one timeline run together.
  func vaults() throws(Failure) -> (totals: [VaultTotals], imbalance: UInt128) {
    let timelines = try timelines()
    let flows = tracks.indices.map { FlowMemory(book.lanes, tracks[$0], bares[$0]) }
    var members = timelines.map { _ in [Int]() }
    for place in 0..<plan.vault.count {
      members[plan.clusters.place(of: plan.vault.cell(at: place))].append(place)
    }
    let list = members
    let made = try stage(list.count, threads: threads) {
      (index: Int) throws(Failure) -> VaultRun in
      let cell = plan.clusters.cell(at: index)
      let at = plan.oracle.place(of: cell)
      let run = runs[plan.protection.place(of: cell)]
      var settings: [VaultSettings] = []
      for place in list[index] {
        settings.append(try plan.settings(at: place, of: plan.vault).vault)
      }
      let flow = FlowMemory(flows[at], run)
      return try VaultRun(settings, timelines[index], book.lanes, tracks[at], flow)
    }
    var totals = Array(repeating: VaultTotals(), count: plan.vault.count)
    for (places, run) in zip(list, made) {
      for (place, total) in zip(places, run.totals) { totals[place] = total }
    }
    return (totals, made.reduce(0) { $0 + $1.imbalance })
  }

  /// Market closes and lots of every place.
  func closing(
    _ input: WorldInput
  ) throws(Failure) -> (closes: [ScenarioParts.Closes], lots: [ScenarioParts.Lots]) {
    let lanes = book.lanes
    let bareCloses = try stage(plan.bareCloses.count, threads: threads) {
      (place: Int) throws(Failure) -> MarketCloses in
      let at = plan.oracle.place(of: plan.bareCloses.cell(at: place))
      let settings = try plan.settings(at: place, of: plan.bareCloses).liquidations
      return try MarketCloses(bares[at].unprotected, settings, lanes, tracks[at])
    }
    let closes = try stage(plan.liquidations.count, threads: threads) {
      (place: Int) throws(Failure) -> (closes: MarketCloses, gains: ProtectionGains) in
      let cell = plan.liquidations.cell(at: place)
      let at = plan.oracle.place(of: cell)
      let protection = plan.protection.place(of: cell)
      let settings = try plan.settings(at: place, of: plan.liquidations).liquidations
      let own = try MarketCloses(runs[protection].falls, settings, lanes, tracks[at])
      let gains =
        book.plans[protection].settings.isEnabled
        ? try ProtectionGains.atMarket(runs[protection], settings, lanes, tracks[at], bares[at])
        : ProtectionGains()
      return (bareCloses[plan.bareCloses.place(of: cell)] + own, gains)
    }
    let auctions = try AuctionStages(self, input)
    let lots = try stage(plan.auctions.count, threads: threads) {
      (place: Int) throws(Failure) -> ScenarioParts.Lots in
      let cell = plan.auctions.cell(at: place)
      return try auctions.lots(
        of: cell,
        closes[plan.liquidations.place(of: cell)].closes,
        try plan.settings(at: place, of: plan.auctions).liquidations
      )
    }
    let parts = closes.map {
      ScenarioParts.Closes(
        count: $0.closes.count,
        liquidated: $0.closes.liquidated,
        gains: $0.gains
      )
    }
    return (parts, lots)
  }
}

/// Lots of all worlds of one scenario, each scanned once for each clock.
private struct AuctionStages: Sendable {
  private let world: WorldStages
  /// By place of the oracle.
  private var tables: [LotTable] = []
  private var falls: [[AccountFall]] = []
  private var bareMembers: [LotTable.Members] = []
  /// By place of protection.
  private var members: [LotTable.Members] = []
  private let scans: [LotScan]
  private let bareEstates: [[Int32: Micro]]

  init(_ world: WorldStages, _ input: WorldInput) throws(Failure) {
    self.world = world
    let plan = world.plan
    let lanes = world.book.lanes
    var tables = world.tracks.map { _ in LotTable() }
    var bareMembers: [LotTable.Members] = []
    for at in tables.indices {
      bareMembers.append(
        try tables[at].members(world.bares[at].all(lanes), lanes, world.tracks[at])
      )
    }
    for place in 0..<plan.protection.count {
      let at = plan.oracle.place(of: plan.protection.cell(at: place))
      let all = world.bares[at].unprotected + world.runs[place].falls
      falls.append(all)
      members.append(try tables[at].members(all, lanes, world.tracks[at]))
    }
    let made = tables
    scans = try stage(plan.lotScans.count, threads: world.threads) {
      (place: Int) throws(Failure) -> LotScan in
      let at = plan.oracle.place(of: plan.lotScans.cell(at: place))
      return try LotScan(
        made[at],
        try plan.settings(at: place, of: plan.lotScans).auctions,
        lanes,
        world.tracks[at],
        seed: input.seed,
        scenario: input.scenario
      )
    }
    let scans = scans
    let bare = bareMembers
    bareEstates = try stage(plan.lotScans.count, threads: world.threads) {
      (place: Int) throws(Failure) -> [Int32: Micro] in
      let at = plan.oracle.place(of: plan.lotScans.cell(at: place))
      let run = try AuctionRun(
        bare[at],
        made[at],
        scans[place],
        try MarketCloses([], .none, lanes, world.tracks[at]),
        .none,
        lanes,
        world.tracks[at],
        []
      )
      return run.protectedEstates(bare[at], made[at], lanes)
    }
    self.tables = tables
    self.bareMembers = bareMembers
  }

  func lots(
    of cell: Int,
    _ closes: MarketCloses,
    _ settings: LiquidationSettings
  ) throws(Failure) -> ScenarioParts.Lots {
    let plan = world.plan
    let lanes = world.book.lanes
    let at = plan.oracle.place(of: cell)
    let protection = plan.protection.place(of: cell)
    let scan = plan.lotScans.place(of: cell)
    let run = try AuctionRun(
      members[protection],
      tables[at],
      scans[scan],
      closes,
      settings,
      lanes,
      world.tracks[at],
      falls[protection]
    )
    let gains =
      world.book.plans[protection].settings.isEnabled
      ? try ProtectionGains.atAuction(
        world.runs[protection],
        lanes,
        world.tracks[at],
        world.bares[at],
        estates: run.protectedEstates(members[protection], tables[at], lanes),
        bareEstates: bareEstates[scan]
      ) : ProtectionGains()
    return ScenarioParts.Lots(
      totals: run.totals,
      closesPaid: run.closesPaid,
      closesBadDebt: run.closesBadDebt,
      gains: gains
    )
  }
}
