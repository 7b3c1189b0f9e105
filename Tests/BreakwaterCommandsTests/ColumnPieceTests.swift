// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Books whose rows stay columns, against the same books read as a whole.
struct ColumnPieceTests {
  private static let inputs = ["--prices", "prices.csv", "-q"]

  /// Levels of instructions that this machine has.
  private static let levels: [String] = ["base", "v3", "v4"].filter { level in
    guard let place = try? Workdir() else { return false }
    let call = "\"$BREAKWATER\" clusters --book book.csv \(inputs.joined(separator: " "))"
    let outcome = try? place.shell("BREAKWATER_ISA=\(level) \(call) >/dev/null 2>&1; echo $?")
    return outcome?.text == "0\n"
  }

  /// Rows of a generated book, in an order and with accounts of their own.
  private func rows(_ place: Workdir, _ group: Int, _ random: inout SplitMix64) throws -> [String] {
    try place.run([
      "generate", "book", "--accounts", "\(random.whole(1, 1500))", "--seed", "\(group)", "-q",
      "-o", "base.csv", "--write-prices", "prices.csv",
    ])
    var rows = try place.text("base.csv").split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    for row in rows.indices.dropFirst() {
      switch group % 4 {
      case 0: break
      // As many accounts as rows, in order, here and there one of two rows.
      case 1:
        let joins = row > 1 && rows[row][1] == rows[row - 1][1] && rows[row][2] != rows[row - 1][2]
        rows[row][0] = joins && random.once(in: 20) ? rows[row - 1][0] : "\(row)"
      case 2: rows[row][0] = random.once(in: 30) ? "" : "\(random.whole(0, 1 << 30))"
      default: rows[row][0] = "\(rows.count - row)"
      }
      if random.once(in: 60) { rows[row][4] = random.pick(["0", "-0", "1e-99", "0.5"]) }
      if random.once(in: 60) { rows[row][6] = random.pick(["", "1e12", "-5", "0"]) }
      if random.once(in: 60) { rows[row][9] = "" }
      if random.once(in: 60) { rows[row][8] = "" }
    }
    if group % 4 == 3 {
      let (header, body) = (rows[0], Array(rows.dropFirst()))
      rows = [header] + body.shuffled(using: &random)
    }
    if group % 3 == 0 {
      for row in rows.indices {
        rows[row].append(row == 0 ? "max_leverage" : random.once(in: 9) ? "5" : "")
      }
    }
    return rows.map { $0.joined(separator: ",") }
  }

  @Test(arguments: 0..<12)
  func aFolderGivesTheClustersOfTheWholeBook(_ group: Int) throws {
    let place = try Workdir(withBook: false)
    var random = SplitMix64(seed: UInt64(group))
    let rows = try rows(place, group, &random)
    try place.write("book.csv", rows.joined(separator: "\n") + "\n")
    try place.run(["convert", "book.csv", "columns", "-q"])
    let settings = random.pick([
      [], ["--set", "protection.enabled=0"], ["--set", "protection.cap_base=collateral"],
      ["--set", "protection.max_deposit_ratio=0.7", "--bin-bps", "10"], ["--slot", "300000100"],
      ["--bin-bps", "1"],
    ])
    for command in [["clusters"] + settings, ["prices"]] {
      let expected = try place.run(
        command + ["--book", "book.csv"] + ColumnPieceTests.inputs,
        environment: ["BREAKWATER_PATH": "plain"]
      )
      for threads in [1, 2, 3, 7] {
        let level = random.pick(ColumnPieceTests.levels)
        let way = "pieces:\(random.pick([4, 400, 4096, 65_536]))"
        let found = try place.run(
          command + ["--book", "columns", "-j", "\(threads)"] + ColumnPieceTests.inputs,
          environment: ["BREAKWATER_PATH": way, "BREAKWATER_ISA": level]
        )
        #expect(found.output == expected.output, "\(command) \(way) \(level) \(threads)")
      }
    }
  }

  /// Whatever the order of accounts, no folder here needs the whole book in memory.
  @Test(arguments: [0, 1])
  func accountsInAnyOrderStayInPieces(_ group: Int) throws {
    let place = try Workdir(withBook: false)
    var random = SplitMix64(seed: UInt64(group))
    try place.write("prices.csv", "asset,price\nBTC,100000\nETH,4000\nSOL,150\n")
    var numbers = Array(0..<5000)
    if group == 1 { numbers.shuffle(using: &random) }
    var text = "account,venue,asset,leg,quantity,entry_price,collateral_usd,margin_mode\n"
    for number in numbers {
      let mode = random.pick(["", "cross", "isolated", "strict_isolated"])
      text += "\(number),hyperliquid,SOL,perp,\(random.number(-9, 9)),140,\(number % 700),\(mode)\n"
    }
    try place.write("book.csv", text)
    try place.run(["convert", "book.csv", "columns", "-q"])
    for command in ["clusters", "prices"] {
      let expected = try place.run(
        [command, "--book", "book.csv"] + ColumnPieceTests.inputs,
        environment: ["BREAKWATER_PATH": "plain"]
      )
      for threads in [1, 3] {
        let found = try place.run(
          [command, "--book", "columns", "-j", "\(threads)"] + ColumnPieceTests.inputs,
          environment: ["BREAKWATER_PATH": "only:1000"]
        )
        #expect(found.output == expected.output, "\(command) \(threads)")
      }
    }
  }

  /// Names of all kinds come out as they do from the CSV file.
  @Test func namesAreThoseOfTheFile() throws {
    let place = try Workdir(withBook: false)
    try place.write("prices.csv", "asset,price\nBTC,100000\nETH,4000\nSOL,150\n")
    var text = "account,venue,asset,leg,quantity,entry_price,collateral_usd\n"
    for row in 0..<300 {
      let names = [
        "plain\(row)", "\"a,b\(row)\"", "\"say \"\"hi\(row)\"\"\"", "=1+\(row)", "é\(row)",
        "日本\(row)",
        "-\(row)", " space \(row) ", "",
      ]
      let own = names[row % 9]
      text += "\(own),hyperliquid,SOL,perp,\(row % 7 - 3),140,\(row)\n"
    }
    try place.write("book.csv", text)
    try place.run(["convert", "book.csv", "columns", "-q"])
    for command in ["clusters", "prices"] {
      let expected = try place.run(
        [command, "--book", "book.csv"] + ColumnPieceTests.inputs,
        environment: ["BREAKWATER_PATH": "plain"]
      )
      for way in ["pieces:100", "pieces:100000", "plain"] {
        let found = try place.run(
          [command, "--book", "columns", "-j", "2"] + ColumnPieceTests.inputs,
          environment: ["BREAKWATER_PATH": way]
        )
        #expect(found.output == expected.output, "\(command) \(way)")
      }
    }
  }
}
