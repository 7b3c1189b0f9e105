// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import TextKit

/// One swept setting over the rows of a table, its values in levels for pictures.
package struct SweptAxis: Sendable {
  package let name: String
  /// The value of each row.
  private let values: [Double]
  /// Smallest value of each level, ascending.
  package let lows: [Double]
  /// Largest value of each level.
  package let highs: [Double]
  /// The level of each row.
  package let levels: [UInt16]

  /// More different values than this are put together into `groups` levels of about equal size.
  private static let mostLevels = 40
  private static let groups = 12

  package init(name: String, values: [Double]) {
    self.name = name
    self.values = values
    let different = SweptAxis.different(values)
    if different.count <= SweptAxis.mostLevels {
      (lows, highs) = (different, different)
    } else {
      let count = different.count
      let starts = (0..<SweptAxis.groups).map { $0 * count / SweptAxis.groups }
      lows = starts.map { different[$0] }
      highs = (starts.dropFirst() + [count]).map { different[$0 - 1] }
    }
    let lows = lows
    levels = values.map { value in SweptAxis.level(of: value, lows) }
  }

  /// How many levels there are; an axis of one level tells nothing.
  package var count: Int { lows.count }

  package func value(row: Int) -> Double { values[row] }

  /// A level as text: its value, or its ends.
  package func label(_ level: Int) -> String {
    let low = SweptAxis.short(lows[level])
    return lows[level] == highs[level] ? low : low + "–" + SweptAxis.short(highs[level])
  }

  /// The name with its unit, for an axis of a picture.
  package var title: String { "\(name) (\(ColumnGlossary.unit(of: name)))" }

  /// The level whose values are nearest to one.
  package func nearestLevel(to value: Double) -> Int {
    var (best, least) = (0, Double.infinity)
    for level in lows.indices {
      let distance = max(lows[level] - value, value - highs[level], 0)
      if distance < least { (best, least) = (level, distance) }
    }
    return best
  }

  private static func different(_ values: [Double]) -> [Double] {
    var seen: Set<Double> = []
    for value in values where !value.isNaN { seen.insert(value) }
    return seen.sorted()
  }

  private static func level(of value: Double, _ lows: [Double]) -> UInt16 {
    var (low, high) = (0, lows.count)
    while low < high {
      let middle = (low + high) / 2
      if lows[middle] <= value { low = middle + 1 } else { high = middle }
    }
    return UInt16(max(0, low - 1))
  }

  /// Four digits are enough on an axis.
  private static func short(_ value: Double) -> String { Plain.number(value, digits: 4) }
}
