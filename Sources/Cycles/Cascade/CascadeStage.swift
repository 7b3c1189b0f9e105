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
      let net = nearestDouble(sold - bought) / 1e6
      guard net != 0 else { continue }
      var whole = settings.marketDensity
      if let position, position.cluster.asset == asset, position.holds(market.prices[asset]) {
        whole = settings.marketDensity + density
        let gain = CascadeImpact.improvement(flow: net, density: whole, settings)
        totals.improvement += Int128(try micro(gain))
      }
      impacts[asset] = impacts[asset].step(flow: net, density: whole, time: time, settings)
    }
  }
}

extension Deployment {
  /// Whether a price is inside the bin.
  func holds(_ price: Double) -> Bool { cluster.low <= price && price < cluster.high }
}

extension OracleStage {
  /// Moves a price, with its confidence, by a factor.
  mutating func move(_ asset: Int, by factor: Double) {
    setPrice(prices[asset] * factor, of: asset)
  }
}
