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

  /// Blocks of eight plain fields, with one among them now and then that has another form.
  @Test(arguments: TextLevel.available)
  func blocksOfNumbers(_ level: TextLevel) throws {
    var random = SplitMix64(seed: 12)
    var texts: [String] = []
    for row in 0..<8_000 {
      var text = random.once(in: 4) ? "-" : ""
      let before = random.whole(0, 15)
      let after = random.whole(before == 0 ? 1 : 0, 15 - before == 0 ? 0 : 14 - min(14, before))
      for _ in 0..<before { text += "\(random.whole(0, 9))" }
      if after > 0 { text += "." }
      for _ in 0..<max(after, before + after == 0 ? 1 : 0) { text += "\(random.whole(0, 9))" }
      if random.once(in: 50) { text = "" }
      if row % 100 == 0 { text = ["1e3", "1234567890123456", "0.1234567890123456"][row / 100 % 3] }
      texts.append(text)
    }
    let wholes = (0..<texts.count).map { (row: Int) -> String in
      if random.once(in: 50) { return "" }
      let digits = (0..<random.whole(1, row % 90 == 0 ? 16 : 15)).map { _ in random.whole(0, 9) }
      return digits.map { "\($0)" }.joined()
    }
    let text = zip(texts, wholes).map { "\($0),\($1)\n" }.joined()
    let values = UnsafeMutablePointer<Double>.allocate(capacity: texts.count)
    let numbers = UnsafeMutablePointer<Int64>.allocate(capacity: texts.count)
    defer {
      unsafe values.deallocate()
      unsafe numbers.deallocate()
    }
    let isRead = read(text, width: 2, level) {
      unsafe $0.numbers(0, into: values, nothing: -7) && $0.wholes(1, into: numbers)
    }
    #expect(isRead == true)
    for row in texts.indices {
      let expected = texts[row].isEmpty ? -7 : Double(texts[row]) ?? .nan
      #expect(unsafe values[row].bitPattern == expected.bitPattern, "\(texts[row])")
      #expect(unsafe numbers[row] == Int64(wholes[row]) ?? -1)
    }
  }

  /// What is no number is refused wherever it stands in a block.
  @Test(arguments: TextLevel.available)
  func blocksWithoutANumber(_ level: TextLevel) {
    let values = UnsafeMutablePointer<Double>.allocate(capacity: 24)
    let numbers = UnsafeMutablePointer<Int64>.allocate(capacity: 24)
    defer {
      unsafe values.deallocate()
      unsafe numbers.deallocate()
    }
    for text in [".", "-", "1.2.3", "12a", " 1", "nan", "--1", "1-", "1:2", "1/2", "-.", "1;"] {
      for row in 8..<24 {
        let rows = (0..<24).map { $0 == row ? "x,\(text)\n" : "x,12.5\n" }.joined()
        let isRead = read(rows, width: 2, level) {
          unsafe $0.numbers(1, into: values, nothing: 0)
        }
        #expect(isRead == false, "\(text) in row \(row)")
      }
    }
    for text in ["-1", "1.0", ".", "1e3", "12345678901234567", "x"] {
      for row in 8..<24 {
        let rows = (0..<24).map { $0 == row ? "x,\(text)\n" : "x,125\n" }.joined()
        let isRead = read(rows, width: 2, level) { unsafe $0.wholes(1, into: numbers) }
        #expect(isRead == false, "\(text) in row \(row)")
      }
    }
  }

  /// Words that follow each other: more combinations than are kept, long ones, at a line's end.
  @Test(arguments: TextLevel.available, ["\n", "\r\n"])
  func phrases(_ level: TextLevel, _ lineEnd: String) {
    let count = 12_000
    let long = (0..<400).map { "w\($0)_of_fifteen".prefix(15) }.map(String.init)
    let lists = [["", "a", "bb"], long, (0..<20).map { "m\($0)" }]
    let phrases = PhraseTable([
      WordTable(lists[0], empty: 0), WordTable(lists[1]), WordTable(lists[2]),
    ])
    var random = SplitMix64(seed: 13)
    let rows = (0..<count).map { _ in lists.map { random.whole(0, $0.count - 1) } }
    let text = rows.map { (row: [Int]) -> String in
      "x," + zip(row, lists).map { $1[$0] }.joined(separator: ",") + lineEnd
    }.joined()
    let memory = UnsafeMutablePointer<Int32>.allocate(capacity: 3 * count)
    defer { unsafe memory.deallocate() }
    let columns = unsafe (0..<3).map { unsafe memory + $0 * count }
    // What was learnt the first time is known the second.
    for _ in 0..<2 {
      let isRead = read(text, width: 4, level) {
        unsafe $0.words(1, in: phrases, into: columns)
      }
      #expect(isRead == true)
      for row in 0..<count {
        #expect((0..<3).map { unsafe Int(memory[$0 * count + row]) } == rows[row])
      }
    }
    let isRead = read(text + "x,a,unknown,m1\(lineEnd)", width: 4, level) {
      unsafe $0.words(1, in: phrases, into: columns)
    }
    #expect(isRead == false)
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
    let list = ["perp", "deposit", "a_word_of_fiftee", "a_word_of_fifte"]
    let table = PhraseTable([WordTable(list, empty: 9)])
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
      unsafe $0.words(0, in: table, into: [found]) && $0.wholes(1, into: slots)
    }
    #expect(isRead == true)
    #expect((0..<4).map { unsafe found[$0] } == [0, 9, 1, 3])
    #expect((0..<4).map { unsafe slots[$0] } == [0, -1, 299_999_998, 1_234_567_890_123_456])
    for word in ["Perp", "perp ", "perps", "a_word_of_fiftee", "a_word_of_fifteen"] {
      let isKnown = read("\(word),1\n", width: 2, level) {
        unsafe $0.words(0, in: table, into: [found])
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
