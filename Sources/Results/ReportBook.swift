// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Reports
internal import Tables
package import TextKit
internal import Workbooks

/// `report.xlsx`: the same for those who go on calculating.
package struct ReportBook {
  let model: ReportModel
  /// Rows of a sheet of cells, titles not counted.
  private let rowsPerSheet: Int

  /// * `splitRows`: cells on one sheet; more go to the next one.
  package init(_ model: ReportModel, splitRows: Int) {
    self.model = model
    rowsPerSheet = min(splitRows, Sheet.mostRows - 1)
  }

  /// Writes the file.
  package func write(to path: String) throws(Failure) {
    let book = try Workbook(path: path, title: "Sweep report: \(model.specName)")
    try addOverview(book)
    try addCells(book)
    try addHeatMaps(book)
    try addFront(book)
    try addSensitivity(book)
    try addSpread(book)
    try addClusters(book)
    try addColumns(book)
    try book.close()
  }

  private func addOverview(_ book: Workbook) throws(Failure) {
    let sheet = try book.sheet("Overview")
    sheet.width(38, of: 0...0)
    sheet.width(20, of: 1...7)
    sheet.printsAcross()
    sheet.text("Sweep report: \(model.specName)", 0, 0, .title)
    let manifest = model.manifest
    var row = 2
    for (name, value) in [
      ("cells", model.cells.count), ("scenarios", manifest.scenarios),
      ("accounts", manifest.accounts),
      ("cells on the Pareto front", model.frontier.count),
    ] {
      sheet.text(name, row, 0)
      sheet.number(Double(value), row, 1, .whole)
      row += 1
    }
    for (name, value) in [
      ("seed", String(manifest.seed)), ("made by", "breakwater \(manifest.version)"),
      ("spec", manifest.spec.name), ("SHA-256 of the spec", manifest.spec.sha256),
    ] {
      sheet.text(name, row, 0)
      sheet.text(value, row, 1)
      row += 1
    }
    for note in model.notes {
      sheet.text(note, row, 0, .note)
      row += 1
    }
    row += 1
    let (best, reference) = (model.chosen.best, model.chosen.reference)
    let name = model.chosen.isExact ? "defaults" : "near defaults"
    let columns = ["best cell", "5 %", "95 %", name, "5 %", "95 %", "difference"]
    for (column, text) in columns.enumerated() {
      sheet.text(text, row, column + 1, .numberHeading)
    }
    row += 1
    sheet.text("cell", row, 0)
    sheet.text(model.cells.id(best), row, 1, .numberText)
    sheet.text(model.cells.id(reference), row, 4, .numberText)
    row += 1
    for axis in model.cells.axes {
      sheet.text("\(axis.name) (\(ColumnGlossary.unit(of: axis.name)))", row, 0)
      sheet.number(axis.value(row: best), row, 1)
      sheet.number(axis.value(row: reference), row, 4)
      row += 1
    }
    addComparison(to: sheet, from: row)
  }

  /// What the best cell and that of the defaults came to, each mean with the scenarios' range.
  private func addComparison(to sheet: Sheet, from start: Int) {
    let (best, reference) = (model.chosen.best, model.chosen.reference)
    var row = start
    for metric in model.shownMetrics where model.cells.values(metric) != nil {
      let style = ReportBook.style(metric)
      sheet.text(metric + model.unitText(metric), row, 0)
      for (column, cell) in [(1, best), (4, reference)] {
        for (place, ending) in ["", "_p05", "_p95"].enumerated() {
          sheet.number(model.cells.value(metric + ending, row: cell), row, column + place, style)
        }
      }
      if let first = model.cells.value(metric, row: best),
        let second = model.cells.value(metric, row: reference)
      {
        sheet.number(first - second, row, 7, style)
      }
      row += 1
    }
    sheet.text(
      "Means over the scenarios; 5 % and 95 % are the range of the scenarios where it is kept.",
      row + 1,
      0,
      .note
    )
  }

  static func style(_ column: String) -> CellStyle {
    ColumnGlossary.unit(of: column) == "USD" ? .money : .decimal
  }

  /// Rows of a sheet of cells that are printed; the best come first.
  private static let mostPrinted = 200

  /// The columns of the file: the id, what was swept and the objectives, which are printed, then
  /// all others in their order.
  private func columnOrder(_ columns: [String]) -> (places: [Int], printed: Int) {
    let first =
      ["cell_id"] + model.cells.axes.map(\.name) + model.goals.flatMap(\.metrics)
    var seen: Set<String> = []
    var places: [Int] = []
    for name in first where seen.insert(name).inserted {
      if let place = columns.firstIndex(of: name) { places.append(place) }
    }
    return (places + columns.indices.filter { !seen.contains(columns[$0]) }, places.count)
  }

  /// The ranked cells with every column, in the order of merit.
  private func addCells(_ book: Workbook) throws(Failure) {
    let ranked = model.chosen.ranked
    let records = try CellRecords(path: location("sweep.csv"), rows: ranked)
    let (order, printed) = columnOrder(records.columns)
    let titles = order.map { records.columns[$0] }
    var first = 0
    var number = 1
    repeat {
      let part = ranked[first..<min(ranked.count, first + rowsPerSheet)]
      let sheet = try book.sheet(ranked.count > rowsPerSheet ? "Cells \(number)" : "Cells")
      sheet.widths(of: titles, least: 16)
      sheet.width(20, of: 0...0)
      sheet.freeze(rows: 1, columns: 1)
      for (line, row) in part.enumerated() {
        guard let values = records.rows[row] else { continue }
        for (column, place) in order.enumerated() {
          switch values[place] {
          case .text(let text): sheet.text(text, line + 1, column)
          case .number(let value):
            sheet.number(value, line + 1, column, ReportBook.style(titles[column]))
          }
        }
      }
      try sheet.table(
        Sheet.Area(rows: 0...part.count, columns: 0...(titles.count - 1)),
        titles: titles
      )
      let rows = 0...min(part.count, ReportBook.mostPrinted)
      try sheet.prints(Sheet.Area(rows: rows, columns: 0...(printed - 1)))
      first += rowsPerSheet
      number += 1
    } while first < ranked.count
  }

  func location(_ name: String) -> String {
    model.folder.hasSuffix("/") ? model.folder + name : "\(model.folder)/\(name)"
  }

  private func addHeatMaps(_ book: Workbook) throws(Failure) {
    guard !model.heatMaps.isEmpty else { return }
    let goal = model.goals[0]
    let sheet = try book.sheet("Heat maps")
    sheet.width(64, of: 0...0)
    sheet.width(14, of: 1...40)
    sheet.printsAcross()
    sheet.text("Mean of \(goal.title) by pairs of swept settings", 0, 0, .title)
    sheet.text("Blue is low, orange is high; each map has its own scale.", 1, 0, .note)
    var row = 3
    for map in model.heatMaps {
      sheet.text("\(map.y.title) ↓, \(map.x.title) →", row, 0, .heading)
      for x in 0..<map.x.count {
        if map.x.lows[x] == map.x.highs[x] {
          sheet.number(map.x.lows[x], row, x + 1)
        } else {
          sheet.text(map.x.label(x), row, x + 1)
        }
      }
      for y in 0..<map.y.count {
        if map.y.lows[y] == map.y.highs[y] {
          sheet.number(map.y.lows[y], row + 1 + y, 0)
        } else {
          sheet.text(map.y.label(y), row + 1 + y, 0)
        }
        for x in 0..<map.x.count {
          let mean = map.mean(x: x, y: y)
          sheet.number(
            mean.isNaN ? nil : mean,
            row + 1 + y,
            x + 1,
            ReportBook.style(goal.metrics[0])
          )
        }
      }
      try sheet.colourScale(
        Sheet.Area(rows: (row + 1)...(row + map.y.count), columns: 1...map.x.count)
      )
      row += map.y.count + 3
    }
  }
}
