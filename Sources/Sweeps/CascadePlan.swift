// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Clusters
internal import Cycles
internal import TextKit

/// The cells in cascade mode that need no walk through the reference world, sorted once for all
/// scenarios that start at the same prices.
///
/// The order in which accounts fall, and the sums over it, are made once for all cells that agree
/// on their clusters; cells that differ only in the vault's settings run together (`CascadeRun`).
struct CascadePlan: Sendable {
  /// Cells that agree on everything that moves prices.
  private struct Key: Hashable {
    var oracle: OracleSettings
    var clusters: ClusterSettings
    var cascade: CascadeSettings
  }

  private struct Group: Sendable {
    var key: Key
    var ground: CascadeGround
    var vaults: VaultPlan
    /// Places among the walks of the plan.
    var places: [Int]
  }

  private let groups: [Group]
  /// How many walks the plan has.
  let count: Int

  /// Prepares what the walked cells of a plan need.
  init(_ plan: StagePlan, _ lanes: AccountLanes) throws(Failure) {
    count = plan.walks.count
    var numbers: [Key: Int] = [:]
    var members: [(key: Key, vaults: [VaultSettings], places: [Int])] = []
    for place in 0..<plan.walks.count {
      let settings = try plan.settings(at: place, of: plan.walks)
      // Nothing but the cascade may keep a cell from the shared stages.
      guard let cascade = settings.cascade,
        settings.walkReasons(lanes.catalogue) == ["cascade"],
        CascadeGround.obstacle(lanes, settings) == nil
      else { continue }
      let key = Key(oracle: settings.oracle, clusters: settings.clusters, cascade: cascade)
      let number = numbers[key] ?? members.count
      if number == members.count {
        numbers[key] = number
        members.append((key, [], []))
      }
      members[number].vaults.append(settings.vault)
      members[number].places.append(place)
    }
    var grounds: [ClusterSettings: CascadeGround] = [:]
    var groups: [Group] = []
    for (key, vaults, places) in members {
      var ground = grounds[key.clusters]
      if ground == nil { ground = try CascadeGround(key.clusters, lanes) }
      guard let ground else { continue }
      grounds[key.clusters] = ground
      groups.append(Group(key: key, ground: ground, vaults: VaultPlan(vaults), places: places))
    }
    self.groups = groups
  }

  /// Runs the cells along one path; nil at the places of walks that are the reference world's.
  func run(
    _ input: WorldInput,
    _ log: StageLog,
    threads: Int
  ) throws(Failure) -> [ScenarioParts.Walk?] {
    var walks: [ScenarioParts.Walk?] = Array(repeating: nil, count: count)
    let jobs = log.measure("cascade", runs: 0) { makeJobs(input) }
    // Few large parts, so that the walks of a part have company.
    let parts = min(jobs.count, threads == 1 ? 1 : 4 * threads)
    let runs = try stage(parts, threads: threads) {
      (part: Int) throws(Failure) -> [[CascadeOutcome]] in
      let own = jobs[part * jobs.count / parts..<(part + 1) * jobs.count / parts]
      let cells = own.reduce(0) { $0 + $1.group.places.count }
      return try log.measure("cascade", runs: cells) { () throws(Failure) in
        try CascadeRun(own.map(\.job)).outcomes
      }
    }
    for (job, outcomes) in zip(jobs, runs.joined()) {
      for (place, outcome) in zip(job.group.places, outcomes) {
        walks[place] = ScenarioParts.Walk(
          vault: outcome.vault,
          liquidations: outcome.liquidations,
          cascade: outcome.totals,
          imbalance: outcome.imbalance
        )
      }
    }
    return walks
  }

  /// The groups whose oracle is never silent along a path.
  private func makeJobs(_ input: WorldInput) -> [(group: Group, job: CascadeJob)] {
    struct PathKey: Hashable {
      var oracle: OracleSettings
      var clusters: ClusterSettings
      var halfLifeSeconds: Double
    }
    var tracks: [OracleSettings: OracleTrack] = [:]
    var paths: [PathKey: CascadePath] = [:]
    var jobs: [(group: Group, job: CascadeJob)] = []
    for group in groups {
      let key = group.key
      let track = tracks[key.oracle] ?? OracleTrack(key.oracle, input)
      tracks[key.oracle] = track
      if track.hasGaps { continue }
      let pathKey = PathKey(
        oracle: key.oracle,
        clusters: key.clusters,
        halfLifeSeconds: key.cascade.halfLifeSeconds
      )
      let path =
        paths[pathKey]
        ?? CascadePath(group.ground, track, halfLifeSeconds: key.cascade.halfLifeSeconds)
      paths[pathKey] = path
      jobs.append((group, CascadeJob(path, key.cascade, group.vaults)))
    }
    return jobs
  }
}
