// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CXLSXWriter
package import TextKit

/// One sheet of a workbook, rows and columns counted from 0.
@safe
package struct Sheet {
  /// A rectangle of cells, its ends belonging to it.
  package struct Area: Sendable {
    package var rows: ClosedRange<Int>
    package var columns: ClosedRange<Int>

    package init(rows: ClosedRange<Int>, columns: ClosedRange<Int>) {
      self.rows = rows
      self.columns = columns
    }
  }

  /// One line of a chart by its cells.
  package struct Series: Sendable {
    package var name: String
    package var categories: Area
    package var values: Area
    /// Another sheet where the cells are; nil for this one.
    package var sheet: String?

    package init(name: String, categories: Area, values: Area, sheet: String? = nil) {
      self.name = name
      self.categories = categories
      self.values = values
      self.sheet = sheet
    }
  }

  /// More rows than this no spreadsheet has.
  package static let mostRows = 1_048_576

  private let sheet: UnsafeMutablePointer<lxw_worksheet>
  private let book: Workbook
  private let name: String

  @unsafe
  init(_ sheet: UnsafeMutablePointer<lxw_worksheet>, of book: Workbook, name: String) {
    unsafe self.sheet = unsafe sheet
    self.book = book
    self.name = name
  }

  /// Writes a text.
  package func text(_ text: String, _ row: Int, _ column: Int, _ style: CellStyle = .plain) {
    // A cell holds 32,767 characters.
    let cut = text.utf16.count > 32_000 ? String(text.prefix(16_000)) + "…" : text
    unsafe _ = worksheet_write_string(
      sheet,
      lxw_row_t(row),
      lxw_col_t(column),
      cut,
      book.pointer(style)
    )
  }

  /// Writes a number; nothing where there is none.
  package func number(_ value: Double?, _ row: Int, _ column: Int, _ style: CellStyle = .decimal) {
    guard let value, value.isFinite else { return }
    unsafe _ = worksheet_write_number(
      sheet,
      lxw_row_t(row),
      lxw_col_t(column),
      value,
      book.pointer(style)
    )
  }

  /// Sets the width of columns, in characters.
  package func width(_ width: Double, of columns: ClosedRange<Int>) {
    unsafe _ = worksheet_set_column(
      sheet,
      lxw_col_t(columns.lowerBound),
      lxw_col_t(columns.upperBound),
      width,
      nil
    )
  }

  /// Makes columns wide enough for their titles and a filter's button, and for numbers.
  package func widths(of titles: [String], least: Double = 14) {
    for (column, title) in titles.enumerated() {
      width(max(least, Double(title.count) + 4), of: column...column)
    }
  }

  /// Keeps the first rows and columns in sight.
  package func freeze(rows: Int, columns: Int = 0) {
    unsafe worksheet_freeze_panes(sheet, lxw_row_t(rows), lxw_col_t(columns))
  }

  /// Prints on pages across, as wide as the sheet is, with numbers below.
  package func printsAcross() {
    unsafe worksheet_set_landscape(sheet)
    unsafe worksheet_fit_to_pages(sheet, 1, 0)
    unsafe worksheet_set_paper(sheet, 9)
    unsafe _ = worksheet_set_footer(sheet, "&L&F: &A&RPage &P of &N")
  }

  /// Prints a part of the sheet alone, its first row on every page.
  package func prints(_ area: Area) throws(Failure) {
    printsAcross()
    let (rows, columns) = (area.rows, area.columns)
    let first = lxw_row_t(rows.lowerBound)
    try check(unsafe worksheet_repeat_rows(sheet, first, first))
    try check(
      unsafe worksheet_print_area(
        sheet,
        first,
        lxw_col_t(columns.lowerBound),
        lxw_row_t(rows.upperBound),
        lxw_col_t(columns.upperBound)
      )
    )
  }

  /// Makes a table with filters of an area whose first row is for the titles.
  package func table(_ area: Area, titles: [String]) throws(Failure) {
    let texts = CTexts(titles)
    var columns = unsafe titles.indices.map { place in
      var column = unsafe lxw_table_column()
      unsafe column.header = unsafe texts[place]
      return unsafe column
    }
    let code = unsafe columns.withUnsafeMutableBufferPointer { buffer in
      var pointers: [UnsafeMutablePointer<lxw_table_column>?] = unsafe []
      for place in titles.indices {
        unsafe pointers.append(unsafe buffer.baseAddress.map({ unsafe $0 + place }))
      }
      unsafe pointers.append(nil)
      return unsafe pointers.withUnsafeMutableBufferPointer { list in
        var options = unsafe lxw_table_options()
        unsafe options.columns = list.baseAddress
        unsafe options.style_type = UInt8(LXW_TABLE_STYLE_TYPE_LIGHT.rawValue)
        unsafe options.style_type_number = 9
        return unsafe worksheet_add_table(
          sheet,
          lxw_row_t(area.rows.lowerBound),
          lxw_col_t(area.columns.lowerBound),
          lxw_row_t(area.rows.upperBound),
          lxw_col_t(area.columns.upperBound),
          &options
        )
      }
    }
    try check(code)
  }

  /// Colours cells from the lowest over the middle to the highest.
  package func colourScale(_ area: Area) throws(Failure) {
    var rule = unsafe lxw_conditional_format()
    unsafe rule.type = UInt8(LXW_CONDITIONAL_3_COLOR_SCALE.rawValue)
    unsafe rule.min_color = 0x6BAED6
    unsafe rule.mid_color = 0xF7F7F7
    unsafe rule.max_color = 0xFD8D3C
    unsafe try condition(area, &rule)
  }

  /// Draws a bar into each cell.
  package func dataBars(_ area: Area) throws(Failure) {
    var rule = unsafe lxw_conditional_format()
    unsafe rule.type = UInt8(LXW_CONDITIONAL_DATA_BAR.rawValue)
    unsafe rule.bar_color = 0x6BAED6
    unsafe rule.bar_solid = 1
    unsafe try condition(area, &rule)
  }

  private func condition(_ area: Area, _ rule: inout lxw_conditional_format) throws(Failure) {
    try check(
      unsafe worksheet_conditional_format_range(
        sheet,
        lxw_row_t(area.rows.lowerBound),
        lxw_col_t(area.columns.lowerBound),
        lxw_row_t(area.rows.upperBound),
        lxw_col_t(area.columns.upperBound),
        &rule
      )
    )
  }

  /// Puts a chart of the workbook's own kind at a cell.
  package func chart(
    _ kind: ChartKind,
    _ series: [Series],
    title: String,
    x: String,
    y: String,
    numbers: ChartNumbers = .plain,
    at place: (row: Int, column: Int)
  ) throws(Failure) {
    guard let chart = unsafe book.chart(kind) else {
      throw Failure(.internalError, "no chart could be made")
    }
    for line in series {
      let other = line.sheet ?? name
      let added = unsafe chart_add_series(
        chart,
        Sheet.formula(line.categories, other),
        Sheet.formula(line.values, other)
      )
      unsafe chart_series_set_name(added, line.name)
      if kind == .scatter {
        var fill = lxw_chart_fill()
        fill.color = 0x1B6FB5
        unsafe chart_series_set_marker_type(added, UInt8(LXW_CHART_MARKER_CIRCLE.rawValue))
        unsafe chart_series_set_marker_fill(added, &fill)
      }
    }
    unsafe chart_title_set_name(chart, title)
    // Bars lie: what is across in other charts is upright in theirs.
    let isLying = kind == .stackedBar
    unsafe chart_axis_set_name(chart.pointee.x_axis, isLying ? y : x)
    unsafe chart_axis_set_name(chart.pointee.y_axis, isLying ? x : y)
    // Beside the plot, not at 0, which may be at its other side.
    let beside = UInt8(LXW_CHART_AXIS_LABEL_POSITION_LOW.rawValue)
    unsafe chart_axis_set_label_position(chart.pointee.x_axis, beside)
    unsafe chart_axis_set_label_position(chart.pointee.y_axis, beside)
    switch numbers {
    case .plain: break
    case .amounts:
      unsafe chart_axis_set_num_format(chart.pointee.x_axis, "#,##0")
    case .shares:
      let axis = unsafe isLying ? chart.pointee.x_axis : chart.pointee.y_axis
      unsafe chart_axis_set_num_format(axis, "0%")
      unsafe chart_axis_set_max(axis, 1)
    }
    if series.count < 2 {
      unsafe chart_legend_set_position(chart, UInt8(LXW_CHART_LEGEND_NONE.rawValue))
    }
    var options = unsafe lxw_chart_options()
    unsafe options.x_scale = 1.4
    unsafe options.y_scale = 1.4
    try check(
      unsafe worksheet_insert_chart_opt(
        sheet,
        lxw_row_t(place.row),
        lxw_col_t(place.column),
        chart,
        &options
      )
    )
  }

  private func check(_ code: lxw_error) throws(Failure) {
    guard code != LXW_NO_ERROR else { return }
    let reason = unsafe String(cString: lxw_strerror(code))
    throw Failure(.internalError, "sheet \(name): \(reason)")
  }

  /// Cells as a formula names them, such as `='Pareto'!$B$2:$B$9`.
  private static func formula(_ area: Area, _ sheet: String) -> String {
    let quoted = sheet.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "''")
    return "='\(quoted)'!$\(letters(area.columns.lowerBound))$\(area.rows.lowerBound + 1)"
      + ":$\(letters(area.columns.upperBound))$\(area.rows.upperBound + 1)"
  }

  /// The letters of a column, such as `AB` for 27.
  package static func letters(_ column: Int) -> String {
    var (rest, text) = (column, "")
    repeat {
      text = String(Character(Unicode.Scalar(UInt8(65 + rest % 26)))) + text
      rest = rest / 26 - 1
    } while rest >= 0
    return text
  }
}
