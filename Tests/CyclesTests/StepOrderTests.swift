// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Markets
import Numerics
import TestSupport
import Testing
import TextKit

/// The order within a step, stale prices and short paths (DESIGN 6, SEMANTICS B9 to B12).
@Suite struct StepOrderTests {
  let kit: WorldBook

  init() throws { kit = try WorldBook() }

  @Test func `a deposit counts from the next step on and never in the step of the fall`() throws {
    let long = try kit.long("a", root: 90, protection: .protected(cap: 100))
    // 91 is within 5 % of 90: 5 USD move the root to 90 − 5/9.5.
    let saved = try run(kit, [long], kit.path([100, 91, 89.9]))
    #expect(saved.log.liquidations.isEmpty)
    #expect(saved.log.protection.map(\.event) == [.deposit])
    #expect(saved.log.protection.first?.time == 60_000)
    #expect(saved.log.protection.first?.liquidationPrice == 90)
    #expect(saved.log.protection.first?.distance == (91.0 - 90) / 90)
    let gap = try run(kit, [long], kit.path([100, 89.9]))
    #expect(gap.log.liquidations.count == 1)
    #expect(gap.log.protection.isEmpty)
  }

  @Test func `polls are due on whole periods and actions wait for the cooldown`() throws {
    let long = try kit.long("a", root: 90, protection: .protected(cap: 100))
    let path = try kit.path(Array(repeating: 91, count: 21), every: 10)
    let (result, log) = try run(kit, [long], path)
    // Polls at 0, 30, …; 60 s is not more than the cooldown, so every third poll acts.
    #expect(log.protection.map(\.time) == [0, 90_000, 180_000])
    #expect(result.protection.deposits == 3)
    #expect(result.protection.deposited == Int128(dollars(15)))
    #expect(result.protection.peakCommitted == Int128(dollars(15)))
    #expect(result.protection.triggeredAtEntry == 1)
    #expect(result.netDeposits == [Int128(dollars(15))])
    #expect(result.ledgerImbalance == 0)
  }

  @Test func `staggered polls are shifted by the row`() throws {
    let accounts = [
      try kit.long("b", root: 50),
      try kit.long("a", root: 90, protection: .protected(cap: 100)),
      try kit.long("c", root: 90, protection: .protected(cap: 100)),
    ]
    let path = try kit.path(Array(repeating: 91, count: 5), every: 1)
    let (_, log) = try run(kit, accounts, path, ["protection.stagger": 1])
    #expect(log.protection.map(\.account) == [1, 2])
    #expect(log.protection.map(\.time) == [1000, 2000])
  }

  @Test func `adaptive polls look more often near the root`() throws {
    let account = try kit.long("a", root: 90, protection: .protected(cap: 100))
    let near: [Double?] = Array(repeating: 91, count: 14)
    let settings: [String: Double] = ["protection.poll": 1, "protection.cooldown_s": 0]
    let quick = try run(kit, [account], kit.path(near, every: 5), settings)
    #expect(quick.log.protection.map(\.time) == [0, 10, 20, 30, 40, 50, 60].map { $0 * 1000 })
    // 15 % away first: the next look is after 60 s.
    let slow = try run(
      kit,
      [account],
      kit.path([103.5] + near, every: 10),
      settings
    )
    #expect(slow.log.protection.first?.time == 60_000)
    // More than 20 % away: after 300 s, here never.
    let late = try run(kit, [account], kit.path([110] + near, every: 10), settings)
    #expect(late.log.protection.isEmpty)
  }

  @Test func `an empty wallet is counted and pauses`() throws {
    let long = try kit.long("a", root: 90, protection: .protected(cap: 100))
    let path = try kit.path(Array(repeating: 91, count: 8), every: 61)
    let (result, log) = try run(kit, [long], path, ["protection.wallet_usd": 7])
    #expect(log.protection.map(\.event) == [.deposit, .walletEmpty])
    #expect(result.protection.walletEmpty == 1)
    #expect(result.protection.deposits == 1)
  }

