// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Tables
package import TextKit

/// Confidence held against what happened: for each cluster that the price went through, the share
/// of its forced size that was closed at prices inside it.
///
///     realised = Σ size closed at a price inside the bin / forced size of the bin at the start
///
/// Clusters of the direction `below` alone, where what is closed is what was held: long perps and
/// deposits, each at its liquidation price. Confidence is a bound that nine in ten clusters should
/// reach (DESIGN 5), so points belong above the diagonal.
package struct ConfidenceCheck: Sendable {
  /// One cluster in one scenario.
  package struct Point: Sendable {
    package let predicted: Double
    package let realised: Double
  }

  /// Clusters of about the same confidence.
  package struct Group: Sendable {
    package let label: String
    package let count: Int
    package let meanPredicted: Double
    package let meanRealised: Double
    /// Share of the clusters that reached their confidence.
    package let reached: Double
  }

  package private(set) var points: [Point] = []
  package let cell: String

  /// Compares the clusters of a scene with the events of one cell.
  ///
  /// - Returns: nil where no price path is known.
  package init?(
    _ scene: ReportScene,
    liquidations path: String,
    cell: String,
    scenarios: Int
  ) throws(Failure) {
    self.cell = cell
    var tables: [String: ConfidenceBins] = [:]
    for asset in scene.assets { tables[asset] = ConfidenceBins(scene.bins(of: asset)) }
    var sums: [String: [[Double]]] = [:]
    for (asset, table) in tables {
      sums[asset] = Array(repeating: Array(repeating: 0, count: table.count), count: scenarios)
    }
    func add(_ asset: String, _ scenario: Int, price: Double, size: Double) {
      guard let table = tables[asset], scenario >= 0, scenario < scenarios else { return }
      for bin in table.holding(price) { sums[asset]?[scenario][bin] += size }
    }
    var reader = try CSVReader(
      path: path,
      required: ["cell_id", "scenario", "asset", "liquidation_price", "notional_usd", "quantity"]
    )
    while try reader.next() {
      guard try reader.text(0) == cell, !reader.isEmpty(3), try reader.number(5) > 0 else {
        continue
      }
      add(
        try reader.text(2),
        Int(try reader.integer(1)),
        price: try reader.number(3),
        size: try reader.number(4)
      )
    }
    var hasPath = false
    for asset in scene.assets {
      guard let table = tables[asset], let own = sums[asset] else { continue }
      for scenario in 0..<scenarios {
        guard let line = scene.line(scenario, asset) else { continue }
        hasPath = true
        let prices = line.prices.filter { !$0.isNaN }
        guard let lowest = prices.min() else { continue }
        for (place, bin) in table.bins.enumerated() where bin.forcedSizeUSD > 0 {
          // A cluster of a few thousand USD says nothing about confidence.
          guard bin.isBelow, lowest <= bin.low, bin.forcedSizeUSD >= 10_000 else { continue }
          let realised = own[scenario][place] / bin.forcedSizeUSD
          points.append(Point(predicted: Double(bin.confidence), realised: realised * 100))
        }
      }
    }
    if !hasPath { return nil }
  }

  /// The points in steps of ten of confidence, empty steps left out.
  package var groups: [Group] {
    (0..<10).compactMap { step in
      let own = points.filter { min(9, Int($0.predicted / 10)) == step }
      guard !own.isEmpty else { return nil }
      let count = Double(own.count)
      return Group(
        label: "\(step * 10)–\(step == 9 ? 100 : step * 10 + 9)",
        count: own.count,
        meanPredicted: own.reduce(0) { $0 + $1.predicted } / count,
        meanRealised: own.reduce(0) { $0 + min($1.realised, 100) } / count,
        reached: Double(own.count { $0.realised >= $0.predicted }) / count
      )
    }
  }
}

/// The bins of one asset for searches by price.
private struct ConfidenceBins {
  let bins: [ReportScene.Bin]

  init(_ bins: [ReportScene.Bin]) { self.bins = bins }

  var count: Int { bins.count }

  /// The bin of the direction `below` that holds a price, if there is one.
  func holding(_ price: Double) -> [Int] {
    var (low, high) = (0, bins.count)
    while low < high {
      let middle = (low + high) / 2
      if bins[middle].low <= price { low = middle + 1 } else { high = middle }
    }
    return [low - 1, low - 2].filter {
      $0 >= 0 && bins[$0].isBelow && bins[$0].low <= price && price < bins[$0].high
    }
  }
}
