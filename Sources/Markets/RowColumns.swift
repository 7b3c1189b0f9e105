// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Some rows of a book as columns of plain numbers: what `LegRecord` says of one row.
///
/// Whoever reads rows fills the columns in place; what a row does not say is NaN or −1, and a
/// column that nobody writes says nothing in any row. Addresses stay until `reserve` makes more
/// room.
@safe
package final class RowColumns {
  /// Rows at hand.
  package var count = 0
  /// Rows that there is room for.
  package private(set) var capacity = 0
  /// Base units; perps signed.
  @exclusivity(unchecked)
  package private(set) var quantity: UnsafeMutablePointer<Double>
  /// USD; NaN where the row does not say.
  @exclusivity(unchecked)
  package private(set) var entryPrice: UnsafeMutablePointer<Double>
  /// Quote collateral of the row, USD; 0 where the row does not say.
  @exclusivity(unchecked)
  package private(set) var collateral: UnsafeMutablePointer<Double>
  @exclusivity(unchecked)
  package private(set) var maxLeverage: UnsafeMutablePointer<Double>
  @exclusivity(unchecked)
  package private(set) var stated: UnsafeMutablePointer<Double>
  @exclusivity(unchecked)
  package private(set) var threshold: UnsafeMutablePointer<Double>
  @exclusivity(unchecked)
  package private(set) var slot: UnsafeMutablePointer<Int64>
  @exclusivity(unchecked)
  package private(set) var venue: UnsafeMutablePointer<Int32>
  @exclusivity(unchecked)
  package private(set) var asset: UnsafeMutablePointer<Int32>
  /// Raw value of `LegKind`.
  @exclusivity(unchecked)
  package private(set) var kind: UnsafeMutablePointer<Int32>
  /// Place in `MarginMode.allCases`.
  @exclusivity(unchecked)
  package private(set) var mode: UnsafeMutablePointer<Int32>
  /// 1 where the account is protected.
  @exclusivity(unchecked)
  package private(set) var isProtected: UnsafeMutablePointer<UInt8>
  /// 1 where the row is an account of one perp; the others are records too.
  @exclusivity(unchecked)
  package private(set) var isLone: UnsafeMutablePointer<UInt8>
  /// 1 where the row begins an account that other rows could belong to.
  @exclusivity(unchecked)
  package private(set) var isHead: UnsafeMutablePointer<UInt8>
  /// Where the account's text lies in the piece, and its length.
  @exclusivity(unchecked)
  package private(set) var nameOffset: UnsafeMutablePointer<Int32>
  @exclusivity(unchecked)
  package private(set) var nameLength: UnsafeMutablePointer<Int32>
  /// The first 16 bytes of the account's text as two numbers that sort as the bytes do.
  @exclusivity(unchecked)
  package private(set) var nameHigh: UnsafeMutablePointer<UInt64>
  @exclusivity(unchecked)
  package private(set) var nameLow: UnsafeMutablePointer<UInt64>
  /// Any row has a maximal leverage of its own.
  package var hasOwnLeverage = false

  package init() {
    unsafe quantity = RowColumns.column(0, 0)
    unsafe entryPrice = RowColumns.column(0, 0)
    unsafe collateral = RowColumns.column(0, 0)
    unsafe maxLeverage = RowColumns.column(0, 0)
    unsafe stated = RowColumns.column(0, 0)
    unsafe threshold = RowColumns.column(0, 0)
    unsafe slot = RowColumns.column(0, 0)
    unsafe venue = RowColumns.column(0, 0)
    unsafe asset = RowColumns.column(0, 0)
    unsafe kind = RowColumns.column(0, 0)
    unsafe mode = RowColumns.column(0, 0)
    unsafe isProtected = RowColumns.column(0, 0)
    unsafe isLone = RowColumns.column(0, 0)
    unsafe isHead = RowColumns.column(0, 0)
    unsafe nameOffset = RowColumns.column(0, 0)
    unsafe nameLength = RowColumns.column(0, 0)
    unsafe nameHigh = RowColumns.column(0, 0)
    unsafe nameLow = RowColumns.column(0, 0)
  }

  deinit { release() }

  /// Makes room for so many rows, of which none says anything.
  package func reserve(_ rows: Int) {
    guard rows > capacity else { return }
    release()
    capacity = max(rows, 2 * capacity)
    unsafe quantity = RowColumns.column(capacity, .nan)
    unsafe entryPrice = RowColumns.column(capacity, .nan)
    unsafe collateral = RowColumns.column(capacity, 0)
    unsafe maxLeverage = RowColumns.column(capacity, .nan)
    unsafe stated = RowColumns.column(capacity, .nan)
    unsafe threshold = RowColumns.column(capacity, .nan)
    unsafe slot = RowColumns.column(capacity, -1)
    unsafe venue = RowColumns.column(capacity, 0)
    unsafe asset = RowColumns.column(capacity, 0)
    unsafe kind = RowColumns.column(capacity, 0)
    unsafe mode = RowColumns.column(capacity, 0)
    unsafe isProtected = RowColumns.column(capacity, 0)
    unsafe isLone = RowColumns.column(capacity, 0)
    unsafe isHead = RowColumns.column(capacity, 0)
    unsafe nameOffset = RowColumns.column(capacity, 0)
    unsafe nameLength = RowColumns.column(capacity, 0)
    unsafe nameHigh = RowColumns.column(capacity, 0)
    unsafe nameLow = RowColumns.column(capacity, 0)
  }

  private static func column<Element: BitwiseCopyable>(
    _ count: Int,
    _ nothing: Element
  ) -> UnsafeMutablePointer<Element> {
    let column = UnsafeMutablePointer<Element>.allocate(capacity: count)
    unsafe column.initialize(repeating: nothing, count: count)
    return unsafe column
  }

  private func release() {
    unsafe quantity.deallocate()
    unsafe entryPrice.deallocate()
    unsafe collateral.deallocate()
    unsafe maxLeverage.deallocate()
    unsafe stated.deallocate()
    unsafe threshold.deallocate()
    unsafe slot.deallocate()
    unsafe venue.deallocate()
    unsafe asset.deallocate()
    unsafe kind.deallocate()
    unsafe mode.deallocate()
    unsafe isProtected.deallocate()
    unsafe isLone.deallocate()
    unsafe isHead.deallocate()
    unsafe nameOffset.deallocate()
    unsafe nameLength.deallocate()
    unsafe nameHigh.deallocate()
    unsafe nameLow.deallocate()
  }

  /// Whether a row is an account of one perp.
  @inline(__always)
  package func isLone(_ row: Int) -> Bool { unsafe isLone[row] != 0 }

  /// A row as a record, without a fingerprint.
  @inline(__always)
  package func record(_ row: Int) -> LegRecord {
    var record = LegRecord()
    record.quantity = unsafe quantity[row]
    record.kind = unsafe LegKind(rawValue: UInt8(truncatingIfNeeded: kind[row])) ?? .perp
    if record.kind == .perp { record.entryPrice = unsafe entryPrice[row] }
    record.collateralUSD = unsafe collateral[row]
    record.maxLeverage = unsafe maxLeverage[row]
    record.liquidationThreshold = unsafe threshold[row]
    record.observedSlot = unsafe slot[row]
    record.nameOffset = unsafe nameOffset[row]
    record.nameLength = unsafe nameLength[row]
    record.venue = unsafe venue[row]
    record.asset = unsafe asset[row]
    record.isProtected = unsafe isProtected[row] != 0
    switch unsafe mode[row] {
    case 0: record.mode = .cross
    case 1: record.mode = .isolated
    case 2: record.mode = .strictIsolated
    default: record.mode = .noCross
    }
    return record
  }
}
