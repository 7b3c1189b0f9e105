// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Pages
internal import TextKit

/// Pictures of a report as gnuplot draws them: each has units on its axes and a legend.
enum Figures {
  static let width = 480
  static let height = 350

  /// A number for gnuplot.
  static func text(_ value: Double) -> String {
    value.isFinite ? NumberText.shortest(value) : "NaN"
  }

  /// Lines that name both axes; a long name of the upright one has its unit in a second line.
  ///
  /// * `hasLegend`: whether a legend lies below, from which an empty line keeps the name apart.
  static func axes(x: String, y: String, hasLegend: Bool = true) -> [String] {
    let name = Gnuplot.quoted(x)
    let lying = hasLegend ? String(name.dropLast()) + "\\n\"" : name
    var upright = Gnuplot.quoted(y)
    if y.count > 26, let unit = upright.ranges(of: " (").last {
      upright.replaceSubrange(unit, with: "\\n(")
    }
    return ["set xlabel \(lying)", "set ylabel \(upright)"]
  }

  /// Lines of a grid behind the data.
  static let grid = "set grid back linecolor rgb '\(Ink.line)' linetype 1 linewidth 0.6"

  /// A range that is never empty.
  static func range(_ axis: String, _ low: Double, _ high: Double, margin: Double = 0.04) -> String
  {
    let room = high > low ? (high - low) * margin : max(1e-9, low.magnitude * 0.05, 0.5)
    return "set \(axis)range [\(text(low - room)):\(text(high + room))]"
  }

  /// Ticks at whole numbers with texts of their own; not more than fit.
  static func ticks(_ axis: String, _ labels: [String], most: Int) -> String {
    let step = max(1, (labels.count + most - 1) / most)
    let list = stride(from: 0, to: labels.count, by: step)
      .map { "\(Gnuplot.quoted(labels[$0])) \($0)" }
    return "set \(axis)tics (\(list.joined(separator: ", ")))"
  }

  /// Colours from low to high in the page's shades.
  static var palette: String {
    let steps = Page.shades.enumerated().map { "\($0) '\($1)'" }
    return "set palette defined (\(steps.joined(separator: ", ")))"
  }

  /// Means over pairs of two settings as coloured boxes.
  static func heatMap(_ map: HeatMap, goal: Goal, id: String) -> Figure? {
    guard let range = map.range, !map.isConstant else { return nil }
    let scale = UnitScale(goal.unit, of: map.means)
    var rows: [String] = []
    for y in 0..<map.y.count {
      for x in 0..<map.x.count where !map.mean(x: x, y: y).isNaN {
        rows.append("\(x) \(y) \(scale.text(map.mean(x: x, y: y)))")
      }
    }
    let xLabels = (0..<map.x.count).map(map.x.label)
    let yLabels = (0..<map.y.count).map(map.y.label)
    let isWide = xLabels.reduce(0) { $0 + $1.count + 1 } > 44
    return Figure(
      id: id,
      width: width,
      height: height,
      title: "Heat map of \(goal.name) by \(map.x.name) and \(map.y.name)",
      data: [("d", rows)],
      commands: axes(x: map.x.title, y: map.y.title, hasLegend: false) + [
        "set xrange [-0.5:\(map.x.count).0-0.5]", "set yrange [-0.5:\(map.y.count).0-0.5]",
        ticks("x", xLabels, most: 12) + (isWide ? " rotate by -40" : ""),
        ticks("y", yLabels, most: 12), palette, "set border 0",
        Figures.range(
          "cb",
          range.lowerBound / scale.factor,
          range.upperBound / scale.factor,
          margin: 0
        ),
        "set cblabel \(Gnuplot.quoted(scale.title("mean " + wrapped(goal.name))))",
        "plot $d using 1:2:($1-0.5):($1+0.5):($2-0.5):($2+0.5):3 with boxxyerror"
          + " fillcolor palette fillstyle solid noborder notitle",
      ]
    )
  }

