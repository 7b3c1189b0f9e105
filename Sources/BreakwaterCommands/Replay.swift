// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Tables
internal import CommandLineKit
internal import Inputs
internal import Numerics
internal import Reports
internal import Settings
internal import Sweeps
internal import TextKit

/// `breakwater replay`: one cell of a sweep with every event, in the reference world.
struct Replay: Command {
  static let name = "replay"
  static let about = "Run one cell of a sweep again, with every event"
  static let details: String? = """
    Examples:
      breakwater replay spec.toml --cell vault.stop_loss=0.05,vault.timeout_s=1800
      breakwater replay spec.toml --cell 4f1c02aa93be7d10 -o replay
    Prints the cell's row of sweep.csv; with -o also writes the event files.
    """

  @Argument("Sweep specification (TOML)", valueName: "SPEC")
  var spec: FilePath
  @Option(
    "The cell: its id, or name=value pairs over the spec's settings; default: the settings alone",
    valueName: "CELL"
  )
  var cell: String?
  var samples = SampleOptions()
  @Option("Folder for the row and the event files", short: "o", valueName: "FOLDER")
  var output: FolderPath?
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
    let clock = ContinuousClock()
    let start = clock.now
    let plan = try SweepPlan(try SweepSpec.read(spec.path, sample: try samples.choice()))
    if !quiet { Diagnostics.warn(plan.warnings) }
    let grid = try Replay.grid(of: cell ?? "", in: plan.spec.grid)
    try grid.validate()
    let engine = plan.engine(grid)
    let workers = Parallel.threads(threads)
    try engine.check(threads: workers)
    let chosen = grid.cell(0)
    guard let output else {
      let (row, _) = try engine.replay(chosen, threads: workers)
      return try Output.standard(table(row, engine, grid).bytes)
    }
    try OutputFolder.create(output.path)
    try JournalLock.hold(ResultFolder.joined(output.path, "journal.lock")) { () throws(Failure) in
      var folder = try ResultFolder(output.path)
      let (row, logs) = try engine.replay(chosen, threads: workers)
      let table = self.table(row, engine, grid)
      try Output.standard(table.bytes)
      var events = EventTables(
        book: plan.inputs.book,
        catalogue: try plan.spec.catalogue(chosen.venueValues)
      )
      for (scenario, log) in logs.enumerated() {
        events.append(log, cellID: chosen.id, scenario: scenario)
      }
      folder.add("sweep.csv", table, rows: 1)
      folder.add(events)
      try folder.write(plan, cells: 1, wallTimeSeconds: (clock.now - start) / .seconds(1))
    }
  }

  private func table(_ row: SweepRow, _ engine: SweepEngine, _ grid: Grid) -> CSVBuilder {
    SweepReport.table([row], axes: grid.axes, metrics: engine.metricNames)
  }

  /// The grid of the one cell that the option names; axes keep their columns.
  static func grid(of text: String, in grid: Grid) throws(Failure) -> Grid {
    if !text.isEmpty && !text.contains("=") {
      for index in 0..<min(grid.count, 10_000_000) where grid.cell(index).id == text {
        return try grid.narrowed(to: grid.cell(index).values)
      }
      throw Failure(
        .data,
        "found no cell '\(Failure.shown(text))' in the grid, expected an id of sweep.csv"
      )
    }
    var given: [String: Double] = [:]
    for part in text.split(separator: ",") {
      let (name, value) = try SettingArguments.assignment(String(part))
      if name.hasPrefix("venues.") {
        guard let number = Double(value), number.isFinite else {
          throw Failure(.data, "\(name): found '\(Failure.shown(value))', expected a number")
        }
        given[name] = number
      } else {
        given[name] = try SettingArguments.number(of: try Setting.named(name), value)
      }
    }
    return try grid.narrowed(to: given)
  }
}
