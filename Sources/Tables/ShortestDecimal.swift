// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// The shortest decimal that reads back as a double, the nearest one of these.
///
/// Giulietti's method (The Schubfach way to render doubles, 2020): of the decimals with 10ᵏ as
/// their last place, k such that at least one and at most a few lie in the interval that rounds to
/// the double, three products of 128 bits find the nearest. Powers of ten are exact in 128 bits up
/// to 10³⁸, so only doubles from 2⁻⁷⁰ to 2⁵³ are taken.
enum ShortestDecimal {
  /// 10ⁿ shifted left until the top bit of 128 is set.
  private static let powers: [(high: UInt64, low: UInt64)] = (0...38).map { (n: Int) in
    var power: UInt128 = 1
    for _ in 0..<n { power *= 10 }
    power <<= UInt128(power.leadingZeroBitCount)
    return (UInt64(truncatingIfNeeded: power >> 64), UInt64(truncatingIfNeeded: power))
  }

  /// The table of powers, to be fetched once for many numbers.
  @inline(__always)
  static var table: [(high: UInt64, low: UInt64)] { powers }

  /// Digits and exponent of a magnitude, `digits · 10^exponent`; nil for what is not taken.
  @inline(__always)
  static func of(
    _ magnitude: Double,
    _ table: [(high: UInt64, low: UInt64)]
  ) -> (digits: UInt64, exponent: Int)? {
    let bits = magnitude.bitPattern
    let biased = Int(truncatingIfNeeded: bits >> 52)
    let fraction = bits & 0xF_FFFF_FFFF_FFFF
    // The magnitude is c · 2^q.
    let q = biased - 1075
    guard q >= -122, q < 0 else { return nil }
    let c = fraction | 1 << 52
    // Below a power of two doubles are twice as close.
    let isPower: UInt64 = fraction == 0 ? 1 : 0
    let k = (q * 1_262_611 - (isPower != 0 ? 524_031 : 0)) >> 22
    let shift = UInt64(truncatingIfNeeded: q + ((-k * 1_741_647) >> 19) + 1)
    let power = table[-k]
    let odd = c & 1
    let lower = product(power, (4 * c - 2 + isPower) &<< shift) + odd
    let value = product(power, (4 * c) &<< shift)
    let upper = product(power, (4 * c + 2) &<< shift) - odd
    let s = value / 4
    let tenth = s / 10
    let isLower = lower <= 40 * tenth
    let isUpper = 40 * tenth + 40 <= upper
    if isLower != isUpper { return (tenth + (isUpper ? 1 : 0), k + 1) }
    let isBelow = lower <= 4 * s
    let isAbove = 4 * s + 4 <= upper
    if isBelow != isAbove { return (s + (isAbove ? 1 : 0), k) }
    let middle = 4 * s + 2
    let goesUp = value > middle || (value == middle && s & 1 != 0)
    return (s + (goesUp ? 1 : 0), k)
  }

  /// The top 64 bits of a product of 192, with the last bit set where anything is cut off.
  @inline(__always)
  private static func product(_ power: (high: UInt64, low: UInt64), _ factor: UInt64) -> UInt64 {
    let low = power.low.multipliedFullWidth(by: factor)
    let high = power.high.multipliedFullWidth(by: factor)
    let middle = high.low.addingReportingOverflow(low.high)
    return (high.high &+ (middle.overflow ? 1 : 0)) | (middle.partialValue > 1 ? 1 : 0)
  }
}
