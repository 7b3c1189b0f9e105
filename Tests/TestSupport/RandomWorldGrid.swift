// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Settings
internal import TextKit

/// Zip groups and constraints of a random world, over the axes that it has.
extension RandomWorld {
  /// Columns that move together: two or three of the axes with rows of their values, each row once.
  ///
  /// A column may have a value several times.
  static func zipped(of axes: [Axis], _ random: inout SplitMix64) -> [Axis] {
    guard axes.count >= 2, random.once(in: 2) else { return [] }
    var columns: [Axis] = []
    for _ in 0..<random.pick([2, 2, 3]) {
      let axis = random.pick(axes)
      if !columns.contains(where: { $0.name == axis.name }) { columns.append(axis) }
    }
    guard columns.count >= 2 else { return [] }
    var rows: [[Double]] = []
    for _ in 0..<random.whole(1, 5) {
      let row = columns.map { random.pick($0.values) }
      if !rows.contains(row) { rows.append(row) }
    }
    for place in columns.indices { columns[place].values = rows.map { $0[place] } }
    return columns
  }

  /// Up to two conditions that at least one cell fulfils.
  static func constraints(
    on axes: [Axis],
    zipped: [Axis],
    _ random: inout SplitMix64
  ) -> [String] {
    // Words have no size.
    let axes = axes.filter { axis in
      Setting.all.first { $0.name == axis.name }?.isNumeric ?? true
    }
    guard !axes.isEmpty, random.once(in: 2) else { return [] }
    // The cell that has to stay: one row of the zip group, any value of the others.
    let row = zipped.isEmpty ? 0 : random.whole(0, zipped[0].values.count - 1)
    let kept = axes.map { axis in
      zipped.first { $0.name == axis.name }?.values[row] ?? random.pick(axis.values)
    }
    func clause(_ random: inout SplitMix64) -> String {
      let place = random.whole(0, axes.count - 1)
      let (name, value) = (axes[place].name, NumberText.shortest(kept[place]))
      return random.pick([
        "\(name) <= \(value)", "\(name) >= \(value)", "not (\(name) < \(value))",
        "2 * \(name) - \(name) / 1 < \(value) or \(name) == \(value)",
      ])
    }
    return (0..<random.pick([1, 1, 2])).map { _ in
      random.once(in: 2) ? clause(&random) : clause(&random) + " or " + clause(&random)
    }
  }
}
