// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Configuration
internal import Tables
internal import TextKit

/// A book as a folder of `.npy` columns (DESIGN 4), each with the name that it has in CSV.
///
///     venue.npy asset.npy leg.npy quantity.npy entry_price.npy account.npy … codes.json
///
/// Text columns hold places in the lists of `codes.json`, `{"venue": ["hyperliquid"], …}`; −1 is
/// empty, and so is NaN in columns of numbers, −1 in `observed_slot` and `protected`. `account`
/// holds whole numbers: equal ones are one account, −1 or no column at all means an account of its
/// own. An account's text is its number, unless the folder has names: a list in `codes.json`, or
/// `account_names.npy` (all texts, UTF-8, one after the other) with `account_ends.npy` (where each
/// ends). Rows are counted from 0, as in NumPy.
struct NumpyBook: BookSource {
  /// Rows that are read at a time.
  static let chunk = 65_536

  let unknownColumns: [String]
  /// The path as the user wrote it.
  let path: String
  /// By column of a book; nil where there is no such column.
  let arrays: [NPYArray?]
  /// Rows of the book.
  let count: Int
  /// The words of text columns.
  let words: [[String]]
  let names: AccountNames
  private var position = 0

  /// Whether a book is a folder.
  static func canRead(_ path: String) -> Bool { FolderOutput.isFolder(path) }

  /// Maps the columns of a folder.
  ///
  /// * `checksNames`: looks at the names of all accounts now, not when they are asked for.
  /// - Throws: a data failure for a column that is missing, of another length or type.
  init(_ path: String, stated: String? = nil, checksNames: Bool = true) throws(Failure) {
    self.path = path
    let files = FolderOutput.contents(of: path).filter { $0.hasSuffix(".npy") }
    let present = files.map { String($0.dropLast(4)) }
    guard !present.isEmpty else {
      throw Failure(.data, "\(path): found a folder without .npy columns, expected those of a book")
    }
    let places = try BookFile.Column.places(
      in: present,
      of: path,
      stated: stated,
      needsAccount: false
    )
    let names = BookFile.names(stated: stated)
    unknownColumns = present.filter { !names.contains($0) && !AccountNames.files.contains($0) }
    var arrays: [NPYArray?] = []
    for column in BookFile.Column.allCases {
      guard let place = places[column.rawValue] else {
        arrays.append(nil)
        continue
      }
      let array = try NPYArray(path: NumpyBook.joined(path, files[place]))
      if column.content != .number && !array.type.isWhole {
        throw Failure(
          .data,
          "\(array.path): found values of type \(array.type.rawValue), expected whole numbers"
            + (column.content == .word ? " (codes of codes.json)" : "")
        )
      }
      arrays.append(array)
    }
    // The quantity is required, so there is one.
    let leader = arrays[BookFile.Column.quantity.rawValue]
    count = leader?.count ?? 0
    for case .some(let array) in arrays where array.count != count {
      throw Failure(
        .data,
        "\(array.path): found \(array.count) rows, expected \(count) as in \(leader?.path ?? "")"
      )
    }
    self.arrays = arrays
    try PlainFile.require(NumpyBook.joined(path, "codes.json"))
    let codes = try NumpyCodes.read(NumpyBook.joined(path, "codes.json"))
    words = BookFile.Column.allCases.map { codes[$0.name] ?? [] }
    self.names = try AccountNames(folder: path, listed: codes["account"])
    if checksNames { try self.names.check() }
  }

  static func joined(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }

  mutating func next() throws(Failure) -> BookColumns? {
    guard position < count else { return nil }
    let rows = position..<min(count, position + NumpyBook.chunk)
    position = rows.upperBound
    defer { forget(rows) }
    return columns(rows)
  }

  /// Reads some rows.
  func columns(_ rows: Range<Int>) -> BookColumns {
    var found = BookColumns(file: path)
    found.first = rows.lowerBound
    found.count = rows.count
    for column in BookFile.Column.allCases {
      guard let array = arrays[column.rawValue] else { continue }
      found.cells[column.rawValue] = cells(column, array, rows)
    }
    return found
  }

  private func cells(
    _ column: BookFile.Column,
    _ array: NPYArray,
    _ rows: Range<Int>
  ) -> BookColumns.Cells {
    if column.content == .number && !array.type.isWhole {
      var numbers: [Double] = []
      array.numbers(rows, into: &numbers)
      return .numbers(numbers)
    }
    var integers: [Int64] = []
    array.integers(rows, into: &integers)
    switch column.content {
    case .word: return .words(integers, words[column.rawValue])
    case .account: return .names(integers, names)
    case .number: return .integers(integers, hasGaps: false)
    default: return .integers(integers, hasGaps: true)
    }
  }

  /// Gives the memory of rows that are done back.
  func forget(_ rows: Range<Int>) {
    for case .some(let array) in arrays { array.forget(rows) }
  }
}

/// The lists of words in `codes.json`.
enum NumpyCodes {
  /// Reads the lists; a folder without text columns needs none.
  static func read(_ path: String) throws(Failure) -> [String: [String]] {
    let bytes: [UInt8]
    do throws(Failure) {
      bytes = try TextSource.contents(of: path, limit: ConfigValue.mostJSONBytes)
    } catch {
      guard error.kind == .missingInput else { throw error }
      return [:]
    }
    var lists: [String: [String]] = [:]
    try ConfigValue.eachJSON(in: bytes, file: path) { (root: ConfigValue) throws(Failure) in
      let table = try ConfigTable(root)
      for key in table.keys { lists[key] = try table.strings(key) }
    }
    return lists
  }
}
