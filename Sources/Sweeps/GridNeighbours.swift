// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Which cells of a grid lie one step from each other along one axis, all else being equal.
///
/// A step goes to the next smaller or the next larger value, in whatever order the spec has them;
/// beyond the ends there is no neighbour.
struct GridNeighbours: Sendable {
  /// One factor: points from one value to the next, and how many points away the neighbours of each
  /// value are; 0 for none.
  private struct Dimension: Sendable {
    var stride: Int
    var smaller: [Int]
    var larger: [Int]
  }

  private let grid: Grid
  private let dimensions: [Dimension]

  init(_ grid: Grid) {
    self.grid = grid
    var dimensions: [Dimension] = []
    for own in grid.dimensions where own.count > 1 {
      // The rows of a zip group are neighbours as they stand; those of a sample, which moves every
      // axis, are not.
      if own.axes.count > 1 && own.axes.count == grid.axes.count { continue }
      let values =
        own.axes.count == 1
        ? grid.axes[own.axes[0]].values : (0..<own.count).map { Double($0) }
      let order = values.indices.sorted { values[$0] < values[$1] }
      var dimension = Dimension(
        stride: own.stride,
        smaller: values.map { _ in 0 },
        larger: values.map { _ in 0 }
      )
      for (low, high) in zip(order, order.dropFirst()) {
        dimension.larger[low] = (high - low) * own.stride
        dimension.smaller[high] = (low - high) * own.stride
      }
      dimensions.append(dimension)
    }
    self.dimensions = dimensions.reversed()
  }

  /// Calls `body` with every neighbour of a cell, in a fixed order; points that constraints leave
  /// out are none.
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
