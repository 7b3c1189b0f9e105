// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// A number as an unevaluated sum of two doubles: about 106 significant bits.
///
/// Only IEEE basic operations are used (products are split after Veltkamp and Dekker), so the
/// result has the same bits on every machine. Values must stay within 2^±400.
package struct DoubleDouble: Sendable {
  package var high: Double
  package var low: Double

  package init(high: Double, low: Double) {
    self.high = high
    self.low = low
  }

  package static let zero = DoubleDouble(high: 0, low: 0)

  /// The quotient of two doubles that are both exact.
  package init(_ numerator: Double, dividedBy denominator: Double) {
    let quotient = numerator / denominator
    let product = DoubleDouble.exactProduct(quotient, denominator)
    self.high = quotient
    self.low = ((numerator - product.high) - product.low) / denominator
  }

  /// The exact product of two doubles.
  package static func exactProduct(_ a: Double, _ b: Double) -> DoubleDouble {
    let product = a * b
    let x = split(a)
    let y = split(b)
    let error = ((x.high * y.high - product) + x.high * y.low + x.low * y.high) + x.low * y.low
    return DoubleDouble(high: product, low: error)
  }

  private static func split(_ a: Double) -> (high: Double, low: Double) {
    let scaled = 134_217_729.0 * a
    let high = scaled - (scaled - a)
    return (high, a - high)
  }

  /// The product, with an error of a few units in the last place of the low half.
  package static func * (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let product = exactProduct(a.high, b.high)
    let error = product.low + (a.high * b.low + a.low * b.high)
    let sum = product.high + error
    return DoubleDouble(high: sum, low: error - (sum - product.high))
  }

  /// The sum, with an error of about 2^-104 of the larger operand.
  package static func + (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let sum = a.high + b.high
    let part = sum - a.high
    let error = (a.high - (sum - part)) + (b.high - part)
    let rest = error + (a.low + b.low)
    let high = sum + rest
    return DoubleDouble(high: high, low: rest - (high - sum))
  }

  /// The nearest double.
  package var rounded: Double { high + low }

  /// The smallest double that is not below this number.
  package var roundedUp: Double { low > 0 ? high.nextUp : high }
}
