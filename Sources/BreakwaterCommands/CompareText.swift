// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit
internal import Results
internal import TextKit

extension Comparison {
  /// All of it for people.
  var text: String {
    guard !kinds.isEmpty else { return "No difference: inputs and \(common) cells are the same.\n" }
    var out = section("Inputs", inputs)
    out += "Cells: \(NumberText.grouped(common)) in both, \(onlyBefore.count) only in the first,"
    out += " \(onlyAfter.count) only in the second\n"
    out += section("Only in the first", shownBefore, of: onlyBefore.count)
    out += section("Only in the second", shownAfter, of: onlyAfter.count)
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
      table.add(
        [
          change.name, ColumnGlossary.unit(of: change.name), NumberText.grouped(change.cells),
          change.beyond.map(NumberText.grouped) ?? "",
        ] + values(change) + [change.place]
      )
    }
    let places = axes.isEmpty ? "the id of a cell" : axes.joined(separator: ", ")
    return "Metrics that moved ('at' is \(places)):\n"
      + table.text(indent: 2, width: Terminal.standardOutput().tableWidth)
  }

  /// The values before and after, with all their digits where they would look alike.
  private func values(_ change: MetricChange) -> [String] {
    let both = [change.before, change.after]
    let short = both.map { Plain.metric($0, change.name) }
    guard short[0] == short[1] else { return short }
    return both.map { $0.map(NumberText.shortest) ?? "–" }
  }

  /// * `count`: how many lines there are, if these are the first of more.
  private func section(_ title: String, _ lines: [String], of count: Int? = nil) -> String {
    guard !lines.isEmpty else { return "" }
    let shown = lines.prefix(Comparison.mostShown)
    let more = (count ?? lines.count) - shown.count
    return "\(title):\n" + shown.map { "  \($0)\n" }.joined()
      + (more > 0 ? "  and \(NumberText.grouped(more)) more\n" : "")
  }
}
