// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
package import Clusters
package import Markets
package import Tables

/// `clusters.csv`: one row for each cluster, by asset, direction and price (DESIGN 5).
package enum ClusterReport {
  private static let columns = [
    "asset", "direction", "trigger_price_low", "trigger_price_high", "forced_size_usd",
    "confidence",
    "deployable", "approached", "positions", "largest_share", "distance_ratio", "computed_at_slot",
  ]

  /// The whole file.
  package static func table(_ clusters: [Cluster], assets: AssetTable, slot: Int64) -> CSVBuilder {
    var table = CSVBuilder()
    table.row(columns)
    for cluster in clusters {
      table.text(assets[cluster.asset].symbol)
      table.text(cluster.direction.rawValue)
      table.number(cluster.low)
      table.number(cluster.high)
      table.money(cluster.forcedSize)
      table.integer(cluster.confidence)
      table.flag(cluster.isDeployable)
      table.flag(cluster.isApproached)
      table.integer(cluster.positions)
      table.number(cluster.largestShare)
      table.number(cluster.distance)
      table.integer(slot)
      table.endRow()
    }
    return table
  }
}
