// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Numbers as text: the same bytes everywhere, read back to the same number by any program.
package enum NumberText {
  /// The shortest decimal that reads back to the same double, without exponent or trailing `.0`.
  ///
  /// - Edge cases: both zeros give `0`; infinities and NaN give `inf`, `-inf`, `nan`,
  ///   which no report writes.
  package static func shortest(_ value: Double) -> String {
    if value == 0 { return "0" }
    let text = value.description
    guard let mark = text.firstIndex(of: "e") else {
      return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
    guard let exponent = Int(text[text.index(after: mark)...]) else { return text }
    var digits = text[..<mark].filter { $0 != "." && $0 != "-" }
    let point = 1 + exponent
    let sign = value < 0 ? "-" : ""
    if digits.hasSuffix("0") && digits.count > 1 { digits.removeLast() }
    if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + digits }
    if point >= digits.count {
      return sign + digits + String(repeating: "0", count: point - digits.count)
    }
    let split = digits.index(digits.startIndex, offsetBy: point)
    return sign + digits[..<split] + "." + digits[split...]
  }

  /// An amount of micro-USD in USD with exactly six decimals.
  package static func money(_ micro: some BinaryInteger) -> String {
    let magnitude = micro.magnitude
    let fraction = String(magnitude % 1_000_000)
    return (micro < 0 ? "-" : "") + String(magnitude / 1_000_000) + "."
      + String(repeating: "0", count: 6 - fraction.count) + fraction
  }

  /// A whole number with thin separators for people, such as `1,234,567`.
  package static func grouped(_ value: Int) -> String {
    var out = ""
    let digits = String(value.magnitude)
    for (position, digit) in digits.enumerated() {
      if position > 0 && (digits.count - position) % 3 == 0 { out.append(",") }
      out.append(digit)
    }
    return (value < 0 ? "-" : "") + out
  }
}
