// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Numerics

/// Value at risk and expected shortfall of an amount over scenarios, all equally likely.
///
///     value at risk      = x[⌈level · S⌉ − 1] of the amounts in ascending order
///     expected shortfall = mean of the S − ⌈level · S⌉ + 1 largest, half to even
///
/// Both are exact: whole micro-USD, the level in 1/10,000.
package struct ScenarioRisk: Sendable, Equatable {
  /// Micro-USD.
  package let valueAtRisk: Int128
  /// Micro-USD.
  package let expectedShortfall: Int128

  /// Takes both of some amounts.
  ///
  /// * `amounts`: micro-USD in ascending order, at least one.
  /// * `level`: in 1/10,000, from 1 to 10,000.
  package init(ascending amounts: [Int128], level: Int) {
    precondition(!amounts.isEmpty, "Invariant: at least one scenario")
    let place = min(max((amounts.count * level + 9_999) / 10_000, 1), amounts.count) - 1
    valueAtRisk = amounts[place]
    let tail = amounts[place...]
    expectedShortfall = roundedQuotient(
      tail.reduce(Int128(0), +),
      by: Int128(tail.count)
    )
  }
}
