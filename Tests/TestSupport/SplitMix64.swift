// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// A small seeded generator (Steele, Lea, Flood, 2014), so that a failing test can be replayed.
package struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Starts the sequence of a seed.
  package init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number within [low, high).
  package mutating func number(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * (Double(next() >> 11) * 0x1p-53)
  }

  /// A whole number from low to high, both included.
  package mutating func whole(_ low: Int, _ high: Int) -> Int {
    low + Int(next() % UInt64(high - low + 1))
  }

  /// A decimal with some places, exact as text.
  package mutating func decimal(_ low: Int, _ high: Int, per scale: Int) -> Double {
    Double(whole(low, high)) / Double(scale)
  }

  /// A number whose order of magnitude is uniform, from 10^low to 10^high.
  package mutating func magnitude(_ low: Int, _ high: Int) -> Double {
    var value = number(1, 10)
    let exponent = whole(low, high - 1)
    for _ in 0..<exponent.magnitude { value = exponent < 0 ? value / 10 : value * 10 }
    return value
  }

  /// True once in `times`.
  package mutating func once(in times: Int) -> Bool { whole(1, times) == 1 }

  /// One of some things.
  package mutating func pick<Thing>(_ things: [Thing]) -> Thing {
    things[whole(0, things.count - 1)]
  }
}
