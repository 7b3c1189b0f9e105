// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Foundation
import Settings
import TestSupport
import Testing

/// Feedback of forced flow on prices: hand-worked steps, and its limits.
@Suite struct CascadeWorldTests {
  private let cascade: [String: Double] = [
    "simulation.mode": 1, "cascade.half_life_s": 60, "market.depth_usd_per_pct": 100,
  ]

  private func settings(_ changes: [String: Double] = [:]) throws -> CascadeSettings {
    let all = try worldSettings(cascade.with(changes))
    return try #require(CascadeSettings(SettingsView(all, for: .cascade)))
  }

  private func isNear(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-12 * abs(b) }

  @Test func `an impact halves in its half-life and adds up`() throws {
    let settings = try settings()
    var impact = CascadeImpact()
    #expect(impact.value(at: 0, settings) == 0)
    impact = impact.step(flow: 950, density: 10_000, time: 60_000, settings)
    #expect(impact.amount == 0.095)
    #expect(isNear(impact.value(at: 120_000, settings), 0.0475))
    impact = impact.step(flow: 920, density: 10_000, time: 120_000, settings)
    #expect(isNear(impact.amount, 0.0475 + 0.092))
    // Buying pushes up, nothing changes without flow.
    #expect(impact.step(flow: 0, density: 1, time: 900_000, settings) == impact)
    #expect(impact.step(flow: -2_000, density: 10_000, time: 120_000, settings).amount < 0)
  }

  @Test func `an impact is bounded, and a trace of it is none`() throws {
    let settings = try settings(["cascade.max_impact": 0.2])
    let impact = CascadeImpact().step(flow: 1e9, density: 10_000, time: 0, settings)
    #expect(impact.amount == 0.2)
    #expect(CascadeImpact().step(flow: -5, density: 0, time: 0, settings).amount == -0.2)
    // 0.2 · 2^-17 is above 2^-20, 0.2 · 2^-18 below.
    #expect(impact.value(at: 17 * 60_000, settings) > 0)
    #expect(impact.value(at: 18 * 60_000, settings) == 0)
  }

  @Test func `the vault's depth spares flow half the difference of the impacts`() throws {
    let settings = try settings(["market.depth_usd_per_pct": 100_000, "cascade.max_impact": 1])
    // 1,000,000 USD move 10 % alone and 5 % with as much again: half of 5 % of it.
    let gain = CascadeImpact.improvement(flow: 1e6, density: 2e7, settings)
    #expect(isNear(gain, 25_000))
    #expect(CascadeImpact.improvement(flow: -1e6, density: 2e7, settings) == gain)
    #expect(CascadeImpact.improvement(flow: 0, density: 2e7, settings) == 0)
  }

  @Test func `selling at one step takes an account at the next`() throws {
    let kit = try WorldBook()
    let accounts = [
      try kit.long("a", root: 95), try kit.long("b", root: 92), try kit.long("c", root: 90.5),
    ]
    let path = try kit.path([100, 94, 94, 94])
    let (result, log) = try run(kit, accounts, path, cascade)
    #expect(log.liquidations.map(\.account) == [0, 1])
    #expect(log.liquidations.map(\.time) == [60_000, 120_000])
    // 950 USD of flow on a density of 10,000, half of it left, half of that at the oracle.
    #expect(log.liquidations[0].mark == 94)
    #expect(isNear(log.liquidations[1].mark, 94 * exp(-0.02375)))
    #expect(abs(result.cascade.forced - 1_870_000_000) <= 2)
    #expect(result.ledgerImbalance == 0)
    let (alone, _) = try run(kit, accounts, path, cascade.with(["cascade.flow_share": 0]))
    #expect(abs(alone.cascade.forced - 950_000_000) <= 1)
    let (replay, _) = try run(kit, accounts, path)
    #expect(replay.cascade == CascadeTotals())
  }

  @Test func `buying back shorts lifts the next prices`() throws {
    let kit = try WorldBook()
    let accounts = [try kit.short("a", root: 105), try kit.short("b", root: 108)]
    let (_, log) = try run(kit, accounts, try kit.path([100, 106, 106]), cascade)
    #expect(log.liquidations.map(\.time) == [60_000, 120_000])
    #expect(isNear(log.liquidations[1].mark, 106 * exp(0.105 / 4)))
  }

  @Test func `the vault trades at the mark and not at the outside price`() throws {
    let kit = try WorldBook()
    let accounts = [
      try kit.long("a", root: 97), try kit.long("b", root: 90.2), try kit.long("c", root: 60),
    ]
    let changes = cascade.with(anyCluster).with([
      "cascade.oracle_passthrough": 0, "vault.approach": 0.07, "vault.timeout_s": 120,
      "vault.deploy_usd": 100,
    ])
    // The vault deploys above b at 96, is pressed by a's 970 USD, and leaves by timeout.
    let (_, log) = try run(kit, accounts, try kit.path([100, 96, 96, 96]), changes)
    let cycle = try #require(log.cycles.first { $0.clusterHigh < 91 })
    #expect(cycle.exitPrice < 96)
    let (_, plain) = try run(
      kit,
      accounts,
      try kit.path([100, 96, 96, 96]),
      changes.with([
        "simulation.mode": 0
      ])
    )
    #expect(plain.liquidations == log.liquidations)
    #expect(try #require(plain.cycles.first { $0.clusterHigh < 91 }).exitPrice == 96)
  }
}
