// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
internal import Markets
internal import Numerics
internal import TextKit

/// The accounts of one asset that fall on one side, in the order in which they do.
struct CascadeSide: Sendable {
  /// The oracle price beyond which each falls.
  let levels: [Double]
  /// The same as logarithms, near to about 1e-12.
  let logs: [Double]
  /// Forced flow of the first 0, 1, 2, … of them, micro-USD.
  let flow: [Int128]
  private let direction: Direction
  private let asset: Int
  let accounts: [Int32]
  private let lanes: AccountLanes
  /// The same accounts where all of them are perps alone, else empty.
  private let perps: [Perp]

  /// What the close of a perp needs.
  private struct Perp: Sendable {
    var quantity: Double
    var entry: Double
    var collateral: Micro
  }

  /// * `first`, `confidences`: prices of all assets at the first step.
  init(
    _ direction: Direction,
    _ asset: Int,
    _ lanes: AccountLanes,
    _ first: [Double],
    _ confidences: [Double]
  ) throws(Failure) {
    let input = lanes.input
    let trips = direction == .below ? lanes.below[asset] : lanes.above[asset]
    var prices = first
    var flows: [Int128] = [0]
    var perps: [Perp] = []
    for trip in trips {
      let account = Int(trip.account)
      var own = ForcedFlow(assetCount: first.count)
      prices[asset] = direction == .below ? trip.level.nextDown : trip.level.nextUp
      try own.add(
        Int(input.affine.firstRow[account]),
        lanes.intervals[account],
        deposited: lanes.carried[account],
        input,
        prices: prices,
        confidences: confidences
      )
      let more = own.amount(asset: asset, direction: .below)
      flows.append(flows[flows.count - 1] + more + own.amount(asset: asset, direction: .above))
      let perp = lanes.perps[account]
      guard Int(perp.asset) == asset else { continue }
      perps.append(
        Perp(
          quantity: perp.quantity,
          entry: perp.entry,
          collateral: try micro(lanes.collateral[account] + usd(lanes.carried[account]))
        )
      )
    }
    self.direction = direction
    self.asset = asset
    self.lanes = lanes
    levels = trips.map(\.level)
    logs = levels.map(CascadeMark.nearlyLn)
    accounts = trips.map(\.account)
    flow = flows
    self.perps = perps.count == trips.count ? perps : []
  }

  /// How many have fallen at an oracle price, at least `start`.
  @inline(__always)
  func fallen(at price: Double, from start: Int) -> Int {
    direction == .below
      ? last(from: start) { price < $0 } : last(from: start) { price > $0 }
  }

  @inline(__always)
  private func last(from start: Int, _ isPast: (Double) -> Bool) -> Int {
    guard start < levels.count, isPast(levels[start]) else { return start }
    // Few fall at a time.
    var end = start + 1
    let near = min(start + 8, levels.count)
    while end < near, isPast(levels[end]) { end += 1 }
    guard end == near else { return end }
    var (low, high) = (end, levels.count)
    while low < high {
      let middle = (low + high) / 2
      if isPast(levels[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Closes the accounts of some places at the oracle's prices.
  func close(
    _ places: Range<Int>,
    at prices: [Double],
    into totals: inout LiquidationTotals
  ) throws(Failure) {
    totals.count += places.count
    if perps.isEmpty { return try closeAny(places, at: prices, into: &totals) }
    let price = prices[asset]
    var (liquidated, shortfall) = (Int128(0), Int128(0))
    for place in places {
      let perp = perps[place]
      liquidated += Int128(try micro(perp.quantity.magnitude * price))
      let gain = try micro(perp.quantity * (price - perp.entry))
      let equity = perp.collateral.addingReportingOverflow(gain)
      guard !equity.overflow else { throw amountTooLarge(usd(perp.collateral) + usd(gain)) }
      if equity.partialValue < 0 { shortfall -= Int128(equity.partialValue) }
    }
    totals.liquidated += liquidated
    totals.badDebt += shortfall
  }

  private func closeAny(
    _ places: Range<Int>,
    at prices: [Double],
    into totals: inout LiquidationTotals
  ) throws(Failure) {
    let table = lanes.input.catalogue.assets
    for entry in accounts[places] {
      let account = Int(entry)
      let close = try lanes.close(account, deposited: lanes.carried[account]) { leg in
        let asset = table[leg]
        let price = prices[asset.underlying]
        return asset.underlying == leg ? price : asset.ratio * price
      }
      totals.liquidated += close.liquidated
      if close.equity < 0 { totals.badDebt -= Int128(close.equity) }
    }
  }
}
