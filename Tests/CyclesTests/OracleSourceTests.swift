// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Markets
import Numerics
import Settings
import TestSupport
import Testing
import TextKit

/// Several sources of one price: what counts, what is thrown out, what is made of the rest.
@Suite struct OracleSourceTests {
  func readings(_ prices: [Double?], at time: Int64 = 0) -> [SourceReading?] {
    prices.map { $0.map { SourceReading(price: $0, time: time) } }
  }

  func aggregate(_ readings: [SourceReading?], time: Int64 = 0, k: Double = 5) -> OracleAggregate? {
    OracleAggregate(readings, time: time, maxAge: 60_000, outlierMAD: k)
  }

  func settings(_ changes: [String: Double]) throws -> OracleSettings {
    OracleSettings(SettingsView(try worldSettings(changes), for: .oracle))
  }

  /// 99, 100, 101, 102 and 1000: median 101, distances 2, 1, 0, 1, 899, MAD 1; 1000 goes, and the
  /// median of the rest is 100.5, its distances 1.5, 0.5, 0.5, 1.5.
  @Test func `an outlier beyond five MAD does not count`() throws {
    let five = readings([100, 101, 102, 99, 1000])
    let found = try #require(aggregate(five))
    #expect((found.price, found.spread, found.count) == (100.5, 1, 4))
    let all = try #require(aggregate(five, k: 1000))
    #expect((all.price, all.spread, all.count) == (101, 1, 5))
    // 105 is five MAD away, not more.
    #expect(aggregate(readings([99, 100, 100, 101, 105]))?.count == 5)
    #expect(aggregate(readings([99, 100, 100, 101, 105.0.nextUp]))?.count == 4)
    // Sources that agree leave nothing to one that does not; two cannot outvote each other.
    #expect(aggregate(readings([100, 100, 70]))?.price == 100)
    #expect(aggregate(readings([100, 70]))?.price == 85)
    #expect(aggregate(readings([70]))?.price == 70)
    #expect(aggregate(readings([nil, nil])) == nil)
  }

  @Test func `each source has an age of its own`() throws {
    var three = readings([100, 110, 120], at: 1000)
    three[2] = SourceReading(price: 120, time: 50_000)
    #expect(aggregate(three, time: 61_000)?.count == 3)
    #expect(aggregate(three, time: 61_001)?.price == 120)
    #expect(aggregate(three, time: 61_001)?.time == 50_000)
    #expect(aggregate(three, time: 110_001) == nil)
  }

  /// 100 for 30 s and 110 for 30 s are 105 over a minute.
  @Test func `an average over time sees each price as long as it held`() throws {
    var feed = OracleFeed(
      try settings(["oracle.kind": 2, "oracle.twap_s": 60]),
      sources: 1,
      price: 100,
      time: 0
    )
    feed.take(readings([110], at: 30_000), spot: 110, time: 30_000)
    #expect(feed.answer.price == 100)
    feed.take(readings([50], at: 60_000), spot: 50, time: 60_000)
    #expect(feed.answer.price == 105)
    // From 30 s to 60 s 110, then 50.
    feed.take(readings([50], at: 90_000), spot: 50, time: 90_000)
    #expect(feed.answer.price == 80)
    feed.take([nil], spot: 50, time: 151_000)
    #expect(feed.answer.isStale && feed.answer.price == 80)
  }

  /// Of the 50 s that 100 held only the last 20 are in the window from 30 s to 90 s.
  @Test func `an average over time counts nothing before its window`() throws {
    var feed = OracleFeed(
      try settings(["oracle.kind": 2, "oracle.twap_s": 60]),
      sources: 1,
      price: 100,
      time: 0
    )
    feed.take(readings([110], at: 50_000), spot: 110, time: 50_000)
    feed.take(readings([50], at: 90_000), spot: 50, time: 90_000)
    #expect(feed.answer.price == 6_400.0 / 60)
  }

