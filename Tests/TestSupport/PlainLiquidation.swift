// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Liquidation
internal import Markets
internal import Numerics

/// What the plain reference says of one row of an account.
package struct PlainRow: Sendable, Equatable {
  package var symbol: String
  /// Net quantity in units of the asset.
  package var quantity: Double
  package var status: LiquidationStatus
  package var direction: Direction?
  /// The root; several only where the liquidation notional lies on the bound of two tiers, whose
  /// roots differ by rounding alone.
  package var roots: [Double]
}

extension PlainMarket {
  private struct Exposure {
    var symbol: String
    var slope = 0.0
    var quantity = 0.0
    var constant = 0.0
    var tiers: [(lower: Double, rate: Double)] = []
  }

  /// Liquidation prices of one account: tier by tier, keeping the tier that holds the notional.
  package func rows(of account: PlainAccount) -> [PlainRow] {
    guard let venue = venues[account.venue] else { return [] }
    var exposures: [Exposure] = []
    var cash = 0.0
    var markdown = 0.0
    for leg in account.legs {
      let part = exposure(leg, of: account, venue)
      if asset(leg.symbol).isQuote {
        cash = cash + part.slope
      } else if let place = exposures.firstIndex(where: { $0.symbol == part.symbol }) {
        exposures[place].slope = exposures[place].slope + part.slope
        exposures[place].quantity = exposures[place].quantity + part.quantity
      } else {
        exposures.append(part)
      }
      if venue.kind == "event", leg.kind == .deposit, !asset(leg.symbol).isQuote {
        let weight = venue.terms[leg.symbol]?.deposit ?? 0
        markdown = (part.quantity * (confidences[part.symbol] ?? 0)) * weight
      }
    }
    let fixed = cash + account.collateral
    if exposures.isEmpty {
      let leg = account.legs[0]
      exposures.append(Exposure(symbol: leg.symbol, quantity: leg.quantity))
    }
    exposures.sort { Array($0.symbol.utf8).lexicographicallyPrecedes(Array($1.symbol.utf8)) }
    return exposures.map { own in
      var constant = fixed + own.constant
      for other in exposures where other.symbol != own.symbol {
        constant = other.slope * price(other.symbol) + fixed
      }
      constant = constant - markdown
      constant = constant + Double(account.deposited) / 1e6
      return decide(own, constant, account, venue)
    }
  }

  private func exposure(
    _ leg: PlainLeg,
    of account: PlainAccount,
    _ venue: PlainVenue
  ) -> Exposure {
    let entry = asset(leg.symbol)
    let ratio = entry.underlying == nil ? 1 : entry.ratio
    let q = leg.quantity
    var part = Exposure(symbol: entry.underlying ?? leg.symbol)
    part.quantity = (leg.kind == .borrow ? -q : q) * ratio
    guard leg.kind == .perp else {
      part.slope = PlainRule.weighted(leg, of: account, self, venue) * ratio
      return part
    }
    part.constant = -q * leg.entry
    if let rate = PlainRule.rate(leg, venue) {
      part.slope = (q - q.magnitude * rate) * ratio
    } else {
      part.slope = q * ratio
      part.tiers = venue.terms[leg.symbol]?.tiers ?? []
    }
    return part
  }

  private func decide(
    _ own: Exposure,
    _ constant: Double,
    _ account: PlainAccount,
    _ venue: PlainVenue
  ) -> PlainRow {
    var row = PlainRow(
      symbol: own.symbol,
      quantity: own.quantity,
      status: .unreachable,
      direction: nil,
      roots: []
    )
    if account.legs.allSatisfy({ $0.quantity == 0 }) {
      row.status = .empty
      return row
    }
    if account.legs.allSatisfy({ $0.kind == .deposit || $0.quantity == 0 }) { return row }
    if own.slope == 0 {
      if constant < 0 || (constant == 0 && venue.tripsAtEquality) { row.status = .liquidatable }
      return row
    }
    row.roots = roots(own, constant).filter { $0 > 0 }
    let isBelow = own.slope > 0
    guard let root = row.roots.first else {
      // Health falls with the price and is below 0 at every price above 0.
      if !isBelow { (row.status, row.direction) = (.liquidatable, .above) }
      return row
    }
    row.direction = isBelow ? .below : .above
    let now = price(own.symbol)
    let hasFallen =
      (isBelow ? now < root : now > root) || (now == root && venue.tripsAtEquality)
    row.status = hasFallen ? .liquidatable : .atRisk
    return row
  }

  /// Roots of the lines whose tier holds the notional at the root.
  private func roots(_ own: Exposure, _ constant: Double) -> [Double] {
    if own.tiers.isEmpty { return [-constant / own.slope] }
    var found: [Double] = []
    var deduction = 0.0
    for (k, tier) in own.tiers.enumerated() {
      if k > 0 { deduction = deduction + tier.lower * (tier.rate - own.tiers[k - 1].rate) }
      let next = k + 1 < own.tiers.count ? own.tiers[k + 1].lower : .infinity
      let slope = own.slope - own.slope.magnitude * tier.rate
      let root = -(constant + deduction) / slope
      let notional = own.slope.magnitude * root
      if notional >= tier.lower * (1 - 1e-12), notional <= next * (1 + 1e-12) {
        found.append(root)
      }
    }
    return found
  }
}

extension PlainMarket {
  /// Health of an account by its venue's formula, with one asset at another price.
  ///
  /// Nothing of lines or slopes: account value less maintenance margin, weighted collateral less
  /// weighted debt. What a rule freezes in the solve stands at the present price.
  package func health(of account: PlainAccount, at price: Double, of symbol: String) -> Double {
    guard let venue = venues[account.venue] else { return .nan }
    var moved = self
    moved.prices[symbol] = price
    var health = account.collateral + Double(account.deposited) / 1e6
    for leg in account.legs {
      let now = moved.price(leg.symbol)
      if leg.kind == .perp {
        let notional = leg.quantity.magnitude * now
        health += leg.quantity * (now - leg.entry) - maintenance(leg, notional, venue)
      } else {
        health += PlainRule.weighted(leg, of: account, self, venue) * now
        if venue.kind == "event", leg.kind == .deposit {
          let entry = asset(leg.symbol)
          let confidence = confidences[entry.underlying ?? leg.symbol] ?? 0
          health -=
            leg.quantity * entry.ratio * confidence * (venue.terms[leg.symbol]?.deposit ?? 0)
        }
      }
    }
    return health
  }

  /// The margin that the venue's table asks of a notional.
  private func maintenance(_ leg: PlainLeg, _ notional: Double, _ venue: PlainVenue) -> Double {
    if let rate = PlainRule.rate(leg, venue) { return notional * rate }
    let tiers = venue.terms[leg.symbol]?.tiers ?? []
    var required = 0.0
    for (k, tier) in tiers.enumerated() where notional > tier.lower {
      let upper = k + 1 < tiers.count ? tiers[k + 1].lower : .infinity
      required += (min(notional, upper) - tier.lower) * tier.rate
    }
    return required
  }
}
