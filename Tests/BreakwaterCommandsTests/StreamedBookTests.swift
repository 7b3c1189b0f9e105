// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Books that are worked on while they are read, against the same books read as a whole.
@Suite("Streamed books")
struct StreamedBookTests {
  /// Random books of all kinds of venues, their rows changed in many ways: the same bytes, the same
  /// messages and the same exit codes, whatever the pieces and threads.
  @Test("Both ways give the same", arguments: 0..<8)
  func bothWays(_ group: Int) throws {
    let workdir = try Workdir(withBook: false)
    for round in 0..<12 {
      var random = SplitMix64(seed: UInt64(group * 1000 + round))
      try workdir.run([
        "generate", "book", "--accounts", "\(random.whole(1, 60))", "--seed",
        "\(group * 100 + round)", "-q", "-o", "base.csv", "--write-prices", "prices.csv",
        "--two-asset-share", "0.4",
      ])
      for command in ["clusters", "prices"] {
        // Generated books need no other way.
        let arguments = [command, "--book", "base.csv", "--prices", "prices.csv", "-q"]
        let outcome = try run(workdir, arguments, "only:\(random.pick([1, 64, 4096]))")
        #expect(outcome.status == 0, "\(command) \(outcome.diagnostics)")
      }
      var book = MutableBook(try workdir.text("base.csv"), random)
      try workdir.write("book.csv", Data(book.text()))
      try workdir.write("prices.csv", book.prices(try workdir.text("prices.csv")))
      for command in ["clusters", "prices"] {
        let size = random.pick([1, 64, 300, 4096])
        try compare(workdir, command, size: size, "group \(group) \(round)")
      }
    }
  }

  private func compare(
    _ workdir: Workdir,
    _ command: String,
    size: Int,
    _ name: String
  ) throws {
    let arguments = [command, "--book", "book.csv", "--prices", "prices.csv"]
    let plain = try run(workdir, arguments + ["-o", "plain.csv"], "plain")
    let threads = size == 300 ? "3" : "1"
    let pieces = try run(
      workdir,
      arguments + ["-o", "pieces.csv", "-j", threads],
      "pieces:\(size)"
    )
    let printed = try run(workdir, arguments + ["-j", "2"], "pieces:\(size)")
    let comment = Comment(rawValue: "\(name) \(command) pieces:\(size)")
    #expect(pieces.status == plain.status, comment)
    #expect(printed.status == plain.status, comment)
    #expect(pieces.diagnostics == plain.diagnostics, comment)
    #expect(printed.diagnostics == plain.diagnostics, comment)
    // Of a compressed book only the name differs.
    let packed = [command, "--book", "book.csv.gz", "--prices", "prices.csv"]
    try workdir.shell("gzip -kf book.csv")
    let inflated = try run(workdir, packed + ["-j", threads], "pieces:\(size)")
    let wholly = try run(workdir, packed, "plain")
    #expect(inflated.status == plain.status, comment)
    #expect(inflated.diagnostics == wholly.diagnostics, comment)
    #expect(inflated.output == printed.output, comment)
    guard plain.status == 0 else {
      #expect(printed.output.isEmpty, comment)
      return
    }
    let expected = try workdir.bytes("plain.csv")
    #expect(try workdir.bytes("pieces.csv") == expected, comment)
    #expect(printed.output == expected, comment)
  }

  private func run(_ workdir: Workdir, _ arguments: [String], _ way: String) throws -> Outcome {
    let script = arguments.map { "'\($0)'" }.joined(separator: " ")
    let outcome = try workdir.shell("BREAKWATER_PATH=\(way) \"$BREAKWATER\" \(script); echo $? > s")
    let status = Int32(try workdir.text("s").trimmingCharacters(in: .newlines)) ?? -1
    return Outcome(status: status, output: outcome.output, diagnostics: outcome.diagnostics)
  }

  /// A compressed book takes no other way, and one that is cut off anywhere says the same.
  @Test func compressedBooks() throws {
    let workdir = try Workdir(withBook: false)
    try workdir.run([
      "generate", "book", "--accounts", "3000", "--seed", "5", "-q", "-o", "book.csv",
      "--write-prices", "prices.csv",
    ])
    let plain = try run(
      workdir,
      ["clusters", "--book", "book.csv", "--prices", "prices.csv"],
      "plain"
    )
    try workdir.shell("gzip -k book.csv && mv book.csv.gz unnamed && cp unnamed book.csv.gz")
    for file in ["book.csv.gz", "unnamed"] {
      for way in ["only:100", "only:65536"] {
        let found = try run(workdir, ["clusters", "--book", file, "--prices", "prices.csv"], way)
        #expect(found.status == 0 && found.output == plain.output, "\(file) \(found.diagnostics)")
      }
    }
    let size = try workdir.bytes("book.csv.gz").count
    for end in [0, 10, 30, size / 2, size - 9, size - 1] {
      try workdir.shell("head -c \(end) unnamed > book.csv.gz")
      let arguments = ["prices", "--book", "book.csv.gz", "--prices", "prices.csv"]
      let whole = try run(workdir, arguments, "plain")
      let found = try run(workdir, arguments, "pieces:1000")
      #expect(found.status == whole.status && found.status != 0)
      #expect(found.diagnostics == whole.diagnostics)
      #expect(found.output.isEmpty)
    }
  }

