// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import TextKit

extension CSVReader {
  /// Builds the failure of a check by the caller: the column's text in this record is not good.
  package func failure(_ column: Int, expected: String, advice: String? = nil) -> Failure {
    let name = columns[column]
    guard has(column) else {
      return Failure.data(
        file: self.name,
        line: line,
        column: name,
        expected: "\(expected), found no such column",
        advice: advice
      )
    }
    let index = Int(header.positions[column])
    return Failure.data(
      file: self.name,
      line: physicalLine(of: index),
      column: name,
      found: unsafe CSVReader.excerpt(bytes(column)),
      expected: expected,
      advice: advice
    )
  }

  /// Builds the failure of a check by the caller that concerns the whole record.
  package func failure(
    found: String? = nil,
    expected: String,
    advice: String? = nil
  ) -> Failure {
    Failure.data(file: name, line: line, found: found, expected: expected, advice: advice)
  }

  // MARK: - Failures of the form

  var wrongFieldCount: Failure {
    let expected = header.names.count
    let found = tokenizer.count
    let advice =
      found < expected
      ? "; add the missing fields, also when they are empty" : "; quote text that holds a comma"
    let missing = found < expected ? " column '\(Failure.shown(header.names[found]))':" : ""
    return Failure(
      .data,
      "\(name):\(line):\(missing) found a record with \(CSVReader.fields(found)), "
        + "expected \(CSVReader.fields(expected)) as in the header\(advice)"
    )
  }

  func emptyFile(wanted: [String]) -> Failure {
    Failure(.data, "\(name): found an empty file, expected \(CSVReader.headerLine(wanted))")
  }

  func binaryHeader(wanted: [String]) -> Failure {
    let line = unsafe UnsafeBufferPointer(rebasing: record.prefix(tokenizer.length))
    return unsafe binary(CSVReader.excerpt(line), wanted: wanted)
  }

  /// Refuses what is not text at all before its bytes are taken for quotes or line ends.
  func refuseBinary(wanted: [String]) throws(Failure) {
    let head = unsafe source.window.prefix(1024).prefix { $0 != UInt8(ascii: "\n") }
    let isText = unsafe head.allSatisfy { $0 > 31 && $0 < 0xF5 || $0 == 9 || $0 == 13 }
    guard !isText else { return }
    throw unsafe binary(CSVReader.excerpt(UnsafeBufferPointer(rebasing: head)), wanted: wanted)
  }

  /// Puts a breach of the form into words; the offset counts from the start of the record.
  func failure(
    _ complaint: CSVComplaint,
    at offset: Int,
    in bytes: UnsafeBufferPointer<UInt8>
  ) -> Failure {
    let place = unsafe "\(name):\(line + CSVReader.newlines(in: bytes.prefix(offset))): "
    let size = "\(NumberText.grouped(CSVTokenizer.limit)) bytes"
    let tail = unsafe CSVReader.excerpt(UnsafeBufferPointer(rebasing: bytes.dropFirst(offset)))
    let shown = Failure.shown(tail.prefix { $0 != "\n" && $0 != "\r\n" }.description)
    let text =
      switch complaint {
      case .tooLong:
        "found a line that goes on after \(size), expected shorter ones; "
          + "check that this is a CSV file with line ends"
      case .unclosedQuote:
        "found a quote that is never closed before '\(shown)', expected a closing quote; "
          + "double each quote that belongs to the text"
      case .unclosedLongQuote:
        "found a quote that is not closed within \(size) before '\(shown)', "
          + "expected a closing quote; double each quote that belongs to the text"
      case .quoteInsideField:
        "found '\(shown)', a quote inside a field without quotes, expected it to be quoted; "
          + "quote the whole field and double the quotes inside it"
      case .textAfterQuote:
        "found '\(shown)' after a closing quote, expected a comma or the end of the line; "
          + "double each quote that belongs to the text"
      case .loneReturn:
        "found a carriage return without a line feed, expected lines that end with "
          + "LF or CR LF; convert the line ends"
      }
    return Failure(.data, place + text)
  }

  // MARK: - Words

  private func binary(_ found: String, wanted: [String]) -> Failure {
    Failure.data(
      file: name,
      line: max(line, 1),
      found: found,
      expected: CSVReader.headerLine(wanted),
      advice: "this is not text in UTF-8; save the file as CSV in UTF-8"
    )
  }

  private static func headerLine(_ wanted: [String]) -> String {
    "a header line with columns \(wanted.joined(separator: ", "))"
  }

  private static func fields(_ count: Int) -> String { count == 1 ? "1 field" : "\(count) fields" }

  /// The line of a field, which differs from that of the record after quoted line ends.
  private func physicalLine(of index: Int) -> Int {
    guard let field = tokenizer.field(index) else { return line }
    return unsafe line + CSVReader.newlines(in: record.prefix(Int(field.offset)))
  }

  private static func newlines(in bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
    unsafe bytes.count { $0 == UInt8(ascii: "\n") }
  }

  /// The first bytes as text, whatever they are.
  private static func excerpt(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    unsafe String(decoding: bytes.prefix(256), as: UTF8.self)
  }
}
