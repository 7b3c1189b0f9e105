// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Inputs
import TestSupport
import Testing
import TextKit

/// Hyperliquid's answers as a book.
@Suite struct ImportHyperliquidTests {
  private static let two = state(
    [
      position("BTC", "-0.1", entry: "60000.5", value: "6100.0", others: #", "maxLeverage": 40"#),
      position("SOL", "3", entry: "150.1", value: "441.3", others: #", "maxLeverage": 10"#),
    ],
    raw: "7000.25",
    value: "1341.55"
  )

  private func text(_ book: ImportedBook) -> String {
    String(decoding: book.bookText, as: UTF8.self)
  }

  @Test func `collateral makes the account value come out, once`() throws {
    let book = try hyperliquid([("whale.json", ImportHyperliquidTests.two)])
    // 7000.25 − 0.1 · 60000.5 + 3 · 150.1 = 1450.5
    #expect(
      text(book) == """
        account,venue,asset,leg,quantity,entry_price,collateral_usd,max_leverage,margin_mode
        whale,hyperliquid,BTC,perp,-0.1,60000.5,1450.5,,cross
        whale,hyperliquid,SOL,perp,3,150.1,0,10,cross

        """
    )
    #expect(
      String(decoding: book.priceText, as: UTF8.self) == "asset,price\nBTC,61000\nSOL,147.1\n"
    )
    #expect(book.accountCount == 1)
    #expect(book.warnings.isEmpty)
  }

