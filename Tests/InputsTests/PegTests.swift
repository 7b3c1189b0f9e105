// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Inputs
import Markets
import TestSupport
import Testing
import TextKit

/// Pegs that move along a path, and sources of single prices (seed 3).
@Suite struct PegTests {
  /// A path with STSOL pegged to SOL.
  func read(
    _ text: String,
    _ breaking: PegBreak = PegBreak()
  ) throws -> (path: PricePath, warnings: [String], table: AssetTable) {
    let folder = WorldFolder()
    let table = try WorldVenues.catalogue().pegging(["STSOL": breaking]).assets
    let file = folder.file("path.csv", whole(text))
    let (path, warnings) = try PathFile.read(file, assets: table, options: PathOptions())
    return (path, warnings.map(folder.short), table)
  }

  @Test func `columns of sources and pegs are read beside the prices`() throws {
    let (path, warnings, table) = try read(
      """
      timestamp_ms,SOL,SOL@pyth,STSOL/SOL,SOL@,STSOL/BTC,SOL@other
      0,100,101,1.25,1,1,
      1000,110,,1.2,1,1,109
      """
    )
    #expect(path.assets == [table.index(of: "SOL"), table.index(of: "STSOL")])
    #expect(path.values == [100, 125, 110, 1.2 * 110])
    #expect(path.sources.map(\.name) == ["SOL@pyth", "SOL@other"])
    #expect(path.sources[0].values[0] == 101 && path.sources[0].values[1].isNaN)
    #expect(path.sources[1].values[0].isNaN && path.sources[1].values[1] == 109)
    #expect(path.pegs.map(\.name) == ["STSOL/SOL"])
    #expect(path.pegs[0].values == [1.25, 1.2])
    #expect(warnings == ["path.csv: ignored columns 'SOL@', 'STSOL/BTC'"])
  }

  @Test func `a source without a market's price is refused`() {
    #expect(
      pathComplaint("timestamp_ms,SOL,BTC@pyth\n0,100,60000\n")
        == "path.csv:1: column 'BTC@pyth': found 'no column for BTC', expected the market's price"
        + " too"
    )
  }

  /// 10 % are lost between 100 s and 200 s and come back halfway until 400 s.
  @Test func `a break falls straight and comes back in part`() {
    var broken = PegBreak()
    (broken.depth, broken.startSeconds, broken.fallSeconds) = (0.1, 100, 100)
    (broken.recoverySeconds, broken.recovered) = (200, 0.5)
    let factors = [0, 100, 150, 200, 300, 400, 1e9].map(broken.factor)
    #expect(factors == [1, 1, 0.95, 0.9, 1 - 0.1 * 0.75, 0.95, 0.95])
  }

  @Test func `a pegged asset has a price of its own`() throws {
    var broken = PegBreak()
    (broken.depth, broken.startSeconds, broken.fallSeconds) = (0.1, 100, 100)
    let made = try read(
      """
      timestamp_ms,SOL,STSOL/SOL
      0,100,1.2
      100000,110,
      150000,,1.1
      200000,90,1
      """,
      broken
    ).path
    let prices = (0..<4).map { made.value(step: $0, column: 1) }
    #expect(prices[0] == 1.2 * 100 && prices[1] == 1.2 * 110 && prices[2].isNaN)
    #expect(prices[3] == 0.9 * 90)
    // Without a column the ratio is the peg; a price of its own is what it is.
    #expect(try read("timestamp_ms,SOL\n0,100\n").path.values == [100, 125])
    #expect(try read("timestamp_ms,SOL,STSOL\n0,100,7\n").path.values.sorted() == [7, 100])
    // Where nobody asks for it the column is unknown.
    let plain = try readPath("timestamp_ms,SOL,STSOL/SOL\n0,100,1.2\n")
    #expect(plain.path.pegs.isEmpty && plain.path.values == [100])
    #expect(plain.warnings == ["path.csv: ignored column 'STSOL/SOL'"])
  }

  @Test func `generated paths follow the peg`() throws {
    var broken = PegBreak()
    (broken.depth, broken.startSeconds, broken.fallSeconds) = (0.2, 10, 10)
    let catalogue = try WorldVenues.catalogue().pegging(["STSOL": broken])
    let sol = try #require(catalogue.assets.index(of: "SOL"))
    let staked = try #require(catalogue.assets.index(of: "STSOL"))
    var snapshot = PriceSnapshot(catalogue.assets)
    snapshot.set(sol, price: 0.5, confidence: 0)
    var settings = ScenarioSettings()
    settings.horizonSeconds = 30
    let generator = try PathGenerator(
      settings,
      catalogue: catalogue,
      snapshot: snapshot,
      assets: [staked]
    )
    let path = try generator.path(scenario: 0)
    #expect(path.assets == [sol, staked])
    for step in 0...30 {
      let factor = step <= 10 ? 1 : step >= 20 ? 0.8 : 1 - 0.02 * Double(step - 10)
      let ratio = path.value(step: step, column: 1) / path.value(step: step, column: 0)
      #expect((ratio - 1.25 * factor).magnitude < 2e-3)
    }
  }
}
