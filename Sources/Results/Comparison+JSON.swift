// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Reports

extension Comparison {
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
}
