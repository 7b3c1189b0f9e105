// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Cycles
internal import Markets
internal import Numerics
package import TextKit

/// One share of a sweep that is divided over machines.
package struct Shard: Sendable, Equatable {
  /// Place among the shards, from 1.
  package let index: Int
  /// How many shards there are.
  package let count: Int

  /// Makes a share; nil unless 1 ≤ index ≤ count.
  package init?(index: Int, count: Int) {
    guard index >= 1, index <= count else { return nil }
    self.index = index
    self.count = count
  }

  /// As the option has it, such as `2/7`.
  package var text: String { "\(index)/\(count)" }
}

/// How a sweep is cut into units of work: what is journaled, sharded and resumed.
///
/// A unit is one scenario with one block of neighbouring cells. Units are numbered from 0, scenario
/// by scenario; the numbers are a function of the counts of cells and scenarios alone, never of
/// threads or shards. There are about 64 units, or one for each scenario when there are more.
package struct UnitPlan: Sendable {
  package let cellCount: Int
  package let scenarioCount: Int
  /// Blocks of cells in each scenario: `min(cells, ⌈64 / scenarios⌉)`.
  package let blockCount: Int

  /// Plans a sweep; without cells or scenarios there are no units.
  package init(cells: Int, scenarios: Int) {
    cellCount = max(0, cells)
    scenarioCount = max(0, scenarios)
    blockCount = scenarioCount == 0 ? 0 : min(cellCount, 63 / scenarioCount + 1)
  }

  /// How many units there are.
  package var count: Int { scenarioCount * blockCount }

  /// The scenario of a unit.
  func scenario(of unit: Int) -> Int { unit / blockCount }

  /// The cells of a unit, or of the unit's block in any scenario.
  func cells(of unit: Int) -> Range<Int> {
    start(of: unit % blockCount)..<start(of: unit % blockCount + 1)
  }

  /// The first cell of a block; where it does not come out even the first blocks have one more.
  private func start(of block: Int) -> Int {
    block * (cellCount / blockCount) + min(block, cellCount % blockCount)
  }

  /// How many results of one cell in one scenario some units have.
  package func cellScenarios(of units: some Sequence<Int>) -> Int {
    units.reduce(0) { $0 + cells(of: $1).count }
  }

  /// The units of one shard, in order.
  ///
  /// Units are dealt out one by one, each scenario beginning one block further on: the shards
  /// differ by at most one unit, and none gets the same cells or the same scenarios only, which may
  /// be the expensive ones.
  package func units(of shard: Shard) -> [Int] {
    guard blockCount > 0 else { return [] }
    return stride(from: shard.index - 1, to: count, by: shard.count).map { (place: Int) -> Int in
      let scenario = place / blockCount
      return scenario * blockCount + (place % blockCount + scenario) % blockCount
    }.sorted()
  }
}

extension SweepEngine {
  /// How the sweep is cut into units.
  package var units: UnitPlan { UnitPlan(cells: grid.count, scenarios: inputs.paths.count) }

  /// How many units of work the sweep has.
  package var unitCount: Int { units.count }

