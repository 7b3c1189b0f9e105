// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Cycles
internal import Numerics
internal import Settings
internal import TextKit

/// The keys that some cells need of one stage, in order.
///
/// Here and in all stages a cell is named by its point in the product (`Grid.point(of:)`).
struct StageList: Sendable {
  let keys: StageKeys
  let needed: [Int]
  private let places: [Int: Int]
  /// The first cell with each key; nil when every point is a cell.
  private let firsts: [Int]?

  init(_ grid: Grid, _ cells: [Int], reading stages: Set<Stage>) {
    let keys = StageKeys(grid, reading: stages)
    self.keys = keys
    if cells.count == grid.pointCount {
      needed = Array(0..<keys.count)
      firsts = nil
    } else {
      var found: [Int: Int] = [:]
      for cell in cells where found[keys.key(of: cell)] == nil { found[keys.key(of: cell)] = cell }
      let sorted = found.sorted { $0.key < $1.key }
      needed = sorted.map(\.key)
      firsts = sorted.map(\.value)
    }
    var places: [Int: Int] = [:]
    for (place, key) in needed.enumerated() { places[key] = place }
    self.places = places
  }

  var count: Int { needed.count }

  /// Place of a cell's result.
  func place(of cell: Int) -> Int { places[keys.key(of: cell)] ?? 0 }

  /// A cell that has the result at a place, so that all other stages have its keys too.
  func cell(at place: Int) -> Int { firsts?[place] ?? keys.point(of: needed[place]) }
}

/// The stages of a sweep with what each shares, for cells that agree on the venue file.
///
/// Every list follows from the settings' declarations alone: a stage is run once for each different
/// combination of the settings that it and the stages before it read.
struct StagePlan: Sendable {
  let grid: Grid
  let oracle: StageList
  let protection: StageList
  let clusters: StageList
  let vault: StageList
  let liquidations: StageList
  let auctions: StageList
  /// Results that do not know who is protected: closes and lots of a stage's own settings.
  let bareCloses: StageList
  let lotScans: StageList
  let clusterSettings: StageList
  /// Whole worlds of the cells that no stage can share (`WalkFilter`); they are in no other list.
  let walks: StageList
  private let filter: WalkFilter

  init(_ grid: Grid, _ cells: [Int], _ filter: WalkFilter) {
    self.grid = grid
    self.filter = filter
    let shared = filter.reasons.isEmpty ? cells : cells.filter { !filter.contains($0) }
    let walked = filter.reasons.isEmpty ? [] : cells.filter(filter.contains)
    func list(_ stages: Set<Stage>) -> StageList { StageList(grid, shared, reading: stages) }
    oracle = list(Stage.oracle.closure)
    protection = list(Stage.protection.closure)
    clusters = list(Stage.clusters.closure)
    vault = list(Stage.vault.closure)
    liquidations = list(Stage.liquidations.closure)
    auctions = list(Stage.auctions.closure)
    bareCloses = list([.oracle, .liquidations])
    lotScans = list([.oracle, .auctions])
    clusterSettings = list([.oracle, .clusters])
    walks = StageList(grid, walked, reading: Stage.walked)
  }

  /// Whether a cell is walked.
  func isWalked(_ cell: Int) -> Bool { filter.contains(cell) }

  /// Whether any cell runs through the shared stages.
  var isShared: Bool { vault.count > 0 }

  /// Place of a cell's vault results among those of all cells, shared ones first.
  func vaultPlace(of cell: Int) -> Int {
    isWalked(cell) ? vault.count + walks.place(of: cell) : vault.place(of: cell)
  }

  /// Place of everything else that a cell came to, shared ones first.
  func worldPlace(of cell: Int) -> Int {
    isWalked(cell) ? auctions.count + walks.place(of: cell) : auctions.place(of: cell)
  }

  func settings(at place: Int, of list: StageList) throws(Failure) -> WorldSettings {
    try WorldSettings(grid.settings(of: list.cell(at: place)))
  }
}

