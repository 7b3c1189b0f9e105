// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
internal import Markets
internal import Numerics
internal import TextKit

/// The accounts of one asset that fall on one side, in the order in which they do.
struct CascadeSide: Sendable {
  /// The oracle price beyond which each falls.
  let levels: FixedView<Double>
  /// The same as logarithms, near to about 1e-12.
  let logs: FixedView<Double>
  /// Forced flow of the first 0, 1, 2, … of them, micro-USD.
  let flow: FixedView<Int128>
  private let isBelow: Bool
  private let asset: Int
  /// The same accounts where all of them are perps alone, else empty.
  private let perps: FixedView<Perp>

  /// What the close of a perp needs.
  private struct Perp: Sendable {
    var quantity: Double
    var entry: Double
    var collateral: Micro
  }

  /// Makes a side.
  ///
  /// * `first`, `confidences`: prices of all assets at the first step.
  /// * `owners`: takes the columns, which have to live as long as the side.
  init(
    _ direction: Direction,
    _ asset: Int,
    _ lanes: AccountLanes,
    _ first: [Double],
    _ confidences: [Double],
    _ owners: inout [any Sendable]
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
    isBelow = direction == .below
    self.asset = asset
    let levels = FixedColumn(trips.map(\.level))
    let logs = FixedColumn(trips.map { CascadeMark.nearlyLn($0.level) })
    let flow = FixedColumn(flows)
    let all = FixedColumn(perps.count == trips.count ? perps : [])
    (self.levels, self.logs, self.flow, self.perps) = (levels.view, logs.view, flow.view, all.view)
    owners += [levels, logs, flow, all] as [any Sendable]
  }

  /// How many have fallen at an oracle price, at least `start`.
  @inline(__always)
  func fallen(at price: Double, from start: Int) -> Int {
    isBelow
      ? levels.end(of: { price < $0 }, from: start) : levels.end(of: { price > $0 }, from: start)
  }

  /// Closes the accounts of some places at the oracle's prices.
  func close(
    _ places: Range<Int>,
    at prices: [Double],
    of lanes: AccountLanes,
    into totals: inout LiquidationTotals
  ) throws(Failure) {
    totals.count += places.count
    if perps.count == 0 { return try closeAny(places, at: prices, of: lanes, into: &totals) }
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
    of lanes: AccountLanes,
    into totals: inout LiquidationTotals
  ) throws(Failure) {
    let table = lanes.input.catalogue.assets
    let trips = isBelow ? lanes.below[asset] : lanes.above[asset]
    for trip in trips[places] {
      let account = Int(trip.account)
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
