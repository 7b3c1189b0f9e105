// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets

/// The rules of the venues for one leg, each as its documentation writes it (venues.md).
package enum PlainRule {
  /// `isqrt(10 · size_1e9 + 1)` by stepping to it.
  package static func sizeRoot(_ size: Double) -> Int {
    let square = Int((size * 1e9).rounded()) * 10 + 1
    var root = Int(Double(square).squareRoot())
    while root * root > square { root -= 1 }
    while (root + 1) * (root + 1) <= square { root += 1 }
    return root
  }

  /// Drift's ratio or liability weight after the size premium, in 1e-4.
  package static func premium(_ weight: Int, imf: Int, size: Double) -> Int {
    if imf == 0 { return weight }
    return max(weight, weight - weight / 5 + sizeRoot(size) * imf / 10_000_000)
  }

  /// Drift's asset weight after the size discount, in 1e-4.
  package static func discount(_ weight: Int, imf: Int, size: Double) -> Int {
    if imf == 0 { return weight }
    return min(weight, 11_000_000_000 / (1_000_000 + sizeRoot(size) * imf / 100_000))
  }

  /// The tick of a debt, one above the last that its ratio to the collateral reaches.
  package static func tickRatio(debt: Double, collateral: Double) -> Double {
    let ratio = debt / collateral
    var position = 0
    while ExactEdges.ticks[position + 1] <= ratio { position += 1 }
    return ExactEdges.ticks[position + 1]
  }

  /// marginfi's bias: confidence times a multiple, capped, as a share of the price.
  package static func bias(_ venue: PlainVenue, price: Double, confidence: Double) -> Double {
    if confidence == 0 { return 0 }
    return min(confidence / price * venue.confidenceMultiplier, venue.confidenceCap)
  }

  /// The maintenance rate of a perp that does not depend on its notional, nil where it does.
  package static func rate(_ leg: PlainLeg, _ venue: PlainVenue) -> Double? {
    if let leverage = leg.maxLeverage { return 1 / (2 * leverage) }
    let terms = venue.terms[leg.symbol] ?? PlainTerms()
    if venue.kind == "perp_sized" {
      return Double(premium(terms.ratio, imf: terms.imf, size: leg.quantity.magnitude)) / 1e4
    }
    return terms.tiers.count == 1 ? terms.tiers[0].rate : nil
  }

  /// The weighted, signed quantity of a deposit or borrow.
  package static func weighted(
    _ leg: PlainLeg,
    of account: PlainAccount,
    _ market: PlainMarket,
    _ venue: PlainVenue
  ) -> Double {
    let terms = venue.terms[leg.symbol] ?? PlainTerms()
    let isDeposit = leg.kind == .deposit
    switch venue.kind {
    case "perp_tiered": return isDeposit ? leg.quantity : -leg.quantity
    case "perp_sized":
      let units =
        isDeposit
        ? discount(terms.assetWeight, imf: terms.spotIMF, size: leg.quantity)
        : premium(terms.liabilityWeight, imf: terms.spotIMF, size: leg.quantity)
      let value = leg.quantity * (Double(units) / 1e4)
      return isDeposit ? value : -value
    case "lending_weighted":
      let source = market.asset(leg.symbol).underlying ?? leg.symbol
      let c = bias(
        venue,
        price: market.price(source),
        confidence: market.confidences[source] ?? 0
      )
      return isDeposit
        ? (leg.quantity * terms.deposit) * (1 - c) : -(leg.quantity * terms.borrow) * (1 + c)
    case "lending_ticked":
      if isDeposit { return leg.quantity * terms.deposit }
      let collateral = account.legs.first { $0.kind == .deposit }?.quantity ?? 0
      guard collateral > 0, leg.quantity > 0 else { return -leg.quantity }
      return -(collateral * tickRatio(debt: leg.quantity, collateral: collateral))
    default:
      return isDeposit ? leg.quantity * terms.deposit : -(leg.quantity * terms.borrow)
    }
  }
}
