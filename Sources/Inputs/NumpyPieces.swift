// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets
internal import Numerics
internal import Synchronization
internal import Tables
internal import TextKit

/// The rows of a folder of `.npy` columns in pieces, straight from mapped memory into records.
///
/// A row of the usual form is checked here. Every other one goes through `BookRows`, which gives
/// the same values, or the failure that a user sees.
struct NumpyPieces: BookPieces {
  /// Rows of a piece for each 32 bytes that were asked for, of columns for each 4.
  private static let bytesOfRow = 32
  private static let bytesOfColumnRow = 4
  /// Rows whose memory is given back at once.
  private static let block = 1 << 18
  /// Rows of a sample.
  private static let sample = 4096
  /// How many rows of one account stay together.
  private static let longestRun = 1 << 20

  let book: NumpyBook
  private let rows: BookRows
  private let size: Int
  /// Finds rows that stay columns, where they may.
  let sieve: PerpSieve?
  /// Whether accounts are known not to come in the order of their numbers.
  let isUnordered: Bool
  let order = AccountOrder()
  private let isNamed: Bool
  private let place = PiecePlace()
  private let words: ColumnWords

  /// Where the next piece begins.
  private final class PiecePlace: Sendable {
    let next = Mutex<(row: Int, index: Int)>((0, 0))
  }

  /// Maps a folder.
  init(_ path: String, _ options: BookPieceOptions) throws(Failure) {
    // Names are looked at where they are needed.
    let book = try NumpyBook(path, checksNames: false)
    self.book = book
    let catalogue = options.catalogue
    rows = BookRows(catalogue)
    isUnordered = options.hasQuotes
    isNamed = options.named
    words = ColumnWords(
      catalogue,
      words: { book.words[$0.rawValue] },
      nameCount: book.names.isEmpty ? .max : Int64(book.names.count)
    )
    let hasEntries = book.arrays[BookFile.Column.entryPrice.rawValue] != nil
    sieve = hasEntries ? words.sieve(options.columnMarkets) : nil
    let bytes = sieve == nil ? NumpyPieces.bytesOfRow : NumpyPieces.bytesOfColumnRow
    size = max(1, options.size / bytes)
  }

  var hasGroups: Bool { book.arrays[BookFile.Column.elevationGroup.rawValue] != nil }

  func warnings(_ path: String, hasStopLossPrices: Bool) -> [String] {
    BookFile.warnings(
      path,
      unknownColumns: book.unknownColumns,
      hasStopLossPrices: hasStopLossPrices
    )
  }

  func next() -> (index: Int, piece: Range<Int>)? {
    let found = place.next.withLock {
      (next: inout (row: Int, index: Int)) -> (index: Int, piece: Range<Int>)? in
      guard next.row < book.count else { return nil }
      let start = next.row
      let end = end(of: start)
      defer { next = (end, next.index + 1) }
      return (next.index, start..<end)
    }
    if let piece = found?.piece { forgetLongBefore(piece) }
    return found
  }

  /// Gives the memory of rows long past back, that of many pieces at once.
  private func forgetLongBefore(_ piece: Range<Int>) {
    let block = piece.lowerBound / NumpyPieces.block
    guard block > 0, piece.upperBound / NumpyPieces.block > block else { return }
    book.forget((block - 1) * NumpyPieces.block..<block * NumpyPieces.block)
  }

  /// The end of a piece, so that the rows of one account that follow each other stay together.
  private func end(of start: Int) -> Int {
    var end = min(book.count, start + size)
    guard let accounts = book.arrays[BookFile.Column.account.rawValue] else { return end }
    let limit = min(book.count, end + NumpyPieces.longestRun)
    var last: [Int64] = []
    accounts.integers(end - 1..<end + 1, into: &last)
    while end < limit, last.count == 2, last[0] == last[1], last[0] != -1 {
      end += 1
      accounts.integers(end - 1..<end + 1, into: &last)
    }
    return end
  }

  /// Gives memory back that a thread took after `forgetLongBefore` had been there.
  func release(_ piece: Range<Int>) {
    let block = place.next.withLock { $0.row } / NumpyPieces.block
    if piece.upperBound <= (block - 1) * NumpyPieces.block { book.forget(piece) }
  }

  /// The newest slot of some rows here and there, the last among them.
  func newestSampled() -> Int64 {
    guard let slots = book.arrays[BookFile.Column.observedSlot.rawValue] else { return -1 }
    var newest: Int64 = -1
    var values: [Int64] = []
    let step = max(NumpyPieces.sample, book.count / 8)
    let places = Array(stride(from: 0, to: book.count, by: step))
    for start in places + [max(0, book.count - NumpyPieces.sample)] {
      slots.integers(start..<start + NumpyPieces.sample, into: &values)
      newest = max(newest, values.max() ?? -1)
    }
    return newest
  }

