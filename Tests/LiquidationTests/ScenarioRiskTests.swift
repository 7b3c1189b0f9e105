// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Liquidation
import Testing

/// Value at risk and expected shortfall over scenarios (SEMANTICS B20, B21).
@Suite struct ScenarioRiskTests {
  /// Of the amounts 1, 2, … count: the ⌈level · count⌉-th, and the mean of it and all above.
  @Test(
    arguments: [
      (1, 9_500, 1, 1), (3, 5_000, 2, 2), (10, 9_500, 10, 10), (10, 9_000, 9, 10),
      (10, 10_000, 10, 10), (100, 9_500, 95, 98), (100, 9_501, 96, 98), (7, 1, 1, 4),
    ] as [(Int, Int, Int128, Int128)]
  )
  func `the quantile is an observed amount, the shortfall the mean from there on`(
    count: Int,
    level: Int,
    value: Int128,
    shortfall: Int128
  ) {
    // Means of 9 and 10, of 95 … 100 and of 1 … 7: 9.5 and 97.5 go to the even number.
    let risk = ScenarioRisk(ascending: (0..<count).map { Int128($0 + 1) }, level: level)
    #expect(risk.valueAtRisk == value)
    #expect(risk.expectedShortfall == shortfall)
  }

  /// 950 ± 1.96 · √47.5 are 936.5 and 963.5: the ranks 936 and 965.
  @Test func `its interval is that of a binomial number of amounts below it`() {
    #expect(ScenarioRisk.ranks(count: 1_000, level: 9_500) == (935, 964))
    let risk = ScenarioRisk(ascending: (1...1_000).map { Int128($0) }, level: 9_500)
    #expect(risk.valueAtRiskInterval == (936, 965))
    // Of a hundred the upper rank would be 101.
    #expect(ScenarioRisk.ranks(count: 100, level: 9_500) == (89, nil))
  }
}
