// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Cycles
internal import Markets
internal import Numerics
package import TextKit

/// One world that is run again in the reference world.
package struct AuditedWorld: Sendable, Equatable, Comparable {
  package let cell: Int
  package let scenario: Int

  /// By cell, then by scenario.
  package static func < (a: AuditedWorld, b: AuditedWorld) -> Bool {
    (a.cell, a.scenario) < (b.cell, b.scenario)
  }
}

extension SweepEngine {
  /// The worlds that an audit takes: every scenario of a share of the cells, chosen by the hash of
  /// their ids, at least one (SEMANTICS B22).
  ///
  /// * `share`: of the cells; nil for the audit that every sweep makes, a few worlds.
  package func auditedWorlds(share: Double?, threads: Int) throws(Failure) -> [AuditedWorld] {
    let scenarios = inputs.paths.count
    guard grid.count > 0, scenarios > 0 else { return [] }
    guard let share else {
      let all = UInt64(grid.count) &* UInt64(scenarios)
      // The reference walks every account and step: one world of a large book is a minute's work.
      let steps = inputs.paths.stepCount / scenarios
      let isLarge = Double(inputs.book.accounts.count) * Double(steps) > 1e9
      let count = isLarge ? 1 : min(3, 1 + all / 100_000)
      return Set((0..<count).map { fmix64(inputs.seed ^ $0) % all }).sorted().map {
        AuditedWorld(cell: Int($0) / scenarios, scenario: Int($0) % scenarios)
      }
    }
    let seed = inputs.seed
    let hashes = try Parallel.map(grid.count, threads: threads) {
      (cell: Int) throws(Failure) -> UInt64 in
      fmix64((UInt64(grid.cell(cell).id, radix: 16) ?? 0) ^ seed)
    }
    // 2^64 as a double is exact, and so is every comparison with a share of it.
    var cells = hashes.indices.filter { Double(hashes[$0]) < share * 0x1p64 }
    if cells.isEmpty, let least = hashes.indices.min(by: { hashes[$0] < hashes[$1] }) {
      cells = [least]
    }
    return cells.flatMap { cell in
      (0..<scenarios).map { AuditedWorld(cell: cell, scenario: $0) }
    }
  }

  /// Runs worlds again in the reference world and compares every number with a sweep's.
  ///
  /// - Throws: an internal failure naming cell, scenario, step and column of the first difference.
  package func audit(
    _ worlds: [AuditedWorld],
    of rows: SweepRows,
    threads: Int,
    progress: @Sendable () -> Void
  ) throws(Failure) {
    var start = worlds.startIndex
    while start < worlds.endIndex {
      // Worlds of one cell share a compiled book.
      let cell = worlds[start].cell
      let end = worlds[start...].firstIndex { $0.cell != cell } ?? worlds.endIndex
      let own = Array(worlds[start..<end])
      start = end
      let settings = try WorldSettings(grid.cell(cell).settings)
      let base = try world(
        try venues(grid.cell(cell).venueValues),
        scenario: own[0].scenario
      )
      let found = try Parallel.map(own.count, threads: threads) {
        (index: Int) throws(Failure) -> String? in
        let scenario = own[index].scenario
        let input = try world(like: base, scenario: scenario)
        let expected = try SweepEngine.outcome(
          input,
          settings,
          keepsLog: false,
          threads: max(1, threads / own.count)
        ).outcome
        progress()
        return difference(expected, try rows.outcome(of: cell, scenario: scenario))
      }
      for (world, difference) in zip(own, found) {
        guard let difference else { continue }
        let step = try firstStep(of: world, base, settings)
        throw Failure(
          .internalError,
          "audit: cell \(grid.cell(cell).id), scenario \(world.scenario), step \(step):"
            + " \(difference); the shared engine and the reference world differ, which is our bug"
        )
      }
    }
  }

  private func input(
    _ base: WorldInput,
    _ path: PricePath,
    _ scenario: Int
  ) throws(Failure) -> WorldInput {
    if let same = WorldInput(base, path: path, scenario: scenario) { return same }
    return try world(base.catalogue, path, scenario: scenario)
  }

  /// The first column in which two outcomes differ, with both values.
  private func difference(_ expected: ScenarioOutcome, _ found: ScenarioOutcome) -> String? {
    for metric in MetricTable.metrics(varLevel: 0.95) {
      let (a, b) = (metric.evaluate([expected]), metric.evaluate([found]))
      if a != b { return "\(metric.name) is \(a.text), found \(b.text)" }
    }
    return expected == found ? nil : "an amount that no column shows"
  }

  /// The first step up to which both engines do not come to the same, found by halves.
  private func firstStep(
    of world: AuditedWorld,
    _ base: WorldInput,
    _ settings: WorldSettings
  ) throws(Failure) -> Int {
    let path = try inputs.paths.path(world.scenario)
    let point = grid.point(of: world.cell)
    let plan = StagePlan(grid, [point], try walks(at: point))
    var (low, high) = (1, path.stepCount)
    while low < high {
      let middle = (low + high) / 2
      let input = try input(base, try path.prefix(middle), world.scenario)
      let expected = try SweepEngine.outcome(input, settings, keepsLog: false).outcome
      let parts = try ScenarioParts(
        plan,
        try BookStages(plan, input, threads: 1),
        path: input,
        StageLog(),
        threads: 1
      )
      let found = parts.outcome(of: point, plan, capital: settings.vault.capital)
      if expected == found { low = middle + 1 } else { high = middle }
    }
    return low - 1
  }
}
