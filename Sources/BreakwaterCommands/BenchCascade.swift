// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit
internal import Cycles
internal import Inputs
internal import Markets
internal import Numerics
internal import Sweeps
internal import Tables
internal import TextKit

/// `breakwater bench cascade`: cells in cascade mode, without reading and writing.
struct BenchCascade: Command {
  static let name = "cascade"
  static let about = "Measure cells in cascade mode"
  static let details: String? = """
    Reads a specification whose cells run in cascade mode over a book of perps that nobody protects.
    Every round walks all cells over all scenarios from event to event; the best and the median are
    printed. A cell-step is one step of one scenario under one cell.
    Example:
      breakwater bench cascade spec.toml --rounds 3 -j 2
    """

  @Argument("Sweep specification (TOML)", valueName: "SPEC")
  var spec: FilePath
  @Option("Rounds; the best and the median are printed", bound: .within(1...1000))
  var rounds = 3
  @Option(
    "Threads; 0 means one for each core",
    short: "j",
    environment: "BREAKWATER_THREADS",
    bound: .within(0...1024)
  )
  var threads = 1

  mutating func run() throws(Failure) {
    let plan = try SweepPlan(try SweepSpec.read(spec.path))
    Diagnostics.warn(plan.warnings)
    let workers = Parallel.threads(threads)
    let grid = plan.spec.grid
    try grid.validate()
    let inputs = plan.inputs
    let file = spec.path
    let settings = try (0..<grid.count).map { (index: Int) throws(Failure) -> WorldSettings in
      try WorldSettings(grid.cell(index).settings)
    }
    let first = try WorldInput(
      book: inputs.book,
      catalogue: plan.catalogue,
      path: try inputs.paths.path(0),
      confidenceRatios: inputs.confidenceRatios,
      slot0: inputs.slot0,
      seed: inputs.seed,
      scenario: 0
    )
    let lanes = AccountLanes(first)
    for own in settings {
      let isSame = own.clusters == settings[0].clusters && own.oracle == settings[0].oracle
      if own.cascade != nil, isSame, CascadeGround.obstacle(lanes, own) == nil { continue }
      throw Failure.data(
        file: file,
        expected: "cells in cascade mode over unprotected perps, without penalty and insurance",
        advice: "set simulation.mode = \"cascade\" and protection.enabled = 0"
      )
    }
    let ground = try CascadeGround(settings[0].clusters, lanes)
    let tracks = try BenchCascade.tracks(inputs.paths, first, settings[0].oracle)
    let cellSteps = tracks.reduce(0) { $0 + Double($1.stepCount) } * Double(settings.count)
    let groups = BenchCascade.groups(settings)
    var seconds: [Double] = []
    var runs: [CascadeCounts] = []
    for _ in 0..<rounds {
      let start = ContinuousClock.now
      runs = try Parallel.map(tracks.count, threads: workers) {
        (scenario: Int) throws(Failure) -> CascadeCounts in
        var paths: [Double: CascadePath] = [:]
        let jobs = groups.map { group in
          let halfLife = group.cascade.halfLifeSeconds
          let path =
            paths[halfLife] ?? CascadePath(ground, tracks[scenario], halfLifeSeconds: halfLife)
          paths[halfLife] = path
          return CascadeJob(path, group.cascade, group.vaults)
        }
        var counts = CascadeCounts()
        for outcome in try CascadeRun(jobs).outcomes.joined() { counts.add(outcome) }
        return counts
      }
      seconds.append((ContinuousClock.now - start) / .seconds(1))
    }
    let alone = runs.reduce(0.0) { $0 + $1.alone }
    let lines: [(String, Double)] = [
      ("cells", Double(settings.count)), ("scenarios", Double(tracks.count)),
      ("cell_steps", cellSteps), ("threads", Double(workers)),
      ("cycles", Double(runs.reduce(0) { $0 + $1.cycles })),
      ("liquidations", Double(runs.reduce(0) { $0 + $1.falls })),
      ("multiplier", alone > 0 ? runs.reduce(0.0) { $0 + $1.forced } / alone : 1),
      ("looked_at_share", Double(runs.reduce(0) { $0 + $1.steps }) / cellSteps),
      ("seconds", seconds.min() ?? 0), ("median_seconds", seconds.sorted()[rounds / 2]),
      ("million_cell_steps_per_s", cellSteps / (seconds.min() ?? 0) / 1e6),
    ]
    for (name, value) in lines {
      let shown = DecimalRounding.significant(value, digits: 6)
      try Output.standard("\(name) \(NumberText.shortest(shown))\n")
    }
  }

  /// Cells that agree on everything that moves prices.
  private static func groups(
    _ settings: [WorldSettings]
  ) -> [(cascade: CascadeSettings, vaults: VaultPlan)] {
    var vaults: [CascadeSettings: [VaultSettings]] = [:]
    var order: [CascadeSettings] = []
    for own in settings {
      guard let cascade = own.cascade else { continue }
      if vaults[cascade] == nil { order.append(cascade) }
      vaults[cascade, default: []].append(own.vault)
    }
    return order.map { ($0, VaultPlan(vaults[$0] ?? [])) }
  }

  /// What the oracle says along every path.
  private static func tracks(
    _ paths: ScenarioPaths,
    _ first: WorldInput,
    _ oracle: OracleSettings
  ) throws(Failure) -> [OracleTrack] {
    try (0..<paths.count).map { (index: Int) throws(Failure) -> OracleTrack in
      let path = try paths.path(index)
      guard let input = WorldInput(first, path: path, scenario: index) else {
        throw Failure.data(
          file: path.name,
          expected: "the same first prices as in \(first.path.name)",
          advice: "the book is compiled once"
        )
      }
      return OracleTrack(oracle, input)
    }
  }
}

/// What cells came to.
private struct CascadeCounts: Sendable {
  var cycles = 0
  var falls = 0
  var steps = 0
  var forced = 0.0
  var alone = 0.0

  mutating func add(_ cell: CascadeOutcome) {
    cycles += cell.vault.cycles
    falls += cell.liquidations.count
    steps += cell.steps
    forced += nearestDouble(cell.totals.forced)
    alone += nearestDouble(cell.totals.forcedAlone)
  }
}
