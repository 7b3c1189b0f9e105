// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// A natural number of any size, for decisions that no rounding may touch.
package struct Natural: Sendable, Comparable {
  /// Digits to base 2^64, lowest first, without leading zeros.
  package private(set) var digits: [UInt64]

  /// Takes a number of 64 bits.
  package init(_ value: UInt64) { digits = value == 0 ? [] : [value] }

  /// The product with a number of 64 bits.
  package func times(_ factor: UInt64) -> Natural {
    var product = self
    var carry: UInt64 = 0
    for position in digits.indices {
      let (high, low) = digits[position].multipliedFullWidth(by: factor)
      let (sum, overflow) = low.addingReportingOverflow(carry)
      product.digits[position] = sum
      carry = high + (overflow ? 1 : 0)
    }
    if carry > 0 { product.digits.append(carry) }
    while product.digits.last == 0 { product.digits.removeLast() }
    return product
  }

  /// The product with a power of two.
  package func shifted(by bits: Int) -> Natural {
    guard !digits.isEmpty else { return self }
    var moved = times(1 << UInt64(bits % 64))
    moved.digits.insert(contentsOf: Array(repeating: 0, count: bits / 64), at: 0)
    return moved
  }

  package static func < (left: Natural, right: Natural) -> Bool {
    if left.digits.count != right.digits.count { return left.digits.count < right.digits.count }
    for (a, b) in zip(left.digits.reversed(), right.digits.reversed()) where a != b { return a < b }
    return false
  }
}

/// The edges of a geometric grid by whole numbers of any size, without rounding.
package enum ExactEdges {
  /// Whether a double is at or above a fraction.
  package static func isAtLeast(
    _ value: Double,
    _ numerator: Natural,
    _ denominator: Natural
  ) -> Bool {
    // value = significand · 2^exponent with a whole significand.
    let exponent = Int(value.exponent) - 52
    let significand = value.significandBitPattern | 1 << 52
    let scaled = denominator.times(significand)
    return exponent >= 0
      ? scaled.shifted(by: exponent) >= numerator : scaled >= numerator.shifted(by: -exponent)
  }

  /// The smallest doubles not below `(numerator/denominator)^k` for k = 0, 1, 2, …, `last`.
  package static func powers(
    _ numerator: UInt64,
    _ denominator: UInt64,
    last: Int
  ) -> [Double] {
    var edges = [1.0]
    var (above, below) = (Natural(1), Natural(1))
    for k in 1...max(1, last) where k <= last {
      above = above.times(numerator)
      below = below.times(denominator)
      var edge = edges[k - 1] * Double(numerator) / Double(denominator)
      while !isAtLeast(edge, above, below) { edge = edge.nextUp }
      while isAtLeast(edge.nextDown, above, below) { edge = edge.nextDown }
      edges.append(edge)
    }
    return edges
  }

  /// Edges from `−last` to `last`; edge k stands at position `k + last`.
  package static func table(
    _ numerator: UInt64,
    _ denominator: UInt64,
    last: Int
  ) -> [Double] {
    powers(denominator, numerator, last: last).dropFirst().reversed()
      + powers(numerator, denominator, last: last)
  }

  /// How far the 50 bps table reaches: beyond 1e-12 and 1e12 USD.
  package static let binReach = 5_600
  /// Edges of bins of 50 bps, position `k + binReach`.
  package static let bins = table(201, 200, last: binReach)

  /// How far the table of debt ticks reaches: beyond 1e-3 and 1e3.
  package static let tickReach = 4_700
  /// Ticks of 1.0015, position `t + tickReach`.
  package static let ticks = table(2003, 2000, last: tickReach)
}
