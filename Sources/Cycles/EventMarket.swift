// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Markets
internal import Numerics
internal import Settings

/// The settings of lots of event collateral (seed 4): a thin market and specialists who err.
package struct EventSettings: Sendable, Equatable {
  /// Standard deviation of a specialist's error about the price, USD.
  package var mispricing = 0.0
  /// Milliseconds before the resolution over which the market thins, 0 for never.
  package var thinning: Int64 = 0
  package var leastDepth = 0.1
  /// Bond that a bid needs, a share of the lot's opening price.
  package var bondRatio = 0.0

  package init() {}

  init(_ settings: SettingsView) {
    mispricing = settings[.eventMispricing]
    thinning = settings.milliseconds(.eventThinning)
    leastDepth = settings[.eventLeastDepth]
    bondRatio = settings[.eventBondRatio]
  }
}

/// What makes a lot of event collateral differ from others.
package struct EventTerms: Sendable, Equatable {
  package var settings = EventSettings()
  /// When the event resolves, UTC epoch milliseconds; nil when nobody says.
  package var resolvesAt: Int64?

  package init(_ settings: EventSettings = EventSettings(), resolvesAt: Int64?) {
    (self.settings, self.resolvesAt) = (settings, resolvesAt)
  }

  /// What is left of the market's depth at a time, `(resolution − t) / thinning` within least depth
  /// and 1; whole again once the event is resolved.
  ///
  /// Margins of specialists and the discount of a dump are divided by it, at most 1.
  package func depth(at time: Int64) -> Double {
    guard settings.thinning > 0, let resolvesAt, time < resolvesAt else { return 1 }
    return min(1, max(settings.leastDepth, Double(resolvesAt - time) / Double(settings.thinning)))
  }

  /// A ratio in a market of such a depth.
  package func thinned(_ ratio: Double, at time: Int64) -> Double {
    let depth = depth(at: time)
    return depth < 1 ? min(1, ratio / depth) : ratio
  }

  /// What a specialist takes a share to be worth: `price + sd · z` within 0 and 1, and the price
  /// itself once the event is resolved.
  package func seen(_ price: Double, error: Double, at time: Int64) -> Double {
    if settings.mispricing == 0 { return price }
    if let resolvesAt, time >= resolvesAt { return price }
    return min(max(1, price), max(0, price + settings.mispricing * error))
  }
}

/// The events of a run: assets that event venues list, with their resolutions.
package struct EventMarket: Sendable {
  /// By symbol.
  private var assets: [Int] = []
  private var resolutions: [Int: Int64] = [:]

  package init() {}

  package init(_ catalogue: VenueCatalogue) {
    let ranks = catalogue.assets.ranks
    assets = catalogue.assets.assets.indices
      .filter { catalogue.isEvent($0) && !catalogue.assets[$0].isQuote }
      .sorted { ranks[$0] < ranks[$1] }
    for asset in assets { resolutions[asset] = catalogue.resolution(of: asset) }
  }

  /// The terms of a lot of an asset, nil for one that is no event.
  func terms(of asset: Int, _ settings: EventSettings) -> EventTerms? {
    assets.contains(asset) ? EventTerms(settings, resolvesAt: resolutions[asset]) : nil
  }

  /// The errors of specialist j: the first normal of the stream, index j, block 16 · place of the
  /// asset by symbol.
  func errors(of j: Int, seed: UInt64, scenario: Int) -> [Int: Double] {
    let draws = Philox(
      seed: seed,
      scenario: UInt32(truncatingIfNeeded: scenario),
      stream: .mispricing
    )
    var errors: [Int: Double] = [:]
    for (place, asset) in assets.enumerated() {
      errors[asset] = draws.normals(index: UInt32(j), block: UInt32(place) * 16).0
    }
    return errors
  }
}
