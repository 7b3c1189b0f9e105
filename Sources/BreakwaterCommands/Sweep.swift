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
      breakwater sweep large.toml -o results --refine 500
    Writes sweep.csv, frontier.csv, robustness.csv (each cell's worst neighbour and its ranks),
    manifest.json and, for the cells that output.details names, cycles.csv, protection_events.csv,
    auctions.csv, liquidations.csv and, with a waterfall, liquidation_events.csv. Until then what is
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
  var refinements = RefineOptions()
  @Flag("Go on with a sweep that was interrupted")
  var resume = false
  @Flag("Run everything again; throw away what an interrupted sweep left")
  var fresh = false
  @Flag(
    "Also write breakpoints.csv: every stop-loss and timeout level at which a cycle of the best"
      + " cell ends otherwise"
  )
  var exactBreakpoints = false
  @Option(
    "Share of the cells to run again in the reference world and compare; default: a few worlds",
    valueName: "SHARE",
    bound: .within(0...1)
  )
  var audit: Double?
  @Option(
    "What to make for people of the results, as 'breakwater report' does",
    environment: "BREAKWATER_REPORT"
  )
  var report = ReportKind.all
  var sheets = SheetFolderOptions()
  @Flag("Show progress as a line of JSON every second, on standard error")
  var jsonProgress = false
  @Option(
    "Command for sh to run at the end or on failure, with a summary as JSON on its standard input",
    valueName: "COMMAND"
  )
  var notify: String?
  @Flag("Read and check everything, print what would be run, and stop")
  var dryRun = false
  @Flag("Print nothing but errors", short: "q")
  var quiet = false

  /// More cells than this are refused: nobody reads them, and memory holds every row.
  private static let mostCells = 10_000_000

  mutating func run() throws(Failure) {
    let notification = Notification(command: dryRun ? nil : notify, spec: spec.path)
    do throws(Failure) {
      try run(notification)
    } catch {
      notification.send("failed", folder: output?.path, failure: error)
      throw error
    }
  }

  private func run(_ notification: Notification) throws(Failure) {
    let start = ContinuousClock.now
    let sample = try samples.choice()
    guard sample == nil || shard == nil else {
      throw Failure(
        .usage,
        "--sample cannot be divided over shards, which all have to draw the same; write [sample]"
          + " with cells and seed into the spec"
      )
    }
    let refinement = try refinements.choice(sample)
    let whole = try SweepPlan(
      try SweepSpec.read(spec.path, sample: sample, refinement: refinement)
    )
    if !quiet { Diagnostics.warn(whole.warnings) }
    let workers = Parallel.threads(threads)
    let share = try shard.map { (text: String) throws(Failure) in
      try ShardChoice.shard(text) { unsafe getenv($0).map { unsafe String(cString: $0) } }
    }
    guard !resume || !fresh else {
      throw Failure(.usage, "--resume and --fresh exclude each other; give one of them")
    }
    if share != nil { try refuseWhatNeedsAllShards(whole.spec) }
    func job(_ plan: SweepPlan) -> SweepJob {
      SweepJob(
        plan: plan,
        engine: plan.engine(plan.spec.grid),
        folder: output?.path ?? plan.spec.folder,
        shard: share,
        threads: workers,
        start: start,
        isResumed: resume,
        isFresh: fresh,
        hasBreakpoints: exactBreakpoints,
        isQuiet: quiet,
        audit: audit,
        choice: (sample?.words ?? []) + (refinement?.words ?? []),
        report: report,
        sheets: sheets.folder,
        isJSON: jsonProgress,
        notification: notification
      )
    }
    if !dryRun, whole.spec.refinement != nil, try job(whole).saysFinished() {
      try sheets.folder?.write(into: job(whole).folder)
      return
    }
    let plan = try whole.refined(threads: workers, isQuiet: quiet, isDrawnOnly: dryRun)
    let grid = plan.spec.grid
    let engine = plan.engine(grid)
    try Sweep.checkSize(engine, workers)
    try grid.validate()
    try engine.check(threads: workers)
    if dryRun {
      let (text, time) = try SweepOutline.text(plan, engine, threads: workers)
      try Output.standard(text)
      if !quiet { Output.diagnostic(time) }
      return
    }
    try job(plan).run()
  }

  /// What a shard cannot do, since it knows only its own cells.
  private func refuseWhatNeedsAllShards(_ spec: SweepSpec) throws(Failure) {
    guard !exactBreakpoints, sheets.folder == nil else {
      let needs =
        exactBreakpoints
        ? "--exact-breakpoints needs all shards; give it"
        : "--top and --split-rows need all shards; give them"
      throw Failure(.usage, needs + " to 'breakwater merge' instead")
    }
    guard spec.refinement == nil else {
      throw Failure(
        .usage,
        "a refined sweep has no shards: which cells it runs depends on the results of others; leave"
          + " out --shard, or sample the grid"
      )
    }
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
        + " about \(SweepOutline.duration(seconds)) on \(workers) threads; use fewer values or"
        + " axes, or --sample"
    )
  }
}
