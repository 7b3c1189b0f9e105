// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import TextKit

@Suite struct NumberTextTests {
  @Test(arguments: [
    (0.0, "0"), (-0.0, "0"), (1.0, "1"), (-1.5, "-1.5"), (0.1, "0.1"), (100.0, "100"),
    (1e-7, "0.0000001"), (1.25e-9, "0.00000000125"), (1e16, "10000000000000000"),
    (1.5e16, "15000000000000000"), (-2.5e20, "-250000000000000000000"),
    (99.83320213261966, "99.83320213261966"), (.infinity, "inf"), (-.infinity, "-inf"),
  ])
  func `doubles are written shortest, without exponent or trailing zero`(
    _ value: Double,
    _ text: String
  ) {
    #expect(NumberText.shortest(value) == text)
  }

  @Test(arguments: PropertySeeds.first(200))
  func `what is written reads back to the same bits`(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<50 {
      let value = Double(bitPattern: random.next())
      guard value.isFinite, value != 0 else { continue }
      let text = NumberText.shortest(value)
      #expect(Double(text)?.bitPattern == value.bitPattern, "\(value)")
      #expect(!text.contains("e") && !text.hasSuffix(".0") && !text.hasPrefix("."))
      let plain = random.number(-1e6, 1e6)
      #expect(Double(NumberText.shortest(plain)) == plain)
    }
  }

  @Test(
    arguments: [
      (0, "0.000000"), (1, "0.000001"), (-1, "-0.000001"), (13_330_863_497, "13330.863497"),
      (-68_266_375_551, "-68266.375551"), (1_000_000, "1.000000"),
      (Int64.max, "9223372036854.775807"), (Int64.min, "-9223372036854.775808"),
    ] as [(Int64, String)]
  )
  func `money has exactly six decimals`(_ micro: Int64, _ text: String) {
    #expect(NumberText.money(micro) == text)
  }

  @Test func `money of 128 bits is written whole`() {
    #expect(NumberText.money(Int128(Int64.max) * 1_000_000) == "9223372036854775807.000000")
  }

  @Test(arguments: [
    (0, "0"), (999, "999"), (1_000, "1,000"), (-1_234_567, "-1,234,567"),
    (Int.min, "-9,223,372,036,854,775,808"),
  ])
  func `whole numbers for people are grouped by thousands`(_ value: Int, _ text: String) {
    #expect(NumberText.grouped(value) == text)
  }
}
