// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// What a report shows of the inputs, where they are still there.
package struct ReportScene: Sendable {
  /// One price bin of a ladder.
  package struct Bin: Sendable {
    package var asset: String
    package var isBelow: Bool
    package var low: Double
    package var high: Double
    package var forcedSizeUSD: Double
    package var confidence: Int
    package var isDeployable: Bool
    package var positions: Int
    package var largestShare: Double

    package init(
      asset: String,
      isBelow: Bool,
      low: Double,
      high: Double,
      forcedSizeUSD: Double,
      confidence: Int,
      isDeployable: Bool,
      positions: Int,
      largestShare: Double
    ) {
      self.asset = asset
      self.isBelow = isBelow
      self.low = low
      self.high = high
      self.forcedSizeUSD = forcedSizeUSD
      self.confidence = confidence
      self.isDeployable = isDeployable
      self.positions = positions
      self.largestShare = largestShare
    }
  }

  /// Prices of one asset in one scenario.
  package struct Line: Sendable {
    package var times: [Int64]
    package var prices: [Double]

    package init(times: [Int64], prices: [Double]) {
      self.times = times
      self.prices = prices
    }

    /// The last price up to a time; nil before the first.
    package func price(at time: Int64) -> Double? {
      for (place, own) in times.enumerated().reversed() where own <= time && !prices[place].isNaN {
        return prices[place]
      }
      return nil
    }
  }

  /// Clusters at the first prices of the first scenario, by asset, direction and price.
  package var bins: [Bin]
  /// Prices at that moment.
  package var spots: [String: Double]
  /// Cells of the spec's grid.
  package var cellCount = 0
  /// How often each stage of the sweep ran; empty where nobody counted.
  package var stages: [(name: String, runs: Int)] = []
  /// The prices of an asset in a scenario; nil where there are none.
  package var line: @Sendable (_ scenario: Int, _ asset: String) -> Line?
  /// The value of a setting by its name, before the axes speak.
  package var setting: @Sendable (String) -> Double?

  package init(
    bins: [Bin],
    spots: [String: Double],
    line: @escaping @Sendable (Int, String) -> Line?,
    setting: @escaping @Sendable (String) -> Double?
  ) {
    self.bins = bins
    self.spots = spots
    self.line = line
    self.setting = setting
  }

  /// The bins of an asset, by price.
  package func bins(of asset: String) -> [Bin] {
    bins.filter { $0.asset == asset }.sorted {
      ($0.low, $0.isBelow ? 0 : 1) < ($1.low, $1.isBelow ? 0 : 1)
    }
  }

  /// Assets with bins, the one with the largest forced size first.
  package var assets: [String] {
    var sizes: [String: Double] = [:]
    for bin in bins { sizes[bin.asset, default: 0] += bin.forcedSizeUSD }
    return sizes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
  }
}
