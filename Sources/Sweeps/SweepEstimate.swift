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
    let cells = someGroup(groups)
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
    let stages = plan.runs(scenarios: scenarios).map {
      SweepEstimate.Stage(
        name: $0.name,
        runs: $0.runs * groups.count,
        secondsEach: each[$0.name] ?? 0
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

  /// How often each stage runs in the whole sweep, without running anything; none that never does.
  package func stageRuns() throws(Failure) -> [(name: String, runs: Int)] {
    let groups = VenueGroups(grid)
    let cells = someGroup(groups)
    guard let first = cells.first else { return [] }
    let plan = StagePlan(grid, cells, try walks(at: first))
    return plan.runs(scenarios: inputs.paths.count)
      .map { ($0.name, $0.runs * groups.count) }.filter { $0.runs > 0 }
  }

  /// The cells of the first group of venue numbers that has any: conditions may leave one none.
  private func someGroup(_ groups: VenueGroups) -> [Int] {
    (0..<groups.count).lazy.map { groups.cells(of: $0, in: 0..<grid.count) }
      .first { !$0.isEmpty } ?? []
  }
}

extension StagePlan {
  /// How often each stage runs over so many scenarios.
  fileprivate func runs(scenarios: Int) -> [(name: String, runs: Int)] {
    [
      ("book", protection.count), ("oracle", oracle.count * scenarios),
      ("falls", oracle.count * scenarios), ("protection", protection.count * scenarios),
      ("clusters", clusters.count * scenarios), ("vault", vault.count * scenarios),
      ("liquidations", liquidations.count * scenarios), ("lots", lotScans.count * scenarios),
      ("auctions", auctions.count * scenarios), ("walks", walks.count * scenarios),
    ]
  }
}
