// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Which cells of a grid lie one step from each other along one axis, all else being equal.
///
/// A step goes to the next smaller or the next larger value, in whatever order the spec has them;
/// beyond the ends there is no neighbour. Rows of a zip group are no neighbours, and a cell that a
/// constraint leaves out is nobody's.
struct GridNeighbours: Sendable {
  /// One axis: cells from one value to the next, and how many cells away the neighbours of each
  /// value are; 0 for none.
  private struct Dimension: Sendable {
    var stride: Int
    var smaller: [Int]
    var larger: [Int]
  }

  private let dimensions: [Dimension]
  private let grid: Grid

  init(_ grid: Grid) {
    self.grid = grid
    var dimensions: [Dimension] = []
    for group in grid.dimensions.reversed() where group.axes.count == 1 {
      let values = grid.axes[group.axes[0]].values
      let stride = group.stride
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
    }
    self.dimensions = dimensions
  }

  /// Calls `body` with every neighbour of a cell, in a fixed order.
  @inline(__always)
  func forEach(of cell: Int, _ body: (Int) -> Void) {
    let point = grid.point(of: cell)
    for dimension in dimensions {
      let value = point / dimension.stride % dimension.smaller.count
      let (smaller, larger) = (dimension.smaller[value], dimension.larger[value])
      if smaller != 0, let other = grid.cell(at: point + smaller) { body(other) }
      if larger != 0, let other = grid.cell(at: point + larger) { body(other) }
    }
  }
}
