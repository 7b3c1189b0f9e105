// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Inputs
import Markets
import TestSupport
import Testing
import TextKit

/// Wide paths and bars (DESIGN 4, SEMANTICS B10).
@Suite struct PathFileTests {
  private static let bars = """
    timestamp_ms,asset,open,high,low,close
    1000,SOL,100,110,90,105
    5000,SOL,105,106,80,85
    """

  private func options(_ change: (inout PathOptions) -> Void) -> PathOptions {
    var options = PathOptions()
    change(&options)
    return options
  }

  private func column(_ symbol: String, _ path: PricePath) throws -> Int {
    let asset = try WorldBook().asset(symbol)
    return try #require(path.assets.firstIndex(of: asset))
  }

  @Test func `wide paths keep gaps and name what they ignore`() throws {
    let (path, warnings) = try readPath(
      """
      DOGE,BTC,timestamp_ms,SOL,STSOL
      1,60000,1000,100,125
      2,,2000,101,
      3,61000,4000,,
      """
    )
    #expect(path.times == [1000, 2000, 4000])
    #expect(path.stepCount == 3)
    let sol = try column("SOL", path)
    let btc = try column("BTC", path)
    #expect(path.value(step: 1, column: sol) == 101)
    #expect(path.value(step: 2, column: sol).isNaN)
    #expect(path.value(step: 1, column: btc).isNaN)
    #expect(path.value(step: 2, column: btc) == 61_000)
    #expect(warnings == ["path.csv: ignored columns 'DOGE', 'STSOL'"])
  }

  @Test(arguments: [
    (BarOrder.auto, [100.0, 90, 110, 105, 105, 106, 80, 85]),
    (.ohlc, [100, 110, 90, 105, 105, 106, 80, 85]),
    (.olhc, [100, 90, 110, 105, 105, 80, 106, 85]),
  ])
  func `a bar becomes four steps`(order: BarOrder, prices: [Double]) throws {
    let (path, warnings) = try readPath(PathFileTests.bars, options { $0.order = order })
    #expect(warnings.isEmpty)
    #expect(path.times == [1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000])
    #expect(path.values == prices)
  }

  @Test func `the close alone is one step at three quarters`() throws {
    let (path, _) = try readPath(PathFileTests.bars, options { $0.order = .close })
    #expect(path.times == [4000, 8000])
    #expect(path.values == [105, 85])
  }

  @Test func `a flat bar visits its high first`() throws {
    let (path, _) = try readPath(
      "timestamp_ms,asset,open,high,low,close\n0,SOL,100,110,90,100\n",
      options { $0.barSeconds = 4 }
    )
    #expect(path.values == [100, 110, 90, 100])
  }

  @Test func `stamps may name the end of a bar`() throws {
    let (path, _) = try readPath(PathFileTests.bars, options { $0.stamp = .end })
    #expect(path.times == [-3000, -2000, -1000, 0, 1000, 2000, 3000, 4000])
    let (longer, _) = try readPath(
      PathFileTests.bars,
      options {
        $0.stamp = .end
        $0.barSeconds = 0.8
      }
    )
    #expect(longer.times.prefix(4) == [200, 400, 600, 800])
  }

  @Test func `bars of several assets share the axis and leave gaps`() throws {
    let (path, warnings) = try readPath(
      """
      timestamp_ms,asset,open,high,low,close
      0,BTC,10,12,9,11
      0,SOL,100,110,90,105
      0,DOGE,1,1,1,1
      400,SOL,105,106,80,85
      """
    )
    #expect(path.times == [0, 100, 200, 300, 400, 500, 600, 700])
    let btc = try column("BTC", path)
    #expect((0..<4).map { path.value(step: $0, column: btc) } == [10, 9, 12, 11])
    #expect((4..<8).allSatisfy { path.value(step: $0, column: btc).isNaN })
    #expect(warnings.count == 1)
  }

