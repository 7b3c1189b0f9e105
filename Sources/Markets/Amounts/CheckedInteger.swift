// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// A whole number of 128 bits that remembers when a step left its range.
///
/// The programs refuse a transaction whose arithmetic overflows, divides by zero or goes below 0;
/// here every such step gives no value, which all further steps keep.
struct CheckedInteger: Sendable {
  let value: UInt128?

  init(_ value: UInt128?) { self.value = value }

  init(_ number: some BinaryInteger) { value = UInt128(exactly: number) }

  private static func step(
    _ left: CheckedInteger,
    _ right: CheckedInteger,
    _ operation: (UInt128, UInt128) -> (UInt128, Bool)
  ) -> CheckedInteger {
    guard let a = left.value, let b = right.value else { return CheckedInteger(nil) }
    let (result, isOutOfRange) = operation(a, b)
    return CheckedInteger(isOutOfRange ? nil : result)
  }

  static func + (left: CheckedInteger, right: CheckedInteger) -> CheckedInteger {
    step(left, right) { $0.addingReportingOverflow($1) }
  }

  static func - (left: CheckedInteger, right: CheckedInteger) -> CheckedInteger {
    step(left, right) { $0.subtractingReportingOverflow($1) }
  }

  static func * (left: CheckedInteger, right: CheckedInteger) -> CheckedInteger {
    step(left, right) { $0.multipliedReportingOverflow(by: $1) }
  }

  /// The quotient rounded down.
  static func / (left: CheckedInteger, right: CheckedInteger) -> CheckedInteger {
    step(left, right) { $0.dividedReportingOverflow(by: $1) }
  }

  /// The quotient rounded up.
  func dividedUp(by divisor: CheckedInteger) -> CheckedInteger {
    CheckedInteger.step(self, divisor) { dividend, divisor in
      guard divisor > 0 else { return (0, true) }
      return (dividend / divisor + (dividend % divisor == 0 ? 0 : 1), false)
    }
  }

  /// What is left of a number, 0 when more is taken than there is.
  func reduced(by other: CheckedInteger) -> CheckedInteger {
    CheckedInteger.step(self, other) { ($0 > $1 ? $0 - $1 : 0, false) }
  }

  /// The smaller of two numbers.
  func atMost(_ other: CheckedInteger) -> CheckedInteger {
    CheckedInteger.step(self, other) { (min($0, $1), false) }
  }

  /// The number as 64 bits, nil when it does not fit.
  var narrow: UInt64? { value.flatMap { UInt64(exactly: $0) } }
}

extension CheckedInteger: ExpressibleByIntegerLiteral {
  init(integerLiteral number: UInt64) { value = UInt128(number) }
}

/// Products and quotients of 128-bit integers whose product needs 256 bits.
enum WideInteger {
  /// `floor(a · b / divisor)`, nil when the divisor is 0 or the result needs more than 128 bits.
  static func product(_ a: UInt128, _ b: UInt128, dividedBy divisor: UInt128) -> UInt128? {
    quotient(a, b, divisor)?.quotient
  }

  /// `ceil(a · b / divisor)`, nil when the divisor is 0 or the result needs more than 128 bits.
  static func product(_ a: UInt128, _ b: UInt128, dividedUpBy divisor: UInt128) -> UInt128? {
    guard let (quotient, remainder) = quotient(a, b, divisor) else { return nil }
    let (result, isTooLarge) = quotient.addingReportingOverflow(remainder == 0 ? 0 : 1)
    return isTooLarge ? nil : result
  }

  private static func quotient(
    _ a: UInt128,
    _ b: UInt128,
    _ divisor: UInt128
  ) -> (quotient: UInt128, remainder: UInt128)? {
    let product = a.multipliedFullWidth(by: b)
    guard product.high < divisor else { return nil }
    return divisor.dividingFullWidth(product)
  }

  /// The largest number whose square is at most the given one.
  static func squareRoot(_ value: UInt128) -> UInt128 {
    guard value > 0 else { return 0 }
    var low: UInt128 = 0
    var high = UInt128(1) << UInt128((128 - value.leadingZeroBitCount) / 2 + 1)
    // Below 2^64 every middle has a square of at most 128 bits.
    if high > UInt128(1) << 64 { high = UInt128(1) << 64 }
    while high - low > 1 {
      let middle = (low + high) / 2
      if middle * middle <= value { low = middle } else { high = middle }
    }
    return low
  }

  /// Ten to a power, nil from 10^39 on.
  static func powerOfTen(_ exponent: Int) -> UInt128? {
    guard (0...38).contains(exponent) else { return nil }
    var result: UInt128 = 1
    for _ in 0..<exponent { result *= 10 }
    return result
  }
}
