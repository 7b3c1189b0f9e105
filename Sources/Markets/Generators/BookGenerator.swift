// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Numerics
package import TextKit

/// Makes a synthetic book, one account at a time.
///
/// An account depends on the settings, the prices and its own number only, so the first rows of a
/// large book are those of a small one and no book need be in memory. Leverages and borrowed shares
/// are drawn from the round numbers that people choose, entries lie around the present price, sizes
/// have a Pareto tail: liquidation prices gather in clusters at a few per cent from spot. Nobody is
/// liquidatable at the present prices.
package struct BookGenerator: Sendable {
  package let settings: BookGeneratorSettings
  private let probe: HealthProbe
  private let venues: WeightedChoices<VenueMarkets>
  private let leverages: WeightedChoices<Double>
  private let utilisations: WeightedChoices<Double>
  private let source: Philox
  /// Share of the untruncated Pareto distribution that lies below the cap.
  private let cappedShare: Double

  /// Prepares a book of the assets that have a price.
  ///
  /// - Throws: a data failure for settings that are out of bounds, a share of an unknown venue, or
  ///   when no venue has a market in any priced asset.
  package init(
    _ settings: BookGeneratorSettings,
    catalogue: VenueCatalogue,
    snapshot: PriceSnapshot
  ) throws(Failure) {
    try settings.validate()
    self.settings = settings
    let probe = HealthProbe(catalogue: catalogue, snapshot: snapshot)
    self.probe = probe
    let table = catalogue.assets
    let assets = snapshot.pricedAssets(of: table)
    for asset in assets where catalogue.isEvent(asset) && snapshot.prices[asset] >= 1 {
      throw Failure(
        .data,
        "generated book: found a price of \(NumberText.shortest(snapshot.prices[asset])) of"
          + " \(table[asset].symbol), expected one between 0 and 1: it is an event"
      )
    }
    var found: [(value: VenueMarkets, weight: Double)] = []
    for share in settings.venueShares where share.share > 0 {
      guard let venue = catalogue.venueIndex(named: share.name) else {
        throw Failure(
          .data,
          "generated book: no venue '\(Failure.shown(share.name))'"
            + suggestion(for: share.name, among: catalogue.venues.map(\.name))
        )
      }
      let markets = VenueMarkets(
        venue: venue,
        assets: assets,
        share: { settings.share(ofAsset: table[$0].symbol) },
        probe: probe
      )
      if !markets.isEmpty { found.append((markets, share.share)) }
    }
    guard let venues = WeightedChoices(found) else {
      throw Failure(
        .data,
        "generated book: none of the venues has a market in "
          + assets.map { table[$0].symbol }.joined(separator: ", ")
          + "; give prices of other assets or other venue shares"
      )
    }
    guard let leverages = WeightedChoices(settings.leverages.map { ($0.value, $0.weight) }),
      let utilisations = WeightedChoices(settings.utilisations.map { ($0.value, $0.weight) })
    else {
      throw Failure(
        .data,
        "generated book: expected a leverage and a utilisation of a weight above 0"
      )
    }
    (self.venues, self.leverages, self.utilisations) = (venues, leverages, utilisations)
    source = Philox(seed: settings.seed, scenario: 0, stream: .bookAccounts)
    let ratio = settings.smallestSizeUSD / settings.largestSizeUSD
    cappedShare = 1 - ExactMath.exp(settings.tailExponent * ExactMath.ln(ratio))
  }

  /// The rows of one account, from 0: one perp, or a deposit and a borrow.
  ///
  /// - Throws: a data failure when prices and sizes leave what a venue's rule can hold.
  package func legs(ofAccount index: Int) throws(Failure) -> [GeneratedLeg] {
    var draws = Draws(source, index: UInt32(truncatingIfNeeded: index))
    let markets = draws.pick(venues)
    let isLong = draws.happens(settings.longShare)
    let isProtected = draws.happens(settings.protectedShare)
    let age = Int64(draws.uniform() * Double(settings.slotSpread + 1))
    let size = pareto(draws.uniform())
    let mode = marginMode(draws.uniform())
    let legs: [Leg]
    if let perps = markets.perps {
      legs = [
        try perp(&draws, venue: markets.venue, asset: draws.pick(perps), isLong: isLong, size: size)
      ]
    } else {
      legs = try loan(&draws, markets: markets, isLong: isLong, size: size)
    }
    let table = probe.catalogue.assets
    return legs.map { (leg: Leg) in
      GeneratedLeg(
        account: "a\(index + 1)",
        venue: markets.name,
        asset: table[leg.asset].symbol,
        leg: leg.kind,
        quantity: leg.quantity,
        entryPrice: leg.kind == .perp ? leg.entryPrice : nil,
        collateralUSD: leg.collateralUSD,
        isProtected: isProtected,
        marginMode: leg.kind == .perp ? mode : .cross,
        observedSlot: settings.slot - age
      )
    }
  }

  /// A size by the inverse of the Pareto distribution cut off at the cap.
  ///
  ///     size = smallest · (1 − u · cappedShare)^(−1 / exponent)
  private func pareto(_ u: Double) -> Double {
    let logarithm = ExactMath.ln(1 - u * cappedShare)
    let size = settings.smallestSizeUSD * ExactMath.exp(-logarithm / settings.tailExponent)
    return min(size, settings.largestSizeUSD)
  }

  private func marginMode(_ u: Double) -> MarginMode {
    if u < settings.isolatedShare { return .isolated }
    return u < settings.isolatedShare + settings.strictIsolatedShare ? .strictIsolated : .cross
  }

  // MARK: - Perps

  private func perp(
    _ draws: inout Draws,
    venue: Int,
    asset: Int,
    isLong: Bool,
    size: Double
  ) throws(Failure) -> Leg {
    let price = probe.price(asset)
    let amount = BookGenerator.short(size / price)
    let quantity = isLong ? amount : -amount
    let limit = probe.largestLeverage(venue: venue, asset: asset, quantity: quantity) ?? 1
    // What rounding takes from 40 must not make it 39.
    let largest = max(1, (limit + 1e-6).rounded(.down))
    let isOdd = draws.happens(settings.oddLeverageShare)
    let spread = draws.uniform(in: 1...largest)
    let chosen = draws.pick(leverages)
    var leverage = isOdd ? (spread * 10).rounded(.toNearestOrEven) / 10 : min(chosen, largest)
    var leg = Leg(venue: venue, asset: asset, kind: .perp, quantity: quantity)
    for attempt in 0..<32 {
      // Those who entered where they would have fallen since are not there any more.
      let isLast = attempt >= 24
      let entry = isLast ? price : price * ExactMath.exp(settings.entrySpread * draws.normal())
      if attempt > 24 { leverage /= 2 }
      leg.entryPrice = DecimalRounding.significant(entry, digits: 6)
      leg.collateralUSD = BookGenerator.cents(amount * leg.entryPrice / leverage)
      if try probe.isSafe([leg], against: settings.leastDistance) { return leg }
    }
    leg.collateralUSD = BookGenerator.cents(2 * amount * price)
    return leg
  }

  // MARK: - Loans

  private func loan(
    _ draws: inout Draws,
    markets: VenueMarkets,
    isLong: Bool,
    size: Double
  ) throws(Failure) -> [Leg] {
    let isPair = draws.happens(settings.twoAssetShare)
    let sided = isLong ? markets.longLoans : markets.shortLoans
    let place = draws.uniform()
    let wanted = (isPair ? markets.pairs : nil) ?? sided ?? markets.longLoans ?? markets.shortLoans
    guard let market = wanted?.value(at: place) else { return [] }
    let utilisation = draws.pick(utilisations)
    var deposit = Leg(venue: markets.venue, asset: market.deposit, kind: .deposit, quantity: 0)
    deposit.quantity = quantity(of: market.deposit, worth: size)
    var borrow = Leg(venue: markets.venue, asset: market.borrow, kind: .borrow, quantity: 0)
    let limit = deposit.quantity * market.depositUnit / market.borrowUnit
    for attempt in 0..<64 {
      // The price has moved since the debt was taken.
      var used = utilisation * ExactMath.exp(settings.entrySpread * draws.normal())
      for _ in 24..<max(24, attempt) { used *= 0.9 }
      let asset = market.borrow
      borrow.quantity = quantity(of: asset, worth: used * limit * probe.price(asset))
      if try probe.isSafe([deposit, borrow], against: settings.leastDistance) { break }
    }
    return [deposit, borrow]
  }

  /// A quantity of an asset for an amount of USD: cents of a quote currency, else five digits.
  private func quantity(of asset: Int, worth usd: Double) -> Double {
    probe.catalogue.assets[asset].isQuote
      ? BookGenerator.cents(usd) : BookGenerator.short(usd / probe.price(asset))
  }

  private static func cents(_ usd: Double) -> Double { DecimalRounding.rounded(usd, places: 2) }

  private static func short(_ value: Double) -> Double {
    DecimalRounding.significant(value, digits: 5)
  }
}

extension BookGeneratorSettings {
  /// The relative share of an asset.
  func share(ofAsset symbol: String) -> Double {
    assetShares.first { $0.name == symbol }?.share ?? otherAssetShare
  }
}

extension PriceSnapshot {
  /// Assets whose own price is known, in the order of the table; no quote currencies.
  package func pricedAssets(of table: AssetTable) -> [Int] {
    prices.indices.filter {
      prices[$0] > 0 && !table[$0].isQuote && table[$0].underlying == $0
    }
  }
}
