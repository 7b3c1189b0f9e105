// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit
internal import Cycles
internal import Inputs
internal import Numerics
internal import Sweeps
internal import TextKit

/// `breakwater explain`: what happened in one cell's worst scenario, in sentences.
struct Explain: Command {
  static let name = "explain"
  static let about = "Tell in sentences what happened in one cell's worst scenario"
  static let details: String? = """
    Examples:
      breakwater explain spec.toml --cell 4f1c02aa93be7d10
      breakwater explain spec.toml --cell vault.stop_loss=0.05 --scenario 3
    Runs the cell again in the reference world. The worst scenario is the one in which the vault's
    P&L less all bad debt is lowest.
    """

  @Argument("Sweep specification (TOML)", valueName: "SPEC")
  var spec: FilePath
  @Option(
    "The cell: its id, or name=value pairs over the spec's settings; default: the settings alone",
    valueName: "CELL"
  )
  var cell: String?
  @Option(
    "The scenario, counted from 0; default: the worst",
    valueName: "N",
    bound: .atLeast(0)
  )
  var scenario: Int?
  var samples = SampleOptions()
  @Option(
    "Threads; 0 means one for each core",
    short: "j",
    environment: "BREAKWATER_THREADS",
    bound: .within(0...1024)
  )
  var threads = 0
  @Flag("Print nothing but results and errors", short: "q")
  var quiet = false

  mutating func run() throws(Failure) {
    let plan = try SweepPlan(try SweepSpec.read(spec.path, sample: try samples.choice()))
    if !quiet { Diagnostics.warn(plan.warnings) }
    let grid = try Replay.grid(of: cell ?? "", in: plan.spec.grid)
    try grid.validate()
    let engine = plan.engine(grid)
    let workers = Parallel.threads(threads)
    try engine.check(threads: workers)
    let chosen = grid.cell(0)
    let (_, logs) = try engine.replay(chosen, threads: workers)
    if let scenario, scenario >= logs.count {
      throw Failure(
        .data,
        "--scenario: found \(scenario), expected 0 to \(logs.count - 1): the spec has"
          + " \(logs.count) scenarios"
      )
    }
    let number = scenario ?? Explain.worst(logs)
    let story = ScenarioStory(
      plan: plan,
      catalogue: try plan.spec.catalogue(chosen.venueValues),
      log: logs[number],
      scenario: number,
      path: try plan.inputs.paths.path(number)
    )
    let values = zip(grid.axes, chosen.values).map { "\($0.name) = \(NumberText.shortest($1))" }
    var text = "Cell \(chosen.id)" + (values.isEmpty ? "" : ": " + values.joined(separator: ", "))
    text += scenario == nil ? ".\nWorst of \(logs.count) scenarios: " : ".\nScenario: "
    try Output.standard(text + story.text)
  }

  /// The scenario with the lowest P&L less bad debt, the first of equals.
  private static func worst(_ logs: [EventLog]) -> Int {
    let results = logs.map { log in
      log.cycles.reduce(Int128(0)) { $0 + Int128($1.pnl) }
        - log.auctions.reduce(Int128(0)) { $0 + Int128($1.badDebt) }
        - log.liquidations.reduce(Int128(0)) {
          $0 + ($1.kind == .market ? Int128($1.shortfall) : 0)
        }
    }
    return results.indices.min { (results[$0], $0) < (results[$1], $1) } ?? 0
  }
}
