// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit
internal import Inputs
internal import Numerics
internal import Reports
internal import Sweeps
internal import Tables
internal import TextKit

/// `breakwater merge`: the results of a sweep whose shards were run apart.
struct Merge: Command {
  static let name = "merge"
  static let about = "Make the results of a sweep of the parts that its shards wrote"
  static let details: String? = """
    Example:
      breakwater merge results -o results
    Every shard must be there once. The files are byte for byte those of one undivided run, but for
    the time in manifest.json. The spec and its inputs must be as they were.
    """

  @Argument("Files part-I-of-N.sqlite, or folders of them", valueName: "PART")
  var parts: [FilePath]
  @Option("Folder to write", short: "o", valueName: "FOLDER")
  var output: FolderPath
  @Option(
    "Sweep specification; default: where the parts found it",
    valueName: "SPEC"
  )
  var spec: FilePath?
  @Option(
    "Threads; 0 means one for each core",
    short: "j",
    environment: "BREAKWATER_THREADS",
    bound: .within(0...1024)
  )
  var threads = 0
  @Option(
    "What to make for people of the results, as 'breakwater report' does",
    environment: "BREAKWATER_REPORT"
  )
  var report = ReportKind.all
  var sheets = SheetFolderOptions()
  @Flag(
    "Also write breakpoints.csv: every stop-loss and timeout level at which a cycle of the best"
      + " cell ends otherwise"
  )
  var exactBreakpoints = false
  @Flag("Print nothing but errors", short: "q")
  var quiet = false

  mutating func run() throws(Failure) {
    let start = ContinuousClock.now
    let paths = try Merge.files(parts.map(\.path))
    let parts = try PartSet(paths, folder: output.path)
    let plan = try SweepPlan(try SweepSpec.read(spec?.path ?? parts.header.spec))
    if !quiet { Diagnostics.warn(plan.warnings) }
    let engine = plan.engine(plan.spec.grid)
    let inputs = try plan.inputFiles()
    try parts.check(plan.journalHeader(engine, inputs: inputs, shard: nil), engine)
    try OutputFolder.create(output.path)
    let lock = try JournalLock(path: ResultFolder.joined(output.path, "journal.lock"))
    do throws(Failure) {
      let folder = try ResultFolder(output.path)
      let rows = try engine.rows(threads: Parallel.threads(threads)) {
        (unit: Int) throws(Failure) in try parts.bytes(of: unit)
      }
      let job = SweepOutput(
        plan: plan,
        engine: engine,
        inputs: inputs,
        threads: Parallel.threads(threads),
        hasBreakpoints: exactBreakpoints,
        audit: nil,
        isQuiet: quiet
      )
      let place = folder.location(of: "")
      let summary = try job.write(rows, into: folder, since: start)
      ReportWriter.write(report, of: plan, in: output.path, isQuiet: quiet)
      try sheets.folder?.write(into: output.path)
      if !quiet { try Output.standard(summary.text(folder: place)) }
    } catch {
      lock.release()
      throw error
    }
    lock.release()
  }

  /// The files of the arguments: a folder stands for the parts in it.
  private static func files(_ paths: [String]) throws(Failure) -> [String] {
    var files: [String] = []
    for path in paths {
      guard FolderOutput.isFolder(path) else {
        files.append(path)
        continue
      }
      let found = FolderOutput.contents(of: path).filter {
        $0.hasPrefix("part-") && $0.hasSuffix(".sqlite")
      }
      guard !found.isEmpty else {
        throw Failure(
          .missingInput,
          "\(path): found no part-I-of-N.sqlite in this folder; run the shards first"
        )
      }
      files += found.sorted().map { ResultFolder.joined(path, $0) }
    }
    return files
  }
}

/// The parts of one sweep: all shards, each once, of the same spec and inputs.
private struct PartSet {
  /// What the first part says of the sweep.
  let header: JournalHeader
  /// The parts by the place of their shard.
  private var parts: [Int: Journal] = [:]
  private let count: Int

  /// Opens and compares the parts.
  ///
  /// * `folder`: where results go, for the command that fills a gap.
  /// - Throws: a failure for damage, strangers, shards of another division, parts that are there
  ///   twice and differ, and gaps.
  init(_ paths: [String], folder: String) throws(Failure) {
    var first: Journal?
    var count = 0
    for path in paths {
      let part = try Journal(path: path, isReadOnly: true)
      guard let shard = part.header.shard else {
        throw Failure(
          .data,
          "\(path): this is the journal of a whole sweep, expected a part of one"
        )
      }
      guard let known = first else {
        (first, count) = (part, shard.count)
        parts[shard.index] = part
        continue
      }
      let changes = known.header.changes(to: part.header)
      guard changes.isEmpty else {
        throw Failure(
          .data,
          "\(path): is of another sweep than \(known.path): "
            + changes.prefix(5).joined(separator: "; ")
        )
      }
      guard shard.count == count else {
        throw Failure(
          .data,
          "\(path): is one of \(shard.count) shards, but \(known.path) one of \(count); give the"
            + " parts of one division"
        )
      }
      if let other = parts[shard.index] {
        guard try other.hasSameUnits(as: part) else {
          throw Failure(
            .data,
            "\(path): differs from \(other.path), which is the same shard; remove the wrong one"
          )
        }
        part.close()
      } else {
        parts[shard.index] = part
      }
    }
    guard let first else { throw Failure(.missingInput, "found no parts, expected at least one") }
    header = first.header
    self.count = count
    let missing = (1...count).filter { parts[$0] == nil }
    guard missing.isEmpty else { throw PartSet.gap(missing, count, header, folder) }
  }

  private static func gap(
    _ missing: [Int],
    _ count: Int,
    _ header: JournalHeader,
    _ folder: String
  ) -> Failure {
    let commands = missing.prefix(5).map {
      "\n  "
        + ShellText.command([
          "sweep", header.spec, "-o", folder, "--shard", "\($0)/\(count)", "--resume",
        ])
    }
    let more = missing.count > 5 ? "\n  and \(missing.count - 5) more" : ""
    return Failure(
      .data,
      "found \(count - missing.count) of \(count) shards; run those that are missing:"
        + commands.joined() + more
    )
  }

  /// Refuses parts of a sweep that is not the spec's, and parts without all their units.
  func check(_ own: JournalHeader, _ engine: SweepEngine) throws(Failure) {
    let changes = header.changes(to: own)
    guard changes.isEmpty else {
      throw Failure(
        .data,
        "\(own.spec): spec or inputs are not those that the parts were made of: "
          + changes.prefix(5).joined(separator: "; ")
          + "; restore them, or run the shards again"
      )
    }
    for (index, part) in parts.sorted(by: { $0.key < $1.key }) {
      guard let shard = Shard(index: index, count: count),
        part.finished == engine.units.units(of: shard)
      else {
        throw Failure(
          .data,
          "\(part.path): found \(part.finished.count) units, which are not all of this shard;"
            + " run it again with --fresh"
        )
      }
    }
  }

  /// The bytes of a unit, from the part that has it.
  func bytes(of unit: Int) throws(Failure) -> [UInt8] {
    for part in parts.values where part.contains(unit) { return try part.bytes(of: unit) }
    throw Failure(.internalError, "no part has unit \(unit)")
  }
}
