// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Reports
internal import TextKit

extension Comparison {
  /// Names that a list shows before it says how many more there are.
  private static let mostShown = 10

  /// All of it for people.
  package var text: String {
    guard !kinds.isEmpty else { return "No difference: inputs and \(common) cells are the same.\n" }
    var out = section("Inputs", inputs)
    out += "Cells: \(NumberText.grouped(common)) in both, \(onlyBefore.count) only in the first,"
    out += " \(onlyAfter.count) only in the second\n"
    out += section("Only in the first", onlyBefore) + section("Only in the second", onlyAfter)
    let moved = metrics.map { change in
      var line = "\(change.name): \(NumberText.grouped(change.cells)) cells"
      if let beyond = change.beyond {
        line += ", \(NumberText.grouped(beyond)) beyond their interval"
      }
      return line + "; furthest " + Plain.metric(change.before, change.name) + " → "
        + Plain.metric(change.after, change.name) + " at \(change.cell)"
    }
    out += section("Metrics that moved", moved, all: true) + section("Columns", columns)
    if bestBefore != bestAfter { out += "Best cell: \(bestBefore) → \(bestAfter)\n" }
    return out + section("Entered the Pareto front", entered) + section("Left the front", left)
  }

  /// All of it for programs.
  package var json: JSONValue {
    let changes = metrics.map { change in
      JSONValue.object([
        ("metric", .text(change.name)), ("cells", .integer(change.cells)),
        ("beyond_interval", change.beyond.map(JSONValue.integer) ?? .null),
        ("furthest_cell", .text(change.cell)),
        ("before", change.before.map(JSONValue.number) ?? .null),
        ("after", change.after.map(JSONValue.number) ?? .null),
      ])
    }
    func list(_ texts: [String]) -> JSONValue { .array(texts.map(JSONValue.text)) }
    return .object([
      ("differences", list(kinds.map(\.rawValue))), ("inputs", list(inputs)),
      ("common_cells", .integer(common)), ("only_before", list(onlyBefore)),
      ("only_after", list(onlyAfter)), ("metrics", .array(changes)), ("columns", list(columns)),
      ("best_before", .text(bestBefore)), ("best_after", .text(bestAfter)),
      ("entered_front", list(entered)), ("left_front", list(left)),
    ])
  }

  private func section(_ title: String, _ lines: [String], all: Bool = false) -> String {
    guard !lines.isEmpty else { return "" }
    let shown = all ? lines : Array(lines.prefix(Comparison.mostShown))
    let more = lines.count - shown.count
    return "\(title):\n" + shown.map { "  \($0)\n" }.joined()
      + (more > 0 ? "  and \(NumberText.grouped(more)) more\n" : "")
  }
}
