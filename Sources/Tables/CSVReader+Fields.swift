// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import TextKit

/// The current record, column by column; before the first and after the last all are empty.
extension CSVReader {
  /// Tells whether the header has a column.
  package func has(_ column: Int) -> Bool { header.positions[column] >= 0 }

  /// Tells whether a column has no text in this record, or is not in the file.
  package func isEmpty(_ column: Int) -> Bool { unsafe bytes(column).isEmpty }

  /// A finite number.
  package func number(_ column: Int) throws(Failure) -> Double {
    let text = unsafe bytes(column)
    if let value = unsafe NumberParser.double(text) { return value }
    throw failure(
      column,
      expected: "a finite number",
      advice: "write it as 1234.5 or 1e-9, without spaces, units or thousands separators"
    )
  }

  /// A finite number, or another value when the column is empty.
  package func number(_ column: Int, default other: Double) throws(Failure) -> Double {
    isEmpty(column) ? other : try number(column)
  }

  /// A whole number.
  package func integer(_ column: Int) throws(Failure) -> Int64 {
    let text = unsafe bytes(column)
    if let value = unsafe NumberParser.integer(text) { return value }
    throw failure(
      column,
      expected: "a whole number",
      advice: "write digits only, between -9223372036854775808 and 9223372036854775807"
    )
  }

  /// A whole number, or another value when the column is empty.
  package func integer(_ column: Int, default other: Int64) throws(Failure) -> Int64 {
    isEmpty(column) ? other : try integer(column)
  }

  /// A truth value, written 1 or 0.
  package func flag(_ column: Int) throws(Failure) -> Bool {
    let text = unsafe bytes(column)
    if text.count == 1, unsafe text[0] == UInt8(ascii: "1") { return true }
    if text.count == 1, unsafe text[0] == UInt8(ascii: "0") { return false }
    throw failure(column, expected: "0 or 1", advice: "write 1 for yes and 0 for no")
  }

  /// A truth value, or another one when the column is empty.
  package func flag(_ column: Int, default other: Bool) throws(Failure) -> Bool {
    isEmpty(column) ? other : try flag(column)
  }

  /// Text, with doubled quotes made single.
  package func text(_ column: Int) throws(Failure) -> String {
    let text = unsafe bytes(column)
    if let valid = unsafe CSVReader.validText(text) { return valid }
    throw failure(
      column,
      expected: "text in UTF-8 without NUL bytes",
      advice: "save the file as UTF-8"
    )
  }

  /// Lends the bytes of a column as they are, for comparisons without a `String`.
  ///
  /// The bytes are not checked to be UTF-8.
  @inlinable
  package func withBytes<R>(_ column: Int, _ body: (Span<UInt8>) -> R) -> R {
    let text = unsafe bytes(column)
    return unsafe body(text.span)
  }

  /// The bytes of a column, valid until the next record; none where there is no such column.
  @usableFromInline
  func bytes(_ column: Int) -> UnsafeBufferPointer<UInt8> {
    unsafe fieldBytes(Int(header.positions[column])) ?? UnsafeBufferPointer(start: nil, count: 0)
  }

  /// The bytes of a field of the record by its place in the file.
  @inline(__always)
  func fieldBytes(_ index: Int) -> UnsafeBufferPointer<UInt8>? {
    guard let field = tokenizer.field(index), let start = unsafe record.baseAddress else {
      return nil
    }
    if field.scratchOffset >= 0 { return unsafe tokenizer.unescaped(field) }
    return unsafe UnsafeBufferPointer(start: start + Int(field.offset), count: Int(field.count))
  }

  /// Text that is UTF-8 and has no NUL.
  static func validText(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
    unsafe bytes.contains(0) ? nil : unsafe String(validating: bytes, as: UTF8.self)
  }
}
