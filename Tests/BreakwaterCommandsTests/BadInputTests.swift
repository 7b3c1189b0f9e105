// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Wrong input: the message as a whole and the exit code, for every kind of file and option.
struct BadInputTests {
  private static let number =
    "expected a finite number; write it as 1234.5 or 1e-9, without spaces, units or thousands"
    + " separators"

  static let books: [BadInput] = [
    .book(
      "missing column",
      "account,venue,asset,quantity\na,hyperliquid,BTC,1\n",
      "bad.csv:1: column 'leg': found a header with 'account', 'venue', 'asset', 'quantity',"
        + " expected this column too; add it to the header"
    ),
    .book(
      "missing column with a near one",
      "account,venue,asset,leg,quantty\na,hyperliquid,BTC,perp,1\n",
      "bad.csv:1: column 'quantity': found a header with 'account', 'venue', 'asset', 'leg',"
        + " 'quantty', expected this column too; did you mean 'quantty'?"
    ),
    .book(
      "duplicate column",
      "account,venue,asset,leg,quantity,venue\na,hyperliquid,BTC,perp,1,x\n",
      "bad.csv:1: column 'venue': expected each column once, found it twice in the header; remove"
        + " or rename one of the two"
    ),
    .rows(
      "text in a number",
      "a,hyperliquid,BTC,perp,many,60000,6000",
      message: "bad.csv:2: column 'quantity': found 'many', \(number)"
    ),
    .rows(
      "thousands separator",
      "a,hyperliquid,BTC,perp,1,\"60,000\",6000",
      message: "bad.csv:2: column 'entry_price': found '60,000', \(number)"
    ),
    .rows(
      "NaN in the second row",
      "a,hyperliquid,BTC,perp,1,60000,6000",
      "b,hyperliquid,BTC,perp,nan,60000,6000",
      message: "bad.csv:3: column 'quantity': found 'nan', \(number)"
    ),
    .rows(
      "infinity",
      "a,hyperliquid,BTC,perp,1,inf,6000",
      message: "bad.csv:2: column 'entry_price': found 'inf', \(number)"
    ),
    .rows(
      "larger than a double",
      "a,hyperliquid,BTC,perp,1e999,60000,6000",
      message: "bad.csv:2: column 'quantity': found '1e999', \(number)"
    ),
    .rows(
      "negative deposit",
      "a,marginfi,SOL,deposit,-1,,",
      message: "bad.csv:2: column 'quantity': found '-1', expected a quantity of at least 0 for a"
        + " deposit; only perps are signed; a loan is a row with leg = borrow"
    ),
    .rows(
      "unknown venue",
      "a,hyperlquid,BTC,perp,1,60000,6000",
      message: "bad.csv:2: column 'venue': found 'hyperlquid', expected a venue; did you mean"
        + " 'hyperliquid'?; known venues: hyperliquid, drift, marginfi, kamino, jupiter_lend,"
        + " event"
    ),
    .rows(
      "unknown asset",
      "a,hyperliquid,BTCC,perp,1,60000,6000",
      message: "bad.csv:2: column 'asset': found 'BTCC', expected an asset of hyperliquid; did you"
        + " mean 'BTC'?; add it to a venue file (--venues)"
    ),
    .rows(
      "asset of another venue",
      "a,kamino,BTC,deposit,1,,",
      message: "bad.csv:2: column 'asset': found 'BTC', expected an asset of kamino; did you mean"
        + " 'WBTC'?; add it to a venue file (--venues)"
    ),
    .rows(
      "unknown leg",
      "a,hyperliquid,BTC,prep,1,60000,6000",
      message: "bad.csv:2: column 'leg': found 'prep', expected perp, deposit or borrow"
    ),
    .rows(
      "perp without entry",
      "a,hyperliquid,BTC,perp,1,,6000",
      message: "bad.csv:2: column 'entry_price': found '', expected the entry price of a perp, a"
        + " number"
    ),
    .rows(
      "perp where there are none",
      "a,kamino,SOL,perp,1,150,60",
      message: "bad.csv:2: found perp of SOL at kamino, expected deposit or borrow: this venue has"
        + " no perps"
    ),
    .rows(
      "missing field",
      "a,hyperliquid,BTC,perp,1,60000",
      message: "bad.csv:2: column 'collateral_usd': found a record with 6 fields, expected 7 fields"
        + " as in the header; add the missing fields, also when they are empty"
    ),
    .rows(
      "account at two venues",
      "a,hyperliquid,BTC,perp,1,60000,6000",
      "a,drift,SOL,perp,1,150,15",
      message: "bad.csv:2: account 'a' has legs at hyperliquid and drift (line 3), expected one"
        + " venue; give the legs accounts of their own"
    ),
    .rows(
      "two perps of one asset",
      "a,hyperliquid,BTC,perp,1,60000,6000",
      "a,hyperliquid,ETH,perp,1,3000,300",
      "a,hyperliquid,BTC,perp,-1,61000,0",
      message: "bad.csv:2: account 'a' has two perps of BTC (lines 2 and 4), expected one position"
        + " for each asset; give isolated positions margin_mode = isolated"
    ),
    .rows(
      "two collaterals in a vault",
      "a,jupiter_lend,SOL,deposit,1,,",
      "a,jupiter_lend,JITOSOL,deposit,1,,",
      "a,jupiter_lend,USDC,borrow,10,,",
      message: "bad.csv:2: account 'a' has deposits of JITOSOL, SOL, expected one collateral in a"
        + " vault; give each vault an account"
    ),
    .book(
      "unknown elevation group",
      "account,venue,asset,leg,quantity,elevation_group\na,kamino,SOL,deposit,1,stables\n",
      "bad.csv:2: found elevation group 'stables', expected a group of the venue"
    ),
    .book(
      "two elevation groups",
      "account,venue,asset,leg,quantity,elevation_group\na,kamino,SOL,deposit,1,x\n"
        + "a,kamino,USDC,borrow,1,y\n",
      "bad.csv:3: column 'elevation_group': found 'y', expected 'x' as in the account's other"
        + " rows, or nothing"
    ),
    .book("empty file", "", "bad.csv: found an empty file, expected \(BadInput.wantedColumns)"),
    .rows(
      "header only",
      message: "bad.csv: found 'a header and no rows', expected at least one row"
    ),
    .bookBytes(
      "binary garbage",
      Data([0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0, 0, 0, 0x0A, 0xFF, 0xFE]),
      "bad.csv:1: found '\u{FFFD}ELF\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}', expected"
        + " \(BadInput.wantedColumns); this is not text in UTF-8; save the file as CSV in UTF-8"
    ),
    .bookBytes(
      "truncated gzip",
      gzipped.dropLast(12),
      "bad.csv.gz: the gzip stream ends early, expected its check sum and length; copy or compress"
        + " the file again",
      file: "bad.csv.gz"
    ),
    .bookBytes(
      "gzip that is none",
      Data("account,venue\n".utf8),
      "bad.csv.gz: the gzip stream is damaged (incorrect header check); copy or compress the file"
        + " again",
      file: "bad.csv.gz"
    ),
  ]

