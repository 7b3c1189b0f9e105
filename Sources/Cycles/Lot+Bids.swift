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
    let (count, end) = (specialists.count, interval.end)
    if rule.mechanism == .dutch {
      var best: (seconds: Double, value: Micro, price: Micro, winner: Int)?
      for place in 0..<count {
        guard let bid = try bid(specialists, place, within: interval, spot: spot, gas: gas),
          let met = try meeting(bid, before: end)
        else { continue }
        if let best, (best.seconds, -best.value) <= (met.seconds, -bid.value) { continue }
        best = (met.seconds, bid.value, met.price, bid.number)
      }
      return best.map { ($0.seconds, $0.price, $0.winner) }
    }
    var bids: [Bid] = []
    for place in 0..<count {
      if let bid = try bid(specialists, place, within: interval, spot: spot, gas: gas) {
        bids.append(bid)
      }
    }
    return rule.mechanism == .fixedFee ? try atFixedFee(bids) : fromPool(bids, before: end)
  }

  /// What a bidder would do within a step, nil for one who may not or comes too late.
  private func bid(
    _ specialists: [Specialist],
    _ place: Int,
    within interval: (start: Double, end: Double),
    spot: Double,
    gas: Micro
  ) throws(Failure) -> Bid? {
    var (seen, margin) = (spot, specialists[place].margin)
    if let event {
      guard specialists[place].bondUSD >= event.settings.bondRatio * usd(open) else { return nil }
      let time = openedAt + Int64((interval.start * 1000).rounded())
      seen = event.seen(spot, error: specialists[place].errors[asset] ?? 0, at: time)
      margin = event.thinned(margin, at: time)
    }
    let value = try micro(quantity * seen * (1 - margin) - usd(gas))
    let earliest = max(interval.start, specialists[place].reactionSeconds)
    guard earliest < interval.end else { return nil }
    return Bid(
      value: value,
      limit: min(value, specialists[place].bondLimit),
      earliest: earliest,
      number: place + 1
    )
  }

  /// What one bidder would do within a step.
  private struct Bid {
    var value: Micro
    /// The smaller of value and what the bond allows.
    var limit: Micro
    var earliest: Double
    var number: Int
  }

  /// When a bid meets the clock, and at what price (B16).
  private func meeting(
    _ bid: Bid,
    before end: Double
  ) throws(Failure) -> (seconds: Double, price: Micro)? {
    let asked = try micro(clock(at: bid.earliest))
    if asked <= bid.limit { return (bid.earliest, asked) }
    guard bid.limit >= floor else { return nil }
    if rule.clock == .stairstep { return try firstStep(for: bid, before: end) }
    let instant = startSeconds + (usd(top) - usd(bid.limit)) / kappaUSDPerSecond
    return instant < end ? (instant, bid.limit) : nil
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
