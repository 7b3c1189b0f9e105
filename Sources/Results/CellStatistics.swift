// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// What a cell is judged by: one metric or a sum of some, more or less of it being better.
package struct Goal: Sendable {
  package let isMaximised: Bool
  package let metrics: [String]
  /// The value of each row, NaN where a metric is empty.
  package let values: [Double]

  /// The goal over a table; nil when a metric is not among its columns.
  package init?(isMaximised: Bool, metrics: [String], of cells: CellColumns) {
    if metrics.count == 1, let own = cells.values(metrics[0]) {
      // Shared with the table: a million rows are not copied.
      (self.isMaximised, self.metrics, values) = (isMaximised, metrics, own)
      return
    }
    var sums = Array(repeating: 0.0, count: cells.count)
    for metric in metrics {
      guard let values = cells.values(metric) else { return nil }
      for row in sums.indices { sums[row] += values[row] }
    }
    self.isMaximised = isMaximised
    self.metrics = metrics
    values = sums
  }

  package var name: String { metrics.joined(separator: " + ") }

  package var unit: String { ColumnGlossary.unit(of: metrics[0]) }

  /// The name with its unit, for an axis of a picture.
  package var title: String { "\(name) (\(unit))" }

  /// The value as a number of which more is better; the worst where there is none.
  package func merit(_ row: Int) -> Double {
    let value = values[row]
    return value.isNaN ? -.infinity : isMaximised ? value : -value
  }
}

/// Means of a goal over the cells with each pair of levels of two swept settings.
package struct HeatMap: Sendable {
  package let x: SweptAxis
  package let y: SweptAxis
  /// Means by `y.level · x.count + x.level`; NaN where there is no cell.
  package let means: [Double]
  /// Smallest and largest mean; nil of no cell.
  package let range: ClosedRange<Double>?

  package init(x: SweptAxis, y: SweptAxis, values: [Double]) {
    var sums = Array(repeating: 0.0, count: x.count * y.count)
    var counts = Array(repeating: 0.0, count: sums.count)
    for row in values.indices where !values[row].isNaN {
      let place = Int(y.levels[row]) * x.count + Int(x.levels[row])
      sums[place] += values[row]
      counts[place] += 1
    }
    self.x = x
    self.y = y
    let means = sums.indices.map { counts[$0] > 0 ? sums[$0] / counts[$0] : .nan }
    self.means = means
    let known = means.filter { !$0.isNaN }
    if let low = known.min(), let high = known.max() { range = low...high } else { range = nil }
  }

  /// Whether all means are the same but for rounding.
  package var isConstant: Bool {
    guard let range else { return true }
    let width = range.upperBound - range.lowerBound
    return width <= 1e-9 * max(range.upperBound.magnitude, range.lowerBound.magnitude)
  }

  package func mean(x level: Int, y other: Int) -> Double { means[other * x.count + level] }

  /// A step of a scale of so many shades, 0 the lowest; nil for no value.
  package func shade(_ value: Double, of steps: Int) -> Int? {
    guard let range, !value.isNaN else { return nil }
    let width = range.upperBound - range.lowerBound
    guard width > 0 else { return steps / 2 }
    return min(steps - 1, Int((value - range.lowerBound) / width * Double(steps)))
  }
}

/// How much of a goal's variance over the cells each swept setting explains on its own.
///
///     share_i = Σ_l n_l·(mean_l − mean)² / Σ (value − mean)²
///
/// with l the levels of the setting. What the shares leave to 1 lies in combinations.
package struct Sensitivity: Sendable {
  /// Shares in the order of the axes, 0 for an axis of one level; nil where nothing varies.
  package let shares: [Double]?

  package init(_ goal: Goal, axes: [SweptAxis]) {
    let rows = goal.values.indices.filter { !goal.values[$0].isNaN }
    let mean = rows.reduce(0.0) { $0 + goal.values[$1] } / Double(max(1, rows.count))
    let total = rows.reduce(0.0) { sum, row in
      let distance = goal.values[row] - mean
      return sum + distance * distance
    }
    // Rounding of equal values is no variance.
    let scale = mean * mean * Double(rows.count) * 1e-18
    guard total > scale, total > 0 else {
      shares = nil
      return
    }
    shares = axes.map { axis in
      guard axis.count > 1 else { return 0 }
      var sums = Array(repeating: 0.0, count: axis.count)
      var counts = Array(repeating: 0.0, count: axis.count)
      for row in rows {
        sums[Int(axis.levels[row])] += goal.values[row]
        counts[Int(axis.levels[row])] += 1
      }
      let between = sums.indices.reduce(0.0) { sum, level in
        guard counts[level] > 0 else { return sum }
        let distance = sums[level] / counts[level] - mean
        return sum + counts[level] * distance * distance
      }
      return min(1, between / total)
    }
  }

  /// What combinations of settings explain.
  package var rest: Double? {
    shares.map { max(0, 1 - $0.reduce(0, +)) }
  }
}

/// Counts of values in bins of equal width.
package struct Histogram: Sendable {
  package let low: Double
  package let width: Double
  package let counts: [Int]

  /// * `bins`: at most so many; one where all values are equal.
  package init(_ values: [Double], bins: Int) {
    let known = values.filter { !$0.isNaN }
    let (least, most) = (known.min() ?? 0, known.max() ?? 0)
    let number = least < most ? bins : 1
    let width = least < most ? (most - least) / Double(number) : 1
    var counts = Array(repeating: 0, count: number)
    for value in known { counts[min(number - 1, Int((value - least) / width))] += 1 }
    (low, self.width, self.counts) = (least, width, counts)
  }

  package func edge(_ bin: Int) -> Double { low + Double(bin) * width }
}
