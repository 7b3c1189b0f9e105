// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Settings

/// Which cells of a grid share the result of a stage: those that agree on every axis that it reads.
///
/// The axes follow from the settings' own declarations (`Setting.stages`, `Stage.upstream`), so a
/// new setting or stage changes nothing here. Numbers of the venue file are read by all.
package struct StageKeys: Sendable {
  /// Number of different keys.
  package let count: Int
  private let axes: [AxisPlace]

  /// One axis that is read.
  private struct AxisPlace: Sendable {
    /// Cells from one value to the next, and number of values.
    var stride: Int
    var count: Int
  }

  /// The keys of results that depend on the settings of some stages.
  package init(_ grid: Grid, reading stages: Set<Stage>) {
    var stride = 1
    var places: [AxisPlace] = []
    for axis in grid.axes.reversed() {
      let isRead: Bool
      switch axis.target {
      case .venue: isRead = true
      case .setting(let key):
        isRead = !stages.isDisjoint(with: Setting.all[key.rawValue].stages)
      }
      if isRead { places.append(AxisPlace(stride: stride, count: axis.values.count)) }
      stride *= axis.values.count
    }
    axes = places.reversed()
    count = places.reduce(1) { $0 * $1.count }
  }

  /// The key of a cell.
  package func key(of cell: Int) -> Int {
    var key = 0
    for axis in axes { key = key * axis.count + cell / axis.stride % axis.count }
    return key
  }

  /// A cell with a key: the first one.
  package func cell(of key: Int) -> Int {
    var rest = key
    var cell = 0
    for axis in axes.reversed() {
      cell += rest % axis.count * axis.stride
      rest /= axis.count
    }
    return cell
  }
}
