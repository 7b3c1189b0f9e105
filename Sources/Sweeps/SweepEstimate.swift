// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Cycles
internal import Numerics
internal import Settings
package import TextKit

/// What a sweep would run, and about how long: counted from the plan, timed on a few cells.
package struct SweepEstimate: Sendable {
  /// One stage: how often it runs in all, and one run's seconds.
  package struct Stage: Sendable {
    package let name: String
    package let runs: Int
    package let secondsEach: Double
  }

  package let stages: [Stage]
  /// (cell, scenario) pairs: how often every stage would run if nothing were shared.
  package let worlds: Int
  /// Wall time on the threads asked for.
  package let seconds: Double
  /// Memory of the results beside the book and the paths, bytes.
  package let resultBytes: Int
  /// Why some cells are walked in the reference world; empty when all share their stages.
  package let walkReasons: [String]
}

extension SweepEngine {
  /// Counts what a sweep runs and times one scenario of a few cells.
  package func estimate(threads: Int) throws(Failure) -> SweepEstimate {
    let groups = VenueGroups(grid)
    let scenarios = inputs.paths.count
    // Conditions may leave a group no cell.
    let cells =
      (0..<groups.count).lazy.map { groups.cells(of: $0, in: 0..<grid.count) }
      .first { !$0.isEmpty } ?? []
    guard let first = cells.first, let last = cells.last, scenarios > 0 else {
      return SweepEstimate(stages: [], worlds: 0, seconds: 0, resultBytes: 0, walkReasons: [])
    }
    let filter = try walks(at: first)
    let plan = StagePlan(grid, cells, filter)
    // Some of each sort.
    let kinds = [cells.first(where: filter.contains), cells.first { !filter.contains($0) }]
    let few = Set([first, cells[cells.count / 2], last] + kinds.compactMap { $0 }).sorted()
    let some = StagePlan(grid, few, filter)
    let log = StageLog()
    let input = try world(try venues(grid.venueValues(of: first)), scenario: 0)
    let book = try log.measure("book", runs: some.protection.count) { () throws(Failure) in
      try BookStages(some, input, threads: threads)
    }
    _ = try ScenarioParts(some, book, path: input, log, threads: threads)
    let each = Dictionary(uniqueKeysWithValues: log.all.map { ($0.name, $0.secondsEach) })
    let counts: [(String, Int)] = [
      ("book", plan.protection.count), ("oracle", plan.oracle.count * scenarios),
      ("falls", plan.oracle.count * scenarios), ("protection", plan.protection.count * scenarios),
      ("clusters", plan.clusters.count * scenarios), ("vault", plan.vault.count * scenarios),
      ("liquidations", plan.liquidations.count * scenarios),
      ("lots", plan.lotScans.count * scenarios), ("auctions", plan.auctions.count * scenarios),
      ("walks", plan.walks.count * scenarios),
    ]
    let stages = counts.map {
      SweepEstimate.Stage(
        name: $0.0,
        runs: $0.1 * groups.count,
        secondsEach: each[$0.0] ?? 0
      )
    }
    let work = stages.reduce(0) { $0 + Double($1.runs) * $1.secondsEach }
    let results =
      plan.vault.count * MemoryLayout<VaultTotals>.stride
      + plan.auctions.count * MemoryLayout<ScenarioParts.Lots>.stride
      + plan.liquidations.count * MemoryLayout<ScenarioParts.Closes>.stride
      + plan.protection.count * MemoryLayout<ProtectionTotals>.stride
      + plan.walks.count * MemoryLayout<ScenarioParts.Walk>.stride
    return SweepEstimate(
      stages: stages,
      worlds: grid.count * scenarios,
      seconds: work / Double(max(1, threads)),
      resultBytes: results * scenarios * groups.count,
      walkReasons: filter.reasons
    )
  }
}
