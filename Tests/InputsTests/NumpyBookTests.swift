// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Inputs
import Markets
import Tables
import TestSupport
import Testing
import TextKit

/// Books as folders of `.npy` columns (DESIGN 4).
@Suite struct NumpyBookTests {
  /// Writes a folder of columns and words.
  private func folder(
    _ place: WorldFolder,
    _ columns: [(name: String, type: NPYType, values: [Double])],
    codes: String?
  ) throws -> String {
    let path = place.path + "/book"
    try? FileManager.default.removeItem(atPath: path)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for column in columns {
      let writer = try NPYWriter(path: "\(path)/\(column.name).npy", type: column.type)
      for value in column.values { try writer.add(value) }
      try writer.finish()
    }
    if let codes { place.file("book/codes.json", codes) }
    return path
  }

  private typealias Columns = [(name: String, type: NPYType, values: [Double])]

  private static let codes = """
    {"venue": ["perps", "loans"], "asset": ["SOL", "USDC"], "leg": ["perp", "deposit", "borrow"],
     "margin_mode": ["isolated", "cross"]}
    """

  private static let four: Columns = [
    ("venue", .int8, [0, 0, 1, 1]), ("asset", .int32, [0, 0, 0, 1]), ("leg", .uint8, [0, 0, 1, 2]),
    ("quantity", .float64, [1, -2, 10, 500]), ("entry_price", .float32, [100, 0.5, .nan, .nan]),
  ]

  private func read(_ columns: Columns, codes: String? = codes) throws -> Book {
    let place = WorldFolder()
    return try BookFile.read(
      try folder(place, columns, codes: codes),
      catalogue: WorldVenues.catalogue()
    ).book
  }

  private func complaint(_ columns: Columns, codes: String? = codes) throws -> String {
    let place = WorldFolder()
    let path = try folder(place, columns, codes: codes)
    return InputsTests.complaint(place) {
      _ = try BookFile.read(path, catalogue: WorldVenues.catalogue())
    }
  }

  private func replacing(_ name: String, _ type: NPYType, _ values: [Double]) -> Columns {
    NumpyBookTests.four.filter { $0.name != name } + [(name, type, values)]
  }

  @Test func `columns of any type are the rows of a book`() throws {
    let book = try read(
      NumpyBookTests.four + [
        ("account", .int16, [-1, 7, 3, 3]), ("margin_mode", .int16, [0, -1, 1, -1]),
        ("protected", .bool, [0, 1, 0, 0]), ("observed_slot", .int64, [5, -1, 9, 8]),
        ("collateral_usd", .int32, [-1, 0, 2, 3]),
      ]
    )
    #expect(book.accounts.map(\.name) == ["", "7", "3"])
    #expect(book.accounts.map(\.marginMode) == [.isolated, .cross, .cross])
    #expect(book.accounts.map(\.protection.isProtected) == [false, true, false])
    #expect(book.accounts.map(\.collateralUSD) == [-1, 0, 5])
    #expect(book.accounts.map(\.observedSlot) == [5, nil, 8])
    #expect(book.accounts.map { $0.legs.map(\.quantity) } == [[1], [-2], [10, 500]])
    #expect(book.accounts[1].legs[0].entryPrice == 0.5)
    #expect(book.accounts[2].legs.map(\.line) == [2, 3])
  }

  @Test func `without accounts every row is one`() throws {
    let book = try read(NumpyBookTests.four)
    #expect(book.accounts.map(\.name) == ["", "", "", ""])
  }

  @Test func `accounts may have names`() throws {
    let account: Columns = [("account", .int64, [1, -1, 0, 0])]
    let listed = try read(
      NumpyBookTests.four + account,
      codes: NumpyBookTests.codes.dropLast() + #", "account": ["Ümit", "b,c"]}"#
    )
    #expect(listed.accounts.map(\.name) == ["b,c", "", "Ümit"])
    let bytes = Array("Ümitb,c".utf8).map(Double.init)
    let apart = try read(
      NumpyBookTests.four + account + [
        ("account_names", .uint8, bytes), ("account_ends", .int32, [5, 8]),
      ]
    )
    #expect(apart.accounts.map(\.name) == ["b,c", "", "Ümit"])
  }

