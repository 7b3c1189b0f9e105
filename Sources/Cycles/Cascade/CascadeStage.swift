// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Clusters
internal import Liquidation
package import Markets
internal import Numerics
package import TextKit

/// What the feedback of forced flow came to in one scenario.
package struct CascadeTotals: Sendable, Equatable {
  /// Forced flow of all assets and directions, micro-USD; 0 in replay mode.
  package var forced: Int128 = 0
  /// The same in the world in which flow moves no price.
  package var forcedAlone: Int128 = 0
  /// What the vault's depth spared forced flow, micro-USD.
  package var improvement: Int128 = 0

  package init() {}
}

/// Lets the forced flow of a step move the prices of the steps after it.
///
/// The path's prices are those of the market outside. At each step spot is the mark
/// `external · exp(−impact)`, and margin sees `external · exp(−oracle_passthrough · impact)`.
package struct CascadeStage: Sendable {
  private let settings: CascadeSettings
  /// Prices without any impact.
  private var external: OracleStage
  /// Prices at which everything trades.
  package private(set) var market: OracleStage
  private var impacts: [CascadeImpact]
  package private(set) var totals = CascadeTotals()

  package init(_ settings: CascadeSettings, _ oracle: OracleStage) {
    self.settings = settings
    external = oracle
    market = oracle
    impacts = Array(repeating: CascadeImpact(), count: oracle.prices.count)
  }

  /// Takes one step of the path; returns what the oracle says.
  package mutating func advance(to step: Int, of path: PricePath) -> OracleStage {
    external.advance(to: step, of: path)
    market = external
    var oracle = external
    let time = path.times[step]
    for asset in impacts.indices {
      let impact = impacts[asset].value(at: time, settings)
      guard impact != 0 else { continue }
      market.move(asset, by: CascadeImpact.factor(impact))
      oracle.move(asset, by: CascadeImpact.factor(settings.oraclePassthrough * impact))
    }
    return oracle
  }

  /// Takes the forced flow of a step, which moves the prices from the next step on.
  ///
  /// * `position`: what the vault holds at the end of the step; its depth helps to take the flow
  ///   while the mark is inside its bin.
  /// * `density`: of the vault's liquidity in a bin.
  package mutating func absorb(
    _ flow: ForcedFlow,
    _ position: Deployment?,
    density: Double,
    time: Int64
  ) throws(Failure) {
    for asset in impacts.indices {
      let sold = flow.amount(asset: asset, direction: .below)
      let bought = flow.amount(asset: asset, direction: .above)
      totals.forced += sold + bought
      let (next, gain) = try impacts[asset].absorbing(
        sold: sold,
        bought: bought,
        onto: impacts[asset].value(at: time, settings),
        holds: position.map {
          $0.cluster.asset == asset && $0.holds(market.spots[asset])
        } ?? false,
        density: density,
        time: time,
        settings
      )
      impacts[asset] = next
      totals.improvement += Int128(gain)
    }
  }
}

extension CascadeImpact {
  /// The state after the forced flow of a step, and what the vault spared it.
  ///
  /// * `sold`, `bought`: forced flow, micro-USD.
  /// * `present`: the impact at that time.
  /// * `holds`: whether the mark is inside the vault's bin.
  /// * `density`: of the vault's liquidity there.
  func absorbing(
    sold: Int128,
    bought: Int128,
    onto present: Double,
    holds: Bool,
    density: Double,
    time: Int64,
    _ settings: CascadeSettings
  ) throws(Failure) -> (CascadeImpact, gain: Micro) {
    let net = nearestDouble(sold - bought) / 1e6
    if net == 0 { return (self, 0) }
    let whole = holds ? settings.marketDensity + density : settings.marketDensity
    let next = step(flow: net, onto: present, density: whole, time: time, settings)
    guard holds else { return (next, 0) }
    return (next, try micro(CascadeImpact.improvement(flow: net, density: whole, settings)))
  }
}

extension Deployment {
  /// Whether a price is inside the bin.
  func holds(_ price: Double) -> Bool { cluster.low <= price && price < cluster.high }
}
