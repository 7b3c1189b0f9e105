// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Numerics

/// Value at risk and expected shortfall of an amount over scenarios, all equally likely.
///
///     value at risk      = x[⌈level · S⌉ − 1] of the amounts in ascending order
///     expected shortfall = mean of the S − ⌈level · S⌉ + 1 largest, half to even
///
/// Both are exact: whole micro-USD, the level in 1/10,000.
package struct ScenarioRisk: Sendable {
  /// Micro-USD.
  package let valueAtRisk: Int128
  /// Micro-USD.
  package let expectedShortfall: Int128
  /// Interval of 95 % of each, nil where there are too few scenarios for its upper end.
  package let valueAtRiskInterval: (low: Int128, high: Int128?)
  package let expectedShortfallInterval: (low: Int128, high: Int128?)

  /// Takes both of some amounts.
  ///
  /// * `amounts`: micro-USD in ascending order, at least one.
  /// * `level`: in 1/10,000, from 1 to 10,000.
  package init(ascending amounts: [Int128], level: Int) {
    precondition(!amounts.isEmpty, "Invariant: at least one scenario")
    let count = amounts.count
    let place = min(max((count * level + 9_999) / 10_000, 1), count) - 1
    let (low, high) = ScenarioRisk.ranks(count: count, level: level)
    func tail(_ place: Int) -> Int128 {
      let tail = amounts[place...]
      return roundedQuotient(tail.reduce(Int128(0), +), by: Int128(tail.count))
    }
    valueAtRisk = amounts[place]
    expectedShortfall = tail(place)
    valueAtRiskInterval = (amounts[low], high.map { amounts[$0] })
    expectedShortfallInterval = (tail(low), high.map(tail))
  }

  /// Places of the order statistics between which the quantile lies with 95 %.
  ///
  ///     ⌊n · level − 1.96 · √(n · level · (1 − level))⌋ and ⌈n · level + 1.96 · √…⌉ + 1, from 1
  ///
  /// The normal approximation of the binomial number of amounts below the quantile, whatever
  /// their distribution. The lower rank is at least 1; the upper one is nil beyond n.
  package static func ranks(count: Int, level: Int) -> (low: Int, high: Int?) {
    let share = Double(level) / 10_000
    let middle = Double(count) * share
    let width = 1.96 * (middle * (1 - share)).squareRoot()
    let low = min(max(Int((middle - width).rounded(.down)), 1), count) - 1
    let high = Int((middle + width).rounded(.up))
    return (low, high < count ? high : nil)
  }
}
