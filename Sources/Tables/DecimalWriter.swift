// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import TextKit

/// Writes numbers as bytes, with the same text as `NumberText` and without a `String`.
package enum DecimalWriter {
  /// Appends the text of `NumberText.shortest`.
  ///
  /// Where `value · 10⁶` is a whole number below 10¹⁵ that divides back to the value, its digits
  /// are the shortest text: two decimals of at most 15 digits never read back to the same double.
  package static func append(_ value: Double, to bytes: inout [UInt8]) {
    let magnitude = value.magnitude
    if magnitude < 1e9 {
      // Adding and taking away 1.5 · 2⁵² rounds to a whole number.
      let scaled = (magnitude * 1e6 + 0x1.8p52) - 0x1.8p52
      if scaled / 1e6 == magnitude && scaled < 1e15 {
        let micro = Int64(scaled)
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        append(micro, decimals: 6, keepsZeros: false, to: &bytes)
        return
      }
    }
    bytes.append(contentsOf: NumberText.shortest(value).utf8)
  }

  /// Appends a whole number of units, each 10 to the power of minus `decimals`.
  ///
  /// Zeros at the end of the decimals are left out unless they are to be kept; at most 18 decimals.
  package static func append(
    _ units: Int64,
    decimals: Int,
    keepsZeros: Bool,
    to bytes: inout [UInt8]
  ) {
    var rest = units.magnitude
    var places = min(max(decimals, 0), 18)
    if !keepsZeros {
      while places > 0 && rest % 10 == 0 {
        rest /= 10
        places -= 1
      }
    }
    // Written from the end: at most 20 digits, a point and a sign.
    var text = [32 of UInt8](repeating: UInt8(ascii: "0"))
    var first = 32
    var written = 0
    repeat {
      if written == places && places > 0 {
        first -= 1
        text[first] = UInt8(ascii: ".")
      }
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      first -= 1
      text[first] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
      rest = quotient
      written += 1
    } while rest != 0 || written <= places
    if units < 0 {
      first -= 1
      text[first] = UInt8(ascii: "-")
    }
    unsafe text.span.withUnsafeBufferPointer { (digits: UnsafeBufferPointer<UInt8>) in
      unsafe bytes.append(contentsOf: UnsafeBufferPointer(rebasing: digits[first...]))
    }
  }
}
