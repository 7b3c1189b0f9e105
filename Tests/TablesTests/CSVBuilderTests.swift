// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Tables
internal import Testing
internal import TextKit

struct CSVBuilderTests {
  /// The text of one row.
  func row(_ build: (inout CSVBuilder) -> Void) -> String {
    var builder = CSVBuilder()
    build(&builder)
    builder.endRow()
    return String(decoding: builder.bytes, as: UTF8.self)
  }

  func decimal(_ value: Double) -> String {
    var bytes: [UInt8] = []
    DecimalWriter.append(value, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test(arguments: [
    ("plain", "plain"), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("a\nb", "\"a\nb\""),
    ("a\rb", "\"a\rb\""), ("", "\"\""), ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"),
    ("@SUM", "'@SUM"), ("\tx", "'\tx"), ("\rx", "\"'\rx\""), ("=a,b", "\"'=a,b\""),
    ("'x", "'x"), ("a=b", "a=b"), ("é日", "é日"),
  ])
  func `text is quoted and made harmless where needed`(text: String, expected: String) {
    #expect(row { builder in builder.text(text) } == expected + "\n")
  }

  @Test func `fields of each kind stand in a row`() {
    let found = row { builder in
      builder.text("x")
      builder.number(-1.5)
      builder.number(nil)
      builder.number(Optional(2.0))
      builder.integer(-7)
      builder.integer(UInt64.max)
      builder.flag(true)
      builder.flag(false)
      builder.empty()
      builder.money(-1_234_567)
    }
    #expect(found == "x,-1.5,,2,-7,18446744073709551615,1,0,,-1.234567\n")
    #expect(row { builder in builder.empty() } == "\"\"\n")
    #expect(row { builder in builder.row(["a", "b"]) } == "a,b\n\n")
  }

  @Test func `parts are joined in order and memory is used again`() {
    var whole = CSVBuilder(capacity: 10)
    whole.row(["a"])
    var part = CSVBuilder()
    part.text("1")
    part.endRow()
    whole.append(part)
    whole.empty()
    whole.endRow()
    #expect(whole.bytes == Array("a\n1\n\"\"\n".utf8))
    whole.removeAll()
    whole.integer(3)
    whole.endRow()
    #expect(whole.bytes == Array("3\n".utf8))
  }

  @Test(arguments: [0, 1, -1, 999_999, 1_000_000, -1_000_001, Int64.max, .min])
  func `money has six decimals`(micro: Int64) {
    #expect(row { builder in builder.money(micro) } == NumberText.money(micro) + "\n")
  }

  @Test func `money of 128 bits has six decimals`() {
    let micro = Int128(Int64.min) * 1000
    #expect(row { builder in builder.money(micro) } == NumberText.money(micro) + "\n")
  }

  @Test(arguments: [
    0.0, -0.0, 1, -1, 0.1, 1e-6, -1e-6, 1e-7, 123.456, 1e9, 999_999_999.999999, 1e15, 1e16, 1e300,
    .leastNonzeroMagnitude, .infinity, -.infinity, .nan, 0.000_000_5, 1.0000005, 0.1 + 0.2,
    999_999_999.9999999,
    4_503_599_627.370497, 1e22, 2_251_799_813.685249, 100, 1_700_000_000_000,
  ])
  func `special numbers have the text of NumberText`(value: Double) {
    #expect(decimal(value) == NumberText.shortest(value))
  }

  @Test func `a million random numbers have the text of NumberText`() {
    var generator = Generator(state: 2)
    var different: [Double] = []
    for index in 0..<1_000_000 {
      var value = Double.random(in: -1...1, using: &generator)
      switch index % 5 {
      case 0: value = (value * 1e12).rounded() / 1e6
      case 1: value *= 1e9
      case 2: value = (value * 1e6).rounded() / 1e4
      case 3: value = ((value * 1e15).rounded() / 1e6).nextUp
      default: value = Double(bitPattern: generator.next())
      }
      if decimal(value) != NumberText.shortest(value) { different.append(value) }
    }
    #expect(different.prefix(5) == [])
  }
}
