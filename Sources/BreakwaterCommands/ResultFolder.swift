// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Inputs
internal import Markets
internal import Reports
internal import Sweeps
internal import Tables
internal import TextKit

/// The files of one run, written when everything is known and renamed when complete.
struct ResultFolder {
  /// Every file that a run may write, the manifest last.
  static let names = [
    "sweep.csv", "frontier.csv", "robustness.csv", "breakpoints.csv", "cycles.csv",
    "protection_events.csv", "auctions.csv", "liquidations.csv", EventTables.waterfallFile,
    "report.html", "report.xlsx", "manifest.json",
  ]

  private let path: String
  /// What the manifest says of the cells' robustness.
  var robustness: RobustnessFacts?
  private var digests: EventDigests?
  private var files: [(name: String, table: CSVBuilder, rows: Int)] = []

  /// Makes the folder and checks that files can be written there, before any work is done.
  init(_ path: String) throws(Failure) {
    self.path = path
    try OutputFolder.create(path)
    // A partial file that is never committed leaves nothing behind.
    for name in ResultFolder.names { _ = try OutputFile(path: ResultFolder.joined(path, name)) }
  }

  static func joined(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }

  func location(of name: String) -> String { ResultFolder.joined(path, name) }

  mutating func add(_ name: String, _ table: CSVBuilder, rows: Int) {
    files.append((name, table, rows))
  }

  /// Adds the event files of some cells.
  mutating func add(_ events: EventTables) {
    for file in events.files { add(file.name, file.table, rows: file.table.rowCount - 1) }
    digests = events.digests
  }

  /// Writes every file, the manifest last.
  ///
  /// * `inputs`: files that went in; nil to look at them now.
  func write(
    _ plan: SweepPlan,
    inputs: [Manifest.File]? = nil,
    cells: Int,
    wallTimeSeconds: Double
  ) throws(Failure) {
    let sources: [Manifest.File]
    if let inputs { sources = inputs } else { sources = try plan.inputFiles() }
    var manifest = Manifest(
      version: BreakwaterProgram.version,
      revision: BreakwaterProgram.resultsRevision,
      spec: try Manifest.File(input: plan.spec.file),
      inputs: sources,
      outputs: files.map { Manifest.File(name: $0.name, rows: $0.rows, bytes: $0.table.bytes) },
      seed: plan.inputs.seed,
      cells: cells,
      scenarios: plan.inputs.paths.count,
      accounts: plan.inputs.book.accounts.count,
      wallTimeSeconds: wallTimeSeconds
    )
    manifest.facts = plan.facts
    manifest.sample = plan.spec.sample
    manifest.refinement = plan.spec.refinement
    manifest.robustness = robustness
    manifest.events = digests
    let contents = [("manifest.json", Array(manifest.text.utf8))]
    try write((contents + files.map { ($0.name, $0.table.bytes) })[...])
    // A file that this run was not asked for would be of another run.
    for optional in ["breakpoints.csv", EventTables.waterfallFile]
    where !files.contains(where: { $0.name == optional }) {
      unsafe unlink(location(of: optional))
    }
  }

  /// Writes every file beside its name, then renames all of them, the first one last.
  private func write(_ contents: ArraySlice<(name: String, bytes: [UInt8])>) throws(Failure) {
    guard let first = contents.first else { return }
    var file = try OutputFile(path: location(of: first.name))
    try file.write(first.bytes)
    try file.flush()
    try write(contents.dropFirst())
    try file.commit()
  }
}
