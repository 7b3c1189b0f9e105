// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Clusters
import Liquidation
import Numerics
import TestSupport
import Testing
import TextKit

@Suite struct BuilderTests {
  private static let spots = [100.0, 3.5, 0.02]
  private static let deviations = [0, 0.0007, 0.004]

  /// Rungs near the spots of three assets, with sizes of every order.
  private func rungs(_ random: inout SplitMix64, _ count: Int) -> [PlainRung] {
    (0..<count).map { _ in
      let asset = random.whole(0, 2)
      return PlainRung(
        asset,
        random.once(in: 2) ? .above : .below,
        Self.spots[asset] * random.number(0.97, 1.03),
        random.once(in: 10) ? 0 : Int64(random.magnitude(0, 14)),
        Int64(random.whole(0, 65_536))
      )
    }
  }

  private func built(_ rungs: [PlainRung]) throws(Failure) -> ClusterBuilder {
    var builder = ClusterBuilder(settings: try clusterSettings(), assets: [0, 1, 2])
    for rung in rungs {
      try builder.add(
        asset: rung.asset,
        direction: rung.direction,
        price: rung.price,
        size: rung.size,
        weight: rung.weight
      )
    }
    return builder
  }

  private func finished(_ builder: ClusterBuilder) -> [Cluster] {
    var builder = builder
    return builder.finish(order: [0, 1, 2], spots: Self.spots, deviations: Self.deviations)
  }

  @Test(arguments: PropertySeeds.first(200))
  func `the builder says what the plain reference says, to the last digit`(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let rungs = rungs(&random, random.whole(0, 150))
    let clusters = finished(try built(rungs))
    let expected = PlainClusters.of(
      rungs,
      sigmas: 3,
      spots: Self.spots,
      deviations: Self.deviations
    )
    #expect(clusters.map { PlainCluster($0) } == expected)
    for cluster in clusters {
      #expect(
        cluster.isDeployable
          == (cluster.forcedSize >= 1_000_000_000_000 && cluster.confidence >= 80)
      )
      #expect(cluster.isApproached == (cluster.distance <= 0.02))
    }
  }

  @Test(arguments: PropertySeeds.first(50))
  func `neither order nor the split over builders can change a digit`(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let rungs = rungs(&random, 120)
    let expected = finished(try built(rungs))
    #expect(finished(try built(rungs.shuffled(using: &random))) == expected)
    for parts in [2, 7, 120] {
      var merged = try built([])
      let mixed = rungs.shuffled(using: &random)
      for part in 0..<parts {
        try merged.merge(
          built(mixed.enumerated().filter { $0.offset % parts == part }.map(\.element))
        )
      }
      #expect(finished(merged) == expected, "\(parts) parts")
    }
  }

  @Test func `a finished builder begins again at nothing`() throws {
    var random = SplitMix64(seed: 3)
    let rungs = rungs(&random, 50)
    var builder = try built(rungs)
    let first = builder.finish(
      order: [0, 1, 2],
      spots: Self.spots,
      deviations: Self.deviations
    )
    #expect(finished(builder).isEmpty)
    for rung in rungs {
      try builder.add(
        asset: rung.asset,
        direction: rung.direction,
        price: rung.price,
        size: rung.size,
        weight: rung.weight
      )
    }
    #expect(finished(builder) == first)
  }

  @Test func `clusters are sorted by the rank of the asset, direction, price`() throws {
    var builder = try built([])
    for (asset, direction, price) in [
      (0, Direction.below, 90.0), (2, .below, 0.019), (0, .above, 111), (0, .above, 105),
      (1, .below, 3), (0, .below, 80),
    ] {
      try builder.add(asset: asset, direction: direction, price: price, size: 1, weight: 1)
    }
    let clusters = builder.finish(
      order: [2, 0, 1],
      spots: Self.spots,
      deviations: Self.deviations
    )
    #expect(clusters.map(\.asset) == [1, 2, 0, 0, 0, 0])
    #expect(clusters.suffix(4).map(\.direction) == [.above, .above, .below, .below])
    #expect(clusters.suffix(4).map(\.low).map { $0.rounded() } == [105, 111, 80, 90])
  }

  @Test func `assets may be any of the table, in any order`() throws {
    var builder = ClusterBuilder(settings: try clusterSettings(), assets: [9, 4])
    try builder.add(asset: 4, direction: .below, price: 1, size: 5, weight: 0)
    try builder.add(asset: 9, direction: .below, price: 1, size: 7, weight: 0)
    let ones = Array(repeating: 1.0, count: 10)
    let clusters = builder.finish(
      order: Array(0..<10),
      spots: ones,
      deviations: Array(repeating: 0, count: 10)
    )
    #expect(clusters.map(\.asset) == [4, 9])
    #expect(clusters.map(\.forcedSize) == [5, 7])
  }

  @Test func `a rung at an edge belongs to the bin above, in both directions`() throws {
    let edge = 100.33236814328276
    for direction in Direction.allCases {
      let clusters = finished(
        try built([
          PlainRung(0, direction, edge, 1, 0), PlainRung(0, direction, edge.nextDown, 2, 0),
        ])
      )
      #expect(clusters.map(\.bin) == [923, 924])
      #expect(clusters.map(\.forcedSize) == [2, 1])
      #expect(clusters[0].high == edge && clusters[1].low == edge)
      #expect(clusters[0].low == 99.83320213261966)
    }
  }

  @Test func `sizes of 0 micro make no cluster and no position`() throws {
    #expect(finished(try built([PlainRung(0, .below, 99, 0, 60_000)])).isEmpty)
    let clusters = finished(
      try built([PlainRung(0, .below, 99, 0, 60_000), PlainRung(0, .below, 99, 3, 60_000)])
    )
    #expect(clusters.map(\.positions) == [1])
  }

  @Test func `prices that no bin holds are counted, not summed`() throws {
    var builder = try built([
      PlainRung(0, .above, 1e18, 1, 0), PlainRung(0, .below, 1e-19, 1, 0),
      PlainRung(0, .above, 1e18, 0, 0),
    ])
    #expect(builder.outsideGrid == 2)
    try builder.merge(built([PlainRung(0, .above, 1e30, 1, 0)]))
    #expect(builder.outsideGrid == 3)
    #expect(finished(builder).isEmpty)
  }

  @Test func `a sum that leaves 128 bits is refused`() throws {
    let whale = PlainRung(0, .below, 99, .max - 500_000, 32_768)
    var builder = try built([whale])
    #expect(throws: Failure.self) {
      for _ in 0..<5_000 {
        try builder.add(
          asset: 0,
          direction: .below,
          price: 99,
          size: whale.size,
          weight: whale.weight
        )
      }
    }
    #expect {
      try built([PlainRung(0, .below, 99, .max, 1)])
    } throws: { error in
      (error as? Failure)?.kind == .data
    }
    #expect(throws: Failure.self) {
      var sum = try built(Array(repeating: whale, count: 1_000))
      let other = sum
      try sum.merge(other)
      try sum.merge(other)
    }
  }

  @Test func `the largest sizes below that are exact`() throws {
    let size: Int64 = .max - 500_000
    let cluster = finished(
      try built(Array(repeating: PlainRung(0, .below, 99, size, 65_536), count: 1_000))
    )[0]
    #expect(cluster.forcedSize == 1_000 * Int128(size))
    #expect(cluster.confidence == 100)
    #expect(cluster.largestShare == 0.001)
  }
}
