// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets
internal import Synchronization
internal import Tables

/// What the pieces of a book showed of the order of its accounts.
///
/// While no account comes after one of a larger number, the rows of an account follow each other,
/// and nothing needs to be remembered of any.
final class AccountOrder: Sendable {
  private let falls = Atomic<Bool>(false)
  private let hasCross = Atomic<Bool>(false)

  /// Takes what a piece showed; false where accounts have to be remembered.
  func take(_ finding: PerpSieve.Finding) -> Bool {
    if finding.falls { falls.store(true, ordering: .sequentiallyConsistent) }
    if finding.hasCross { hasCross.store(true, ordering: .sequentiallyConsistent) }
    return
      !(falls.load(ordering: .sequentiallyConsistent)
      && hasCross.load(ordering: .sequentiallyConsistent))
  }
}

extension NumpyPieces {
  /// Finds the rows of a piece that stay columns.
  ///
  /// - Returns: false where the book has to be read again with regard to the order of accounts.
  func sift(_ piece: Range<Int>, _ sieve: PerpSieve, _ rows: inout LegPiece) -> Bool {
    let columns = columns(piece, rows.scratch)
    let market = unsafe rows.scratch.market.room(piece.count)
    let isSifted = unsafe exclude(piece, market)
    let finding = unsafe sieve.sift(columns, into: market, isSifted: isSifted)
    if isUnordered {
      unsafe addFingerprints(columns, market, &rows)
    } else if !order.take(finding) {
      return false
    }
    unsafe rows.take(columns, market, sieve)
    return true
  }

  /// Remembers the accounts that other rows could join.
  private func addFingerprints(
    _ columns: PerpColumns,
    _ market: UnsafeMutablePointer<Int32>,
    _ rows: inout LegPiece
  ) {
    guard let accounts = unsafe columns.account else { return }
    for row in 0..<columns.count {
      let own = unsafe market[row]
      if own >= 0 && own & 1 == 0, unsafe accounts[row] >= 0 {
        unsafe rows.perpFingerprints.append(NumpyPieces.mixed(accounts[row]))
      }
    }
  }

  /// Writes −1 for rows with something in a column that says more than usual, 0 for the others.
  ///
  /// - Returns: false, with nothing written, where there are no such columns.
  private func exclude(_ piece: Range<Int>, _ market: UnsafeMutablePointer<Int32>) -> Bool {
    var isSifted = false
    func begin() {
      if !isSifted { unsafe market.update(repeating: 0, count: piece.count) }
      isSifted = true
    }
    var numbers: [Double] = []
    for column in [.maxLeverage] + NumpyColumns.rareColumns + [.liquidationPrice] {
      guard let array = book.arrays[column.rawValue] else { continue }
      begin()
      array.numbers(piece, into: &numbers)
      let isPrice = column == .liquidationPrice
      for row in numbers.indices {
        let number = numbers[row]
        if number.isNaN || isPrice && number >= 0 && number <= 1e15 { continue }
        unsafe market[row] = -1
      }
    }
    guard let groups = book.arrays[BookFile.Column.elevationGroup.rawValue] else { return isSifted }
    begin()
    var codes: [Int64] = []
    groups.integers(piece, into: &codes)
    for row in codes.indices where codes[row] != -1 { unsafe market[row] = -1 }
    return true
  }

  // MARK: - Columns as they lie in memory

  private func columns(_ piece: Range<Int>, _ scratch: PerpScratch) -> PerpColumns {
    var found = unsafe PerpColumns(
      count: piece.count,
      venue: codes(.venue, piece, scratch.venue),
      asset: codes(.asset, piece, scratch.asset),
      leg: codes(.leg, piece, scratch.leg),
      mode: codes(.marginMode, piece, scratch.mode),
      quantity: numbers(.quantity, piece, scratch.quantity),
      entryPrice: numbers(.entryPrice, piece, scratch.entryPrice),
      collateral: numbers(.collateral, piece, scratch.collateral),
      slot: wholes(.observedSlot, piece, scratch.slot),
      isProtected: flags(piece, scratch.isProtected),
      account: book.arrays[BookFile.Column.account.rawValue] == nil
        ? nil : wholes(.account, piece, scratch.account),
      accountBefore: nil,
      accountAfter: nil
    )
    guard let accounts = book.arrays[BookFile.Column.account.rawValue] else { return found }
    found.accountBefore = accountBefore(piece)
    if piece.upperBound < book.count { found.accountAfter = accounts.integer(piece.upperBound) }
    return found
  }

  private func numbers(
    _ column: BookFile.Column,
    _ piece: Range<Int>,
    _ memory: ColumnMemory<Double>
  ) -> UnsafePointer<Double> {
    guard let array = book.arrays[column.rawValue] else {
      return unsafe memory.filled(.nan, piece.count)
    }
    if let values = unsafe array.values(from: piece.lowerBound, as: Double.self) {
      return unsafe values
    }
    var values: [Double] = []
    array.numbers(piece, into: &values)
    let room = unsafe memory.room(values.count)
    for (row, value) in values.enumerated() { unsafe room[row] = value }
    return unsafe UnsafePointer(room)
  }

  private func wholes(
    _ column: BookFile.Column,
    _ piece: Range<Int>,
    _ memory: ColumnMemory<Int64>
  ) -> UnsafePointer<Int64> {
    guard let array = book.arrays[column.rawValue] else {
      return unsafe memory.filled(-1, piece.count)
    }
    if let values = unsafe array.values(from: piece.lowerBound, as: Int64.self) {
      return unsafe values
    }
    var values: [Int64] = []
    array.integers(piece, into: &values)
    let room = unsafe memory.room(values.count)
    for (row, value) in values.enumerated() { unsafe room[row] = value }
    return unsafe UnsafePointer(room)
  }

  private func codes(
    _ column: BookFile.Column,
    _ piece: Range<Int>,
    _ memory: ColumnMemory<Int32>
  ) -> UnsafePointer<Int32> {
    guard let array = book.arrays[column.rawValue] else {
      return unsafe memory.filled(-1, piece.count)
    }
    if let values = unsafe array.values(from: piece.lowerBound, as: Int32.self) {
      return unsafe values
    }
    var values: [Int64] = []
    array.integers(piece, into: &values)
    let room = unsafe memory.room(values.count)
    // What is no code of any list stays none.
    for (row, value) in values.enumerated() { unsafe room[row] = Int32(exactly: value) ?? .min }
    return unsafe UnsafePointer(room)
  }

  private func flags(
    _ piece: Range<Int>,
    _ memory: ColumnMemory<Int8>
  ) -> UnsafePointer<Int8> {
    guard let array = book.arrays[BookFile.Column.protected.rawValue] else {
      return unsafe memory.filled(-1, piece.count)
    }
    if let values = unsafe array.values(from: piece.lowerBound, as: Int8.self) {
      return unsafe values
    }
    var values: [Int64] = []
    array.integers(piece, into: &values)
    let room = unsafe memory.room(values.count)
    for (row, value) in values.enumerated() { unsafe room[row] = Int8(exactly: value) ?? .min }
    return unsafe UnsafePointer(room)
  }
}
