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

/// `breakwater bench vault`: the vault stage of a sweep, without what is before and after it.
struct BenchVault: Command {
  static let name = "vault"
  static let about = "Measure the vault stage of a sweep alone"
  static let details: String? = """
    Reads a specification whose axes are all of the vault and runs the stages before it once. Every
    round then walks the vault's cycles of all cells over all scenarios; the best and the median
    are printed. Besides the vault stage alone there is the one with the oracle stage before it,
    which reads every step of a path. A cell-step is one step of one scenario under one cell.
    Example:
      breakwater bench vault spec.toml --rounds 5 -j 1 -o totals.csv
    """

  @Argument("Sweep specification (TOML)", valueName: "SPEC")
  var spec: FilePath
  @Option("Rounds; the best and the median are printed", bound: .within(1...1000))
  var rounds = 5
  @Option(
    "Threads; 0 means one for each core",
    short: "j",
    environment: "BREAKWATER_THREADS",
    bound: .within(0...1024)
  )
  var threads = 1
  @Option("Table of every cell's totals; none by default", short: "o", valueName: "FILE")
  var output: FilePath?

  mutating func run() throws(Failure) {
    let plan = try SweepPlan(try SweepSpec.read(spec.path))
    Diagnostics.warn(plan.warnings)
    let workers = Parallel.threads(threads)
    let bench = try VaultBench(plan, file: spec.path, threads: workers)
    let work = bench.cellSteps
    var alone: [Double] = []
    var whole: [Double] = []
    var totals: [[VaultTotals]] = []
    for _ in 0..<rounds {
      var start = ContinuousClock.now
      totals = try bench.run(threads: workers, withOracle: false)
      alone.append((ContinuousClock.now - start) / .seconds(1))
      start = ContinuousClock.now
      _ = try bench.run(threads: workers, withOracle: true)
      whole.append((ContinuousClock.now - start) / .seconds(1))
    }
    let lines: [(String, Double)] = [
      ("cells", Double(bench.cells)), ("scenarios", Double(bench.scenarios)),
      ("cell_steps", work), ("threads", Double(workers)),
      ("cycles", Double(totals.joined().reduce(0) { $0 + $1.cycles })),
      ("vault_seconds", alone.min() ?? 0),
      ("median_vault_seconds", alone.sorted()[rounds / 2]),
      ("billion_cell_steps_per_s", work / (alone.min() ?? 0) / 1e9),
      ("with_oracle_seconds", whole.min() ?? 0),
      ("median_with_oracle_seconds", whole.sorted()[rounds / 2]),
      ("with_oracle_billion_cell_steps_per_s", work / (whole.min() ?? 0) / 1e9),
    ]
    for (name, value) in lines {
      let shown = DecimalRounding.significant(value, digits: 9)
      try Output.standard("\(name) \(NumberText.shortest(shown))\n")
    }
    guard let output else { return }
    var file = try OutputFile(path: output.path)
    try file.write(bench.table(totals).bytes)
    try file.commit()
  }
}

/// Everything that the vault stage needs, made once.
private struct VaultBench: Sendable {
  private struct Scenario: Sendable {
    let input: WorldInput
    let track: OracleTrack
    let bare: BareFalls
    let run: ProtectionRun
    let timeline: ClusterTimeline
  }

  private let grid: Grid
  private let oracle: OracleSettings
  private let vaults: VaultPlan
  private let lanes: AccountLanes
  private let worlds: [Scenario]

  var cells: Int { vaults.count }
  var scenarios: Int { worlds.count }
  var cellSteps: Double {
    worlds.reduce(0) { $0 + Double($1.track.stepCount) } * Double(vaults.count)
  }

  init(_ plan: SweepPlan, file: String, threads: Int) throws(Failure) {
    let grid = plan.spec.grid
    for axis in grid.axes where !axis.name.hasPrefix("vault.") {
      throw Failure.data(
        file: file,
        expected: "only axes of the vault, found \(axis.name)",
        advice: "the stages before the vault are run once, for the first cell"
      )
    }
    try grid.validate()
    let first = try WorldSettings(grid.cell(0).settings)
    let inputs = plan.inputs
    func world(_ scenario: Int) throws(Failure) -> WorldInput {
      try WorldInput(
        book: inputs.book,
        catalogue: plan.catalogue,
        path: try inputs.paths.path(scenario),
        confidenceRatios: inputs.confidenceRatios,
        slot0: inputs.slot0,
        seed: inputs.seed,
        scenario: scenario
      )
    }
    let input = try world(0)
    let lanes = AccountLanes(input)
    let protection = try ProtectionPlan(first.protection, lanes)
    let ground = try ClusterGround(first.clusters, lanes, protection)
    worlds = try Parallel.map(inputs.paths.count, threads: threads) {
      (scenario: Int) throws(Failure) -> Scenario in
      let path = try inputs.paths.path(scenario)
      guard let input = WorldInput(input, path: path, scenario: scenario) else {
        throw Failure.data(
          file: path.name,
          expected: "the same first prices as in the first scenario",
          advice: "the book is compiled once"
        )
      }
      let track = OracleTrack(first.oracle, input)
      let bare = BareFalls(lanes, track)
      let run = ProtectionRun(protection, lanes, track, bare)
      let timeline = try ClusterTimeline.of(ground, track, bare, [run])
      return Scenario(input: input, track: track, bare: bare, run: run, timeline: timeline[0])
    }
    let settings = try (0..<grid.count).map { (index: Int) throws(Failure) -> VaultSettings in
      try WorldSettings(grid.cell(index).settings).vault
    }
    vaults = VaultPlan(settings)
    oracle = first.oracle
    self.grid = grid
    self.lanes = lanes
  }

  /// Totals of every cell, by scenario.
  func run(threads: Int, withOracle: Bool) throws(Failure) -> [[VaultTotals]] {
    try Parallel.map(worlds.count, threads: threads) {
      (scenario: Int) throws(Failure) -> [VaultTotals] in
      let world = worlds[scenario]
      let track = withOracle ? OracleTrack(oracle, world.input) : world.track
      let flow = FlowMemory(FlowMemory(lanes, track, world.bare), world.run)
      return try VaultRun(vaults, world.timeline, lanes, track, flow).totals
    }
  }

  /// Sums over all scenarios, a row a cell.
  func table(_ totals: [[VaultTotals]]) -> CSVBuilder {
    var table = CSVBuilder()
    let columns = [
      "cycles", "recovers", "stop_losses", "timeouts", "open_at_end", "pnl_held_usd",
      "pnl_amm_usd", "gap_loss_usd",
    ]
    table.row(grid.axes.map(\.name) + columns)
    for index in 0..<vaults.count {
      for value in grid.cell(index).values { table.number(value) }
      let own = totals.map { $0[index] }
      for count in [\VaultTotals.cycles, \.recovers, \.stopLosses, \.timeouts, \.openAtEnd] {
        table.integer(own.reduce(0) { $0 + $1[keyPath: count] })
      }
      for sum in [\VaultTotals.pnlHeld, \.pnlAMM, \.gapLoss] {
        table.money(own.reduce(0) { $0 + $1[keyPath: sum] })
      }
      table.endRow()
    }
    return table
  }
}
