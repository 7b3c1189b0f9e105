// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Clusters
import Cycles
import Numerics
import TestSupport
import Testing
import TextKit

/// Every sequence of up to six prices out of a small set, against the plain rule.
@Suite struct VaultSequenceTests {
  struct World: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var changes: [String: Double]
    var flowUSD = 0.0
  }

  static let worlds = [
    World(
      testDescription: "quick timeout",
      changes: ["vault.timeout_s": 900, "vault.same_bin_cooldown_s": 900]
    ),
    World(
      testDescription: "late cranks, slippage and costs",
      changes: [
        "vault.timeout_s": 900, "vault.same_bin_cooldown_s": 450, "vault.crank_delay_s": 450,
        "vault.exit_slippage_bps": 30, "vault.cycle_cost_usd": 12.5,
      ]
    ),
    World(
      testDescription: "amm with forced flow and little capital",
      changes: [
        "vault.inventory": 1, "vault.timeout_s": 1350, "vault.capital_usd": 600_000,
        "vault.deploy_usd": 500_000, "market.depth_usd_per_pct": 100_000,
      ],
      flowUSD: 3_000_000
    ),
  ]

  /// Above approach, at high, inside the bin, at low, at stop, below stop, at recover.
  private static let prices = [
    103, 100.33236814328276, 100, 99.83320213261966, 95.07835023987697, 93, 101.08329867607974,
  ]

  private struct Walk {
    let world: World
    let settings: VaultSettings
    let clusters: [Cluster]
    var complaints: [String] = []
    var sequences = 0
    var records: [ExitReason: Int] = [:]

    /// A vault with the plain rule beside it, and what is known of the path.
    struct State {
      var vault: VaultMachine
      var plain: PlainVault
      var total: Micro = 0
      var exits: [PlainVault.Exit] = []
      var prices: [Double] = []
    }

    mutating func extend(_ state: State) throws {
      for price in VaultSequenceTests.prices {
        for isLast in [true, false] {
          var next = state
          next.prices.append(price)
          try take(&next, from: state.vault, price, isLast: isLast)
          if !isLast && next.prices.count < 6 { try extend(next) }
        }
        sequences += 1
      }
    }

    mutating func take(
      _ next: inout State,
      from before: VaultMachine,
      _ price: Double,
      isLast: Bool
    ) throws {
      let time = Int64(next.prices.count - 1) * 450_000
      let flow = try micro(world.flowUSD)
      let seen = VaultInput(
        time: time,
        isLast: isLast,
        spots: [price],
        isStale: [false],
        candidates: clusters,
        ranks: [0]
      )
      let record = try next.vault.step(seen, settings: settings, flow: { _ in Int128(flow) })
      let plain = try next.plain.step(
        time: time,
        spot: price,
        flow: Double(flow),
        isLast: isLast,
        clusters: clusters
      )
      if record.map(PlainCycle.init) != plain { complain(next, "the plain rule differs") }
      if let record { check(record, &next) }
      checkPosition(next, from: before, time: time, record: record)
    }

    mutating func check(_ record: CycleRecord, _ next: inout State) {
      records[record.reason, default: 0] += 1
      next.total += record.pnl
      if record.reason == .stopLoss || record.reason == .timeout {
        guard let bin = clusters.first(where: { $0.low == record.clusterLow })?.bin else { return }
        next.exits.append(PlainVault.Exit(bin: bin, time: record.exitedAt))
      }
      let gross = record.proceeds - record.spent + record.fees - record.costs
      if record.pnl != gross - record.performanceFee { complain(next, "pnl identity") }
      if record.performanceFee < 0 || (gross <= 0 && record.performanceFee != 0) {
        complain(next, "performance fee of a loss")
      }
      if !settings.isAMM && record.fees > record.quoteSpent * 25 / 10_000 + 1 {
        complain(next, "held fees above the tier")
      }
      if record.fees < 0 || record.quoteSpent > record.deployed || record.gapLoss < 0 {
        complain(next, "bounds")
      }
      if !(0...1).contains(record.filledShare) { complain(next, "filled share") }
    }

    mutating func checkPosition(
      _ next: State,
      from before: VaultMachine,
      time: Int64,
      record: CycleRecord?
    ) {
      if next.vault.capital != settings.capital + next.total { complain(next, "capital") }
      if record != nil && next.vault.deployment != nil { complain(next, "exit and position") }
      if before.deployment != nil && next.vault.cycles != before.cycles {
        complain(next, "a second position, or exit and redeployment in one step")
      }
      if before.deployment == nil, let cluster = next.vault.deployment?.cluster,
        next.exits.contains(where: {
          $0.bin == cluster.bin && time - $0.time < settings.sameBinCooldownMilliseconds
        })
      {
        complain(next, "a blocked bin was used")
      }
    }

    mutating func complain(_ state: State, _ what: String) {
      if complaints.count < 5 { complaints.append("\(what) after \(state.prices)") }
    }
  }

  @Test(arguments: worlds)
  func `every sequence of six prices keeps the rule`(world: World) throws {
    let settings = try vaultSettings(world.changes)
    let clusters = [
      try #require(try worldCluster(at: 98.2, size: dollars(3))),
      try #require(try worldCluster(at: 100, size: dollars(2))),
    ]
    var walk = Walk(world: world, settings: settings, clusters: clusters)
    let start = Walk.State(
      vault: VaultMachine(capital: settings.capital),
      plain: try PlainVault(world.changes)
    )
    try walk.extend(start)
    #expect(walk.complaints.isEmpty)
    #expect(walk.sequences == 7 + 49 + 343 + 2401 + 16_807 + 117_649)
    for reason in ExitReason.allCases {
      #expect(walk.records[reason, default: 0] > 0, "\(reason) was never met")
    }
  }
}
