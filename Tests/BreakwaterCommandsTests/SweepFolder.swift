// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Specs and folders of sweeps that are interrupted, divided and compared.
extension Workdir {
  /// A spec of so many times two cells over the two paths and 62 generated scenarios, which are a
  /// unit each.
  func writeSpec(_ name: String, steps: Int, details: String = "best 2") throws {
    let spec = try text("spec.toml")
      .replacingOccurrences(
        of: "[0.02, 0.06]",
        with: "{ from = 0.01, to = 0.9, steps = \(steps) }"
      )
      .replacingOccurrences(of: "\"all\"", with: "\"\(details)\"")
      .replacingOccurrences(
        of: "seed = 2020",
        with: "seed = 2020\ngenerate = 62\nhorizon_s = 3600\nstep_s = 1"
      )
    try write(name, spec)
  }

  /// The files of results by their names; of the manifest all but the time.
  func results(_ folder: String) throws -> [String: String] {
    var files: [String: String] = [:]
    for name in ["sweep.csv", "frontier.csv", "robustness.csv"] + GoldenTests.events {
      files[name] = try text("\(folder)/\(name)")
    }
    files["manifest.json"] = try text("\(folder)/manifest.json")
      .split(separator: "\n").filter { !$0.contains("\"wall_time_s\"") }.joined(separator: "\n")
    return files
  }

  /// Waits until a journal is there and has at least so many bytes in its log.
  func waitForJournal(_ name: String, logBytes: Int = 1) throws {
    for _ in 0..<6000 {
      let log = try? bytes(name + "-wal")
      if names.contains(name), log?.count ?? 0 >= logBytes { return }
      usleep(5_000)
    }
    Issue.record("no journal \(name) with a log of \(logBytes) bytes in 30 s")
  }

  /// The names in a folder, sorted.
  func contents(_ folder: String) -> [String] {
    names.filter { $0.hasPrefix(folder + "/") }.map { String($0.dropFirst(folder.count + 1)) }
  }
}
