// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Counter-based random numbers: Philox 4x32-10 (Salmon, Moraes, Dror, Shaw, 2011).
///
/// A draw depends only on the seed and its own name, never on a thread or on order.
/// The counter is (index, block, scenario, stream).
package struct Philox: Sendable {
  /// What a stream of draws is for; the raw value is part of the counter.
  package enum Stream: UInt32, Sendable {
    case specialists = 1
    case pathNormals = 2
    case pathJumps = 3
    case bookAccounts = 4
    case pathShape = 5
    case scenarioNormals = 6
    case gridSample = 7
    case vaultLanding = 8
  }

  private let key: (UInt32, UInt32)
  private let scenario: UInt32
  private let stream: UInt32

  package init(seed: UInt64, scenario: UInt32, stream: Stream) {
    self.key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    self.scenario = scenario
    self.stream = stream.rawValue
  }

  /// Two uniform doubles within [0, 1) with 53 bits each.
  package func uniforms(index: UInt32, block: UInt32) -> (Double, Double) {
    let words = Philox.block(counter: (index, block, scenario, stream), key: key)
    return (Philox.uniform(words.0, words.1), Philox.uniform(words.2, words.3))
  }

  /// Two independent standard normal numbers by Marsaglia's polar method.
  ///
  /// Rejected pairs go on to the next block, so blocks `block`, `block + 1`, … up to 15 further
  /// ones belong to this draw.
  package func normals(index: UInt32, block: UInt32) -> (Double, Double) {
    var attempt: UInt32 = 0
    while true {
      let pair = uniforms(index: index, block: block &+ attempt)
      let a = 2 * pair.0 - 1
      let b = 2 * pair.1 - 1
      let s = a * a + b * b
      if s > 0 && s < 1 {
        let factor = (-2 * ExactMath.ln(s) / s).squareRoot()
        return (a * factor, b * factor)
      }
      attempt &+= 1
      if attempt == 16 { return (0, 0) }
    }
  }

  private static func uniform(_ high: UInt32, _ low: UInt32) -> Double {
    Double((UInt64(high) << 32 | UInt64(low)) >> 11) * 0x1p-53
  }

  /// Ten rounds over one counter.
  package static func block(
    counter: (UInt32, UInt32, UInt32, UInt32),
    key: (UInt32, UInt32)
  ) -> (UInt32, UInt32, UInt32, UInt32) {
    var c = counter
    var k = key
    for round in 0..<10 {
      if round > 0 {
        k.0 &+= 0x9E37_79B9
        k.1 &+= 0xBB67_AE85
      }
      let first = UInt64(0xD251_1F53) * UInt64(c.0)
      let second = UInt64(0xCD9E_8D57) * UInt64(c.2)
      c = (
        UInt32(truncatingIfNeeded: second >> 32) ^ c.1 ^ k.0,
        UInt32(truncatingIfNeeded: second),
        UInt32(truncatingIfNeeded: first >> 32) ^ c.3 ^ k.1,
        UInt32(truncatingIfNeeded: first)
      )
    }
    return c
  }
}
