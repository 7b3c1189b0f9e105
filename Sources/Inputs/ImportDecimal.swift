// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Tables

/// A decimal number kept exactly: `± digits · 10^exponent`.
///
/// Venues write amounts as decimals, often in base units of up to 78 digits. Sums and products of
/// them are exact here, and only the result is rounded to a double.
struct ExactDecimal: Equatable {
  /// More digits than this, and exponents beyond ± 400, are no amounts of any venue.
  static let mostDigits = 100
  private static let mostExponent = 400
  private static let base: UInt64 = 1_000_000_000

  private var isNegative = false
  /// Digits in groups of nine, lowest first, without leading zeros; none for zero.
  private var groups: [UInt32] = []
  private var exponent = 0

  static let zero = ExactDecimal()
  static let one = ExactDecimal(Int64(1))

  private init() {}

  init(_ value: Int64) {
    isNegative = value < 0
    var rest = value.magnitude
    while rest > 0 {
      groups.append(UInt32(rest % ExactDecimal.base))
      rest /= ExactDecimal.base
    }
  }

  /// The shortest decimal that reads back to the double; nil when it is not finite.
  init?(_ value: Double) { self.init(Array(value.description.utf8)) }

  /// Reads `[+-] digits [. digits] [e [+-] digits]`, with a digit before or after the point.
  ///
  /// Edge cases: nil for anything else, more than 100 digits and exponents beyond ± 400.
  init?(_ text: [UInt8]) {
    var rest = text[...]
    if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      isNegative = sign == UInt8(ascii: "-")
      rest.removeFirst()
    }
    let isDigit = { (byte: UInt8) in byte &- 48 <= 9 }
    var digits = Array(rest.prefix(while: isDigit))
    rest = rest.dropFirst(digits.count)
    if rest.first == UInt8(ascii: ".") {
      let fraction = rest.dropFirst().prefix(while: isDigit)
      rest = rest.dropFirst(1 + fraction.count)
      digits += fraction
      exponent = -fraction.count
    }
    guard !digits.isEmpty else { return nil }
    if let mark = rest.first {
      guard mark | 32 == UInt8(ascii: "e"), rest.count <= 8,
        let power = Int(String(decoding: rest.dropFirst(), as: UTF8.self))
      else { return nil }
      exponent += power
    }
    digits = Array(digits.drop { $0 == 48 })
    guard digits.count <= ExactDecimal.mostDigits,
      exponent.magnitude <= ExactDecimal.mostExponent || digits.isEmpty
    else { return nil }
    var end = digits.count
    while end > 0 {
      let start = max(0, end - 9)
      groups.append(digits[start..<end].reduce(UInt32(0)) { $0 * 10 + UInt32($1 - 48) })
      end = start
    }
    normalise()
  }

  var isZero: Bool { groups.isEmpty }
  /// Below zero.
  var isBelowZero: Bool { isNegative }

  var magnitude: ExactDecimal {
    var out = self
    out.isNegative = false
    return out
  }

  static prefix func - (value: ExactDecimal) -> ExactDecimal {
    var out = value
    out.isNegative = !value.isNegative && !value.isZero
    return out
  }

  static func == (left: ExactDecimal, right: ExactDecimal) -> Bool { (left - right).isZero }

  static func - (left: ExactDecimal, right: ExactDecimal) -> ExactDecimal { left + -right }

  static func + (left: ExactDecimal, right: ExactDecimal) -> ExactDecimal {
    if left.isZero { return right }
    if right.isZero { return left }
    var (a, b) = (left, right)
    let lowest = min(a.exponent, b.exponent)
    a.lowerExponent(to: lowest)
    b.lowerExponent(to: lowest)
    if a.isNegative == b.isNegative {
      a.groups = ExactDecimal.sum(a.groups, b.groups)
    } else if ExactDecimal.isBelow(a.groups, b.groups) {
      b.groups = ExactDecimal.difference(b.groups, a.groups)
      a = b
    } else {
      a.groups = ExactDecimal.difference(a.groups, b.groups)
    }
    a.normalise()
    return a
  }

  static func * (left: ExactDecimal, right: ExactDecimal) -> ExactDecimal {
    var out = ExactDecimal()
    guard !left.isZero, !right.isZero else { return out }
    out.isNegative = left.isNegative != right.isNegative
    out.exponent = left.exponent + right.exponent
    out.groups = [UInt32](repeating: 0, count: left.groups.count + right.groups.count)
    for (i, a) in left.groups.enumerated() {
      var carry: UInt64 = 0
      for (j, b) in right.groups.enumerated() {
        let sum = UInt64(a) * UInt64(b) + UInt64(out.groups[i + j]) + carry
        out.groups[i + j] = UInt32(sum % base)
        carry = sum / base
      }
      out.groups[i + right.groups.count] = UInt32(carry)
    }
    out.normalise()
    return out
  }

  /// The nearest double, nil when it is too large.
  var double: Double? { ExactDecimal.nearest(digits, exponent, isNegative) }

  /// The double nearest to a quotient of 40 digits, which end in 1 when there would be more.
  ///
  /// Edge cases: nil when the divisor is zero or the quotient too large.
  func divided(by divisor: ExactDecimal) -> Double? {
    if divisor.isZero { return nil }
    if isZero { return 0 }
    var dividend = self
    let missing = 40 + divisor.digits.count - digits.count
    if missing > 0 { dividend.lowerExponent(to: exponent - missing) }
    var remainder: [UInt32] = []
    var quotient = ""
    for digit in dividend.digits.utf8 {
      remainder = ExactDecimal.product(remainder, 10, plus: UInt64(digit - 48))
      var count = 0
      while !ExactDecimal.isBelow(remainder, divisor.groups) {
        remainder = ExactDecimal.difference(remainder, divisor.groups)
        count += 1
      }
      quotient += String(count)
    }
    return ExactDecimal.nearest(
      quotient + (remainder.isEmpty ? "0" : "1"),
      dividend.exponent - divisor.exponent - 1,
      isNegative != divisor.isNegative
    )
  }

  // MARK: - Groups of digits

  private var digits: String {
    guard let top = groups.last else { return "0" }
    return groups.dropLast().reversed().reduce(String(top)) { text, group in
      let part = String(group)
      return text + String(repeating: "0", count: 9 - part.count) + part
    }
  }

  private static func nearest(_ digits: String, _ exponent: Int, _ isNegative: Bool) -> Double? {
    let text = Array("\(isNegative ? "-" : "")\(digits)e\(exponent)".utf8)
    return NumberParser.double(text.span)
  }

  /// Writes the same number with a lower exponent.
  private mutating func lowerExponent(to lower: Int) {
    let places = exponent - lower
    guard places > 0 else { return }
    groups = [UInt32](repeating: 0, count: places / 9) + groups
    let factor = (0..<places % 9).reduce(UInt64(1)) { power, _ in power * 10 }
    groups = ExactDecimal.product(groups, factor, plus: 0)
    exponent = lower
  }

  private mutating func normalise() {
    groups.dropLeadingZeros()
    if groups.isEmpty { (isNegative, exponent) = (false, 0) }
  }

  private static func product(_ groups: [UInt32], _ factor: UInt64, plus first: UInt64) -> [UInt32]
  {
    var out = groups
    var carry = first
    for index in out.indices {
      let sum = UInt64(out[index]) * factor + carry
      out[index] = UInt32(sum % base)
      carry = sum / base
    }
    if carry > 0 { out.append(UInt32(carry)) }
    return out
  }

  private static func sum(_ left: [UInt32], _ right: [UInt32]) -> [UInt32] {
    var out: [UInt32] = []
    var carry: UInt64 = 0
    for index in 0..<max(left.count, right.count) {
      let a = index < left.count ? UInt64(left[index]) : 0
      let b = index < right.count ? UInt64(right[index]) : 0
      out.append(UInt32((a + b + carry) % base))
      carry = (a + b + carry) / base
    }
    if carry > 0 { out.append(UInt32(carry)) }
    return out
  }

  /// `left − right`, where left is not below right.
  private static func difference(_ left: [UInt32], _ right: [UInt32]) -> [UInt32] {
    var out = left
    var borrow: UInt64 = 0
    for index in out.indices {
      let taken = (index < right.count ? UInt64(right[index]) : 0) + borrow
      borrow = UInt64(out[index]) < taken ? 1 : 0
      out[index] = UInt32(UInt64(out[index]) + borrow * base - taken)
    }
    out.dropLeadingZeros()
    return out
  }

  /// Compares groups without leading zeros.
  private static func isBelow(_ left: [UInt32], _ right: [UInt32]) -> Bool {
    if left.count != right.count { return left.count < right.count }
    return left.reversed().lexicographicallyPrecedes(right.reversed())
  }
}

extension [UInt32] {
  fileprivate mutating func dropLeadingZeros() {
    while last == 0 { removeLast() }
  }
}
