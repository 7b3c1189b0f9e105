// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Numerics
import TestSupport
import Testing

@Suite struct IntegersTests {
  /// The nearest double by hand: the top 53 bits, and what is left of them.
  private static func rounded(_ value: UInt128) -> Double {
    let bits = 128 - value.leadingZeroBitCount
    if bits <= 53 { return Double(UInt64(value)) }
    let excess = UInt128(bits - 53)
    var top = value >> excess
    let rest = value - top << excess
    let half = UInt128(1) << (excess - 1)
    if rest > half || (rest == half && top & 1 == 1) { top += 1 }
    return Double(sign: .plus, exponent: Int(excess), significand: Double(UInt64(top)))
  }

  @Test func `exact halves go to the even double`() {
    for shift in 1...74 {
      let step = UInt128(1) << UInt128(shift)
      let half = step / 2
      for top in [1 << 52, 1 << 52 + 1, 1 << 53 - 2, 1 << 53 - 1] as [UInt128] {
        let value = top * step + half
        let even = top & 1 == 0 ? top : top + 1
        let expected = Double(sign: .plus, exponent: shift, significand: Double(UInt64(even)))
        #expect(nearestDouble(value) == expected, "\(value)")
        let above = Double(sign: .plus, exponent: shift, significand: Double(UInt64(top + 1)))
        let below = Double(sign: .plus, exponent: shift, significand: Double(UInt64(top)))
        if half > 1 {
          #expect(nearestDouble(value + 1) == above, "\(value)")
          #expect(nearestDouble(value - 1) == below, "\(value)")
        }
        #expect(nearestDouble(Int128(value)) == expected)
        #expect(nearestDouble(-Int128(value)) == -expected)
      }
    }
  }

  @Test func `the ends of 128 bits are held`() {
    #expect(nearestDouble(UInt128.max) == 0x1p128)
    #expect(nearestDouble(Int128.max) == 0x1p127)
    #expect(nearestDouble(Int128.min) == -0x1p127)
    #expect(nearestDouble(UInt128(0)) == 0)
    #expect(nearestDouble(Int128(-1)) == -1)
  }

  @Test(arguments: PropertySeeds.first(200))
  func `a 128-bit integer becomes the nearest double`(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<50 {
      let value =
        (UInt128(random.next()) << 64 | UInt128(random.next()))
        >> UInt128(random.whole(0, 127))
      #expect(nearestDouble(value) == Self.rounded(value), "\(value)")
    }
  }

  @Test func `small quotients are rounded to the nearest, ties to even`() {
    for divisor in 1...13 as ClosedRange<Int128> {
      for dividend in -60...60 as ClosedRange<Int128> {
        let quotient = roundedQuotient(dividend, by: divisor)
        let twice = 2 * (dividend - quotient * divisor)
        #expect(twice.magnitude <= divisor.magnitude, "\(dividend) / \(divisor)")
        if twice.magnitude == divisor.magnitude {
          #expect(quotient % 2 == 0, "\(dividend) / \(divisor)")
        }
      }
    }
  }

  @Test func `large quotients are exact`() {
    let large = Int128(1) << 120
    #expect(roundedQuotient(large + 1, by: 2) == large / 2)
    #expect(roundedQuotient(large + 3, by: 2) == large / 2 + 2)
    #expect(roundedQuotient(-large - 1, by: 2) == -large / 2)
    #expect(roundedQuotient(.max, by: 1) == .max)
  }

  /// Noll's reference vectors of FNV-1a with 64 bits.
  @Test(
    arguments: [
      ("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c), ("b", 0xaf63_df4c_8601_f1a5),
      ("foobar", 0x8594_4171_f739_67e8),
    ] as [(String, UInt64)]
  )
  func `FNV-1a has the published values`(_ text: String, _ hash: UInt64) {
    #expect(fnv1a64(text.utf8) == hash)
  }

  @Test(
    arguments: [
      (0, 0), (1, 0xb456_bcfc_34c2_cb2c), (2, 0x3abf_2a20_6506_83e7),
      (.max, 0x64b5_720b_4b82_5f21),
    ] as [(UInt64, UInt64)]
  )
  func `the mixer is that of MurmurHash3`(_ value: UInt64, _ mixed: UInt64) {
    #expect(fmix64(value) == mixed)
  }

  /// Values of the reference implementation (Vigna, splitmix64.c), seed 1234567.
  @Test func `the generator of the tests has the published values`() {
    var random = SplitMix64(seed: 1_234_567)
    let published: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
    ]
    #expect(published.allSatisfy { random.next() == $0 })
  }
}
