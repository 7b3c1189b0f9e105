// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Settings
internal import TextKit

/// Finds the points of a product that fulfil constraints.
///
/// A constraint is evaluated once for each combination of the dimensions that it reads, not for
/// each point.
struct ConstraintFilter {
  let axes: [Axis]
  let dimensions: [GridDimension]
  let base: Settings
  /// Numbers of the venue file by path, for names that are not swept.
  let venueNumbers: [String: Double]
  /// Numbers, names and signs that one condition evaluates for all its combinations, at most.
  private static let mostParts = 500_000_000

  /// One constraint with its answers by the combination of what it reads.
  private struct Table {
    let dimensions: [GridDimension]
    var answers: [Bool] = []

    func answer(at point: Int) -> Bool {
      var key = 0
      for dimension in dimensions { key = key * dimension.count + dimension.digit(of: point) }
      return answers[key]
    }
  }

  /// The points that fulfil all constraints, ascending; nil when they all do.
  ///
  /// - Throws: a data failure when there are too many points to look at, or none is left.
  func points(
    of count: Int,
    fulfilling constraints: [Constraint]
  ) throws(Failure) -> [UInt32]? {
    guard !constraints.isEmpty else { return nil }
    guard count <= Grid.mostConstrainedPoints else {
      throw Failure(
        .data,
        "where: the product has \(NumberText.grouped(count)) cells before it is constrained,"
          + " expected at most \(NumberText.grouped(Grid.mostConstrainedPoints)); use fewer values,"
          + " or a zip group"
      )
    }
    var tables: [Table] = []
    for constraint in constraints { tables.append(try table(constraint)) }
    var kept: [UInt32] = []
    for point in 0..<count where tables.allSatisfy({ $0.answer(at: point) }) {
      kept.append(UInt32(point))
    }
    guard !kept.isEmpty else {
      throw Failure(
        .data,
        "where: none of \(NumberText.grouped(count)) cells fulfils "
          + constraints.map { "\"\(Failure.shown($0.text))\"" }.joined(separator: " and ")
          + ", expected at least one"
      )
    }
    return kept.count == count ? nil : kept
  }

  private func table(_ constraint: Constraint) throws(Failure) -> Table {
    var values: [Double] = []
    // Place of each term's axis, nil for what is not swept.
    let places = constraint.terms.map { term in axes.firstIndex { $0.target == term } }
    for (term, place) in zip(constraint.terms, places) {
      switch term {
      case .setting(let key): values.append(base[key])
      case .venue(let path):
        guard let value = place == nil ? venueNumbers[path] : 0 else {
          throw Failure(.data, "where: expected a value for \(path)")
        }
        values.append(value)
      }
    }
    let read = dimensions.filter { dimension in
      places.contains { $0.map(dimension.axes.contains) ?? false }
    }
    let count = read.reduce(1) { $0 * $1.count }
    let parts = constraint.partCount + read.count * places.count
    guard parts <= ConstraintFilter.mostParts / max(1, count) else {
      throw Failure(
        .data,
        "where: found a condition of \(NumberText.grouped(constraint.partCount)) parts that reads"
          + " \(NumberText.grouped(count)) combinations of values, expected at most"
          + " \(NumberText.grouped(ConstraintFilter.mostParts)) parts in all of them"
      )
    }
    var table = Table(dimensions: read)
    var digits = Array(repeating: 0, count: read.count)
    var stack: [Double] = []
    for _ in 0..<count {
      for (dimension, digit) in zip(read, digits) {
        for (term, place) in places.enumerated() {
          if let place, dimension.axes.contains(place) { values[term] = axes[place].values[digit] }
        }
      }
      table.answers.append(constraint.isFulfilled(by: values, &stack))
      for place in read.indices.reversed() {
        digits[place] += 1
        if digits[place] < read[place].count { break }
        digits[place] = 0
      }
    }
    return table
  }
}
