// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CXLSXWriter
package import TextKit

/// How a cell of a workbook is shown.
package enum CellStyle: Int, CaseIterable, Sendable {
  case plain, title, heading, numberHeading, numberText, note, whole, money, decimal, percent

  /// The number format of Excel; nil for text.
  var numberFormat: String? {
    switch self {
    case .whole: "#,##0"
    case .money: "#,##0.00"
    case .decimal: "0.######"
    case .percent: "0.0%"
    case .plain, .title, .heading, .numberHeading, .numberText, .note: nil
    }
  }
}

/// A spreadsheet file by libxlsxwriter; equal contents give equal bytes.
///
/// Text is written as text, whatever it begins with: nothing in it becomes a formula. The file is
/// made by `close()`.
@safe
package final class Workbook {
  private let book: UnsafeMutablePointer<lxw_workbook>
  private var formats: [UnsafeMutablePointer<lxw_format>?] = unsafe []
  private var isOpen = true
  private let path: String

  /// Begins a workbook.
  ///
  /// * `path`: the file that `close()` writes.
  package init(path: String, title: String) throws(Failure) {
    guard let book = unsafe workbook_new(path) else {
      throw Failure(.inputOutput, "cannot write \(path): no memory for a workbook")
    }
    unsafe self.book = unsafe book
    self.path = path
    // A time of its own would make every file another one.
    let titles = CTexts([title])
    var properties = unsafe lxw_doc_properties()
    unsafe properties.title = unsafe titles[0]
    unsafe properties.created = 1_577_836_800
    unsafe _ = workbook_set_properties(book, &properties)
    for style in CellStyle.allCases { unsafe formats.append(unsafe format(style)) }
  }

  deinit {
    if isOpen { unsafe lxw_workbook_free(book) }
  }

  /// Adds a sheet; names have at most 31 characters and none of `[]:*?/\`.
  package func sheet(_ name: String) throws(Failure) -> Sheet {
    guard let made = unsafe workbook_add_worksheet(book, name) else {
      throw Failure(.internalError, "no sheet may be called '\(Failure.shown(name))'")
    }
    return unsafe Sheet(made, of: self, name: name)
  }

  /// Writes the file.
  package func close() throws(Failure) {
    isOpen = false
    let code = unsafe workbook_close(book)
    guard code == LXW_NO_ERROR else {
      let reason = unsafe String(cString: lxw_strerror(code))
      throw Failure(.inputOutput, "cannot write \(path): \(reason)")
    }
  }

  /// A new chart, which a sheet has to show.
  func chart(_ kind: ChartKind) -> UnsafeMutablePointer<lxw_chart>? {
    let type =
      switch kind {
      case .column: LXW_CHART_COLUMN
      case .stackedBar: LXW_CHART_BAR_STACKED
      case .scatter: LXW_CHART_SCATTER
      }
    return unsafe workbook_add_chart(book, UInt8(type.rawValue))
  }

  /// The library's format of a style.
  func pointer(_ style: CellStyle) -> UnsafeMutablePointer<lxw_format>? {
    unsafe formats[style.rawValue]
  }

  private func format(_ style: CellStyle) -> UnsafeMutablePointer<lxw_format>? {
    let format = unsafe workbook_add_format(book)
    if let text = style.numberFormat { unsafe format_set_num_format(format, text) }
    switch style {
    case .title:
      unsafe format_set_bold(format)
      unsafe format_set_font_size(format, 14)
    case .heading: unsafe format_set_bold(format)
    case .numberHeading:
      unsafe format_set_bold(format)
      unsafe format_set_align(format, UInt8(LXW_ALIGN_RIGHT.rawValue))
    case .numberText: unsafe format_set_align(format, UInt8(LXW_ALIGN_RIGHT.rawValue))
    case .note: unsafe format_set_font_color(format, 0x5B6675)
    case .plain, .whole, .money, .decimal, .percent: break
    }
    return unsafe format
  }

  /// The version of the library.
  package static var libraryVersion: String { unsafe String(cString: lxw_version()) }
}

/// How the axis of a chart's values, or of its classes, writes numbers.
package enum ChartNumbers: Sendable {
  case plain
  /// Classes of amounts: whole numbers with separators.
  case amounts
  /// Values are shares up to 100 %.
  case shares
}

/// What a chart draws its numbers as.
package enum ChartKind: Sendable {
  case column, stackedBar, scatter
}
