// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Markets
import Numerics
import Sweeps
import Synchronization
import TestSupport
import Testing
import TextKit

/// Every cell over every scenario, whatever the number of threads.
@Suite struct SweepEngineTests {
  let kit: WorldBook

  init() throws { kit = try WorldBook() }

  /// Counts calls from several threads.
  final class Counter: Sendable {
    private let count = Atomic(0)

    func add() { count.add(1, ordering: .relaxed) }

    var value: Int { count.load(ordering: .relaxed) }
  }

  private func accounts() throws -> [Account] {
    var accounts: [Account] = []
    for index in 0..<60 {
      accounts.append(
        try kit.long(
          "a\(index)",
          1000,
          root: 96 + Double(index % 20) * 0.2,
          protection: index % 3 == 0 ? .protected() : ProtectionTerms()
        )
      )
    }
    accounts.append(try kit.loan("l", deposit: ("SOL", 100), borrow: ("USDC", 7900)))
    return accounts
  }

  private func paths() throws -> [PricePath] {
    var dice = SplitMix64(seed: 11)
    var paths: [PricePath] = []
    for _ in 0..<3 {
      var price = 101.5
      var prices: [Double?] = []
      for _ in 0..<80 {
        prices.append(price)
        price *= dice.number(0.993, 1.0065)
      }
      paths.append(try kit.path(prices, every: 60))
    }
    return paths
  }

  private func sample() throws -> SweepEngine {
    let axes: [(String, [Double])] = [
      ("vault.stop_loss", [0.02, 0.05]), ("auction.kappa_bps_per_s", [1, 10]),
      ("protection.trigger_distance", [0.01, 0.05]),
      ("vault.timeout_s", [600, 1200, 1800, 2400, 3000, 3600, 4200, 4800, 5400]),
    ]
    return try engine(try grid(axes, base: anyCluster), accounts(), paths())
  }

  @Test func `rows are the same for one, two and five threads`() throws {
    let engine = try sample()
    let counter = Counter()
    let one = try engine.run(threads: 1) { counter.add() }
    // 72 cells are two batches; each scenario counts once.
    #expect(one.count == 72)
    #expect(counter.value == 72 * 3)
    #expect(Set(one.map(\.metrics.description)).count > 10)
    for threads in [2, 5] { #expect(try engine.run(threads: threads, progress: {}) == one) }
    #expect(one.map(\.cellID) == (0..<72).map { engine.grid.cell($0).id })
    #expect(one.allSatisfy { $0.metrics.count == engine.metricNames.count })
    #expect(one.allSatisfy { $0.metrics.last == .money(0) })
  }

  @Test func `a replay has the row of the sweep and all its events`() throws {
    let engine = try sample()
    let rows = try engine.run(threads: 2, progress: {})
    for index in [0, 17, 40, 71] {
      let (row, logs) = try engine.replay(engine.grid.cell(index), threads: 2)
      #expect(row == rows[index])
      #expect(logs.count == 3)
      let cycles = logs.reduce(0) { $0 + $1.cycles.count }
      let column = try #require(engine.metricNames.firstIndex(of: "vault_cycles"))
      #expect(row.metrics[column] == .number(Double(cycles) / 3))
      let narrow = try engine.grid.narrowed(to: row.values)
      #expect(narrow.cell(0).id == row.cellID)
    }
  }

  @Test func `an axis of the venue file compiles each of its values once and changes results`()
    throws
  {
    let rate = "venues.perps.assets.SOL.maintenance_rate"
    let counter = Counter()
    let engine = try engine(
      try grid(
        [(rate, [0.05, 0.03]), ("vault.stop_loss", [0.02, 0.04, 0.06])],
        base: anyCluster,
        venueDefaults: [rate: 0.05]
      ),
      accounts(),
      [try kit.path([101.5, 99.5, 98.5, 97, 100])],
      counting: { counter.add() }
    )
    let rows = try engine.run(threads: 2, progress: {})
    #expect(counter.value == 2)
    let column = try #require(engine.metricNames.firstIndex(of: "system_liquidations"))
    let counts = rows.map { $0.metrics[column] }
    // Axes: vault.stop_loss, then the rate.
    #expect(counts[0] == counts[2] && counts[1] == counts[3])
    #expect(try #require(counts[0].comparable) > (try #require(counts[1].comparable)))
    let same = try liquidations(accounts(), [101.5, 99.5, 98.5, 97, 100])
    #expect(same == counts[0])
  }

  private func liquidations(_ accounts: [Account], _ prices: [Double?]) throws -> MetricValue? {
    try metrics(accounts, kit.path(prices), anyCluster)["system_liquidations"]
  }

  @Test func `an amount that does not fit fails in the same words on any threads`() throws {
    let huge = try kit.perp("a", 1e9, at: 1e6, collateral: 0)
    let engine = try engine(
      try grid([("vault.stop_loss", [0.1, 0.2])]),
      [huge],
      [kit.path([100, 101])]
    )
    var messages: Set<String> = []
    for threads in [1, 4] {
      do throws(Failure) {
        _ = try engine.run(threads: threads, progress: {})
        Issue.record("no failure")
      } catch {
        messages.insert(error.message)
        #expect(error.kind == .data)
      }
    }
    #expect(messages.count == 1)
  }

  @Test func `idle share, return and drawdown come from the closed cycles`() throws {
    let account = try kit.long("a", root: 100.1)
    let found = try metrics(
      [account],
      kit.path([103, 101.5, 101.5, 101.5, 101.5], every: 100),
      anyCluster.with("vault.cycle_cost_usd", 50)
    )
    #expect(found["vault_idle_share"] == .number(0.25))
    #expect(found["vault_open_at_end"] == .number(1))
    #expect(found["vault_pnl_usd"] == .money(dollars(-50)))
    #expect(found["vault_worst_cycle_usd"] == .money(dollars(-50)))
    #expect(found["vault_max_drawdown_usd"] == .money(dollars(50)))
    #expect(found["vault_return"] == .number(-50.0 / 10_000_000))
    let single = try metrics([account], kit.path([101.5]), anyCluster)
    #expect(single["vault_idle_share"] == .number(1))
    #expect(single["vault_cycles"] == .number(1))
  }
}

extension Dictionary where Key == String, Value == Double {
  func with(_ name: String, _ value: Double) -> [String: Double] {
    merging([name: value]) { $1 }
  }
}
