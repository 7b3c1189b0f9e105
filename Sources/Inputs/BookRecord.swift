// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Tables
internal import TextKit

/// One row of a book, whatever it is read from; columns are addressed as `BookFile.Column`.
protocol BookRecord: ~Copyable {
  /// The number of the row in messages: the line of a file, or the row of a table.
  var line: Int { get }
  /// Whether the row says nothing in a column, or there is no such column.
  func isEmpty(_ column: Int) -> Bool
  func text(_ column: Int) throws(Failure) -> String
  /// A finite number.
  func number(_ column: Int) throws(Failure) -> Double
  func integer(_ column: Int) throws(Failure) -> Int64
  func flag(_ column: Int, default other: Bool) throws(Failure) -> Bool
  /// What rows of the same account have in common, where that is not its text.
  var accountNumber: Int64? { get }
  /// The failure of a value that is not good.
  func failure(_ column: Int, expected: String, advice: String?) -> Failure
}

extension BookRecord where Self: ~Copyable {
  func failure(_ column: Int, expected: String) -> Failure {
    failure(column, expected: expected, advice: nil)
  }
}

extension CSVReader: BookRecord {
  var accountNumber: Int64? { nil }
}

/// Some rows of a book as columns of typed values, of which one row is looked at.
struct BookColumns: BookRecord {
  /// The values of one column.
  enum Cells {
    /// NaN says nothing.
    case numbers([Double])
    /// −1 says nothing where `hasGaps` is set.
    case integers([Int64], hasGaps: Bool)
    /// Places in a list of words, −1 says nothing.
    case words([Int64], [String])
    /// Empty text says nothing.
    case texts([String])
    /// Numbers of accounts, −1 says nothing.
    case names([Int64], AccountNames)
  }

  /// The text that messages name.
  let file: String
  /// Number of the first row.
  var first = 0
  /// The row that is looked at, from 0.
  var row = 0
  /// Rows at hand.
  var count = 0
  /// By column of a book; nil where there is no such column.
  var cells: [Cells?]

  init(file: String) {
    self.file = file
    cells = Array(repeating: nil, count: BookFile.Column.allCases.count)
  }

  var line: Int { first + row }

  var accountNumber: Int64? {
    guard case .names(let numbers, _) = cells[BookFile.Column.account.rawValue] else { return nil }
    return numbers[row]
  }

  func isEmpty(_ column: Int) -> Bool {
    switch cells[column] {
    case .numbers(let values): values[row].isNaN
    case .integers(let values, let hasGaps): hasGaps && values[row] == -1
    case .words(let codes, _): codes[row] == -1
    case .texts(let texts): texts[row].isEmpty
    case .names(let numbers, _): numbers[row] == -1
    case nil: true
    }
  }

  func text(_ column: Int) throws(Failure) -> String {
    switch cells[column] {
    case .words(let codes, let words):
      let code = codes[row]
      if code == -1 { return "" }
      guard code >= 0, code < words.count else {
        throw failure(
          column,
          expected: words.isEmpty
            ? "words for the codes of this column in codes.json"
            : "a code from 0 to \(words.count - 1), or -1 for none"
        )
      }
      return words[Int(code)]
    case .integers(let values, _): return isEmpty(column) ? "" : String(values[row])
    case .texts(let texts):
      guard !texts[row].utf8.contains(0) else {
        throw failure(column, expected: "text in UTF-8 without NUL bytes")
      }
      return texts[row]
    case .names(let numbers, let names):
      if numbers[row] == -1 { return "" }
      guard numbers[row] >= 0, names.isEmpty || numbers[row] < names.count else {
        throw failure(
          column,
          expected: names.isEmpty
            ? "a number of at least 0, or -1 for none"
            : "a number from 0 to \(names.count - 1) of an account with a name, or -1 for none"
        )
      }
      return try names.text(numbers[row])
    case .numbers: throw failure(column, expected: "text or a code")
    case nil: return ""
    }
  }

  func number(_ column: Int) throws(Failure) -> Double {
    switch cells[column] {
    case .numbers(let values) where values[row].isFinite: return values[row]
    case .integers(let values, _) where !isEmpty(column): return Double(values[row])
    default: throw failure(column, expected: "a finite number")
    }
  }

  func integer(_ column: Int) throws(Failure) -> Int64 {
    switch cells[column] {
    case .integers(let values, _): return values[row]
    case .numbers(let values):
      if let value = Int64(exactly: values[row]) { return value }
      throw failure(column, expected: "a whole number")
    default: throw failure(column, expected: "a whole number")
    }
  }

  func flag(_ column: Int, default other: Bool) throws(Failure) -> Bool {
    if isEmpty(column) { return other }
    switch try integer(column) {
    case 0: return false
    case 1: return true
    default: throw failure(column, expected: "0 or 1")
    }
  }

  func failure(_ column: Int, expected: String, advice: String?) -> Failure {
    let name = BookFile.Column.allCases[column].name
    let found: String
    switch cells[column] {
    case .numbers(let values): found = values[row].isNaN ? "" : NumberText.shortest(values[row])
    case .integers(let values, _), .names(let values, _): found = String(values[row])
    case .words(let codes, let words):
      let code = codes[row]
      found = code >= 0 && code < words.count ? words[Int(code)] : code == -1 ? "" : "\(code)"
    case .texts(let texts): found = texts[row]
    case nil:
      return Failure.data(
        file: file,
        line: line,
        column: name,
        expected: "\(expected), found no such column",
        advice: advice
      )
    }
    return Failure.data(
      file: file,
      line: line,
      column: name,
      found: found,
      expected: expected,
      advice: advice
    )
  }
}
