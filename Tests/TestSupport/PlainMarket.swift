// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Markets
package import Numerics

/// What one venue knows of one asset, in the units in which the venue writes it.
package struct PlainTerms: Sendable {
  /// Perps by notional: lower bound and rate of each tier.
  package var tiers: [(lower: Double, rate: Double)] = []
  /// Perps by size: maintenance ratio in 1e-4 and IMF factor in 1e-6.
  package var ratio = 0
  package var imf = 0
  /// Spot of Drift: weights in 1e-4, IMF factor in 1e-6.
  package var assetWeight = 0
  package var liabilityWeight = 0
  package var spotIMF = 0
  /// Lending: weight or threshold of a deposit, weight of a borrow.
  package var deposit = 0.0
  package var borrow = 1.0

  /// No terms yet.
  package init() {}
}

/// One venue as a person would note it down.
package struct PlainVenue: Sendable {
  package var kind: String
  package var tripsAtEquality: Bool
  package var terms: [String: PlainTerms]
  package var confidenceMultiplier = 2.12
  package var confidenceCap = 0.05

  /// Notes a venue down.
  package init(kind: String, tripsAtEquality: Bool, terms: [String: PlainTerms] = [:]) {
    self.kind = kind
    self.tripsAtEquality = tripsAtEquality
    self.terms = terms
  }
}

/// One asset: what it is priced from, if not by itself.
package struct PlainAsset: Sendable {
  package var isQuote = false
  package var underlying: String?
  package var ratio = 1.0

  /// Notes an asset down.
  package init(isQuote: Bool = false, underlying: String? = nil, ratio: Double = 1) {
    self.isQuote = isQuote
    self.underlying = underlying
    self.ratio = ratio
  }
}

/// One leg of a plain account.
package struct PlainLeg: Sendable {
  package var symbol: String
  package var kind: LegKind
  package var quantity: Double
  package var entry = 0.0
  package var maxLeverage: Double?

  /// Notes a leg down.
  package init(
    _ symbol: String,
    _ kind: LegKind,
    _ quantity: Double,
    entry: Double = 0,
    maxLeverage: Double? = nil
  ) {
    self.symbol = symbol
    self.kind = kind
    self.quantity = quantity
    self.entry = entry
    self.maxLeverage = maxLeverage
  }
}

/// One account with what protection has put into it.
package struct PlainAccount: Sendable {
  package var venue: String
  package var legs: [PlainLeg]
  package var collateral: Double
  package var deposited: Micro

  /// Notes an account down.
  package init(
    venue: String,
    legs: [PlainLeg],
    collateral: Double = 0,
    deposited: Micro = 0
  ) {
    self.venue = venue
    self.legs = legs
    self.collateral = collateral
    self.deposited = deposited
  }
}

/// Venues, assets, prices: all that the plain references may look at.
package struct PlainMarket: Sendable {
  package var assets: [String: PlainAsset] = [:]
  package var venues: [String: PlainVenue] = [:]
  package var prices: [String: Double] = [:]
  package var confidences: [String: Double] = [:]

  /// Nothing is known yet.
  package init() {}

  func asset(_ symbol: String) -> PlainAsset { assets[symbol] ?? PlainAsset() }

  /// The price of an asset, whatever it is priced from.
  package func price(_ symbol: String) -> Double {
    let entry = asset(symbol)
    if entry.isQuote { return 1 }
    guard let underlying = entry.underlying else { return prices[symbol] ?? .nan }
    return entry.ratio * (prices[underlying] ?? .nan)
  }
}
