// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit
internal import Results
internal import TextKit

extension Comparison {
  /// Names that a list shows before it says how many more there are.
  private static let mostShown = 10

  /// All of it for people.
  var text: String {
    guard !kinds.isEmpty else { return "No difference: inputs and \(common) cells are the same.\n" }
    var out = section("Inputs", inputs)
    out += "Cells: \(NumberText.grouped(common)) in both, \(onlyBefore.count) only in the first,"
    out += " \(onlyAfter.count) only in the second\n"
    out += section("Only in the first", onlyBefore) + section("Only in the second", onlyAfter)
    out += table + section("Columns", columns)
    if bestBefore != bestAfter { out += "Best cell: \(bestBefore) → \(bestAfter)\n" }
    return out + section("Entered the Pareto front", entered) + section("Left the front", left)
  }

  /// Metrics that moved, each with the cell in which it moved furthest.
  private var table: String {
    guard !metrics.isEmpty else { return "" }
    var table = TextTable([
      .text("metric"), .text("unit"), .number("cells"), .number("beyond interval"),
      .number("furthest from"), .number("to"), .text("at"),
    ])
    for change in metrics {
      table.add([
        change.name, ColumnGlossary.unit(of: change.name), NumberText.grouped(change.cells),
        change.beyond.map(NumberText.grouped) ?? "", Plain.metric(change.before, change.name),
        Plain.metric(change.after, change.name), change.place,
      ])
    }
    let places = axes.isEmpty ? "the id of a cell" : axes.joined(separator: ", ")
    return "Metrics that moved ('at' is \(places)):\n"
      + table.text(indent: 2, width: Terminal.standardOutput().tableWidth)
  }

  private func section(_ title: String, _ lines: [String]) -> String {
    guard !lines.isEmpty else { return "" }
    let shown = lines.prefix(Comparison.mostShown)
    let more = lines.count - shown.count
    return "\(title):\n" + shown.map { "  \($0)\n" }.joined()
      + (more > 0 ? "  and \(NumberText.grouped(more)) more\n" : "")
  }
}