  /// The account of the row before a piece.
  func accountBefore(_ piece: Range<Int>) -> Int64? {
    guard piece.lowerBound > 0 else { return nil }
    return book.arrays[BookFile.Column.account.rawValue]?.integer(piece.lowerBound - 1)
  }

  // MARK: - Rows

  func read(
    _ piece: Range<Int>,
    into rows: inout LegPiece
  ) throws(Failure) -> BookScanner.Outcome {
    rows.clear()
    if rows.isUsed.isEmpty { rows.isUsed = Array(repeating: false, count: words.assetCount) }
    if let sieve {
      guard sift(piece, sieve, &rows) else { return .hasQuotes }
      if rows.perps?.perpCount == piece.count { return .read }
    }
    let finding = try addRecords(piece, &rows)
    if sieve == nil && !isUnordered {
      guard order.take(finding) else { return .hasQuotes }
      rows.isOrdered = true
    }
    return .read
  }

  /// Reads the rows that do not stay columns into records.
  ///
  /// - Returns: what all rows, where all become records, are like.
  private func addRecords(
    _ piece: Range<Int>,
    _ rows: inout LegPiece
  ) throws(Failure) -> PerpSieve.Finding {
    var finding = PerpSieve.Finding()
    var (before, lastCross) = (accountBefore(piece) ?? .min, Int64(-1))
    var columns = rows.columns
    rows.columns = NumpyColumns()
    rows.accounts.removeAll(keepingCapacity: true)
    defer { rows.columns = columns }
    columns.read(book, piece)
    let perps = rows.perps
    // The row whose account is open, −1 where none is.
    var last = -1
    for row in 0..<piece.count {
      if perps?.isMeant(row) == true { continue }
      var record = LegRecord()
      if !words.usual(row, columns, &record) {
        record = try other(piece.lowerBound + row, &rows)
      }
      let account = columns.account(row)
      record.fingerprint = NumpyPieces.mixed(account)
      record.nameLength = account < 0 ? 0 : 1
      let isCross = account >= 0 && !record.mode.isIsolated
      let isSame = isCross && last >= 0 && last == row - 1 && columns.account(row - 1) == account
      if !isSame {
        if isNamed { rows.accounts.append(account) }
        rows.runs.append(Int32(truncatingIfNeeded: rows.records.count))
      }
      last = isCross ? row : -1
      // An account that comes again, after isolated rows or in another piece, is out of order too.
      let comesAgain = isCross && !isSame && (account == lastCross || row == 0 && account == before)
      finding.falls = finding.falls || account < before || comesAgain
      finding.hasCross = finding.hasCross || isCross
      if isCross { lastCross = account }
      before = account
      rows.isUsed[Int(record.asset)] = true
      if record.observedSlot > rows.newestSlot { rows.newestSlot = record.observedSlot }
      rows.records.append(record)
    }
    if isNamed { try addNames(&rows) }
    return finding
  }

  /// Reads any row in the way that knows every column.
  @inline(never)
  private func other(_ row: Int, _ piece: inout LegPiece) throws(Failure) -> LegRecord {
    let columns = book.columns(row..<row + 1)
    let found = try rows.row(columns, number: row)
    var record = LegRecord(found)
    if !found.group.isEmpty {
      record.group = Int32(truncatingIfNeeded: piece.groups.count)
      piece.groups.append(found.group)
    }
    if found.hasStopLossPrice { piece.hasStopLossPrices = true }
    return record
  }

  /// A fingerprint of an account's number, another one for each number (SplitMix64's finish).
  static func mixed(_ account: Int64) -> UInt64 {
    var z = UInt64(bitPattern: account) &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Keeps the texts of the accounts of all runs.
  private func addNames(_ rows: inout LegPiece) throws(Failure) {
    var lengths: [Int32] = []
    unsafe rows.bytes = book.names.copy(rows.accounts, into: rows.scratch.names, lengths: &lengths)
    var offset: Int32 = 0
    for (run, length) in lengths.enumerated() {
      let record = Int(rows.runs[run])
      if length >= 0 {
        rows.records[record].nameOffset = offset
        rows.records[record].nameLength = length
        offset += length
        continue
      }
      let text = Array(try book.names.text(rows.accounts[run]).utf8)
      rows.records[record].nameLength = Int32(truncatingIfNeeded: text.count)
      rows.texts.append(text)
      rows.records[record].nameOffset = -Int32(truncatingIfNeeded: rows.texts.count)
    }
  }
}
