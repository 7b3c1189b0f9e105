// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Clusters
import Cycles
import Numerics
import TestSupport
import Testing
import TextKit

/// The worked examples of the vault: bin 923, 1,000,000 USD, fee 25 bps, no forced flow.
@Suite struct VaultExampleTests {
  /// One row of the table of worked examples.
  struct Example: Sendable, CustomTestStringConvertible {
    var name: String
    /// Seconds and spot prices.
    var path: [(Double, Double)]
    var reason: ExitReason
    var filled: Double
    var base: Double
    var spent: Micro
    var proceeds: Micro
    var fees: Micro
    var gross: Micro
    var performanceFee: Micro
    var held: Micro
    var traded: Int128
    var amm: Micro

    var testDescription: String { name }
  }

  static let examples = [
    Example(
      name: "recover",
      path: [(0, 101.5), (60, 98), (120, 101.5)],
      reason: .recover,
      filled: 1,
      base: 9991.75940267375,
      spent: 1_000_000_000_000,
      proceeds: 1_014_163_579_371,
      fees: 2_500_000_000,
      gross: 16_663_579_371,
      performanceFee: 3_332_715_874,
      held: 13_330_863_497,
      traded: 2_000_000_000_000,
      amm: 4_000_000_000
    ),
    Example(
      name: "stop-loss with a gap",
      path: [(0, 101.5), (60, 93)],
      reason: .stopLoss,
      filled: 1,
      base: 9991.75940267375,
      spent: 1_000_000_000_000,
      proceeds: 929_233_624_449,
      fees: 2_500_000_000,
      gross: -68_266_375_551,
      performanceFee: 0,
      held: -68_266_375_551,
      traded: 1_000_000_000_000,
      amm: -68_266_375_551
    ),
    Example(
      name: "timeout, part filled",
      path: [(0, 101.5), (60, 100.2), (1800, 100.3)],
      reason: .timeout,
      filled: 0.2649357744831128,
      base: 2642.3248740721997,
      spent: 264_935_774_483,
      proceeds: 265_025_184_869,
      fees: 662_339_436,
      gross: 751_749_822,
      performanceFee: 150_349_964,
      held: 601_399_858,
      traded: 465_102_631_924,
      amm: 921_846_570
    ),
  ]

  func bin923() throws -> Cluster {
    guard let cluster = try worldCluster(at: 100, size: dollars(5_000_000)) else {
      throw Missing("a cluster")
    }
    return cluster
  }

  /// Steps a vault along a path; returns it with the last record.
  func walk(
    _ path: [(Double, Double)],
    _ changes: [String: Double] = [:]
  ) throws -> (vault: VaultMachine, record: CycleRecord?) {
    let settings = try vaultSettings(changes)
    var vault = VaultMachine(capital: settings.capital)
    var record: CycleRecord?
    for (seconds, spot) in path {
      #expect(record == nil, "the cycle ended before the path did")
      let seen = VaultInput(
        time: Int64(seconds * 1000),
        isLast: false,
        spots: [spot],
        isStale: [false],
        candidates: [try bin923()],
        ranks: [0]
      )
      record = try vault.step(seen, settings: settings, flow: { _ in 0 })
    }
    return (vault, record)
  }

  @Test func `bin 923 has the documented edges and deploy price`() throws {
    let cluster = try bin923()
    #expect(cluster.bin == 923)
    #expect(cluster.low == 99.83320213261966)
    #expect(cluster.high == 100.33236814328276)
    let deployment = try Deployment(cluster, amount: dollars(1_000_000), time: 0, spot: 101.5)
    #expect(deployment.deployPrice == 100.0824739367126)
  }

  @Test(arguments: examples)
  func `held inventory comes out to the last micro-USD`(example: Example) throws {
    let (vault, record) = try walk(example.path)
    let cycle = try #require(record)
    #expect(cycle.reason == example.reason)
    #expect(cycle.filledShare == example.filled)
    #expect(cycle.baseBought == example.base)
    #expect(cycle.quoteSpent == example.spent)
    #expect(cycle.spent == example.spent)
    #expect(cycle.proceeds == example.proceeds)
    #expect(cycle.fees == example.fees)
    #expect(cycle.pnl + cycle.performanceFee == example.gross)
    #expect(cycle.performanceFee == example.performanceFee)
    #expect(cycle.pnl == example.held)
    #expect(cycle.pnlHeld == example.held)
    #expect(cycle.pnlAMM == example.amm)
    #expect(vault.capital == dollars(10_000_000) + example.held)
    #expect(vault.deployment == nil)
  }

