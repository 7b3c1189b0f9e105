// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Markets
package import Settings

/// The settings that the oracle reads.
package struct OracleSettings: Sendable, Equatable {
  package var maxAgeMilliseconds: Int64

  package init(_ settings: SettingsView) {
    maxAgeMilliseconds = settings.milliseconds(.oracleMaxAge)
  }

  init(maxAgeMilliseconds: Int64) { self.maxAgeMilliseconds = maxAgeMilliseconds }
}

/// Prices as every other stage sees them at one step (SEMANTICS B10).
///
/// An empty cell of the path carries the price on while its age grows; beyond the greatest age the
/// price is stale: margin checks, protection, deployment and recovery of that asset are skipped.
package struct OracleStage: Sendable {
  package private(set) var prices: [Double]
  package private(set) var confidences: [Double]
  package private(set) var isStale: [Bool]
  private var updatedAt: [Int64]
  private let ratios: [Double]
  private let settings: OracleSettings

  package init(_ settings: OracleSettings, input: WorldInput) {
    let table = input.catalogue.assets
    self.settings = settings
    ratios = input.confidenceRatios
    prices = table.assets.map { $0.isQuote ? 1 : .nan }
    confidences = Array(repeating: 0, count: table.count)
    isStale = Array(repeating: false, count: table.count)
    updatedAt = Array(repeating: input.path.times[0], count: table.count)
  }

  /// Takes one step of the path.
  package mutating func advance(to step: Int, of path: PricePath) {
    let time = path.times[step]
    for (column, asset) in path.assets.enumerated() {
      let value = path.value(step: step, column: column)
      if value.isNaN {
        isStale[asset] = time - updatedAt[asset] > settings.maxAgeMilliseconds
      } else {
        prices[asset] = value
        confidences[asset] = ratios[asset] * value
        updatedAt[asset] = time
        isStale[asset] = false
      }
    }
  }

  /// Replaces the price of an asset at this step; its confidence stays the same share.
  mutating func setPrice(_ price: Double, of asset: Int) {
    prices[asset] = price
    confidences[asset] = ratios[asset] * price
  }

  /// The price of any asset: 1 for a quote, the ratio times the underlying for a derived one.
  package func price(of asset: Int, in table: AssetTable) -> Double {
    let entry = table[asset]
    return entry.underlying == asset ? prices[asset] : entry.ratio * prices[entry.underlying]
  }

  /// The confidence of any asset, USD.
  package func confidence(of asset: Int, in table: AssetTable) -> Double {
    let entry = table[asset]
    return entry.underlying == asset
      ? confidences[asset] : entry.ratio * confidences[entry.underlying]
  }
}
