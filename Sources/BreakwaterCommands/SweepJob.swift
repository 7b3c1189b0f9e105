// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit
internal import Inputs
internal import Markets
internal import Reports
internal import Sweeps
internal import Tables
internal import TextKit

/// One run of a sweep or a share of it, with its journal: begun, gone on with, or found finished.
struct SweepJob {
  let plan: SweepPlan
  let engine: SweepEngine
  let folder: String
  /// Nil for the whole sweep.
  let shard: Shard?
  let threads: Int
  let start: ContinuousClock.Instant
  let isResumed: Bool
  let isFresh: Bool
  let hasBreakpoints: Bool
  let isQuiet: Bool
  /// Share of the cells to audit; nil for a few worlds.
  let audit: Double?
  /// What to draw of the grid or how to choose where the command says so, not the spec.
  let choice: [String]
  /// What to make for people of the results.
  let report: ReportKind
  /// Copies of the files for spreadsheets; nil when nobody asked.
  let sheets: SheetFolder?
  /// Whether progress is told as JSON.
  let isJSON: Bool
  /// Whom to tell of the end.
  let notification: Notification
  /// What the stages did, for the table at the end.
  private let log = StageLog()

  /// The names that a run uses beside its results.
  var names: (journal: String, lock: String, part: String) {
    let stem = shard.map { "-\($0.index)-of-\($0.count)" } ?? ""
    func located(_ name: String) -> String { ResultFolder.joined(folder, name) }
    return (
      located("journal\(stem).sqlite"), located("journal\(stem).lock"),
      located("part\(stem).sqlite")
    )
  }

  /// The units of this run.
  var units: [Int] {
    shard.map(engine.units.units(of:)) ?? Array(0..<engine.unitCount)
  }

  func run() throws(Failure) {
    if let shard, let input = plan.passingInput {
      throw Failure(
        .data,
        "shard \(shard.text): cannot tell whether other shards read the same from"
          + " '\(Failure.shown(input))'; write it into a file first"
      )
    }
    try OutputFolder.create(folder)
    let lock = try JournalLock(path: names.lock)
    do throws(Failure) {
      try runLocked()
      if !Interruption.isRequested { try sheets?.write(into: folder) }
    } catch {
      lock.release()
      throw error
    }
    lock.release()
    if Interruption.isRequested {
      notification.send("interrupted", folder: folder)
      Interruption.end()
    }
    notification.send("finished", folder: folder)
  }

  private func runLocked() throws(Failure) {
    let inputs = try plan.inputFiles()
    let header = plan.journalHeader(engine, inputs: inputs, shard: shard)
    let results = shard == nil ? try ResultFolder(folder) : nil
    let isDone = isFresh ? false : try isFinished(header, inputs)
    if isDone {
      try Journal.discard(names.journal)
      return sayFinished()
    }
    let journal = try opened(header)
    let text: String
    do throws(Failure) {
      try finish(journal)
      if Interruption.isRequested { return try sayGoodbye(journal) }
      text =
        if let results { try write(results, inputs, of: journal) } else {
          try completePart(journal)
        }
    } catch {
      try? discardIfEmpty(journal)
      throw explained(error, journal)
    }
    guard !isQuiet else { return }
    try Output.standard(text)
    if shard == nil {
      let worlds = engine.grid.count * plan.inputs.paths.count
      Output.diagnostic(SweepOutline.text(log, worlds: worlds))
    }
  }

  /// Makes the results of all units; the journal is not needed any more.
  ///
  /// - Returns: what people look at first.
  private func write(
    _ results: ResultFolder,
    _ inputs: [Manifest.File],
    of journal: Journal
  ) throws(Failure) -> String {
    let rows = try engine.rows(threads: threads) { (unit: Int) throws(Failure) in
      try journal.bytes(of: unit)
    }
    let output = SweepOutput(
      plan: plan,
      engine: engine,
      inputs: inputs,
      threads: threads,
      hasBreakpoints: hasBreakpoints,
      audit: audit,
      isQuiet: isQuiet,
      isJSON: isJSON
    )
    let summary = try output.write(rows, into: results, since: start)
    journal.close()
    try Journal.discard(names.journal)
    ReportWriter.write(report, of: plan, in: folder, isQuiet: isQuiet)
    return summary.text(folder: ResultFolder.joined(folder, ""))
  }

