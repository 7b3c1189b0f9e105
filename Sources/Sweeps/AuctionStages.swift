// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Cycles
internal import Numerics
internal import Settings
internal import TextKit

/// Lots of all worlds of one scenario, each scanned once for each clock.
struct AuctionStages: Sendable {
  private let world: WorldStages
  /// By place of the oracle.
  private var tables: [LotTable] = []
  private var falls: [[AccountFall]] = []
  private var bareMembers: [LotTable.Members] = []
  /// By place of protection.
  private(set) var members: [LotTable.Members] = []
  let scans: [LotScan]
  /// By place of protection, nil where it is off.
  private let gains: [AuctionGains?]
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
      let settings = try plan.settings(at: place, of: plan.lotScans).auctions
      return try world.log.measure("lots") { () throws(Failure) in
        try LotScan(
          made[at],
          settings,
          lanes,
          world.tracks[at],
          seed: input.seed,
          scenario: input.scenario
        )
      }
    }
    gains = try stage(plan.protection.count, threads: world.threads) {
      (place: Int) throws(Failure) -> AuctionGains? in
      let cell = plan.protection.cell(at: place)
      let at = plan.oracle.place(of: cell)
      guard world.book.protection(of: cell).settings.isEnabled else { return nil }
      return try world.log.measure("auctions", runs: 0) { () throws(Failure) in
        try AuctionGains(world.runs[place], lanes, world.tracks[at], world.bares[at])
      }
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
    let gains = gains[protection]?.gains(
      estates: run.protectedEstates(members[protection], tables[at], lanes),
      bareEstates: bareEstates[scan]
    )
    return ScenarioParts.Lots(
      totals: run.totals,
      closesPaid: run.closesPaid,
      closesBadDebt: run.closesBadDebt,
      gains: gains ?? ProtectionGains()
    )
  }
}
