// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Markets
import Testing
import TextKit

/// Books of one row per leg (DESIGN 4).
@Suite struct BookFileTests {
  @Test func `columns may stand in any order and the optional ones may be missing`() throws {
    let (book, warnings) = try readBook(
      """
      quantity,leg,entry_price,asset,venue,account
      -2.5,perp,100,SOL,perps,a
      3,deposit,,BTC,loans,b
      """
    )
    #expect(warnings.isEmpty)
    #expect(book.accounts.map(\.name) == ["a", "b"])
    let perp = book.accounts[0].legs[0]
    #expect(perp.kind == .perp)
    #expect(perp.quantity == -2.5)
    #expect(perp.entryPrice == 100)
    #expect(perp.collateralUSD == 0)
    #expect(perp.maxLeverage == nil)
    #expect(perp.observedSlot == nil)
    #expect((perp.row, perp.line) == (0, 2))
    #expect(book.accounts[0].marginMode == .cross)
    #expect(book.accounts[0].protection == ProtectionTerms())
    let deposit = book.accounts[1].legs[0]
    #expect(deposit.kind == .deposit)
    #expect((deposit.row, deposit.line) == (1, 3))
    #expect(book.legCount == 2)
    #expect(book.newestSlot == nil)
  }

  @Test func `every optional column is read`() throws {
    let (book, warnings) = try readBook(
      """
      account,venue,asset,leg,quantity,entry_price,collateral_usd,max_leverage,protected,\
      margin_mode,observed_slot,liquidation_price,protection_deposited_usd,protection_cap_usd,\
      trigger_distance,safe_distance,stop_loss_price,comment
      a,perps,SOL,perp,1,100,10.5,20,1,strict_isolated,123,91.5,2.5,50,0.1,0.2,80,hello
      """
    )
    let account = book.accounts[0]
    let leg = account.legs[0]
    #expect(leg.collateralUSD == 10.5)
    #expect(leg.maxLeverage == 20)
    #expect(leg.observedSlot == 123)
    #expect(leg.statedLiquidationPrice == 91.5)
    #expect(account.marginMode == .strictIsolated)
    #expect(account.protection.isProtected)
    #expect(account.protection.deposited == 2_500_000)
    #expect(account.protection.cap == 50_000_000)
    #expect(account.protection.triggerDistance == 0.1)
    #expect(account.protection.safeDistance == 0.2)
    #expect(book.newestSlot == 123)
    #expect(
      warnings == [
        "book.csv: ignored column 'comment'",
        "book.csv: column 'stop_loss_price' counts only where account.stop_loss = 1",
      ]
    )
  }

  @Test func `legs of one text are an account and isolated ones are their own`() throws {
    let (book, _) = try readBook(
      """
      account,venue,asset,leg,quantity,entry_price,margin_mode,collateral_usd,observed_slot
      a,loans,SOL,deposit,10,,,1,9
      ,perps,SOL,perp,1,100,,,
      b,perps,SOL,perp,1,100,isolated,,
      a,loans,USDC,borrow,500,,cross,2,7
      ,perps,SOL,perp,2,100,,,
      b,perps,SOL,perp,2,100,no_cross,,
      b,perps,SOL,perp,3,100,,,
      """
    )
    #expect(book.accounts.map(\.name) == ["a", "", "b", "", "b", "b"])
    #expect(book.accounts.map(\.legs.count) == [2, 1, 1, 1, 1, 1])
    #expect(book.accounts[0].collateralUSD == 3)
    #expect(book.accounts[0].observedSlot == 7)
    #expect(book.accounts[0].legs.map(\.row) == [0, 3])
    #expect(
      book.accounts.map(\.marginMode) == [.cross, .cross, .isolated, .cross, .noCross, .cross]
    )
    #expect(book.legCount == 7)
    // Bytes of the text, then row; those without a text last.
    #expect((0..<6).sorted(by: book.precedes) == [0, 2, 4, 5, 1, 3])
  }

  @Test func `protection of an account is joined from its legs`() throws {
    let (book, _) = try readBook(
      """
      account,venue,asset,leg,quantity,protected,protection_deposited_usd,protection_cap_usd,\
      trigger_distance,safe_distance
      a,loans,SOL,deposit,10,0,,,,0.3
      a,loans,USDC,borrow,500,1,4,60,0.02,0.4
      """
    )
    let terms = book.accounts[0].protection
    #expect(terms.isProtected)
    #expect(terms.deposited == 4_000_000)
    #expect(terms.cap == 60_000_000)
    #expect(terms.triggerDistance == 0.02)
    #expect(terms.safeDistance == 0.3)
  }

  private static let header = "account,venue,asset,leg,quantity,entry_price,collateral_usd"

  @Test(arguments: [
    (
      "a,perp,SOL,perp,1,100,0",
      "book.csv:2: column 'venue': found 'perp', expected a venue; did you mean 'perps'?;"
        + " known venues: perps, halves, even, loans, closed, event"
    ),
    (
      "a,perps,SOOL,perp,1,100,0",
      "book.csv:2: column 'asset': found 'SOOL', expected an asset of perps; did you mean 'SOL'?;"
        + " add it to a venue file (--venues)"
    ),
    (
      "a,halves,EVT,perp,1,100,0",
      "book.csv:2: column 'asset': found 'EVT', expected an asset of halves;"
        + " add it to a venue file (--venues)"
    ),
    (
      "a,perps,SOL,perps,1,100,0",
      "book.csv:2: column 'leg': found 'perps', expected perp, deposit or borrow"
    ),
    (
      "a,loans,SOL,borrow,-1,,0",
      "book.csv:2: column 'quantity': found '-1', expected a quantity of at least 0 for a borrow;"
        + " only perps are signed; a loan is a row with leg = borrow"
    ),
    (
      "a,perps,SOL,perp,-5e-324,100,0",
      "book.csv:2: column 'quantity': found '-5e-324', expected 0 or a quantity of at least 1e-100"
    ),
    (
      "a,perps,SOL,perp,1,,0",
      "book.csv:2: column 'entry_price': found '', expected the entry price of a perp, a number"
    ),
    (
      "a,perps,SOL,perp,1,-5,0",
      "book.csv:2: column 'entry_price': found '-5', expected a number from 0 to 1000000000000000"
    ),
    (
      "a,perps,SOL,perp,one,100,0",
      "book.csv:2: column 'quantity': found 'one', expected a finite number; write it as 1234.5 or"
        + " 1e-9, without spaces, units or thousands separators"
    ),
    (
      "a,perps,SOL,perp,1,100,1e16",
      "book.csv:2: column 'collateral_usd': found '1e16', expected a number from -1000000000000"
        + " to 1000000000000"
    ),
    (
      "a,loans,USDC,perp,1,100,0",
      "book.csv:2: column 'asset': found 'USDC', expected an asset that is not a quote currency"
    ),
  ])
  func `a row that cannot be is refused with place and reason`(row: String, message: String) {
    #expect(bookComplaint(BookFileTests.header + "\n" + row + "\n") == message)
  }

  @Test(arguments: [
    (
      "protected", "yes",
      "found 'yes', expected 0 or 1; write 1 for yes and 0 for no"
    ),
    (
      "margin_mode", "isolate",
      "found 'isolate', expected cross, isolated, strict_isolated, no_cross; did you mean"
        + " 'isolated'?"
    ),
    ("observed_slot", "-1", "found '-1', expected a slot of at least 0"),
    (
      "observed_slot", "1.5",
      "found '1.5', expected a whole number; write digits only, between -9223372036854775808 and"
        + " 9223372036854775807"
    ),
    ("max_leverage", "0.4", "found '0.4', expected a number from 0.5 to 1000"),
    ("protection_deposited_usd", "-1", "found '-1', expected a number from 0 to 1000000000000"),
    ("protection_cap_usd", "1e13", "found '1e13', expected a number from 0 to 1000000000000"),
    ("trigger_distance", "11", "found '11', expected a number from 0 to 10"),
    ("safe_distance", "-0.1", "found '-0.1', expected a number from 0 to 10"),
  ])
  func `an optional column is refused with place and reason`(
    column: String,
    value: String,
    message: String
  ) {
    let text = """
      account,venue,asset,leg,quantity,entry_price,\(column)
      a,perps,SOL,perp,1,100,
      b,perps,SOL,perp,1,100,\(value)
      """
    #expect(bookComplaint(text) == "book.csv:3: column '\(column)': " + message)
  }

  @Test func `distances of a row must be in order`() {
    #expect(
      bookComplaint(
        """
        account,venue,asset,leg,quantity,entry_price,trigger_distance,safe_distance
        a,perps,SOL,perp,1,100,0.1,0.1
        b,perps,SOL,perp,1,100,0.1,0.05
        """
      ) == "book.csv:3: column 'safe_distance': found '0.05', expected at least the row's"
        + " trigger_distance"
    )
  }

  @Test func `files without rows, columns or contents are refused`() {
    #expect(
      bookComplaint(BookFileTests.header)
        == "book.csv: found 'a header and no rows', expected at least one row"
    )
    #expect(
      bookComplaint("account,venue,asset,legs,quantity\na,perps,SOL,perp,1\n")
        == "book.csv:1: column 'leg': found a header with 'account', 'venue', 'asset', 'legs',"
        + " 'quantity', expected this column too; did you mean 'legs'?"
    )
    #expect(bookComplaint("").hasPrefix("book.csv: found an empty file, expected a header line"))
    #expect(bookComplaint("a,a\n").hasPrefix("book.csv:1: column 'a': expected each column once"))
  }
}
