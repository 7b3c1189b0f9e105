// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit
internal import Reports
internal import Results
internal import Sweeps
internal import TextKit

/// `breakwater compare`: what is different between two sweeps, last night's and tonight's.
struct Compare: Command {
  static let name = "compare"
  static let about = "Compare the results of two sweeps: inputs, cells, metrics, best cell, front"
  static let details: String? = """
    Example:
      breakwater compare monday tuesday --fail-on intervals --fail-on best
    Names every changed setting with both values, and every changed input file. The first folder is
    the old one; cells are matched by what was swept.
    A metric is beyond its interval in a cell when its new mean lies outside the old range from 5 %
    to 95 % of the scenarios.
    Kinds of differences: inputs, cells, metrics, intervals, best, front.
    """

  @Argument("Folder of the earlier sweep", valueName: "BEFORE")
  var before: FolderPath
  @Argument("Folder of the later sweep", valueName: "AFTER")
  var after: FolderPath
  @Option("End with status 1 when there is a difference of this kind", valueName: "KIND")
  var failOn: [DifferenceKind] = []
  @Flag("Print JSON")
  var json = false

  mutating func run() throws(Failure) {
    let found = Comparison(before: try model(before), after: try model(after))
    try Output.standard(json ? found.json.text : found.text)
    let kinds = found.kinds.map(\.rawValue).filter { kind in
      failOn.contains { $0.rawValue == kind }
    }
    guard kinds.isEmpty else {
      throw Failure(.difference, "the sweeps differ in: " + kinds.joined(separator: ", "))
    }
  }

  private func model(_ folder: FolderPath) throws(Failure) -> ReportModel {
    try ReportModel(
      folder: folder.path,
      wishes: Objective.defaults.map { ($0.isMaximised, $0.metrics) },
      top: 1,
      scene: nil
    )
  }
}

/// The kinds of differences as the command line names them.
enum DifferenceKind: String, CaseIterable, ArgumentValue {
  case inputs, cells, metrics, intervals, best, front
}
