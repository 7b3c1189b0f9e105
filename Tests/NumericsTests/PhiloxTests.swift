// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Numerics
import Testing

@Suite struct PhiloxTests {
  private typealias Words = (UInt32, UInt32, UInt32, UInt32)

  /// Random123, kat_vectors, philox4x32 with 10 rounds.
  @Test func `the published vectors come out`() {
    let zero = Philox.block(counter: (0, 0, 0, 0), key: (0, 0))
    #expect(zero == (0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8) as Words)
    let ones = Philox.block(counter: (.max, .max, .max, .max), key: (.max, .max))
    #expect(ones == (0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd) as Words)
    let pi = Philox.block(
      counter: (0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344),
      key: (0xa409_3822, 0x299f_31d0)
    )
    #expect(pi == (0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1) as Words)
  }

  @Test func `a draw is the words of its counter: index, block, scenario, stream`() {
    let seed: UInt64 = 0x0123_4567_89ab_cdef
    let draw = Philox(seed: seed, scenario: 7, stream: .specialists).uniforms(index: 3, block: 5)
    let words = Philox.block(counter: (3, 5, 7, 1), key: (0x89ab_cdef, 0x0123_4567))
    func uniform(_ high: UInt32, _ low: UInt32) -> Double {
      Double((UInt64(high) << 32 | UInt64(low)) >> 11) / 0x1p53
    }
    #expect(draw == (uniform(words.0, words.1), uniform(words.2, words.3)))
  }

  @Test func `uniform numbers lie within [0, 1) and fill it`() {
    let philox = Philox(seed: 1, scenario: 0, stream: .specialists)
    var tenths = Array(repeating: 0, count: 10)
    for index in 0..<5_000 {
      let pair = philox.uniforms(index: UInt32(index), block: 0)
      for value in [pair.0, pair.1] {
        #expect(value >= 0 && value < 1)
        tenths[Int(value * 10)] += 1
      }
    }
    // 10,000 draws: six standard deviations of a count are 180.
    #expect(tenths.allSatisfy { abs($0 - 1_000) < 180 }, "\(tenths)")
  }

  @Test func `normal numbers have mean 0 and variance 1`() {
    let philox = Philox(seed: 9, scenario: 2, stream: .pathNormals)
    var (sum, squares) = (0.0, 0.0)
    for index in 0..<10_000 {
      let pair = philox.normals(index: UInt32(index), block: 0)
      sum += pair.0 + pair.1
      squares += pair.0 * pair.0 + pair.1 * pair.1
    }
    #expect((sum / 20_000).magnitude < 0.04)
    #expect((squares / 20_000 - 1).magnitude < 0.06)
  }

  @Test func `streams, scenarios and seeds give different draws`() {
    let draws = [
      Philox(seed: 1, scenario: 0, stream: .specialists),
      Philox(seed: 1 << 32, scenario: 0, stream: .specialists),
      Philox(seed: 1, scenario: 1, stream: .specialists),
      Philox(seed: 1, scenario: 0, stream: .pathNormals),
    ].map { $0.uniforms(index: 0, block: 0).0 }
    #expect(Set(draws).count == draws.count)
  }
}
