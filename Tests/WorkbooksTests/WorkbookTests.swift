// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TextKit
import Workbooks

struct WorkbookTests {
  private func write(_ name: String, _ fill: (Workbook) throws -> Void) throws -> Data {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("breakwater-\(UUID().uuidString)-\(name)")
    defer { try? FileManager.default.removeItem(at: url) }
    let book = try Workbook(path: url.path, title: "Test")
    try fill(book)
    try book.close()
    return try Data(contentsOf: url)
  }

  private func filled(_ book: Workbook) throws {
    let sheet = try book.sheet("Numbers")
    for row in 1...5 {
      sheet.text("=1+\(row)", row, 0)
      sheet.number(Double(row) * 1.5, row, 1, .money)
    }
    sheet.number(.nan, 6, 1)
    try sheet.table(Sheet.Area(rows: 0...5, columns: 0...1), titles: ["text", "usd"])
    try sheet.colourScale(Sheet.Area(rows: 1...5, columns: 1...1))
    try sheet.dataBars(Sheet.Area(rows: 1...5, columns: 1...1))
    let area = Sheet.Area(rows: 1...5, columns: 0...0)
    let values = Sheet.Area(rows: 1...5, columns: 1...1)
    let series = [Sheet.Series(name: "s", categories: area, values: values)]
    try sheet.chart(.column, series, title: "Chart", x: "x", y: "y", at: (7, 0))
  }

  @Test func equalContentsGiveEqualBytes() throws {
    let first = try write("a.xlsx", filled)
    sleep(1)
    #expect(try write("b.xlsx", filled) == first)
    #expect(first.starts(with: [0x50, 0x4b]))
  }

  @Test func sheetsOfBadNamesAreRefused() throws {
    _ = try write("c.xlsx") { book in
      _ = try book.sheet("One")
      #expect(throws: Failure.self) { _ = try book.sheet("a/b") }
      #expect(throws: Failure.self) { _ = try book.sheet("One") }
    }
  }

  @Test func unwritablePlaceIsAFailure() throws {
    let book = try Workbook(path: "/no/such/folder/x.xlsx", title: "Test")
    _ = try book.sheet("One")
    #expect(throws: Failure.self) { try book.close() }
  }

  @Test(arguments: [(0, "A"), (25, "Z"), (26, "AA"), (27, "AB"), (701, "ZZ"), (702, "AAA")])
  func columnsHaveLetters(_ column: Int, _ letters: String) {
    #expect(Sheet.letters(column) == letters)
  }
}
