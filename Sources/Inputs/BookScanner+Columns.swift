// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets
internal import Tables

/// Pieces whose rows are all of the usual form, read column by column.
extension BookScanner {
  /// Reads a piece into the columns of `rows`; false where it must be read row by row.
  func readColumns(_ piece: RecordPieces.Piece, into rows: inout LegPiece) -> Bool {
    // A book of other forms is not looked at twice in every piece.
    guard rows.misses < 4 || piece.index & 31 == 0 else { return false }
    rows.misses += 1
    let table = rows.table
    guard unsafe piece.bytes.count <= 1 << 20,
      unsafe rows.text.find(piece.bytes, width: pieces.width),
      plan.fill(table, from: rows.text, phrases: &rows.phrases), isGood(table, &rows)
    else {
      table.count = 0
      rows.newestSlot = -1
      return false
    }
    rows.misses = 0
    rows.arrange()
    return true
  }

  /// Checks what `BookRows` checks of every row.
  private func isGood(_ table: RowColumns, _ rows: inout LegPiece) -> Bool {
    let count = table.count
    let (venue, asset, kind) = unsafe (table.venue, table.asset, table.kind)
    let (quantity, entry) = unsafe (table.quantity, table.entryPrice)
    let (collateral, slot) = unsafe (table.collateral, table.slot)
    var newest: Int64 = -1
    var isGood = true
    unsafe marketForms.withUnsafeBufferPointer { (forms: UnsafeBufferPointer<UInt8>) in
      unsafe rows.isUsed.withUnsafeMutableBufferPointer {
        (isUsed: inout UnsafeMutableBufferPointer<Bool>) in
        for row in 0..<count {
          let own = unsafe Int(asset[row])
          let form = unsafe forms[Int(venue[row]) &* assetCount &+ own]
          let (price, size) = unsafe (entry[row], quantity[row])
          let isPriced = price >= 0 && price <= 1e15 && form & 2 == 0
          let isRight = unsafe kind[row] == 0 ? isPriced : size >= 0
          let isSmall = unsafe BookFile.isQuantity(size) && collateral[row].magnitude <= 1e12
          isGood = isGood && isRight && isSmall && form & 1 != 0
          unsafe newest = slot[row] > newest ? slot[row] : newest
          unsafe isUsed[own] = true
        }
      }
    }
    rows.newestSlot = newest
    return isGood && hasGoodExtras(table)
  }

  /// Checks columns that few books have.
  private func hasGoodExtras(_ table: RowColumns) -> Bool {
    for (number, range) in plan.extras {
      let column =
        switch number {
        case .maxLeverage: unsafe table.maxLeverage
        case .stated: unsafe table.stated
        default: unsafe table.threshold
        }
      for row in 0..<table.count {
        let value = unsafe column[row]
        guard value.isNaN || range.contains(value) else { return false }
      }
    }
    return true
  }
}

extension LegPiece {
  /// Finds the accounts of the rows in `table`: those of one perp stay there, all others become
  /// records and runs.
  mutating func arrange() {
    let count = table.count
    if let rising = risingSpan() {
      span = keepsSpans ? rising : nil
      var perps = 0
      for row in 0..<count {
        let isPerp = unsafe table.kind[row] == 0
        unsafe table.isLone[row] = isPerp ? 1 : 0
        perps += isPerp ? 1 : 0
      }
      if perps < count {
        for row in 0..<count where !table.isLone(row) { append(row, begins: true) }
      }
    } else {
      span = findRuns()
      if !keepsSpans { span = nil }
    }
    guard span == nil else { return }
    for row in 0..<count where unsafe table.isHead[row] != 0 { heads.append(fingerprint(row)) }
  }

