// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import TextKit

/// Health of a few legs by the venues' own rules, plainly: how a generator tells what is possible.
struct HealthProbe: Sendable {
  let catalogue: VenueCatalogue
  let snapshot: PriceSnapshot

  func price(_ asset: Int) -> Double { snapshot.price(of: asset, in: catalogue.assets) }

  /// Health in USD, with every price moved against its legs by a share of itself.
  ///
  /// - Throws: the venue's refusal of a leg that it does not have.
  func health(of legs: [Leg], against share: Double) throws(Failure) -> Double {
    var health = 0.0
    for leg in legs {
      let entry = catalogue.assets[leg.asset]
      let confidence = entry.ratio * snapshot.confidences[entry.underlying]
      let price = price(leg.asset)
      let context = LegContext(
        legs: legs,
        confidenceRatio: snapshot.confidenceRatios[entry.underlying]
      )
      let part = try catalogue.venues[leg.venue].rule.health(of: leg, in: context)
      let gains = leg.kind == .borrow ? -leg.quantity : leg.quantity
      let moved = entry.isQuote ? price : price * (gains > 0 ? 1 - share : 1 + share)
      health += leg.collateralUSD + part.constant + part.slope * moved
      if part.table != 0 {
        let notional = part.slope.magnitude * moved
        var requirement = 0.0
        for line in catalogue.margins[part.table].lines {
          requirement = max(requirement, line.rate * notional - line.deduction)
        }
        health -= requirement
      }
      if let markdown = part.markdown {
        health -= (markdown.quantity * confidence) * markdown.weight
      }
    }
    return health
  }

  /// Whether an account of these legs stays safe when prices move against it by a share.
  func isSafe(_ legs: [Leg], against share: Double) throws(Failure) -> Bool {
    try health(of: legs, against: share) > 0
  }

  /// The largest leverage of a perp of some size, `1 / (2 · maintenance rate)`, nil when the venue
  /// has none.
  func largestLeverage(venue: Int, asset: Int, quantity: Double) -> Double? {
    let price = price(asset)
    let leg = Leg(
      venue: venue,
      asset: asset,
      kind: .perp,
      quantity: quantity,
      entryPrice: price
    )
    do throws(Failure) {
      let requirement = -(try health(of: [leg], against: 0))
      guard requirement > 0 else { return nil }
      return quantity.magnitude * price / (2 * requirement)
    } catch {
      return nil
    }
  }

  /// Value for margin of one unit of a deposit, or what one unit of debt takes away, USD; nil when
  /// the venue has no such leg.
  func weightedUnit(venue: Int, asset: Int, kind: LegKind) -> Double? {
    let leg = Leg(venue: venue, asset: asset, kind: kind, quantity: 1)
    do throws(Failure) {
      let value = try health(of: [leg], against: 0).magnitude
      return value > 0 ? value : nil
    } catch {
      return nil
    }
  }
}
