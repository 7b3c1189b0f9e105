// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets
internal import Numerics
internal import TextKit

/// Runs the clock of one lot over the steps of a path.
struct LotClock {
  private var lot: Lot
  /// Confidence as a share of the price.
  private let confidenceRatio: Double
  private let settings: AuctionSettings
  private let specialists: [Specialist]
  private let track: OracleTrack
  private let column: PriceColumn?
  /// Price of the lot's asset for one of the column.
  private let ratio: Double
  /// The step that was looked at last.
  private(set) var step = 0

  init(
    _ lot: Lot,
    _ settings: AuctionSettings,
    _ specialists: [Specialist],
    _ lanes: AccountLanes,
    _ track: OracleTrack
  ) {
    self.lot = lot
    self.settings = settings
    self.specialists = specialists
    self.track = track
    let asset = lanes.input.catalogue.assets[lot.asset]
    column = track.spot[asset.underlying]
    ratio = asset.underlying == lot.asset ? 1 : asset.ratio
    confidenceRatio = track.confidenceRatios[asset.underlying]
  }

  private func elapsed(at step: Int) -> Double {
    Double(track.times[step] - lot.openedAt) / 1000
  }

  /// The first acceptance, nil when the lot goes to the ladder; `step` is that of the settlement.
  mutating func acceptance(
    from start: Int
  ) throws(Failure) -> (seconds: Double, price: Micro, winner: Int)? {
    step = start
    let last = track.stepCount - 1
    guard !lot.isUnderwater, let column else { return nil }
    if specialists.isEmpty {
      while step < last, elapsed(at: step) < settings.durationSeconds { step += 1 }
      return nil
    }
    while step < last, elapsed(at: step) < settings.durationSeconds {
      if let next = hopeless(column), next <= last {
        step = next
        continue
      }
      let spot = column.values[step]
      let price = ratio == 1 ? spot : ratio * spot
      let confidence = confidenceRatio * spot
      try lot.restartIfDue(
        at: elapsed(at: step),
        mark: price - (ratio == 1 ? confidence : ratio * confidence),
        kappaBPSPerSecond: settings.relativeKappa
      )
      let taken = try lot.acceptance(
        within: (elapsed(at: step), min(elapsed(at: step + 1), settings.durationSeconds)),
        spot: price,
        specialists: specialists,
        gas: settings.gas
      )
      if let taken { return taken }
      step += 1
    }
    return nil
  }

  /// The step up to which nobody can accept, nil where the present one must be looked at.
  ///
  /// Within a block nobody values the lot higher than the smallest margin at the highest price, and
  /// the clock stands nowhere lower than at the end of the block; a billionth is left for rounding.
  private func hopeless(_ column: PriceColumn) -> Int? {
    guard lot.rule.mechanism == .dutch, !lot.rule.restarts,
      lot.event == nil || settings.events.mispricing == 0
    else { return nil }
    for size in [256, 16] where step & (size - 1) == 0 {
      let end = min(step + size, track.stepCount - 1)
      guard end > step, elapsed(at: end - 1) < settings.durationSeconds else { continue }
      let price = ratio * column.bound(from: step, before: end)
      let margin = specialists.reduce(Double.infinity) { min($0, $1.margin) }
      let value = lot.quantity * price * (1 - margin) - usd(settings.gas)
      let asked = lot.clock(at: elapsed(at: end))
      if value + (value.magnitude + asked) * 1e-9 + 1e-5 < asked { return end }
    }
    return nil
  }
}
