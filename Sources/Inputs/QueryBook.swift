// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Tables
internal import TextKit

/// A book that DuckDB reads: `query:SELECT …`, or a Parquet file.
///
/// The columns have the names that they have in CSV and are cast in SQL: text to VARCHAR, numbers
/// to DOUBLE, slots and flags to BIGINT; NULL is an empty field. Rows are counted from 1.
struct QueryBook: BookSource, ~Copyable {
  /// Text by which messages name the book.
  let name: String
  let unknownColumns: [String]
  private var rows: DuckDBRows
  /// The columns of the book that the query gives, in its order.
  let columns: [BookFile.Column]
  private var first = 1

  /// Whether a book is to be read by a query.
  static func canRead(_ path: String) -> Bool {
    path.hasPrefix("query:") || path.hasSuffix(".parquet")
  }

  /// Starts the query.
  ///
  /// - Throws: a missing-input failure without DuckDB, a data failure with DuckDB's message.
  init(_ path: String, stated: String?) throws(Failure) {
    let name = path.hasPrefix("query:") ? "query" : path
    // For the usual words about a file that is not there.
    if !path.hasPrefix("query:"), !path.contains("*") { _ = try TextSource(path: path) }
    let inner = QueryBook.sql(path)
    let session = try DuckDBSession()
    let present = try QueryBook.columns(of: inner, session, name)
    let places = try BookFile.Column.places(
      in: present,
      of: name,
      stated: stated,
      needsAccount: true
    )
    let names = BookFile.names(stated: stated)
    let columns = BookFile.Column.allCases.filter { places[$0.rawValue] != nil }
    let casts = columns.map { (column: BookFile.Column) -> String in
      let type =
        switch column.content {
        case .word, .account: "VARCHAR"
        case .number: "DOUBLE"
        case .slot, .flag: "BIGINT"
        }
      return "CAST(\(DuckDBSession.identifier(names[column.rawValue])) AS \(type))"
    }
    let list = casts.joined(separator: ", ")
    let rows = try session.rows("SELECT \(list) FROM (\(inner)) AS book", of: name)
    self.name = name
    self.columns = columns
    self.rows = rows
    unknownColumns = present.filter { !names.contains($0) }
  }

  /// The names of a query's columns.
  static func columns(
    of inner: String,
    _ session: DuckDBSession,
    _ name: String
  ) throws(Failure) -> [String] {
    let rows = try session.rows("SELECT * FROM (\(inner)) AS book LIMIT 0", of: name)
    return rows.columns
  }

  /// The query of a path, without what ends a statement.
  static func sql(_ path: String) -> String {
    path.hasPrefix("query:")
      ? DuckDBSession.query(path)
      : "SELECT * FROM read_parquet(\(DuckDBSession.literal(path)))"
  }

  mutating func next() throws(Failure) -> BookColumns? {
    guard try rows.next() else { return nil }
    var found = BookColumns(file: name)
    found.first = first
    found.count = rows.count
    first += rows.count
    for (place, column) in columns.enumerated() {
      switch column.content {
      case .word, .account:
        var texts: [String] = []
        rows.texts(place, into: &texts)
        found.cells[column.rawValue] = .texts(texts)
      case .number:
        var numbers: [Double] = []
        rows.numbers(place, into: &numbers)
        found.cells[column.rawValue] = .numbers(numbers)
      case .slot, .flag:
        var integers: [Int64] = []
        rows.integers(place, into: &integers, missing: -1)
        found.cells[column.rawValue] = .integers(integers, hasGaps: true)
      }
    }
    return found
  }
}
