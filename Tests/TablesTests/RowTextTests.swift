// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Tables
import TestSupport
import Testing

/// Text written without checks against the builder that checks.
@Suite struct RowTextTests {
  @Test func numbersAreThoseOfTheBuilder() {
    var random = SplitMix64(seed: 5)
    let text = RowText()
    var builder = CSVBuilder()
    var values = [
      0, -0.0, 1, 0.5, 1e-6, 123456.789, 1e9, 1e15, 1e22, .leastNonzeroMagnitude,
      1.7976931348623157e308,
    ]
    // Powers of two have unequal neighbours; then the edges of what is taken in another way.
    for exponent in -130...70 {
      let power = Double(sign: .plus, exponent: exponent, significand: 1)
      values += [power, power.nextUp, power.nextDown, -power]
    }
    for exponent in -30...20 {
      let text = "1e\(exponent)"
      if let ten = Double(text) { values += [ten, ten.nextUp, ten.nextDown, 3 * ten] }
    }
    for _ in 0..<20_000 {
      let bits = Double(bitPattern: random.next())
      if bits.isFinite { values.append(bits) }
      values.append(random.number(-10, 10))
      values.append(random.decimal(-1_000_000_000, 1_000_000_000, per: 1_000_000))
      values.append(random.magnitude(-20, 20))
    }
    for value in values {
      text.reserve(bytes: 8, numbers: 1)
      text.number(value)
      text.comma()
      builder.number(value)
    }
    builder.empty()
    #expect(text.copy == builder.bytes)
  }

  @Test func moneyIsThatOfTheBuilder() {
    var random = SplitMix64(seed: 6)
    let text = RowText()
    var builder = CSVBuilder()
    var amounts: [Int64] = [0, 1, -1, 999_999, 1_000_000, .max, .min]
    for _ in 0..<5_000 {
      amounts.append(Int64(bitPattern: random.next()) >> Int64(random.whole(0, 63)))
    }
    for amount in amounts {
      text.reserve(bytes: 8, numbers: 1)
      text.money(amount)
      text.comma()
      builder.money(amount)
    }
    builder.empty()
    #expect(text.copy == builder.bytes)
  }

  @Test(arguments: ["", "a", "a b", "=1", "-x", "a,b", "say \"x\"", "two\nlines"])
  func fieldsAreThoseOfTheBuilder(_ field: String) {
    let text = RowText()
    let bytes = Array(field.utf8)
    text.field(bytes.span, isClean: false)
    var builder = CSVBuilder()
    builder.text(field)
    #expect(text.copy == builder.bytes)
  }

  @Test func fingerprintsThatRepeatAreFound() {
    var random = SplitMix64(seed: 7)
    let prints = Fingerprints()
    var all: [UInt64] = [0, .max]
    for _ in 0..<20_000 { all.append(random.next()) }
    for print in all { prints.add(print) }
    var scratch: [UInt64] = []
    var found: [UInt64] = []
    for bucket in 0..<Fingerprints.bucketCount {
      var list: [UInt64] = []
      prints.append(bucket: bucket, to: &list)
      #expect(!Fingerprints.hasRepeat(list, scratch: &scratch))
      found += list
    }
    #expect(found.sorted() == all.sorted())
    #expect(Fingerprints.hasRepeat([5, 0, 7, 0], scratch: &scratch))
    #expect(Fingerprints.hasRepeat([5, 1 << 40, 7, 5], scratch: &scratch))
  }
}
