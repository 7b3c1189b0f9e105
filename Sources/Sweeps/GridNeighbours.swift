// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Which cells of a grid lie one step from each other along one axis, all else being equal.
///
/// A step goes to the next smaller or the next larger value, in whatever order the spec has them;
/// beyond the ends there is no neighbour.
struct GridNeighbours: Sendable {
  /// One axis: cells from one value to the next, and how many cells away the neighbours of each
  /// value are; 0 for none.
  private struct Dimension: Sendable {
    var stride: Int
    var smaller: [Int]
    var larger: [Int]
  }

  private let dimensions: [Dimension]

  init(_ grid: Grid) {
    var stride = 1
    var dimensions: [Dimension] = []
    for axis in grid.axes.reversed() {
      let values = axis.values
      let order = values.indices.sorted { values[$0] < values[$1] }
      var dimension = Dimension(
        stride: stride,
        smaller: values.map { _ in 0 },
        larger: values.map { _ in 0 }
      )
      for (low, high) in zip(order, order.dropFirst()) {
        dimension.larger[low] = (high - low) * stride
        dimension.smaller[high] = (low - high) * stride
      }
      if values.count > 1 { dimensions.append(dimension) }
      stride *= values.count
    }
    self.dimensions = dimensions
  }

  /// Calls `body` with every neighbour of a cell, in a fixed order.
  @inline(__always)
  func forEach(of cell: Int, _ body: (Int) -> Void) {
    for dimension in dimensions {
      let value = cell / dimension.stride % dimension.smaller.count
      let (smaller, larger) = (dimension.smaller[value], dimension.larger[value])
      if smaller != 0 { body(cell + smaller) }
      if larger != 0 { body(cell + larger) }
    }
  }
}
