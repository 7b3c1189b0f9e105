// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Clusters
internal import Cycles
internal import TextKit

/// The fast way of cascade cells along one path: `CascadeRun` where book, settings and path allow
/// it, nil where the reference world has to walk.
///
/// The order in which accounts fall, and the sums over it, are made once for all cells that agree
/// on their clusters; a cell is then walked from event to event.
struct CascadeLanes: Sendable {
  private let lanes: AccountLanes
  private let input: WorldInput
  private let tracks: [(settings: OracleSettings, track: OracleTrack)]
  private let grounds: [(settings: ClusterSettings, ground: CascadeGround)]

  /// Prepares what the walked cells of a plan need.
  init(
    _ plan: StagePlan,
    _ lanes: AccountLanes,
    _ input: WorldInput,
    _ log: StageLog
  ) throws(Failure) {
    self.lanes = lanes
    self.input = input
    var tracks: [(settings: OracleSettings, track: OracleTrack)] = []
    var grounds: [(settings: ClusterSettings, ground: CascadeGround)] = []
    for place in 0..<plan.walks.count {
      let settings = try plan.settings(at: place, of: plan.walks)
      guard CascadeLanes.fits(settings, lanes, input) else { continue }
      if !tracks.contains(where: { $0.settings == settings.oracle }) {
        tracks.append((settings.oracle, OracleTrack(settings.oracle, input)))
      }
      if !grounds.contains(where: { $0.settings == settings.clusters }) {
        grounds.append((settings.clusters, try CascadeGround(settings.clusters, lanes)))
      }
    }
    self.tracks = tracks
    self.grounds = grounds
  }

  /// Whether nothing but the cascade keeps a cell from the shared stages, and lanes can have it.
  private static func fits(
    _ settings: WorldSettings,
    _ lanes: AccountLanes,
    _ input: WorldInput
  ) -> Bool {
    settings.walkReasons(input.catalogue) == ["cascade"]
      && CascadeGround.obstacle(lanes, settings) == nil
  }

  /// The outcome of a cell, nil where it has to be walked.
  func run(_ settings: WorldSettings, _ log: StageLog) throws(Failure) -> ScenarioParts.Walk? {
    guard let cascade = settings.cascade,
      CascadeLanes.fits(settings, lanes, input),
      let track = tracks.first(where: { $0.settings == settings.oracle })?.track, !track.hasGaps,
      let ground = grounds.first(where: { $0.settings == settings.clusters })?.ground
    else { return nil }
    return try log.measure("cascade") { () throws(Failure) in
      let run = try CascadeRun(ground, track, settings.vault, cascade)
      return ScenarioParts.Walk(
        vault: run.vaultTotals,
        liquidations: run.liquidations,
        cascade: run.totals,
        imbalance: run.imbalance
      )
    }
  }
}
