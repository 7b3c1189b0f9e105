// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit
internal import Cycles
internal import Reports
internal import Sweeps
internal import Tables
internal import TextKit

/// The rows of a sweep with what people look at first: best cells and Pareto front.
struct SweepSummary {
  let rows: SweepRows
  private let robustness: Robustness
  /// Levels at which the best cell's outcome changes; nil when nobody asked.
  var breakpoints: [ExitBreakpoint]?
  let frontier: [SweepRow]
  private let axes: [Axis]
  private let metrics: [String]
  private let columns: [String: Int]

  init(
    _ rows: SweepRows,
    _ robustness: Robustness,
    engine: SweepEngine,
    objectives: [Objective]
  ) {
    self.rows = rows
    self.robustness = robustness
    axes = engine.grid.axes
    metrics = engine.metricNames
    var columns: [String: Int] = [:]
    for (column, name) in metrics.enumerated() { columns[name] = column }
    self.columns = columns
    frontier = Frontier.indices(of: rows, columns: columns, objectives: objectives)
      .map { rows[$0] }
  }

  /// The file of all cells.
  func table(threads: Int) throws(Failure) -> CSVBuilder {
    try SweepReport.table(of: rows, axes: axes, metrics: metrics, threads: threads)
  }

  func table(_ rows: [SweepRow]) -> CSVBuilder {
    SweepReport.table(rows, axes: axes, metrics: metrics)
  }

  /// The file of every cell's robustness.
  func robustnessTable(threads: Int) throws(Failure) -> CSVBuilder {
    try RobustnessReport.table(robustness, of: rows, axes: axes, threads: threads)
  }

  /// What the manifest says of it.
  var robustnessFacts: RobustnessFacts? {
    RobustnessFacts(robustness) { rows.cell($0).id }
  }

  /// Places of the best cells by mean vault P&L.
  func best(_ count: Int) -> [Int] { robustness.best(count) }

  /// The best cells, the front's size and where the files are, for a terminal.
  func text(folder: String) -> String {
    let shown: [(title: String, metric: String)] = [
      ("pnl_usd", "vault_pnl_usd"), ("drawdown_usd", "vault_max_drawdown_usd"),
      ("recovers", "vault_recovers"), ("stops", "vault_stop_losses"),
      ("timeouts", "vault_timeouts"), ("prevented", "protection_prevented_liquidations"),
      ("saved_usd", "protection_saved_usd"), ("recovery", "auction_recovery_ratio"),
    ]
    func render(_ rows: [SweepRow]) -> String {
      var table = TextTable(
        [.text("cell")] + axes.map { .number(SweepSummary.shortName($0.name)) }
          + shown.map { .number($0.title) }
      )
      for row in rows {
        table.add(
          [row.cellID] + row.values.map(NumberText.shortest)
            + shown.map { cell(row, $0.metric) }
        )
      }
      return table.text(indent: 2, width: Terminal.standardOutput().tableWidth)
    }
    let front = Array(frontier.prefix(5))
    let more = frontier.count - front.count
    return "Best cells by mean vault P&L:\n" + render(best(5).map { rows[$0] })
      + (robustnessFacts.map { $0.line + "\n" } ?? "") + breakpointLine
      + "Pareto front, \(frontier.count) of \(rows.count) cells"
      + (more > 0 ? " (first \(front.count)):\n" : ":\n") + render(front)
      + "Files: \(folder)\n"
  }

  private var breakpointLine: String {
    guard let breakpoints else { return "" }
    let counts = ExitLevel.allCases.map { axis in
      "\(NumberText.grouped(breakpoints.count { $0.axis == axis })) of \(axis.rawValue)"
    }
    return "Breakpoints of the best cell: " + counts.joined(separator: ", ") + "\n"
  }

  private func cell(_ row: SweepRow, _ metric: String) -> String {
    guard let column = columns[metric] else { return "" }
    switch row.metrics[column] {
    case .money(let micro): return NumberText.grouped(Int(clamping: micro / 1_000_000))
    case .number(let value):
      return value.map { NumberText.shortest(($0 * 1000).rounded() / 1000) } ?? "–"
    }
  }

  private static func shortName(_ name: String) -> String {
    name.split(separator: ".").last.map(String.init) ?? name
  }
}