  @Test func `what is wrong is said with folder, row and column`() throws {
    #expect(
      try complaint(replacing("quantity", .float64, [1, 1, -3, 1]))
        == "book:2: column 'quantity': found '-3', expected a quantity of at least 0 for a deposit;"
        + " only perps are signed; a loan is a row with leg = borrow"
    )
    #expect(
      try complaint(replacing("quantity", .float64, [1, .nan, 3, 1]))
        == "book:1: column 'quantity': found '', expected a finite number"
    )
    #expect(
      try complaint(replacing("quantity", .float64, [1, 1e-101, 3, 1]))
        == "book:1: column 'quantity': found '1e-101', expected 0 or a quantity of at least 1e-100"
    )
    #expect(
      try complaint(replacing("quantity", .float64, [1, .infinity, 3, 1]))
        == "book:1: column 'quantity': found 'inf', expected a finite number"
    )
    #expect(
      try complaint(replacing("leg", .uint8, [0, 3, 1, 2]))
        == "book:1: column 'leg': found '3', expected a code from 0 to 2, or -1 for none"
    )
    #expect(
      try complaint(NumpyBookTests.four, codes: nil)
        == "book:0: column 'venue': found '0', expected words for the codes of this column in"
        + " codes.json"
    )
    #expect(
      try complaint(replacing("entry_price", .float64, [.nan, 1, 1, 1]))
        == "book:0: column 'entry_price': found '', expected the entry price of a perp, a number"
    )
    #expect(
      try complaint(NumpyBookTests.four + [("protected", .int8, [0, 1, 2, 0])])
        == "book:2: column 'protected': found '2', expected 0 or 1"
    )
    #expect(
      try complaint(NumpyBookTests.four + [("observed_slot", .int64, [0, 1, -2, 0])])
        == "book:2: column 'observed_slot': found '-2', expected a slot of at least 0"
    )
  }

  @Test func `columns that do not fit each other are refused`() throws {
    #expect(
      try complaint(replacing("entry_price", .float64, [1]))
        == "book/entry_price.npy: found 1 rows, expected 4 as in book/quantity.npy"
    )
    #expect(
      try complaint(replacing("venue", .float64, [0, 0, 0, 0]))
        == "book/venue.npy: found values of type <f8, expected whole numbers (codes of codes.json)"
    )
    #expect(
      try complaint(NumpyBookTests.four.filter { $0.name != "leg" })
        == "book: column 'leg': found columns 'asset', 'entry_price', 'quantity', 'venue', expected"
        + " this column too"
    )
    #expect(
      try complaint([]) == "book: found a folder without .npy columns, expected those of a book"
    )
    #expect(
      try complaint(
        NumpyBookTests.four + [
          ("account", .int64, [0, 2, 0, 0]), ("account_names", .uint8, [65]),
          ("account_ends", .int64, [1]),
        ]
      )
        == "book:1: column 'account': found '2', expected a number from 0 to 0 of an account with a"
        + " name, or -1 for none"
    )
    #expect(
      try complaint(
        NumpyBookTests.four + [
          ("account", .int64, [0, 0, 0, 0]), ("account_names", .uint8, [65]),
          ("account_ends", .int64, [2]),
        ]
      ) == "book/account_ends.npy: found the end 2 after 0, expected rising ones up to 1, the bytes"
        + " of account_names.npy"
    )
    #expect(
      try complaint(NumpyBookTests.four, codes: "{\"venue\": [1]}").hasPrefix("book/codes.json:1")
    )
  }

  @Test(arguments: PropertySeeds.first(12))
  func `CSV becomes columns and CSV again without a change`(seed: UInt64) throws {
    var dice = SplitMix64(seed: seed)
    let place = WorldFolder()
    let text = RandomBookText.make(&dice, rows: dice.once(in: 4) ? 66_000 : dice.whole(1, 60))
    let csv = place.file("in.csv", text)
    let (folder, out) = (place.path + "/columns", place.path + "/out.csv")
    var rows = 0
    let made = try BookConversion.toFolder(csv, folder) { rows += $0 }
    // Accounts with names are found on the way, and then it begins again.
    #expect(rows >= made.rows)
    #expect(made.warnings.isEmpty)
    _ = try BookConversion.toCSV(folder, out) { _ in }
    #expect(try String(contentsOfFile: out, encoding: .utf8) == text)
    // The same again from what came out, into the same folder.
    _ = try BookConversion.toFolder(out, folder) { _ in }
    _ = try BookConversion.toCSV(folder, out) { _ in }
    #expect(try String(contentsOfFile: out, encoding: .utf8) == text)
  }

  @Test func `a conversion that fails leaves the folder as it was`() throws {
    let place = WorldFolder()
    let header = "account,venue,asset,leg,quantity\n"
    let good = place.file("good.csv", header + "1,perps,SOL,deposit,2\n")
    let bad = place.file("bad.csv", header + "1,perps,SOL,deposit,2\n1,perps,SOL,deposit,x\n")
    let folder = place.path + "/columns"
    _ = try BookConversion.toFolder(good, folder) { _ in }
    let message = InputsTests.complaint(place) {
      _ = try BookConversion.toFolder(bad, folder) { _ in }
    }
    #expect(message.hasPrefix("bad.csv:3: column 'quantity': found 'x', expected a finite number"))
    _ = try BookConversion.toCSV(folder, place.path + "/out.csv") { _ in }
    #expect(
      try String(contentsOfFile: place.path + "/out.csv", encoding: .utf8)
        == header + "1,perps,SOL,deposit,2\n"
    )
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: place.path).sorted() == [
        "bad.csv", "columns", "good.csv", "out.csv",
      ]
    )
  }
}

