// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Books out of Parquet and queries in pieces, against the same books as CSV.
struct QueryPieceTests {
  private static let isThere: Bool = {
    let text = (try? Workdir(withBook: false).run(["doctor"]).text) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("DuckDB") } ?? ""
    return !line.contains("found no DuckDB") && line.contains("v")
  }()
  private static let inputs = ["--prices", "prices.csv"]

  /// Accounts in order, in any order, with several rows each, without names and with odd ones.
  @Test(.enabled(if: isThere, "no DuckDB was found"), arguments: 0..<6)
  func piecesGiveWhatTheFileGives(_ group: Int) throws {
    let place = try Workdir(withBook: false)
    var random = SplitMix64(seed: UInt64(group))
    try place.run([
      "generate", "book", "--accounts", "9000", "--seed", "\(group)", "-q", "-o", "base.csv",
      "--write-prices", "prices.csv",
    ])
    var rows = try place.text("base.csv").split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    for row in rows.indices.dropFirst() {
      switch group {
      case 1: rows[row][0] = "account-with-a-long-name-\(random.whole(0, 1 << 40))"
      case 2: rows[row][0] = random.once(in: 9) ? "" : "\"n,\(row)\""
      case 3: rows[row][0] = random.once(in: 99) ? "é\(row)" : "n\(row)"
      default: break
      }
      if group == 4, random.once(in: 9) { rows[row][8] = "" }
      if group == 5 { rows[row].append(random.once(in: 9) ? "4" : "") }
    }
    if group == 5 { rows[0].append("max_leverage") }
    let text = rows.map { $0.joined(separator: ",") + "\n" }.joined()
    try place.write("book.csv", text)
    try place.run(["convert", "book.csv", "book.parquet", "-q"])
    let query = "query:SELECT * FROM 'book.parquet'"
    for command in [["clusters"], ["prices"], ["clusters", "--slot", "300000100"]] {
      let expected = try place.run(
        command + ["--book", "book.csv"] + QueryPieceTests.inputs,
        environment: ["BREAKWATER_PATH": "plain"]
      )
      for threads in [1, 2, 3, 7] {
        let book = random.pick(["book.parquet", query])
        let way = "pieces:\(random.pick([4, 20_000, 65_536]))"
        let found = try place.run(
          command + ["--book", book, "-j", "\(threads)"] + QueryPieceTests.inputs,
          environment: ["BREAKWATER_PATH": way]
        )
        #expect(found.output == expected.output, "\(command) \(book) \(way) \(threads)")
        #expect(found.diagnostics == expected.diagnostics)
      }
    }
  }

  @Test(.enabled(if: isThere, "no DuckDB was found"))
  func aBadRowIsNamed() throws {
    let place = try Workdir(withBook: false)
    try place.write("prices.csv", "asset,price\nBTC,100000\nETH,4000\nSOL,150\n")
    let row = "concat('a', i) AS account, 1 AS quantity, 140 AS entry_price"
    for (columns, message) in [
      (
        "if(i = 7000, 'venus', 'hyperliquid') AS venue, 'SOL' AS asset, 'perp' AS leg",
        "query:7001: column 'venue': found 'venus', expected a venue"
      ),
      (
        "'hyperliquid' AS venue, if(i = 7000, NULL, 'SOL') AS asset, 'perp' AS leg",
        "query:7001: column 'asset': found '', expected an asset of hyperliquid"
      ),
      (
        "'hyperliquid' AS venue, 'SOL' AS asset, 'perp' AS leg, if(i = 7000, 2, 0) AS protected",
        "query:7001: column 'protected': found '2', expected 0 or 1"
      ),
      (
        "'hyperliquid' AS venue, 'SOL' AS asset, 'perp' AS leg,"
          + " if(i = 7000, 'x', 'cross') AS margin_mode",
        "query:7001: column 'margin_mode': found 'x'"
      ),
    ] {
      for command in ["clusters", "prices"] {
        let book = "query:SELECT \(row), \(columns) FROM range(9000) t(i)"
        let outcome = try place.run(
          [command, "--book", book, "-j", "3"] + QueryPieceTests.inputs,
          expecting: 65
        )
        #expect(outcome.diagnostics.contains(message), "\(outcome.diagnostics)")
      }
    }
  }
}
