// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit
internal import Processes
internal import Reports
internal import Tables
internal import TextKit

/// Runs a command of the user's when a sweep has ended, with a summary as JSON on its input.
struct Notification {
  /// A line for `sh`; nil for none.
  let command: String?
  let spec: String

  /// Tells of the end; what the command does wrong is told and changes nothing.
  ///
  /// * `event`: `finished`, `failed` or `interrupted`.
  /// * `folder`: where results are, nil while that is not known.
  func send(_ event: String, folder: String?, failure: Failure? = nil) {
    guard let command else { return }
    var fields: [(String, JSONValue)] = [
      ("event", .text(event)), ("breakwater", .text(BreakwaterProgram.version)),
      ("spec", .text(spec)), ("folder", folder.map(JSONValue.text) ?? .null),
      ("status", .integer(Int(failure?.kind.rawValue ?? 0))),
      ("message", failure.map { .text($0.message) } ?? .null),
    ]
    if event == "finished", let folder {
      let place = ResultFolder.joined(folder, "manifest.json")
      if let manifest = try? Manifest.read(place) {
        fields += [
          ("cells", .integer(manifest.cells)), ("scenarios", .integer(manifest.scenarios)),
          ("accounts", .integer(manifest.accounts)),
          ("wall_time_s", .number(manifest.wallTimeSeconds)),
          ("files", .array(manifest.outputs.map { .text($0.name) })),
          ("best", Notification.first(ResultFolder.joined(folder, "robustness.csv"))),
        ]
      }
    }
    do throws(Failure) {
      let input = Array(JSONValue.object(fields).text.utf8)
      let outcome = try ChildProcess.run("sh", ["-c", command], input: input)
      guard outcome.status != 0 else { return }
      let said = String(decoding: outcome.errors.suffix(200), as: UTF8.self)
      Output.diagnostic(
        "breakwater: warning: --notify: the command ended with status \(outcome.status)"
          + (said.isEmpty ? "" : ": \(Failure.shown(said))")
      )
    } catch {
      Output.diagnostic("breakwater: warning: --notify: \(error.message)")
    }
  }

  /// The cell of rank 1 with its columns as text; null where it cannot be read.
  private static func first(_ path: String) -> JSONValue {
    do throws(Failure) {
      var reader = try CSVReader(path: path, required: ["rank"], keepsOthers: true)
      while try reader.next() {
        guard try reader.text(0) == "1" else { continue }
        var fields: [(String, JSONValue)] = []
        for (place, name) in reader.columns.enumerated() where place > 0 {
          fields.append((name, .text(try reader.text(place))))
        }
        return .object(fields)
      }
    } catch {}
    return .null
  }
}
