// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Cycles
internal import Numerics
internal import Settings
internal import TextKit

/// The stages that follow when it is known who falls and when.
struct WorldStages: Sendable {
  let plan: StagePlan
  let book: BookStages
  let tracks: [OracleTrack]
  let bares: [BareFalls]
  let runs: [ProtectionRun]
  let log: StageLog
  let threads: Int

  init(
    _ plan: StagePlan,
    _ book: BookStages,
    _ tracks: [OracleTrack],
    _ bares: [BareFalls],
    _ runs: [ProtectionRun],
    _ log: StageLog,
    threads: Int
  ) {
    self.plan = plan
    self.book = book
    self.tracks = tracks
    self.bares = bares
    self.runs = runs
    self.log = log
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
        ground: ObjectIdentifier(book.ground(of: plan.clusters.cell(at: place)))
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
      return try log.measure("clusters", runs: places.count) { () throws(Failure) in
        try ClusterTimeline.of(
          book.ground(of: plan.clusters.cell(at: places[0])),
          tracks[at],
          bares[at],
          places.map { runs[plan.protection.place(of: plan.clusters.cell(at: $0))] }
        )
      }
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
    let vaults = try book.vaults(of: plan, threads: threads)
    let made = try stage(timelines.count, threads: threads) {
      (index: Int) throws(Failure) -> VaultRun in
      let cell = plan.clusters.cell(at: index)
      let at = plan.oracle.place(of: cell)
      let run = runs[plan.protection.place(of: cell)]
      let own = vaults[index]
      let flow = FlowMemory(flows[at], run)
      return try log.measure("vault", runs: own.plan.count) { () throws(Failure) in
        try VaultRun(own.plan, timelines[index], book.lanes, tracks[at], flow)
      }
    }
    var totals = Array(repeating: VaultTotals(), count: plan.vault.count)
    for (own, run) in zip(vaults, made) {
      for (place, total) in zip(own.places, run.totals) { totals[Int(place)] = total }
    }
    return (totals, made.reduce(0) { $0 + $1.imbalance })
  }

  /// Market closes and lots of every place.
  func closing(_ input: WorldInput, into parts: inout ScenarioParts) throws(Failure) {
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
      return try log.measure("liquidations") { () throws(Failure) in
        let own = try MarketCloses(runs[protection].falls, settings, lanes, tracks[at])
        let gains =
          book.protection(of: cell).settings.isEnabled
          ? try ProtectionGains.atMarket(runs[protection], settings, lanes, tracks[at], bares[at])
          : ProtectionGains()
        return (bareCloses[plan.bareCloses.place(of: cell)] + own, gains)
      }
    }
    let auctions = try AuctionStages(self, input)
    parts.lots = try stage(plan.auctions.count, threads: threads) {
      (place: Int) throws(Failure) -> ScenarioParts.Lots in
      let cell = plan.auctions.cell(at: place)
      let settings = try plan.settings(at: place, of: plan.auctions).liquidations
      return try log.measure("auctions") { () throws(Failure) in
        try auctions.lots(
          of: cell,
          closes[plan.liquidations.place(of: cell)].closes,
          settings
        )
      }
    }
    parts.closes = closes.map {
      ScenarioParts.Closes(
        count: $0.closes.count,
        liquidated: $0.closes.liquidated,
        gains: $0.gains
      )
    }
    parts.clearTables = auctions.scans.map(\.seconds)
    parts.clearMembers = auctions.members.map(\.lots)
  }
}
