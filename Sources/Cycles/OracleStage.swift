// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Markets

/// Prices as every other stage sees them at one step (SEMANTICS B10).
///
/// With one source and nothing amiss the oracle says the path's prices; else `OracleMarket` decides
/// what it says, and confidence is at least the distance of its sources. An empty cell of the path
/// carries the price on while its age grows; beyond the greatest age the price is stale: margin
/// checks, protection, deployment and recovery of that asset are skipped.
package struct OracleStage: Sendable {
  package private(set) var prices: [Double]
  /// The path's prices, carried over gaps: what fills, exits and bids see.
  package private(set) var spots: [Double]
  package private(set) var confidences: [Double]
  package private(set) var isStale: [Bool]
  /// When each price was true, UTC epoch milliseconds.
  package private(set) var updatedAt: [Int64]
  /// The sources, nil where the oracle says the path's prices.
  private var market: OracleMarket?
  private let ratios: [Double]
  private let settings: OracleSettings

  package init(_ settings: OracleSettings, input: WorldInput) {
    let table = input.catalogue.assets
    self.settings = settings
    ratios = input.confidenceRatios
    prices = table.assets.map { $0.isQuote ? 1 : .nan }
    spots = prices
    confidences = Array(repeating: 0, count: table.count)
    isStale = Array(repeating: false, count: table.count)
    updatedAt = Array(repeating: input.path.times[0], count: table.count)
    market = settings.isPlain ? nil : OracleMarket(settings, input)
  }

  /// Takes one step of the path.
  package mutating func advance(to step: Int, of path: PricePath) {
    if let found = market?.advance(to: step, of: path) {
      for (place, asset) in path.assets.enumerated() {
        let (answer, spot) = found[place]
        prices[asset] = answer.price
        spots[asset] = spot
        confidences[asset] = max(ratios[asset] * answer.price, answer.spread)
        updatedAt[asset] = answer.time
        isStale[asset] = answer.isStale
      }
      return
    }
    let time = path.times[step]
    for (column, asset) in path.assets.enumerated() {
      let value = path.value(step: step, column: column)
      if value.isNaN {
        isStale[asset] = time - updatedAt[asset] > settings.maxAgeMilliseconds
      } else {
        prices[asset] = value
        spots[asset] = value
        confidences[asset] = ratios[asset] * value
        updatedAt[asset] = time
        isStale[asset] = false
      }
    }
  }

  /// Moves an asset's price and the market's by a factor at this step; confidence stays the same
  /// share.
  mutating func move(_ asset: Int, by factor: Double) {
    prices[asset] *= factor
    spots[asset] *= factor
    confidences[asset] =
      market == nil ? ratios[asset] * prices[asset] : confidences[asset] * factor
  }

  /// The price of any asset: 1 for a quote, the ratio times the underlying for a derived one.
  package func price(of asset: Int, in table: AssetTable) -> Double {
    let entry = table[asset]
    return entry.underlying == asset ? prices[asset] : entry.ratio * prices[entry.underlying]
  }

  /// The market's price of any asset.
  package func spot(of asset: Int, in table: AssetTable) -> Double {
    let entry = table[asset]
    return entry.underlying == asset ? spots[asset] : entry.ratio * spots[entry.underlying]
  }

  /// The confidence of any asset, USD.
  package func confidence(of asset: Int, in table: AssetTable) -> Double {
    let entry = table[asset]
    return entry.underlying == asset
      ? confidences[asset] : entry.ratio * confidences[entry.underlying]
  }
}
