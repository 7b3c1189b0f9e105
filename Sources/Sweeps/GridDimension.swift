// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import TextKit

/// One factor of a grid's product: an axis, or several that move together.
package struct GridDimension: Sendable {
  /// Places of its axes in the grid's order, ascending; a zip group has several.
  package let axes: [Int]
  /// How many values, or rows of values, it has.
  package let count: Int
  /// Points of the product from one value to the next.
  let stride: Int

  /// The value that a point of the product has.
  func digit(of point: Int) -> Int { point / stride % count }
}

extension GridDimension {
  /// The dimensions of axes and zip groups, in the order of their first axis.
  ///
  /// * `places`: places of axes by name, in the grid's order.
  /// - Returns: the dimensions with the number of points of their product.
  /// - Throws: a data failure when points do not fit 63 bits.
  static func product(
    _ groups: [[Axis]],
    _ places: [String: Int]
  ) throws(Failure) -> (dimensions: [GridDimension], pointCount: Int) {
    let columns = groups.filter { !$0.isEmpty }
      .map { (places: $0.compactMap { places[$0.name] }.sorted(), count: $0[0].values.count) }
      .sorted { $0.places[0] < $1.places[0] }
    var dimensions: [GridDimension] = []
    var stride = 1
    for column in columns.reversed() {
      dimensions.append(GridDimension(axes: column.places, count: column.count, stride: stride))
      let (product, overflow) = stride.multipliedReportingOverflow(by: column.count)
      guard !overflow else { throw Failure(.data, "the grid has more cells than can be counted") }
      stride = product
    }
    return (dimensions.reversed(), stride)
  }

  /// Refuses columns of different lengths, and rows that are there twice.
  ///
  /// - Throws: a data failure with the names and counts, or the rows from 1.
  package static func checkZip(_ columns: [Axis]) throws(Failure) {
    guard let first = columns.first else {
      throw Failure(.data, "zip: found no settings, expected at least two that move together")
    }
    for column in columns where column.values.count != first.values.count {
      throw Failure(
        .data,
        "zip: found \(first.values.count) values of \(first.name) and \(column.values.count) of"
          + " \(column.name), expected equally many"
      )
    }
    var rows: [[Double]: Int] = [:]
    for row in first.values.indices {
      if let other = rows.updateValue(row, forKey: columns.map { $0.values[row] }) {
        throw Failure(
          .data,
          "zip: rows \(other + 1) and \(row + 1) of \(columns.map(\.name).joined(separator: ", "))"
            + " are equal, expected different ones"
        )
      }
    }
  }
}
