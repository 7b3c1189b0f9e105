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
  let lanes: AccountLanes
  /// The assets of the book, in the order of `WorldInput.assets`.
  let assets: [Int]
  let below: [CascadeSide]
  let above: [CascadeSide]
  let clusters: [FallingClusters]
  /// Logarithms of the bins' upper edges, by place of the asset.
  let edges: [FixedView<Double>]
  /// What the views show.
  private let owners: [any Sendable]
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
    var owners: [any Sendable] = []
    var (lower, upper, clusters) = ([CascadeSide](), [CascadeSide](), [FallingClusters]())
    for asset in assets {
      lower.append(try CascadeSide(.below, asset, lanes, first, confidences, &owners))
      upper.append(try CascadeSide(.above, asset, lanes, first, confidences, &owners))
      let trips = lanes.below[asset]
      clusters.append(
        try FallingClusters(
          empty,
          count: trips.count,
          spots: first,
          deviations: input.confidenceRatios
        ) { (place: Int, builder: inout ClusterBuilder) throws(Failure) in
          let account = Int(trips[place].account)
          try rows.add(account, deposited: lanes.carried[account], to: &builder)
        }
      )
    }
    let edges = clusters.map { asset in
      FixedColumn((0..<asset.highs.count).map { CascadeMark.nearlyLn(asset.highs[$0]) })
    }
    owners += edges as [any Sendable]
    self.edges = edges.map(\.view)
    (below, above, self.clusters) = (lower, upper, clusters)
    self.owners = owners
  }
}