  @Test(arguments: examples)
  func `amm inventory comes out to the last micro-USD`(example: Example) throws {
    let (vault, record) = try walk(example.path, ["vault.inventory": 1])
    let cycle = try #require(record)
    #expect(cycle.spent == dollars(1_000_000))
    #expect(cycle.quoteSpent == example.spent)
    #expect(cycle.pnl == example.amm)
    #expect(cycle.pnlHeld == example.held)
    #expect(vault.capital == dollars(10_000_000) + example.amm)
    var deployment = try Deployment(
      bin923(),
      amount: dollars(1_000_000),
      time: 0,
      spot: example.path[0].1
    )
    for (_, spot) in example.path.dropFirst() {
      try deployment.move(to: spot, flow: { 0 }, flowShare: 0.5)
    }
    #expect(deployment.tradedAMM == example.traded)
  }

  @Test func `the gap beyond the stop-loss is reported`() throws {
    let cycle = try #require(try walk([(0, 101.5), (60, 93)]).record)
    #expect(cycle.gapLoss == 20_766_375_551)
    #expect(try walk([(0, 101.5), (60, 95.07835023987697)]).record?.gapLoss == 0)
  }

  @Test func `recovery begins exactly at its threshold`() throws {
    let threshold = 101.08329867607974
    #expect(try walk([(0, 101.5), (60, 98), (120, threshold)]).record?.reason == .recover)
    #expect(try walk([(0, 101.5), (60, 98), (120, threshold.nextDown)]).record == nil)
  }

