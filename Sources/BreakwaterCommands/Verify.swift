// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit
internal import Inputs
internal import Numerics
internal import Reports
internal import Sweeps
internal import Tables
internal import TextKit

/// `breakwater verify`: whether the results of a sweep are what they say they are.
struct Verify: Command {
  static let name = "verify"
  static let about = "Check the results of a sweep: digests, counts, money, some cells again"
  static let details: String? = """
    Example:
      breakwater verify results
    Compares every file with its digest and count of rows in manifest.json, and the inputs where
    they are; adds up the ledgers; runs some cells again in the reference world and compares their
    rows. Paths of the manifest are seen from the folder that the sweep was run in.
    """

  @Argument("Folder that a sweep wrote", valueName: "FOLDER")
  var folder: FolderPath
  @Option("Sweep specification; default: the manifest's", valueName: "SPEC")
  var spec: FilePath?
  @Option(
    "How many cells to run again, chosen by a hash of their ids",
    bound: .within(0...100_000)
  )
  var cells = 3
  @Option(
    "Threads; 0 means one for each core",
    short: "j",
    environment: "BREAKWATER_THREADS",
    bound: .within(0...1024)
  )
  var threads = 0
  @Flag("Print nothing but errors", short: "q")
  var quiet = false

  mutating func run() throws(Failure) {
    let manifest = try Manifest.read(place("manifest.json"))
    try checkOutputs(manifest)
    let table = try SweepTable(place("sweep.csv"), chosen: cells)
    guard table.rowCount == manifest.cells else {
      throw Failure(
        .data,
        "\(place("sweep.csv")): found \(table.rowCount) cells, expected \(manifest.cells)"
      )
    }
    try checkLedgers(manifest, table)
    try say("\(manifest.outputs.count) files have their digests and rows")
    try say("\(NumberText.grouped(table.rowCount)) cells have balanced ledgers")
    let missing = try checkInputs(manifest)
    guard cells > 0 else { return }
    guard missing.isEmpty else {
      if !quiet {
        let names = missing.prefix(5).joined(separator: ", ")
        Output.diagnostic(
          "breakwater: warning: no cell was run again, since these inputs are not here: \(names)"
        )
      }
      return
    }
    try replay(manifest, table)
  }

  private func place(_ name: String) -> String { ResultFolder.joined(folder.path, name) }

  private func say(_ line: String) throws(Failure) {
    if !quiet { try Output.standard(line + "\n") }
  }

  /// Compares every result with its digest and its count of rows.
  private func checkOutputs(_ manifest: Manifest) throws(Failure) {
    var problems: [String] = []
    for file in manifest.outputs {
      let path = place(file.name)
      guard !file.name.contains("/"), let found = try? Manifest.File(input: path) else {
        problems.append("\(path): this file is missing")
        continue
      }
      if found.sha256 != file.sha256 || found.bytes != file.bytes {
        problems.append(
          "\(path): found \(found.bytes) bytes with SHA-256 \(found.sha256), expected"
            + " \(file.bytes) with \(Failure.shown(file.sha256)): changed after the sweep"
        )
      } else if let rows = file.rows {
        var reader = try CSVReader(path: path, required: [], keepsOthers: true)
        var count = 0
        while try reader.next() { count += 1 }
        if count != rows { problems.append("\(path): found \(count) rows, expected \(rows)") }
      }
    }
    for name in ["sweep.csv", "frontier.csv"]
    where !manifest.outputs.contains(where: { $0.name == name }) {
      problems.append("\(place("manifest.json")): found no digest of \(name)")
    }
    guard problems.isEmpty else {
      throw Failure(.data, problems.joined(separator: "\nbreakwater: "))
    }
  }

  /// Every ledger of every cell must balance to the micro-dollar.
  private func checkLedgers(_ manifest: Manifest, _ table: SweepTable) throws(Failure) {
    let front = try SweepTable(place("frontier.csv"), chosen: 0)
    for cells in [table, front] {
      guard let cell = cells.unbalanced else { continue }
      throw Failure(
        .internalError,
        "\(cells.path): cell \(cell): ledger_imbalance_usd is not 0.000000: money was made or lost"
      )
    }
  }

