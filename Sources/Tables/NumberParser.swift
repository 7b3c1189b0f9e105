// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Decimal numbers read from bytes: the nearest double, or an exact whole number.
///
///     number  = [+-] digits [. [digits]] [(e|E) [+-] digits]   or   [+-] . digits …
///     integer = [+-] digits
package enum NumberParser {
  /// Reads the whole text as a finite number.
  ///
  /// - Returns: nil for anything else: empty, spaces, hexadecimal, `nan`, `inf`, or too large.
  /// - Rounding: to nearest, ties to even, as `strtod`; too small gives zero of the same sign.
  package static func double(_ text: Span<UInt8>) -> Double? {
    unsafe text.withUnsafeBufferPointer { bytes in unsafe double(bytes) }
  }

  /// Reads the whole text as a whole number of 64 bits.
  package static func integer(_ text: Span<UInt8>) -> Int64? {
    unsafe text.withUnsafeBufferPointer { bytes in unsafe integer(bytes) }
  }

  /// Reads a number from memory.
  ///
  /// Mantissas to 2⁵³ with powers of ten to 22 need one rounding (Clinger); those of 19 digits with
  /// powers down to -40 take two products (Eisel and Lemire); the C library reads all others.
  package static func double(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
    guard var next = text.baseAddress else { return nil }
    let end = unsafe next + text.count
    let isNegative = unsafe skipSign(&next, end)
    var mantissa: UInt64 = 0
    var digitCount = unsafe readDigits(&next, end, into: &mantissa)
    var exponent = 0
    if unsafe next < end && next.pointee == UInt8(ascii: ".") {
      unsafe next += 1
      let fraction = unsafe readDigits(&next, end, into: &mantissa)
      digitCount += fraction
      exponent = -fraction
    }
    guard digitCount > 0 else { return nil }
    if unsafe next < end {
      guard let power = unsafe readExponent(&next, end) else { return nil }
      exponent += power
    }
    guard digitCount <= 19, exponent >= -40, exponent <= 22 else { return unsafe longDouble(text) }
    let value: Double
    if mantissa <= 1 << 53 && exponent >= -22 {
      let whole = Double(mantissa)
      value = exponent < 0 ? whole / powersOfTen[-exponent] : whole * powersOfTen[exponent]
    } else if exponent <= 0 {
      value = EiselLemire.double(mantissa, exponent)
    } else {
      return unsafe longDouble(text)
    }
    return isNegative ? -value : value
  }

  /// Reads a whole number from memory.
  package static func integer(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
    guard var next = text.baseAddress else { return nil }
    let end = unsafe next + text.count
    let isNegative = unsafe skipSign(&next, end)
    guard unsafe next < end else { return nil }
    var value: Int64 = 0
    while unsafe next < end {
      let digit = Int64(unsafe next.pointee &- UInt8(ascii: "0"))
      let (scaled, isTooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflows) =
        isNegative
        ? scaled.subtractingReportingOverflow(digit) : scaled.addingReportingOverflow(digit)
      if digit > 9 || isTooLarge || overflows { return nil }
      value = sum
      unsafe next += 1
    }
    return value
  }

  // MARK: - Parts of a number

  private typealias Cursor = UnsafePointer<UInt8>

  @inline(__always)
  private static func skipSign(_ next: inout Cursor, _ end: Cursor) -> Bool {
    guard unsafe next < end else { return false }
    let sign = unsafe next.pointee
    guard sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") else { return false }
    unsafe next += 1
    return sign == UInt8(ascii: "-")
  }

  /// Reads digits into a mantissa that wraps after 19 of them; the caller looks at the count.
  @inline(__always)
  private static func readDigits(
    _ next: inout Cursor,
    _ end: Cursor,
    into mantissa: inout UInt64
  ) -> Int {
    let first = unsafe next
    while unsafe next < end {
      let digit = unsafe next.pointee &- UInt8(ascii: "0")
      if digit > 9 { break }
      mantissa = mantissa &* 10 &+ UInt64(digit)
      unsafe next += 1
    }
    return unsafe next - first
  }

  /// Reads an exponent to the end of the text; large ones stay at a billion.
  private static func readExponent(_ next: inout Cursor, _ end: Cursor) -> Int? {
    guard unsafe next.pointee | 32 == UInt8(ascii: "e") else { return nil }
    unsafe next += 1
    let isNegative = unsafe skipSign(&next, end)
    let first = unsafe next
    var power = 0
    while unsafe next < end {
      let digit = Int(unsafe next.pointee &- UInt8(ascii: "0"))
      if digit > 9 { return nil }
      power = min(power * 10 + digit, 1_000_000_000)
      unsafe next += 1
    }
    guard unsafe next > first else { return nil }
    return isNegative ? -power : power
  }

  /// Lets the C library round a number whose form was checked.
  @inline(never)
  private static func longDouble(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: text.count + 1) {
      (copy: UnsafeMutableBufferPointer<CChar>) -> Double? in
      guard let start = copy.baseAddress else { return nil }
      for index in text.indices {
        unsafe (start + index).initialize(to: CChar(bitPattern: text[index]))
      }
      unsafe (start + text.count).initialize(to: 0)
      var stop: UnsafeMutablePointer<CChar>?
      let value = unsafe strtod(start, &stop)
      guard unsafe stop == start + text.count, value.isFinite else { return nil }
      return value
    }
  }

  private static let powersOfTen: [23 of Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]
}
