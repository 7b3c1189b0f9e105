// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Tables

/// The columns of some rows, in memory that is used again and again.
struct NumpyColumns {
  var venue: [Int64] = []
  var asset: [Int64] = []
  var leg: [Int64] = []
  var quantity: [Double] = []
  var entryPrice: [Double] = []
  var collateral: [Double] = []
  var maxLeverage: [Double] = []
  var slot: [Int64] = []
  var isProtected: [Int64] = []
  var mode: [Int64] = []
  private var accounts: [Int64] = []
  private var stated: [Double] = []
  /// Columns that only few rows say something in; those are read one by one.
  private var rare: [[Double]] = Array(repeating: [], count: NumpyColumns.rareColumns.count)
  private var groups: [Int64] = []
  private var hasRare = false

  static let rareColumns: [BookFile.Column] = [
    .liquidationThreshold, .deposited, .cap, .trigger, .safe, .stopLossPrice,
  ]

  /// The account of a row, −1 for one of its own.
  @inline(__always)
  func account(_ row: Int) -> Int64 { accounts.isEmpty ? -1 : accounts[row] }

  /// Whether the account has a name where names are, and nothing is said in a rare column.
  @inline(__always)
  func isUsual(_ row: Int, names: Int64) -> Bool {
    let account = account(row)
    guard account >= -1, account < names else { return false }
    if !stated.isEmpty {
      let price = stated[row]
      guard price.isNaN || (price >= 0 && price <= 1e15) else { return false }
    }
    if hasRare {
      for column in rare where !column.isEmpty && !column[row].isNaN { return false }
      if !groups.isEmpty && groups[row] != -1 { return false }
    }
    return true
  }

  /// Takes what is not read from a folder.
  mutating func take(accounts: [Int64], stated: [Double]) {
    (self.accounts, self.stated) = (accounts, stated)
  }

  mutating func read(_ book: borrowing NumpyBook, _ rows: Range<Int>) {
    book.read(.venue, rows, into: &venue)
    book.read(.asset, rows, into: &asset)
    book.read(.leg, rows, into: &leg)
    book.read(.quantity, rows, into: &quantity)
    book.read(.entryPrice, rows, into: &entryPrice)
    book.read(.collateral, rows, into: &collateral)
    book.read(.maxLeverage, rows, into: &maxLeverage)
    book.read(.observedSlot, rows, into: &slot)
    book.read(.protected, rows, into: &isProtected)
    book.read(.marginMode, rows, into: &mode)
    book.read(.account, rows, into: &accounts)
    book.read(.liquidationPrice, rows, into: &stated)
    book.read(.elevationGroup, rows, into: &groups)
    for (place, column) in NumpyColumns.rareColumns.enumerated() {
      book.read(column, rows, into: &rare[place])
    }
    hasRare = !groups.isEmpty || rare.contains { !$0.isEmpty }
  }
}

extension NumpyBook {
  func read(_ column: BookFile.Column, _ rows: Range<Int>, into values: inout [Double]) {
    guard let array = arrays[column.rawValue] else { return }
    array.numbers(rows, into: &values)
  }

  func read(_ column: BookFile.Column, _ rows: Range<Int>, into values: inout [Int64]) {
    guard let array = arrays[column.rawValue] else { return }
    array.integers(rows, into: &values)
  }
}
