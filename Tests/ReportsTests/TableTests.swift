// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Clusters
import Cycles
import Liquidation
import Markets
import Numerics
import Reports
import Sweeps
import Tables
import TestSupport
import Testing
import TextKit

/// `liquidation_prices.csv`, `clusters.csv` and `sweep.csv`.
@Suite struct TableTests {
  let kit: WorldBook

  init() throws { kit = try WorldBook() }

  @Test func `prices show status, direction, distance and size`() throws {
    let accounts = [
      try kit.perp("+a", 1, at: 100, collateral: 55, venue: "halves"),
      try kit.perp("b", -1, at: 100, collateral: 35, venue: "halves"),
      try kit.perp("c", 1, at: 100, collateral: 200, venue: "halves"),
      try kit.perp("d", 0, at: 100, collateral: 1, venue: "halves"),
      try kit.perp("e", 2, at: 100, collateral: 0, venue: "halves"),
      try kit.loan("f", deposit: ("SOL", 1), borrow: ("USDC", 60)),
    ]
    let book = kit.book(accounts)
    var snapshot = PriceSnapshot(kit.catalogue.assets)
    snapshot.set(try kit.asset("SOL"), price: 80, confidence: 0)
    let compiled = try AffineBook(
      compiling: book,
      catalogue: kit.catalogue,
      snapshot: snapshot
    )
    let assessments = (0..<compiled.rowCount).map { row in
      Assessment(
        compiled.interval(
          of: row,
          deposited: 0,
          prices: snapshot.prices,
          confidences: snapshot.confidences
        ),
        price: 80,
        isEmpty: compiled.isEmpty[row],
        hasDebt: compiled.hasDebt[row],
        atEquality: compiled.tripsAtEquality[row]
      )
    }
    var table = CSVBuilder()
    try PriceReport.append(
      0..<compiled.rowCount,
      of: PriceReport.Source(
        book: book,
        catalogue: kit.catalogue,
        snapshot: snapshot,
        compiled: compiled
      ),
      assessments,
      PriceReport.Form(),
      to: &table
    )
    #expect(
      lines(table) == [
        "'+a,halves,SOL,below,liquidatable,90,-0.1111111111111111,90.000000,1,0.000000",
        "b,halves,SOL,above,at_risk,90,0.1111111111111111,90.000000,1,0.000000",
        "c,halves,SOL,,unreachable,,,,,",
        "d,halves,SOL,,empty,,,,,",
        "e,halves,SOL,below,liquidatable,200,-0.6,400.000000,1,0.000000",
        "f,loans,SOL,below,at_risk,75,0.06666666666666667,75.000000,1,0.000000",
      ]
    )
  }

  @Test func `clusters are written with their flags`() throws {
    var cluster = try #require(
      try worldCluster(at: 100, asset: try kit.asset("SOL"), size: 1_500_000_250_000)
    )
    cluster.isDeployable = true
    cluster.isApproached = false
    cluster.confidence = 87
    cluster.positions = 12
    cluster.largestShare = 0.25
    cluster.distance = 0.0125
    let table = ClusterReport.table([cluster], assets: kit.catalogue.assets, slot: 314)
    #expect(
      lines(table)[1]
        == "SOL,below,99.83320213261966,100.33236814328276,1500000.250000,87,1,0,12,0.25,0.0125,314"
    )
  }

  @Test func `a sweep row has its values and metrics, empty where there is none`() throws {
    let inputs = SweepInputs(
      book: kit.book([try kit.long("a", root: 50)]),
      paths: [try kit.path([100])],
      confidenceRatios: Array(repeating: 0, count: kit.catalogue.assets.count),
      slot0: 0,
      seed: 1
    )
    let axis = try Axis(
      name: "venues.perps.assets.SOL.x",
      target: .venue(path: "x"),
      values: [1e-7]
    )
    let grid = try Grid(
      axes: [axis],
      base: try worldSettings(),
      venueBase: [],
      venueDefaults: [:]
    )
    let catalogue = kit.catalogue
    let engine = SweepEngine(grid: grid, inputs: inputs) {
      (_: [VenueValue]) throws(Failure) -> VenueCatalogue in catalogue
    }
    var rows = try engine.run(threads: 1, progress: {})
    rows[0].metrics = [.money(-5), .number(nil), .number(0.5), .money(Int128(Int64.max) * 10)]
    let table = SweepReport.table(rows, axes: grid.axes, metrics: ["a", "b", "c", "d"])
    #expect(
      lines(table) == [
        "cell_id,venues.perps.assets.SOL.x,a,b,c,d",
        rows[0].cellID + ",0.0000001,-0.000005,,0.5,92233720368547.758070",
      ]
    )
  }
}
