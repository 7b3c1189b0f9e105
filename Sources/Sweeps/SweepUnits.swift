// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

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
  package func scenario(of unit: Int) -> Int { unit / blockCount }

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
}
