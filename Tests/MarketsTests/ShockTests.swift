// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Markets
import Numerics
import TestSupport
import Testing
import TextKit

@Suite struct ShockTests {
  private static func snapshot(_ count: Int) -> (AssetTable, PriceSnapshot) {
    var table = AssetTable()
    for index in 0..<count { _ = table.add("A\(index)") }
    let quote = table.add("USD")
    table.markQuote(quote)
    var snapshot = PriceSnapshot(table)
    for index in 0..<count {
      snapshot.set(index, price: 10 * Double(index + 1), confidence: 0)
    }
    return (table, snapshot)
  }

  @Test func `moves of a grid are exact decimals and both ends are in it`() throws {
    let axis = try ShockGrid.Axis("SOL=-50:50:1%")
    #expect(axis.symbol == "SOL")
    #expect(axis.count == 101)
    #expect((0...100).map { axis.move($0) } == (-50...50).map { Double($0) / 100 })
    let fine = try ShockGrid.Axis("SOL=-0.3:0.3:0.1")
    #expect(
      (0..<fine.count).map { fine.move($0) } == [-0.003, -0.002, -0.001, 0, 0.001, 0.002, 0.003]
    )
    #expect(try ShockGrid.Axis("SOL=-30%:-30%:5%").count == 1)
  }

  @Test(arguments: [
    "SOL", "=1:2:1", "SOL=1:2", "SOL=1:2:0", "SOL=2:1:1", "SOL=-100:0:1", "SOL=0:10:3",
    "SOL=0:1:0.0000001", "SOL=a:b:c", "SOL=1:2:1:3", "SOL=0:1:-1", "SOL=1e2:2e2:1", "SOL=:1:1",
    "SOL=0:9999999999:1",
  ])
  func `another form of a grid is refused`(_ text: String) {
    #expect(throws: Failure.self) { try ShockGrid.Axis(text) }
  }

  @Test func `the last asset of a grid moves fastest`() throws {
    let (_, start) = ShockTests.snapshot(2)
    let grid = try ShockGrid(
      [ShockGrid.Axis("A1=-50:50:50"), ShockGrid.Axis("A0=0:10:10")],
      assets: [1, 0],
      start: start
    )
    #expect(grid.count == 6)
    #expect(grid.name(of: 1) == "A1=-50% A0=10%")
    var prices: [Double] = []
    try grid.addPrices(of: 0..<6, assets: [0, 1, 2], threads: 1, to: &prices)
    #expect(prices[0..<6] == [10, 11, 10, 11, 10, 11])
    #expect(prices[6..<12] == [10, 10, 20, 20, 30, 30])
    #expect(prices[12..<18] == [1, 1, 1, 1, 1, 1])
    #expect(throws: Failure.self) {
      try ShockGrid(
        [ShockGrid.Axis("A0=0:1:1"), ShockGrid.Axis("A0=0:1:1")],
        assets: [0, 0],
        start: start
      )
    }
  }

  private static func generator(
    _ count: Int,
    assets: Int,
    seed: UInt64,
    horizon: Double = 86_400
  ) throws -> ShockGenerator {
    let (table, start) = snapshot(assets)
    let processes = (0..<assets).map {
      AssetProcess.preset(
        symbol: table[$0].symbol,
        price: $0 == 3 ? 0.4 : start.prices[$0],
        isEvent: $0 == 3
      )
    }
    return try ShockGenerator(
      count: count,
      seed: seed,
      processes: processes,
      assets: Array(0..<assets),
      model: ShockModel(processes, horizonSeconds: horizon, correlation: 0.6),
      start: start
    )
  }

  /// The library may add in any order; the rounded move is that of the plain sum.
  @Test(arguments: PropertySeeds.first(20))
  func `drawn moves are those of the plain sum, bit for bit`(_ seed: UInt64) throws {
    let draws = try ShockTests.generator(
      2_000,
      assets: [1, 2, 7, 64][Int(seed % 4)],
      seed: seed,
      horizon: [3_600, 86_400, 3e7][Int(seed % 3)]
    )
    var plain = draws
    plain.isPlain = true
    #expect(try draws.moves(0..<1_000) == plain.moves(0..<1_000))
  }

  @Test func `a scenario does not depend on how many are drawn together, nor on threads`() throws {
    let draws = try ShockTests.generator(1_000, assets: 7, seed: 3)
    var all: [Double] = []
    try draws.addPrices(of: 0..<1_000, assets: Array(0..<7), threads: 3, to: &all)
    var one: [Double] = []
    try draws.addPrices(of: 777..<778, assets: Array(0..<7), threads: 1, to: &one)
    #expect(one == (0..<7).map { all[$0 * 1_000 + 777] })
  }

  @Test func `drawn moves have the deviations and correlations that were asked for`() throws {
    let draws = try ShockTests.generator(40_000, assets: 3, seed: 5)
    let moves = try draws.moves(0..<40_000)
    func mean(_ a: Int, _ b: Int) -> Double {
      (0..<40_000).reduce(0) { $0 + moves[a * 40_000 + $1] * moves[b * 40_000 + $1] } / 40_000
    }
    let daily = 0.9 * (86_400 / 31_557_600.0).squareRoot()
    #expect(abs(mean(0, 0).squareRoot() / daily - 1) < 0.02)
    #expect(abs(mean(0, 1) / (mean(0, 0) * mean(1, 1)).squareRoot() - 0.6) < 0.02)
  }

  @Test func `an event stays between 0 and 1`() throws {
    let draws = try ShockTests.generator(500, assets: 4, seed: 9, horizon: 3e6)
    var prices: [Double] = []
    try draws.addPrices(of: 0..<500, assets: [3], threads: 1, to: &prices)
    #expect(prices.allSatisfy { $0 > 0 && $0 < 1 })
    #expect(prices.contains { $0 > 0.9 } && prices.contains { $0 < 0.1 })
  }

  @Test func `covariances of a path are those of plain sums`() throws {
    var random = SplitMix64(seed: 4)
    var (a, b) = (0.0, 0.0)
    var (times, values): ([Int64], [Double]) = ([], [])
    for step in 0..<3_000 {
      times.append(Int64(step) * 60_000)
      values += [ExactMath.exp(a), 50 * ExactMath.exp(b)]
      let common = random.number(-0.01, 0.01)
      a += common
      b += 0.5 * common + random.number(-0.005, 0.005)
    }
    let path = try PricePath(name: "p", times: times, assets: [0, 1], values: values)
    let processes = ["X", "Y"].map { AssetProcess(symbol: $0, price: 1) }
    let model = try ShockModel(processes, assets: [0, 1], horizonSeconds: 600, history: path)
    var (xx, xy, yy) = (0.0, 0.0, 0.0)
    for step in 1..<3_000 {
      let x = ExactMath.ln(values[step * 2]) - ExactMath.ln(values[step * 2 - 2])
      let y = ExactMath.ln(values[step * 2 + 1]) - ExactMath.ln(values[step * 2 - 1])
      (xx, xy, yy) = (xx + x * x, xy + x * y, yy + y * y)
    }
    let scaled = (xy / (xx * yy).squareRoot() * 0x1p24).rounded(.toNearestOrEven)
    #expect(model.correlations == [[1, scaled * 0x1p-24], [scaled * 0x1p-24, 1]])
    #expect(abs(model.deviations[0] / (xx / 2_999 * 10).squareRoot() - 1) < 1e-12)
    #expect(throws: Failure.self) {
      try ShockModel(processes, assets: [0, 5], horizonSeconds: 600, history: path)
    }
  }
}
