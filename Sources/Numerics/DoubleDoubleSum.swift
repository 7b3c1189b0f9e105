// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// A sum of doubles and of exact products of two doubles, rounded once at the end.
///
/// Every step keeps the error of the last one (Knuth's two-sum), so the sum has about 106
/// significant bits whatever the order. Values must stay within 2^±400.
package struct DoubleDoubleSum: Sendable {
  private var high: Double
  private var low = 0.0

  /// Begins with one term.
  package init(_ first: Double) { high = first }

  /// Adds one term.
  @inline(__always)
  package mutating func add(_ term: Double) {
    let sum = high + term
    let part = sum - high
    low += (high - (sum - part)) + (term - part)
    high = sum
  }

  /// Adds the exact product of two doubles.
  @inline(__always)
  package mutating func add(_ a: Double, times b: Double) {
    let product = DoubleDouble.exactProduct(a, b)
    add(product.high)
    low += product.low
  }

  /// The sum as the nearest double, as far as its 106 bits tell.
  package var rounded: Double { high + low }
}
