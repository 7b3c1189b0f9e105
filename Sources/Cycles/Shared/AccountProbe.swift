// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
internal import Markets
internal import Numerics
internal import TextKit

/// Looks at one account at one step of a path with the book's own functions, and says how far
/// prices may move before it must be looked at again.
///
/// Health is linear in the prices, so it cannot be used up while every price stays within the
/// share δ = ½ · health / Σ |slope| · P of where it was (mark-downs included in the slopes); half
/// the room is left unused, far more than rounding can take, so skipping is exact.
struct AccountProbe {
  let lanes: AccountLanes
  let track: OracleTrack
  // Kept here, so that no step takes hold of the book's columns again.
  private let book: AffineBook
  private var prices: [Double]
  private var confidences: [Double]

  init(_ lanes: AccountLanes, _ track: OracleTrack) {
    self.lanes = lanes
    self.track = track
    book = lanes.input.affine
    let count = lanes.input.catalogue.assets.count
    prices = Array(repeating: .nan, count: count)
    confidences = Array(repeating: 0, count: count)
  }

  /// Puts the prices of an account's assets at a step in place.
  @inline(__always)
  private mutating func load(_ account: Int, at step: Int) {
    for row in book.rows(of: account) {
      let asset = Int(book.asset[row])
      prices[asset] = track.price(of: asset, at: step)
      confidences[asset] = track.confidenceRatios[asset] * prices[asset]
      let markdown = Int(book.markdown[row])
      if markdown >= 0 {
        let marked = book.markdowns[markdown].asset
        prices[marked] = track.price(of: marked, at: step)
        confidences[marked] = track.confidenceRatios[marked] * prices[marked]
      }
    }
  }

  /// Whether every price of an account may be acted on at a step.
  func isFresh(_ account: Int, at step: Int) -> Bool {
    !track.hasGaps
      || book.rows(of: account).allSatisfy { track.isFresh(Int(book.asset[$0]), at: step) }
  }

  /// The healthy prices of one row of the account loaded last.
  private func interval(of row: Int, deposited: Micro) -> HealthyInterval {
    book.interval(of: row, deposited: deposited, prices: prices, confidences: confidences)
  }

  /// The first step from `start` on and before `end` at which an account is liquidatable.
  mutating func fall(
    of account: Int,
    deposited: Micro,
    from start: Int,
    before end: Int
  ) -> Int? {
    let atEquality = book.tripsAtEquality[account]
    let end = min(end, track.stepCount)
    var step = start
    while step < end {
      guard isFresh(account, at: step) else {
        step += 1
        continue
      }
      load(account, at: step)
      for row in book.rows(of: account)
      where interval(of: row, deposited: deposited)
        .isViolated(at: prices[Int(book.asset[row])], atEquality: atEquality)
      {
        return step
      }
      guard let share = room(of: account, deposited: deposited) else {
        step += 1
        continue
      }
      guard let next = leaves(account, by: share, from: step + 1, before: end) else { return nil }
      step = next
    }
    return nil
  }

  /// The share by which all prices of the account loaded last may move before it can fall.
  private func room(of account: Int, deposited: Micro) -> Double? {
    let (health, exposure) = healthAndExposure(of: account, deposited: deposited)
    let share = exposure > 0 ? min(0.5, 0.5 * health / exposure) : 0
    return share > 1e-9 ? share : nil
  }

  private func healthAndExposure(
    of account: Int,
    deposited: Micro
  ) -> (health: Double, exposure: Double) {
    var exposure = 0.0
    for row in book.rows(of: account) {
      let asset = Int(book.asset[row])
      exposure += book.steepestSlope(of: row) * prices[asset]
      exposure += book.markdown(of: row) * confidences[asset]
    }
    let health = book.health(
      of: account,
      deposited: deposited,
      prices: prices,
      confidences: confidences
    )
    return (health, exposure)
  }

  /// The first step at which a price of the account has moved by more than a share from where it
  /// was loaded.
  private func leaves(_ account: Int, by share: Double, from start: Int, before end: Int) -> Int? {
    var first: Int?
    for row in book.rows(of: account) {
      let asset = Int(book.asset[row])
      guard let column = track.spot[asset] else { continue }
      let price = prices[asset]
      if let step = column.first(
        outside: price * (1 - share),
        price * (1 + share),
        from: start,
        before: first ?? end
      ) {
        first = step
      }
    }
    return first
  }

  /// The reported root of an account: of several rows the one at the smaller signed distance.
  mutating func reported(
    _ account: Int,
    deposited: Micro,
    at step: Int
  ) -> (row: Int, assessment: Assessment, distance: Double)? {
    load(account, at: step)
    var best: (row: Int, assessment: Assessment, distance: Double)?
    for row in book.rows(of: account) {
      let assessment = book.assess(
        row,
        interval(of: row, deposited: deposited),
        prices: prices
      )
      guard let distance = assessment.distance(at: prices[Int(book.asset[row])]) else { continue }
      if let best, best.distance <= distance { continue }
      best = (row, assessment, distance)
    }
    return best
  }

  /// Adds the forced flow of an account at the step of its fall.
  mutating func addFlow(of fall: AccountFall, to flow: inout ForcedFlow) throws(Failure) {
    load(Int(fall.account), at: Int(fall.step))
    for row in book.rows(of: Int(fall.account)) {
      try flow.add(
        row,
        interval(of: row, deposited: fall.deposited),
        deposited: fall.deposited,
        lanes.input,
        prices: prices,
        confidences: confidences
      )
    }
  }

  /// Health for each USD of size: the order in which accounts that fall together are closed.
  mutating func risk(of account: Int, deposited: Micro, at step: Int) -> Double {
    load(account, at: step)
    return book.risk(
      of: account,
      deposited: deposited,
      prices: prices,
      confidences: confidences
    )
  }

  /// The first step from `start` on at which the account's distance may be below `trigger`.
  ///
  /// Health falls by at most the row's steepest slope along its price, so the distance of a row is
  /// at least h/(P + h) with h = health / steepest slope, and it stays above the trigger while no
  /// price moves by more than a share of it.
  mutating func danger(
    of account: Int,
    deposited: Micro,
    trigger: Double,
    from start: Int
  ) -> Int {
    let end = track.stepCount
    guard start < end, trigger < 0.99 else { return start }
    load(account, at: start)
    let (health, exposure) = healthAndExposure(of: account, deposited: deposited)
    let pull = max(0, trigger) / (1 - max(0, trigger))
    var share = 0.25
    for row in book.rows(of: account) {
      let steep = book.steepestSlope(of: row) * prices[Int(book.asset[row])]
      let room = 0.5 * (health - pull * steep) / (exposure + pull * steep)
      share = room < share ? room : share
    }
    // Written so that a room that is not a number is none.
    guard share > 1e-6 else { return start }
    return leaves(account, by: share, from: start + 1, before: end) ?? end
  }
}
