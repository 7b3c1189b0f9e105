// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Functions that the mathematics library may not provide for written results.
///
/// Only IEEE basic operations in a fixed order are used, so every CPU gives the same bits
/// (SEMANTICS B0 forbids `exp`, `ln`, `pow`, `erf` and `sin` of the C library).
package enum ExactMath {
  private static let ln2 = 0.693147180559945309
  private static let log2e = 1.44269504088896341

  /// Two to the power of a double: `ldexp` of a degree-20 Taylor–Horner sum in `frac · ln 2`.
  ///
  /// - Edge cases: below −1,080 gives 0, above 1,024 infinity, NaN gives NaN.
  package static func exp2(_ x: Double) -> Double {
    if x.isNaN { return x }
    if x < -1080 { return 0 }
    if x > 1024 { return .infinity }
    let whole = x.rounded(.down)
    let y = (x - whole) * ln2
    var sum = 1.0
    var k = 20.0
    while k >= 1 {
      sum = 1 + sum * y / k
      k -= 1
    }
    return Double(sign: .plus, exponent: Int(whole), significand: sum)
  }

  /// The exponential function, `exp2(x · log2 e)`.
  package static func exp(_ x: Double) -> Double { exp2(x * log2e) }

  /// The exponential function of eight numbers at once, to the bit that of each.
  ///
  /// A chain of divisions waits for each of its results; eight of them wait together.
  package static func exp(_ numbers: SIMD8<Double>) -> SIMD8<Double> {
    let x = numbers * log2e
    let isPlain = (x .> -1000) .& (x .< 1000)
    guard all(isPlain) else {
      var results = numbers
      for lane in 0..<8 { results[lane] = exp(numbers[lane]) }
      return results
    }
    // The nearest whole number, and one less where that is above.
    let near = (x + 0x1.8p52) - 0x1.8p52
    let whole = near.replacing(with: near - 1, where: near .> x)
    let y = (x - whole) * ln2
    var sum = SIMD8(repeating: 1.0)
    var k = 20.0
    while k >= 1 {
      sum = 1 + sum * y / k
      k -= 1
    }
    var power = SIMD8<Double>()
    for lane in 0..<8 {
      power[lane] = Double(bitPattern: UInt64(1023 + Int(whole[lane])) << 52)
    }
    return sum * power
  }

  /// Replaces numbers by their exponential functions, eight at a time.
  package static func exponentiate(_ numbers: inout [Double]) {
    var start = 0
    while start < numbers.count {
      let count = min(8, numbers.count - start)
      var eight = SIMD8<Double>()
      for lane in 0..<count { eight[lane] = numbers[start + lane] }
      let results: SIMD8<Double> = exp(eight)
      for lane in 0..<count { numbers[start + lane] = results[lane] }
      start += 8
    }
  }

  /// A whole power by repeated squaring, the lowest bit of the exponent first.
  ///
  /// - Edge cases: the power 0 is 1.
  package static func power(_ x: Double, _ exponent: UInt64) -> Double {
    var (result, square, rest) = (1.0, x, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }

  /// The natural logarithm by the series of `atanh((m − 1)/(m + 1))`, with m within [√½, √2).
  ///
  /// - Edge cases: zero gives −infinity, a negative number NaN.
  package static func ln(_ x: Double) -> Double {
    guard x > 0 else { return x == 0 ? -.infinity : .nan }
    guard x < .infinity else { return x }
    var exponent = Int(x.exponent)
    var m = x.significand
    if m > 1.4142135623730951 {
      m = m / 2
      exponent += 1
    }
    let z = (m - 1) / (m + 1)
    let q = z * z
    var sum = 0.0
    var k = 25.0
    while k >= 1 {
      sum = 1 / k + q * sum
      k -= 2
    }
    return Double(exponent) * ln2 + 2 * z * sum
  }

  /// The normal distribution function by Marsaglia's series.
  ///
  /// - Edge cases: from 8 standard deviations on the result is exactly 0 or 1.
  package static func normalDistribution(_ x: Double) -> Double {
    if x <= -8 { return 0 }
    if x >= 8 { return 1 }
    var sum = x
    var term = x
    let q = x * x
    var i = 1.0
    var before = sum
    repeat {
      before = sum
      i += 2
      term = term * (q / i)
      sum = sum + term
    } while sum != before
    return 0.5 + sum * exp(-0.5 * q - 0.91893853320467274178)
  }
}
