// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Configuration
internal import Sweeps
internal import Tables
package import TextKit

extension Manifest {
  /// Reads `manifest.json` of an earlier run.
  ///
  /// - Throws: a failure with the file's name when it is not there or says something else.
  package static func read(_ path: String) throws(Failure) -> Manifest {
    try PlainFile.require(path)
    let text = try TextSource.contents(of: path, limit: 64 << 20)
    var found: Manifest?
    try ConfigValue.eachJSON(in: text, file: path) { (root: ConfigValue) throws(Failure) in
      let table = try ConfigTable(root)
      guard let seed = UInt64(try table.string("seed")) else {
        throw table.failure(at: "seed", "expected a whole number in quotes")
      }
      found = Manifest(
        version: try table.string("breakwater"),
        revision: try table.optionalString("results_revision") ?? "",
        spec: try File(try table.table("spec")),
        inputs: try files(table, "inputs"),
        outputs: try files(table, "outputs"),
        seed: seed,
        cells: try table.integer("cells", in: 0...Int.max),
        scenarios: try table.integer("scenarios", in: 0...Int.max),
        accounts: try table.integer("accounts", in: 0...Int.max),
        wallTimeSeconds: try table.number("wall_time_s")
      )
      found?.sample = try table.optionalTable("sample").map { (table) throws(Failure) in
        try sample(table)
      }
      found?.facts = try facts(table)
      found?.refinement = try table.optionalTable("refine").map { (table) throws(Failure) in
        GridRefinement(
          first: try sample(table),
          rounds: try table.integer("rounds", in: 1...20)
        )
      }
    }
    guard let found else { throw Failure(.data, "\(path): found nothing, expected a manifest") }
    return found
  }

  private static func sample(_ table: ConfigTable) throws(Failure) -> GridSample {
    guard let seed = UInt64(try table.string("seed")) else {
      throw table.failure(at: "seed", "expected a whole number in quotes")
    }
    let names = GridSample.Method.allCases.map(\.rawValue)
    let method = try table.choice("method", among: names, default: names[0])
    return GridSample(
      count: try table.integer("cells", in: 1...Int.max),
      seed: seed,
      method: GridSample.Method(rawValue: method) ?? .latin
    )
  }

  private static func facts(_ table: ConfigTable) throws(Failure) -> [JournalHeader.Fact] {
    guard let run = try table.optionalTable("run") else { return [] }
    var facts: [JournalHeader.Fact] = []
    for entry in run.entries {
      facts.append(JournalHeader.Fact(entry.key, try entry.value.string()))
    }
    return facts
  }

  private static func files(_ table: ConfigTable, _ key: String) throws(Failure) -> [File] {
    var files: [File] = []
    for value in try table.array(key) { files.append(try File(try ConfigTable(value))) }
    return files
  }
}

extension Manifest.File {
  fileprivate init(_ table: ConfigTable) throws(Failure) {
    name = try table.string("file")
    role = try table.optionalString("role")
    rows = try table.optionalInteger("rows", in: 0...Int.max)
    bytes = try table.integer("bytes", in: 0...Int.max)
    sha256 = try table.string("sha256")
  }

  /// Tells whether a file on disk still has these bytes; false when it cannot be read.
  package func isUnchanged(at path: String) -> Bool {
    guard !Digest.isPassing(path), let found = try? Manifest.File(input: path) else { return false }
    return found.bytes == bytes && found.sha256 == sha256
  }
}
