// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing
import TextKit

/// Books in other forms than CSV, as a user makes and uses them.
struct ColumnTests {
  private static let inputs = ["--prices", "prices.csv"]
  /// How books are read: as a whole, and in pieces of different sizes.
  private static let ways = ["plain", "pieces:32", "pieces:3000", "pieces:1000000"]

  @Test(arguments: ["golden", "generated"])
  func aFolderGivesWhatTheFileGives(_ book: String) throws {
    let place = try Workdir()
    if book == "generated" {
      try place.run([
        "generate", "book", "--accounts", "3000", "-o", "book.csv", "--write-prices", "prices.csv",
      ])
    }
    let made = try place.run(["convert", "book.csv", "columns"])
    #expect(made.diagnostics.contains(" rows, "))
    try place.run(["convert", "columns/", "back.csv"])
    let commands = [["prices"], ["prices", "--both", "--ladder"], ["clusters"]]
    for command in commands {
      let expected = try place.run(
        command + ["--book", "book.csv"] + ColumnTests.inputs,
        environment: ["BREAKWATER_PATH": "plain"]
      )
      // Nothing in these folders needs the whole book in memory, but for reports of both ends.
      let only = command.count == 1 ? ["only:700"] : []
      for way in ColumnTests.ways + only {
        for form in ["columns", "back.csv"] {
          let found = try place.run(
            command + ["--book", form, "-j", "3"] + ColumnTests.inputs,
            environment: ["BREAKWATER_PATH": way]
          )
          #expect(found.output == expected.output, "\(command) \(form) \(way)")
          let line = expected.diagnostics.split(separator: "\n").last
          #expect(found.diagnostics.split(separator: "\n").last == line)
        }
      }
    }
  }

  /// The first bad row in the order of the rows, whatever the threads; and what came out is left.
  @Test func aBadRowIsNamedInEveryWay() throws {
    let place = try Workdir(withBook: false)
    try place.write("prices.csv", "asset,price\nBTC,100000\nETH,4000\nSOL,150\n")
    var dice = SplitMix64(seed: 4)
    for round in 0..<6 {
      var lines = ["account,venue,asset,leg,quantity,entry_price,observed_slot"]
      for row in 0..<300 {
        let slot = dice.once(in: 150) ? "" : "7"
        lines.append("\(row / 2),hyperliquid,\(row % 2 == 0 ? "BTC" : "SOL"),perp,1,100,\(slot)")
      }
      let bad = [
        (",venus,SOL,perp,1,100,7", "column 'venue': found 'venus', expected a venue"),
        ("a,hyperliquid,NOPE,perp,1,100,7", "column 'asset': found 'NOPE', expected an asset"),
        ("a,hyperliquid,SOL,swap,1,100,7", "column 'leg': found 'swap', expected perp, deposit"),
        ("a,hyperliquid,SOL,perp,1,,7", "column 'entry_price': found '', expected the entry price"),
        ("a,hyperliquid,SOL,perp,1e19,1,7", "column 'quantity': found '10000000000000000000'"),
        ("a,hyperliquid,SOL,perp,,1,7", "column 'quantity': found '', expected a finite number"),
      ]
      let at = dice.whole(1, 280)
      lines.insert(bad[round].0, at: at)
      lines.insert(bad[(round + 1) % 6].0, at: at + 15)
      try place.write("book.csv", lines.joined(separator: "\n") + "\n")
      try place.run(["convert", "book.csv", "columns", "-q"])
      for way in ColumnTests.ways {
        for command in ["clusters", "prices"] {
          try place.write("out.csv", "old")
          let outcome = try place.run(
            [command, "--book", "columns", "-o", "out.csv", "-j", "3"] + ColumnTests.inputs,
            environment: ["BREAKWATER_PATH": way],
            expecting: 65
          )
          let start = "breakwater: columns:\(at - 1): \(bad[round].1)"
          #expect(outcome.diagnostics.hasPrefix(start), "\(way): \(outcome.diagnostics)")
          #expect(try place.text("out.csv") == "old")
        }
      }
    }
  }

  /// Rows of an account that lie apart, and isolated rows between them.
  @Test func accountsMayLieApart() throws {
    let place = try Workdir(withBook: false)
    try place.write("prices.csv", "asset,price\nBTC,100000\nETH,4000\nSOL,150\n")
    var dice = SplitMix64(seed: 9)
    var text = "account,venue,asset,leg,quantity,entry_price,collateral_usd,margin_mode\n"
    for row in 0..<400 {
      let (asset, price) = [("BTC", 100_000), ("ETH", 4000), ("SOL", 150)][row % 3]
      let mode = dice.once(in: 5) ? "isolated" : ""
      // At most one position of an account in an asset.
      let account = row < 300 ? "\(row / 3)" : "\(1000 + dice.whole(0, 9) * 1000 + row)"
      text +=
        "\(account),hyperliquid,\(asset),perp,\(dice.number(-1, 1)),\(price),\(price),\(mode)\n"
    }
    let rows = text.split(separator: "\n")
    for order in ["together", "apart"] {
      let body = order == "apart" ? Array(rows.dropFirst().reversed()) : Array(rows.dropFirst())
      let mixed =
        order == "apart"
        ? body.filter { $0.count % 2 == 0 } + body.filter { $0.count % 2 == 1 } : body
      try place.write("book.csv", ([rows[0]] + mixed).joined(separator: "\n") + "\n")
      try place.run(["convert", "book.csv", "columns", "-q"])
      for command in ["clusters", "prices"] {
        let expected = try place.run(
          [command, "--book", "book.csv"] + ColumnTests.inputs,
          environment: ["BREAKWATER_PATH": "plain"]
        )
        for way in ColumnTests.ways {
          let found = try place.run(
            [command, "--book", "columns"] + ColumnTests.inputs,
            environment: ["BREAKWATER_PATH": way]
          )
          #expect(found.output == expected.output, "\(order) \(command) \(way)")
        }
      }
    }
  }

