// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Markets
import Numerics
import Settings
import TestSupport
import Testing
import TextKit

/// What is counted over cycles, accounts and polls, by hand (SEMANTICS B12, B13, B21).
@Suite struct TallyTests {
  let kit: WorldBook

  init() throws { kit = try WorldBook() }

  /// Totals of cycles with these profits in whole USD.
  private func totals(_ profits: [Int64]) throws -> VaultTotals {
    let (_, record) = try VaultExampleTests().walk([(0, 101.5), (60, 98), (120, 101.5)])
    var cycle = try #require(record)
    var totals = VaultTotals()
    for profit in profits {
      cycle.pnl = dollars(profit)
      totals.add(cycle)
    }
    return totals
  }

  @Test(
    arguments: [
      ([], 0, 0), ([5], 0, 5), ([-5], 5, -5), ([30, -10, 5, -20, 40, -3], 25, -20),
      ([10, 20, -15], 15, -15), ([7, 3, 9], 0, 3),
    ] as [([Int64], Int64, Int64)]
  )
  func `drawdown is from the highest equity so far, and the worst cycle may be a gain`(
    profits: [Int64],
    drawdown: Int64,
    worst: Int64
  ) throws {
    let totals = try totals(profits)
    #expect(totals.maxDrawdown == Int128(dollars(drawdown)))
    #expect(totals.worstCycle == dollars(worst))
    #expect(totals.pnl == Int128(dollars(profits.reduce(0, +))))
  }

  /// 1,000 USD of SOL less 700 of debt and plus 50 of cash: half of 350.
  @Test func `the initial collateral of a loan is what it owns less what it owes`() throws {
    let account = try kit.loan("a", deposit: ("SOL", 10), borrow: ("USDC", 700), cash: 50)
    func cap(_ base: Double) throws -> Micro {
      let settings = try ProtectionSettings(
        SettingsView(try worldSettings(["protection.cap_base": base]), for: .protection)
      )
      let sol = try kit.asset("SOL")
      return try ProtectionLimits(account, settings, price: { $0 == sol ? 100 : 1 }).cap
    }
    #expect(try cap(1) == dollars(175))
    #expect(try cap(0) == dollars(500))
  }

  @Test func `deposits of who has fallen are no longer committed`() throws {
    let accounts = [
      try kit.long("a", root: 90, protection: .protected(cap: 100)),
      try kit.long("b", root: 80, protection: .protected(cap: 100)),
    ]
    // `a` deposits at 91 and falls at 83, where `b` deposits.
    let (result, log) = try run(kit, accounts, kit.path([91, 83]))
    #expect(log.protection.filter { $0.event == .deposit }.map(\.account) == [0, 1])
    #expect(log.liquidations.map(\.account) == [0])
    #expect(result.protection.peakCommitted == Int128(dollars(5)))
    #expect(result.protection.deposited == Int128(dollars(10)))
  }

  /// Root 80 and 84 are 5 % apart; a deposit of a cent makes it more.
  @Test func `adaptive polls at exactly five percent come after ten seconds`() throws {
    let account = try kit.perp(
      "a",
      1,
      at: 100,
      collateral: 60,
      venue: "halves",
      protection: .protected(cap: 100)
    )
    let (_, log) = try run(
      kit,
      [account],
      kit.path(Array(repeating: 84, count: 8), every: 10),
      [
        "protection.poll": 1, "protection.cooldown_s": 0, "protection.trigger_distance": 0.06,
        "protection.deposit_increment_usd": 0.01,
      ]
    )
    #expect(log.protection.map(\.time) == [0, 10_000, 40_000, 70_000])
  }
}
