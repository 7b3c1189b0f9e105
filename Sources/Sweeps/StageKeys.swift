// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Settings

/// Which points of a grid share the result of a stage: those that agree on every axis it reads.
///
/// The axes follow from the settings' own declarations (`Setting.stages`, `Stage.upstream`), so a
/// new setting or stage changes nothing here. Numbers of the venue file are read by all. Rows of a
/// zip group that agree on the columns that are read have one key.
package struct StageKeys: Sendable {
  /// Number of different keys.
  package let count: Int
  private let factors: [Factor]

  /// One dimension that is read.
  private struct Factor: Sendable {
    let dimension: GridDimension
    /// Number of its values that differ in what is read.
    let count: Int
    /// Which of them a value is, and the first value of each; nil when all differ.
    let classes: [Int]?
    let firsts: [Int]?

    func digit(of point: Int) -> Int {
      let digit = dimension.digit(of: point)
      return classes.map { $0[digit] } ?? digit
    }

    init(_ dimension: GridDimension, _ columns: [Axis]) {
      self.dimension = dimension
      guard dimension.axes.count > 1 else {
        (count, classes, firsts) = (dimension.count, nil, nil)
        return
      }
      var known: [[Double]: Int] = [:]
      var classes: [Int] = []
      var firsts: [Int] = []
      for row in 0..<dimension.count {
        let values = columns.map { $0.values[row] }
        let found = known[values] ?? firsts.count
        if found == firsts.count {
          known[values] = found
          firsts.append(row)
        }
        classes.append(found)
      }
      count = firsts.count
      self.classes = classes
      self.firsts = firsts
    }
  }

  /// The keys of results that depend on the settings of some stages.
  package init(_ grid: Grid, reading stages: Set<Stage>) {
    func isRead(_ axis: Axis) -> Bool {
      switch axis.target {
      case .venue: true
      case .setting(let key): !stages.isDisjoint(with: Setting.all[key.rawValue].stages)
      }
    }
    factors = grid.dimensions.compactMap { (dimension: GridDimension) -> Factor? in
      let columns = dimension.axes.map { grid.axes[$0] }.filter(isRead)
      return columns.isEmpty ? nil : Factor(dimension, columns)
    }
    count = factors.reduce(1) { $0 * $1.count }
  }

  /// The key of a point.
  package func key(of point: Int) -> Int {
    var key = 0
    for factor in factors { key = key * factor.count + factor.digit(of: point) }
    return key
  }

  /// A point with a key: the first one, which a constraint may leave out of the cells.
  package func point(of key: Int) -> Int {
    var rest = key
    var point = 0
    for factor in factors.reversed() {
      let digit = rest % factor.count
      point += (factor.firsts.map { $0[digit] } ?? digit) * factor.dimension.stride
      rest /= factor.count
    }
    return point
  }
}
