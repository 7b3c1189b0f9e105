// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Prices of all assets at one moment, with the oracle's own confidence.
///
/// Arrays are by asset index; a missing price is NaN, a missing confidence 0. An asset that is
/// priced from another has no entry of its own: `price(of:)` derives it.
package struct PriceSnapshot: Sendable {
  package private(set) var prices: [Double]
  package private(set) var confidences: [Double]
  /// Confidence as a share of the price, 0 where none is known.
  package private(set) var confidenceRatios: [Double]
  /// Newest slot of the prices.
  package var slot: Int64?

  /// No prices yet but those of quote currencies, which are 1.
  package init(_ assets: AssetTable) {
    prices = assets.assets.map { $0.isQuote ? 1 : .nan }
    confidences = Array(repeating: 0, count: assets.count)
    confidenceRatios = confidences
  }

  /// Gives an asset its price and the confidence that was read with it, USD.
  package mutating func set(_ asset: Int, price: Double, confidence: Double) {
    prices[asset] = price
    confidences[asset] = confidence
    confidenceRatios[asset] = confidence > 0 ? confidence / price : 0
  }

  /// Gives an asset a price at which the confidence is a known share of it.
  package mutating func set(_ asset: Int, price: Double, confidenceRatio: Double) {
    prices[asset] = price
    confidences[asset] = confidenceRatio * price
    confidenceRatios[asset] = confidenceRatio
  }

  /// The price of an asset: 1 for a quote, `ratio · underlying` for a derived one.
  package func price(of asset: Int, in table: AssetTable) -> Double {
    let entry = table[asset]
    return entry.underlying == asset ? prices[asset] : entry.ratio * prices[entry.underlying]
  }
}
