// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Markets

/// Where funding rates come from.
package enum FundingSource: Sendable, Equatable {
  case off
  /// A rate of eight hours, a share.
  case constant(Double)
  /// The venue's formula of a premium, a share: `P + clamp(0.01 % − P, ±0.05 %)` in eight hours.
  case formula(premium: Double)
  /// Columns `SYMBOL:funding` of the path, a share of an interval of the venue.
  case path
}

/// The rates in force (seed 2, steps 2 and 3): a pure state machine.
///
/// They are distributed as they were, then made anew.
package struct FundingRates: Sendable, Equatable {
  private let source: FundingSource
  /// Rate of the path by asset, 0 before the first one.
  private var ofPath: [Double]
  private var isInForce = false

  package init(_ source: FundingSource, assets: Int) {
    self.source = source
    ofPath = Array(repeating: 0, count: assets)
  }

  /// The rate of one interval of a venue, within its limits; 0 before any was made.
  package func rate(of asset: Int, _ terms: FundingTerms) -> Double {
    guard isInForce else { return 0 }
    let intervals = Double(terms.intervalMilliseconds) / 28_800_000
    let rate =
      switch source {
      case .off: 0.0
      case .constant(let rate): rate * intervals
      case .formula(let premium): HyperliquidMargin.fundingRate(premium: premium) * intervals
      case .path: ofPath[asset]
      }
    return min(terms.cap, max(-terms.cap, rate))
  }

  /// The rates after a step of a path: an empty cell leaves the last one in force.
  package func after(_ step: Int, of path: PricePath) -> FundingRates {
    var next = self
    next.isInForce = true
    guard source == .path, let track = path.funding else { return next }
    for (column, asset) in track.assets.enumerated() {
      let value = track.value(step: step, column: column)
      if !value.isNaN { next.ofPath[asset] = value }
    }
    return next
  }
}
