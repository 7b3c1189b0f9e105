// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// What a liquidation costs, a share of what is closed (seed 3: tiered, dynamic penalties).
///
/// With r = equity / maintenance, 1 at the root and 0 at bankruptcy, kept within [0, 1]:
///
///     flat       base
///     tiered     base · ½ for r ≥ 2/3, base for r ≥ 1/3, base · 3/2 below
///     dynamic    base · (1 + ratio slope · (1 − r)) · (1 + volatility slope · volatility)
///
/// Tiered and dynamic rates end at `cap`, or at the base where that is above it. The seed has no
/// formula: these are ours.
package struct PenaltyCurve: Sendable, Equatable {
  /// How the rate follows from state.
  package enum Mode: Int, Sendable {
    case flat, tiered, dynamic
  }

  package var mode = Mode.flat
  package var base = 0.0
  package var ratioSlope = 0.0
  package var volatilitySlope = 0.0
  package var cap = 1.0

  package init() {}

  /// The rate of an account.
  ///
  /// * `marginRatio`: equity / maintenance.
  /// * `volatility`: recent relative move of its prices (`RecentMoves`).
  package func rate(marginRatio: Double, volatility: Double) -> Double {
    let ratio = min(1, max(0, marginRatio))
    var rate = base
    switch mode {
    case .flat: return base
    case .tiered: rate = base * (ratio >= 2.0 / 3 ? 0.5 : ratio >= 1.0 / 3 ? 1 : 1.5)
    case .dynamic:
      rate = base * (1 + ratioSlope * (1 - ratio)) * (1 + volatilitySlope * volatility)
    }
    return min(rate, max(cap, base))
  }
}
