// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CSQLite
internal import Glibc
internal import TextKit

/// The library that keeps journals.
package enum JournalLibrary {
  /// Its version, for `doctor`.
  package static var version: String { unsafe String(cString: sqlite3_libversion()) }
}

/// One SQLite file, used by one thread; failures name the file and say what to do.
@safe final class JournalDatabase {
  /// A value of a row or of a statement's parameter.
  enum Value: Equatable {
    case whole(Int)
    case text(String)
    case bytes([UInt8])
  }

  enum Access { case readOnly, readWrite, create }

  let path: String
  private var handle: OpaquePointer?

  init(path: String, _ access: Access) throws(Failure) {
    self.path = path
    let flags =
      switch access {
      case .readOnly: SQLITE_OPEN_READONLY
      case .readWrite: SQLITE_OPEN_READWRITE
      case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
      }
    let code = unsafe sqlite3_open_v2(path, &handle, flags | SQLITE_OPEN_NOMUTEX, nil)
    if code != SQLITE_OK {
      let failure = failure(code)
      close()
      throw failure
    }
    unsafe sqlite3_busy_timeout(handle, 200)
  }

  deinit { close() }

  /// Closes the file; later calls fail.
  func close() {
    unsafe sqlite3_close_v2(handle)
    unsafe handle = nil
  }

  /// Runs one statement and gives its rows.
  @discardableResult
  func run(_ statement: String, _ values: [Value] = []) throws(Failure) -> [[Value]] {
    var rows: [[Value]] = []
    try run(statement, values) { (row: [Value]) throws(Failure) in rows.append(row) }
    return rows
  }

  /// Runs one statement, row by row.
  func run(
    _ statement: String,
    _ values: [Value] = [],
    each body: ([Value]) throws(Failure) -> Void
  ) throws(Failure) {
    var prepared: OpaquePointer?
    let code = unsafe sqlite3_prepare_v2(handle, statement, -1, &prepared, nil)
    guard code == SQLITE_OK else { throw failure(code) }
    defer { unsafe sqlite3_finalize(prepared) }
    for (place, value) in values.enumerated() {
      let code = unsafe bind(value, at: Int32(place + 1), of: prepared)
      guard code == SQLITE_OK else { throw failure(code) }
    }
    while true {
      let code = unsafe sqlite3_step(prepared)
      if code == SQLITE_DONE { return }
      guard code == SQLITE_ROW else { throw failure(code) }
      let count = unsafe sqlite3_column_count(prepared)
      try body((0..<count).map { (column: Int32) -> Value in unsafe value(prepared, column) })
    }
  }

  /// Gives a parameter its value; the library keeps a copy.
  private func bind(_ value: Value, at place: Int32, of statement: OpaquePointer?) -> Int32 {
    // The library's name for this is a cast, which is not imported.
    let copied = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    switch value {
    case .whole(let number): return unsafe sqlite3_bind_int64(statement, place, Int64(number))
    case .text(let text):
      let count = Int32(clamping: text.utf8.count)
      return unsafe sqlite3_bind_text(statement, place, text, count, copied)
    case .bytes(let bytes):
      if bytes.isEmpty { return unsafe sqlite3_bind_zeroblob(statement, place, 0) }
      return unsafe sqlite3_bind_blob64(statement, place, bytes, UInt64(bytes.count), copied)
    }
  }

  private func value(_ statement: OpaquePointer?, _ column: Int32) -> Value {
    switch unsafe sqlite3_column_type(statement, column) {
    case SQLITE_INTEGER: return .whole(Int(unsafe sqlite3_column_int64(statement, column)))
    case SQLITE_BLOB:
      let start = unsafe sqlite3_column_blob(statement, column)
      let count = Int(unsafe sqlite3_column_bytes(statement, column))
      return .bytes(unsafe Array(UnsafeRawBufferPointer(start: start, count: count)))
    default:
      guard let text = unsafe sqlite3_column_text(statement, column) else { return .text("") }
      return .text(unsafe String(cString: text))
    }
  }

  /// The failure of a result code of the library.
  private func failure(_ code: Int32) -> Failure {
    // The library quotes what it found in the file.
    let text = Failure.shown(
      unsafe handle == nil
        ? String(cString: sqlite3_errstr(code)) : String(cString: sqlite3_errmsg(handle))
    )
    switch code & 0xFF {
    case SQLITE_CORRUPT, SQLITE_NOTADB: return JournalDatabase.damaged(path, text)
    case SQLITE_NOMEM:
      // A journal takes little, so that it is what the file says of itself.
      return JournalDatabase.damaged(path, "it asks for more memory than there is")
    case SQLITE_BUSY, SQLITE_LOCKED:
      return Failure(.inputOutput, "\(path): another process is using this file; wait for its end")
    case SQLITE_CANTOPEN:
      return Failure(
        .missingInput,
        "\(path): cannot be opened: \(text); check path and permissions"
      )
    case SQLITE_FULL:
      return Failure(.inputOutput, "cannot write \(path): the disk is full; make room")
    default:
      let system = unsafe handle == nil ? 0 : sqlite3_system_errno(handle)
      let reason = system == 0 ? text : unsafe "\(text): \(String(cString: strerror(system)))"
      return Failure(.inputOutput, "cannot read or write \(path): \(reason)")
    }
  }

  /// The failure of a file whose contents are not what was written.
  static func damaged(_ path: String, _ reason: String) -> Failure {
    Failure(
      .data,
      "\(path): this file is damaged (\(reason)) and nothing of it is used; restore it from a copy,"
        + " or run the sweep again with --fresh"
    )
  }
}