  /// All cells by the first two goals that vary, the front on top.
  static func pareto(_ model: ReportModel, id: String) -> Figure? {
    let varying = model.goals.filter { goal in
      let known = goal.values.lazy.filter { !$0.isNaN }
      return known.min() ?? 0 < known.max() ?? 0
    }
    guard varying.count > 1 else { return nil }
    let (x, y) = (varying[0], varying[1])
    let (xScale, yScale) = (UnitScale(x.unit, of: x.values), UnitScale(y.unit, of: y.values))
    func point(_ row: Int) -> [String] {
      ["\(xScale.text(x.values[row])) \(yScale.text(y.values[row]))"]
    }
    let front = model.frontier.filter { !x.values[$0].isNaN && !y.values[$0].isNaN }
    var frontRows: [String] = []
    var seen: Set<String> = []
    for row in front {
      for text in point(row) where seen.insert(text).inserted { frontRows.append(text) }
    }
    let blocks = [
      ("c", CellCloud(x.values, y.values).rows.flatMap(point)),
      ("f", frontRows.isEmpty ? ["NaN NaN"] : frontRows),
      ("b", point(model.chosen.best)), ("r", point(model.chosen.reference)),
    ]
    func points(_ block: String, _ kind: Int, _ size: String, _ ink: String, _ name: String)
      -> String
    {
      "$\(block) using 1:2 with points pointtype \(kind) pointsize \(size)"
        + " linecolor rgb '\(ink)' title '\(name)'"
    }
    return Figure(
      id: id,
      width: width,
      height: height,
      title: "Cells by \(x.name) and \(y.name), with the Pareto front",
      data: blocks,
      commands: axes(x: xScale.title(x.name), y: yScale.title(wrapped(y.name))) + [
        grid,
        "set offsets graph 0.04, 0.04, 0.06, 0.04",
        "set key below maxrows 1",
        "plot " + points("c", 7, "0.35", Ink.series[5], "cells") + ", "
          + points("f", 7, "0.7", Ink.series[0], "front") + ", "
          + points("r", 9, "1", Ink.series[1], model.chosen.isExact ? "defaults" : "near defaults")
          + ", " + points("b", 13, "1", Ink.series[2], "best"),
      ]
    )
  }

  /// How the cells' values of the first goal are spread.
  static func histogram(_ model: ReportModel, id: String) -> Figure? {
    let goal = model.goals[0]
    let bars = Histogram(goal.values, bins: 40)
    guard bars.counts.count > 1 else { return nil }
    let scale = UnitScale(goal.unit, of: [bars.low, bars.edge(bars.counts.count)])
    let rows = bars.counts.enumerated().map { bin, count in
      "\(scale.text(bars.edge(bin))) \(scale.text(bars.edge(bin + 1))) \(count)"
    }
    let highest = bars.counts.max() ?? 1
    func mark(_ value: Double, _ ink: String) -> String {
      "set arrow from \(scale.text(value)), graph 0 to \(scale.text(value)), graph 1 nohead front"
        + " linecolor rgb '\(ink)' linewidth 1.5 dashtype 2"
    }
    let (best, reference) = (goal.values[model.chosen.best], goal.values[model.chosen.reference])
    return Figure(
      id: id,
      width: width,
      height: height,
      title: "Number of cells by \(goal.name)",
      data: [("d", rows)],
      commands: axes(x: scale.title(goal.name), y: "cells (count)") + [
        "set yrange [0:\(highest * 11 / 10 + 1)]", grid,
        "set key below maxrows 1", mark(best, Ink.series[2]), mark(reference, Ink.series[1]),
        "plot $d using 1:3:1:2:(0):3 with boxxyerror fillstyle solid noborder linecolor rgb"
          + " '\(Ink.series[0])' title 'cells', NaN linecolor rgb '\(Ink.series[2])' dashtype 2"
          + " linewidth 1.5 title 'best', NaN linecolor rgb '\(Ink.series[1])' dashtype 2 linewidth"
          + " 1.5 title '\(model.chosen.isExact ? "defaults" : "near defaults")'",
      ]
    )
  }
}