  /// Source: venues.md 5: the median of oracle with basis, book and exchanges.
  @Test func `a mark is the middle of three, and made anew when it is old`() throws {
    var feed = OracleFeed(
      try settings(["oracle.kind": 3, "oracle.sources": 3, "oracle.max_age_s": 5]),
      sources: 3,
      price: 100,
      time: 0
    )
    feed.take(readings([99, 100, 101], at: 1000), spot: 104, time: 1000)
    // Basis is a 150th of the way from 0 to 4: oracle 100.03, book 104, exchanges 100 (3 of 7
    // weigh the first, 2 each of the others).
    let basis = (1 - ExactMath.exp(-1.0 / 150)) * 4
    #expect(feed.answer.price == 100 + basis)
    feed.take([nil, nil, nil], spot: 95, time: 11_000)
    #expect(feed.answer.price == 100 + basis && !feed.answer.isStale)
    feed.take([nil, nil, nil], spot: 95, time: 11_001)
    #expect(feed.answer.price == 95 && feed.answer.time == 11_001 && !feed.answer.isStale)
    #expect(feed.answer.spread == 1)
  }

  @Test func `an oracle is plain while nothing is amiss`() throws {
    #expect(try settings([:]).isPlain)
    #expect(try settings(["oracle.sources": 5, "oracle.outlier_mad": 1]).isPlain)
    for (name, value) in [
      ("oracle.kind", 2.0), ("oracle.sources", 0), ("oracle.noise_bps", 1),
      ("oracle.fault_at_s", 1), ("oracle.attack_at_s", 1),
    ] {
      #expect(try !settings([name: value]).isPlain, "\(name)")
    }
    #expect(try settings(["oracle.delay_s": 5]).isPlain)
    #expect(try !settings(["oracle.delay_s": 5, "oracle.delayed_sources": 1]).isPlain)
  }
}

/// The oracle inside the world.
@Suite struct OracleWorldTests {
  let kit: WorldBook

  init() throws { kit = try WorldBook() }

  /// A long that falls below 90, on a market that stands at 100 for ten minutes.
  func falls(_ changes: [String: Double], path: PricePath? = nil) throws -> [LiquidationRecord] {
    let account = try kit.long("a", root: 90)
    let still = try kit.path(Array(repeating: 100, count: 60), every: 10)
    let (result, log) = try run(kit, [account], path ?? still, changes)
    #expect(result.ledgerImbalance == 0)
    #expect(result.isOpen == [log.liquidations.isEmpty])
    return log.liquidations
  }

  static let crash: [String: Double] = ["oracle.fault_at_s": 60, "oracle.fault_move": -0.3]