/// The results of one stage at every place of its list, filled by several threads.
func stage<Result: Sendable>(
  _ count: Int,
  threads: Int,
  _ body: @Sendable (Int) throws(Failure) -> Result
) throws(Failure) -> [Result] {
  try Parallel.map(count, threads: threads, body)
}

/// What is equal in every scenario that starts at the same prices.
struct BookStages: Sendable {
  let lanes: AccountLanes
  private let plan: StagePlan
  /// By place of protection.
  private let plans: [ProtectionPlan]
  /// By place of clusters.
  private let grounds: [ClusterGround]
  private let ownVaults: [VaultGroup]
  private let ownCascades: CascadePlan

  /// The settings of the vault over the clusters of one place, with their own places.
  struct VaultGroup: Sendable {
    var places: [Int32]
    var plan: VaultPlan
  }

  /// The vault's settings by place of clusters, for a plan of all cells or of some.
  func vaults(of other: StagePlan, threads: Int) throws(Failure) -> [VaultGroup] {
    // Lists of fewer cells are part of ours, so they are equal when they are as long.
    other.vault.count == plan.vault.count && other.clusters.count == plan.clusters.count
      ? ownVaults : try BookStages.vaults(of: other, threads: threads)
  }

  /// The cells in cascade mode, for a plan of all cells or of some.
  func cascades(of other: StagePlan) throws(Failure) -> CascadePlan {
    other.walks.count == ownCascades.count ? ownCascades : try CascadePlan(other, lanes)
  }

  private static func vaults(
    of plan: StagePlan,
    threads: Int
  ) throws(Failure) -> [VaultGroup] {
    var members = (0..<plan.clusters.count).map { _ in [Int32]() }
    for place in 0..<plan.vault.count {
      members[plan.clusters.place(of: plan.vault.cell(at: place))].append(Int32(place))
    }
    let places = members
    return try stage(places.count, threads: threads) {
      (index: Int) throws(Failure) -> VaultGroup in
      var own: [VaultSettings] = []
      for place in places[index] {
        own.append(try plan.settings(at: Int(place), of: plan.vault).vault)
      }
      return VaultGroup(places: places[index], plan: VaultPlan(own))
    }
  }

  /// What a cell's accounts may do under protection.
  func protection(of cell: Int) -> ProtectionPlan { plans[plan.protection.place(of: cell)] }

  /// What a cell's clusters are made over.
  func ground(of cell: Int) -> ClusterGround { grounds[plan.clusters.place(of: cell)] }

  init(_ plan: StagePlan, _ input: WorldInput, threads: Int) throws(Failure) {
    let lanes = AccountLanes(input)
    let plans = try stage(plan.protection.count, threads: threads) {
      (place: Int) throws(Failure) -> ProtectionPlan in
      let settings = try plan.settings(at: place, of: plan.protection)
      return try ProtectionPlan(settings.protection, lanes)
    }
    // Clusters see of protection only the caps.
    var places: [GroundKey: Int] = [:]
    var makers: [Int] = []
    var groundOf: [Int] = []
    for place in 0..<plan.clusters.count {
      let cell = plan.clusters.cell(at: place)
      let key = GroundKey(
        clusters: plan.clusterSettings.place(of: cell),
        caps: plans[plan.protection.place(of: cell)].settings.capTerms
      )
      if let known = places[key] {
        groundOf.append(known)
      } else {
        places[key] = makers.count
        groundOf.append(makers.count)
        makers.append(place)
      }
    }
    let list = makers
    let made = try stage(list.count, threads: threads) {
      (index: Int) throws(Failure) -> ClusterGround in
      let settings = try plan.settings(at: list[index], of: plan.clusters)
      let cell = plan.clusters.cell(at: list[index])
      return try ClusterGround(
        settings.clusters,
        lanes,
        plans[plan.protection.place(of: cell)]
      )
    }
    ownVaults = try BookStages.vaults(of: plan, threads: threads)
    ownCascades = try CascadePlan(plan, lanes)
    self.lanes = lanes
    self.plan = plan
    self.plans = plans
    grounds = groundOf.map { made[$0] }
  }

  private struct GroundKey: Hashable {
    var clusters: Int
    var caps: ProtectionSettings.CapTerms
  }
}