  @Test func `nothing recovers before something was bought`() throws {
    let high = 100.33236814328276
    #expect(try walk([(0, 101.5), (60, high), (120, 101.5)]).record == nil)
    #expect(
      try walk([(0, 101.5), (60, high.nextDown), (120, 101.5)]).record?.reason == .recover
    )
  }

  @Test func `the stop-loss begins exactly at its threshold`() throws {
    let threshold = 95.07835023987697
    #expect(try walk([(0, 101.5), (60, threshold)]).record?.reason == .stopLoss)
    #expect(try walk([(0, 101.5), (60, threshold.nextUp)]).record == nil)
  }

  @Test func `the timeout fires at exactly 1800 s`() throws {
    #expect(try walk([(0, 101.5), (1800, 101.5)]).record?.reason == .timeout)
    #expect(try walk([(0, 101.5), (1799.999, 101.5)]).record == nil)
  }

  @Test func `a position that never filled loses nothing at the timeout`() throws {
    let cycle = try #require(try walk([(0, 101.5), (1800, 102)]).record)
    #expect(cycle.filledShare == 0)
    #expect(cycle.pnl == 0)
    #expect(cycle.pnlAMM == 0)
    #expect(cycle.fees == 0)
  }

  @Test func `a stop-loss waits for its crank from the first passage on`() throws {
    let delay = ["vault.crank_delay_s": 100.0]
    let early = [(0.0, 101.5), (60, 94), (120, 94)]
    #expect(try walk(early, delay).record == nil)
    #expect(try walk(early + [(160, 94)], delay).record?.reason == .stopLoss)
    // A bounce neither fires nor resets the first passage.
    let bounce = [(0.0, 101.5), (60, 94), (100, 96), (160, 96)]
    #expect(try walk(bounce, delay).record == nil)
    #expect(try walk(bounce + [(161, 94)], delay).record?.reason == .stopLoss)
    #expect(try walk([(0, 101.5), (1899.999, 101.5)], delay).record == nil)
    #expect(try walk([(0, 101.5), (1900, 101.5)], delay).record?.reason == .timeout)
  }

  @Test func `slippage belongs to the stop-loss alone`() throws {
    let slip = ["vault.exit_slippage_bps": 50.0]
    let stop = try #require(try walk([(0, 101.5), (60, 93)], slip).record)
    #expect(stop.exitPrice == 93 * (1 - 50.0 / 10_000))
    let recover = try #require(try walk([(0, 101.5), (60, 98), (120, 101.5)], slip).record)
    #expect(recover.exitPrice == 101.5)
  }

  @Test func `the cycle cost is paid and no fee is taken of a loss`() throws {
    let cycle = try #require(
      try walk([(0, 101.5), (1800, 102)], ["vault.cycle_cost_usd": 12.5]).record
    )
    #expect(cycle.costs == 12_500_000)
    #expect(cycle.pnl == -12_500_000)
    #expect(cycle.performanceFee == 0)
  }

  @Test func `a small vault deploys what it has, and nothing below the minimum`() throws {
    let small = ["vault.capital_usd": 250_000.0]
    #expect(try walk([(0, 101.5)], small).vault.deployment?.amount == dollars(250_000))
    let least = small.with(["vault.min_deploy_usd": 250_000.000001])
    #expect(try walk([(0, 101.5)], least).vault.deployment == nil)
    let exact = small.with(["vault.min_deploy_usd": 250_000])
    #expect(try walk([(0, 101.5)], exact).vault.deployment != nil)
  }

  @Test func `the vault deploys from the bin's high to its approach and not inside`() throws {
    let high = 100.33236814328276
    for (spot, deploys) in [
      (high, true), (high.nextDown, false), (high * 1.02, true), ((high * 1.02).nextUp, false),
    ] {
      #expect((try walk([(0, spot)]).vault.deployment != nil) == deploys, "at \(spot)")
    }
  }

  @Test func `a stale price blocks deploying and recovering but no crank`() throws {
    let settings = try vaultSettings()
    let cluster = try bin923()
    func seen(_ seconds: Int64, _ spot: Double, stale: Bool) -> VaultInput {
      VaultInput(
        time: seconds * 1000,
        isLast: false,
        spots: [spot],
        isStale: [stale],
        candidates: [cluster],
        ranks: [0]
      )
    }
    var vault = VaultMachine(capital: settings.capital)
    #expect(
      try vault.step(seen(0, 101.5, stale: true), settings: settings, flow: { _ in 0 }) == nil
    )
    #expect(vault.deployment == nil)
    _ = try vault.step(seen(60, 101.5, stale: false), settings: settings, flow: { _ in 0 })
    _ = try vault.step(seen(120, 98, stale: false), settings: settings, flow: { _ in 0 })
    var recovering = vault
    let blocked = try recovering.step(
      seen(180, 101.5, stale: true),
      settings: settings,
      flow: { _ in 0 }
    )
    #expect(blocked == nil)
    let fresh = try recovering.step(
      seen(240, 101.5, stale: false),
      settings: settings,
      flow: { _ in 0 }
    )
    #expect(fresh?.reason == .recover)
    var stopping = vault
    let stop = try stopping.step(seen(180, 90, stale: true), settings: settings, flow: { _ in 0 })
    #expect(stop?.reason == .stopLoss)
    var waiting = vault
    let late = try waiting.step(seen(1860, 98, stale: true), settings: settings, flow: { _ in 0 })
    #expect(late?.reason == .timeout)
  }

  @Test func `the nearest bin is taken, then the larger size, then the asset, then the lower`()
    throws
  {
    let settings = try vaultSettings(["vault.approach": 0.05])
    func choice(_ clusters: [Cluster?], ranks: [Int] = [0, 1]) throws -> Cluster? {
      var vault = VaultMachine(capital: settings.capital)
      let seen = VaultInput(
        time: 0,
        isLast: false,
        spots: [101.5, 101.5],
        isStale: [false, false],
        candidates: clusters.compactMap(\.self),
        ranks: ranks
      )
      _ = try vault.step(seen, settings: settings, flow: { _ in 0 })
      return vault.deployment?.cluster
    }
    let far = try worldCluster(at: 99, size: dollars(9))
    let near = try worldCluster(at: 100, size: dollars(1))
    let larger = try worldCluster(at: 100, asset: 1, size: dollars(2))
    let equal = try worldCluster(at: 100, asset: 1, size: dollars(1))
    #expect(try choice([far, near]) == near)
    #expect(try choice([near, larger]) == larger)
    #expect(try choice([larger, near]) == larger)
    #expect(try choice([equal, near]) == near)
    #expect(try choice([near, equal], ranks: [1, 0]) == equal)
    #expect(try choice([]) == nil)
  }
}