  /// Seed 3: the engine must not react to single-source flash crashes.
  @Test func `a flash crash of one source closes nobody where there are three`() throws {
    let alone = try falls(Self.crash)
    #expect(alone.map(\.time) == [60_000])
    #expect(alone.map(\.mark) == [70])
    #expect(try falls(Self.crash.with(["oracle.sources": 3])).isEmpty)
    #expect(try falls(Self.crash.with(["oracle.sources": 3, "oracle.kind": 1])).count == 1)
    // Two of three are the median.
    #expect(
      try falls(Self.crash.with(["oracle.sources": 3, "oracle.fault_sources": 2])).count == 1
    )
  }

  /// Everybody sees the push; an average over five minutes falls to 98 in half a minute.
  @Test func `a push of the market is outlived by an average over time`() throws {
    let push: [String: Double] = ["oracle.attack_at_s": 300, "oracle.attack_move": -0.2]
    #expect(try falls(push).map(\.time) == [300_000])
    #expect(try falls(push.with(["oracle.sources": 3])).count == 1)
    #expect(try falls(push.with(["oracle.kind": 2])).isEmpty)
    // Two of three sources are late by a minute, and see the push a minute later.
    #expect(
      try falls(
        push.with([
          "oracle.sources": 3, "oracle.delayed_sources": 2, "oracle.delay_s": 60,
        ])
      ).map(\.time) == [360_000]
    )
  }

  @Test func `late sources say what was, and old ones are stale`() throws {
    let path = try kit.path([100, 100, 80, 80, 80, 80, 80, 80], every: 10)
    let late: [String: Double] = ["oracle.delayed_sources": 1, "oracle.delay_s": 30]
    #expect(try falls(late, path: path).map(\.time) == [50_000])
    // A source that is late by more than the greatest age is never fresh.
    #expect(try falls(late.with(["oracle.max_age_s": 20]), path: path).isEmpty)
  }

  @Test func `a frozen source is stale after its age and nobody falls`() throws {
    let path = try kit.path([100, 100, 100, 80, 80, 80, 80, 80, 80, 80], every: 10)
    let frozen: [String: Double] = [
      "oracle.fault": 1, "oracle.fault_at_s": 25, "oracle.fault_s": 40, "oracle.max_age_s": 15,
    ]
    #expect(try falls(frozen, path: path).map(\.time) == [70_000])
    #expect(try falls(frozen.with(["oracle.sources": 3]), path: path).map(\.time) == [30_000])
    // From 30 s on and for 40 s: at 70 s it speaks again.
    let whole = frozen.with(["oracle.fault_at_s": 30])
    #expect(try falls(whole, path: path).map(\.time) == [70_000])
  }

  @Test func `columns of the path file are sources of their own`() throws {
    let path = try kit.path([100, 100, 100], every: 10)
    let asset = try kit.asset("SOL")
    func sourced(_ columns: [[Double]]) -> PricePath {
      path.adding(columns.map { PathSource(asset: asset, name: "SOL@x", values: $0) })
    }
    let own: [String: Double] = ["oracle.sources": 0]
    #expect(try falls(own, path: sourced([[100, 80, 100]])).map(\.mark) == [80])
    #expect(
      try falls(own, path: sourced([[100, 80, 100], [100, 99, 99], [100, 101, .nan]])).isEmpty
    )
    #expect(try falls([:], path: sourced([[100, 80, 100]])).isEmpty)
    #expect(try falls(own, path: path).isEmpty)
  }

  @Test func `errors of sources are drawn by seed and step, and none at the first`() throws {
    let noisy: [String: Double] = ["oracle.noise_bps": 1000]
    let once = try falls(noisy)
    #expect(once.count == 1 && once[0].time > 0)
    #expect(try falls(noisy) == once)
    // The median of many strays less than one.
    let many = try falls(noisy.with(["oracle.sources": 15]))
    #expect((many.first?.time ?? .max) > once[0].time)
  }

  /// Source: venues.md 7; a price that a venue refuses holds its margin checks back for the step.
  @Test(
    arguments: [
      ("max_age_s = 5", []), ("max_age_s = 15", [30_000]),
      ("max_divergence = 0.1\ntwap_s = 30", [40_000]), ("max_confidence = 0.001", []),
      ("max_confidence = 0.02", [20_000]),
    ] as [(String, [Int64])]
  )
  func `a venue refuses prices by its own rules`(_ rule: String, _ times: [Int64]) throws {
    let text = WorldVenues.text + "\n[venues.perps.oracle]\n" + rule
    let strict = WorldBook(try WorldVenues.catalogue(text))
    let late: [String: Double] = ["oracle.delayed_sources": 1, "oracle.delay_s": 10]
    let (result, log) = try run(
      strict,
      [strict.long("a", root: 90)],
      strict.path([100, 100, 85, 85, 85, 85, 85], every: 10),
      rule.hasPrefix("max_age") ? late : [:],
      confidences: ["SOL": 0.01]
    )
    #expect(log.liquidations.map(\.time) == times)
    #expect(result.ledgerImbalance == 0)
  }
}
