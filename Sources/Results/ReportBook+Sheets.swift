// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import TextKit
internal import Workbooks

extension ReportBook {
  /// Rows of the front that a chart and a table hold at most.
  private static let mostFront = 10_000

  func addFront(_ book: Workbook) throws(Failure) {
    let rows = Array(model.frontier.prefix(ReportBook.mostFront))
    guard !rows.isEmpty else { return }
    let sheet = try book.sheet("Pareto")
    let axes = model.cells.axes
    let titles = ["cell_id"] + axes.map(\.name) + model.goals.map(\.title)
    sheet.widths(of: titles, least: 20)
    sheet.printsAcross()
    sheet.freeze(rows: 1, columns: 1)
    for (line, row) in rows.enumerated() {
      sheet.text(model.cells.id(row), line + 1, 0)
      for (place, axis) in axes.enumerated() {
        sheet.number(axis.value(row: row), line + 1, 1 + place)
      }
      for (place, goal) in model.goals.enumerated() {
        let style = ReportBook.style(goal.metrics[0])
        sheet.number(goal.values[row], line + 1, 1 + axes.count + place, style)
      }
    }
    try sheet.table(
      Sheet.Area(rows: 0...rows.count, columns: 0...(titles.count - 1)),
      titles: titles
    )
    guard model.goals.count > 1 else { return }
    let column = 1 + axes.count
    try sheet.chart(
      .scatter,
      [
        Sheet.Series(
          name: "Pareto front",
          categories: Sheet.Area(rows: 1...rows.count, columns: column...column),
          values: Sheet.Area(rows: 1...rows.count, columns: (column + 1)...(column + 1))
        )
      ],
      title: "Pareto front",
      x: model.goals[0].title,
      y: model.goals[1].title,
      at: (rows.count + 3, 0)
    )
  }

  func addSensitivity(_ book: Workbook) throws(Failure) {
    let known = zip(model.goals, model.sensitivities).filter { $0.1.shares != nil }
    guard !known.isEmpty else { return }
    let sheet = try book.sheet("Sensitivity")
    sheet.printsAcross()
    sheet.text("Share of variance that each swept setting explains", 0, 0, .title)
    let names = model.cells.axes.map(\.name) + ["combinations"]
    sheet.widths(of: ["objective"] + names, least: 20)
    sheet.width(44, of: 0...0)
    sheet.text("objective", 2, 0, .heading)
    for (place, name) in names.enumerated() { sheet.text(name, 2, place + 1, .numberHeading) }
    for (line, entry) in known.enumerated() {
      sheet.text(entry.0.name, line + 3, 0)
      let shares = (entry.1.shares ?? []) + [entry.1.rest ?? 0]
      for (place, share) in shares.enumerated() {
        sheet.number(share, line + 3, place + 1, .percent)
      }
    }
    let rows = 3...(2 + known.count)
    try sheet.dataBars(Sheet.Area(rows: rows, columns: 1...names.count))
    try sheet.chart(
      .stackedBar,
      names.enumerated().map { place, name in
        Sheet.Series(
          name: name,
          categories: Sheet.Area(rows: rows, columns: 0...0),
          values: Sheet.Area(rows: rows, columns: (place + 1)...(place + 1))
        )
      },
      title: "Share of variance by swept setting",
      x: "objective",
      y: "share of the variance (%)",
      numbers: .shares,
      at: (known.count + 5, 0)
    )
  }

  func addSpread(_ book: Workbook) throws(Failure) {
    let goal = model.goals[0]
    let bars = Histogram(goal.values, bins: 40)
    let sheet = try book.sheet("Distribution")
    sheet.width(22, of: 0...2)
    sheet.printsAcross()
    sheet.text("Cells by \(goal.title)", 0, 0, .title)
    for (place, text) in ["from", "to", "cells"].enumerated() {
      sheet.text(text, 2, place, .numberHeading)
    }
    let style = ReportBook.style(goal.metrics[0])
    for (bin, count) in bars.counts.enumerated() {
      sheet.number(bars.edge(bin), bin + 3, 0, style)
      sheet.number(bars.edge(bin + 1), bin + 3, 1, style)
      sheet.number(Double(count), bin + 3, 2, .whole)
    }
    let rows = 3...(2 + bars.counts.count)
    try sheet.chart(
      .column,
      [
        Sheet.Series(
          name: "cells",
          categories: Sheet.Area(rows: rows, columns: 0...0),
          values: Sheet.Area(rows: rows, columns: 2...2)
        )
      ],
      title: "Cells by \(goal.name)",
      x: goal.title,
      y: "cells (count)",
      numbers: style == .money ? .amounts : .plain,
      at: (2, 4)
    )
  }

  func addClusters(_ book: Workbook) throws(Failure) {
    guard let scene = model.scene, !scene.bins.isEmpty else { return }
    let sheet = try book.sheet("Clusters")
    let titles = [
      "asset", "direction", "trigger_price_low", "trigger_price_high", "forced_size_usd",
      "confidence",
      "deployable", "positions", "largest_share", "spot",
    ]
    sheet.widths(of: titles, least: 16)
    sheet.freeze(rows: 1)
    sheet.printsAcross()
    let bins = Array(scene.bins.prefix(Sheet.mostRows - 1))
    for (line, bin) in bins.enumerated() {
      let row = line + 1
      sheet.text(bin.asset, row, 0)
      sheet.text(bin.isBelow ? "below" : "above", row, 1)
      sheet.number(bin.low, row, 2)
      sheet.number(bin.high, row, 3)
      sheet.number(bin.forcedSizeUSD, row, 4, .money)
      sheet.number(Double(bin.confidence), row, 5, .whole)
      sheet.number(bin.isDeployable ? 1 : 0, row, 6, .whole)
      sheet.number(Double(bin.positions), row, 7, .whole)
      sheet.number(bin.largestShare, row, 8, .percent)
      sheet.number(scene.spots[bin.asset], row, 9)
    }
    let rows = 1...bins.count
    try sheet.table(
      Sheet.Area(rows: 0...bins.count, columns: 0...(titles.count - 1)),
      titles: titles
    )
    try sheet.dataBars(Sheet.Area(rows: rows, columns: 4...4))
    try sheet.dataBars(Sheet.Area(rows: rows, columns: 5...5))
  }

  /// What every column of the folder's files means.
  func addColumns(_ book: Workbook) throws(Failure) {
    let sheet = try book.sheet("Columns")
    sheet.width(40, of: 0...0)
    sheet.width(14, of: 1...1)
    sheet.width(140, of: 2...2)
    sheet.printsAcross()
    sheet.freeze(rows: 1)
    var names = ["cell_id"] + model.cells.axes.map(\.name) + model.cells.metrics
    for name in [
      "plateau_usd", "plateau_drop_usd", "rank", "trigger_price_low", "trigger_price_high",
      "forced_size_usd", "confidence", "deployable", "positions", "largest_share",
    ]
    where !names.contains(name) { names.append(name) }
    for (line, name) in names.enumerated() {
      sheet.text(name, line + 1, 0)
      sheet.text(ColumnGlossary.unit(of: name), line + 1, 1)
      sheet.text(ColumnGlossary.meaning(of: name), line + 1, 2)
    }
    try sheet.table(
      Sheet.Area(rows: 0...names.count, columns: 0...2),
      titles: ["column", "unit", "meaning"]
    )
  }
}
