// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Tables
internal import Testing

struct NumberParserTests {
  func parsed(_ text: String) -> Double? { NumberParser.double(text.utf8Span.span) }

  func whole(_ text: String) -> Int64? { NumberParser.integer(text.utf8Span.span) }

  @Test(arguments: [
    ("0", 0.0), ("-0", -0.0), ("+1.5", 1.5), (".5", 0.5), ("5.", 5.0), ("1e3", 1000.0),
    ("1E-3", 0.001), ("9007199254740993", 9_007_199_254_740_992.0),
    ("4.9e-324", Double.leastNonzeroMagnitude),
    ("2.4703282292062327e-324", 0.0), ("2.4703282292062328e-324", Double.leastNonzeroMagnitude),
    ("-1e-400", -0.0),
    ("1.7976931348623157e308", 1.797_693_134_862_315_7e308), ("0e999999999999", 0.0),
    ("0.30000000000000004", 0.300_000_000_000_000_04), ("1e22", 1e22), ("1e23", 1e23),
  ])
  func `decimal numbers are read`(text: String, expected: Double) {
    #expect(parsed(text)?.bitPattern == expected.bitPattern)
  }

  @Test(arguments: [
    "", "-", "+", ".", "-.", "e5", ".e5", "1e", "1e+", "1e5x", "1 ", " 1", "1,0", "0x10", "0X1P2",
    "nan", "NaN", "inf", "-Infinity", "1e309", "-1e999999999999999999", "1..2", "1.2.3", "١", "1_0",
    "1\u{0}", "--1", "+-1", "1f", "1d5", "NAN(1)",
  ])
  func `anything else is no number`(text: String) {
    #expect(parsed(text) == nil)
  }

  @Test(arguments: [
    ("0", 0), ("-0", 0), ("+7", 7), ("0000000000000000000000012", 12),
    ("9223372036854775807", Int64.max), ("-9223372036854775808", Int64.min),
    ("9223372036854775808", nil), ("-9223372036854775809", nil), ("", nil), ("-", nil),
    ("1.0", nil),
    ("1e3", nil), ("99999999999999999999999", nil), (" 1", nil), ("1\u{0}", nil),
  ])
  func `whole numbers are exact or refused`(text: String, expected: Int64?) {
    #expect(whole(text) == expected)
  }

  /// A number of a random form.
  func randomText(_ generator: inout Generator) -> [UInt8] {
    var text: [UInt8] = []
    if Bool.random(using: &generator) { text.append(UInt8(ascii: "-")) }
    switch Int.random(in: 0..<6, using: &generator) {
    case 0:  // any bits, denormals among them
      let exponent = UInt64.random(in: 0..<2047, using: &generator)
      let bits = generator.next() >> 12 | (Bool.random(using: &generator) ? exponent << 52 : 0)
      text += Array(Double(bitPattern: bits).description.utf8)
    case 1:  // short decimals
      digits(1...6, &text, &generator)
      text.append(UInt8(ascii: "."))
      digits(0...6, &text, &generator)
    case 2:  // 17 to 25 digits
      digits(0...3, &text, &generator)
      text.append(UInt8(ascii: "."))
      digits(17...25, &text, &generator)
    case 3:  // exponents near the limits
      digits(1...19, &text, &generator)
      text += Array("e\(Int.random(in: -345...310, using: &generator))".utf8)
    case 4:  // halfway between two doubles, with a tail
      let base = UInt64.random(in: 1 << 53..<1 << 54, using: &generator) | 1
      text += Array("\(base)".utf8)
      if Bool.random(using: &generator) { text += Array(".000000000000000000001".utf8) }
      if Bool.random(using: &generator) {
        text += Array("e\(Int.random(in: -30...30, using: &generator))".utf8)
      }
    default:  // long, also with zeros in front
      if Bool.random(using: &generator) {
        text += [UInt8](repeating: 48, count: Int.random(in: 1...40, using: &generator))
      }
      digits(1...80, &text, &generator)
      text.append(UInt8(ascii: "."))
      digits(0...80, &text, &generator)
      text += Array("E+\(Int.random(in: 0...20, using: &generator))".utf8)
    }
    return text
  }

  func digits(_ range: ClosedRange<Int>, _ text: inout [UInt8], _ generator: inout Generator) {
    for _ in 0..<Int.random(in: range, using: &generator) {
      text.append(48 + UInt8(generator.next() >> 33 % 10))
    }
  }

  func reference(_ text: [UInt8]) -> Double {
    var copy = text.map { CChar(bitPattern: $0) }
    copy.append(0)
    return unsafe strtod(copy, nil)
  }

  @Test func `a million random numbers are those of the C library`() {
    var generator = Generator(state: 1)
    var different: [String] = []
    for _ in 0..<1_000_000 {
      let text = randomText(&generator)
      let found = NumberParser.double(text.span)
      let expected = reference(text)
      let agrees =
        expected.isFinite ? found?.bitPattern == expected.bitPattern : found == nil
      if !agrees { different.append(String(decoding: text, as: UTF8.self)) }
    }
    #expect(different.prefix(5) == [])
  }

  @Test func `nineteen digits and their ties are those of the C library`() {
    var generator = Generator(state: 7)
    var different: [String] = []
    for index in 0..<1_000_000 {
      var text: [UInt8]
      if index % 2 == 0 {
        let digits = generator.next() % 10_000_000_000_000_000_000
        text = Array("\(digits >> (generator.next() % 12))".utf8)
        let place = Int.random(in: 0...text.count, using: &generator)
        text.insert(UInt8(ascii: "."), at: place)
        text += Array("e-\(Int.random(in: 0...40, using: &generator))".utf8)
      } else {
        let tail = [".5", ".25", ".75", ".125", ".0625", ".9375"][index / 2 % 6]
        let bits = UInt64.random(in: 48...53, using: &generator)
        let whole = UInt64.random(in: 1 << bits..<1 << (bits + 1), using: &generator)
        text = Array("\(whole)\(tail)".utf8)
      }
      let found = NumberParser.double(text.span)
      if found?.bitPattern != reference(text).bitPattern {
        different.append(String(decoding: text, as: UTF8.self))
      }
    }
    #expect(different.prefix(5) == [])
  }

  @Test(arguments: [100, 1000, 100_000, 1_000_000])
  func `huge lengths are rounded like short ones`(count: Int) {
    let nines = String(repeating: "9", count: count)
    #expect(parsed("0." + nines) == 1)
    #expect(parsed("0." + String(repeating: "0", count: count) + "1e\(count + 1)") == 1)
    #expect(parsed(String(repeating: "0", count: count) + "1.5") == 1.5)
    #expect(parsed(nines) == (count < 309 ? reference(Array(nines.utf8)) : nil))
    #expect(parsed("1." + String(repeating: "0", count: count) + "x") == nil)
    #expect(parsed("9007199254740993." + String(repeating: "0", count: count)) == 0x1p53)
    #expect(
      parsed("9007199254740993." + String(repeating: "0", count: count) + "1") == 0x1p53 + 2
    )
  }
}