  /// Compares the spec and the inputs that are there with their digests; gives those that are not.
  private func checkInputs(_ manifest: Manifest) throws(Failure) -> [String] {
    var missing: [String] = []
    var checked = 0
    for file in [manifest.spec] + manifest.inputs {
      let isSpec = file.name == manifest.spec.name
      let path = isSpec ? spec?.path ?? file.name : file.name
      if path.hasPrefix("query:") || Digest.isPassing(path) || !Journal.exists(path) {
        missing.append(path)
        continue
      }
      guard file.isUnchanged(at: path) else {
        throw Failure(.data, "\(path): this input is not the one of the sweep: its digest differs")
      }
      checked += 1
    }
    try say("\(checked) of \(manifest.inputs.count + 1) inputs are here and have their digests")
    return missing
  }

  /// Runs the chosen cells again and compares every number.
  private func replay(_ manifest: Manifest, _ table: SweepTable) throws(Failure) {
    let plan = try SweepPlan(
      try SweepSpec.read(
        spec?.path ?? manifest.spec.name,
        sample: manifest.sample,
        refinement: manifest.refinement
      )
    ).refined(threads: Parallel.threads(threads), isQuiet: true)
    let engine = plan.engine(plan.spec.grid)
    guard engine.grid.count == manifest.cells else {
      throw Failure(
        .data,
        "\(plan.spec.file): found a grid of \(engine.grid.count) cells, expected \(manifest.cells)"
      )
    }
    let known = Set(table.columns)
    for row in table.chosen {
      let cell = engine.grid.cell(row.index)
      let (found, _) = try engine.replay(cell, threads: Parallel.threads(threads))
      let names = ["cell_id"] + engine.grid.axes.map(\.name) + engine.metricNames
      let texts =
        [found.cellID] + found.values.map(NumberText.shortest) + found.metrics.map(\.text)
      for (name, text) in zip(names, texts) {
        guard known.contains(name) else {
          throw Failure(.data, "\(table.path): found no column '\(Failure.shown(name))'")
        }
        guard row.fields[name] == text else {
          throw Failure(
            .internalError,
            "\(table.path): cell \(row.fields["cell_id"] ?? ""): column '\(name)' is"
              + " \(row.fields[name] ?? ""), but \(text) when the cell is run again"
              + (manifest.version == BreakwaterProgram.version
                ? "" : " by \(BreakwaterProgram.version) (the sweep was by \(manifest.version))")
          )
        }
      }
    }
    try say("\(table.chosen.count) cells came out the same when they were run again")
  }
}

/// What `verify` reads of a table of cells.
private struct SweepTable {
  struct Row {
    let index: Int
    let hash: UInt64
    let fields: [String: String]
  }

  let path: String
  private(set) var columns: [String] = []
  private(set) var rowCount = 0
  /// The first cell whose ledger does not balance.
  private(set) var unbalanced: String?
  /// The rows with the smallest hashes, in order.
  private(set) var chosen: [Row] = []

  init(_ path: String, chosen wanted: Int) throws(Failure) {
    self.path = path
    var reader = try CSVReader(
      path: path,
      required: ["cell_id", "ledger_imbalance_usd"],
      keepsOthers: true
    )
    columns = reader.columns
    while try reader.next() {
      let cell = try reader.text(0)
      if try reader.text(1) != "0.000000" && unbalanced == nil { unbalanced = cell }
      let hash = fnv1a64(("verify " + cell).utf8)
      if chosen.count < wanted || hash < chosen.last?.hash ?? 0 {
        var fields: [String: String] = [:]
        for (place, name) in columns.enumerated() where wanted > 0 {
          fields[name] = reader.isEmpty(place) ? "" : try reader.text(place)
        }
        let row = Row(index: rowCount, hash: hash, fields: fields)
        let place = chosen.firstIndex { $0.hash > hash } ?? chosen.count
        chosen.insert(row, at: place)
        if chosen.count > wanted { chosen.removeLast() }
      }
      rowCount += 1
    }
    chosen.sort { $0.index < $1.index }
  }
}
