// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Markets

/// Health by the formulas of the default venues, written down plainly for the generated assets.
enum PlainHealth {
  private static let prices = ["BTC": 100_000.0, "ETH": 4_000, "SOL": 150, "EVT": 0.6, "USDC": 1]
  /// Hyperliquid below the second tier: half the inverse of the largest leverage.
  private static let tiers = ["BTC": 1.0 / 80, "ETH": 1.0 / 50, "SOL": 1.0 / 40]
  private static let driftTerms = [
    "BTC": (0.0333, 0.008), "ETH": (0.0333, 0.002), "SOL": (0.05, 0.0002),
  ]

  static func price(_ asset: String) -> Double { prices[asset] ?? .nan }

  /// USD of a perp or a deposit.
  static func size(of legs: [GeneratedLeg]) -> Double {
    legs[0].quantity.magnitude * price(legs[0].asset)
  }

  static func health(of legs: [GeneratedLeg]) -> Double {
    let first = legs[0]
    let size = size(of: legs)
    if first.leg == .perp {
      let profit = first.quantity * (price(first.asset) - (first.entryPrice ?? .nan))
      return first.collateralUSD + profit - size * maintenance(first)
    }
    let debt = legs[1].quantity * price(legs[1].asset)
    let (weight, liability) = weights(first.venue, deposit: first.asset, borrow: legs[1].asset)
    return size * weight - debt * liability
  }

  private static func maintenance(_ leg: GeneratedLeg) -> Double {
    if leg.venue == "hyperliquid" { return tiers[leg.asset] ?? .nan }
    let (ratio, imf) = driftTerms[leg.asset] ?? (.nan, .nan)
    return max(ratio, 0.8 * ratio + imf * leg.quantity.magnitude.squareRoot())
  }

  /// What a dollar of deposit counts for and a dollar of debt takes, confidence and tick included.
  private static func weights(
    _ venue: String,
    deposit: String,
    borrow: String
  ) -> (deposit: Double, borrow: Double) {
    let bias = 2.12 * 0.0001
    switch venue {
    case "marginfi":
      return (
        deposit == "USDC" ? 1 : 0.9 * (1 - bias), borrow == "USDC" ? 1 : 1.1 * (1 + bias)
      )
    case "kamino": return (deposit == "USDC" ? 0.9 : 0.75, borrow == "USDC" ? 1 : 1.25)
    case "jupiter_lend": return (0.85, 1.0015)
    default: return (0.8 * (1 - 0.002), 1)
    }
  }
}