  /// A header and one row, compressed by Python's `gzip` at level 9 without a time.
  private static let gzipped =
    Data(
      base64Encoded: """
        H4sIAAAAAAACAx3HSwqAMAxF0blreQOduADdgvMS2qCF0G8idPcW7+DAJe+zJcXLyRjUOyuEb1SjpFEHOGkbrrTo\
        GT6LkHIjcdbDQnhG4SaxWgw4rhPzCjbs6+x3+QAsbmmLYAAAAA==
        """
    ) ?? Data()

  static let priceFiles: [BadInput] = [
    .prices(
      "asset of the book without a price",
      "asset,price\nBTC,60000\nETH,3000\n",
      "bad.csv: expected a price for EVT, SOL, which the book holds; add the missing rows"
    ),
    .prices(
      "asset priced twice",
      "asset,price\nBTC,60000\nBTC,3000\n",
      "bad.csv:3: column 'asset': found 'BTC', expected each asset once; remove the repeated row"
    ),
    .prices(
      "price of zero",
      "asset,price\nBTC,0\n",
      "bad.csv:2: column 'price': found '0', expected a price above 0, at most 1e15"
    ),
    .prices(
      "negative slot",
      "asset,price,slot\nBTC,1,-5\n",
      "bad.csv:2: column 'slot': found '-5', expected a slot of at least 0"
    ),
  ]

