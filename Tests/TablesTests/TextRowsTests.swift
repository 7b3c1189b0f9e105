// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Tables
import TestSupport
import Testing

/// Columns of text read by kernels, on every level of instructions, against plain reading.
@Suite struct TextRowsTests {
  private static let padding = [UInt8](repeating: 0, count: 64)

  /// Runs a body over the rows of a text, nil where they are not plain.
  private func read<R>(
    _ text: String,
    width: Int,
    _ level: TextLevel,
    _ body: (TextRows) -> R
  ) -> R? {
    let bytes = Array(text.utf8) + TextRowsTests.padding
    return unsafe bytes.withUnsafeBufferPointer { (all: UnsafeBufferPointer<UInt8>) -> R? in
      let rows = TextRows(level: level)
      let own = unsafe UnsafeBufferPointer(rebasing: all[..<text.utf8.count])
      return unsafe rows.find(own, width: width) ? body(rows) : nil
    }
  }

  private func numbers() -> [String] {
    var random = SplitMix64(seed: 11)
    var texts = [
      "", "0", "-0", "1.", ".5", "-.5", "1e5", "+7", "12345678", "123456789", "12345678.12345678",
      "99999999.99999999", "90071992.54740993", "0.123456789", "1234567890123456", "1e-320",
    ]
    for _ in 0..<4_000 {
      var text = random.once(in: 3) ? "-" : ""
      for _ in 0..<random.whole(1, 10) { text += "\(random.whole(0, 9))" }
      if random.once(in: 2) {
        text += "."
        for _ in 0..<random.whole(0, 10) { text += "\(random.whole(0, 9))" }
      }
      texts.append(text)
    }
    return texts
  }

  @Test(arguments: TextLevel.available, ["\n", "\r\n"])
  func numbersToTheBit(_ level: TextLevel, _ lineEnd: String) throws {
    let texts = numbers()
    let text = texts.map { "\($0),x,\($0)\(lineEnd)" }.joined()
    let values = UnsafeMutablePointer<Double>.allocate(capacity: texts.count)
    defer { unsafe values.deallocate() }
    for field in [0, 2] {
      let found = read(text, width: 3, level) { (rows: TextRows) -> [UInt64] in
        guard unsafe rows.numbers(field, into: values, nothing: -7) else { return [] }
        return (0..<rows.count).map { unsafe values[$0].bitPattern }
      }
      #expect(found == texts.map { ($0.isEmpty ? -7 : Double($0) ?? .nan).bitPattern })
    }
  }

  @Test(arguments: TextLevel.available)
  func whatIsNoNumber(_ level: TextLevel) {
    for text in [".", "-", "1.2.3", "12a", " 1", "nan", "0x1", "--1", "1e", "1:2", "1/2"] {
      let values = UnsafeMutablePointer<Double>.allocate(capacity: 1)
      defer { unsafe values.deallocate() }
      let found = read("\(text),1\n", width: 2, level) {
        unsafe $0.numbers(0, into: values, nothing: 0)
      }
      #expect(found == false, "\(text)")
    }
  }

  @Test(arguments: TextLevel.available)
  func wordsAndWholes(_ level: TextLevel) {
    let table = WordTable(["perp", "deposit", "a_word_of_fiftee", "a_word_of_fifte"], empty: 9)
    let words = ["perp", "", "deposit", "a_word_of_fifte"]
    let wholes = ["0", "", "299999998", "1234567890123456"]
    let text = zip(words, wholes).map { "\($0),\($1)\n" }.joined()
    let found = UnsafeMutablePointer<Int32>.allocate(capacity: 4)
    let slots = UnsafeMutablePointer<Int64>.allocate(capacity: 4)
    defer {
      unsafe found.deallocate()
      unsafe slots.deallocate()
    }
    let isRead = read(text, width: 2, level) {
      unsafe $0.words(0, in: table, into: found) && $0.wholes(1, into: slots)
    }
    #expect(isRead == true)
    #expect((0..<4).map { unsafe found[$0] } == [0, 9, 1, 3])
    #expect((0..<4).map { unsafe slots[$0] } == [0, -1, 299_999_998, 1_234_567_890_123_456])
    for word in ["Perp", "perp ", "perps", "a_word_of_fiftee", "a_word_of_fifteen"] {
      let isKnown = read("\(word),1\n", width: 2, level) {
        unsafe $0.words(0, in: table, into: found)
      }
      #expect(isKnown == false, "\(word)")
    }
    for whole in ["-1", "1.0", "1e3", "12345678901234567", "x"] {
      let isWhole = read("\(whole),1\n", width: 2, level) { unsafe $0.wholes(0, into: slots) }
      #expect(isWhole == false, "\(whole)")
    }
  }

  /// Rows of other forms are refused wherever they stand.
  @Test(arguments: TextLevel.available)
  func otherRows(_ level: TextLevel) {
    for odd in ["\"a\",b\n", "a\n", "a,b,c\n", "\n", "é,b\n", "a\rb,c\n", "a\t,b\n", "a,b\r\n"] {
      for before in [0, 1, 20, 100] {
        let text = String(repeating: "x,1\n", count: before) + odd + "y,2\n"
        #expect(read(text, width: 2, level) { $0.count } == nil, "\(odd) after \(before)")
      }
    }
    let text = String(repeating: "x,1\n", count: 1000)
    #expect(read(text, width: 2, level) { $0.count } == 1000)
  }
}
