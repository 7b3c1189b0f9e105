// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Inputs
internal import Markets
internal import Reports
internal import Sweeps
internal import Tables
internal import TextKit

/// The files of one run, written when everything is known and renamed when complete.
struct ResultFolder {
  private let path: String
  private var files: [(name: String, table: CSVBuilder, rows: Int)] = []

  /// Makes the folder and checks that files can be written there, before any work is done.
  init(_ path: String) throws(Failure) {
    self.path = path
    try OutputFolder.create(path)
    // A partial file that is never committed leaves nothing behind.
    _ = try OutputFile(path: ResultFolder.joined(path, "sweep.csv"))
  }

  private static func joined(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }

  func location(of name: String) -> String { ResultFolder.joined(path, name) }

  mutating func add(_ name: String, _ table: CSVBuilder, rows: Int) {
    files.append((name, table, rows))
  }

  /// Adds the event files of some cells.
  mutating func add(_ events: EventTables) {
    for file in events.files { add(file.name, file.table, rows: file.table.rowCount - 1) }
  }

  /// Writes every file, the manifest last.
  func write(
    _ plan: SweepPlan,
    cells: Int,
    wallTimeSeconds: Double
  ) throws(Failure) {
    var outputs: [Manifest.File] = []
    for file in files {
      outputs.append(Manifest.File(name: file.name, rows: file.rows, bytes: file.table.bytes))
      try write(file.table.bytes, to: file.name)
    }
    let manifest = Manifest(
      version: BreakwaterProgram.version,
      spec: try Manifest.File(input: plan.spec.file),
      inputs: try plan.inputFiles(),
      outputs: outputs,
      seed: plan.inputs.seed,
      cells: cells,
      scenarios: plan.inputs.paths.count,
      accounts: plan.inputs.book.accounts.count,
      wallTimeSeconds: wallTimeSeconds
    )
    try write(Array(manifest.text.utf8), to: "manifest.json")
  }

  private func write(_ bytes: [UInt8], to name: String) throws(Failure) {
    var file = try OutputFile(path: location(of: name))
    try file.write(bytes)
    try file.commit()
  }
}
