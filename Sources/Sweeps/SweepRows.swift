// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Cycles
internal import Numerics
internal import Settings
package import TextKit

/// The rows of a sweep, put together where they are asked for.
///
/// Metrics are worked out once for each combination of the settings that they read, so a row costs
/// little more than writing it, and memory holds what differs and not the rows.
package final class SweepRows: RandomAccessCollection, Sendable {
  /// Cells that agree on the venue file.
  private struct Group: Sendable {
    let plan: StagePlan
    let parts: [ScenarioParts]
    /// Values by scope and place (`StagePlan.vaultPlace`, `worldPlace`).
    var vault: [[MetricValue]] = []
    var worlds: [[MetricValue]] = []
    /// Losses without the vault's by scenario, by place; the vault's by its place.
    var worldLosses: [[Int128]] = []
    var vaultLosses: [[Int128]] = []

    init(_ plan: StagePlan, _ parts: [ScenarioParts]) {
      self.plan = plan
      self.parts = parts
    }
  }

  private let engine: SweepEngine
  private let groups: [Group]
  private let groupOf: VenueGroups
  /// Whether the level of risk measures is the same in every cell.
  private let isLevelFixed: Bool
  /// The columns at the level of the settings before axes speak.
  private let runs: [(scope: MetricScope, metrics: [Metric])]

  package var startIndex: Int { 0 }
  package var endIndex: Int { engine.grid.count }

  /// Reads the parts of all units and works out every metric that cells share.
  init(
    _ engine: SweepEngine,
    threads: Int,
    from bytes: (Int) throws(Failure) -> [UInt8]
  ) throws(Failure) {
    self.engine = engine
    let grid = engine.grid
    let unitPlan = engine.units
    let venueGroups = VenueGroups(grid)
    groupOf = venueGroups
    let all = (0..<venueGroups.count).map { venueGroups.cells(of: $0, in: 0..<grid.count) }
    var filters: [WalkFilter] = []
    for cells in all {
      // A group that conditions leave no cell has nothing to walk.
      filters.append(try engine.walks(at: cells.first ?? 0))
    }
    let plans = zip(all, filters).map { StagePlan(grid, $0, $1) }
    var parts = plans.map { plan in
      (0..<unitPlan.scenarioCount).map { _ in ScenarioParts(plan) }
    }
    for block in 0..<unitPlan.blockCount {
      let own = (0..<venueGroups.count).map {
        venueGroups.cells(of: $0, in: unitPlan.cells(of: block))
      }
      let ownPlans = own.enumerated().map { group, cells in
        cells.count == all[group].count ? plans[group] : StagePlan(grid, cells, filters[group])
      }
      for scenario in 0..<unitPlan.scenarioCount {
        let unit = scenario * unitPlan.blockCount + block
        guard var reader = ByteReader(sealed: try bytes(unit)) else {
          throw SweepRows.damaged(unit)
        }
        for group in own.indices where !own[group].isEmpty {
          guard let found = reader.parts(ownPlans[group]) else { throw SweepRows.damaged(unit) }
          if own[group].count == all[group].count {
            parts[group][scenario] = found
          } else {
            parts[group][scenario].fill(found, of: ownPlans[group], into: plans[group])
          }
        }
        guard reader.isAtEnd else { throw SweepRows.damaged(unit) }
      }
    }
    var groups: [Group] = []
    for (plan, found) in zip(plans, parts) {
      groups.append(try SweepRows.evaluated(Group(plan, found), threads: threads))
    }
    self.groups = groups
    runs = MetricTable.groups(varLevel: SettingsView(grid.base, for: .summary)[.reportVarLevel])
    isLevelFixed = !grid.axes.contains { $0.target == .setting(.reportVarLevel) }
  }

  private static func damaged(_ unit: Int) -> Failure {
    Failure(.data, "unit \(unit) of the sweep is damaged: its bytes cannot be read")
  }

  /// Works out the metrics of every place.
  private static func evaluated(_ group: Group, threads: Int) throws(Failure) -> Group {
    let plan = group.plan
    let parts = group.parts
    let all = MetricTable.groups(varLevel: 0.95)
    func metrics(_ scope: MetricScope) -> [Metric] {
      all.filter { $0.scope == scope }.flatMap(\.metrics)
    }
    func values(
      _ list: StageList,
      _ metrics: [Metric]
    ) throws(Failure) -> [(values: [MetricValue], losses: [Int128])] {
      try Parallel.map(list.count, threads: threads) {
        (place: Int) throws(Failure) -> (values: [MetricValue], losses: [Int128]) in
        let cell = list.cell(at: place)
        let capital = try WorldSettings(plan.grid.settings(of: cell)).vault.capital
        let outcomes = parts.map { $0.outcome(of: cell, plan, capital: capital) }
        let losses = outcomes.map { $0.loss + $0.vault.pnl }
        return (metrics.map { $0.evaluate(outcomes) }, losses)
      }
    }
    var group = group
    let vault = try values(plan.vault, metrics(.vault)) + values(plan.walks, metrics(.vault))
    let worlds = try values(plan.auctions, metrics(.worlds)) + values(plan.walks, metrics(.worlds))
    group.vault = vault.map(\.values)
    group.worlds = worlds.map(\.values)
    group.vaultLosses = (0..<plan.vault.count).map { place in parts.map { -$0.vault[place].pnl } }
    group.vaultLosses += (0..<plan.walks.count).map { place in
      parts.map { -$0.walks[place].vault.pnl }
    }
    group.worldLosses = worlds.map(\.losses)
    return group
  }

  package subscript(index: Int) -> SweepRow {
    let cell = engine.grid.cell(index)
    var metrics: [MetricValue] = []
    for piece in pieces(of: cell) { metrics += piece.values }
    return SweepRow(cellID: cell.id, values: cell.values, metrics: metrics)
  }

  /// What one cell came to in one scenario.
  func outcome(of cell: Int, scenario: Int) throws(Failure) -> ScenarioOutcome {
    let point = engine.grid.point(of: cell)
    let group = groups[groupOf.group(of: point)]
    let settings = try WorldSettings(engine.grid.settings(of: point))
    return group.parts[scenario].outcome(of: point, group.plan, capital: settings.vault.capital)
  }

  /// The cell of a row.
  package func cell(_ index: Int) -> Cell { engine.grid.cell(index) }

  var grid: Grid { engine.grid }

  /// What the vault made in each scenario.
  var vaultResults: VaultResults {
    VaultResults(
      groups.map { (plan: $0.plan, losses: $0.vaultLosses) },
      groupOf,
      scenarioCount: engine.inputs.paths.count
    )
  }

  /// A run of values of a row that other rows may share.
  package struct Piece {
    /// Equal numbers stand for equal values; nil for values of this row alone.
    package let key: Int?
    package let values: ArraySlice<MetricValue>
  }

  /// The values of a row in runs, in the order of the columns.
  package func pieces(of cell: Cell) -> [Piece] {
    let place = groupOf.group(of: cell.point)
    let group = groups[place]
    let vault = group.plan.vaultPlace(of: cell.point)
    let world = group.plan.worldPlace(of: cell.point)
    let losses = zip(group.vaultLosses[vault], group.worldLosses[world]).map { $0 + $1 }.sorted()
    let runs =
      isLevelFixed
      ? runs
      : MetricTable.groups(varLevel: SettingsView(cell.settings, for: .summary)[.reportVarLevel])
    var pieces: [Piece] = []
    var used = 0
    for (number, run) in runs.enumerated() {
      let kind = (place << 3 | number) << 40
      switch run.scope {
      case .vault: pieces.append(Piece(key: kind | vault, values: group.vault[vault][...]))
      case .worlds:
        let own = group.worlds[world][used..<used + run.metrics.count]
        used += run.metrics.count
        pieces.append(Piece(key: kind | world, values: own))
      case .cell:
        pieces.append(
          Piece(key: nil, values: run.metrics.compactMap { $0.ofLosses?(losses) }[...])
        )
      }
    }
    return pieces
  }
}

extension SweepEngine {
  /// The rows of all cells from the bytes of all units.
  ///
  /// * `bytes`: gives the bytes of a unit; each is asked for once.
  /// - Throws: a data failure for bytes that no unit has, and what `bytes` throws.
  package func rows(
    threads: Int,
    from bytes: (Int) throws(Failure) -> [UInt8]
  ) throws(Failure) -> SweepRows {
    try SweepRows(self, threads: threads, from: bytes)
  }

  /// Runs all cells, sharing the work of cells that cannot differ.
  ///
  /// * `threads`: no influence on the result.
  package func runShared(
    threads: Int,
    progress: @Sendable (Int) -> Void
  ) throws(Failure) -> SweepRows {
    var units: [Int: [UInt8]] = [:]
    try run(
      units: Array(0..<unitCount),
      threads: threads,
      isCancelled: { false },
      progress: progress
    ) { (unit: Int, bytes: [UInt8]) throws(Failure) in units[unit] = bytes }
    let made = units
    return try rows(threads: threads) { (unit: Int) throws(Failure) in made[unit] ?? [] }
  }
}
