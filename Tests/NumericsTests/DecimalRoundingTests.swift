// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Numerics
import Testing

@Suite struct DecimalRoundingTests {
  @Test(arguments: [
    (123_456.789, 6, 123_457.0), (99_999.96, 6, 100_000.0), (0.000_012_345_678, 6, 0.000_012_345_7),
    (7_900.0, 5, 7_900.0), (-0.1234567, 3, -0.123), (1.0, 6, 1.0), (0.999_999_6, 6, 1.0),
    (12_345_678.0, 3, 12_300_000.0), (2.5, 1, 2.0), (0.0, 6, 0.0), (1e-300, 6, 0.0),
    (.infinity, 6, .infinity), (1e23, 6, 1e23),
  ])
  func `significant digits are kept, ties to even`(
    _ value: Double,
    _ digits: Int,
    _ expected: Double
  ) {
    #expect(DecimalRounding.significant(value, digits: digits) == expected)
  }

  @Test(arguments: [(1.005, 2, 1.0), (1.015, 2, 1.01), (0.125, 2, 0.12), (1234.0, -2, 1200.0)])
  func `places are kept as the scaled double says`(
    _ value: Double,
    _ places: Int,
    _ expected: Double
  ) {
    #expect(DecimalRounding.rounded(value, places: places) == expected)
  }

  @Test func `a rounded number prints as the short decimal`() {
    for step in 1..<5_000 {
      let value = DecimalRounding.significant(Double(step) * 0.123_456_789_012, digits: 6)
      let digits = "\(value)".filter { $0 != "." }.drop { $0 == "0" }
      #expect(digits.count <= 7, "\(value)")
    }
  }
}
