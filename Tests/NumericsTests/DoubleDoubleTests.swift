// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Numerics
import TestSupport
import Testing

@Suite struct DoubleDoubleTests {
  @Test(arguments: PropertySeeds.first(200))
  func `the product of two doubles is exact`(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<50 {
      let a = Int64(bitPattern: random.next()) >> 11
      let b = Int64(bitPattern: random.next()) >> 11
      let product = DoubleDouble.exactProduct(Double(a), Double(b))
      #expect(Int128(product.high) + Int128(product.low) == Int128(a) * Int128(b))
      #expect(product.low.magnitude <= product.high.ulp / 2 || product.high == 0)
    }
  }

  @Test(arguments: PropertySeeds.first(200))
  func `a quotient times its divisor is the dividend to a hundred bits`(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let numerator = Double(random.whole(1, 1 << 40))
    let denominator = Double(random.whole(1, 1 << 40))
    let quotient = DoubleDouble(numerator, dividedBy: denominator)
    let back = quotient * DoubleDouble(high: denominator, low: 0)
    let error = (back.high - numerator) + back.low
    #expect(error.magnitude <= numerator * 0x1p-100)
    #expect(quotient.high == numerator / denominator)
  }

  @Test func `rounding up takes the next double only for a positive rest`() {
    #expect(DoubleDouble(high: 1, low: 1e-30).roundedUp == (1.0).nextUp)
    #expect(DoubleDouble(high: 1, low: 0).roundedUp == 1)
    #expect(DoubleDouble(high: 1, low: -1e-30).roundedUp == 1)
  }
}