  var title: String { shard.map { "shard \($0.text)" } ?? "this sweep" }

  /// The command that goes on with this run.
  private var command: String {
    ShellText.command(
      ["sweep", plan.spec.file, "-o", folder] + choice
        + (shard.map { ["--shard", $0.text] } ?? [])
        + (hasBreakpoints ? ["--exact-breakpoints"] : []) + ["--resume"]
    )
  }

  // MARK: - Running

  /// The journal to go on with, or a new one; refuses where somebody has to decide.
  private func opened(_ header: JournalHeader) throws(Failure) -> Journal {
    guard Journal.exists(names.journal), !isFresh, plan.passingInput == nil else {
      return try Journal.create(path: names.journal, header)
    }
    let journal = try Journal(path: names.journal)
    let done = journal.finished.count
    let changes = journal.header.changes(to: header)
    if done == 0 {
      journal.close()
      return try Journal.create(path: names.journal, header)
    }
    let state =
      "\(folder): found an unfinished run of \(title), \(done) of \(units.count) units done"
    guard changes.isEmpty else {
      let shown = changes.prefix(5).joined(separator: "; ")
      let more = changes.count > 5 ? "; and \(changes.count - 5) more" : ""
      throw Failure(
        .data,
        "\(state), but of another spec or other inputs (\(shown)\(more)); undo that and go on with"
          + " --resume, or throw it away with --fresh"
      )
    }
    guard isResumed else {
      throw Failure(
        .data,
        "\(state); go on with\n  \(command)\nor throw it away with --fresh in place of --resume"
      )
    }
    if !isQuiet { Output.diagnostic("breakwater: \(state); going on") }
    return journal
  }

  /// A failure to write, with what is kept all the same.
  private func explained(_ failure: Failure, _ journal: Journal) -> Failure {
    let done = journal.finished.count
    guard failure.kind == .inputOutput, done > 0, plan.passingInput == nil else { return failure }
    return Failure(
      failure.kind,
      "\(failure.message); \(done) of \(units.count) units are done and kept: then go on with\n"
        + "  \(command)"
    )
  }

  /// Runs the units that are missing, each noted in the journal as soon as it is finished.
  private func finish(_ journal: Journal) throws(Failure) {
    let done = Set(journal.finished)
    let missing = units.filter { !done.contains($0) }
    let progress = Progress(
      "sweep",
      total: engine.units.cellScenarios(of: missing),
      unit: "worlds",
      quiet: isQuiet,
      json: isJSON
    )
    try Interruption.whileWatching { () throws(Failure) in
      try engine.run(
        units: missing,
        threads: threads,
        log: log,
        isCancelled: { Interruption.isRequested },
        progress: { progress.advance(by: $0) },
        done: { (unit: Int, bytes: [UInt8]) throws(Failure) in try journal.add(unit, bytes) }
      )
    }
    progress.finish()
  }

  /// Nothing is finished, so there is nothing to go on with.
  private func discardIfEmpty(_ journal: Journal) throws(Failure) {
    journal.close()
    if journal.finished.isEmpty { try Journal.discard(names.journal) }
  }

  private func sayGoodbye(_ journal: Journal) throws(Failure) {
    let done = journal.finished.count
    if plan.passingInput != nil {
      journal.close()
      try Journal.discard(names.journal)
      return Output.diagnostic("breakwater: interrupted; nothing was written")
    }
    try discardIfEmpty(journal)
    if done == 0 { return Output.diagnostic("breakwater: interrupted; nothing was finished yet") }
    Output.diagnostic(
      "breakwater: interrupted, \(done) of \(units.count) units are done and kept; go on with\n"
        + "  \(command)"
    )
  }

  private func completePart(_ journal: Journal) throws(Failure) -> String {
    let count = journal.finished.count
    try journal.complete(as: names.part)
    return "Shard \(shard?.text ?? ""): \(count) units in \(names.part)\n"
  }
}
