// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Pages
internal import Reports
internal import TextKit

extension Figures {
  /// P&L over the scenarios of the chosen cells: interval, mean, and a dot for each scenario known.
  static func distribution(_ model: ReportModel, id: String) -> Figure? {
    let metric = "vault_pnl_usd"
    guard model.cells.values(metric) != nil else { return nil }
    let rows = model.distributionRows
    let ends = rows.flatMap { row in
      ["_p05", "_p95"].compactMap { model.cells.value(metric + $0, row: row) }
    }
    let scale = UnitScale("USD", of: ends)
    var bars: [String] = []
    var dots: [String] = []
    for (place, row) in rows.enumerated() {
      let y = rows.count - 1 - place
      func value(_ ending: String) -> Double {
        model.cells.value(metric + ending, row: row) ?? .nan
      }
      bars.append(
        [value(""), Double(y) * scale.factor, value("_p05"), value("_p95"), value("_p50")]
          .map(scale.text).joined(separator: " ")
      )
      let known = model.cycles?.pnl(of: model.cells.id(row), scenarios: model.manifest.scenarios)
      for pnl in (known ?? []).prefix(500) {
        dots.append("\(scale.text(pnl)) \(text(Double(y) + 0.2))")
      }
    }
    let labels = rows.reversed().map { String(model.cells.id($0).prefix(8)) }
    return Figure(
      id: id,
      width: width,
      height: 120 + 34 * max(3, rows.count),
      title: "P&L of chosen cells over the scenarios",
      data: [("b", bars), ("s", dots.isEmpty ? ["NaN NaN"] : dots)],
      commands: axes(x: scale.title("vault P&L of a scenario"), y: "cell (first 8 of its id)") + [
        "set yrange [-0.6:\(rows.count).0-0.4]",
        ticks("y", labels, most: 20), grid, "set key below maxrows 3",
        "plot $b using 1:2:3:4 with xerrorbars pointtype 13 pointsize 0.9 linewidth 2 linecolor rgb"
          + " '\(Ink.series[0])' title 'mean, 5 % to 95 %', $b using 5:2 with points pointtype 2"
          + " pointsize 0.9 linecolor rgb '\(Ink.series[2])' title 'median', $s using 1:2 with"
          + " points"
          + " pointtype 7 pointsize 0.35 linecolor rgb '\(Ink.series[1])' title 'scenario'",
      ]
    )
  }

  /// Shares of variance as bars that add up to 1.
  static func sensitivity(_ model: ReportModel, id: String) -> Figure? {
    let goals = zip(model.goals, model.sensitivities).filter { $0.1.shares != nil }
    guard !goals.isEmpty else { return nil }
    let shown = Array(model.cells.axes.indices.prefix(5))
    var blocks: [(name: String, rows: [String])] = []
    var starts = Array(repeating: 0.0, count: goals.count)
    var plots: [String] = []
    func add(_ name: String, _ ink: String, _ share: (Sensitivity) -> Double) {
      var rows: [String] = []
      for (place, entry) in goals.enumerated() {
        let y = goals.count - 1 - place
        let end = min(1.0, starts[place] + share(entry.1))
        rows.append("\(text(starts[place] * 100)) \(text(end * 100)) \(y)")
        starts[place] = end
      }
      let block = "d\(blocks.count)"
      blocks.append((block, rows))
      plots.append(
        "$\(block) using 1:3:1:2:($3-0.3):($3+0.3) with boxxyerror fillstyle solid noborder"
          + " linecolor rgb '\(ink)' title \(Gnuplot.quoted(name))"
      )
    }
    for index in shown {
      add(model.cells.axes[index].name, Ink.series[index]) { $0.shares?[index] ?? 0 }
    }
    add("combinations and others", Ink.series[5]) { sensitivity in
      1 - shown.reduce(0) { $0 + (sensitivity.shares?[$1] ?? 0) }
    }
    let labels = goals.reversed().map(\.0.name)
    return Figure(
      id: id,
      width: width + 80,
      height: 170 + 34 * goals.count,
      title: "Share of variance that each swept setting explains",
      data: blocks,
      commands: axes(x: "share of the variance over the cells (%)", y: "") + [
        "set xrange [0:100]", "set yrange [-0.6:\(goals.count).0-0.4]",
        // A goal that is a sum stands in two lines.
        ticks("y", labels, most: 20).replacing(" + ", with: "\\n+ "), grid,
        "set key below maxrows 3", "set lmargin 28",
        "plot " + plots.joined(separator: ", "),
      ]
    )
  }

  /// A name that is long, cut for an axis.
  static func wrapped(_ name: String) -> String {
    name.count > 30 ? String(name.prefix(29)) + "…" : name
  }

  /// Confidence of clusters against what happened to them.
  static func confidence(_ check: ConfidenceCheck, id: String) -> Figure? {
    guard !check.points.isEmpty else { return nil }
    var counts: [String: Int] = [:]
    for point in check.points {
      let y = (min(point.realised, 130) / 2).rounded() * 2
      counts["\(text(point.predicted)) \(text(y))", default: 0] += 1
    }
    let dots = counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    let means = check.groups.map { "\(text($0.meanPredicted)) \(text($0.meanRealised))" }
    return Figure(
      id: id,
      width: width,
      height: height,
      title: "Confidence of clusters against the share that was closed inside them",
      data: [("p", dots), ("m", means)],
      commands: axes(x: "confidence (% of forced size)", y: "closed inside the bin (%)") + [
        "set xrange [0:100]", "set yrange [0:134]", grid, "set key below maxrows 2",
        "plot x with lines linecolor rgb '\(Ink.soft)' dashtype 2 title 'closed = confidence',"
          + " $p using 1:2:(0.25+0.25*log10($3)) with points pointtype 7 pointsize variable"
          + " linecolor"
          + " rgb '\(Ink.series[0])' title 'clusters × scenarios', $m using 1:2 with linespoints"
          + " pointtype 13 pointsize 0.9 linewidth 2 linecolor rgb '\(Ink.series[1])' title"
          + " 'means (at most 100 %)'",
      ]
    )
  }
}

extension ReportModel {
  /// The rows whose P&L over the scenarios is shown: the best, those with events, the defaults.
  var distributionRows: [Int] {
    var rows = Array(chosen.ranked.prefix(3))
    var ids: [String] = []
    for cycle in cycles?.rows ?? [] where ids.last != cycle.cellID && ids.count < 20 {
      if !ids.contains(cycle.cellID) { ids.append(cycle.cellID) }
    }
    rows += ids.prefix(5).compactMap(cells.row(of:))
    rows.append(chosen.reference)
    var seen: Set<Int> = []
    return rows.filter { seen.insert($0).inserted }
  }
}
