// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Geometric price edges `(numerator/denominator)^k`, decided as real arithmetic would.
///
/// Edge k is the smallest double not below the exact power, so `price >= edge(k)` is exactly
/// "price is at or above the power". Bins are half open, `[edge(k), edge(k + 1))` (SEMANTICS B5).
/// Both cluster bins (1.005) and debt ticks (1.0015) are such grids.
package struct GeometricGrid: Sendable {
  /// Index of the lowest edge.
  package let lowestIndex: Int
  private let edges: [Double]
  private let firstCell: Int
  /// For each cell of equal top bits, the position of the last edge at or below its lowest double.
  private let positions: [Int32]

  /// Top bits that name a cell: sign, exponent and 8 bits of the significand.
  private static let shift = 44
  package static let lowestPrice = 1e-18
  package static let highestPrice = 1e18

  /// Makes the edges of a ratio above 1 for prices from 1e-18 to 1e18.
  ///
  /// - Parameters:
  ///   - numerator: exact double, above `denominator`.
  ///   - denominator: exact double above 0.
  /// - Complexity: one table of `ln(1e36)/ln(ratio)` edges; 16,620 for 50 bps.
  package init(numerator: Double, denominator: Double) {
    let ratio = DoubleDouble(numerator, dividedBy: denominator)
    let inverse = DoubleDouble(denominator, dividedBy: numerator)
    var up: [Double] = []
    var down: [Double] = []
    let upward = GeometricGrid.squares(of: ratio)
    let downward = GeometricGrid.squares(of: inverse)
    var k = 0
    repeat {
      up.append(GeometricGrid.power(k, upward).roundedUp)
      k += 1
    } while up[up.count - 1] <= GeometricGrid.highestPrice
    k = 1
    repeat {
      down.append(GeometricGrid.power(k, downward).roundedUp)
      k += 1
    } while down[down.count - 1] > GeometricGrid.lowestPrice
    lowestIndex = -down.count
    edges = down.reversed() + up
    firstCell = Int(GeometricGrid.lowestPrice.bitPattern >> GeometricGrid.shift)
    let lastCell = Int(GeometricGrid.highestPrice.bitPattern >> GeometricGrid.shift)
    var table: [Int32] = []
    var position = 0
    for cell in firstCell...lastCell {
      let lowest = Double(bitPattern: UInt64(cell) << UInt64(GeometricGrid.shift))
      while position + 1 < edges.count && edges[position + 1] <= lowest { position += 1 }
      table.append(Int32(position))
    }
    positions = table
  }

  private static func squares(of base: DoubleDouble) -> [DoubleDouble] {
    var list = [base]
    for _ in 1..<20 { list.append(list[list.count - 1] * list[list.count - 1]) }
    return list
  }

  private static func power(_ k: Int, _ squares: [DoubleDouble]) -> DoubleDouble {
    var result = DoubleDouble(high: 1, low: 0)
    for (bit, square) in squares.enumerated() where k >> bit & 1 == 1 { result = result * square }
    return result
  }

  /// Index of the highest edge.
  package var highestIndex: Int { lowestIndex + edges.count - 1 }

  /// The edge of an index, nil beyond the table.
  package func edge(_ index: Int) -> Double? {
    let position = index - lowestIndex
    return edges.indices.contains(position) ? edges[position] : nil
  }

  /// The index of the bin that holds a price, nil outside 1e-18 to 1e18 or for NaN.
  package func bin(of price: Double) -> Int? {
    guard price >= GeometricGrid.lowestPrice, price < GeometricGrid.highestPrice else { return nil }
    var position = Int(positions[Int(price.bitPattern >> UInt64(GeometricGrid.shift)) - firstCell])
    // Whether the first edge of a cell lies below is anyone's guess, so no branch asks for it.
    position += edges[position + 1] <= price ? 1 : 0
    while edges[position + 1] <= price { position += 1 }
    return lowestIndex + position
  }
}
