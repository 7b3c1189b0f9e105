// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets
internal import CommandLineKit
internal import Glibc
internal import Inputs
internal import Numerics
internal import Settings
internal import Sweeps
internal import TextKit

/// `breakwater sweep`: every cell of a grid over every scenario.
struct Sweep: Command {
  static let name = "sweep"
  static let about = "Run the vault, protection and auction cycle for every cell of a grid"
  static let details: String? = """
    Examples:
      breakwater sweep datasets/crash/spec.toml -o results
      breakwater sweep datasets/crash/spec.toml -o results --resume
      breakwater sweep datasets/crash/spec.toml -o results --shard 2/7
      breakwater sweep large.toml -o results --sample 5000
    Writes sweep.csv, frontier.csv, manifest.json and, for the cells that output.details names,
    cycles.csv, protection_events.csv, auctions.csv and liquidations.csv. Until then what is
    finished is in journal.sqlite. A shard writes part-I-of-N.sqlite for 'breakwater merge'.
    Cells are the product of [grid] and of every [[zip]], whose settings move together, less those
    that break grid.where, such as "vault.timeout_s >= 10 * protection.poll_s".
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
  @Option(
    "Run one share of the sweep: I/N such as 2/7, or auto, or auto/N to ask the scheduler;"
      + " default: the whole sweep",
    valueName: "I/N"
  )
  var shard: String?
  var samples = SampleOptions()
  @Flag("Go on with a sweep that was interrupted")
  var resume = false
  @Flag("Run everything again; throw away what an interrupted sweep left")
  var fresh = false
  @Flag("Read and check everything, print what would be run, and stop")
  var dryRun = false
  @Flag("Print nothing but errors", short: "q")
  var quiet = false

  /// More cells than this are refused: nobody reads them, and memory holds every row.
  private static let mostCells = 10_000_000

  mutating func run() throws(Failure) {
    let start = ContinuousClock.now
    let sample = try samples.choice()
    guard sample == nil || shard == nil else {
      throw Failure(
        .usage,
        "--sample cannot be divided over shards, which all have to draw the same; write [sample]"
          + " with cells and seed into the spec"
      )
    }
    let plan = try SweepPlan(try SweepSpec.read(spec.path, sample: sample))
    if !quiet { Diagnostics.warn(plan.warnings) }
    let grid = plan.spec.grid
    let engine = plan.engine(grid)
    let workers = Parallel.threads(threads)
    let share = try shard.map { (text: String) throws(Failure) in
      try ShardChoice.shard(text) { unsafe getenv($0).map { unsafe String(cString: $0) } }
    }
    guard !resume || !fresh else {
      throw Failure(.usage, "--resume and --fresh exclude each other; give one of them")
    }
    try Sweep.checkSize(engine, workers)
    try grid.validate()
    try engine.check(threads: workers)
    if dryRun { return try Output.standard(Sweep.outline(plan)) }
    let job = SweepJob(
      plan: plan,
      engine: engine,
      folder: output?.path ?? plan.spec.folder,
      shard: share,
      threads: workers,
      start: start,
      isResumed: resume,
      isFresh: fresh,
      sample: sample,
      isQuiet: quiet
    )
    try job.run()
  }

  /// What a run would do, for `--dry-run`.
  private static func outline(_ plan: SweepPlan) -> String {
    let grid = plan.spec.grid
    var table = TextTable([.text("axis"), .number("values"), .text("from … to")])
    for axis in grid.axes {
      // What was drawn is in no order.
      let ends =
        plan.spec.sample == nil
        ? (axis.values[0], axis.values[axis.values.count - 1])
        : (axis.values.min() ?? 0, axis.values.max() ?? 0)
      table.add([
        axis.name, String(axis.values.count),
        NumberText.shortest(ends.0) + " … " + NumberText.shortest(ends.1),
      ])
    }
    var notes = ""
    if let sample = plan.spec.sample {
      notes += "sample of \(NumberText.grouped(sample.count)) points, seed \(sample.seed)\n"
    } else {
      for group in grid.dimensions where group.axes.count > 1 {
        notes += "zip: " + group.axes.map { grid.axes[$0].name }.joined(separator: ", ") + "\n"
      }
    }
    if !grid.constraints.isEmpty {
      notes +=
        "where: \(NumberText.grouped(grid.count)) of \(NumberText.grouped(grid.pointCount)) kept\n"
    }
    let steps = plan.inputs.paths.reduce(0) { $0 + $1.stepCount }
    return table.text() + notes
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
        + " \(duration(seconds)) on \(workers) threads; use fewer values or axes, or --sample"
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
