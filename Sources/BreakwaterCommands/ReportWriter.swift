// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit
internal import Inputs
internal import Reports
internal import Results
internal import Sweeps
internal import Tables
internal import TextKit
internal import Workbooks

/// What is made for people of the results of a sweep.
enum ReportKind: String, CaseIterable, ArgumentValue {
  case all, page, none
}

/// Writes the page and the workbook of a folder, each complete or not at all.
struct ReportWriter {
  let folder: String
  let objectives: [Objective]
  let top: Int
  let splitRows: Int
  let hasWorkbook: Bool

  /// Cells that the workbook lists unless told otherwise.
  static let usualTop = 10_000

  /// Writes the reports at the end of a sweep; what goes wrong is told and does not undo the sweep.
  static func write(_ kind: ReportKind, of plan: SweepPlan, in folder: String, isQuiet: Bool) {
    guard kind != .none else { return }
    let writer = ReportWriter(
      folder: folder,
      objectives: plan.spec.objectives,
      top: usualTop,
      splitRows: Sheet.mostRows - 1,
      hasWorkbook: kind == .all
    )
    do throws(Failure) {
      let missing = try writer.write(scene: try ReportInputs.scene(plan))
      if let missing, !isQuiet { Output.diagnostic("breakwater: \(missing)") }
    } catch {
      Output.diagnostic("breakwater: warning: no report was made: \(error.message)")
    }
  }

  /// * `scene`: what is known of the inputs.
  /// - Returns: why there are no pictures; nil when there are.
  func write(scene: ReportScene?) throws(Failure) -> String? {
    // Before any work, so that a folder that cannot be written to is told at once.
    var html = try OutputFile(path: ResultFolder.joined(folder, "report.html"))
    let model = try ReportModel(
      folder: folder,
      wishes: objectives.map { ($0.isMaximised, $0.metrics) },
      top: top,
      scene: scene
    )
    let page = ReportPage(model)
    try html.write(page.text)
    if hasWorkbook {
      var book = try OutputFile(path: ResultFolder.joined(folder, "report.xlsx"))
      let place = book.partialPath ?? book.path
      try ReportBook(model, splitRows: splitRows).write(to: place)
      try book.commit()
    }
    try html.commit()
    return page.missingPictures
  }
}
