// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Numerics

/// A number that is not negative, in which a lending program computes: doubles, or its binary
/// fractions.
///
/// One formula serves both: doubles for what the product reports, the program's own fraction where
/// its rounding decides.
package protocol AmountNumber: Comparable, Sendable {
  static var zero: Self { get }
  static var one: Self { get }

  /// The sum.
  static func + (left: Self, right: Self) -> Self

  /// The product.
  static func * (left: Self, right: Self) -> Self

  /// The quotient.
  static func / (left: Self, right: Self) -> Self

  /// The quotient of two whole numbers, such as 200 basis points of 10,000.
  static func ratio(_ numerator: UInt64, _ denominator: UInt64) -> Self

  /// What a number has above another, 0 when it is smaller.
  func excess(over other: Self) -> Self

  /// The largest whole number at most this one; saturates at 2^64 − 1.
  var roundedDown: UInt64 { get }

  /// The smallest whole number at least this one; saturates at 2^64 − 1.
  var roundedUp: UInt64 { get }

  /// The nearest double.
  var double: Double { get }
}

extension AmountNumber {
  /// Basis points as a share of one.
  package static func basisPoints(_ count: UInt64) -> Self { ratio(count, 10_000) }
}

extension Double: AmountNumber {
  package static var one: Double { 1 }

  package static func ratio(_ numerator: UInt64, _ denominator: UInt64) -> Double {
    Double(numerator) / Double(denominator)
  }

  package func excess(over other: Double) -> Double { max(0, self - other) }

  package var roundedDown: UInt64 { whole(rounded(.down)) }

  package var roundedUp: UInt64 { whole(rounded(.up)) }

  package var double: Double { self }

  private func whole(_ value: Double) -> UInt64 {
    guard value > 0 else { return 0 }
    return value < 0x1p64 ? UInt64(value) : .max
  }
}

/// How many bits of a binary fraction stand after the point.
package protocol FractionWidth: Sendable {
  static var bits: UInt128 { get }
}

/// Kamino's fractions, U68F60 (venues.md 3.1).
package enum KaminoWidth: FractionWidth {
  package static var bits: UInt128 { 60 }
}

/// marginfi's fractions, the half of I80F48 that is not negative (venues.md 2.1).
package enum MarginfiWidth: FractionWidth {
  package static var bits: UInt128 { 48 }
}

/// The fractions that Kamino computes in.
package typealias KaminoFraction = BinaryFraction<KaminoWidth>
/// The fractions that marginfi computes in.
package typealias MarginfiFraction = BinaryFraction<MarginfiWidth>

/// A number that is not negative with a fixed count of bits after the point, in 128 bits.
///
/// Products and quotients are truncated, as the programs do. Where a program would stop for an
/// overflow or a division by zero the largest number stands.
package struct BinaryFraction<Width: FractionWidth>: AmountNumber {
  /// The number times two to the width.
  package let bits: UInt128

  package init(bits: UInt128) { self.bits = bits }

  /// The fraction nearest to a double; 0 for what is not positive, saturating.
  package init(_ value: Double) {
    guard value > 0 else {
      bits = 0
      return
    }
    let scaled = Double(sign: .plus, exponent: Int(Width.bits), significand: value)
      .rounded(.toNearestOrEven)
    bits = scaled < 0x1p128 ? UInt128(scaled) : .max
  }

  package static var zero: Self { Self(bits: 0) }

  package static var one: Self { Self(bits: 1 << Width.bits) }

  package static func < (left: Self, right: Self) -> Bool { left.bits < right.bits }

  package static func + (left: Self, right: Self) -> Self {
    let (sum, isTooLarge) = left.bits.addingReportingOverflow(right.bits)
    return Self(bits: isTooLarge ? .max : sum)
  }

  package static func * (left: Self, right: Self) -> Self {
    Self(
      bits: WideInteger.product(left.bits, right.bits, dividedBy: 1 << Width.bits) ?? .max
    )
  }

  package static func / (left: Self, right: Self) -> Self {
    Self(bits: WideInteger.product(left.bits, 1 << Width.bits, dividedBy: right.bits) ?? .max)
  }

  package static func ratio(_ numerator: UInt64, _ denominator: UInt64) -> Self {
    Self(
      bits: WideInteger.product(
        UInt128(numerator),
        1 << Width.bits,
        dividedBy: UInt128(denominator)
      ) ?? .max
    )
  }

  package func excess(over other: Self) -> Self {
    Self(bits: bits > other.bits ? bits - other.bits : 0)
  }

  package var roundedDown: UInt64 { UInt64(clamping: bits >> Width.bits) }

  package var roundedUp: UInt64 {
    let whole = bits >> Width.bits
    return UInt64(clamping: whole << Width.bits == bits ? whole : whole + 1)
  }

  package var double: Double {
    Double(sign: .plus, exponent: -Int(Width.bits), significand: nearestDouble(bits))
  }
}
