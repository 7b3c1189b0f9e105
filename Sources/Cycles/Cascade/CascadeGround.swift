// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Clusters
internal import Liquidation
internal import Markets
internal import Numerics
package import TextKit

/// A book as cascades walk it: the accounts of each asset in the order in which they fall, with
/// sums of what has been forced to trade; equal for all paths that start at the same prices.
///
/// Which accounts have fallen is then two counts an asset: an oracle price below a level takes all
/// that stand above it.
package final class CascadeGround: Sendable {
  /// The accounts that fall on one side, in order.
  struct Side: Sendable {
    /// The oracle price beyond which each falls.
    var levels: [Double] = []
    var accounts: [Int32] = []
    /// Forced flow of the first 0, 1, 2, … of them, micro-USD.
    var flow: [Int128] = [0]
  }

  let lanes: AccountLanes
  /// The assets of the book, in the order of `WorldInput.assets`.
  let assets: [Int]
  let below: [Side]
  let above: [Side]
  let clusters: [FallingClusters]
  let settings: ClusterSettings

  /// Why this book and these settings are beyond the lanes, nil when they are not.
  ///
  /// Every account has to be a perp (or any account that its market closes at the mark) whose root
  /// no price moves; nobody may be protected; and no fund may make the order of closes matter.
  package static func obstacle(_ lanes: AccountLanes, _ settings: WorldSettings) -> String? {
    if settings.liquidations.penalty != 0 || settings.liquidations.insurance != 0 { return "fund" }
    if !settings.vault.entry.isPlain { return "entry" }
    if settings.protection.isEnabled && !lanes.protected.isEmpty { return "protection" }
    for account in lanes.lane.indices {
      switch lanes.lane[account] {
      case .idle: continue
      case .single: if lanes.sellsByAuction[account] { return "auction" }
      case .marked, .general: return "account"
      }
    }
    return nil
  }

  package init(_ settings: ClusterSettings, _ lanes: AccountLanes) throws(Failure) {
    self.settings = settings
    self.lanes = lanes
    let input = lanes.input
    assets = input.assets
    var rows = ClusterRows(lanes, settings)
    rows.moveToStart()
    let first = rows.prices
    let confidences = first.indices.map { input.confidenceRatios[$0] * first[$0] }
    let empty = ClusterBuilder(settings: settings, assets: input.assets)
    var (lower, upper, clusters) = ([Side](), [Side](), [FallingClusters]())
    for asset in assets {
      lower.append(
        try CascadeGround.side(lanes.below[asset], lanes, first, confidences, asset) { $0.nextDown }
      )
      upper.append(
        try CascadeGround.side(lanes.above[asset], lanes, first, confidences, asset) { $0.nextUp }
      )
      let accounts = lower[lower.count - 1].accounts
      clusters.append(
        try FallingClusters(
          empty,
          count: accounts.count,
          spots: first,
          deviations: input.confidenceRatios
        ) { (place: Int, builder: inout ClusterBuilder) throws(Failure) in
          let account = Int(accounts[place])
          try rows.add(account, deposited: lanes.carried[account], to: &builder)
        }
      )
    }
    (below, above, self.clusters) = (lower, upper, clusters)
  }

  private static func side(
    _ trips: [AccountLanes.Trip],
    _ lanes: AccountLanes,
    _ first: [Double],
    _ confidences: [Double],
    _ asset: Int,
    _ beyond: (Double) -> Double
  ) throws(Failure) -> Side {
    let input = lanes.input
    var side = Side()
    var prices = first
    var total: Int128 = 0
    for trip in trips {
      let account = Int(trip.account)
      var flow = ForcedFlow(assetCount: first.count)
      prices[asset] = beyond(trip.level)
      try flow.add(
        Int(input.affine.firstRow[account]),
        lanes.intervals[account],
        deposited: lanes.carried[account],
        input,
        prices: prices,
        confidences: confidences
      )
      total += flow.amount(asset: asset, direction: .below)
      total += flow.amount(asset: asset, direction: .above)
      side.levels.append(trip.level)
      side.accounts.append(trip.account)
      side.flow.append(total)
    }
    return side
  }

  /// How many accounts of a side have fallen at an oracle price, at least `start`.
  @inline(__always)
  func fallen(below place: Int, at price: Double, from start: Int) -> Int {
    let levels = below[place].levels
    guard start < levels.count, price < levels[start] else { return start }
    var (low, high) = (start + 1, levels.count)
    while low < high {
      let middle = (low + high) / 2
      if price < levels[middle] { low = middle + 1 } else { high = middle }
    }
    return low
  }

  @inline(__always)
  func fallen(above place: Int, at price: Double, from start: Int) -> Int {
    let levels = above[place].levels
    guard start < levels.count, price > levels[start] else { return start }
    var (low, high) = (start + 1, levels.count)
    while low < high {
      let middle = (low + high) / 2
      if price > levels[middle] { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