  @Test func `times outside from and to are left out, the ends are in`() throws {
    let text = "timestamp_ms,SOL\n1,10\n2,20\n3,30\n4,40\n"
    let part = options {
      $0.fromMilliseconds = 2
      $0.toMilliseconds = 3
    }
    #expect(try readPath(text, part).path.values == [20, 30])
    let one = options {
      $0.fromMilliseconds = 5000
      $0.barSeconds = 4
    }
    #expect(try readPath(PathFileTests.bars, one).path.times.first == 5000)
    #expect(
      pathComplaint(text, options { $0.fromMilliseconds = 9 })
        == "path.csv: found 'no rows', expected at least one row with a known asset;"
        + " check the file and the times asked for"
    )
  }

  @Test func `a gzip file reads like its contents`() throws {
    let folder = WorldFolder()
    let text = Array(PathFileTests.bars.utf8)
    let plain = folder.file("path.csv", text)
    let packed = folder.file("path.csv.gz", worldGzip(text))
    let assets = try WorldVenues.catalogue().assets
    let (a, _) = try PathFile.read(plain, assets: assets, options: PathOptions())
    let (b, _) = try PathFile.read(packed, assets: assets, options: PathOptions())
    #expect(a.values == b.values)
    #expect(a.times == b.times)
    let book = folder.file(
      "book.csv.gz",
      worldGzip(Array("account,venue,asset,leg,quantity\na,loans,SOL,deposit,1\n".utf8))
    )
    #expect(
      try BookFile.read(book, catalogue: WorldVenues.catalogue()).book.accounts.count == 1
    )
  }

  @Test(arguments: [
    (
      "timestamp_ms,SOL\n5,10\n5,11\n",
      "path.csv:3: column 'timestamp_ms': found '5', expected a time after 5;"
        + " sort the rows and remove repeats"
    ),
    (
      "timestamp_ms,SOL,BTC\n5,10,\n",
      "path.csv:2: column 'BTC': found '', expected a price for every asset in the first row;"
        + " begin the path where every asset has a price"
    ),
    (
      "timestamp_ms,SOL\n5,0\n",
      "path.csv:2: column 'SOL': found '0', expected a price above 0, at most 1e15"
    ),
    (
      "timestamp_ms,SOL\n5,1e-101\n",
      "path.csv:2: column 'SOL': found '1e-101', expected a price of at least 1e-100"
    ),
    (
      "timestamp_ms,DOGE\n5,1\n",
      "path.csv:1: found 'timestamp_ms,DOGE', expected timestamp_ms and a column for each asset,"
        + " or bars: timestamp_ms,asset,open,high,low,close"
    ),
    (
      "timestamp_ms,asset,open,close\n5,SOL,1,1\n",
      "path.csv:1: found 'bars without high, low', expected timestamp_ms,asset,open,high,low,close"
    ),
    (
      "timestamp_ms,asset,open,high,low,close\n5,SOL,1,1,1,1\n5,SOL,1,1,1,1\n",
      "path.csv:3: column 'timestamp_ms': found '5', expected a time after 5 for SOL;"
        + " sort the rows and remove repeats"
    ),
    (
      "timestamp_ms,asset,open,high,low,close\n5,SOL,1,1,-1,1\n9,SOL,1,1,1,1\n",
      "path.csv:2: column 'low': found '-1', expected a price above 0, at most 1e15"
    ),
    (
      "timestamp_ms,asset,open,high,low,close\n5,SOL,1,1,1,1\n",
      "path.csv: found '1 bar stamps', expected bars at least 4 ms long;"
        + " give the length of a bar (bar_seconds) when there is only one"
    ),
  ])
  func `a path that cannot be is refused`(text: String, message: String) {
    #expect(pathComplaint(text) == message)
  }

  @Test func `bars longer than their distance are refused`() {
    #expect(
      pathComplaint(PathFileTests.bars, options { $0.barSeconds = 8 }) != "no failure"
    )
  }
}
