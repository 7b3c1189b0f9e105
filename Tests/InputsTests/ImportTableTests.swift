// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Inputs
import Markets
import TestSupport
import Testing
import TextKit

/// Tables of accounts as a book, by a mapping.
@Suite struct ImportTableTests {
  private func table(
    _ rows: String,
    _ mapping: String,
    skipping: Bool = false
  ) throws -> ImportedBook {
    let folder = WorldFolder()
    do {
      return try TableImport.read(
        folder.file("t.csv", rows),
        mapping: folder.file("m.toml", mapping),
        catalogue: ImportVenues.catalogue(),
        skipsUnknown: skipping
      )
    } catch let failure as Failure {
      throw Failure(failure.kind, folder.short(failure.message))
    }
  }

  private static let mapping = """
    [import]
    venue = "loans"
    account = "user"
    [[import.legs]]
    leg = "deposit"
    asset_column = "coin"
    rename = { WBTC = "BTC" }
    quantity = { column = "wei", scale = 1e-18 }
    liquidation_threshold = { column = "bps", scale = 1e-4, empty = 7000 }
    observed_slot = "slot"
    price = "price"
    [[import.legs]]
    leg = "borrow"
    asset = "USD"
    quantity = { column = "art", times = "rate", divided_by = ["unit", 2] }
    """

  private static let header = "user,coin,wei,bps,slot,art,rate,unit,price\n"

  private func quantity(_ rows: String, _ mapping: String) throws -> Double {
    try #require(try table(rows, mapping).legs.first).quantity
  }

