// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import TextKit

/// Builds CSV text in memory, field by field; parts built apart can be joined in order.
///
/// The form is RFC 4180 with LF, UTF-8, numbers that read back to the same double (-0 as `0`). A
/// text that a spreadsheet would take for a formula gets a leading `'`; numbers never do.
package struct CSVBuilder: Sendable {
  /// The text so far.
  package private(set) var bytes: [UInt8] = []
  /// Rows ended so far, the header among them.
  package private(set) var rowCount = 0
  private var rowStart = 0
  private var fieldCount = 0

  /// Begins an empty text.
  package init(capacity: Int = 0) { bytes.reserveCapacity(max(capacity, 0)) }

  /// Writes a field of text, with quotes where they are needed.
  ///
  /// * `guardsFormulas`: puts a `'` before what a spreadsheet would take for a formula.
  package mutating func text(_ text: String, guardsFormulas: Bool = true) {
    separate()
    let codes = text.utf8
    guard let first = codes.first else { return }
    let isFormula = guardsFormulas && CSVBuilder.isFormulaMark(first)
    let needsQuotes = codes.contains { CSVBuilder.needsQuotes($0) }
    if !needsQuotes {
      if isFormula { bytes.append(UInt8(ascii: "'")) }
      bytes.append(contentsOf: codes)
      return
    }
    bytes.append(UInt8(ascii: "\""))
    if isFormula { bytes.append(UInt8(ascii: "'")) }
    for code in codes {
      if code == UInt8(ascii: "\"") { bytes.append(code) }
      bytes.append(code)
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Writes an amount of micro-USD in USD, with exactly six decimals.
  package mutating func money(_ micro: some BinaryInteger) {
    separate()
    if let small = Int64(exactly: micro) {
      DecimalWriter.append(small, decimals: 6, keepsZeros: true, to: &bytes)
    } else {
      bytes.append(contentsOf: NumberText.money(micro).utf8)
    }
  }

  /// Writes the shortest decimal that reads back to the same double.
  ///
  /// - Precondition: the value is finite; others are written as `nan` and `inf`, which no reader of
  ///   ours takes.
  package mutating func number(_ value: Double) {
    separate()
    DecimalWriter.append(value, to: &bytes)
  }

  /// Writes a number, or an empty field where there is none.
  package mutating func number(_ value: Double?) {
    if let value { number(value) } else { empty() }
  }

  /// Writes a whole number.
  package mutating func integer(_ value: some FixedWidthInteger) {
    separate()
    if let small = Int64(exactly: value) {
      DecimalWriter.append(small, decimals: 0, keepsZeros: true, to: &bytes)
    } else {
      bytes.append(contentsOf: String(value).utf8)
    }
  }

  /// Writes a truth value as 1 or 0.
  package mutating func flag(_ value: Bool) {
    separate()
    bytes.append(value ? UInt8(ascii: "1") : UInt8(ascii: "0"))
  }

  /// Writes a field with nothing in it.
  package mutating func empty() { separate() }

  /// Ends the row; a row of one empty field is written as `""`, since empty lines are no rows.
  package mutating func endRow() {
    if fieldCount == 1 && bytes.count == rowStart {
      bytes.append(UInt8(ascii: "\""))
      bytes.append(UInt8(ascii: "\""))
    }
    bytes.append(UInt8(ascii: "\n"))
    rowStart = bytes.count
    fieldCount = 0
    rowCount += 1
  }

  /// Writes a row of text, such as the header.
  package mutating func row(_ texts: [String]) {
    for text in texts { self.text(text) }
    endRow()
  }

  /// Writes fields that were written before, as `fields(_:)` of a builder gave them.
  package mutating func fields(_ text: FieldText) {
    guard text.count > 0 else { return }
    separate()
    bytes.append(contentsOf: text.bytes)
    fieldCount += text.count - 1
  }

  /// Fields as they stand in a row.
  package struct FieldText: Sendable {
    fileprivate let bytes: [UInt8]
    fileprivate let count: Int
  }

  /// The fields that a body writes, to be written again and again.
  package static func fields(_ write: (inout CSVBuilder) -> Void) -> FieldText {
    var builder = CSVBuilder()
    write(&builder)
    return FieldText(bytes: builder.bytes, count: builder.fieldCount)
  }

  /// Adds the whole rows of another builder.
  package mutating func append(_ other: CSVBuilder) {
    bytes.append(contentsOf: other.bytes)
    rowStart = bytes.count
    rowCount += other.rowCount
  }

  /// Forgets the text and keeps the memory.
  package mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    rowStart = 0
    fieldCount = 0
    rowCount = 0
  }

  // MARK: - Parts of a row

  private mutating func separate() {
    if fieldCount > 0 { bytes.append(UInt8(ascii: ",")) }
    fieldCount += 1
  }

  static func isFormulaMark(_ code: UInt8) -> Bool {
    switch code {
    case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"),
      UInt8(ascii: "\t"), UInt8(ascii: "\r"):
      true
    default: false
    }
  }

  private static func needsQuotes(_ code: UInt8) -> Bool {
    switch code {
    case UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\r"), UInt8(ascii: "\n"): true
    default: false
    }
  }
}
