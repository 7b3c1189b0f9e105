// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Numerics
package import TextKit

/// What the waterfall sees of a liquidatable account at one step.
package struct WaterfallSight: Sendable, Equatable {
  package var time: Int64
  /// Equity at the mark, and what maintenance asks for; micro-USD.
  package var equity: Micro
  package var maintenance: Micro
  /// Whether any position is above the size from which a share is closed first.
  package var isLarge: Bool
  /// Whether a liquidator vault may be asked.
  package var hasBackstop: Bool

  package init(
    time: Int64,
    equity: Micro,
    maintenance: Micro,
    isLarge: Bool,
    hasBackstop: Bool
  ) {
    self.time = time
    self.equity = equity
    self.maintenance = maintenance
    self.isLarge = isLarge
    self.hasBackstop = hasBackstop
  }
}

/// What the waterfall does with an account at one step.
package enum WaterfallAction: Sendable, Equatable {
  /// The cooldown of a partial close goes on.
  case wait
  /// A market order for the first share of large positions.
  case partial
  /// A market order for all that is left.
  case whole
  /// The liquidator vault takes positions and margin.
  case backstop
  /// Equity is below 0: insurance, auto-deleveraging, socialised loss.
  case bankrupt
}

/// The liquidation of one account of a venue with the full waterfall (DESIGN 7, seed 2).
///
/// First that applies: equity below 0: bankrupt; equity below `ratio` of maintenance: backstop;
/// before the end of the cooldown: wait; large and nothing sold yet: partial, and the cooldown
/// begins; else whole. A cooldown that ended at `time` exactly is over.
package struct WaterfallMachine: Sendable, Equatable {
  /// End of the cooldown, once a share was sold.
  package private(set) var cooldownUntil: Int64?

  package init() {}

  /// Decides one step.
  ///
  /// * `ratio`: share of maintenance below which the backstop acts (2/3).
  /// * `cooldown`: milliseconds after a partial close.
  /// - Throws: a data failure for amounts that do not fit.
  package func step(
    _ sight: WaterfallSight,
    ratio: Double,
    cooldown: Int64
  ) throws(Failure) -> (WaterfallMachine, WaterfallAction) {
    if sight.equity < 0 { return (self, .bankrupt) }
    if sight.hasBackstop, sight.equity < (try share(ratio, of: sight.maintenance)) {
      return (self, .backstop)
    }
    if let cooldownUntil {
      return (self, sight.time < cooldownUntil ? .wait : .whole)
    }
    guard sight.isLarge else { return (self, .whole) }
    var next = self
    next.cooldownUntil = sight.time + cooldown
    return (next, .partial)
  }
}

/// How much of a position in a thin market is left a time after its first order.
///
///     left = first · 2^(−1 − elapsed / half-life)
///
/// Seed 2 names `half_life` as "decay parameter for partial liquidation sizing" and no formula;
/// this
/// is our reading: the first order sells half, every half-life sells half of the rest. At most
/// 1/128 of the first size is left: the order that would leave less takes all.
package func thinMarketRemainder(
  of first: Double,
  elapsedMilliseconds: Int64,
  halfLifeSeconds: Double
) -> Double {
  guard halfLifeSeconds > 0 else { return 0 }
  let halves = 1 + Double(elapsedMilliseconds) / 1000 / halfLifeSeconds
  return halves > 7 ? 0 : first * ExactMath.exp2(-halves)
}
