// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import TextKit

/// What a good cell has much or little of: a metric, or a sum of metrics.
package struct Objective: Sendable, Equatable {
  package let isMaximised: Bool
  package let metrics: [String]

  /// The objectives of B23: P&L and drawdown of the vault, savings, recovery, bad debt.
  package static let defaults = [
    Objective(isMaximised: true, metrics: ["vault_pnl_usd"]),
    Objective(isMaximised: false, metrics: ["vault_max_drawdown_usd"]),
    Objective(isMaximised: true, metrics: ["protection_saved_usd"]),
    Objective(isMaximised: true, metrics: ["auction_recovery_ratio"]),
    Objective(isMaximised: false, metrics: ["auction_bad_debt_usd", "system_bad_debt_usd"]),
  ]

  private init(isMaximised: Bool, metrics: [String]) {
    self.isMaximised = isMaximised
    self.metrics = metrics
  }

  /// Reads `max METRIC` or `min METRIC+METRIC`.
  package init(_ text: String) throws(Failure) {
    let words = text.split(separator: " ")
    guard words.count == 2, ["max", "min"].contains(words[0]) else {
      throw Failure(
        .data,
        "found '\(Failure.shown(text))', expected 'max METRIC' or 'min METRIC+METRIC'"
      )
    }
    isMaximised = words[0] == "max"
    metrics = words[1].split(separator: "+").map(String.init)
    let known = MetricTable.metrics(varLevel: 0.95).map(\.name)
    for metric in metrics where !known.contains(metric) {
      throw Failure(
        .data,
        "unknown metric '\(Failure.shown(metric))'" + suggestion(for: metric, among: known)
      )
    }
  }

  /// The value of a row, larger being better; nil where a metric is empty, the worst of all.
  package func merit(_ row: SweepRow, columns: [String: Int]) -> Double? {
    var sum = 0.0
    for metric in metrics {
      guard let column = columns[metric], let value = row.metrics[column].comparable else {
        return nil
      }
      sum += value
    }
    return isMaximised ? sum : -sum
  }
}

/// The Pareto front of a sweep, on the printed values (SEMANTICS B23).
package enum Frontier {
  /// Indices of the rows that no other row beats: at least as good in all objectives and better in
  /// one; equal rows all stay.
  ///
  /// - Complexity: rows sorted by the first objective, each compared with the front so far.
  package static func indices(
    of rows: some RandomAccessCollection<SweepRow>,
    columns: [String: Int],
    objectives: [Objective]
  ) -> [Int] {
    let merits = rows.map { row in
      objectives.map { $0.merit(row, columns: columns) ?? -.infinity }
    }
    let order = merits.indices.sorted {
      merits[$1].lexicographicallyPrecedes(merits[$0]) || (merits[$0] == merits[$1] && $0 < $1)
    }
    var front: [Int] = []
    var different: [[Double]] = []
    var last: (merit: [Double], isOn: Bool)?
    for candidate in order {
      let merit = merits[candidate]
      // Equal rows share their fate, and follow each other.
      let isOn =
        last?.merit == merit
        ? last?.isOn ?? false : !different.contains { beats($0, merit) }
      if isOn {
        front.append(candidate)
        if last?.merit != merit { different.append(merit) }
      }
      last = (merit, isOn)
    }
    return front.sorted()
  }

  private static func beats(_ a: [Double], _ b: [Double]) -> Bool {
    a != b && zip(a, b).allSatisfy { $0 >= $1 }
  }

  /// The best rows by mean vault P&L, ties by lowest place.
  package static func best(
    _ count: Int,
    of rows: some RandomAccessCollection<SweepRow>,
    columns: [String: Int]
  ) -> [Int] {
    let objective = Objective.defaults[0]
    let merits = rows.map { objective.merit($0, columns: columns) ?? -.infinity }
    return Array(
      merits.indices.sorted { (-merits[$0], $0) < (-merits[$1], $1) }.prefix(count)
    )
  }
}
