// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Sweeps
package import TextKit

/// What `manifest.json` says of a run: what went in, what came out, with digests (DESIGN 9).
package struct Manifest: Sendable {
  /// One file of a run.
  package struct File: Sendable {
    package var name: String
    /// What an input is to the run, such as `book`; nil for the spec, for results, and in
    /// manifests that do not say.
    package var role: String?
    package var rows: Int?
    package var bytes: Int
    package var sha256: String

    /// A file whose bytes are in memory.
    package init(name: String, role: String? = nil, rows: Int?, bytes: [UInt8]) {
      self.name = name
      self.role = role
      self.rows = rows
      self.bytes = bytes.count
      sha256 = Digest.sha256(bytes)
    }

    /// A file on disk; standard input is named without a digest.
    package init(
      input path: String,
      role: String? = nil,
      rows: Int? = nil
    ) throws(Failure) {
      name = path
      self.role = role
      self.rows = rows
      (sha256, bytes) = Digest.isPassing(path) ? ("", 0) : try Digest.sha256(file: path)
    }

    fileprivate var json: JSONValue {
      var entries: [(String, JSONValue)] = [("file", .text(name))]
      if let role { entries.append(("role", .text(role))) }
      if let rows { entries.append(("rows", .integer(rows))) }
      entries += [("bytes", .integer(bytes)), ("sha256", .text(sha256))]
      return .object(entries)
    }
  }

  package var version: String
  /// Of the program's results; empty in manifests that do not say.
  package var revision: String
  package var spec: File
  package var inputs: [File]
  package var outputs: [File]
  package var seed: UInt64
  /// What the spec means, in words: grid, settings, scenarios, pegs; empty in manifests that do
  /// not say.
  package var facts: [JournalHeader.Fact] = []
  package var cells: Int
  /// How cells were drawn of the grid; nil for all of it.
  package var sample: GridSample?
  /// How cells were chosen around the Pareto front; nil for no choice.
  package var refinement: GridRefinement?
  package var scenarios: Int
  package var accounts: Int
  package var wallTimeSeconds: Double
  /// What the sweep found of its cells' robustness; nil in other runs, and not read back.
  package var robustness: RobustnessFacts?
  /// Digests of the event rows by category; nil in runs without events, and not read back.
  package var events: EventDigests?

  package init(
    version: String,
    revision: String,
    spec: File,
    inputs: [File],
    outputs: [File],
    seed: UInt64,
    cells: Int,
    scenarios: Int,
    accounts: Int,
    wallTimeSeconds: Double
  ) {
    self.version = version
    self.revision = revision
    self.spec = spec
    self.inputs = inputs
    self.outputs = outputs
    self.seed = seed
    self.cells = cells
    self.scenarios = scenarios
    self.accounts = accounts
    self.wallTimeSeconds = wallTimeSeconds
  }

  package var text: String {
    var entries: [(String, JSONValue)] = [
      ("breakwater", .text(version)),
      ("results_revision", .text(revision)),
      ("spec", spec.json),
      ("seed", .text(String(seed))),
    ]
    if !facts.isEmpty {
      entries.append(("run", .object(facts.map { ($0.name, .text($0.value)) })))
    }
    entries.append(("cells", .integer(cells)))
    if let sample { entries.append(("sample", .object(Manifest.fields(of: sample)))) }
    if let refinement {
      let fields =
        Manifest.fields(of: refinement.first) + [("rounds", .integer(refinement.rounds))]
      entries.append(("refine", .object(fields)))
    }
    entries += [
      ("scenarios", .integer(scenarios)),
      ("accounts", .integer(accounts)),
      ("inputs", .array(inputs.map(\.json))),
      ("outputs", .array(outputs.map(\.json))),
    ]
    if let events {
      let digests = events.list.map { (name, rows, digest) -> (String, JSONValue) in
        (name, .object([("rows", .integer(rows)), ("lthash", .text(digest))]))
      }
      entries.append(("events", .object(digests)))
    }
    if let robustness { entries.append(("robustness", robustness.json)) }
    entries.append(("wall_time_s", .number((wallTimeSeconds * 1000).rounded() / 1000)))
    return JSONValue.object(entries).text
  }

  private static func fields(of sample: GridSample) -> [(String, JSONValue)] {
    [
      ("cells", .integer(sample.count)), ("seed", .text(String(sample.seed))),
      ("method", .text(sample.method.rawValue)),
    ]
  }
}