  @Test func conversionsThatMakeNoSenseAreRefused() throws {
    let place = try Workdir()
    try place.run(["convert", "book.csv", "columns", "-q"])
    for (arguments, message) in [
      (["book.csv", "other.csv"], "found two CSV files, expected a folder"),
      (["columns", "other"], "found two folders, expected a name ending in .csv or .parquet"),
      (["columns", "other.parquet"], "convert it to CSV first"),
      (["-", "other.parquet"], "found standard input, expected a file for Parquet"),
    ] {
      let outcome = try place.run(["convert"] + arguments, expecting: 64)
      #expect(outcome.diagnostics.contains(message), "\(outcome.diagnostics)")
    }
    try place.run(["convert", "nothing.csv", "other"], expecting: 66)
    try place.write("columns/notes.txt", "mine")
    let outcome = try place.run(["convert", "book.csv", "columns"], expecting: 74)
    #expect(outcome.diagnostics.contains("the folder is there and holds 'notes.txt'"))
    #expect(try place.text("columns/notes.txt") == "mine")
  }

  @Test func aSweepReadsAFolder() throws {
    let place = try Workdir()
    try place.run(["convert", "book.csv", "columns", "-q"])
    try place.run(["sweep", "spec.toml", "-q"])
    let expected = try place.bytes("results/sweep.csv")
    let spec = try place.text("spec.toml").replacingOccurrences(of: "book.csv", with: "columns")
    try place.write("spec.toml", spec)
    try place.run(["sweep", "spec.toml", "-q"])
    #expect(try place.bytes("results/sweep.csv") == expected)
    let manifest = try place.text("results/manifest.json")
    #expect(manifest.contains("\"columns/quantity.npy\""))
    #expect(manifest.contains("\"columns/codes.json\""))
  }

  // MARK: - The venues' own prices

  @Test func pricesAreComparedWithThoseOfTheBook() throws {
    let place = try Workdir(withBook: false)
    try place.write("prices.csv", "asset,price\nBTC,100000\nSOL,150\n")
    // A long at 20 times: (100 − 20) / (1 − 1/40) of one tier.
    let root = 80 / (1 - 1.0 / 40)
    try place.write(
      "book.csv",
      """
      account,venue,asset,leg,quantity,entry_price,collateral_usd,max_leverage,mine
      a,hyperliquid,SOL,perp,1,100,20,20,\(root)
      b,hyperliquid,SOL,perp,1,100,20,20,\(root * 1.001)
      c,hyperliquid,SOL,perp,1,100,20,20,0

      """
    )
    let call = ["prices", "--book", "book.csv", "--reconcile", "mine", "-o", "p.csv"]
    let outcome = try place.run(call + ["--reconcile-out", "r.csv"] + ColumnTests.inputs)
    let lines = outcome.diagnostics.split(separator: "\n").map(String.init)
    #expect(lines[0] == "breakwater: our prices beside 'mine'")
    #expect(
      lines[2].split(separator: " ").prefix(4) == ["hyperliquid", "2", "1", "0"]
    )
    #expect(lines[3] == "largest differences:")
    #expect(lines[5].split(separator: " ").prefix(2) == ["b", "SOL"])
    let table = try place.text("r.csv").split(separator: "\n").map(String.init)
    #expect(table.count == 4)
    #expect(table[0] == "account,venue,asset,ours,theirs,difference_bps,bin_ours,bin_theirs")
    #expect(table[3].hasPrefix("c,hyperliquid,SOL,82.05128205128206,,,"))
    let missing = try place.run(
      ["prices", "--book", "book.csv", "--reconcile", "mien"] + ColumnTests.inputs,
      expecting: 65
    )
    #expect(missing.diagnostics.contains("column 'mien': found no such column"))
    #expect(missing.diagnostics.contains("did you mean 'mine'?"))
    let alone = try place.run(
      ["prices", "--book", "book.csv", "--reconcile-out", "r.csv"] + ColumnTests.inputs,
      expecting: 64
    )
    #expect(alone.diagnostics.contains("--reconcile-out: found no --reconcile COLUMN"))
  }

  private static let whale = SharedData.file("positions/hyperliquid_clearinghouse_whale.json")

  /// The 33 prices that Hyperliquid states for a real account.
  @Test(.enabled(if: whale != nil, "there is no ../shared/data"))
  func aRealAccountComesOutAsItsVenueSays() throws {
    let place = try Workdir(withBook: false)
    try place.run([
      "import", "hyperliquid", try #require(ColumnTests.whale).path, "-o", "book.csv",
      "--prices-out", "prices.csv", "-q",
    ])
    let outcome = try place.run(
      [
        "prices", "--book", "book.csv", "--reconcile", "liquidation_price", "-o", "p.csv",
        "--reconcile-out", "r.csv",
      ] + ColumnTests.inputs
    )
    let line = outcome.diagnostics.split(separator: "\n")[2].split(separator: " ")
    #expect(line.prefix(4) == ["hyperliquid", "33", "0", "0"])
    let rows = try place.text("r.csv").split(separator: "\n").dropFirst()
    #expect(rows.count == 33)
    for row in rows {
      let fields = row.split(separator: ",", omittingEmptySubsequences: false)
      #expect(try #require(Double(fields[5])).magnitude < 0.01, "\(row)")
      #expect(fields[6] == fields[7])
    }
  }
}
