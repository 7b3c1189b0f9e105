// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets
package import Numerics
package import TextKit

/// How a lot ended.
package enum LotOutcome: String, CaseIterable, Sendable {
  case accepted
  case backstop
  case underwater
}

/// Collateral of a liquidated account under a descending price clock (seed 4).
///
///     clock(τ) = max(reserve, open − κ · τ)          τ in seconds since opening
///     open = micro(q · (oracle − confidence))        reserve = debt + interest + fee + buffer
///
/// The clock is continuous, so results do not depend on how often it is looked at.
package struct Lot: Sendable, Equatable {
  package var number: Int
  package var account: Int
  package var asset: Int
  package var openedAt: Int64
  package var quantity: Double
  /// Conservative mark, oracle − confidence.
  package var mark: Double
  package var open: Micro
  package var debt: Micro
  package var interest: Micro
  package var fee: Micro
  package var buffer: Micro
  /// Weighted collateral over weighted debt at opening; for reports only.
  package var healthFactor: Double?
  package var kappaUSDPerSecond: Double
  package var rule = SellingRule()
  /// Nil for a lot of anything but event collateral.
  package var event: EventTerms?
  /// The last new start of the clock, nil before the first.
  package var restart: Restart?

  /// A new start of the clock (Maker's `redo`): the price from which, and when.
  package struct Restart: Sendable, Equatable {
    package var top: Micro
    /// Seconds since opening.
    package var seconds: Double
  }

  package var reserve: Micro { debt + interest + fee + buffer }

  /// Whether some proceeds cover debt and interest, so that nobody else has to.
  package func isPaid(by proceeds: Micro) -> Bool { proceeds >= debt + interest }

  /// Under water at the start: no clock, straight to the backstop ladder.
  package var isUnderwater: Bool { rule.hasFloor && reserve >= open }

  /// The least that may be paid.
  package var floor: Micro { rule.hasFloor ? reserve : 0 }

  /// The price at which the clock started, and when, in seconds since opening.
  package var top: Micro { restart?.top ?? open }
  package var startSeconds: Double { restart?.seconds ?? 0 }

  /// The clock's price after some seconds, USD.
  package func clock(at seconds: Double) -> Double {
    let age = seconds - startSeconds
    switch rule.clock {
    case .linear: return max(usd(floor), usd(top) - kappaUSDPerSecond * age)
    case .stairstep: return max(usd(floor), usd(top) * rule.stairs(at: age))
    }
  }

  /// Starts the clock anew where it is due: older than `reset_s`, or below `reset_share` of its
  /// start, both strictly.
  ///
  /// * `seconds`: since opening, at a step of the path. `mark`: the conservative mark then.
  ///
  /// Source: venues.md 6.1, `clip.sol redo`.
  package mutating func restartIfDue(
    at seconds: Double,
    mark: Double,
    kappaBPSPerSecond: Double?
  ) throws(Failure) {
    guard rule.restarts,
      MakerAuction.needsRedo(
        elapsed: seconds - startSeconds,
        tail: rule.resetSeconds,
        price: clock(at: seconds),
        top: usd(top),
        cusp: rule.resetShare
      )
    else { return }
    let top = try micro(quantity * mark * rule.startRatio)
    restart = Restart(top: top, seconds: seconds)
    if let kappaBPSPerSecond { kappaUSDPerSecond = usd(top) * kappaBPSPerSecond / 1e4 }
  }
}
