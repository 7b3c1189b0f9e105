// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CDuckDB
internal import Glibc
package import TextKit

/// Some rows of a statement as columns, which stay when the next ones are fetched.
@safe
package final class DuckDBChunk: @unchecked Sendable {
  /// How many rows there are.
  package let count: Int
  private let handle: OpaquePointer
  /// The rows' statement, which has to stay too.
  private let session: DuckDBSession

  fileprivate init(_ handle: OpaquePointer, _ session: DuckDBSession) {
    unsafe self.handle = handle
    self.session = session
    count = unsafe Int(cduckdb_chunk_size(handle))
  }

  deinit { unsafe cduckdb_chunk_free(handle) }

  /// Copies a column of type DOUBLE; NULL becomes NaN.
  package func copy(_ column: Int, to room: UnsafeMutablePointer<Double>) {
    unsafe copy(column, to: room, missing: .nan) { (value: Double) in value }
  }

  /// Copies a column of type BIGINT; NULL becomes −1.
  package func copy(_ column: Int, to room: UnsafeMutablePointer<Int64>) {
    unsafe copy(column, to: room, missing: -1) { (value: Int64) in value }
  }

  /// Copies a column of type BIGINT of small numbers; NULL becomes −1, what is too large the least
  /// number.
  package func copy(_ column: Int, to room: UnsafeMutablePointer<Int8>) {
    unsafe copy(column, to: room, missing: -1) { (value: Int64) in Int8(exactly: value) ?? .min }
  }

  /// Copies places in a list, of type INTEGER and counted from 1; 2 becomes 0, NULL the least
  /// number.
  package func copyCodes(_ column: Int, to room: UnsafeMutablePointer<Int32>) {
    unsafe copy(column, to: room, missing: .min) { (value: Int32) in value &- 2 }
  }

  @inline(__always)
  private func copy<Stored, Value>(
    _ column: Int,
    to room: UnsafeMutablePointer<Value>,
    missing: Value,
    _ value: (Stored) -> Value
  ) {
    let place = UInt64(column)
    guard let raw = unsafe cduckdb_chunk_values(handle, place) else { return }
    let first = unsafe raw.assumingMemoryBound(to: Stored.self)
    for row in 0..<count { unsafe room[row] = value(first[row]) }
    guard let validity = unsafe cduckdb_chunk_validity(handle, place) else { return }
    for row in 0..<count where unsafe validity[row >> 6] >> UInt64(row & 63) & 1 == 0 {
      unsafe room[row] = missing
    }
  }

  /// Lends the texts of a column of type VARCHAR.
  package func texts(_ column: Int) -> DuckDBTexts {
    let place = UInt64(column)
    let raw = unsafe cduckdb_chunk_values(handle, place)
    return unsafe DuckDBTexts(
      self,
      raw?.assumingMemoryBound(to: cduckdb_text.self),
      cduckdb_chunk_validity(handle, place)
    )
  }
}

/// The texts of a chunk's column.
@safe
package struct DuckDBTexts {
  private let chunk: DuckDBChunk
  private let first: UnsafePointer<cduckdb_text>?
  private let validity: UnsafePointer<UInt64>?

  fileprivate init(
    _ chunk: DuckDBChunk,
    _ first: UnsafePointer<cduckdb_text>?,
    _ validity: UnsafePointer<UInt64>?
  ) {
    self.chunk = chunk
    unsafe self.first = first
    unsafe self.validity = validity
  }

  /// The bytes of a text, none for NULL; valid as long as the chunk.
  @inline(__always)
  package func bytes(_ row: Int) -> UnsafeBufferPointer<UInt8> {
    let none = unsafe UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    guard let text = unsafe first.map({ unsafe $0 + row }) else { return unsafe none }
    if let validity = unsafe validity, unsafe validity[row >> 6] >> UInt64(row & 63) & 1 == 0 {
      return unsafe none
    }
    guard let start = unsafe cduckdb_text_bytes(text) else { return unsafe none }
    return unsafe UnsafeBufferPointer(
      start: UnsafeRawPointer(start).assumingMemoryBound(to: UInt8.self),
      count: Int(cduckdb_text_length(text))
    )
  }
}

/// What the accounts of some rows are like.
package struct TextOrder: Sendable {
  /// A text comes after one that is longer, or as long and larger; or one is empty.
  package var falls = false
  /// A text has bytes beyond ASCII, or NUL.
  package var isForeign = false

  package init() {}
}

extension DuckDBChunk {
  /// Numbers the texts of a column: equal ones that follow each other have the same number, which
  /// is one more for the next; −1 for those that are empty.
  ///
  /// * `last`: the text and number before the first one; gets those of the last.
  package func number(
    _ column: Int,
    to room: UnsafeMutablePointer<Int64>,
    after last: inout (text: UnsafeBufferPointer<UInt8>, number: Int64),
    _ order: inout TextOrder
  ) {
    let texts = texts(column)
    for row in 0..<count {
      let text = unsafe texts.bytes(row)
      guard text.count > 0 else {
        order.falls = true
        unsafe room[row] = -1
        continue
      }
      var all: UInt8 = 0
      var hasZero = false
      for place in text.indices {
        let byte = unsafe text[place]
        all |= byte
        hasZero = hasZero || byte == 0
      }
      order.isForeign = order.isForeign || all >= 0x80 || hasZero
      let place = unsafe DuckDBChunk.compare(last.text, text)
      order.falls = order.falls || place > 0
      let number = unsafe place == 0 ? last.number : last.number + 1
      unsafe last = (text, number)
      unsafe room[row] = number
    }
  }

  /// By length, then by bytes: below 0 where the first comes before the second.
  @inline(__always)
  package static func compare(
    _ first: UnsafeBufferPointer<UInt8>,
    _ second: UnsafeBufferPointer<UInt8>
  ) -> Int {
    if first.count != second.count { return first.count < second.count ? -1 : 1 }
    guard let left = first.baseAddress, let right = second.baseAddress else { return 0 }
    return unsafe Int(memcmp(left, right, first.count))
  }
}

extension DuckDBRows {
  /// Fetches the next rows, nil at the end.
  ///
  /// - Throws: a data failure when the statement fails on its way, as a cast may.
  package func take() throws(Failure) -> DuckDBChunk? {
    var message: UnsafeMutablePointer<CChar>?
    if let chunk = unsafe cduckdb_take(handle, &message) {
      return unsafe DuckDBChunk(chunk, session)
    }
    guard let message = unsafe message else { return nil }
    defer { unsafe free(message) }
    throw unsafe DuckDBRows.failure(String(cString: message), sql, source)
  }
}
