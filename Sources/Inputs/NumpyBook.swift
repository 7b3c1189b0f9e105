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
  /// - Throws: a data failure for a column that is missing, of another length or type.
  init(_ path: String, stated: String? = nil) throws(Failure) {
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
    let codes = try NumpyCodes.read(NumpyBook.joined(path, "codes.json"))
    words = BookFile.Column.allCases.map { codes[$0.name] ?? [] }
    self.names = try AccountNames(folder: path, listed: codes["account"])
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

/// The texts of accounts that are numbered.
struct AccountNames: Sendable {
  /// The columns that hold names.
  static let files: Set<String> = ["account_names", "account_ends"]

  private let listed: [String]
  private let bytes: NPYArray?
  private let ends: [Int64]

  /// Whether accounts have no names but their numbers.
  var isEmpty: Bool { listed.isEmpty && ends.isEmpty }

  init(folder: String, listed: [String]?) throws(Failure) {
    self.listed = listed ?? []
    guard FolderOutput.contents(of: folder).contains("account_ends.npy") else {
      bytes = nil
      ends = []
      return
    }
    let names = try NPYArray(path: NumpyBook.joined(folder, "account_names.npy"))
    let marks = try NPYArray(path: NumpyBook.joined(folder, "account_ends.npy"))
    guard names.type.size == 1, marks.type.isWhole else {
      throw Failure(
        .data,
        "\(names.path): found types \(names.type.rawValue) and \(marks.type.rawValue) of names and"
          + " ends, expected |u1 and <i8"
      )
    }
    var ends: [Int64] = []
    marks.integers(0..<marks.count, into: &ends)
    var last: Int64 = 0
    for end in ends {
      guard end >= last, end <= names.count else {
        throw Failure(
          .data,
          "\(marks.path): found the end \(end) after \(last), expected rising ones up to"
            + " \(names.count), the bytes of account_names.npy"
        )
      }
      last = end
    }
    bytes = names
    self.ends = ends
  }

  /// Whether all names are known to be good without a look at each: plain ASCII.
  var isPlain: Bool {
    guard !isEmpty else { return true }
    guard let bytes, listed.isEmpty, !ends.contains(0) else { return false }
    for start in stride(from: 0, to: bytes.count, by: 1 << 20) {
      let rows = start..<min(bytes.count, start + 1 << 20)
      let isGood = bytes.withBytes(rows) { (text: Span<UInt8>) -> Bool in
        var all: UInt8 = 0
        var isZero = false
        for place in text.indices {
          all |= text[place]
          isZero = isZero || text[place] == 0
        }
        return all < 0x80 && !isZero
      }
      bytes.forget(rows)
      if !isGood { return false }
    }
    return zip(ends, ends.dropFirst()).allSatisfy { $0 < $1 }
  }

  /// How many accounts have names.
  var count: Int { listed.isEmpty ? ends.count : listed.count }

  /// The text of an account, that of its number where accounts have no names.
  ///
  /// - Throws: a data failure for a name that is empty or no text.
  func text(_ number: Int64) throws(Failure) -> String {
    if isEmpty { return String(number) }
    guard let code = Int(exactly: number), code >= 0, code < count else {
      throw Failure(.data, "found account \(number), expected one of \(count) names")
    }
    if !listed.isEmpty { return listed[code] }
    let start = code == 0 ? 0 : Int(ends[code - 1])
    guard let bytes,
      let text = String(
        validating: bytes.bytes(start..<Int(ends[code])),
        as: UTF8.self
      ), !text.isEmpty, !text.utf8.contains(0)
    else {
      throw Failure(
        .data,
        "\(bytes?.path ?? ""): found name \(code) that is empty, not UTF-8 or has NUL bytes,"
          + " expected text"
      )
    }
    return text
  }
}
