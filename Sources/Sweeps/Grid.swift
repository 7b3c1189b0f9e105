// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Numerics
package import Settings
package import TextKit

/// One combination of swept values.
package struct Cell: Sendable {
  /// Place in the grid, last axis fastest.
  package let index: Int
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

/// The full product of the axes; axes in bytewise order of their names (SEMANTICS B22).
package struct Grid: Sendable {
  package let axes: [Axis]
  /// The settings of every cell before the axes speak.
  package let base: Settings
  /// Numbers of the venue file that the spec replaces in every cell, with their defaults.
  package let venueBase: [VenueValue]
  private let venueDefaults: [String: Double]
  package let count: Int

  /// Makes a grid.
  ///
  /// * `venueDefaults`: the venue file's own numbers by path, for the identity of cells.
  /// - Throws: a data failure when the number of cells does not fit 63 bits.
  package init(
    axes: [Axis],
    base: Settings,
    venueBase: [VenueValue],
    venueDefaults: [String: Double]
  ) throws(Failure) {
    self.axes = axes.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    self.base = base
    self.venueBase = venueBase
    self.venueDefaults = venueDefaults
    var product = 1
    for axis in axes {
      let (value, overflow) = product.multipliedReportingOverflow(by: axis.values.count)
      guard !overflow else { throw Failure(.data, "the grid has more cells than can be counted") }
      product = value
    }
    count = product
  }

  /// The cell at a place.
  package func cell(_ index: Int) -> Cell { cell(index, named: true) }

  /// The settings of the cell at a place.
  func settings(of index: Int) -> Settings { cell(index, named: false).settings }

  private func cell(_ index: Int, named: Bool) -> Cell {
    var rest = index
    var values = Array(repeating: 0.0, count: axes.count)
    for place in axes.indices.reversed() {
      let choices = axes[place].values
      values[place] = choices[rest % choices.count]
      rest /= choices.count
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
      id: named ? identity(settings, venueValues) : "",
      values: values,
      settings: settings,
      venueValues: venueValues
    )
  }

  private func identity(_ settings: Settings, _ venueValues: [VenueValue]) -> String {
    var lines = settings.departures
    for entry in venueValues where venueDefaults[entry.path] != entry.value {
      lines.append((entry.path, NumberText.shortest(entry.value)))
    }
    lines.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    let text = lines.map { "\($0.name)=\($0.value)\n" }.joined()
    let digits = String(fnv1a64(text.utf8), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// The grid of one cell with the same axes.
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

  /// Refuses the grid when any of its cells may not be run.
  ///
  /// - Throws: a data failure naming the first such cell's values.
  package func validate() throws(Failure) {
    for index in 0..<count {
      let cell = cell(index, named: false)
      guard let complaint = cell.settings.complaint else { continue }
      let parts = zip(axes, cell.values).map { "\($0.name) = \(NumberText.shortest($1))" }
      let place = parts.isEmpty ? "settings" : "cell " + parts.joined(separator: ", ")
      throw Failure(.data, "\(place): \(complaint)")
    }
  }
}
