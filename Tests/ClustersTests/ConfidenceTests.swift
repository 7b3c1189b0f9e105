// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Clusters
import Liquidation
import Numerics
import Settings
import TestSupport
import Testing
import TextKit

/// Settings of the clusters with some changes.
func clusterSettings(_ changes: [(SettingKey, Double)] = []) throws(Failure) -> ClusterSettings {
  var settings = Settings()
  for (key, value) in changes { settings[key] = value }
  return try ClusterSettings(SettingsView(settings, for: .clusters))
}

@Suite struct ConfidenceTests {
  /// The one cluster of some equal rungs at 99.9 USD, spot 101.
  private func cluster(
    _ count: Int,
    each usd: Double,
    age: Double? = nil,
    cross: Double = 1,
    deviation: Double = 0,
    _ changes: [(SettingKey, Double)] = []
  ) throws -> Cluster {
    let settings = try clusterSettings(changes)
    var builder = ClusterBuilder(settings: settings, assets: [0])
    let weight = settings.weight(freshness: settings.freshness(age: age), cross: cross)
    for _ in 0..<count {
      try builder.add(
        asset: 0,
        direction: .below,
        price: 99.9,
        size: try micro(usd),
        weight: weight
      )
    }
    let clusters = builder.finish(order: [0], spots: [101], deviations: [deviation])
    try #require(clusters.count == 1)
    return clusters[0]
  }

  /// DESIGN 5: one whale 29, ten 74, a thousand 92; others are `100·(0.95 − 3·√(0.0475/n))`.
  @Test(arguments: [
    (1, 29), (2, 48), (10, 74), (100, 88), (1_000, 92), (100_000, 94),
  ])
  func `many small accounts can be counted on, one whale cannot`(
    _ count: Int,
    _ confidence: Int
  ) throws {
    let cluster = try cluster(count, each: 2_000_000 / Double(count))
    #expect(cluster.confidence == confidence)
    #expect(cluster.isDeployable == (confidence >= 80))
    #expect(cluster.forcedSize == 2_000_000_000_000)
    #expect(cluster.positions == count)
    #expect(cluster.largestShare == 1 / Double(count))
  }

  /// 0.475 − 3·√(0.475·0.525)/√n.
  @Test(arguments: [(1, 0), (10, 0), (100, 32), (1_000, 42), (10_000, 46)])
  func `an account read one half-life ago counts for half`(
    _ count: Int,
    _ confidence: Int
  ) throws {
    #expect(try cluster(count, each: 1_000, age: 9_000).confidence == confidence)
    #expect(
      try cluster(count, each: 1_000, age: 100, [(.clustersHalfLife, 100)]).confidence
        == confidence
    )
  }

  @Test func `freshness can be switched off and an unknown age counts in full`() throws {
    let off = [(SettingKey.clustersUseFreshness, 0.0)]
    #expect(try cluster(1_000, each: 1_000, age: 9_000, off).confidence == 92)
    let settings = try clusterSettings()
    #expect(settings.freshness(age: nil) == 1)
    #expect(settings.freshness(age: 0) == 1)
    #expect(settings.freshness(age: 9_000) == 0.5)
    #expect(settings.freshness(age: 18_000) == 0.25)
  }

  /// overlap = 1 − 0.798·sd/width; the width of a 50 bps bin is 0.005 to 1e-15.
  @Test(arguments: [(0.0, 92), (0.001, 78), (0.002, 63), (0.005, 18), (0.01, 0), (1.0, 0)])
  func `an oracle error takes what it moves out of the bin`(
    _ deviation: Double,
    _ confidence: Int
  ) throws {
    #expect(try cluster(1_000, each: 1_000, deviation: deviation).confidence == confidence)
    let off = [(SettingKey.clustersUseOracle, 0.0)]
    #expect(try cluster(1_000, each: 1_000, deviation: deviation, off).confidence == 92)
  }

  /// 0.475 − 3·√(0.475·0.525/1000) as for a stale account: both halve s.
  @Test func `an account that other assets move counts for its share`() throws {
    #expect(try cluster(1_000, each: 1_000, cross: 0.5).confidence == 42)
    let off = [(SettingKey.clustersUseCross, 0.0)]
    #expect(try cluster(1_000, each: 1_000, cross: 0.5, off).confidence == 92)
  }

  @Test(
    arguments: [(1.0, 1.0, 62_259), (0.5, 1.0, 31_130), (0.5, 0.5, 15_565), (0.0, 1.0, 0)]
      as [(Double, Double, Int64)]
  )
  func `the weight is rounded to 65,536ths`(
    _ freshness: Double,
    _ cross: Double,
    _ weight: Int64
  ) throws {
    #expect(try clusterSettings().weight(freshness: freshness, cross: cross) == weight)
  }

  @Test func `with stay 1 every size counts in full and with sigmas 0 the mean does`() throws {
    #expect(try cluster(1, each: 1_000, [(.clustersStay, 1)]).confidence == 100)
    // 62,259/65,536 = 0.94999…
    #expect(try cluster(1, each: 1_000, [(.clustersSigmas, 0)]).confidence == 94)
    #expect(try cluster(1, each: 1_000, [(.clustersStay, 0)]).confidence == 0)
  }

  @Test(arguments: [
    (1_000.0, 1_000, true), (999.999999, 1_000, false), (1_000_000, 10, false),
  ])
  func `a cluster is deployable from the least size and confidence on`(
    _ usd: Double,
    _ count: Int,
    _ deployable: Bool
  ) throws {
    #expect(try cluster(count, each: usd).isDeployable == deployable)
  }

  @Test func `the least confidence itself is enough`() throws {
    let least = [(SettingKey.clustersMinConfidence, 92.0)]
    #expect(try cluster(1_000, each: 1_000, least).isDeployable)
    let more = [(SettingKey.clustersMinConfidence, 92.5)]
    #expect(try !cluster(1_000, each: 1_000, more).isDeployable)
  }

  @Test func `the settings of the stage are read`() throws {
    let settings = try clusterSettings([(.clustersRefresh, 1.5), (.clustersMinSize, 2)])
    #expect(settings.refreshMilliseconds == 1_500)
    #expect(settings.minSize == 2_000_000)
    #expect(settings.binBPS == 50 && settings.approach == 0.02 && settings.sigmas == 3)
    #expect(throws: Failure.self) { try clusterSettings([(.clustersMinSize, 1e15)]) }
  }
}
