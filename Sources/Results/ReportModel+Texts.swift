// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Reports
internal import TextKit

extension ReportModel {
  /// The spec's file name, without folders.
  var specName: String {
    manifest.spec.name.split(separator: "/").last.map(String.init) ?? manifest.spec.name
  }

  /// The last part of a dotted name where no other axis has the same.
  func shortName(_ name: String) -> String {
    func last(_ text: String) -> Substring { text.split(separator: ".").last ?? "" }
    let isAlone = cells.axes.count { last($0.name) == last(name) } == 1
    return isAlone ? String(last(name)) : name
  }

  /// Which way objectives are better, in brackets.
  var directions: String {
    " (" + goals.map { "\($0.isMaximised ? "more" : "less") \($0.name)" }.joined(separator: ", ")
      + " is better)"
  }

  /// The metrics of the goals, then the others that are shown, each once.
  var shownMetrics: [String] {
    var seen: Set<String> = []
    return (goals.flatMap(\.metrics) + ReportModel.shown).filter { seen.insert($0).inserted }
  }

  func unitText(_ metric: String) -> String {
    let unit = ColumnGlossary.unit(of: metric)
    return unit == "count" ? "" : " (\(unit))"
  }

  /// A mean with the range of the scenarios where the file has it.
  func interval(_ metric: String, _ row: Int) -> String {
    let mean = Plain.metric(cells.value(metric, row: row), metric)
    guard let low = cells.value(metric + "_p05", row: row),
      let high = cells.value(metric + "_p95", row: row)
    else { return mean }
    return "\(mean) [\(Plain.metric(low, metric)) … \(Plain.metric(high, metric))]"
  }

  /// Scenario by scenario, how the best cell does against that of the defaults; nil where cycles
  /// of one of them were not written.
  var pairedLine: String? {
    guard let cycles, chosen.best != chosen.reference,
      let best = cycles.pnl(of: cells.id(chosen.best), scenarios: manifest.scenarios),
      let other = cycles.pnl(of: cells.id(chosen.reference), scenarios: manifest.scenarios)
    else { return nil }
    let gains = zip(best, other).map { $0 - $1 }
    let better = gains.count { $0 > 0 }
    return
      "In \(better) of \(gains.count) scenarios the best cell's vault P&L is higher than that of"
      + " the defaults; the differences lie between \(Plain.money(gains.min())) and"
      + " \(Plain.money(gains.max())) USD."
  }

  /// The cycle that is drawn.
  var shownCycle: CycleRow? { cycles?.mostTelling(cell: cells.id(chosen.best)) }

  /// Assets whose clusters are drawn.
  var shownAssets: [String] { Array((scene?.assets ?? []).prefix(4)) }
}

/// A cycle of the vault in sentences.
package enum CycleStory {
  /// Where, how far, how long, why and at what gain.
  package static func text(_ row: CycleRow) -> String {
    let change = (row.exitPrice / row.deployPrice - 1) * 100
    let filled =
      row.filledShare > 0
      ? "which filled \(Plain.percent(row.filledShare)) of it" : "which filled none of it"
    let why =
      switch row.exitReason {
      case "recover": "the price had recovered"
      case "stop_loss": "the price was at or below the stop-loss"
      case "timeout": "its time was over"
      case "end": "the path ended"
      default: row.exitReason
      }
    return "At \(Plain.time(row.deployedAt)) UTC the vault put its liquidity over the bin from"
      + " \(Plain.number(row.low)) to \(Plain.number(row.high)) USD of \(row.asset). The price"
      + " fell as"
      + " far as \(Plain.number(row.lowestPrice)) USD, \(filled). It left after"
      + " \(Plain.duration(seconds: Double(row.exitedAt - row.deployedAt) / 1000)) because"
      + " \(why), at"
      + " \(Plain.number(row.exitPrice)) USD, \(Plain.number(change.magnitude, digits: 3)) %"
      + " \(change < 0 ? "below" : "above") the deploy price, with a P&L of"
      + " \(Plain.money(row.pnlUSD)) USD."
  }
}
