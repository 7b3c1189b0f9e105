// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Numerics
package import Settings
package import TextKit

/// One combination of swept values.
package struct Cell: Sendable {
  /// Place among the cells, last axis fastest.
  package let index: Int
  /// Place in the product; the same as `index` where no constraint leaves cells out.
  package let point: Int
  /// FNV-1a-64 of every setting that is not at its default, as 16 hex digits.
  package let id: String
  /// Swept values in axis order.
  package let values: [Double]
  package let settings: Settings
  /// Numbers of the venue file that this cell replaces, in axis order.
  package let venueValues: [VenueValue]
}

/// One replaced number of the venue file.
package struct VenueValue: Sendable, Hashable {
  package let path: String
  package let value: Double

  package init(path: String, value: Double) {
    self.path = path
    self.value = value
  }
}

/// The product of axes and zip groups, less what constraints leave out; axes in bytewise order of
/// their names (SEMANTICS B22).
///
/// A *point* is a place in the product, a *cell* one among the points that are kept. A zip group
/// stands where its first axis by name stands. Nothing holds cells: their points are a list of
/// numbers, and only where constraints leave some out.
package struct Grid: Sendable {
  /// Constraints are refused for products of more points.
  package static let mostConstrainedPoints = 10_000_000

  package let axes: [Axis]
  /// The factors of the product, last fastest.
  package let dimensions: [GridDimension]
  package let constraints: [Constraint]
  /// The settings of every cell before the axes speak.
  package let base: Settings
  /// Numbers of the venue file that the spec replaces in every cell, with their defaults.
  package let venueBase: [VenueValue]
  let venueDefaults: [String: Double]
  /// How many points the product has.
  package let pointCount: Int
  private let identity: CellIdentity
  /// Points of the cells, ascending; nil when all are kept.
  private var kept: [UInt32]?

  /// Makes a grid.
  ///
  /// * `zips`: axes that move together, each group one factor of the product.
  /// * `constraints`: what every cell has to fulfil.
  /// * `venueDefaults`: the venue file's own numbers by path, for the identity of cells and for
  ///   constraints that name them.
  /// - Throws: a data failure when the number of cells does not fit 63 bits, a name is swept twice,
  ///   a zip group's columns differ in length, or constraints leave no cell.
  package init(
    axes: [Axis],
    zips: [[Axis]] = [],
    constraints: [Constraint] = [],
    base: Settings,
    venueBase: [VenueValue],
    venueDefaults: [String: Double]
  ) throws(Failure) {
    let sorted = (axes + zips.joined()).sorted {
      $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
    }
    var places: [String: Int] = [:]
    for (place, axis) in sorted.enumerated()
    where places.updateValue(place, forKey: axis.name) != nil {
      throw Failure(.data, "\(axis.name) is swept twice, expected once, on its own or in one zip")
    }
    for columns in zips { try GridDimension.checkZip(columns) }
    let product = try GridDimension.product(axes.map { [$0] } + zips, places)
    self.axes = sorted
    self.constraints = constraints
    self.base = base
    self.venueBase = venueBase
    self.venueDefaults = venueDefaults
    (dimensions, pointCount) = product
    identity = CellIdentity(
      axes: sorted,
      base: base,
      venueBase: venueBase,
      venueDefaults: venueDefaults
    )
    kept = try ConstraintFilter(
      axes: sorted,
      dimensions: product.dimensions,
      base: base,
      venueNumbers: venueDefaults.merging(venueBase.map { ($0.path, $0.value) }) { $1 }
    ).points(of: product.pointCount, fulfilling: constraints)
  }

  /// Number of cells.
  package var count: Int { kept?.count ?? pointCount }

  /// Whether every point is a cell.
  package var isProduct: Bool { kept == nil }

  /// The point of a cell.
  package func point(of cell: Int) -> Int { kept.map { Int($0[cell]) } ?? cell }

  /// The index of the cell at a point; nil when a constraint leaves it out.
  func cell(at point: Int) -> Int? {
    guard let kept else { return point }
    var (low, high) = (0, kept.count)
    while low < high {
      let middle = (low + high) / 2
      if Int(kept[middle]) < point { low = middle + 1 } else { high = middle }
    }
    return low < kept.count && Int(kept[low]) == point ? low : nil
  }

  /// The cell at a place.
  package func cell(_ index: Int) -> Cell { cell(index, at: point(of: index), named: true) }

  /// The settings at a point, be it a cell or not.
  func settings(of point: Int) -> Settings { cell(0, at: point, named: false).settings }

  /// The replaced numbers of the venue file at a point, be it a cell or not.
  func venueValues(of point: Int) -> [VenueValue] { cell(0, at: point, named: false).venueValues }

  private func cell(_ index: Int, at point: Int, named: Bool) -> Cell {
    var values = Array(repeating: 0.0, count: axes.count)
    var digits = Array(repeating: 0, count: axes.count)
    for dimension in dimensions {
      let digit = dimension.digit(of: point)
      for place in dimension.axes {
        digits[place] = digit
        values[place] = axes[place].values[digit]
      }
    }
    var settings = base
    var venueValues = venueBase
    for (axis, value) in zip(axes, values) {
      switch axis.target {
      case .setting(let key): settings[key] = value
      case .venue(let path):
        venueValues.removeAll { $0.path == path }
        venueValues.append(VenueValue(path: path, value: value))
      }
    }
    return Cell(
      index: index,
      point: point,
      id: named ? identity.id(digits) : "",
      values: values,
      settings: settings,
      venueValues: venueValues
    )
  }

  /// The grid of one cell with the same axes and no constraint.
  package func narrowed(to values: [Double]) throws(Failure) -> Grid {
    var given: [String: Double] = [:]
    for (axis, value) in zip(axes, values) { given[axis.name] = value }
    return try narrowed(to: given)
  }

  /// The grid of one cell: each axis at a given value or at the settings', other names replaced.
  ///
  /// - Throws: a data failure when an axis of the venue file is not given.
  package func narrowed(to given: [String: Double]) throws(Failure) -> Grid {
    var settings = base
    var venueValues = venueBase
    var narrow: [Axis] = []
    for (name, value) in given.sorted(by: { $0.key < $1.key })
    where !axes.contains(where: { $0.name == name }) {
      if name.hasPrefix("venues.") {
        venueValues.removeAll { $0.path == name }
        venueValues.append(VenueValue(path: name, value: value))
      } else {
        settings[try Setting.named(name).key] = value
      }
    }
    for axis in axes {
      let value: Double
      switch axis.target {
      case .setting(let key): value = given[axis.name] ?? base[key]
      case .venue(let path):
        guard
          let found = given[axis.name] ?? venueBase.first(where: { $0.path == path })?.value
            ?? venueDefaults[path]
        else { throw Failure(.data, "expected a value for \(axis.name)") }
        value = found
      }
      narrow.append(try Axis(name: axis.name, target: axis.target, values: [value]))
    }
    return try Grid(
      axes: narrow,
      base: settings,
      venueBase: venueValues,
      venueDefaults: venueDefaults
    )
  }

  /// The grid of some of the cells alone, given by their points, ascending.
  func restricted(to points: [Int]) -> Grid {
    var grid = self
    grid.kept = points.map { UInt32($0) }
    return grid
  }

  /// Refuses the grid when any of its cells may not be run.
  ///
  /// - Throws: a data failure naming the first such cell's values.
  package func validate() throws(Failure) {
    // Where every value is fine by itself, cells differ only in what settings are to each other.
    let areFine = valuesAreFine
    let mayDiffer = !areFine || axes.contains { Settings.isCompared($0.target.setting) }
    for index in 0..<(mayDiffer ? count : min(1, count)) {
      let cell = cell(index, at: point(of: index), named: false)
      // What no axis changes is known from the first cell.
      let isKnown = index > 0 && areFine
      let found = isKnown ? cell.settings.comparedComplaint : cell.settings.complaint
      guard let complaint = found else { continue }
      let parts = zip(axes, cell.values).map { "\($0.name) = \(NumberText.shortest($1))" }
      let place = parts.isEmpty ? "settings" : "cell " + parts.joined(separator: ", ")
      throw Failure(.data, "\(place): \(complaint)")
    }
  }

  /// Whether every setting may have each of its values.
  private var valuesAreFine: Bool {
    axes.allSatisfy { axis in
      guard let key = axis.target.setting else { return true }
      return axis.values.allSatisfy { Setting.all[key.rawValue].complaint(about: $0) == nil }
    }
  }
}
