// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Markets
import Settings
import Sweeps
import TestSupport
import Testing

/// Small worlds in which a shortcut of the shared engine has to look twice, worked out by hand.
@Suite struct FastPathTests {
  let kit: WorldBook

  init() throws { kit = try WorldBook() }

  /// The columns of some metrics, one row a cell; both engines have to agree in all of them.
  private func columns(
    _ names: [String],
    _ axes: [(String, [Double])],
    _ accounts: [Account],
    _ path: PricePath,
    _ base: [String: Double]
  ) throws -> [[Double?]] {
    let engine = try engine(try grid(axes, base: base), accounts, [path])
    let rows = Array(try engine.runShared(threads: 1) { _ in })
    #expect(rows == (try engine.run(threads: 1) {}))
    let places = try names.map { try #require(engine.metricNames.firstIndex(of: $0)) }
    return rows.map { row in places.map { row.metrics[$0].comparable } }
  }

  private func falling(_ prices: [Double], every seconds: Double = 60) throws -> PricePath {
    try kit.path(prices.map { $0 }, every: seconds)
  }

  /// SEMANTICS, bin 923: 95.07835023987697 is 5 % below the deploy price, not less.
  @Test func `a stop-loss is met at its level`() throws {
    let found = try columns(
      ["vault_stop_losses", "vault_gap_loss_usd"],
      [("vault.stop_loss", [0.05, 0.051])],
      [try kit.long("a", root: 100)],
      try falling([101.5, 95.07835023987697, 96, 96.5]),
      anyCluster
    )
    #expect(found == [[1, 0], [0, 0]])
  }

  /// A crank that is late: both cells leave by timeout at 93, each below a stop of its own.
  @Test func `cycles that end together may differ in their gap loss`() throws {
    let found = try columns(
      ["vault_timeouts", "vault_gap_loss_usd"],
      [("vault.stop_loss", [0.04, 0.05])],
      [try kit.long("a", root: 100)],
      try kit.path(seconds: [0, 60, 120, 165, 240], [("SOL", [101.5, 99, 93, 93, 93])]),
      anyCluster.merging(["vault.crank_delay_s": 60, "vault.timeout_s": 100]) { $1 }
    )
    // 9,991.759 base at 96.079 and at 95.078, less 93.
    #expect(found.map { $0[0] } == [1, 1])
    #expect(found[1][1] == 20_766.375551)
    #expect(((found[0][1] ?? 0) - 9991.75940267375 * 3.07917497924410).magnitude < 1e-3)
  }

  @Test func `a second deployment at a bin earns nothing of the first`() throws {
    let prices = [101.5, 99, 101.5, 101.5, 100, 99.9, 101.5, 101.5]
    let found = try columns(
      ["vault_recovers", "vault_lp_fees_usd"],
      [("vault.inventory", [1])],
      [try kit.long("a", root: 100), try kit.long("b", root: 99.9)],
      try falling(prices),
      anyCluster.merging([
        "clusters.refresh_s": 100_000, "market.depth_usd_per_pct": 10_000,
      ]) { $1 }
    )
    #expect(found[0][0] == 2)
  }

  /// At 90 a loan pays 18 of penalty, then a perp is short of 31: the fund has 18 of them.
  @Test func `a fund that begins empty is filled by loans before perps`() throws {
    let found = try columns(
      ["system_bad_debt_usd", "system_insurance_usd"],
      [("liquidation.penalty", [0, 0.02])],
      [
        try kit.long("a", root: 98),
        try kit.loan("b", deposit: ("SOL", 10), borrow: ("USDC", 760), venue: "closed"),
      ],
      try falling([100, 90, 90]),
      [:]
    )
    #expect(found == [[31, 0], [13, 18]])
  }

  /// `a` falls in the step of a refresh; what is left of its bin is too small for the vault.
  @Test func `who falls in the step of a refresh is no part of it`() throws {
    let found = try columns(
      ["vault_cycles"],
      [("clusters.min_size_usd", [900, 1_500])],
      [try kit.long("a", root: 95.2), try kit.long("b", root: 95)],
      try falling([110, 95.1, 96, 97]),
      ["clusters.min_confidence": 0, "clusters.refresh_s": 60]
    )
    #expect(found == [[1], [0]])
  }

  /// SOL sells for more than its share of the debt, BTC falls and does not: one pays for the other.
  @Test func `a lot that is paid leaves its surplus to the account's others`() throws {
    var account = try kit.loan("a", deposit: ("SOL", 10), borrow: ("USDC", 1_300))
    var second = account.legs[0]
    (second.asset, second.quantity) = (try kit.asset("BTC"), 0.02)
    account.legs.insert(second, at: 1)
    let seconds = (0..<14).map { Double($0) * 10 }
    let path = try kit.path(
      seconds: seconds,
      [("SOL", seconds.map { _ in 100 }), ("BTC", seconds.map { $0 < 10 ? 30_000 : 20_000 })]
    )
    let found = try columns(
      ["auction_lots", "auction_bad_debt_usd"],
      [("auction.duration_s", [100])],
      [account],
      path,
      [
        "auction.specialists": 1, "auction.margin_min": 0.01, "auction.margin_max": 0.01,
        "auction.reaction_min_s": 5, "auction.reaction_max_s": 5,
      ]
    )
    #expect(found == [[2, 0]])
  }

  /// The clock of 1,000 USD falls by 0.5 a second and meets 989 after 22 s, within a block of 16.
  @Test func `steps at which a bid may come are not passed over`() throws {
    let found = try columns(
      ["auction_median_clear_s"],
      [("auction.kappa_bps_per_s", [5])],
      [try kit.loan("a", deposit: ("SOL", 10), borrow: ("USDC", 850))],
      try falling(Array(repeating: 100, count: 300), every: 1),
      [
        "auction.specialists": 1, "auction.margin_min": 0.01, "auction.margin_max": 0.01,
        "auction.reaction_min_s": 0, "auction.reaction_max_s": 0,
      ]
    )
    #expect(found == [[22]])
  }

  @Test func `who has deposited all and is still in danger is exhausted`() throws {
    let found = try columns(
      ["protection_exhausted", "protection_deposited_usd"],
      [("protection.cooldown_s", [60])],
      [try kit.long("a", root: 90, protection: .protected(cap: 7))],
      try falling([91, 91, 91, 91, 120, 120, 120], every: 61),
      [:]
    )
    #expect(found == [[1, 7]])
  }

  @Test func `the step at a time is the first that is not before it`() throws {
    let input = try WorldInput(
      book: kit.book([try kit.long("a", root: 90)]),
      catalogue: kit.catalogue,
      path: kit.path(seconds: [0, 1, 5, 6, 20], [("SOL", [100, 100, 100, 100, 100])]),
      confidenceRatios: Array(repeating: 0, count: kit.catalogue.assets.count),
      slot0: 0,
      seed: 1,
      scenario: 0
    )
    let track = OracleTrack(try WorldSettings(Settings()).oracle, input)
    let steps = [-1, 0, 1, 1_000, 1_001, 5_000, 5_001, 6_000, 20_000, 20_001].map {
      track.step(atOrAfter: $0)
    }
    #expect(steps == [0, 0, 1, 1, 2, 2, 3, 3, 4, 5])
  }

  @Test func `a price at a bound is inside`() {
    let column = PriceColumn([3, 2, 1, .nan, 4] + Array(repeating: 2.5, count: 40) + [3.5])
    #expect(column.first(outside: 2, 3, from: 0, before: 99) == 2)
    #expect(column.first(outside: 1, 4, from: 0, before: 99) == nil)
    #expect(column.first(outside: 1, 3.25, from: 0, before: 99) == 4)
    #expect(column.first(outside: 1, 3.25, from: 5, before: 99) == 45)
    #expect(column.first(outside: 1, 3.25, from: 5, before: 45) == nil)
  }
}
