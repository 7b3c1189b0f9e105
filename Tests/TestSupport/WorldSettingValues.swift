// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Clusters
package import Numerics
package import Settings
internal import Liquidation
internal import TextKit

/// Settings with some values changed, by dotted name; words by their place.
package func worldSettings(_ changes: [String: Double] = [:]) throws -> Settings {
  var settings = Settings()
  for (name, value) in changes { settings[try Setting.named(name).key] = value }
  return settings
}

/// A deployable `below` cluster of the 50 bps bin that holds a price.
package func worldCluster(at price: Double, asset: Int = 0, size: Micro) throws -> Cluster? {
  let settings = try ClusterSettings(
    SettingsView(
      try worldSettings(["clusters.min_size_usd": 0, "clusters.min_confidence": 0]),
      for: .clusters
    )
  )
  var builder = ClusterBuilder(settings: settings, assets: [asset])
  try builder.add(asset: asset, direction: .below, price: price, size: size, weight: 65_536)
  let count = asset + 1
  return builder.finish(
    order: Array(0..<count),
    spots: Array(repeating: price, count: count),
    deviations: Array(repeating: 0, count: count)
  ).first
}
