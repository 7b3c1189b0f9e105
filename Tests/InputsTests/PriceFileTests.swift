// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Inputs
import Markets
import TestSupport
import Testing
import TextKit

/// Current prices (DESIGN 4).
@Suite struct PriceFileTests {
  private func read(_ text: String) throws -> (snapshot: PriceSnapshot, warnings: [String]) {
    let folder = WorldFolder()
    let path = folder.file("prices.csv", whole(text))
    let (snapshot, warnings) = try PriceFile.read(path, assets: WorldVenues.catalogue().assets)
    return (snapshot, warnings.map(folder.short))
  }

  @Test func `prices, confidences and slots are read`() throws {
    let assets = try WorldVenues.catalogue().assets
    let (snapshot, warnings) = try read(
      """
      slot,price,asset,confidence_usd,source
      7,150,SOL,0.3,x
      9,60000,BTC,,x
      ,1.0001,USDC,,x
      ,2,DOGE,,x
      ,180,STSOL,,x
      """
    )
    let sol = try #require(assets.index(of: "SOL"))
    let btc = try #require(assets.index(of: "BTC"))
    let staked = try #require(assets.index(of: "STSOL"))
    let quote = try #require(assets.index(of: "USDC"))
    #expect(snapshot.prices[sol] == 150)
    #expect(snapshot.confidences[sol] == 0.3)
    #expect(snapshot.confidenceRatios[sol] == 0.3 / 150)
    #expect(snapshot.confidenceRatios[btc] == 0)
    #expect(snapshot.prices[quote] == 1)
    #expect(snapshot.price(of: staked, in: assets) == 1.25 * 150)
    #expect(snapshot.slot == 9)
    #expect(
      warnings == [
        "prices.csv: ignored column 'source'",
        "prices.csv: ignored 3 prices of assets that no venue prices by itself:"
          + " USDC, DOGE, STSOL",
      ]
    )
  }

  @Test(arguments: [
    (
      "SOL,0,,",
      "prices.csv:3: column 'price': found '0', expected a price above 0, at most 1e15"
    ),
    (
      "SOL,1.1e15,,",
      "prices.csv:3: column 'price': found '1.1e15', expected a price above 0, at most 1e15"
    ),
    (
      "SOL,5e-324,,",
      "prices.csv:3: column 'price': found '5e-324', expected a price of at least 1e-100"
    ),
    (
      "SOL,1,-1,",
      "prices.csv:3: column 'confidence_usd': found '-1', expected a number from 0 to 1e15"
    ),
    ("SOL,1,,-4", "prices.csv:3: column 'slot': found '-4', expected a slot of at least 0"),
    (
      "BTC,1,,",
      "prices.csv:3: column 'asset': found 'BTC', expected each asset once;"
        + " remove the repeated row"
    ),
  ])
  func `a price that cannot be is refused`(row: String, message: String) {
    let folder = WorldFolder()
    let path = folder.file("prices.csv", "asset,price,confidence_usd,slot\nBTC,9,,\n\(row)\n")
    #expect(
      complaint(folder) {
        _ = try PriceFile.read(path, assets: WorldVenues.catalogue().assets)
      } == message
    )
  }

  @Test func `a book needs a price for each of its assets`() throws {
    let assets = try WorldVenues.catalogue().assets
    let (snapshot, _) = try read("asset,price\nSOL,1\n")
    let symbols = ["SOL", "BTC", "EVT"]
    let wanted = symbols.compactMap { assets.index(of: $0) }
    #expect(
      throws: Failure(
        .data,
        "p.csv: expected a price for BTC, EVT, which the book holds; add the missing rows"
      )
    ) { try PriceFile.check(snapshot, of: "p.csv", covers: wanted, assets: assets) }
    try PriceFile.check(snapshot, of: "p.csv", covers: Array(wanted.prefix(1)), assets: assets)
  }

  @Test func `a header alone is refused`() {
    let folder = WorldFolder()
    let path = folder.file("prices.csv", "asset,price\n")
    #expect(
      complaint(folder) {
        _ = try PriceFile.read(path, assets: WorldVenues.catalogue().assets)
      } == "prices.csv: found 'a header and no rows', expected at least one row"
    )
    #expect(
      complaint(folder) {
        _ = try PriceFile.read("\(folder.path)/none.csv", assets: WorldVenues.catalogue().assets)
      } == "missingInput: none.csv: no such file; check the path, or give '-' to read standard"
        + " input"
    )
  }
}