  /// Runs units of work.
  ///
  /// The bytes of a unit are the same on every run and any number of threads.
  ///
  /// * `units`: numbers from 0; work is shared best when they are in order.
  /// * `isCancelled`: asked before each batch; nothing is begun once it says yes.
  /// * `progress`: called with the number of cells that were finished, times their scenarios, from
  ///   any thread.
  /// * `done`: gets each finished unit with its bytes, one call at a time on the calling thread.
  /// - Throws: what a unit fails with, or `done`; units that were handed over stay good.
  package func run(
    units: [Int],
    threads: Int,
    isCancelled: @Sendable () -> Bool,
    progress: @Sendable (_ cellScenarios: Int) -> Void,
    done: (Int, [UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    let plan = self.units
    var worlds: [WorldKey: WorldInput] = [:]
    var rest = units[...]
    while !rest.isEmpty, !isCancelled() {
      let batch = SweepEngine.batch(of: rest, plan)
      rest = rest.dropFirst(batch.count)
      let items = batch.flatMap { (unit: Int) -> [UnitItem] in
        plan.cells(of: unit).map {
          UnitItem(cell: $0, scenario: plan.scenario(of: unit))
        }
      }
      try compile(items, into: &worlds, threads: threads)
      let ready = worlds
      let outcomes = try Parallel.map(items.count, threads: threads) {
        (place: Int) throws(Failure) -> ScenarioOutcome in
        let item = items[place]
        let cell = grid.cell(item.cell)
        guard let world = ready[WorldKey(scenario: item.scenario, venueValues: cell.venueValues)]
        else { throw Failure(.internalError, "a scenario was not compiled") }
        let settings = try WorldSettings(cell.settings)
        let run = try SweepEngine.outcome(world, settings, keepsLog: false)
        progress(1)
        return run.outcome
      }
      var start = 0
      for unit in batch {
        let count = plan.cells(of: unit).count
        try done(unit, OutcomeBytes.encode(outcomes[start..<start + count]))
        start += count
      }
    }
  }

  /// The rows of all cells from the bytes of all units.
  ///
  /// * `bytes`: gives the bytes of a unit; each is asked for once.
  /// - Throws: a data failure for bytes that no unit has, and what `bytes` throws.
  package func rows(
    from bytes: (Int) throws(Failure) -> [UInt8]
  ) throws(Failure) -> [SweepRow] {
    let plan = units
    var rows: [SweepRow] = []
    for block in 0..<plan.blockCount {
      let cells = plan.cells(of: block)
      var scenarios: [[ScenarioOutcome]] = []
      for scenario in 0..<plan.scenarioCount {
        let unit = scenario * plan.blockCount + block
        guard let outcomes = OutcomeBytes.decode(try bytes(unit), count: cells.count) else {
          throw Failure(.data, "unit \(unit) of the sweep is damaged: its bytes cannot be read")
        }
        scenarios.append(outcomes)
      }
      for (place, cell) in cells.enumerated() {
        rows.append(row(grid.cell(cell), scenarios.map { $0[place] }))
      }
    }
    return rows
  }

  /// The next units that are run together: enough cells for all threads, as few as that needs.
  private static func batch(of units: ArraySlice<Int>, _ plan: UnitPlan) -> ArraySlice<Int> {
    var cells = 0
    return units.prefix { (unit: Int) -> Bool in
      defer { cells += plan.cells(of: unit).count }
      return cells < 32
    }
  }

  /// Compiles the scenarios that some items need and forgets those that they do not.
  private func compile(
    _ items: [UnitItem],
    into worlds: inout [WorldKey: WorldInput],
    threads: Int
  ) throws(Failure) {
    var needed: Set<WorldKey> = []
    var missing: [WorldKey] = []
    for item in items {
      let venueValues = grid.cell(item.cell).venueValues
      let key = WorldKey(scenario: item.scenario, venueValues: venueValues)
      if needed.insert(key).inserted && worlds[key] == nil { missing.append(key) }
    }
    worlds = worlds.filter { needed.contains($0.key) }
    var catalogues: [[VenueValue]: VenueCatalogue] = [:]
    for key in missing where catalogues[key.venueValues] == nil {
      catalogues[key.venueValues] = try catalogue(key.venueValues)
    }
    let (keys, venues) = (missing, catalogues)
    let compiled = try Parallel.map(keys.count, threads: threads) {
      (place: Int) throws(Failure) -> WorldInput in
      let key = keys[place]
      guard let catalogue = venues[key.venueValues] else {
        throw Failure(.internalError, "the venues of a cell were not read")
      }
      return try WorldInput(
        book: inputs.book,
        catalogue: catalogue,
        path: inputs.paths[key.scenario],
        confidenceRatios: inputs.confidenceRatios,
        slot0: inputs.slot0,
        seed: inputs.seed,
        scenario: key.scenario
      )
    }
    for (key, world) in zip(keys, compiled) { worlds[key] = world }
  }
}

/// One cell in one scenario.
private struct UnitItem: Sendable {
  let cell: Int
  let scenario: Int
}

/// What a compiled scenario depends on.
private struct WorldKey: Sendable, Hashable {
  let scenario: Int
  let venueValues: [VenueValue]
}
