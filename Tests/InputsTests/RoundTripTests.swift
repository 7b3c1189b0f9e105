// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Inputs
import Markets
import Tables
import TestSupport
import Testing
import TextKit

/// What the CSV builder writes, the readers read back.
@Suite struct RoundTripTests {
  @Test(arguments: PropertySeeds.first(20))
  func `a book written as CSV is read back bit for bit`(seed: UInt64) throws {
    var dice = SplitMix64(seed: seed)
    let folder = WorldFolder()
    var table = CSVBuilder()
    table.row(["account", "venue", "asset", "leg", "quantity", "entry_price", "collateral_usd"])
    var names: [String] = []
    var numbers: [[Double]] = []
    for index in 0..<50 {
      let name = dice.pick(["a,b", "\"q\"", "plain", "två", "line\nbreak", "x y"]) + "\(index)"
      let values = [
        (dice.once(in: 2) ? -1 : 1) * dice.magnitude(-9, 9), dice.magnitude(-6, 6),
        dice.magnitude(-3, 12),
      ]
      names.append(name)
      numbers.append(values)
      table.text(name)
      table.text("perps")
      table.text(dice.pick(["SOL", "BTC"]))
      table.text("perp")
      for value in values { table.number(value) }
      table.endRow()
    }
    let path = folder.file("book.csv", table.bytes)
    let (book, warnings) = try BookFile.read(path, catalogue: WorldVenues.catalogue())
    #expect(warnings.isEmpty)
    #expect(book.accounts.map(\.name) == names)
    #expect(
      book.accounts.map(\.legs[0]).map { [$0.quantity, $0.entryPrice, $0.collateralUSD] }
        == numbers
    )
  }

  @Test func `a path written as CSV is read back bit for bit`() throws {
    var dice = SplitMix64(seed: 5)
    let folder = WorldFolder()
    var table = CSVBuilder()
    table.row(["timestamp_ms", "SOL"])
    var times: [Int64] = []
    var prices: [Double] = []
    var time = Int64(1_767_225_600_000)
    for _ in 0..<500 {
      time += Int64(dice.whole(1, 5000))
      times.append(time)
      prices.append(dice.magnitude(-8, 8))
      table.integer(time)
      table.number(prices[prices.count - 1])
      table.endRow()
    }
    let file = folder.file("path.csv.gz", worldGzip(table.bytes))
    let (path, _) = try PathFile.read(
      file,
      assets: WorldVenues.catalogue().assets,
      options: PathOptions()
    )
    #expect(path.times == times)
    #expect(path.values == prices)
  }
}
