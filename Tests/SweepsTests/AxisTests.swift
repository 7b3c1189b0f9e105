// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Sweeps
import Testing
import TextKit

/// Values of one axis (SEMANTICS B22).
@Suite struct AxisTests {
  func range(
    _ from: Double,
    _ to: Double,
    _ steps: Int,
    log: Bool = false
  ) throws -> [Double] {
    try Axis.range(name: "a", from: from, to: to, steps: steps, isLogarithmic: log)
  }

  @Test func `linear ranges are even and end at their ends`() throws {
    #expect(
      try range(300, 7200, 16) == [
        300, 760, 1220, 1680, 2140, 2600, 3060, 3520, 3980, 4440, 4900, 5360, 5820, 6280, 6740,
        7200,
      ]
    )
    #expect(
      try range(0.01, 0.1, 16) == [
        0.01, 0.016, 0.022, 0.028, 0.034, 0.04, 0.046, 0.052, 0.058, 0.064, 0.07, 0.076, 0.082,
        0.088, 0.094, 0.1,
      ]
    )
    #expect(try range(10, -10, 3) == [10, 0, -10])
  }

  /// 0.5 · 100^(i/15) in forty decimals, then rounded.
  @Test func `log ranges have even ratios`() throws {
    #expect(
      try range(0.5, 50, 16, log: true) == [
        0.5, 0.679678, 0.923925, 1.25594, 1.70727, 2.32079, 3.15479, 4.28848, 5.82957, 7.92447,
        10.7722, 14.6432, 19.9054, 27.0585, 36.7821, 50,
      ]
    )
    #expect(try range(50, 0.5, 3, log: true) == [50, 5, 0.5])
  }

  @Test func `values are rounded to six significant digits, both ends too`() throws {
    #expect(try range(0, 1, 4) == [0, 0.333333, 0.666667, 1])
    #expect(try range(0.123456789, 987_654_321, 2) == [0.123457, 987_654_000])
    #expect(try range(1e-9 / 3, 2e-9 / 3, 2) == [3.33333e-10, 6.66667e-10])
    // Ties to even: both are exact doubles.
    #expect(try range(1_000_000.5 * 2, 1, 1) == [2_000_000])
    #expect(try range(1_000_005, 1, 1) == [1_000_000])
    #expect(try range(1_000_015, 1, 1) == [1_000_020])
  }

  @Test func `one step is the start`() throws {
    #expect(try range(3, 9, 1) == [3])
    #expect(try range(3, 9, 1, log: true) == [3])
  }

  @Test(arguments: [(0.0, 1.0), (1, 0), (-1, 1), (1, -1)])
  func `a log scale lies above zero`(from: Double, to: Double) {
    #expect(
      throws: Failure(.data, "grid.a: a log scale needs from and to above 0")
    ) { try range(from, to, 3, log: true) }
  }

  @Test func `equal values of an axis are refused`() throws {
    #expect(
      throws: Failure(
        .data,
        "grid.vault.stop_loss: found 0.05 twice, expected different values; values of a range are"
          + " rounded to 6 significant digits"
      )
    ) { try axis("vault.stop_loss", [0.02, 0.05, 0.03, 0.05]) }
    #expect(throws: Failure.self) {
      try axis("vault.timeout_s", try range(1000, 1000.001, 3))
    }
    #expect(
      throws: Failure(.data, "grid.vault.stop_loss: found no values, expected at least one")
    ) { try axis("vault.stop_loss", []) }
  }
}
