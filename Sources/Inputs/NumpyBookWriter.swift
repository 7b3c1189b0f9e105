// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Tables
internal import TextKit

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
  ///
  /// * `unknown`: columns of the input that were not used.
  mutating func finish(
    of input: String,
    unknown: [String]
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
      warnings: InputWarnings.table(input, unknown: unknown)
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
