// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Numerics
package import TextKit

extension Lot {
  /// A sale: the instant in seconds since opening, what is paid, and the bidder's number from 1.
  package typealias Taken = (seconds: Double, price: Micro, winner: Int)

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
  ) throws(Failure) -> Taken? {
    var bids: [Bid] = []
    bids.reserveCapacity(specialists.count)
    let time = openedAt + Int64((interval.start * 1000).rounded())
    for (position, specialist) in specialists.enumerated() {
      var (seen, margin) = (spot, specialist.margin)
      if let event {
        guard specialist.bondUSD >= event.settings.bondRatio * usd(open) else { continue }
        seen = event.seen(spot, error: specialist.errors[asset] ?? 0, at: time)
        margin = event.thinned(margin, at: time)
      }
      let value = try micro(quantity * seen * (1 - margin) - usd(gas))
      let earliest = max(interval.start, specialist.reactionSeconds)
      guard earliest < interval.end else { continue }
      bids.append(
        Bid(
          value: value,
          limit: min(value, specialist.bondLimit),
          earliest: earliest,
          number: position + 1
        )
      )
    }
    switch rule.mechanism {
    case .dutch: return try onClock(bids, before: interval.end)
    case .fixedFee: return try atFixedFee(bids)
    case .bidPool: return fromPool(bids, before: interval.end)
    }
  }

  /// What one bidder would do within a step.
  private struct Bid {
    var value: Micro
    /// The smaller of value and what the bond allows.
    var limit: Micro
    var earliest: Double
    var number: Int
  }

  /// The first to meet the clock (B16).
  private func onClock(_ bids: [Bid], before end: Double) throws(Failure) -> Taken? {
    var best: (seconds: Double, value: Micro, price: Micro, winner: Int)?
    for bid in bids {
      let instant: Double
      let price: Micro
      let asked = try micro(clock(at: bid.earliest))
      if asked <= bid.limit {
        instant = bid.earliest
        price = asked
      } else if rule.clock == .stairstep {
        guard bid.limit >= floor, let step = try firstStep(for: bid, before: end) else { continue }
        (instant, price) = step
      } else {
        instant = startSeconds + (usd(top) - usd(bid.limit)) / kappaUSDPerSecond
        price = bid.limit
        guard bid.limit >= floor, instant < end else { continue }
      }
      if let best, (best.seconds, -best.value) <= (instant, -bid.value) { continue }
      best = (instant, bid.value, price, bid.number)
    }
    return best.map { ($0.seconds, $0.price, $0.winner) }
  }

  /// The first step of the stairs that a bid reaches.
  private func firstStep(
    for bid: Bid,
    before end: Double
  ) throws(Failure) -> (seconds: Double, price: Micro)? {
    var number = ((bid.earliest - startSeconds) / rule.stepSeconds).rounded(.down) + 1
    while true {
      let instant = startSeconds + number * rule.stepSeconds
      guard instant < end else { return nil }
      if instant > bid.earliest {
        let asked = try micro(clock(at: instant))
        if asked <= bid.limit { return (instant, asked) }
      }
      number += 1
    }
  }

  /// The fastest who finds the flat discount enough, at `open · (1 − fixed_fee)`.
  private func atFixedFee(_ bids: [Bid]) throws(Failure) -> Taken? {
    let price = try micro(usd(open) * (1 - rule.fixedFee))
    var best: Bid?
    for bid in bids where price <= bid.limit {
      if let best, (best.earliest, -best.value) <= (bid.earliest, -bid.value) { continue }
      best = bid
    }
    return best.map { ($0.earliest, price, $0.number) }
  }

  /// The highest of the bids that stand when the pool opens, at the second highest or the floor.
  ///
  /// It opens at the window's end, and at every later moment at which the first sufficient bid is
  /// there.
  private func fromPool(_ bids: [Bid], before end: Double) -> Taken? {
    let able = bids.filter { $0.limit >= floor && max($0.earliest, rule.poolWindowSeconds) < end }
    guard
      let instant = able.map({ max($0.earliest, rule.poolWindowSeconds) }).min()
    else { return nil }
    var winner: Bid?
    var second = floor
    for bid in able where bid.earliest <= instant {
      if let best = winner, best.limit >= bid.limit {
        second = max(second, bid.limit)
      } else {
        if let best = winner { second = max(second, best.limit) }
        winner = bid
      }
    }
    return winner.map { (instant, second, $0.number) }
  }
}
