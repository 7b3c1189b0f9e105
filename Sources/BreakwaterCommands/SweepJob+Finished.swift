// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit
internal import Inputs
internal import Reports
internal import Sweeps
internal import TextKit

/// What is there already when a sweep begins.
extension SweepJob {
  /// Tells whether there is nothing to do, and says so.
  ///
  /// It does not depend on which cells a refinement chooses, so it is asked before it does.
  func saysFinished() throws(Failure) -> Bool {
    guard !isFresh, shard == nil, Journal.exists(ResultFolder.joined(folder, "manifest.json")),
      !Journal.exists(names.journal)
    else { return false }
    let inputs = try plan.inputFiles()
    let header = plan.journalHeader(engine, inputs: inputs, shard: shard)
    guard try isFinished(header, inputs) else { return false }
    sayFinished()
    return true
  }

  func sayFinished() {
    guard !isQuiet else { return }
    Output.diagnostic(
      "breakwater: \(folder): \(title) is finished, nothing to do; --fresh runs it again"
    )
  }

  /// Tells whether the results are there and made of the same spec and inputs.
  func isFinished(
    _ header: JournalHeader,
    _ inputs: [Manifest.File]
  ) throws(Failure) -> Bool {
    guard plan.passingInput == nil else { return false }
    if shard != nil {
      guard Journal.exists(names.part) else { return false }
      let part = try Journal(path: names.part, isReadOnly: true)
      defer { part.close() }
      return part.header.changes(to: header).isEmpty && part.finished == units
    }
    let place = ResultFolder.joined(folder, "manifest.json")
    guard let manifest = try? Manifest.read(place) else { return false }
    return manifest.version == BreakwaterProgram.version
      && manifest.spec.isUnchanged(at: plan.spec.file)
      && manifest.revision == BreakwaterProgram.resultsRevision
      && manifest.sample == plan.spec.sample && manifest.refinement == plan.spec.refinement
      && manifest.inputs.map(\.sha256) == inputs.map(\.sha256)
      && manifest.outputs.allSatisfy {
        $0.isUnchanged(at: ResultFolder.joined(folder, $0.name))
      }
      && (!hasBreakpoints || manifest.outputs.contains { $0.name == "breakpoints.csv" })
  }
}
