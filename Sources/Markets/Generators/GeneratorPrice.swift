// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Numerics

/// Prices that generators take when the user gives none: round numbers, no market's.
package struct GeneratorPrice: Sendable, Equatable {
  package var symbol: String
  /// USD.
  package var price: Double
  /// What an oracle would state as its standard deviation, USD.
  package var confidenceUSD: Double

  package init(symbol: String, price: Double, confidenceUSD: Double) {
    self.symbol = symbol
    self.price = price
    self.confidenceUSD = confidenceUSD
  }

  /// BTC 100,000, ETH 4,000, SOL 150 and EVT 0.6 USD; confidence 1 bps, for EVT 20.
  package static let defaults = [
    GeneratorPrice(symbol: "BTC", price: 100_000, confidenceUSD: 10),
    GeneratorPrice(symbol: "ETH", price: 4_000, confidenceUSD: 0.4),
    GeneratorPrice(symbol: "SOL", price: 150, confidenceUSD: 0.015),
    GeneratorPrice(symbol: "EVT", price: 0.6, confidenceUSD: 0.0012),
  ]

  /// The confidence of a price as basis points of it, rounded to five digits.
  package static func confidence(ofPrice price: Double, basisPoints: Double) -> Double {
    DecimalRounding.significant(price * basisPoints / 10_000, digits: 5)
  }
}