  @Test func `leverage of the first tier leaves the table in force`() throws {
    for (coin, given, written) in [("BTC", "40", ""), ("BTC", "20", "20"), ("OP", "3", "")] {
      let one = position(
        coin,
        "1",
        entry: "2",
        value: "2",
        others: ", \"maxLeverage\": \(given), \"liquidationPx\": \"1.25\""
      )
      let book = try hyperliquid([("a.json", state([one], raw: "5", value: "7"))])
      let row = text(book).split(separator: "\n")[1]
      #expect(
        row
          == (written.isEmpty
            ? "a,hyperliquid,\(coin),perp,1,2,7,cross,1.25"
            : "a,hyperliquid,\(coin),perp,1,2,7,\(written),cross,1.25")
      )
    }
  }

  @Test func `an isolated position has collateral of its own`() throws {
    let isolated = position(
      "SOL",
      "-2",
      entry: "100",
      value: "220",
      leverage: #"{"type": "isolated", "value": 5, "rawUsd": "250.5"}"#,
      others: #", "liquidationPx": null"#
    )
    let cross = position("BTC", "1", entry: "10", value: "11")
    let book = try hyperliquid([("a.json", state([isolated, cross], raw: "100", value: "111"))])
    #expect(
      text(book) == """
        account,venue,asset,leg,quantity,entry_price,collateral_usd,margin_mode
        a,hyperliquid,SOL,perp,-2,100,50.5,isolated
        a,hyperliquid,BTC,perp,1,10,110,cross

        """
    )
    #expect(book.accountCount == 2)
  }

  @Test func `states are found in every arrangement`() throws {
    let one = state([position("SOL", "1", entry: "1", value: "1")], raw: "1", value: "2")
    let named = state(
      [position("SOL", "1", entry: "1", value: "1")],
      raw: "1",
      value: "2",
      others: "\"user\": \"0xn\", "
    )
    for (content, users) in [
      (one, ["dir.file"]), (named, ["0xn"]),
      ("{\"0xa\": \(one), \"0xb\": \(named)}", ["0xa", "0xb"]),
      ("[{\"user\": \"0xa\", \"state\": \(one)}, \(named)]", ["0xa", "0xn"]),
      ("{\"user\": \"0xc\", \"clearinghouseState\": \(one)}\n\(named)", ["0xc", "0xn"]),
    ] {
      let book = try hyperliquid([("dir.file.json", content)])
      #expect(book.legs.map(\.account) == users)
    }
  }

  @Test func `users without a position are counted`() throws {
    let empty = state([], raw: "5", value: "5")
    let zero = state([position("SOL", "0.0", entry: "1", value: "0")], raw: "5", value: "5")
    let one = state([position("SOL", "1", entry: "1", value: "1")], raw: "1", value: "2")
    let book = try hyperliquid([("a.json", empty), ("b.json", zero), ("c.jsonl", one)])
    #expect(book.legs.map(\.account) == ["c"])
    #expect(book.counts == ["2 users without a position"])
  }

  @Test func `unknown coins are named together, or left out at their mark`() throws {
    let positions = [
      position("DOGX", "-10", entry: "1", value: "30"),
      position("SOL", "1", entry: "5", value: "6"),
      position("ABC", "1", entry: "1", value: "2"), position("DOGX", "1", entry: "1", value: "3"),
    ]
    let files = [("a.json", state(positions, raw: "100", value: "81"))]
    #expect(
      throws: Failure(
        .data,
        "found 2 assets that venue hyperliquid does not list: DOGX, ABC; add them to a venue file"
          + " (--venues), or leave them out with --skip-unknown"
      )
    ) { try hyperliquid(files) }
    let book = try hyperliquid(files, skipping: true)
    // 100 of cash, 5 of SOL's entry, and −30 + 2 + 3 of what was left out.
    #expect(book.legs.map(\.collateralUSD) == [80.0])
    #expect(book.counts == ["3 legs of unknown assets left out (DOGX, ABC)"])
    #expect(book.warnings.count == 1)
    #expect(book.warnings[0].hasSuffix("their margin requirement is not counted"))
  }

  @Test func `the latest price wins, and sums that do not add up are told`() throws {
    let early = state(
      [position("SOL", "1", entry: "5", value: "7")],
      raw: "10",
      value: "17",
      others: "\"time\": 5, "
    )
    let late = state(
      [position("SOL", "2", entry: "5", value: "18")],
      raw: "10",
      value: "30",
      others: "\"time\": 6, "
    )
    for files in [[("a.json", early), ("b.json", late)], [("b.json", late), ("a.json", early)]] {
      let book = try hyperliquid(files)
      #expect(book.prices.map(\.price) == [9])
      #expect(book.warnings.count == 2)
      #expect(book.warnings.contains { $0.contains("add up to -2 more than accountValue") })
      #expect(book.warnings.contains { $0.hasPrefix("1 coin has different prices in different") })
    }
  }

  @Test(arguments: [
    (
      "{\"assetPositions\": []}", "a.json:1: found no key 'crossMarginSummary', expected a table"
    ),
    (
      "[\n 5]", "a.json:2: [0]: found 5, expected a table"
    ),
    (
      "{\"x\":\n {}}",
      "a.json:2: x: found a table, expected a clearinghouseState answer, an object with"
        + " 'assetPositions', 'crossMarginSummary' and, among several, 'user'"
    ),
    ("[]", "found no account, expected at least one clearinghouseState answer"),
  ])
  func `what is no state is refused`(text: String, message: String) {
    #expect(throws: Failure(.data, message)) { try hyperliquid([("a.json", text)]) }
  }

  @Test func `wrong numbers are refused with their line`() throws {
    let bad = state([position("SOL", "1 ", entry: "1", value: "1")], raw: "1", value: "2")
    #expect(
      throws: Failure(
        .data,
        "a.json:2: assetPositions[0].position.szi: found the text '1 ', expected a decimal number"
          + " in quotes, of at most 100 digits"
      )
    ) { try hyperliquid([("a.json", bad)]) }
    for (raw, price) in [("-1e20", "1"), ("1", "1.1e15")] {
      let one = state([position("SOL", "1", entry: price, value: "1")], raw: raw, value: "2")
      let failure = #expect(throws: Failure.self) { try hyperliquid([("a.json", one)]) }
      #expect(failure?.kind == .data)
      #expect(failure?.message.contains("found numbers that no book may have") == true)
    }
    let twice = state([position("SOL", "1", entry: "1", value: "1")], raw: "1", value: "2")
    #expect(
      throws: Failure(
        .data,
        "a.json:4: found the user 'a' again, expected each user once; the first is at a.json:1;"
          + " give every state of a file a 'user'"
      )
    ) { try hyperliquid([("a.json", twice + "\n" + twice)]) }
  }

  @Test func `a folder stands for its JSON files in the order of their names`() throws {
    let folder = WorldFolder()
    for name in ["b.json", "a.jsonl.gz", "c.txt", ".d.json", "B.ndjson"] { folder.file(name, "{}") }
    #expect(
      try ImportFolder.files([folder.path, "x.json"]).map(folder.short)
        == ["B.ndjson", "a.jsonl.gz", "b.json", "x.json"]
    )
    let empty = WorldFolder()
    #expect(throws: Failure.self) { try ImportFolder.files([empty.path]) }
  }

  /// Answers with bytes changed, dropped and doubled are read or refused, never worse.
  @Test(arguments: UInt64(0)..<8)
  func `broken answers end in a failure`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let whole = Array("{\"a\": \(ImportHyperliquidTests.two)}\n[]".utf8)
    let marks = Array("{}[]\",:0-9.eE\\\u{0}ntu ".utf8)
    for _ in 0..<200 {
      var text = whole
      for _ in 0...random.next() % 4 {
        let place = Int(random.next() % UInt64(text.count))
        switch random.next() % 4 {
        case 0: text[place] = marks[Int(random.next() % UInt64(marks.count))]
        case 1: text.remove(at: place)
        case 2: text.insert(marks[Int(random.next() % UInt64(marks.count))], at: place)
        default: text[place] = UInt8(truncatingIfNeeded: random.next())
        }
      }
      let folder = WorldFolder()
      let path = folder.file("a.json", text)
      let found = complaint(folder) {
        var reading = try HyperliquidImport(catalogue: ImportVenues.catalogue(), skipsUnknown: true)
        try reading.read(path)
        _ = try reading.finish()
      }
      #expect(found == "no failure" || found.contains(": ") || found.hasPrefix("found "))
    }
  }
}
