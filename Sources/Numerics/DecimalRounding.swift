// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Rounding to decimals with IEEE basic operations only, the same bits on every machine.
///
/// The scaled value is rounded to a whole number, ties to even, and divided by an exact power of
/// ten, so the result is the double nearest to a short decimal and prints as that.
package enum DecimalRounding {
  private static let exactPowers: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// A double rounded to a number of significant decimal digits.
  ///
  /// - Precondition: 1 to 15 digits.
  /// - Edge cases: zero, infinities and NaN stay; what lies below 1e-22 becomes 0; digits are lost
  ///   below 1e-16 and from 1e22 on the value stays.
  package static func significant(_ value: Double, digits: Int) -> Double {
    precondition((1...15).contains(digits), "Invariant: from 1 to 15 digits")
    let magnitude = value.magnitude
    guard magnitude > 0, magnitude < 1e22 else { return value }
    // The decimal exponent: 10^exponent <= magnitude.
    var exponent = 0
    if magnitude >= 1 {
      while exponent < 21 && exactPowers[exponent + 1] <= magnitude { exponent += 1 }
    } else {
      while exponent > -22 && magnitude * exactPowers[-exponent] < 1 { exponent -= 1 }
    }
    return rounded(value, places: digits - 1 - exponent)
  }

  /// A double rounded to a number of decimal places; negative places round to tens and hundreds.
  package static func rounded(_ value: Double, places: Int) -> Double {
    if places >= 0 {
      let scale = exactPowers[min(places, 22)]
      let scaled = value * scale
      return scaled.magnitude < 0x1p53 ? scaled.rounded(.toNearestOrEven) / scale : value
    }
    let scale = exactPowers[min(-places, 22)]
    return (value / scale).rounded(.toNearestOrEven) * scale
  }
}
