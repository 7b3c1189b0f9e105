// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Clusters
import Liquidation
import Settings
import Testing

@Suite struct DistanceTests {
  @Test(arguments: [
    (Direction.below, 110.0, 0.1), (.below, 100, 0), (.below, (100.0).nextDown, 0),
    (.below, 99.7, 0), (.below, 90, 0), (.above, 79.2, 0.2), (.above, 99, 0), (.above, 99.5, 0),
    (.above, 120, 0),
  ])
  func `the distance is to the nearer edge, 0 inside and past`(
    _ direction: Direction,
    _ spot: Double,
    _ expected: Double
  ) {
    let distance = Cluster.distance(spot: spot, low: 99, high: 100, direction: direction)
    #expect((distance - expected).magnitude < 1e-15)
    #expect((distance == 0) == (expected == 0))
  }

  /// An approach of a quarter has no rounding: `|1.25 − 1| / 1` is it exactly.
  @Test(arguments: [
    (Direction.below, 1.25, true), (.below, (1.25).nextUp, false), (.below, 0.5, true),
    (.above, 0.75, true), (.above, (0.75).nextDown, false), (.above, 3, true),
  ])
  func `a cluster is approached up to the setting, and when spot is past`(
    _ direction: Direction,
    _ spot: Double,
    _ approached: Bool
  ) throws {
    // Bins of 100 bps have an edge at 1.
    var builder = ClusterBuilder(
      settings: try clusterSettings([(.clustersBinBPS, 100), (.clustersApproach, 0.25)]),
      assets: [0]
    )
    let price = direction == .below ? (1.0).nextDown : 1
    try builder.add(asset: 0, direction: direction, price: price, size: 1, weight: 0)
    let cluster = builder.finish(order: [0], spots: [spot], deviations: [0])[0]
    #expect(direction == .below ? cluster.high == 1 : cluster.low == 1)
    #expect(cluster.isApproached == approached, "\(cluster.distance)")
  }
}
