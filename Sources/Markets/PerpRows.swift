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
  package let count: Int
  /// Rows that are meant.
  package let perpCount: Int
  /// `(venue · assets + asset) · 2`, and 1 for a row that no other can join; below 0 for rows that
  /// are not meant.
  package let market: UnsafePointer<Int32>
  /// Base units, signed.
  package let quantity: UnsafePointer<Double>
  /// USD.
  package let entryPrice: UnsafePointer<Double>
  /// USD, NaN for 0.
  package let collateral: UnsafePointer<Double>
  /// −1 where the row does not say.
  package let observedSlot: UnsafePointer<Int64>
  /// 1 for protected accounts.
  package let isProtected: UnsafePointer<Int8>

  /// Takes columns, which must stay as long as this.
  package init(
    count: Int,
    perpCount: Int,
    market: UnsafePointer<Int32>,
    quantity: UnsafePointer<Double>,
    entryPrice: UnsafePointer<Double>,
    collateral: UnsafePointer<Double>,
    observedSlot: UnsafePointer<Int64>,
    isProtected: UnsafePointer<Int8>
  ) {
    (self.count, self.perpCount) = (count, perpCount)
    unsafe self.market = market
    unsafe self.quantity = quantity
    unsafe self.entryPrice = entryPrice
    unsafe self.collateral = collateral
    unsafe self.observedSlot = observedSlot
    unsafe self.isProtected = isProtected
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
