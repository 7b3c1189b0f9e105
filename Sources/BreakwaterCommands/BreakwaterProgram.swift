// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import CommandLineKit
internal import Numerics
internal import Sweeps

/// The program: its name, what it is, and its commands in the order of the manual.
package enum BreakwaterProgram {
  package static let version = "0.1.0"
  /// Raised by every change after which a column of results has other values for the same input.
  ///
  /// A test ties the number to the golden files.
  package static let revision = 1
  /// Names what results are of: the revision and the columns of metrics, such as `1-90f3c2a1`.
  ///
  /// Results of another one are not taken for finished, nor gone on with.
  package static let resultsRevision: String = {
    let names = MetricTable.metrics(varLevel: 0.95).map(\.name).joined(separator: ",")
    return "\(revision)-" + String(fnv1a64(names.utf8), radix: 16)
  }()

  package static let program = Program(
    name: "breakwater",
    about: "Liquidation prices, clusters and vault sweeps for leveraged crypto markets",
    version: version,
    released: "2026-11-30",
    footer: """
      Start with:
        breakwater sweep datasets/crash/spec.toml
      Exit status:
        0 done, 64 usage, 65 bad data, 66 no such input, 70 our bug, 74 input/output
      """,
    commands: [
      Prices.self,
      Clusters.self,
      Scenarios.self,
      Sweep.self,
      Merge.self,
      Submit.self,
      Verify.self,
      Report.self,
      Compare.self,
      Replay.self,
      Explain.self,
      Generate.self,
      Import.self,
      Convert.self,
      SettingsList.self,
      Venues.self,
      Bench.self,
      Doctor.self,
    ]
  )
}