  /// The span of names that rise from row to row, so that every row is an account; nil for others.
  private func risingSpan() -> NameSpan? {
    let count = table.count
    let (high, low, length) = unsafe (table.nameHigh, table.nameLow, table.nameLength)
    guard unsafe length[0] > 0 else { return nil }
    var span = NameSpan()
    for row in 1..<max(1, count) {
      let key = unsafe NameSpan.Key(high: high[row], low: low[row], length: length[row])
      let last = unsafe NameSpan.Key(
        high: high[row &- 1],
        low: low[row &- 1],
        length: length[row &- 1]
      )
      let follows = key.follows(last)
      span.risesByBytes = span.risesByBytes && follows
      span.risesByLength =
        span.risesByLength
        && (key.length > last.length || (key.length == last.length && follows))
    }
    guard span.rises else { return nil }
    span.ends = (key(0), key(count - 1))
    for row in 0..<count { unsafe table.isHead[row] = table.mode[row] == 0 ? 1 : 0 }
    return span
  }

  @inline(__always)
  private func key(_ row: Int) -> NameSpan.Key {
    unsafe NameSpan.Key(
      high: table.nameHigh[row],
      low: table.nameLow[row],
      length: table.nameLength[row]
    )
  }

  /// Divides rows into accounts; the span of the names that other rows could have, if they rise.
  private mutating func findRuns() -> NameSpan? {
    let count = table.count
    var span = NameSpan()
    var isOpen = false
    for row in 0..<count {
      let isCross = unsafe table.nameLength[row] > 0 && table.mode[row] == 0
      let isSame = isCross && isOpen && isSameName(row, row - 1)
      isOpen = isCross
      unsafe table.isLone[row] = isSame ? 0 : 1
      unsafe table.isHead[row] = isCross && !isSame ? 1 : 0
      if isCross && !isSame { span.append(key(row)) }
    }
    for row in 0..<count {
      let begins = table.isLone(row)
      let isLast = row + 1 == count || table.isLone(row + 1)
      let isPerp = unsafe table.kind[row] == 0
      if begins && isLast && isPerp { continue }
      append(row, begins: begins)
    }
    // Only now, because the next row had to be asked.
    for row in rowsOfRecords { unsafe table.isLone[Int(row)] = 0 }
    return span.rises ? span : nil
  }

  /// Finds the span of the names of rows that are records.
  mutating func noteSpan() {
    guard keepsSpans else { return }
    var found = NameSpan()
    for first in runs {
      let record = records[Int(first)]
      guard record.nameLength > 0, !record.mode.isIsolated else { continue }
      let key = withName(of: record) { (name: Span<UInt8>) -> NameSpan.Key in
        var (high, low): (UInt64, UInt64) = (0, 0)
        for place in 0..<min(16, name.count) {
          let byte = UInt64(name[place]) << UInt64(56 - 8 * (place & 7))
          if place < 8 { high |= byte } else { low |= byte }
        }
        return NameSpan.Key(high: high, low: low, length: record.nameLength)
      }
      found.append(key)
    }
    span = found.rises ? found : nil
  }

  /// Makes a row a record.
  private mutating func append(_ row: Int, begins: Bool) {
    if begins {
      runs.append(Int32(truncatingIfNeeded: records.count))
      rowOfRun.append(Int32(truncatingIfNeeded: row))
    }
    rowsOfRecords.append(Int32(truncatingIfNeeded: row))
    records.append(table.record(row))
  }

  /// Whether two rows have the same account text.
  @inline(__always)
  private func isSameName(_ left: Int, _ right: Int) -> Bool {
    guard key(left) == key(right) else { return false }
    let length = unsafe Int(table.nameLength[left])
    if length <= 16 { return true }
    let (first, second) = unsafe (Int(table.nameOffset[left]), Int(table.nameOffset[right]))
    for place in 16..<length where unsafe bytes[first + place] != bytes[second + place] {
      return false
    }
    return true
  }

  private func fingerprint(_ row: Int) -> UInt64 {
    let length = unsafe Int(table.nameLength[row])
    if length <= 16 {
      return unsafe Fingerprint.of(table.nameHigh[row], table.nameLow[row], count: length)
    }
    let start = unsafe Int(table.nameOffset[row])
    let text = unsafe UnsafeBufferPointer(rebasing: bytes[start..<start + length])
    return unsafe Fingerprint.of(Array(text))
  }
}
