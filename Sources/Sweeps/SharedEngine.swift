// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Cycles
internal import Markets
internal import Numerics
package import TextKit

/// Which cells agree on the venue file, so that they share a compiled book.
struct VenueGroups: Sendable {
  let keys: StageKeys
  /// Cells of each group, in index order.
  let cells: [[Int]]

  init(_ grid: Grid) {
    keys = StageKeys(grid, reading: [])
    var cells = Array(repeating: [Int](), count: keys.count)
    for cell in 0..<grid.count { cells[keys.key(of: cell)].append(cell) }
    self.cells = cells
  }
}

extension SweepEngine {
  /// Runs all cells, sharing the work of cells that cannot differ (DESIGN 9).
  ///
  /// The result equals that of the reference world for every cell, to the last micro-USD.
  ///
  /// * `threads`: no influence on the result.
  /// * `progress`: told how many (cell, scenario) were finished.
  package func runShared(
    threads: Int,
    progress: @Sendable (Int) -> Void
  ) throws(Failure) -> [SweepRow] {
    let groups = VenueGroups(grid)
    var rows: [SweepRow?] = Array(repeating: nil, count: grid.count)
    for cells in groups.cells where !cells.isEmpty {
      let plan = StagePlan(grid, cells)
      let parts = try parts(plan, cells, scenarios: Array(inputs.paths.indices), threads: threads) {
        progress(cells.count)
      }
      let made = try Parallel.map(cells.count, threads: threads) {
        (place: Int) throws(Failure) -> SweepRow in
        let cell = grid.cell(cells[place])
        let settings = try WorldSettings(cell.settings)
        return row(cell, parts.map { $0.outcome(of: cell.index, plan, settings) })
      }
      for (cell, row) in zip(cells, made) { rows[cell] = row }
    }
    return rows.compactMap { $0 }
  }

  /// Runs some scenarios for cells that agree on the venue file.
  func parts(
    _ plan: StagePlan,
    _ cells: [Int],
    scenarios: [Int],
    threads: Int,
    finished: @Sendable () -> Void
  ) throws(Failure) -> [ScenarioParts] {
    guard let first = scenarios.first, let some = cells.first else { return [] }
    let venues = try venues(grid.cell(some).venueValues)
    let base = try world(venues, scenario: first)
    let book = try BookStages(plan, base, threads: threads)
    let outer = min(threads, scenarios.count)
    let inner = max(1, threads / max(1, outer))
    return try Parallel.map(scenarios.count, threads: outer) {
      (index: Int) throws(Failure) -> ScenarioParts in
      let scenario = scenarios[index]
      let made: ScenarioParts
      if let same = WorldInput(base, path: inputs.paths[scenario], scenario: scenario) {
        made = try ScenarioParts(plan, book, path: same, threads: inner)
      } else {
        // Another start is another compiled book.
        let own = try world(venues, scenario: scenario)
        made = try ScenarioParts(
          plan,
          try BookStages(plan, own, threads: inner),
          path: own,
          threads: inner
        )
      }
      finished()
      return made
    }
  }

  private func world(
    _ venues: VenueCatalogue,
    scenario: Int
  ) throws(Failure) -> WorldInput {
    try WorldInput(
      book: inputs.book,
      catalogue: venues,
      path: inputs.paths[scenario],
      confidenceRatios: inputs.confidenceRatios,
      slot0: inputs.slot0,
      seed: inputs.seed,
      scenario: scenario
    )
  }
}
