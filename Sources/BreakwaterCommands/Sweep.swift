// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets
internal import CommandLineKit
internal import Inputs
internal import Numerics
internal import Reports
internal import Settings
internal import Sweeps
internal import TextKit

/// `breakwater sweep`: every cell of a grid over every scenario.
struct Sweep: Command {
  static let name = "sweep"
  static let about = "Run the vault, protection and auction cycle for every cell of a grid"
  static let details: String? = """
    Example:
      breakwater sweep datasets/crash/spec.toml -o results
    Writes sweep.csv, frontier.csv, manifest.json and, for the cells that output.details names,
    cycles.csv, protection_events.csv, auctions.csv and liquidations.csv.
    """

  @Argument("Sweep specification (TOML)", valueName: "SPEC")
  var spec: FilePath
  @Option("Folder to write; default: output.folder of the spec", short: "o", valueName: "FOLDER")
  var output: FolderPath?
  @Option(
    "Threads; 0 means one for each core",
    short: "j",
    environment: "BREAKWATER_THREADS",
    bound: .within(0...1024)
  )
  var threads = 0
  @Flag("Read and check everything, print what would be run, and stop")
  var dryRun = false
  @Flag("Print nothing but errors", short: "q")
  var quiet = false

  /// More cells than this are refused: nobody reads them, and memory holds every row.
  private static let mostCells = 10_000_000

  mutating func run() throws(Failure) {
    let clock = ContinuousClock()
    let start = clock.now
    let quiet = quiet
    let plan = try SweepPlan(try SweepSpec.read(spec.path))
    if !quiet { Diagnostics.warn(plan.warnings) }
    let grid = plan.spec.grid
    let engine = plan.engine(grid)
    let workers = Parallel.threads(threads)
    try Sweep.checkSize(engine, workers)
    try grid.validate()
    try engine.check(threads: workers)
    let scenarios = plan.inputs.paths.count
    if dryRun { return try Output.standard(Sweep.outline(plan)) }
    var folder = try ResultFolder(output?.path ?? plan.spec.folder)
    let progress = Progress("sweep", total: grid.count * scenarios, quiet: quiet)
    let rows = try engine.runShared(threads: workers) { progress.advance(by: $0) }
    progress.finish()
    let summary = SweepSummary(rows, engine: engine, objectives: plan.spec.objectives)
    folder.add("sweep.csv", summary.table(rows), rows: rows.count)
    folder.add("frontier.csv", summary.table(summary.frontier), rows: summary.frontier.count)
    folder.add(try events(plan, engine, summary, workers))
    try folder.write(
      plan,
      cells: grid.count,
      wallTimeSeconds: (clock.now - start) / .seconds(1)
    )
    guard !quiet else { return }
    try Output.standard(summary.text(folder: folder.location(of: "")))
  }

  /// Replays the cells shown in detail; their rows must come out as they did in the sweep.
  private func events(
    _ plan: SweepPlan,
    _ engine: SweepEngine,
    _ summary: SweepSummary,
    _ workers: Int
  ) throws(Failure) -> EventTables {
    var tables = EventTables(book: plan.inputs.book, catalogue: plan.catalogue)
    let cells: [Int]
    switch plan.spec.details {
    case .none: cells = []
    case .best(let count): cells = summary.best(count).sorted()
    case .all: cells = Array(0..<engine.grid.count)
    }
    for index in cells {
      let cell = engine.grid.cell(index)
      let (row, logs) = try engine.replay(cell, threads: workers)
      guard row == summary.rows[index] else {
        throw Failure(.internalError, "cell \(cell.id) came out differently when it was replayed")
      }
      for (scenario, log) in logs.enumerated() {
        tables.append(log, cellID: cell.id, scenario: scenario)
      }
    }
    return tables
  }

  /// What a run would do, for `--dry-run`.
  private static func outline(_ plan: SweepPlan) -> String {
    let grid = plan.spec.grid
    var table = TextTable([.text("axis"), .number("values"), .text("from … to")])
    for axis in grid.axes {
      table.add([
        axis.name, String(axis.values.count),
        NumberText.shortest(axis.values[0]) + " … "
          + NumberText.shortest(axis.values[axis.values.count - 1]),
      ])
    }
    let steps = plan.inputs.paths.reduce(0) { $0 + $1.stepCount }
    return table.text()
      + "\(NumberText.grouped(grid.count)) cells × \(plan.inputs.paths.count) scenarios,"
      + " \(NumberText.grouped(steps)) steps in all,"
      + " \(NumberText.grouped(plan.inputs.book.accounts.count)) accounts\n"
  }

  /// Refuses a grid that is too large, with its count and an estimate from one measured cell.
  private static func checkSize(_ engine: SweepEngine, _ workers: Int) throws(Failure) {
    let count = engine.grid.count
    guard count > mostCells else { return }
    let clock = ContinuousClock()
    let start = clock.now
    _ = try engine.replay(engine.grid.cell(0), threads: workers)
    let seconds = (clock.now - start) / .seconds(1) * Double(count)
    throw Failure(
      .data,
      "the grid has \(NumberText.grouped(count)) cells, expected at most"
        + " \(NumberText.grouped(mostCells)); by one measured cell they would take"
        + " \(duration(seconds)) on \(workers) threads; use fewer values or axes"
    )
  }

  /// A long time in words, such as `about 3 days`.
  private static func duration(_ seconds: Double) -> String {
    let units = [(86_400.0 * 365, "years"), (86_400, "days"), (3_600, "hours"), (60, "minutes")]
    for (length, name) in units where seconds >= 2 * length {
      return "about \(NumberText.grouped(Int(min(1e15, seconds / length)))) \(name)"
    }
    return "about \(Int(seconds.rounded(.up))) seconds"
  }
}
