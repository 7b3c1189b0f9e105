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
      return try writer.finish(source.unknownColumns.map { (input, $0) })
    }
    // Accounts that are numbers stay numbers; the first other text starts again with names.
    if input != "-", let found = try csvToFolder(input, output, numbers: true, progress) {
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
    return try writer.finish(reader.unknownColumns.map { (input, $0) })
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
      warnings: unknownColumnWarning(input, source.unknownColumns)
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

/// Writes the rows of a book as `.npy` columns.
struct NumpyBookWriter: ~Copyable {
  private var folder: FolderOutput
  private let columns: [BookFile.Column]
  private var writers: [NPYWriter] = []
  private var words: [[String]]
  private var codeOfWord: [[String: Int64]]
  private var accounts: AccountNumbers
  private var rowCount = 0

  /// Whether accounts have texts that are no numbers.
  var hasNames: Bool { accounts.hasNames }

  /// Makes the folder beside the path.
  ///
  /// * `numbersAccounts`: keeps accounts that are numbers as they are, until another text comes.
  init(
    _ path: String,
    columns: [BookFile.Column],
    numbersAccounts: Bool
  ) throws(Failure) {
    var folder = try FolderOutput(path: path, replacing: BookConversion.isOurs)
    var writers: [NPYWriter] = []
    for column in columns {
      let type: NPYType =
        switch column.content {
        case .account, .slot: .int64
        case .word: .int32
        case .flag: .int8
        case .number: .float64
        }
      writers.append(try NPYWriter(path: folder.place(of: column.name + ".npy"), type: type))
    }
    let accounts = try AccountNumbers(&folder, numbersAccounts: numbersAccounts)
    self.folder = folder
    self.columns = columns
    self.writers = writers
    self.accounts = accounts
    words = Array(repeating: [], count: columns.count)
    codeOfWord = Array(repeating: [:], count: columns.count)
  }

  /// Adds a row.
  mutating func add(_ row: borrowing some BookRecord & ~Copyable) throws(Failure) {
    for (place, column) in columns.enumerated() {
      let index = column.rawValue
      let isEmpty = row.isEmpty(index)
      switch column.content {
      case .number: try writers[place].add(isEmpty ? .nan : row.number(index))
      case .slot: try writers[place].add(isEmpty ? -1 : slot(row, index))
      case .flag:
        try writers[place].add(
          isEmpty ? -1 : row.flag(index, default: false) ? 1 : Int64(0)
        )
      case .account:
        try writers[place].add(isEmpty ? -1 : try accounts.number(of: row.text(index)))
      case .word: try writers[place].add(isEmpty ? -1 : code(of: row.text(index), place))
      }
    }
    rowCount += 1
  }

  private func slot(
    _ row: borrowing some BookRecord & ~Copyable,
    _ column: Int
  ) throws(Failure) -> Int64 {
    let slot = try row.integer(column)
    guard slot >= 0 else { throw row.failure(column, expected: "a slot of at least 0") }
    return slot
  }

  private mutating func code(of word: String, _ place: Int) -> Int64 {
    if let code = codeOfWord[place][word] { return code }
    let code = Int64(words[place].count)
    words[place].append(word)
    codeOfWord[place][word] = code
    return code
  }

  /// Completes the folder and gives it its name.
  mutating func finish(
    _ unknown: [(file: String, column: String)]
  ) throws(Failure) -> BookConversion.Result {
    guard rowCount > 0 else {
      throw Failure(.data, "\(folder.path): found no rows to write, expected at least one")
    }
    for writer in writers { try writer.finish() }
    try accounts.finish()
    var lists: [String] = []
    for (place, column) in columns.enumerated() where column.content == .word {
      let list = words[place].map(JSONWord.text).joined(separator: ", ")
      lists.append("  \(JSONWord.text(column.name)): [\(list)]")
    }
    try folder.write("codes.json", Array("{\n\(lists.joined(separator: ",\n"))\n}\n".utf8))
    try folder.commit()
    return BookConversion.Result(
      rows: rowCount,
      columns: columns.count,
      warnings: unknownColumnWarning(unknown.first?.file ?? "", unknown.map(\.column))
    )
  }
}

/// The numbers of accounts, and the texts of those that have others.
private struct AccountNumbers {
  private(set) var hasNames: Bool
  private var numberOfText: [String: Int64] = [:]
  private var length: Int64 = 0
  private var names: NPYWriter?
  private var ends: NPYWriter?

  init(_ folder: inout FolderOutput, numbersAccounts: Bool) throws(Failure) {
    hasNames = false
    guard !numbersAccounts else { return }
    names = try NPYWriter(path: folder.place(of: "account_names.npy"), type: .uint8)
    ends = try NPYWriter(path: folder.place(of: "account_ends.npy"), type: .int64)
  }

  mutating func number(of text: String) throws(Failure) -> Int64 {
    guard let names, let ends else {
      if let number = Int64(text), number >= 0, String(number) == text { return number }
      hasNames = true
      return -1
    }
    if let number = numberOfText[text] { return number }
    let number = Int64(numberOfText.count)
    numberOfText[text] = number
    try names.add(Array(text.utf8))
    length += Int64(text.utf8.count)
    try ends.add(length)
    return number
  }

  func finish() throws(Failure) {
    try names?.finish()
    try ends?.finish()
  }
}

/// Text as JSON writes it.
private enum JSONWord {
  static func text(_ word: String) -> String {
    var out = "\""
    for scalar in word.unicodeScalars {
      switch scalar {
      case "\"", "\\": out += "\\" + String(scalar)
      case _ where scalar.value < 32:
        let digits = String(scalar.value, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }
}