  /// An account whose rows lie far apart is one account, and a huge one is not cut.
  @Test func accountsAcrossPieces() throws {
    let workdir = try Workdir(withBook: false)
    try workdir.write("prices.csv", "asset,price\nBTC,100000\nETH,4000\nSOL,150\n")
    var near = "account,venue,asset,leg,quantity,entry_price,collateral_usd\n"
    for number in 0..<40 {
      for asset in ["BTC", "ETH", "SOL"] {
        near += "n\(number),hyperliquid,\(asset),perp,\(number % 2 == 0 ? 1 : -1),100,500000\n"
      }
    }
    for (name, text) in [
      ("near", near), ("far", near + "n0,hyperliquid,ARB,perp,1,1,0\nn1,,,,,,\n"),
      ("apart", near + "n0,hyperliquid,USDC,deposit,1000,,\n"),
    ] {
      try workdir.write("book.csv", text)
      for size in [1, 100, 1000] {
        for command in ["clusters", "prices"] {
          try compare(workdir, command, size: size, name)
          let arguments = [command, "--book", "book.csv", "--prices", "prices.csv", "-q"]
          let outcome = try run(workdir, arguments, "only:\(size)")
          #expect(outcome.status == (name == "near" ? 0 : name == "apart" ? 70 : 65))
        }
      }
    }
  }
}

/// A generated book whose rows are changed at random.
private struct MutableBook {
  private var rows: [[String]]
  private var random: SplitMix64

  init(_ text: String, _ random: SplitMix64) {
    rows = text.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    self.random = random
  }

  /// The bytes of the book.
  mutating func text() -> [UInt8] {
    if random.once(in: 2) { changeAccounts() }
    if random.once(in: 2) { changeNumbers() }
    if random.once(in: 3) { addColumns() }
    if random.once(in: 3) { breakOne() }
    if random.once(in: 3) { rows = rows.map { $0.shuffled(like: rows[0].count, random) } }
    let quotes = random.once(in: 3)
    let lineEnd = random.once(in: 3) ? "\r\n" : "\n"
    var text = random.once(in: 5) ? "\u{FEFF}" : ""
    for (place, row) in rows.enumerated() {
      text += row.map { (field: String) in
        let isQuoted = field.contains { ",\"\n".contains($0) } || quotes && random.once(in: 40)
        return isQuoted
          ? "\"" + field.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : field
      }.joined(separator: ",")
      if place < rows.count - 1 || random.once(in: 2) { text += lineEnd }
      if random.once(in: 30) { text += lineEnd }
    }
    return Array(text.utf8)
  }

  /// Prices, now and then without slots or without an asset.
  mutating func prices(_ text: String) -> String {
    var lines = text.split(separator: "\n").map(String.init)
    if random.once(in: 2) {
      lines = lines.map { $0.split(separator: ",").dropLast().joined(separator: ",") }
    }
    if random.once(in: 12) { lines.removeLast() }
    return lines.joined(separator: "\n") + "\n"
  }

  private var someRow: Int { mutating get { random.whole(min(1, rows.count - 1), rows.count - 1) } }

  /// Joins accounts, takes them apart, and gives them other texts.
  private mutating func changeAccounts() {
    for _ in 0..<random.whole(1, 6) {
      let place = someRow
      switch random.whole(0, 7) {
      case 0: rows[place][0] = ""
      case 1: rows[place][0] = "a, \"b\"\nc"
      case 2: rows[place][0] = "=1+2"
      case 3: rows[place][0] = random.pick(["é", "e\u{301}", "日本"])
      case 4: rows[place][0] = "exactly8"
      case 5: if place > 1 { rows.swapAt(place, place - 1) }
      default:
        // A cross account of the rows that follow at the same venue.
        for next in place..<min(rows.count, place + 4) where rows[next][1] == rows[place][1] {
          rows[next][0] = rows[place][0]
          rows[next][8] = "cross"
        }
      }
    }
  }

  /// The same numbers in other forms, and other numbers.
  private mutating func changeNumbers() {
    for _ in 0..<random.whole(1, 6) {
      let place = someRow
      let column = random.pick([4, 5, 6, 9])
      let text = rows[place][column]
      if place == 0 || text.isEmpty { continue }
      rows[place][column] = random.pick([
        "+" + text, text + "0", "00" + text, text + "e0", text + ".0", text + "E-2",
        text + "000000000000000001", "0", "-0", "1e-5", "123456789012345678", "9007199254740993",
        "0.30000000000000004", "",
      ])
    }
  }

  private mutating func addColumns() {
    let names = [
      "stop_loss_price", "protection_cap_usd", "protection_deposited_usd", "max_leverage",
      "elevation_group", "liquidation_price", "note", "trigger_distance", "safe_distance",
    ]
    let name = random.pick(names)
    for place in rows.indices {
      let isNumber = name != "elevation_group" && name != "note"
      let value = isNumber ? random.pick(["5", "0.5", "12.25"]) : random.pick(["x", "a b"])
      rows[place].append(place == 0 ? name : random.once(in: 6) ? value : "")
    }
  }

  /// Makes a row that no book may have.
  private mutating func breakOne() {
    let place = someRow
    switch random.whole(0, 6) {
    case 0: rows[place].removeLast()
    case 1: rows[place].append("more")
    case 2: rows[place][1] = "hyperliqiud"
    case 3: rows[place][2] = "NONE"
    case 4:
      rows[place][random.pick([4, 5, 9])] = random.pick(["abc", "1e400", "nan", " 5", "1.2.3"])
    case 5: rows[place][3] = "Perp"
    default: rows[place][4] = "-1e19"
    }
  }
}

extension [String] {
  /// The fields in another order, the same for all rows of one book.
  fileprivate func shuffled(like count: Int, _ random: SplitMix64) -> [String] {
    guard self.count == count else { return self }
    var random = random
    return shuffled(using: &random)
  }
}
