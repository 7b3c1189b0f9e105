// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Clusters
import Liquidation
import Numerics
import Settings
import Testing
import TextKit

/// Clusters of which some accounts have fallen, taken out of sums of all.
@Suite struct FallingTests {
  private static let settings: [(SettingKey, Double)] = [
    (.clustersMinSize, 0), (.clustersMinConfidence, 0),
  ]

  /// Equal rungs of 1,000 USD just below 100, each of which stands with a probability of a half.
  private func builder(_ count: Int) throws -> ClusterBuilder {
    var builder = ClusterBuilder(settings: try clusterSettings(Self.settings), assets: [0])
    for _ in 0..<count { try add(to: &builder) }
    return builder
  }

  private func add(to builder: inout ClusterBuilder) throws(Failure) {
    try builder.add(
      asset: 0,
      direction: .below,
      price: 99.9,
      size: 1_000_000_000,
      weight: 32_768
    )
  }

  /// Confidence is `100 · (1/2 − 3 · √(n / 4) / n)`, that of the accounts that are left.
  @Test(arguments: [(0, 26), (15, 20), (24, 12), (31, 0), (39, 0)])
  func `the sums of those that fell are taken away`(_ fallen: Int, _ confidence: Int) throws {
    let rest = try builder(40).deployable(
      .below,
      without: [try builder(fallen)],
      spots: [101],
      deviations: [0]
    )
    #expect(rest.map(\.confidence) == [confidence])
    #expect(rest.map(\.positions) == [40 - fallen])
    #expect(rest.map(\.forcedSize) == [Int128(40 - fallen) * 1_000_000_000])
  }

  @Test(arguments: [(0, 26), (15, 20), (24, 12), (31, 0), (39, 0)])
  func `the sums of those that stand are found by their order`(
    _ fallen: Int,
    _ confidence: Int
  ) throws {
    let table = try FallingClusters(builder(0), count: 40, spots: [101], deviations: [0]) {
      (_: Int, single: inout ClusterBuilder) throws(Failure) in try add(to: &single)
    }
    let found = try #require(table.cluster(0, fallen: fallen))
    #expect(found.confidence == confidence)
    #expect(found.positions == 40 - fallen)
    #expect(table.cluster(0, fallen: 40) == nil)
  }

  @Test func `a bin whose upper edge is the price lies below it`() throws {
    let table = try FallingClusters(builder(0), count: 1, spots: [101], deviations: [0]) {
      (_: Int, single: inout ClusterBuilder) throws(Failure) in try add(to: &single)
    }
    #expect(table.highs.count == 1)
    #expect(table.count(below: table.highs[0]) == 1)
    #expect(table.count(below: table.highs[0].nextDown) == 0)
    // A spot there is above the bin; so are others, up to a quarter of the edge.
    let cluster = try #require(table.cluster(0, fallen: 0))
    #expect(cluster.isApproached(by: cluster.high, 0.25))
    #expect(!cluster.isApproached(by: cluster.high.nextDown, 0.25))
    #expect(cluster.isApproached(by: cluster.high * 1.25, 0.25))
    #expect(!cluster.isApproached(by: (cluster.high * 1.25).nextUp, 0.25))
    #expect(!cluster.isApproached(by: .nan, 0.25))
  }
}
