// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Cycles
package import Markets
internal import Numerics
internal import Settings
package import TextKit

/// One row of `sweep.csv`.
package struct SweepRow: Sendable, Equatable {
  package var cellID: String
  package var values: [Double]
  package var metrics: [MetricValue]
}

/// What a sweep runs over, besides the grid.
package struct SweepInputs: Sendable {
  package var book: Book
  package var paths: [PricePath]
  package var confidenceRatios: [Double]
  package var slot0: Int64
  package var seed: UInt64

  package init(
    book: Book,
    paths: [PricePath],
    confidenceRatios: [Double],
    slot0: Int64,
    seed: UInt64
  ) {
    self.book = book
    self.paths = paths
    self.confidenceRatios = confidenceRatios
    self.slot0 = slot0
    self.seed = seed
  }
}

/// Runs every cell of a grid over every scenario in the reference world.
///
/// Work is (cell, scenario) in batches of cells of fixed size; results are placed by index and
/// folded in index order, so threads cannot change a byte.
package struct SweepEngine: Sendable {
  /// Cells whose scenarios are in memory at once.
  private static let batch = 64

  package let grid: Grid
  package let inputs: SweepInputs
  /// The venues of a cell that replaces some numbers of the venue file.
  let catalogue: @Sendable ([VenueValue]) throws(Failure) -> VenueCatalogue

  package init(
    grid: Grid,
    inputs: SweepInputs,
    catalogue: @escaping @Sendable ([VenueValue]) throws(Failure) -> VenueCatalogue
  ) {
    self.grid = grid
    self.inputs = inputs
    self.catalogue = catalogue
  }

  /// Names of the metric columns.
  package var metricNames: [String] { MetricTable.metrics(grid.base).map(\.name) }

  /// Runs all cells.
  ///
  /// * `threads`: no influence on the result.
  /// * `progress`: called once for each finished (cell, scenario).
  package func run(
    threads: Int,
    progress: @Sendable () -> Void
  ) throws(Failure) -> [SweepRow] {
    var rows: [SweepRow] = []
    var compiled: [[VenueValue]: [WorldInput]] = [:]
    var start = 0
    while start < grid.count {
      let cells = (start..<min(start + SweepEngine.batch, grid.count)).map { grid.cell($0) }
      let needed = Set(cells.map(\.venueValues))
      compiled = compiled.filter { needed.contains($0.key) }
      for cell in cells where compiled[cell.venueValues] == nil {
        compiled[cell.venueValues] = try worlds(for: cell.venueValues, threads: threads)
      }
      rows += try run(cells, compiled, threads: threads, progress: progress)
      start += cells.count
    }
    return rows
  }

  private func run(
    _ cells: [Cell],
    _ compiled: [[VenueValue]: [WorldInput]],
    threads: Int,
    progress: @Sendable () -> Void
  ) throws(Failure) -> [SweepRow] {
    let scenarios = inputs.paths.count
    let outcomes = try Parallel.map(cells.count * scenarios, threads: threads) {
      (item: Int) throws(Failure) -> ScenarioOutcome in
      let cell = cells[item / scenarios]
      let worlds = compiled[cell.venueValues] ?? []
      let settings = try WorldSettings(cell.settings)
      let outcome = try SweepEngine.outcome(worlds[item % scenarios], settings, keepsLog: false)
      progress()
      return outcome.outcome
    }
    return cells.enumerated().map { place, cell in
      let slice = Array(outcomes[place * scenarios..<(place + 1) * scenarios])
      return row(cell, slice)
    }
  }

  func row(_ cell: Cell, _ outcomes: [ScenarioOutcome]) -> SweepRow {
    SweepRow(
      cellID: cell.id,
      values: cell.values,
      metrics: MetricTable.metrics(cell.settings).map { $0.evaluate(outcomes) }
    )
  }

  /// Compiles the first cell's scenarios, so that what cannot run is refused before anything runs.
  package func check(threads: Int) throws(Failure) {
    _ = try worlds(for: grid.cell(0).venueValues, threads: threads)
  }

  /// Runs one cell with every event kept; the row is the same as in the sweep.
  package func replay(
    _ cell: Cell,
    threads: Int
  ) throws(Failure) -> (row: SweepRow, logs: [EventLog]) {
    let worlds = try worlds(for: cell.venueValues, threads: threads)
    let settings = try WorldSettings(cell.settings)
    let results = try Parallel.map(worlds.count, threads: threads) {
      (scenario: Int) throws(Failure) -> ScenarioRun in
      try SweepEngine.outcome(worlds[scenario], settings, keepsLog: true)
    }
    return (row(cell, results.map(\.outcome)), results.map { $0.log ?? EventLog() })
  }

  /// A scenario's numbers with its events, where they are kept.
  struct ScenarioRun: Sendable {
    var outcome: ScenarioOutcome
    var log: EventLog?
  }

  static func outcome(
    _ input: WorldInput,
    _ settings: WorldSettings,
    keepsLog: Bool,
    threads: Int = 1
  ) throws(Failure) -> ScenarioRun {
    // The world without protection is needed where somebody is protected.
    let isCompared =
      settings.protection.isEnabled
      && input.book.accounts.contains { $0.protection.isProtected }
    // In cascade mode the vault's depth moves prices, so that the world without protection has one
    // too, and the multiplier asks for the world in which flow moves nothing.
    var others: [WorldSettings] = []
    if isCompared {
      others.append(settings)
      others[0].protection.isEnabled = false
    }
    if let cascade = settings.cascade {
      others.append(settings)
      others[others.count - 1].cascade = cascade.withoutFeedback
    }
    let counterfactuals = others
    let results = try Parallel.map(1 + others.count, threads: threads) {
      (number: Int) throws(Failure) -> WorldResult in
      if number == 0 { return try ReferenceWorld.run(input, settings, keepsLog: keepsLog) }
      let other = counterfactuals[number - 1]
      let movesPrices = (other.cascade?.flowShare ?? 0) > 0
      return try ReferenceWorld.run(input, other, hasVault: movesPrices)
    }
    let world = results[0]
    var outcome = ScenarioOutcome(
      world,
      unprotected: isCompared ? results[1] : nil,
      capital: settings.vault.capital
    )
    if settings.cascade != nil {
      outcome.cascade.forcedAlone = results[results.count - 1].cascade.forced
    }
    return ScenarioRun(outcome: outcome, log: world.log)
  }

  /// The venues of a cell that replaces some numbers of the venue file.
  func venues(_ values: [VenueValue]) throws(Failure) -> VenueCatalogue { try catalogue(values) }

  /// The scenarios compiled for the venues of some cells; those that start at the same prices share
  /// the compiled book.
  private func worlds(
    for venueValues: [VenueValue],
    threads: Int
  ) throws(Failure) -> [WorldInput] {
    let venues = try catalogue(venueValues)
    let first = try world(venues, scenario: 0)
    return try Parallel.map(inputs.paths.count, threads: threads) {
      (scenario: Int) throws(Failure) -> WorldInput in
      let path = inputs.paths[scenario]
      if let same = WorldInput(first, path: path, scenario: scenario) { return same }
      return try world(venues, scenario: scenario)
    }
  }
}
