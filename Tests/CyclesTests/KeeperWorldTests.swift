// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Markets
import Numerics
import TestSupport
import Testing

/// What keeps liquidatable accounts waiting: throughput and keepers (seed 3).
@Suite struct KeeperWorldTests {
  let kit: WorldBook

  init() throws { kit = try WorldBook() }

  private func world(
    _ accounts: [Account],
    _ prices: [Double?],
    _ changes: [String: Double]
  ) throws -> (result: WorldResult, log: EventLog) {
    let made = try run(kit, accounts, kit.path(prices), changes)
    #expect(made.result.ledgerImbalance == 0)
    return made
  }

  private func network(_ change: (inout KeeperSettings) -> Void) -> KeeperNetwork {
    var settings = KeeperSettings()
    settings.model = .open
    settings.gasUSD = 2
    settings.rewardRate = 0.01
    change(&settings)
    return KeeperNetwork(settings)
  }

  private func bid(
    _ network: KeeperNetwork,
    notional: Double = 1_000,
    payable: Int64 = 1_000,
    volatility: Double = 0
  ) throws -> KeeperBid? {
    try network.bid(
      time: 0,
      since: 0,
      notionalUSD: notional,
      payable: dollars(payable),
      volatility: volatility
    )
  }

  @Test func `a keeper acts when the reward is above gas and market risk`() throws {
    #expect(
      try bid(network { _ in }) == KeeperBid(reward: dollars(10), gas: dollars(2), priorityFee: 0)
    )
    #expect(try bid(network { _ in }, notional: 200) == nil)
    #expect(try bid(network { _ in }, payable: 2) == nil)
    // 2 · (1 + 20 · 0.1) = 6 gas and 0.3 · 0.1 · 1,000 = 30 risk.
    #expect(try bid(network { $0.gasVolatility = 20 }, volatility: 0.1)?.gas == dollars(6))
    #expect(try bid(network { $0.riskWeight = 0.3 }, volatility: 0.1) == nil)
    // Half of the gain of 8 is offered to be first; a batch of 4 shares the gas.
    #expect(try bid(network { $0.priorityShare = 0.5 })?.priorityFee == dollars(4))
    #expect(try bid(network { $0.batch = 4 })?.gas == 500_000)
    // Tip and share as Maker pays them: 250 + 0.001 · 50,000.
    let maker = network { ($0.tipUSD, $0.rewardRate) = (250, 0.001) }
    #expect(try maker.reward(notionalUSD: 50_000) == dollars(300))
  }

  @Test func `a crowd makes gas dear and holds up a monolithic network`() throws {
    var open = network { $0.gasCongestion = 0.5 }
    open.begin(waiting: 6, elapsedMilliseconds: 1_000)
    #expect(try bid(open)?.gas == dollars(8))
    var few = network {
      $0.model = .monolithic
      $0.count = 2
      $0.latencyMilliseconds = 1_000
      $0.gasCongestion = 0.5
      $0.gasUSD = 0
    }
    // 2 · 4 s / (1 s · (1 + 0.5 · 6)) = 2 transactions.
    few.begin(waiting: 6, elapsedMilliseconds: 4_000)
    func acts(_ network: KeeperNetwork) throws -> Bool {
      try network.bid(
        time: 4_000,
        since: 0,
        notionalUSD: 1_000,
        payable: dollars(100),
        volatility: 0
      ) != nil
    }
    #expect(try acts(few))
    few.use()
    #expect(try acts(few))
    few.use()
    #expect(try !acts(few))
    #expect(
      try few.bid(time: 4_000, since: 3_001, notionalUSD: 1_000, payable: 1, volatility: 0) == nil
    )
  }

  @Test func `an engine that is too slow leaves a solvency gap`() throws {
    let longs = [try kit.long("a", root: 90), try kit.long("b", root: 90.1)]
    // 0.02 a second are 1.2 a minute: one at 89, the other at 80, where it owes 55.
    let (result, log) = try world(
      longs,
      [100, 89, 80],
      ["waterfall.max_liquidations_per_s": 0.02]
    )
    #expect(log.liquidations.map(\.account) == [1, 0])
    #expect(log.liquidations.map(\.time) == [60_000, 120_000])
    #expect(log.liquidations.map(\.liquidatableSince) == [60_000, 60_000])
    #expect(result.liquidations.gapMilliseconds == 60_000)
    #expect(result.liquidations.closed == 2)
    #expect(result.liquidations.queuePeak == 1)
    #expect(result.liquidations.gapPeak == 0)
    #expect(result.liquidations.badDebt == Int128(dollars(55)))
    // A third minute at which one waits below 0.
    let three = longs + [try kit.long("c", root: 90.2)]
    let slow = try world(three, [100, 89, 80, 80], ["waterfall.max_liquidations_per_s": 0.0175])
    #expect(slow.result.liquidations.queuePeak == 2)
    #expect(slow.result.liquidations.gapPeak == Int128(dollars(55)))
  }

  @Test func `who is healthy again before his turn is spared`() throws {
    let longs = [try kit.long("a", root: 90), try kit.long("b", root: 90.1)]
    let (result, log) = try world(
      longs,
      [100, 89, 95, 89],
      ["waterfall.max_liquidations_per_s": 0.02]
    )
    #expect(log.liquidationEvents.map(\.message) == ["Position is not liquidatable: a"])
    #expect(log.liquidations.map(\.time) == [60_000, 180_000])
    #expect(log.liquidations.map(\.liquidatableSince) == [60_000, 180_000])
    #expect(result.liquidations.closed == 2)
  }

  @Test func `keepers are paid by the account, what it lacks by insurance`() throws {
    let long = try kit.long("a", root: 90)
    let open: [String: Double] = [
      "keepers.network": 2, "keepers.latency_s": 0, "keepers.gas_volatility": 0,
      "keepers.reward": 0.05,
    ]
    // 44.5 of an account worth 35: without insurance 35.
    let (result, _) = try world([long], [100, 89], open)
    #expect(result.liquidations.closed == 1)
    let insured = try world([long], [100, 80], open.with(["liquidation.insurance_usd": 10]))
    #expect(insured.result.liquidations.closed == 1)
    // Nothing pays for an account that owes: nobody acts, and the debt grows.
    let dilemma = try world([long], [100, 80, 70], open)
    #expect(dilemma.log.liquidations.isEmpty)
    #expect(dilemma.result.liquidations.gapPeak == Int128(dollars(155)))
  }

  @Test func `keepers that fail come back`() throws {
    let long = try kit.long("a", root: 90)
    let (result, log) = try world(
      [long],
      [100, 89, 89, 89],
      [
        "keepers.network": 2, "keepers.latency_s": 0, "keepers.outage_from_s": 30,
        "keepers.outage_s": 100,
      ]
    )
    #expect(log.liquidations.map(\.time) == [180_000])
    #expect(result.liquidations.gapMilliseconds == 120_000)
  }

  @Test func `penalties rise towards bankruptcy`() throws {
    let long = try kit.long("a", root: 90)
    // 35 of 44.5 are left: tiered takes half of 2 %.
    let tiered: [String: Double] = ["liquidation.penalty": 0.02, "liquidation.penalty_mode": 1]
    let (_, log) = try world([long], [100, 89], tiered)
    #expect(log.liquidations.first?.penalty == 8_900_000)
  }

  @Test func `lots wait for the engine too`() throws {
    let loans = [
      try kit.loan("a", deposit: ("SOL", 10), borrow: ("USDC", 760)),
      try kit.loan("b", deposit: ("SOL", 10), borrow: ("USDC", 761)),
    ]
    let (result, log) = try world(
      loans,
      [100, 94, 94],
      ["waterfall.max_liquidations_per_s": 0.02]
    )
    #expect(log.liquidations.map(\.account) == [1, 0])
    #expect(result.auctions.lots == 2)
    #expect(result.liquidations.gapMilliseconds == 60_000)
  }

  @Test func `whole liquidations that a step does not use are lost, a part is kept`() {
    var queue = LiquidationQueue(throughput: 1.5)
    queue.begin(elapsedMilliseconds: nil)
    queue.begin(elapsedMilliseconds: 1_000)
    // 1.5 before leave 0.5, and with 1.5 more there is room for two.
    #expect([queue.takeRoom(), queue.takeRoom(), queue.takeRoom()] == [true, true, false])
  }

  @Test func `a penalty ends at its cap, and at the base where that is higher`() {
    var curve = PenaltyCurve()
    (curve.mode, curve.base, curve.ratioSlope, curve.cap) = (.dynamic, 0.02, 4, 0.05)
    // 0.02 · (1 + 4 · (1 − r)): 0.04 at three quarters, 0.1 at bankruptcy.
    #expect(curve.rate(marginRatio: 0.75, volatility: 0) == 0.04)
    #expect(curve.rate(marginRatio: 0, volatility: 0) == 0.05)
    curve.cap = 0.01
    #expect(curve.rate(marginRatio: 0.75, volatility: 0) == 0.02)
  }

  @Test func `a recent move halves in its half-life`() {
    var moves = RecentMoves(halfLifeSeconds: 60, assetCount: 1)
    moves.take([100], elapsedMilliseconds: 0)
    moves.take([125], elapsedMilliseconds: 60_000)
    #expect(moves.moves == [0.25])
    moves.take([125], elapsedMilliseconds: 60_000)
    #expect(moves.moves == [0.125])
    // A larger move replaces what is left of it.
    moves.take([250], elapsedMilliseconds: 60_000)
    #expect(moves.moves == [1])
  }
}
