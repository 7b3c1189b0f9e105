// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CDuckDB
internal import Glibc
package import TextKit

/// A database of DuckDB in memory, through which files and queries are read.
///
/// DuckDB guards a connection by itself; the rows of a statement are for one thread at a time.
@safe package final class DuckDBSession: @unchecked Sendable {
  private let handle: OpaquePointer

  /// Opens a session, after the library was found.
  ///
  /// - Throws: a missing-input failure when there is no library.
  package init() throws(Failure) {
    _ = try DuckDBLibrary.load()
    guard let made = unsafe cduckdb_open() else {
      throw Failure(.inputOutput, "DuckDB cannot open a database in memory")
    }
    unsafe handle = made
  }

  deinit { unsafe cduckdb_close(handle) }

  /// Runs a statement and gives its rows in chunks.
  ///
  /// * `source`: what messages name, such as `query`.
  /// - Throws: a data failure with DuckDB's message and the query.
  package func rows(_ sql: String, of source: String) throws(Failure) -> DuckDBRows {
    var rows: OpaquePointer?
    if let message = unsafe cduckdb_query(handle, sql, &rows) {
      defer { unsafe free(message) }
      throw unsafe DuckDBRows.failure(String(cString: message), sql, source)
    }
    guard let made = unsafe rows else { throw DuckDBRows.failure("no result", sql, source) }
    return unsafe DuckDBRows(self, made, sql: sql, source: source)
  }

  /// Runs a statement for its effect.
  package func run(_ sql: String, of source: String) throws(Failure) {
    var rows = try rows(sql, of: source)
    while try rows.next() {}
  }

  /// The query in `query:SELECT …`, without what ends a statement.
  package static func query(_ source: String) -> String {
    var text = source.dropFirst("query:".count)
    while let last = text.last, last.isWhitespace || last == ";" { text.removeLast() }
    return String(text)
  }

  /// A text as SQL writes it.
  package static func literal(_ text: String) -> String { quoted(text, "'") }

  /// A name as SQL writes it.
  package static func identifier(_ name: String) -> String { quoted(name, "\"") }

  private static func quoted(_ text: String, _ mark: Character) -> String {
    var out = String(mark)
    for character in text.unicodeScalars {
      if Character(character) == mark { out.append(mark) }
      out.unicodeScalars.append(character)
    }
    out.append(mark)
    return out
  }
}

/// The rows of one statement, chunk by chunk.
@safe package struct DuckDBRows: ~Copyable {
  /// Rows of the chunk at hand.
  package private(set) var count = 0
  /// Names of the columns.
  package let columns: [String]
  let session: DuckDBSession
  let handle: OpaquePointer
  let sql: String
  let source: String

  fileprivate init(_ session: DuckDBSession, _ handle: OpaquePointer, sql: String, source: String) {
    self.session = session
    unsafe self.handle = handle
    self.sql = sql
    self.source = source
    columns = unsafe (0..<cduckdb_column_count(handle)).map {
      guard let name = unsafe cduckdb_column_name(handle, $0) else { return "" }
      return unsafe String(cString: name)
    }
  }

  deinit { unsafe cduckdb_free(handle) }

  /// Goes to the next chunk of rows.
  ///
  /// - Returns: false at the end.
  /// - Throws: a data failure when the statement fails on its way, as a cast may.
  package mutating func next() throws(Failure) -> Bool {
    var message: UnsafeMutablePointer<CChar>?
    switch unsafe cduckdb_next(handle, &message) {
    case 0:
      count = 0
      return false
    case 1:
      count = unsafe Int(cduckdb_row_count(handle))
      return true
    default:
      defer { unsafe free(message) }
      let text = unsafe message.map { unsafe String(cString: $0) } ?? "unknown error"
      throw DuckDBRows.failure(text, sql, source)
    }
  }

  /// Reads a column of type DOUBLE; NULL becomes NaN.
  package func numbers(_ column: Int, into values: inout [Double]) {
    unsafe read(column, Double.self, into: &values, missing: .nan) { unsafe $0.pointee }
  }

  /// Reads a column of type BIGINT; NULL becomes another value.
  package func integers(_ column: Int, into values: inout [Int64], missing: Int64) {
    unsafe read(column, Int64.self, into: &values, missing: missing) { unsafe $0.pointee }
  }

  /// Reads a column of type VARCHAR; NULL becomes the empty text.
  package func texts(_ column: Int, into values: inout [String]) {
    unsafe read(column, cduckdb_text.self, into: &values, missing: "") { text in
      guard let start = unsafe cduckdb_text_bytes(text) else { return "" }
      let raw = unsafe UnsafeRawBufferPointer(start: start, count: Int(cduckdb_text_length(text)))
      return unsafe String(decoding: raw, as: UTF8.self)
    }
  }

  private func read<Stored, Value>(
    _ column: Int,
    _: Stored.Type,
    into values: inout [Value],
    missing: Value,
    _ value: (UnsafePointer<Stored>) -> Value
  ) {
    values.removeAll(keepingCapacity: true)
    values.reserveCapacity(count)
    let place = UInt64(column)
    let validity = unsafe cduckdb_validity(handle, place)
    guard let raw = unsafe cduckdb_values(handle, place) else { return }
    let first = unsafe raw.assumingMemoryBound(to: Stored.self)
    for row in 0..<count {
      let isValid = unsafe validity.map { unsafe $0[row >> 6] >> UInt64(row & 63) & 1 == 1 } ?? true
      values.append(isValid ? unsafe value(first + row) : missing)
    }
  }

  /// DuckDB's message, in one line, with the query.
  static func failure(_ message: String, _ sql: String, _ source: String) -> Failure {
    let line = message.split { $0.isNewline }.joined(separator: " ")
    return Failure(.data, "\(source): DuckDB: \(line); the query was: \(sql)")
  }
}
