// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Reports
internal import Sweeps
internal import TextKit

/// Two folders of results held against each other: inputs, cells, metrics, best cell, front.
package struct Comparison: Sendable {
  /// A kind of difference, which a run can be made to fail on.
  package enum Kind: String, CaseIterable, Sendable {
    /// Program, spec, seed or an input is another one.
    case inputs
    /// A cell is in one folder only.
    case cells
    /// A metric of a cell has another value.
    case metrics
    /// The new mean of a metric lies outside the old range from 5 % to 95 % of the scenarios.
    case intervals
    /// Another cell is the best.
    case best
    /// Cells entered or left the Pareto front.
    case front
  }

  /// What a metric did over the cells that both folders have.
  package struct MetricChange: Sendable {
    package let name: String
    /// Cells with another value.
    package let cells: Int
    /// Cells whose new mean lies outside the old interval; nil where the metric has none.
    package let beyond: Int?
    /// The cell that moved furthest, with its values; nil is an empty cell.
    package let cell: String
    /// The same in short: swept values alone, in the order of the axes.
    package let place: String
    package let before: Double?
    package let after: Double?
  }

  /// Lines that a list shows to people before it says how many more there are.
  package static let mostShown = 10

  package let inputs: [String]
  package let common: Int
  package let onlyBefore: [String]
  package let onlyAfter: [String]
  /// The first of these cells with their ids and settings, for people.
  package let shownBefore: [String]
  package let shownAfter: [String]
  package let metrics: [MetricChange]
  /// Metrics that one folder alone has.
  package let columns: [String]
  /// What was swept in the second folder, as a table says it.
  package let axes: [String]
  package let bestBefore: String
  package let bestAfter: String
  package let entered: [String]
  package let left: [String]

  /// Compares two folders.
  package init(before: ReportModel, after: ReportModel) {
    inputs = Comparison.inputs(before.manifest, after.manifest)
    let pairs = CellPairs(before.cells, after.cells)
    common = pairs.rows.count
    onlyBefore = pairs.onlyBefore.map(before.cells.id)
    onlyAfter = pairs.onlyAfter.map(after.cells.id)
    func shown(_ rows: [Int], _ cells: CellColumns) -> [String] {
      rows.prefix(Comparison.mostShown).map { row in
        cells.axes.isEmpty ? cells.id(row) : "\(cells.id(row)): \(cells.settings(row: row))"
      }
    }
    shownBefore = shown(pairs.onlyBefore, before.cells)
    shownAfter = shown(pairs.onlyAfter, after.cells)
    let names = before.cells.metrics
    let others = Set(after.cells.metrics)
    metrics = names.filter(others.contains).compactMap { name in
      Comparison.change(name, before.cells, after.cells, pairs.rows)
    }
    columns =
      names.filter { !others.contains($0) }.map { "\($0) is gone" }
      + after.cells.metrics.filter { !Set(names).contains($0) }.map { "\($0) is new" }
    axes = after.cells.axes.map(\.name)
    bestBefore = before.cells.settings(row: before.chosen.best)
    bestAfter = after.cells.settings(row: after.chosen.best)
    let fronts = [before, after].map { model in
      model.frontier.map { model.cells.settings(row: $0) }
    }
    let (old, new) = (Set(fronts[0]), Set(fronts[1]))
    entered = fronts[1].filter { !old.contains($0) }
    left = fronts[0].filter { !new.contains($0) }
  }

  /// The kinds of differences that were found.
  package var kinds: [Kind] {
    Kind.allCases.filter { kind in
      switch kind {
      case .inputs: !inputs.isEmpty
      case .cells: !onlyBefore.isEmpty || !onlyAfter.isEmpty
      case .metrics: !metrics.isEmpty || !columns.isEmpty
      case .intervals: metrics.contains { $0.beyond ?? 0 > 0 }
      case .best: bestBefore != bestAfter
      case .front: !entered.isEmpty || !left.isEmpty
      }
    }
  }

  /// How a metric moved; nil where it did not.
  private static func change(
    _ name: String,
    _ before: CellColumns,
    _ after: CellColumns,
    _ rows: [(before: Int, after: Int)]
  ) -> MetricChange? {
    guard let old = before.values(name), let new = after.values(name) else { return nil }
    let (low, high) = (before.values(name + "_p05"), before.values(name + "_p95"))
    var (count, beyond, furthest, most) = (0, 0, -1, -1.0)
    for (place, pair) in rows.enumerated() {
      let (a, b) = (old[pair.before], new[pair.after])
      guard a != b, !(a.isNaN && b.isNaN) else { continue }
      count += 1
      let distance = a.isNaN || b.isNaN ? 0 : (b - a).magnitude
      if distance > most { (furthest, most) = (place, distance) }
      if let low, let high, b < low[pair.before] || b > high[pair.before] { beyond += 1 }
    }
    guard furthest >= 0 else { return nil }
    let pair = rows[furthest]
    return MetricChange(
      name: name,
      cells: count,
      beyond: low != nil && high != nil ? beyond : nil,
      cell: after.settings(row: pair.after),
      place: after.place(row: pair.after),
      before: before.value(name, row: pair.before),
      after: after.value(name, row: pair.after)
    )
  }
}

/// Rows of two tables that are the same cell: by what was swept where both sweep the same settings,
/// else by their ids.
private struct CellPairs {
  private(set) var rows: [(before: Int, after: Int)] = []
  private(set) var onlyBefore: [Int] = []
  private(set) var onlyAfter: [Int] = []

  init(_ before: CellColumns, _ after: CellColumns) {
    let isSame = !before.axes.isEmpty && before.axes.map(\.name) == after.axes.map(\.name)
    func key(_ cells: CellColumns, _ row: Int) -> String {
      guard isSame else { return cells.id(row) }
      return cells.axes.map { NumberText.shortest($0.value(row: row)) }.joined(separator: ",")
    }
    var places: [String: Int] = [:]
    for row in 0..<before.count { places[key(before, row)] = row }
    for row in 0..<after.count {
      if let old = places.removeValue(forKey: key(after, row)) {
        rows.append((old, row))
      } else {
        onlyAfter.append(row)
      }
    }
    onlyBefore = places.values.sorted()
  }
}
