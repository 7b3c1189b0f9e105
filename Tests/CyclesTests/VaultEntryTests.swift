// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Clusters
import Cycles
import Numerics
import TestSupport
import Testing

/// What the vault can have known: age of prices, delay, bundles that do not land, entry after flow.
@Suite struct VaultEntryTests {
  /// Walks a vault at bin 923 (99.83 to 100.33) along prices of a minute each.
  private func walk(
    _ path: [Double],
    _ changes: [String: Double],
    flow: [Int64] = []
  ) throws -> (vault: VaultMachine, deployed: [Int], records: [CycleRecord]) {
    let settings = try vaultSettings(changes)
    let cluster = try #require(try worldCluster(at: 100, size: dollars(5_000_000)))
    var vault = VaultMachine(capital: settings.capital)
    let age = settings.entry.priceAgeMilliseconds
    var memory = PriceMemory(ageMilliseconds: age, assetCount: 1)
    var deployed: [Int] = []
    var records: [CycleRecord] = []
    for (step, price) in path.enumerated() {
      let time = Int64(step) * 60_000
      let before = vault.cycles
      let seen = VaultInput(
        time: time,
        isLast: false,
        spots: [price],
        isStale: [false],
        candidates: [cluster],
        ranks: [0],
        seen: age > 0 ? memory.see(time: time, [price], isStale: [false]) : nil,
        landing: Philox(seed: 1, scenario: 0, stream: .vaultLanding)
      )
      let sold = step < flow.count ? dollars(flow[step]) : 0
      let record = try vault.step(seen, settings: settings, flow: { _ in Int128(sold) })
      if vault.cycles > before { deployed.append(step) }
      if let record { records.append(record) }
    }
    return (vault, deployed, records)
  }

  @Test func `a delayed bundle lands at the first step that is late enough`() throws {
    let path = [101.5, 101.4, 101.3, 101.2, 101.1]
    #expect(try walk(path, [:]).deployed == [0])
    #expect(try walk(path, ["vault.deploy_delay_s": 60]).deployed == [1])
    #expect(try walk(path, ["vault.deploy_delay_s": 90]).deployed == [2])
  }

  @Test func `a bundle is missed when the price is inside the bin as it lands`() throws {
    let found = try walk([101.5, 100.1, 101.5, 101.5], ["vault.deploy_delay_s": 60])
    #expect(found.vault.missed == 1)
    // Decided anew at step 2, landed at step 3.
    #expect(found.deployed == [3])
  }

  @Test func `old prices decide late`() throws {
    // The monitor sees 101.5 only two steps later, and nothing before.
    let changes = ["monitor.price_age_s": 120.0]
    #expect(try walk([101.5, 103, 103, 103], changes).deployed == [2])
    #expect(try walk([103, 101.5, 103, 101.5], changes).deployed == [3])
    // It recovers late, at the price of that moment.
    let late = try walk([101.5, 101.5, 101.5, 99, 101.5, 101.5, 102], changes)
    #expect(late.records.map(\.exitedAt) == [360_000])
    #expect(late.records.map(\.exitPrice) == [102])
  }

  @Test func `bundles land as their draws say`() throws {
    let path = Array(repeating: 101.5, count: 40)
    let never = try walk(path, ["vault.landing_probability": 0])
    #expect(never.deployed == [] && never.vault.missed == 40)
    let draws = Philox(seed: 1, scenario: 0, stream: .vaultLanding)
    let first = try #require(
      (0..<40).first { draws.uniforms(index: UInt32($0), block: 0).0 < 0.25 }
    )
    let some = try walk(path, ["vault.landing_probability": 0.25])
    #expect(some.deployed.first == first)
    #expect(some.vault.missed >= first)
  }

  @Test func `a reactive vault waits for forced selling`() throws {
    let path = [101.5, 101.5, 101.5, 101.5]
    let changes = ["vault.entry": 1.0, "vault.reactive_flow_usd": 50_000]
    #expect(try walk(path, changes).deployed == [])
    #expect(try walk(path, changes, flow: [0, 49_999, 50_000]).deployed == [2])
    // It comes too late where the price is through the bin with the flow.
    #expect(try walk([101.5, 99, 99], changes, flow: [0, 90_000]).deployed == [])
    #expect(try walk([101.5, 99, 99], [:], flow: [0, 90_000]).deployed == [0])
  }

  @Test func `the tip is paid once a cycle`() throws {
    let path = [101.5, 98, 101.5]
    let without = try walk(path, ["vault.performance_fee": 0]).records
    let with = try walk(path, ["vault.performance_fee": 0, "vault.tip_usd": 3]).records
    #expect(with.map(\.costs) == [dollars(3)])
    #expect(with[0].pnl == without[0].pnl - dollars(3))
  }
}
