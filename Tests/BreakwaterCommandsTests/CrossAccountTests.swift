// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Accounts of many legs through the whole program.
struct CrossAccountTests {
  private static let header = "account,venue,asset,leg,quantity,entry_price,collateral_usd\n"

  private func prices(_ book: String, _ prices: String, _ words: [String] = []) throws -> Rows {
    let place = try Workdir()
    try place.write("book2.csv", CrossAccountTests.header + book)
    try place.write("prices2.csv", "asset,price\n" + prices)
    return Rows(
      try place.run(["prices", "--book", "book2.csv", "--prices", "prices2.csv"] + words).text
    )
  }

  @Test func aHedgedAccountReportsBothEnds() throws {
    // Short 10 SOL, 9 SOL and 500 USDC: 9·0.9·P − 10·1.05·P + 1000 + 500 = 0 on the way up.
    let found = try prices(
      "a,drift,SOL,perp,-10,100,\na,drift,SOL,deposit,9,,\na,drift,USDC,deposit,500,,\n",
      "SOL,100\n",
      ["--both"]
    )
    #expect(found.columns.suffix(2) == ["lower", "upper"])
    #expect(found.rows.count == 1)
    let upper = try #require(Double(found.rows[0][11]))
    #expect(found.rows[0][10] == "" && (upper - 1_500 / 2.4).magnitude < 1e-9)
  }

  @Test func theLadderHasARowForEachRung() throws {
    let found = try prices(
      "a,hyperliquid,SOL,perp,2000,100,20000\nb,hyperliquid,SOL,perp,1,100,20\n",
      "SOL,150\n",
      ["--ladder"]
    )
    #expect(found.rows.map { $0[0] } == ["a", "a", "b"])
    #expect(found.rows.map { $0[10] } == ["1", "2", "1"])
    #expect(found.rows.map { $0[11] } == ["0.2", "0.8", "1"])
    #expect(found.rows.map { $0[8] } == ["0.2", "0.2", "1"])
  }

  @Test func aVaultsDebtInTwoRowsIsOneDebt() throws {
    // Read whole by `prices --both`, in pieces by `clusters`: the same position both times.
    let deposit = "a,jupiter_lend,SOL,deposit,100,,\n"
    let split = deposit + "a,jupiter_lend,USDC,borrow,4000,,\na,jupiter_lend,USDC,borrow,6000,,\n"
    let whole = deposit + "a,jupiter_lend,USDC,borrow,10000,,\n"
    var clusters: [String] = []
    for book in [split, whole] {
      let place = try Workdir()
      try place.write("book2.csv", CrossAccountTests.header + book)
      try place.write("prices2.csv", "asset,price\nSOL,150\n")
      let words = ["--book", "book2.csv", "--prices", "prices2.csv"]
      clusters.append(try place.run(["clusters"] + words).text)
      let found = Rows(try place.run(["prices"] + words + ["--both"]).text)
      #expect(found.rows.map { $0[5] } == ["117.75017955024042"])
    }
    #expect(clusters[0] == clusters[1] && clusters[0].split(separator: "\n").count > 5)
  }

  @Test func aDebtWithoutCollateralIsLiquidatable() throws {
    let found = try prices("a,kamino,SOL,borrow,5,,\na,kamino,USDC,borrow,5,,\n", "SOL,150\n")
    #expect(found.rows.map { Array($0[3...5]) } == [["above", "liquidatable", ""]])
  }

  @Test func tenThousandLegsInOneAccount() throws {
    // 10,000 assets of a venue of their own: half of them collateral, half of them owed.
    var venue = "[venues.big]\nkind = \"lending_ltv\"\n[venues.big.assets]\n"
    var book = ""
    var prices = ""
    for index in 0..<10_000 {
      venue += "A\(index) = { liquidation_threshold = 0.5 }\n"
      prices += "A\(index),\(1 + index % 7)\n"
      book += "a,big,A\(index),\(index % 2 == 0 ? "deposit,4" : "borrow,1"),,\n"
    }
    let place = try Workdir()
    try place.write("v.toml", venue)
    try place.write("book2.csv", CrossAccountTests.header + book)
    try place.write("prices2.csv", "asset,price\n" + prices)
    let outcome = try place.run([
      "prices", "--book", "book2.csv", "--prices", "prices2.csv", "--venues", "v.toml",
    ])
    let found = Rows(outcome.text)
    #expect(found.rows.count == 10_000)
    // Collateral 4·0.5 = 2 per unit of price against 1: A1 (price 2) is reached last by far.
    var collateral = 0.0
    var debt = 0.0
    for index in 0..<10_000 {
      if index % 2 == 0 {
        collateral += 2 * Double(1 + index % 7)
      } else {
        debt += Double(1 + index % 7)
      }
    }
    let row = try #require(found.rows.first { $0[2] == "A1" })
    let price = try #require(Double(row[5]))
    #expect(row[3] == "above" && (price - (collateral - debt + 2)).magnitude < 1e-6)
  }

  @Test func emodeIsLostByOneMoreBorrow() throws {
    // JLP at 1 USD has weight 0.99 against USDC and SOL's own pair 0.92; with USDC and SOL owed
    // the lesser, with BONK owed the bank's 0.65.
    let book = """
      a,marginfi,JLP,deposit,1000,,
      a,marginfi,USDC,borrow,300,,
      b,marginfi,JLP,deposit,1000,,
      b,marginfi,USDC,borrow,300,,
      b,marginfi,SOL,borrow,1,,
      c,marginfi,JLP,deposit,1000,,
      c,marginfi,USDC,borrow,300,,
      c,marginfi,BONK,borrow,1,,

      """
    let found = try prices(book, "JLP,1\nSOL,100\nBONK,0.00001\n")
    let roots = Dictionary(
      uniqueKeysWithValues: found.rows.filter { $0[2] == "JLP" }.map { ($0[0], Double($0[5]) ?? 0) }
    )
    #expect((try #require(roots["a"]) - 300 / 990).magnitude < 1e-12)
    #expect((try #require(roots["b"]) - (300 + 110) / 920).magnitude < 1e-12)
    #expect((try #require(roots["c"]) - (300 + 1.2e-5) / 650).magnitude < 1e-12)
  }

  @Test func anElevationGroupHasItsOwnThresholdAndNoBorrowFactor() throws {
    let place = try Workdir()
    try place.write(
      "v.toml",
      """
      [venues.kamino.elevation_groups.lst]
      liquidation_threshold = 0.9
      assets = ["SOL", "MSOL"]
      debt = "SOL"
      """
    )
    try place.write(
      "book2.csv",
      "account,venue,asset,leg,quantity,elevation_group\na,kamino,MSOL,deposit,10,lst\n"
        + "a,kamino,SOL,borrow,5,\nb,kamino,MSOL,deposit,10,\nb,kamino,SOL,borrow,5,\n"
    )
    try place.write("prices2.csv", "asset,price\nSOL,100\nMSOL,120\n")
    let found = Rows(
      try place.run([
        "prices", "--book", "book2.csv", "--prices", "prices2.csv", "--venues", "v.toml",
      ]).text
    )
    let msol = found.rows.filter { $0[2] == "MSOL" }.map { Double($0[5]) ?? 0 }
    #expect((msol[0] - 500 / 9).magnitude < 1e-9 && (msol[1] - 625 / 7.5).magnitude < 1e-9)
  }
}
