// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets
internal import Tables

extension LegPiece {
  /// Takes the rows that were found to stay columns.
  mutating func take(
    _ columns: PerpColumns,
    _ market: UnsafeMutablePointer<Int32>,
    _ sieve: PerpSieve
  ) {
    let seen = unsafe scratch.seen.room(sieve.marketCount + 1)
    let perpCount = unsafe sieve.count(market, columns.count, seen, isUsed: &isUsed)
    var newest: Int64 = -1
    for row in 0..<columns.count { newest = max(newest, unsafe columns.slot[row]) }
    newestSlot = newest
    guard perpCount > 0 else { return }
    unsafe perps = PerpRows(
      count: columns.count,
      perpCount: perpCount,
      market: UnsafePointer(market),
      quantity: columns.quantity,
      entryPrice: columns.entryPrice,
      collateral: columns.collateral,
      observedSlot: columns.slot,
      isProtected: columns.isProtected
    )
  }
}

extension QueryPieces {
  /// The text of an account by its row.
  private struct Names {
    let chunks: [DuckDBTexts]
    let starts: [Int]
    private var last = 0

    init(_ piece: Piece, _ column: Int) {
      chunks = piece.chunks.map { $0.texts(column) }
      var next = 0
      var starts: [Int] = []
      for chunk in piece.chunks {
        starts.append(next)
        next += chunk.count
      }
      self.starts = starts
    }

    /// Rows must not be asked for backwards.
    mutating func bytes(_ row: Int) -> UnsafeBufferPointer<UInt8> {
      while last + 1 < starts.count, starts[last + 1] <= row { last += 1 }
      return unsafe chunks[last].bytes(row - starts[last])
    }
  }

  /// Remembers the accounts that other rows could join.
  func addFingerprints(
    _ piece: Piece,
    _ columns: PerpColumns,
    _ market: UnsafeMutablePointer<Int32>,
    _ rows: inout LegPiece
  ) {
    var names = Names(piece, accountColumn)
    for row in 0..<columns.count {
      let own = unsafe market[row]
      guard own >= 0 && own & 1 == 0 else { continue }
      let text = unsafe names.bytes(row)
      if text.count > 0 { unsafe rows.perpFingerprints.append(QueryPieces.fingerprint(text)) }
    }
  }

  /// Reads the rows that do not stay columns into records.
  ///
  /// - Returns: false for a row that is not usual.
  func addRecords(_ piece: Piece, _ found: PerpColumns, _ rows: inout LegPiece) -> Bool {
    var columns = rows.columns
    rows.columns = NumpyColumns()
    defer { rows.columns = columns }
    columns.read(
      found,
      maxLeverage: list(.maxLeverage, piece),
      stated: list(.liquidationPrice, piece)
    )
    var names = Names(piece, accountColumn)
    let perps = rows.perps
    let memory = unsafe isNamed ? rows.scratch.names.room(nameBytes(piece)) : nil
    var used = 0
    var last = -1
    for row in 0..<found.count {
      if perps?.isMeant(row) == true { continue }
      var record = LegRecord()
      guard words.usual(row, columns, &record) else { return false }
      let text = unsafe names.bytes(row)
      record.fingerprint = unsafe QueryPieces.fingerprint(text)
      record.nameLength = Int32(truncatingIfNeeded: text.count)
      let isCross = text.count > 0 && !record.mode.isIsolated
      let isSame =
        isCross && last >= 0 && last == row - 1 && columns.account(row - 1) == columns.account(row)
      if !isSame {
        if let memory = unsafe memory, let start = text.baseAddress {
          unsafe (memory + used).update(from: start, count: text.count)
          record.nameOffset = Int32(truncatingIfNeeded: used)
          if unsafe !text.allSatisfy({ AccountNames.isPlain($0) }) {
            unsafe rows.texts.append(Array(text))
            record.nameOffset = -Int32(truncatingIfNeeded: rows.texts.count)
          }
          used += text.count
        }
        rows.runs.append(Int32(truncatingIfNeeded: rows.records.count))
      }
      last = isCross ? row : -1
      rows.isUsed[Int(record.asset)] = true
      if record.observedSlot > rows.newestSlot { rows.newestSlot = record.observedSlot }
      rows.records.append(record)
    }
    if let memory = unsafe memory {
      unsafe rows.bytes = UnsafeBufferPointer(start: UnsafePointer(memory), count: used)
    }
    return true
  }

  /// Bytes of all accounts' texts.
  private func nameBytes(_ piece: Piece) -> Int {
    var total = 0
    for chunk in piece.chunks {
      let texts = chunk.texts(accountColumn)
      for row in 0..<chunk.count { total += unsafe texts.bytes(row).count }
    }
    return total
  }

  private func list(_ column: BookFile.Column, _ piece: Piece) -> [Double] {
    guard place(column) != nil else { return [] }
    let numbers = unsafe numbers(column, piece, ColumnMemory<Double>())
    return unsafe Array(UnsafeBufferPointer(start: numbers, count: piece.count))
  }

  /// A fingerprint of a text; eight bytes at a time are mixed as SplitMix64 ends.
  private static func fingerprint(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var state = UInt64(text.count) &* 0x9E37_79B9_7F4A_7C15
    var word: UInt64 = 0
    for place in text.indices {
      word = word << 8 | UInt64(unsafe text[place])
      if place & 7 == 7 || place == text.count - 1 {
        state = (state ^ word) &* 0xBF58_476D_1CE4_E5B9
        state = (state ^ (state >> 27)) &* 0x94D0_49BB_1331_11EB
        state ^= state >> 31
        word = 0
      }
    }
    return state
  }
}

extension NumpyColumns {
  /// Takes columns that are in memory already.
  mutating func read(_ found: PerpColumns, maxLeverage: [Double], stated: [Double]) {
    func wholes<Value: BinaryInteger>(_ start: UnsafePointer<Value>) -> [Int64] {
      unsafe UnsafeBufferPointer(start: start, count: found.count).map { Int64($0) }
    }
    func numbers(_ start: UnsafePointer<Double>) -> [Double] {
      unsafe Array(UnsafeBufferPointer(start: start, count: found.count))
    }
    unsafe (venue, asset) = (wholes(found.venue), wholes(found.asset))
    unsafe (leg, mode) = (wholes(found.leg), wholes(found.mode))
    unsafe (quantity, entryPrice) = (numbers(found.quantity), numbers(found.entryPrice))
    unsafe collateral = numbers(found.collateral)
    unsafe (slot, isProtected) = (wholes(found.slot), wholes(found.isProtected))
    self.maxLeverage = maxLeverage
    unsafe take(accounts: found.account.map { unsafe wholes($0) } ?? [], stated: stated)
  }
}
