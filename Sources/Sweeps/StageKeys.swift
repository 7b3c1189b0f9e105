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
  /// Of zip groups that are read, one after the other: the class of each row, then the first row of
  /// each class.
  private let classes: [Int]

  /// One dimension that is read; plain numbers, since keys are looked up for every cell.
  private struct Factor: Sendable {
    let dimension: Dimension
    /// Number of its values that differ in what is read.
    let count: Int
    /// Where its classes begin; nil when all values differ.
    let table: Int?
  }

  /// How a dimension's values follow from points.
  private struct Dimension: Sendable {
    let stride: Int
    let count: Int

    func digit(of point: Int) -> Int { point / stride % count }
  }

  /// The keys of results that depend on the settings of some stages.
  package init(_ grid: Grid, reading stages: Set<Stage>) {
    self.init(grid) { axis in
      switch axis.target {
      case .venue: true
      case .setting(let key): !stages.isDisjoint(with: Setting.all[key.rawValue].stages)
      }
    }
  }

  /// The keys of results that depend on some axes.
  init(_ grid: Grid, where isRead: (Axis) -> Bool) {
    var factors: [Factor] = []
    var classes: [Int] = []
    for dimension in grid.dimensions {
      let columns = dimension.axes.map { grid.axes[$0] }.filter(isRead)
      if columns.isEmpty { continue }
      var count = dimension.count
      var table: Int?
      if dimension.axes.count > 1 {
        table = classes.count
        count = StageKeys.append(columns, to: &classes)
      }
      let place = Dimension(stride: dimension.stride, count: dimension.count)
      factors.append(Factor(dimension: place, count: count, table: table))
    }
    self.factors = factors
    self.classes = classes
    count = factors.reduce(1) { $0 * $1.count }
  }

  /// Appends the class of each row of some columns and the first row of each class.
  ///
  /// - Returns: how many classes there are.
  private static func append(_ columns: [Axis], to classes: inout [Int]) -> Int {
    var known: [[Double]: Int] = [:]
    var firsts: [Int] = []
    for row in columns[0].values.indices {
      let values = columns.map { $0.values[row] }
      if let found = known[values] {
        classes.append(found)
      } else {
        known[values] = firsts.count
        classes.append(firsts.count)
        firsts.append(row)
      }
    }
    classes += firsts
    return firsts.count
  }

  /// The key of a point.
  package func key(of point: Int) -> Int {
    var key = 0
    for factor in factors {
      let digit = factor.dimension.digit(of: point)
      key = key * factor.count + (factor.table.map { classes[$0 + digit] } ?? digit)
    }
    return key
  }

  /// A point with a key: the first one, which a constraint may leave out of the cells.
  package func point(of key: Int) -> Int {
    var rest = key
    var point = 0
    for factor in factors.reversed() {
      let digit = rest % factor.count
      let row = factor.table.map { classes[$0 + factor.dimension.count + digit] } ?? digit
      point += row * factor.dimension.stride
      rest /= factor.count
    }
    return point
  }
}
