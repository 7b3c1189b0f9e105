// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Clusters
internal import Cycles
internal import Inputs
internal import Liquidation
internal import Markets
internal import Numerics
internal import Reports
internal import Results
internal import Settings
internal import Sweeps
internal import TextKit

/// What a report shows of the inputs of a sweep, where they are still as they were.
enum ReportInputs {
  /// The plan of a finished sweep; nil when the spec or an input is gone or has changed.
  static func plan(_ manifest: Manifest, spec: String?) -> SweepPlan? {
    let place = spec ?? manifest.spec.name
    guard manifest.spec.isUnchanged(at: place),
      manifest.inputs.allSatisfy({ $0.name != "-" && $0.isUnchanged(at: $0.name) })
    else { return nil }
    // What cannot be read any more is missing, not wrong: the results are there all the same.
    guard let read = try? SweepSpec.read(place, sample: manifest.sample) else { return nil }
    return try? SweepPlan(read)
  }

  /// Clusters at the first prices, price paths and settings.
  static func scene(_ plan: SweepPlan) throws(Failure) -> ReportScene {
    let table = plan.catalogue.assets
    var bins: [ReportScene.Bin] = []
    var spots: [String: Double] = [:]
    if let snapshot = firstPrices(plan) {
      let settings = plan.spec.grid.base
      let book = plan.inputs.book
      let result = try BookClusters.compute(
        book: book,
        compiled: try AffineBook(compiling: book, catalogue: plan.catalogue, snapshot: snapshot),
        catalogue: plan.catalogue,
        snapshot: snapshot,
        settings: try ClusterSettings(SettingsView(settings, for: .clusters)),
        protection: try ProtectionSettings(SettingsView(settings, for: .protection)),
        slot: plan.inputs.slot0,
        threads: Parallel.threads(0)
      )
      for cluster in result.clusters {
        let symbol = table[cluster.asset].symbol
        spots[symbol] = snapshot.prices[cluster.asset]
        bins.append(
          ReportScene.Bin(
            asset: symbol,
            isBelow: cluster.direction == .below,
            low: cluster.low,
            high: cluster.high,
            forcedSizeUSD: nearestDouble(cluster.forcedSize) / 1e6,
            confidence: cluster.confidence,
            isDeployable: cluster.isDeployable,
            positions: cluster.positions,
            largestShare: cluster.largestShare
          )
        )
      }
    }
    let paths = plan.inputs.paths
    let base = plan.spec.grid.base
    var scene = ReportScene(bins: bins, spots: spots) { scenario, symbol in
      guard (0..<paths.count).contains(scenario), let path = try? paths.path(scenario),
        let column = path.assets.firstIndex(where: { table[$0].symbol == symbol })
      else { return nil }
      let prices = (0..<path.stepCount).map { path.value(step: $0, column: column) }
      return ReportScene.Line(times: path.times, prices: prices)
    } setting: { name in
      (try? Setting.named(name)).map { base[$0.key] }
    }
    let grid = plan.spec.grid
    scene.cellCount = grid.count
    // What a refinement chose is known to the sweep alone.
    if grid.count <= mostPlannedCells, plan.spec.refinement == nil {
      scene.stages = try plan.engine(grid).stageRuns()
    }
    return scene
  }

  /// Stages of larger grids are not counted for a report.
  private static let mostPlannedCells = 250_000

  /// Prices at the first step of the first scenario; nil when the book needs others too.
  private static func firstPrices(_ plan: SweepPlan) -> PriceSnapshot? {
    guard plan.inputs.paths.count > 0, let path = try? plan.inputs.paths.path(0) else { return nil }
    let table = plan.catalogue.assets
    var snapshot = PriceSnapshot(table)
    for (column, asset) in path.assets.enumerated() {
      let ratio = plan.inputs.confidenceRatios[asset]
      snapshot.set(asset, price: path.value(step: 0, column: column), confidenceRatio: ratio)
    }
    snapshot.slot = plan.inputs.slot0
    let needed = plan.inputs.book.underlyingAssets(in: table)
    return needed.allSatisfy { !snapshot.price(of: $0, in: table).isNaN } ? snapshot : nil
  }
}