  @Test func `withdrawals return when the price is safe again and the cap exhausts once`() throws {
    let long = try kit.long("a", root: 90, protection: .protected(cap: 7))
    let path = try kit.path([91, 91, 91, 91, 120, 120, 120], every: 61)
    let (result, log) = try run(kit, [long], path)
    #expect(
      log.protection.map(\.event) == [.deposit, .deposit, .exhausted, .withdrawal, .withdrawal]
    )
    #expect(log.protection.map(\.total) == [5, 7, 7, 2, 0].map { dollars($0) })
    #expect(result.protection.exhausted == 1)
    #expect(result.protection.withdrawn == Int128(dollars(7)))
    #expect(result.netDeposits == [0])
  }

  @Test func `protection switched off does nothing`() throws {
    let long = try kit.long("a", root: 90, protection: .protected(cap: 100, deposited: 5))
    let (result, log) = try run(
      kit,
      [long],
      kit.path([91, 91, 80]),
      ["protection.enabled": 0]
    )
    #expect(log.protection.isEmpty)
    #expect(result.protection.deposited == 0)
    #expect(result.protection.triggeredAtEntry == 0)
    #expect(result.protection.peakCommitted == 0)
    #expect(log.liquidations.count == 1)
  }

  @Test func `a gap carries the price and a stale price blocks protection`() throws {
    let long = try kit.long("a", root: 90, protection: .protected(cap: 100))
    // The price of 0 s is 31, 61 s old at the next polls; it is stale beyond 60 s.
    let path = try kit.path(
      seconds: [0, 31, 61, 91, 121],
      [("SOL", [96, nil, nil, nil, 91])]
    )
    let settings: [String: Double] = ["protection.trigger_distance": 0.1]
    let (_, log) = try run(kit, [long], path, settings.with(["protection.cooldown_s": 1]))
    #expect(log.protection.map(\.time) == [0, 31_000, 121_000])
    #expect(log.protection.map(\.price) == [96, 96, 91])
    let longer = try run(
      kit,
      [long],
      path,
      settings.with(["protection.cooldown_s": 1, "oracle.max_age_s": 61])
    )
    #expect(longer.log.protection.map(\.time) == [0, 31_000, 61_000, 121_000])
  }

  @Test func `a stale price blocks the margin check of every account that holds it`() throws {
    let loan = try kit.loan("a", deposit: ("SOL", 10), borrow: ("BTC", 0.02))
    let short = try kit.perp(
      "b",
      -1,
      "BTC",
      at: 30_000,
      collateral: 5000,
      venue: "perps"
    )
    let path = try kit.path(
      seconds: [0, 50, 100, 150],
      [("SOL", [100, nil, nil, 100]), ("BTC", [30_000, 30_000, 45_000, 45_000])]
    )
    let (_, log) = try run(kit, [loan, short], path)
    // The short falls at once; the loan when SOL has a price again.
    #expect(log.liquidations.map(\.account) == [1, 0])
    #expect(log.liquidations.map(\.time) == [100_000, 150_000])
    // With a greater age both fall at once.
    let patient = try run(kit, [loan, short], path, ["oracle.max_age_s": 100])
    #expect(patient.log.liquidations.map(\.time) == [100_000, 100_000])
  }

  @Test func `a stale price blocks deployment but not the timeout`() throws {
    let long = try kit.long("a", root: 100.1)
    let settings = anyCluster.with(["vault.timeout_s": 100])
    let path = try kit.path(
      seconds: [0, 61, 120, 181, 220],
      [("SOL", [103, nil, 101.5, nil, nil])]
    )
    let (result, log) = try run(kit, [long], path, settings)
    #expect(log.cycles.map(\.deployedAt) == [120_000])
    #expect(log.cycles.map(\.exitedAt) == [220_000])
    #expect(log.cycles.map(\.reason) == [.timeout])
    #expect(result.ledgerImbalance == 0)
  }

  @Test func `a path of one step is a whole step`() throws {
    let accounts = [
      try kit.long("a", root: 100.1),
      try kit.long("b", root: 105),
      try kit.loan("c", deposit: ("SOL", 10), borrow: ("USDC", 900)),
      try kit.long("d", root: 98, protection: .protected(cap: 100)),
    ]
    let (result, log) = try run(kit, accounts, kit.path([101.5]), anyCluster)
    #expect(log.liquidations.map(\.account) == [2, 1])
    #expect(log.auctions.map(\.outcome) == [.backstop])
    #expect(log.protection.map(\.event) == [.deposit])
    #expect(log.cycles.map(\.reason) == [.end])
    #expect(log.cycles.first?.deployedAt == 0)
    #expect(log.cycles.first?.exitedAt == 0)
    #expect(result.vault.openAtEnd == 1)
    #expect(result.vault.deployedMilliseconds == 0)
    #expect(result.durationMilliseconds == 0)
    #expect(result.ledgerImbalance == 0)
  }

  @Test func `an asset of the book must have a column in the path`() throws {
    let loan = try kit.loan("a", deposit: ("SOL", 10), borrow: ("BTC", 0.02))
    #expect(
      throws: Failure(
        .data,
        "path: expected a column for BTC, which the book holds;"
          + " add its prices or leave its rows out of the book"
      )
    ) { try input(kit, [loan], kit.path([100])) }
  }

  @Test func `the world without a vault has the same falls and auctions`() throws {
    let accounts = [
      try kit.long("a", root: 95), try kit.long("b", root: 98, protection: .protected(cap: 100)),
      try kit.loan("c", deposit: ("SOL", 10), borrow: ("USDC", 760)),
    ]
    let world = try input(kit, accounts, kit.path([101.5, 99, 97.2, 94, 93, 99]))
    let settings = try WorldSettings(try worldSettings(anyCluster))
    let with = try ReferenceWorld.run(world, settings)
    let without = try ReferenceWorld.run(world, settings, hasVault: false)
    #expect(with.log == nil)
    #expect(with.vault.cycles > 0)
    #expect(without.vault == VaultTotals())
    #expect(with.liquidations == without.liquidations)
    #expect(with.auctions == without.auctions)
    #expect(with.protection == without.protection)
    #expect(with.protectedEquities == without.protectedEquities)
  }
}
