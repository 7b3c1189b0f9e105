// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Memory for values of one type that is used again and again.
@safe
package final class ColumnMemory<Element: BitwiseCopyable> {
  private var start: UnsafeMutablePointer<Element>
  private var capacity: Int

  package init() {
    capacity = 8
    unsafe start = .allocate(capacity: 8)
  }

  deinit { unsafe start.deallocate() }

  /// Room for some values, whose contents are not known.
  package func room(_ count: Int) -> UnsafeMutablePointer<Element> {
    if count > capacity {
      unsafe start.deallocate()
      capacity = max(count, 2 * capacity)
      unsafe start = .allocate(capacity: capacity)
    }
    return unsafe start
  }

  /// Room for some values, all of which are the same.
  package func filled(_ value: Element, _ count: Int) -> UnsafePointer<Element> {
    let room = unsafe room(count)
    unsafe room.update(repeating: value, count: count)
    return unsafe UnsafePointer(room)
  }
}

/// Rows of a book as columns: accounts of one perp, which need no record of their own.
///
/// Whoever fills it has checked every row that has a market as `BookFile` does.
@safe
package struct PerpRows {
  /// Rows in the columns, among them some that are not meant.
  package var count = 0
  /// Rows that are meant.
  package var perpCount = 0
  /// `(venue · assets + asset) · 2`, and 1 for a row that no other can join; below 0 for rows that
  /// are not meant.
  package var market: UnsafePointer<Int32>
  /// Base units, signed.
  package var quantity: UnsafePointer<Double>
  /// USD.
  package var entryPrice: UnsafePointer<Double>
  /// USD, NaN for 0.
  package var collateral: UnsafePointer<Double>
  /// −1 where the row does not say.
  package var observedSlot: UnsafePointer<Int64>
  /// 1 for protected accounts.
  package var isProtected: UnsafePointer<Int8>

  package init() {
    // Never read, since there are no rows.
    unsafe market = UnsafePointer(bitPattern: 64)!
    unsafe quantity = UnsafePointer(bitPattern: 64)!
    unsafe entryPrice = UnsafePointer(bitPattern: 64)!
    unsafe collateral = UnsafePointer(bitPattern: 64)!
    unsafe observedSlot = UnsafePointer(bitPattern: 64)!
    unsafe isProtected = UnsafePointer(bitPattern: 64)!
  }

  /// Whether a row is meant.
  package func isMeant(_ row: Int) -> Bool { unsafe market[row] >= 0 }

  /// The record of a row.
  package func record(_ row: Int, assetCount: Int) -> LegRecord {
    var record = LegRecord()
    let market = unsafe Int(self.market[row]) >> 1
    record.venue = Int32(truncatingIfNeeded: market / assetCount)
    record.asset = Int32(truncatingIfNeeded: market % assetCount)
    unsafe record.quantity = quantity[row]
    unsafe record.entryPrice = entryPrice[row]
    record.collateralUSD = unsafe collateral[row].isNaN ? 0 : collateral[row]
    unsafe record.observedSlot = observedSlot[row]
    record.isProtected = unsafe isProtected[row] == 1
    return record
  }
}
