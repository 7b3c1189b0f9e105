// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Numerics
import TestSupport
import Testing
import TextKit

@Suite struct MicroTests {
  @Test(
    arguments: [
      (0.0, 0), (1.0, 1_000_000), (-1.0, -1_000_000), (0.000_000_5, 0), (0.000_001_5, 2),
      (0.000_002_5, 2), (-0.000_000_5, 0), (-0.000_001_5, -2), (0.1, 100_000),
      (1234.5678905, 1_234_567_890), (0.000_000_500_000_000_1, 1),
    ] as [(Double, Int64)]
  )
  func `USD are rounded to whole micro, ties to even`(_ usd: Double, _ expected: Int64) throws {
    #expect(try micro(usd) == expected)
  }

  @Test(arguments: [0x1p63 / 1e6, -0x1p63 / 1e6, 1e13, .infinity, -.infinity, .nan])
  func `amounts of 2^63 micro and more are refused`(_ usd: Double) {
    #expect {
      try micro(usd)
    } throws: { error in
      guard let failure = error as? Failure else { return false }
      return failure.kind == .data && failure.message.contains("whole micro-USD")
    }
  }

  @Test func `the largest amounts below 2^63 micro are held`() throws {
    let large = (0x1p63).nextDown / 1e6
    #expect(try micro(large.nextDown) > 9_223_372_036_000_000_000)
    #expect(try micro(-large.nextDown) < -9_223_372_036_000_000_000)
  }

  @Test(
    arguments: [
      (0.5, 3, 2), (0.5, 5, 2), (0.25, 10, 2), (0.2, 16_663_579_371, 3_332_715_874), (1.0, 7, 7),
      (0.0, 7, 0), (0.2, -5, -1), (0.5, -3, -2),
    ] as [(Double, Int64, Int64)]
  )
  func `a rate of money is rounded once, ties to even`(
    _ rate: Double,
    _ amount: Int64,
    _ expected: Int64
  ) throws {
    #expect(try share(rate, of: amount) == expected)
  }

  @Test(
    arguments: [
      (25.0, 1_000_000_000_000, 2_500_000_000), (5.0, 1_000, 0), (5.0, 3_000, 2),
      (100.0, 1_300, 13),
      (50.0, 13, 0),
    ] as [(Double, Int64, Int64)]
  )
  func `basis points of money are rounded once, ties to even`(
    _ bps: Double,
    _ amount: Int64,
    _ expected: Int64
  ) throws {
    #expect(try basisPoints(bps, of: amount) == expected)
  }

  @Test func `rates that leave 63 bits are refused`() {
    #expect(throws: Failure.self) { try share(2, of: .max) }
    #expect(throws: Failure.self) { try share(.nan, of: 1) }
    #expect(throws: Failure.self) { try basisPoints(1e5, of: .max) }
  }

  @Test func `sums that leave 63 bits are refused, whatever the order`() throws {
    #expect(try sum() == 0)
    #expect(try sum(1, -3, 7) == 5)
    #expect(try sum(.max, 1, -1) == .max)
    #expect(try sum(.min, -1, 1) == .min)
    #expect(throws: Failure.self) { try sum(.max, 1) }
    #expect(throws: Failure.self) { try sum(.min, -1) }
  }

  @Test(arguments: PropertySeeds.first(200))
  func `micro and back is the nearest micro`(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<100 {
      let amount = random.number(-1e9, 1e9)
      let whole = try micro(amount)
      #expect((usd(whole) - amount).magnitude <= 0.5e-6 + 2 * amount.ulp)
      #expect(try micro(usd(whole)) == whole)
    }
  }
}
