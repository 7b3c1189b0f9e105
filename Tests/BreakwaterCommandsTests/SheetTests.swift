// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// `--top` and `--split-rows`: reports cut to what a spreadsheet holds.
struct SheetTests {
  private static let inputs = ["--book", "book.csv", "--prices", "prices.csv", "-q"]

  @Test func nearestRowsStay() throws {
    let place = try Workdir()
    try place.run(["prices", "-o", "all.csv"] + SheetTests.inputs)
    try place.run(["prices", "-o", "top.csv", "--top", "3"] + SheetTests.inputs)
    let all = try Rows(place.text("all.csv"))
    let top = try Rows(place.text("top.csv"))
    #expect(top.columns == all.columns)
    let distances = try all.column("distance_ratio").compactMap(Double.init).map(\.magnitude)
    let kept = try top.column("distance_ratio").compactMap(Double.init).map(\.magnitude)
    #expect(kept == Array(distances.sorted().prefix(3)))
    #expect(top.rows.allSatisfy(all.rows.contains))
    #expect(!place.names.contains { $0.hasSuffix(".whole") })
  }

  /// The files one after the other are the undivided one.
  @Test func splitFilesAddUp() throws {
    let place = try Workdir()
    try place.run(["clusters", "-o", "all.csv"] + SheetTests.inputs)
    try place.run(["clusters", "-o", "part.csv", "--split-rows", "2"] + SheetTests.inputs)
    let all = try Rows(place.text("all.csv"))
    var rows: [[String]] = []
    let count = (all.rows.count + 1) / 2
    for number in 1...count {
      let part = try Rows(place.text(number == 1 ? "part.csv" : "part-\(number).csv"))
      #expect(part.columns == all.columns && part.rows.count <= 2)
      rows += part.rows
    }
    #expect(count > 1 && rows == all.rows)
    try place.run(["clusters", "--top", "2"] + SheetTests.inputs, expecting: 64)
  }

  /// Text that could be a formula keeps its mark, and gets only one.
  @Test func formulasStayNeutral() throws {
    let place = try Workdir()
    try place.write(
      "book.csv",
      [
        "account,venue,asset,leg,quantity,entry_price,collateral_usd",
        "=1+1,hyperliquid,BTC,perp,1,100000,9000",
        "\"@a, \"\"b\"\"\",hyperliquid,BTC,perp,1,100000,9500",
      ].joined(separator: "\n") + "\n"
    )
    try place.write("prices.csv", "asset,price\nBTC,100000\n")
    try place.run(["prices", "-o", "all.csv"] + SheetTests.inputs)
    let options = ["--top", "9", "--split-rows", "9"]
    try place.run(["prices", "-o", "top.csv"] + options + SheetTests.inputs)
    let lines = try place.text("all.csv").split(separator: "\n").sorted()
    #expect(lines.contains { $0.hasPrefix("'=1+1,") } && lines.contains { $0.hasPrefix("\"'@a,") })
    #expect(try place.text("top.csv").split(separator: "\n").sorted() == lines)
  }
}
