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

  /// The whole files of a sweep stay as they are; copies for spreadsheets lie beside them.
  @Test func sweepsAreCutBesideTheirFiles() throws {
    let place = try Workdir()
    let names = ["sweep.csv", "frontier.csv", "robustness.csv"] + GoldenTests.events
    try place.run(["sweep", "spec.toml", "-o", "whole", "--report", "none", "-q"])
    let options = ["-o", "cut", "--report", "none", "-q"]
    try place.run(["sweep", "spec.toml", "--split-rows", "3"] + options)
    for name in names {
      #expect(try place.bytes("cut/\(name)") == place.bytes("whole/\(name)"), "\(name)")
      let whole = try Rows(place.text("cut/\(name)"))
      var rows: [[String]] = []
      for number in 1...max(1, (whole.rows.count + 2) / 3) {
        let part = number == 1 ? name : "\(name.dropLast(4))-\(number).csv"
        let sheet = try Rows(place.text("cut/sheets/\(part)"))
        #expect(sheet.columns == whole.columns && sheet.rows.count <= 3, "\(part)")
        rows += sheet.rows
      }
      #expect(rows == whole.rows, "\(name)")
    }
    #expect(place.contents("cut").contains("sheets/sweep-2.csv"))
    // A finished sweep is cut in another way, and nothing of the first time is left.
    try place.run(["sweep", "spec.toml", "--top", "1"] + options)
    #expect(!place.contents("cut").contains { $0.hasPrefix("sheets/") && $0.contains("-2.csv") })
    let best = try Rows(place.text("cut/sheets/robustness.csv"))
    #expect(try best.column("rank") == ["1"])
    let cell = try Rows(place.text("cut/sheets/sweep.csv")).column("cell_id")
    #expect(try cell == best.column("cell_id"))
    let first = try Rows(place.text("cut/sheets/cycles.csv")).rows
    #expect(first == [try Rows(place.text("whole/cycles.csv")).rows[0]])
    try place.run(["verify", "cut", "-q"])
  }

  /// A name of an account that could be a formula has its mark in the events and in their copies.
  @Test func formulasStayNeutralInTheFilesOfASweep() throws {
    let place = try Workdir()
    try place.shell("sed -i 's/^btc-05,/=2+5,/' book.csv")
    try place.run(["sweep", "spec.toml", "--split-rows", "1000000", "--report", "none", "-q"])
    let text = try place.text("results/liquidations.csv")
    #expect(text.contains(",'=2+5,") && !text.contains(",=2+5,"))
    #expect(try place.text("results/sheets/liquidations.csv") == text)
  }

  @Test func shardsAreCutWhenTheyAreMerged() throws {
    let place = try Workdir()
    let said = try place.run(
      ["sweep", "spec.toml", "--shard", "1/1", "--top", "2"],
      expecting: 64
    )
    #expect(said.diagnostics.contains("--top and --split-rows need all shards"))
    try place.run(["sweep", "spec.toml", "-o", "parts", "--shard", "1/1", "-q"])
    let options = ["--top", "2", "--report", "none", "-q"]
    try place.run(["merge", "parts", "-o", "merged"] + options)
    #expect(try Rows(place.text("merged/sheets/sweep.csv")).rows.count == 2)
  }
}
