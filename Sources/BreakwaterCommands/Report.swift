// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit
internal import Inputs
internal import Reports
internal import Results
internal import Sweeps
internal import TextKit

/// `breakwater report`: a page and a workbook of a folder of results.
struct Report: Command {
  static let name = "report"
  static let about = "Make report.html and report.xlsx of the results of a sweep"
  static let details: String? = """
    Example:
      breakwater report results --objective "min vault_max_drawdown_usd"
    report.html is one file without scripts that opens anywhere; its pictures are drawn by gnuplot
    where that is found. report.xlsx has the best cells in a table with filters, heat maps, charts
    and a sheet that explains every column. Both come from the folder alone; where the inputs are
    still as they were, clusters, price paths and the check of confidence are shown too.
    """

  @Argument("Folder that a sweep wrote", valueName: "FOLDER")
  var folder: FolderPath
  @Option(
    "What cells are judged by, as 'max METRIC' or 'min METRIC+METRIC', the first one first;"
      + " default: the spec's objectives",
    valueName: "OBJECTIVE"
  )
  var objective: [String] = []
  @Option("How many of the best cells the workbook lists", bound: .within(1...10_000_000))
  var top = ReportWriter.usualTop
  @Option("Cells on one sheet of the workbook; more go to the next", bound: .within(1...1_048_575))
  var splitRows = 1_048_575
  @Option("Sweep specification; default: the manifest's", valueName: "SPEC")
  var spec: FilePath?
  @Flag("Make no workbook")
  var noWorkbook = false
  @Flag("Print nothing but errors", short: "q")
  var quiet = false

  mutating func run() throws(Failure) {
    let manifest = try Manifest.read(ResultFolder.joined(folder.path, "manifest.json"))
    let plan = ReportInputs.plan(manifest, spec: spec?.path)
    let objectives = try objective.map { (text: String) throws(Failure) in try Objective(text) }
    let writer = ReportWriter(
      folder: folder.path,
      objectives: objectives.isEmpty ? plan?.spec.objectives ?? Objective.defaults : objectives,
      top: top,
      splitRows: splitRows,
      hasWorkbook: !noWorkbook
    )
    let missing = try writer.write(scene: try plan.map(ReportInputs.scene))
    guard !quiet else { return }
    if let missing { Output.diagnostic("breakwater: \(missing)") }
    let names = noWorkbook ? "report.html" : "report.html and report.xlsx"
    Output.diagnostic("breakwater: \(names) are in \(ResultFolder.joined(folder.path, ""))")
  }
}