  static let paths: [BadInput] = [
    .path(
      "time going backwards",
      "timestamp_ms,BTC,ETH,SOL,EVT\n2000,1,1,1,1\n3000,1,1,1,1\n2500,1,1,1,1\n",
      "bad.csv:4: column 'timestamp_ms': found '2500', expected a time after 3000; sort the rows"
        + " and remove repeats"
    ),
    .path(
      "time standing still",
      "timestamp_ms,BTC,ETH,SOL,EVT\n2000,1,1,1,1\n2000,1,1,1,1\n",
      "bad.csv:3: column 'timestamp_ms': found '2000', expected a time after 2000; sort the rows"
        + " and remove repeats"
    ),
    .path(
      "bar going backwards",
      "timestamp_ms,asset,open,high,low,close\n2000,BTC,1,1,1,1\n1000,BTC,1,1,1,1\n",
      "bad.csv:3: column 'timestamp_ms': found '1000', expected a time after 2000 for BTC; sort"
        + " the rows and remove repeats"
    ),
    .path(
      "no rows",
      "timestamp_ms,BTC,ETH,SOL,EVT\n",
      "bad.csv: found 'no rows', expected at least one row with a known asset; check the file and"
        + " the times asked for"
    ),
    .path(
      "no asset",
      "timestamp_ms,XYZ\n1,2\n",
      "bad.csv:1: found 'timestamp_ms,XYZ', expected timestamp_ms and a column for each asset, or"
        + " bars: timestamp_ms,asset,open,high,low,close"
    ),
    .path(
      "empty first price",
      "timestamp_ms,BTC,ETH,SOL,EVT\n1000,60000,3000,,0.6\n",
      "bad.csv:2: column 'SOL': found '', expected a price for every asset in the first row; begin"
        + " the path where every asset has a price"
    ),
    .path(
      "bars without a column",
      "timestamp_ms,asset,open,high,low\n1000,BTC,1,1,1\n",
      "bad.csv:1: found 'bars without close', expected timestamp_ms,asset,open,high,low,close"
    ),
  ]

  @Test(arguments: books)
  func book(_ bad: BadInput) throws { try bad.check() }

  @Test(arguments: priceFiles)
  func prices(_ bad: BadInput) throws { try bad.check() }

  @Test(arguments: paths)
  func path(_ bad: BadInput) throws { try bad.check() }

  /// Found only when the worlds are made, after a dry run ends and the folder is there.
  @Test func assetOfTheBookMissingInAPath() throws {
    let place = try Workdir()
    try place.write("dip.csv", "timestamp_ms,BTC,ETH,SOL\n1000,60000,3000,150\n")
    let before = place.names
    let outcome = try place.run(["sweep", "spec.toml"], expecting: 65)
    #expect(outcome.text == "")
    #expect(
      outcome.diagnostics
        == "breakwater: dip.csv: expected a column for EVT, which the book holds; add its prices or"
        + " leave its rows out of the book\n"
    )
    let after = place.names
    #expect(after == before)
    let dry = try place.shell("\"$BREAKWATER\" sweep spec.toml --dry-run; echo status $?")
    #expect(dry.text == "status 65\n")
  }
}
