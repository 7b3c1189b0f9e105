// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Settings

/// The cells that a report speaks of: the best ones, and the one of the defaults.
package struct ChosenCells: Sendable {
  /// Rows in order of merit, at most as many as were asked for.
  package let ranked: [Int]
  /// The row of the defaults, or the nearest to them.
  package let reference: Int
  /// Whether that row is exactly at the defaults.
  package let isExact: Bool

  package var best: Int { ranked[0] }

  /// Ranks rows by the goals in their order, equal ones by place; nil of no rows.
  package init?(_ cells: CellColumns, goals: [Goal], count: Int) {
    guard cells.count > 0, !goals.isEmpty else { return nil }
    func precedes(_ a: Int, _ b: Int) -> Bool {
      for goal in goals {
        let (left, right) = (goal.merit(a), goal.merit(b))
        if left != right { return left > right }
      }
      return a < b
    }
    ranked = ChosenCells.first(count, of: cells.count, by: precedes)
    var levels: [(axis: SweptAxis, level: Int, value: Double)] = []
    for axis in cells.axes {
      guard let setting = try? Setting.named(axis.name) else { continue }
      let value = setting.defaultValue
      levels.append((axis, axis.nearestLevel(to: value), value))
    }
    var (nearest, least) = (0, Int.max)
    for row in 0..<cells.count {
      let distance = levels.reduce(0) { sum, entry in
        sum + abs(Int(entry.axis.levels[row]) - entry.level)
      }
      if distance < least { (nearest, least) = (row, distance) }
      if least == 0 { break }
    }
    reference = nearest
    isExact = levels.allSatisfy { $0.axis.value(row: nearest) == $0.value }
  }

  /// The first of so many rows in an order, without sorting all of them.
  private static func first(
    _ wanted: Int,
    of count: Int,
    by precedes: (Int, Int) -> Bool
  ) -> [Int] {
    guard wanted < count else { return (0..<count).sorted(by: precedes) }
    // The kept rows, sorted; what waits is looked at when there is as much of it.
    var kept: [Int] = []
    var waiting: [Int] = []
    for row in 0..<count {
      if kept.count == wanted, let last = kept.last, !precedes(row, last) { continue }
      waiting.append(row)
      guard waiting.count >= max(64, wanted) else { continue }
      kept = Array((kept + waiting).sorted(by: precedes).prefix(wanted))
      waiting.removeAll(keepingCapacity: true)
    }
    return Array((kept + waiting).sorted(by: precedes).prefix(wanted))
  }
}
