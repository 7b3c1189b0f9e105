// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

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

  package var reserve: Micro { debt + interest + fee + buffer }

  /// Under water at the start: no clock, straight to the backstop ladder.
  package var isUnderwater: Bool { reserve >= open }

  /// The clock's price after some seconds, USD.
  package func clock(at seconds: Double) -> Double {
    max(usd(reserve), usd(open) - kappaUSDPerSecond * seconds)
  }

  /// The first acceptance within one path step, nil when nobody accepts (SEMANTICS B16).
  ///
  /// * `interval`: seconds since opening, half open, cut at the auction's duration.
  /// * `spot`: price of the lot's asset during the step, USD.
  /// - Returns: instant, price paid, and the number of the bidder from 1; the earliest acceptance
  ///   wins, then the higher value, then the lower number.
  package func acceptance(
    within interval: (start: Double, end: Double),
    spot: Double,
    specialists: [Specialist],
    gas: Micro
  ) throws(Failure) -> (seconds: Double, price: Micro, winner: Int)? {
    var best: (seconds: Double, value: Micro, price: Micro, winner: Int)?
    for (position, specialist) in specialists.enumerated() {
      let value = try micro(quantity * spot * (1 - specialist.margin) - usd(gas))
      let limit = min(value, specialist.bondLimit)
      let earliest = max(interval.start, specialist.reactionSeconds)
      guard earliest < interval.end else { continue }
      let instant: Double
      let price: Micro
      let asked = try micro(clock(at: earliest))
      if asked <= limit {
        instant = earliest
        price = asked
      } else {
        instant = (usd(open) - usd(limit)) / kappaUSDPerSecond
        price = limit
        guard limit >= reserve, instant < interval.end else { continue }
      }
      if let best, (best.seconds, -best.value) <= (instant, -value) { continue }
      best = (instant, value, price, position + 1)
    }
    return best.map { ($0.seconds, $0.price, $0.winner) }
  }
}