  @Test func `legs are made of columns, constants and both`() throws {
    let book = try table(
      ImportTableTests.header + """
        a,SOL,1500000000000000000,8250,7,10,3,5,2.5
        b,WBTC,3,,8,0,1,1,9
        c,SOL,0,1,8,0.0,1,1,9
        """,
      ImportTableTests.mapping
    )
    #expect(
      String(decoding: book.bookText, as: UTF8.self) == """
        account,venue,asset,leg,quantity,observed_slot,liquidation_threshold
        a,loans,SOL,deposit,1.5,7,0.825
        a,loans,USD,borrow,3,,
        b,loans,BTC,deposit,0.000000000000000003,8,0.7

        """
    )
    #expect(String(decoding: book.priceText, as: UTF8.self) == "asset,price\nBTC,9\nSOL,2.5\n")
    #expect(book.accountCount == 2)
    #expect(book.counts == ["1 row without a leg"])
  }

  @Test func `rows are numbered where no column names the account`() throws {
    let book = try table(
      "q\n4\n5\n",
      """
      [import]
      venue = "hyperliquid"
      [[import.legs]]
      leg = "perp"
      asset = "SOL"
      margin_mode = "isolated"
      quantity = { column = "q", scale = -1 }
      entry_price = 100
      collateral_usd = 1e3
      max_leverage = 5
      """
    )
    #expect(
      String(decoding: book.bookText, as: UTF8.self) == """
        account,venue,asset,leg,quantity,entry_price,collateral_usd,max_leverage,margin_mode
        1,hyperliquid,SOL,perp,-4,100,1000,5,isolated
        2,hyperliquid,SOL,perp,-5,100,1000,5,isolated

        """
    )
    #expect(book.accountCount == 2)
  }

  private static func mapping(_ quantity: String) -> String {
    """
    [import]
    venue = "loans"
    [[import.legs]]
    leg = "deposit"
    asset = "SOL"
    quantity = \(quantity)
    """
  }

  /// Products against whole numbers of 128 bits, whose decimal text the library rounds.
  @Test(arguments: UInt64(0)..<200)
  func `products are rounded once`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let a = Int128(random.next() >> (random.next() % 50)) % 1_000_000_000_000_000_000
    let b = Int128(random.next() >> (random.next() % 50)) % 1_000_000_000_000_000_000 + 1
    let places = Int(random.next() % 18)
    let scale = Int(random.next() % 27)
    var decimal = String(b)
    if decimal.count <= places {
      decimal = String(repeating: "0", count: places + 1 - decimal.count) + decimal
    }
    decimal.insert(".", at: decimal.index(decimal.endIndex, offsetBy: -places))
    let expected = try #require(Double("\(a * b)e-\(places + scale)"))
    guard expected <= 1e18, a != 0 else { return }
    let made = try quantity(
      "x,y\n\(a),\(decimal)\n",
      ImportTableTests.mapping("{ column = \"x\", scale = 1e-\(scale), times = \"y\" }")
    )
    #expect(made == expected)
  }

  /// Whole numbers that doubles hold: one division in hardware is the nearest quotient.
  @Test(arguments: UInt64(0)..<200)
  func `quotients are rounded once`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed &+ 1000)
    let a = random.next() >> (11 + random.next() % 40) + 1
    let b = random.next() >> (11 + random.next() % 52) + 1
    let made = try quantity(
      "x,y\n\(a)e-7,\(b)\n",
      ImportTableTests.mapping("{ column = \"x\", scale = 1e7, divided_by = \"y\" }")
    )
    #expect(made == Double(a) / Double(b))
  }

  @Test func `numbers of many digits keep them`() throws {
    // 2^256 − 1 base units of 18 decimals, times 1e-60.
    let most = "115792089237316195423570985008687907853269984665640564039457584007913129639935"
    #expect(
      try quantity(
        "x\n\(most)\n",
        ImportTableTests.mapping("{ column = \"x\", scale = 1e-78 }")
      ) == 0.1157920892373162
    )
    #expect(
      try quantity(
        "x,y\n\(most),\(most)\n",
        ImportTableTests.mapping("{ column = \"x\", divided_by = \"y\" }")
      ) == 1
    )
  }

  @Test(arguments: [
    (
      "u,q\n1,2\n", "\"qq\"",
      "m.toml:6: import.legs[0].quantity: found the column 'qq', expected a column of t.csv; did"
        + " you mean 'q'?; its columns: u, q"
    ),
    (
      "q\n1\n-2\n", "\"q\"",
      "t.csv:3: column 'q': found '-2', expected a quantity of at least 0 for a deposit, from 0 to"
        + " 1000000000000000000"
    ),
    (
      "q\n1\n\n x\n", "{ column = \"q\", scale = 0.1 }",
      "t.csv:4: column 'q': found ' x', expected a decimal number of at most 100 digits"
    ),
    (
      "q,d\n1,0\n", "{ column = \"q\", divided_by = \"d\" }",
      "t.csv:2: column 'd': found '0', expected a number to divide by, not 0"
    ),
    (
      "q\n1\n", "{ column = \"q\", divided_by = 0 }",
      "m.toml:6: import.legs[0].quantity.divided_by: found 0, expected a number to divide by"
    ),
    (
      "q\n1\n", "{ colum = \"q\" }",
      "m.toml:6: unknown key 'import.legs[0].quantity.colum'; did you mean 'column'? known keys:"
        + " column, scale, times, divided_by, empty"
    ),
    (
      "q\n9\n", "{ column = \"q\", scale = 1e30 }",
      "t.csv:2: column 'q': found '9', expected a quantity of at least 0 for a deposit, from 0 to"
        + " 1000000000000000000, found 9000000000000000000000000000000 by the mapping"
    ),
    ("q\n", "\"q\"", "t.csv: found 'a header and no rows', expected at least one row"),
  ])
  func `errors name their place`(rows: String, quantity: String, message: String) {
    #expect(throws: Failure(.data, message)) {
      try table(rows, ImportTableTests.mapping(quantity))
    }
  }

  @Test func `unknown assets are named together or left out`() throws {
    let rows = ImportTableTests.header + "a,SUI,1,1,1,6,2,1,1\nb,XRP,1,1,1,6,2,1,1\n"
    #expect(
      throws: Failure(
        .data,
        "found 2 assets that venue loans does not list: SUI, XRP; add them to a venue file"
          + " (--venues), or leave them out with --skip-unknown"
      )
    ) { try table(rows, ImportTableTests.mapping) }
    let book = try table(rows, ImportTableTests.mapping, skipping: true)
    #expect(book.legs.map(\.quantity) == [6, 6])
    #expect(book.counts == ["2 legs of unknown assets left out (SUI, XRP)"])
  }

  @Test func `a threshold of the row replaces the asset's`() throws {
    let folder = WorldFolder()
    let path = folder.file(
      "book.csv",
      """
      account,venue,asset,leg,quantity,liquidation_threshold
      a,loans,SOL,deposit,10,0.5
      b,loans,SOL,deposit,10,
      """
    )
    let catalogue = try ImportVenues.catalogue()
    let (book, _) = try BookFile.read(path, catalogue: catalogue)
    #expect(book.accounts.map { $0.legs[0].liquidationThreshold } == [0.5, nil])
  }
}
