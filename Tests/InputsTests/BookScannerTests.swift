// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Inputs
import Markets
import Tables
import TestSupport
import TextKit
import Testing

/// Books read in pieces against the same books read row by row.
@Suite struct BookScannerTests {
  private static let header = "account,venue,asset,leg,quantity,entry_price,observed_slot\n"

  /// The rows of all pieces, or the failure of the first piece that has one.
  private func scan(_ text: String, size: Int, hasQuotes: Bool = false) throws -> [LegRecord]? {
    let folder = WorldFolder()
    let path = folder.file("book.csv", text)
    let pieces = try #require(
      try BookScanner.pieces(path, size: size, mayHaveQuotes: hasQuotes)
    )
    let scanner = BookScanner(
      pieces,
      catalogue: try WorldVenues.catalogue(),
      expectsQuotes: hasQuotes
    )
    var records: [LegRecord] = []
    var rows = LegPiece()
    while let piece = pieces.next() {
      guard try scanner.read(piece, into: &rows) == .read else { return nil }
      records +=
        rows.table.count > 0 ? (0..<rows.table.count).map(rows.table.record) : rows.records
    }
    return records
  }

  private func scanComplaint(_ text: String, size: Int) -> String {
    do {
      _ = try scan(text, size: size)
      return "no failure"
    } catch let failure as Failure {
      let parts = failure.message.split(separator: "book.csv", maxSplits: 1)
      return "book.csv" + (parts.last ?? "")
    } catch {
      return "\(error)"
    }
  }

  private func numbers() -> [String] {
    var random = SplitMix64(seed: 3)
    var texts = [
      "0", "-0", "1.", ".5", "1e5", "+7", "12345678", "1234567.8", "123456789", "12345678.9",
      "1234567890123456", "9007199254740993", "0.1234567890123456", "0000000000000001", "1.0e-3",
      "-.5", "99999999.99999999", "0.00000000000001", "1e-100", "000000000000000000000000001",
    ]
    for _ in 0..<3_000 {
      var text = random.once(in: 3) ? "-" : ""
      for _ in 0..<random.whole(1, 12) { text += "\(random.whole(0, 9))" }
      if random.once(in: 2) { text += "." }
      if text.contains(".") {
        for _ in 0..<random.whole(0, 9) { text += "\(random.whole(0, 9))" }
      }
      if random.once(in: 20) { text += random.pick(["e1", "e-9", "E+2"]) }
      texts.append(text)
    }
    return texts
  }

  /// Every form of a number that a book may have, to the bit.
  @Test(arguments: ["\n", "\r\n"]) func numbersToTheBit(_ lineEnd: String) throws {
    let texts = numbers()
    var book = BookScannerTests.header.replacingOccurrences("\n", lineEnd)
    for (row, text) in texts.enumerated() {
      book += "a\(row),perps,SOL,perp,\(text),0.\(row),\(row)\(lineEnd)"
    }
    let plain = try readBook(book).book
    for size in [1, 1000, 1 << 20] {
      let records = try #require(try scan(book, size: size))
      #expect(records.count == texts.count)
      for (row, record) in records.enumerated() {
        let leg = plain.accounts[row].legs[0]
        #expect(record.quantity.bitPattern == leg.quantity.bitPattern, "\(texts[row])")
        #expect(record.entryPrice.bitPattern == leg.entryPrice.bitPattern, "\(texts[row])")
        #expect(record.observedSlot == Int64(row))
      }
    }
  }

  /// What is no number is refused in the same words at the same line.
  @Test(arguments: [
    ".", "-", "", "1.2.3", "12a", "1-2", " 1", "1/2", "nan", "12345678-", "1234567é", "1:2", "0x1",
    "1234567890123456x", "--1", "1e", "1e400", "2e18", "1e-320",
    "-9e-101",
  ])
  func sameRefusals(_ text: String) {
    for row in [
      "a,perps,SOL,perp,\(text),1,", "a,perps,SOL,perp,1,\(text),", "a,perps,SOL,perp,1,1,\(text)x",
      "a,\(text),SOL,perp,1,1,", "a,perps,\(text),perp,1,1,", "a,perps,SOL,\(text),1,1,",
    ] {
      let good = "b,perps,BTC,perp,1,1,5\n"
      let book = BookScannerTests.header + good + good + "\n" + row + "\n" + good
      let expected = bookComplaint(book)
      for size in [1, 40, 4096] { #expect(scanComplaint(book, size: size) == expected) }
    }
  }

  /// Quotes and texts beyond ASCII are noticed; with quotes expected they are read.
  @Test func quotesAndForeignTexts() throws {
    let good = "b,perps,BTC,perp,1,1,5\n"
    let quoted = BookScannerTests.header + good + "\"a,\n\"\"b\"\"\",perps,SOL,perp,2,3,\n" + good
    #expect(try scan(quoted, size: 10) == nil)
    let found = try #require(try scan(quoted, size: 10, hasQuotes: true))
    #expect(found.map(\.quantity) == [1, 2, 1])
    #expect(found.map(\.nameLength) == [1, 6, 1])
    #expect(try scan(BookScannerTests.header + good + "é,perps,SOL,perp,2,3,\n", size: 10) == nil)
  }
}

extension String {
  fileprivate func replacingOccurrences(_ old: String, _ new: String) -> String {
    split(separator: Character(old), omittingEmptySubsequences: false).joined(separator: new)
  }
}