/// Books as text, in the form in which CSV is written.
enum RandomBookText {
  /// Some rows with any of the optional columns, also values that no venue would take.
  static func make(_ dice: inout SplitMix64, rows: Int) -> String {
    let optional = [
      "entry_price", "collateral_usd", "max_leverage", "protected", "margin_mode", "observed_slot",
      "liquidation_price", "protection_deposited_usd", "stop_loss_price", "liquidation_threshold",
      "elevation_group",
    ].filter { _ in dice.once(in: 2) }
    let names = ["account", "venue", "asset", "leg", "quantity"] + optional
    // The kinds of account texts: numbers, names, or both.
    let kind = dice.whole(0, 2)
    var table = CSVBuilder()
    // The order of the columns is that of the book's description.
    let order = [
      "account", "venue", "asset", "leg", "quantity", "entry_price", "collateral_usd",
      "max_leverage", "protected", "margin_mode", "observed_slot", "liquidation_price",
      "protection_deposited_usd", "stop_loss_price", "liquidation_threshold", "elevation_group",
    ].filter(names.contains)
    table.row(order)
    for _ in 0..<rows {
      for name in order {
        switch name {
        case "account":
          let number = "\(dice.whole(0, 30))"
          let word = dice.pick(["", "a,b", "=x", "007", "-1", "Å\nx", "\"q\"", "0x12", "+3"])
          let isNumber = kind == 0 || (kind == 2 && dice.once(in: 2))
          table.text(isNumber ? number : word, guardsFormulas: false)
        case "venue", "asset", "leg", "margin_mode", "elevation_group":
          table.text(dice.pick(["", "x", "two words", "q\"", "\u{1}"]), guardsFormulas: false)
        case "protected":
          if dice.once(in: 3) { table.empty() } else { table.flag(dice.once(in: 2)) }
        case "observed_slot":
          if dice.once(in: 3) { table.empty() } else { table.integer(dice.whole(0, .max - 1)) }
        default:
          if dice.once(in: 4) {
            table.empty()
          } else {
            table.number((dice.once(in: 2) ? -1 : 1) * dice.magnitude(-12, 18))
          }
        }
      }
      table.endRow()
    }
    return String(decoding: table.bytes, as: UTF8.self)
  }
}
