// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Clusters
package import Liquidation
package import Numerics

/// One rung as the clusters take it.
package struct PlainRung: Sendable {
  package var asset: Int
  package var direction: Direction
  package var price: Double
  package var size: Micro
  package var weight: Int64

  /// Notes a rung down.
  package init(
    _ asset: Int,
    _ direction: Direction,
    _ price: Double,
    _ size: Micro,
    _ weight: Int64
  ) {
    self.asset = asset
    self.direction = direction
    self.price = price
    self.size = size
    self.weight = weight
  }
}

/// What the plain reference says of one bin of 50 bps.
package struct PlainCluster: Sendable, Equatable {
  package var asset: Int
  package var direction: Direction
  package var bin: Int
  package var low: Double
  package var high: Double
  package var forcedSize: Int128
  package var confidence: Int
  package var positions: Int
  package var largestShare: Double
  package var distance: Double
}

extension PlainCluster {
  /// What the builder says, as far as the reference speaks of it.
  package init(_ cluster: Cluster) {
    self.init(
      asset: cluster.asset,
      direction: cluster.direction,
      bin: cluster.bin,
      low: cluster.low,
      high: cluster.high,
      forcedSize: cluster.forcedSize,
      confidence: cluster.confidence,
      positions: cluster.positions,
      largestShare: cluster.largestShare,
      distance: cluster.distance
    )
  }
}

/// Clusters straight from SEMANTICS B5 to B8, with a dictionary and 128-bit integers.
package enum PlainClusters {
  private struct Key: Hashable {
    var asset: Int
    var direction: Direction
    var bin: Int
  }

  /// The bin of 50 bps that holds a price, by binary search in edges of exact arithmetic.
  package static func bin(of price: Double) -> Int {
    var low = 0
    var high = ExactEdges.bins.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if ExactEdges.bins[middle] <= price { low = middle } else { high = middle }
    }
    return low - ExactEdges.binReach
  }

  /// Clusters of some rungs, sorted by asset, direction and price.
  package static func of(
    _ rungs: [PlainRung],
    sigmas: Double,
    spots: [Double],
    deviations: [Double]
  ) -> [PlainCluster] {
    var bins: [Key: [PlainRung]] = [:]
    for rung in rungs where rung.size > 0 {
      let key = Key(asset: rung.asset, direction: rung.direction, bin: bin(of: rung.price))
      bins[key, default: []].append(rung)
    }
    return bins.map { key, rungs in
      cluster(key, rungs, sigmas, spot: spots[key.asset], deviation: deviations[key.asset])
    }.sorted {
      ($0.asset, $0.direction.rawValue, $0.bin) < ($1.asset, $1.direction.rawValue, $1.bin)
    }
  }

  private static func cluster(
    _ key: Key,
    _ rungs: [PlainRung],
    _ sigmas: Double,
    spot: Double,
    deviation: Double
  ) -> PlainCluster {
    var mean: Int128 = 0
    var variance: Int128 = 0
    var total: Int128 = 0
    for rung in rungs {
      let whole = Int128((rung.size + 500_000) / 1_000_000)
      mean += Int128(rung.weight) * Int128(rung.size)
      variance += Int128(rung.weight) * Int128(65_536 - rung.weight) * whole * whole
      total += Int128(rung.size)
    }
    let low = ExactEdges.bins[key.bin + ExactEdges.binReach]
    let high = ExactEdges.bins[key.bin + 1 + ExactEdges.binReach]
    let width = (high - low) / low
    let overlap = deviation > 0 ? max(0, 1 - 0.798 * deviation / width) : 1
    let expected = (Double(mean) / 65_536) / 1e6
    let spread = Double(variance).squareRoot() / 65_536
    let share = (expected - sigmas * spread) / (Double(total) / 1e6)
    let edge = key.direction == .below ? high : low
    let isPast = key.direction == .below ? spot < high : spot >= low
    return PlainCluster(
      asset: key.asset,
      direction: key.direction,
      bin: key.bin,
      low: low,
      high: high,
      forcedSize: total,
      confidence: Int((100 * (overlap * min(1, max(0, share)))).rounded(.down)),
      positions: rungs.count,
      largestShare: Double(rungs.map(\.size).max() ?? 0) / Double(total),
      distance: isPast ? 0 : (spot - edge).magnitude / edge
    )
  }
}
