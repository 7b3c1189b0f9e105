// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Tables
package import TextKit

/// Turns books into folders of `.npy` columns and back, without losing a digit.
///
/// Only the form is checked: whether venues list the assets is asked when the book is used.
package enum BookConversion {
  /// What was written.
  package struct Result: Sendable {
    package var rows: Int
    package var columns: Int
    package var warnings: [String]
  }

  /// Whether a path is a folder of columns.
  package static func isFolder(_ path: String) -> Bool { FolderOutput.isFolder(path) }

  /// Whether a file of a folder may be replaced by a conversion.
  static func isOurs(_ name: String) -> Bool { name.hasSuffix(".npy") || name == "codes.json" }

  /// Writes the book of a CSV file, a Parquet file or a query as a folder.
  ///
  /// * `progress`: called with the number of rows since the last call.
  /// - Throws: a data failure with file, line and column; the folder is then as it was.
  package static func toFolder(
    _ input: String,
    _ output: String,
    progress: (Int) -> Void
  ) throws(Failure) -> Result {
    if QueryBook.canRead(input) {
      var source = try QueryBook(input, stated: nil)
      var writer = try NumpyBookWriter(
        output,
        columns: source.columns,
        numbersAccounts: false
      )
      while var columns = try source.next() {
        for row in 0..<columns.count {
          columns.row = row
          try writer.add(columns)
        }
        progress(columns.count)
      }
      return try writer.finish(of: input, unknown: source.unknownColumns)
    }
    // Accounts that are numbers stay numbers; the first other text starts again with names.
    if RecordPieces.canRead(input),
      let found = try csvToFolder(input, output, numbers: true, progress)
    {
      return found
    }
    guard let found = try csvToFolder(input, output, numbers: false, progress) else {
      throw Failure(.internalError, "a book with names was refused for its names")
    }
    return found
  }

  /// - Returns: nil when an account has another text than a number and numbers were asked for.
  private static func csvToFolder(
    _ input: String,
    _ output: String,
    numbers: Bool,
    _ progress: (Int) -> Void
  ) throws(Failure) -> Result? {
    var reader = try BookFile.open(input)
    let columns = BookFile.Column.allCases.filter { reader.has($0.rawValue) }
    var writer = try NumpyBookWriter(output, columns: columns, numbersAccounts: numbers)
    var waiting = 0
    while try reader.next() {
      try writer.add(reader)
      if writer.hasNames && numbers { return nil }
      waiting += 1
      if waiting == 65_536 {
        progress(waiting)
        waiting = 0
      }
    }
    progress(waiting)
    return try writer.finish(of: input, unknown: reader.unknownColumns)
  }

  /// Writes a folder, a Parquet file or a query as CSV.
  package static func toCSV(
    _ input: String,
    _ output: String,
    progress: (Int) -> Void
  ) throws(Failure) -> Result {
    if QueryBook.canRead(input) {
      let source = try QueryBook(input, stated: nil)
      let columns = source.columns
      return try csv(source, columns, input, output, progress)
    }
    let source = try NumpyBook(input)
    let columns = BookFile.Column.allCases.filter {
      source.arrays[$0.rawValue] != nil || $0 == .account
    }
    return try csv(source, columns, input, output, progress)
  }

  private static func csv(
    _ source: consuming some BookSource & ~Copyable,
    _ columns: [BookFile.Column],
    _ input: String,
    _ output: String,
    _ progress: (Int) -> Void
  ) throws(Failure) -> Result {
    var file = try OutputFile(path: output)
    var table = CSVBuilder()
    table.row(columns.map(\.name))
    var rows = 0
    while var found = try source.next() {
      for row in 0..<found.count {
        found.row = row
        for column in columns { try append(column, of: found, to: &table) }
        table.endRow()
      }
      rows += found.count
      try file.write(table.bytes)
      table.removeAll()
      progress(found.count)
    }
    try file.write(table.bytes)
    try file.commit()
    return Result(
      rows: rows,
      columns: columns.count,
      warnings: InputWarnings.table(input, unknown: source.unknownColumns)
    )
  }

  private static func append(
    _ column: BookFile.Column,
    of row: BookColumns,
    to table: inout CSVBuilder
  ) throws(Failure) {
    let place = column.rawValue
    if row.isEmpty(place) {
      table.empty()
      return
    }
    switch column.content {
    case .word, .account: table.text(try row.text(place), guardsFormulas: false)
    case .number: table.number(try row.number(place))
    case .slot: table.integer(try row.integer(place))
    case .flag: table.flag(try row.flag(place, default: false))
    }
  }
}
