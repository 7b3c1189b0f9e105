// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CSIMD
internal import Numerics
internal import Synchronization

/// The bins of a width by the top bits of a price: one load and one comparison find a bin exactly.
///
/// Cells of m bits of the significand are narrower than a bin, so that each holds at most one edge.
@safe
final class BinCells: @unchecked Sendable {
  let cells: UnsafeMutablePointer<BinCell>
  let firstCell: Int
  let shift: Int
  let binCount: Int
  /// A price beyond the grid; its cell is the last and leads to a bin of its own.
  static let noPrice = 4 * GeometricGrid.highestPrice

  private static let known = Mutex<[Double: BinCells?]>([:])

  /// The cells of a grid, nil for bins so narrow that a table of them would not stay in caches.
  static func cells(binBPS: Double) -> BinCells? {
    if let made = known.withLock({ $0[binBPS] }) { return made }
    let made = BinCells(BinGrids.grid(binBPS: binBPS), binBPS: binBPS)
    known.withLock { $0[binBPS] = .some(made) }
    return made
  }

  private init?(_ grid: GeometricGrid, binBPS: Double) {
    var bits = 1
    while Double(sign: .plus, exponent: -bits, significand: 1) > binBPS / (10_000 + binBPS) * 0.99 {
      bits += 1
    }
    guard bits <= 11 else { return nil }
    shift = 52 - bits
    firstCell = Int(GeometricGrid.lowestPrice.bitPattern >> UInt64(shift))
    let lastCell = Int(BinCells.noPrice.bitPattern >> UInt64(shift))
    binCount = grid.highestIndex - grid.lowestIndex + 1
    unsafe cells = .allocate(capacity: lastCell - firstCell + 1)
    for cell in firstCell...lastCell {
      let lowest = Double(bitPattern: UInt64(cell) << UInt64(shift))
      let bin = grid.bin(of: max(lowest, GeometricGrid.lowestPrice))
      let edge = bin.flatMap { grid.edge($0 + 1) } ?? .infinity
      let place = bin.map { $0 - grid.lowestIndex } ?? binCount
      unsafe (cells + (cell - firstCell)).initialize(
        to: BinCell(edge: edge.bitPattern, bin: Int64(place))
      )
    }
  }

  deinit { unsafe cells.deallocate() }
}
