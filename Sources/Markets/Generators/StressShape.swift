// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Numerics

/// The course of a crash or a squeeze by a few numbers, scaled to any horizon.
///
/// The moves are those of an asset of beta 1, rounded: choices that follow how such days went, not
/// data of any market.
package enum StressShape: String, CaseIterable, Sendable {
  /// 12 and 13 March 2020 in 36 hours: a slide, a break, a bounce, a second and deeper break.
  case march2020 = "march_2020"
  /// 19 May 2021 in a day: one break and a quick bounce.
  case may2021 = "may_2021"
  /// 8 and 9 November 2022 in two days: steps down with failing bounces.
  case november2022 = "november_2022"
  /// 10 October 2025 in half a day: quiet, then a plunge of minutes.
  case october2025 = "october_2025"
  /// A plunge within a hundredth of the horizon that comes back at once.
  case flash
  /// A slide without a bounce.
  case grind
  /// The way up.
  case squeeze

  /// Share of the horizon and move from the start, by time.
  package var knots: [(share: Double, move: Double)] {
    switch self {
    case .march2020:
      [
        (0, 0), (0.25, -0.05), (0.4, -0.13), (0.46, -0.3), (0.55, -0.26), (0.75, -0.33),
        (0.85, -0.52), (0.9, -0.38), (1, -0.42),
      ]
    case .may2021:
      [(0, 0), (0.3, -0.08), (0.5, -0.14), (0.58, -0.3), (0.66, -0.19), (0.8, -0.11), (1, -0.13)]
    case .november2022:
      [
        (0, 0), (0.2, -0.04), (0.35, -0.13), (0.45, -0.08), (0.7, -0.2), (0.8, -0.16),
        (0.95, -0.25),
        (1, -0.24),
      ]
    case .october2025:
      [(0, 0), (0.55, -0.03), (0.8, -0.06), (0.84, -0.16), (0.88, -0.08), (1, -0.07)]
    case .flash: [(0, 0), (0.5, 0), (0.505, -0.3), (0.52, -0.05), (1, -0.02)]
    case .grind: [(0, 0), (1, -0.35)]
    case .squeeze: [(0, 0), (0.4, 0.04), (0.5, 0.22), (0.6, 0.18), (1, 0.15)]
    }
  }

  /// What the logarithm of a price of beta 1 has moved by: straight between the knots.
  ///
  /// * `share`: of the horizon, 0 to 1. `scale`: multiple of every move's logarithm.
  package func level(at share: Double, scale: Double) -> Double {
    let knots = knots
    var last = knots[0]
    for knot in knots {
      if share <= knot.share {
        let whole = knot.share - last.share
        let part = whole > 0 ? (share - last.share) / whole : 0
        let (from, to) = (ExactMath.ln(1 + last.move), ExactMath.ln(1 + knot.move))
        return scale * (from + (to - from) * part)
      }
      last = knot
    }
    return scale * ExactMath.ln(1 + last.move)
  }
}
