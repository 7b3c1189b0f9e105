// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Markets
import Numerics
import TestSupport
import Testing

/// Bankrupt accounts: insurance, auto-deleveraging, socialised loss.
///
/// At 86 the long of root 90 is worth 5, at 80 it owes 55. Nothing can be sold in these worlds.
@Suite struct DeleveragingWorldTests {
  let kit: WorldBook

  init() throws { kit = try WaterfallVenues.kit() }

  private let still = WaterfallVenues.plain.with(["market.depth_usd_per_pct": 0])

  private func world(
    _ accounts: [Account],
    _ prices: [Double?],
    _ changes: [String: Double] = [:]
  ) throws -> (result: WorldResult, log: EventLog) {
    let made = try run(kit, accounts, kit.path(prices), still.with(changes))
    #expect(made.result.ledgerImbalance == 0)
    return made
  }

  private func bankrupt() throws -> Account { try kit.long("long", root: 90) }

  @Test func `it is closed against the opposing side at the previous mark`() throws {
    let short = try kit.perp("short", -25, at: 100, collateral: 500)
    let winner = try kit.perp("other long", 10, at: 50, collateral: 500)
    let (result, log) = try world([winner, bankrupt(), short], [100, 86, 80])
    #expect(log.liquidations.map(\.kind) == [.deleveraged, .adl])
    #expect(log.liquidations.map(\.account) == [2, 1])
    #expect(log.liquidations.map(\.mark) == [86, 86])
    #expect(log.liquidations.map(\.quantity) == [10, 10])
    #expect(result.liquidations.deleveraged == Int128(dollars(860)))
    #expect(result.liquidations.badDebt == 0)
    #expect(
      log.liquidationEvents.filter { $0.kind != .backstopRefused }.map(\.message) == [
        "Auto-deleveragings triggered @@ [total_shortfall: 55.000000]",
        " immediate adl @@ [liquidatable: long]",
      ]
    )
  }

  @Test func `the highest return on equity goes first`() throws {
    let early = try kit.perp("early", -6, at: 120, collateral: 500)
    let late = try kit.perp("late", -25, at: 90, collateral: 500)
    let (_, log) = try world([late, bankrupt(), early], [100, 86, 80])
    let taken = log.liquidations.filter { $0.kind == .deleveraged }
    #expect(taken.map(\.account) == [2, 0])
    #expect(taken.map(\.quantity) == [6, 4])
  }

  @Test func `no counterparty is left liquidatable that was not`() throws {
    // Worth 70 at 80 and 25,000, where 52.5 are needed; at the previous mark only 10 were left,
    // and 12.5 are needed for the bitcoin alone.
    var short = try kit.perp("short", -10, at: 100, collateral: -80)
    let bitcoin = try kit.perp("", 0.01, "BTC", at: 30_000, collateral: 0)
    short.legs += bitcoin.legs
    let path = try kit.path(
      seconds: [0, 60],
      [("SOL", [86, 80]), ("BTC", [30_000, 25_000])]
    )
    let (result, log) = try run(kit, [bankrupt(), short], path, still)
    #expect(result.ledgerImbalance == 0)
    #expect(result.liquidations.deleveraged == 0)
    #expect(log.liquidations.isEmpty)
    #expect(log.liquidationEvents.contains { $0.kind == .immediateADL })
    // Without that fall of bitcoin it is asked and can.
    let calm = try kit.path(
      seconds: [0, 60],
      [("SOL", [86, 80]), ("BTC", [30_000, 30_000])]
    )
    let asked = try run(kit, [bankrupt(), short], calm, still)
    #expect(asked.result.liquidations.deleveraged == Int128(dollars(860)))
  }

  @Test func `an acceptable shortfall is borne, one too large is not deleveraged either`() throws {
    let short = try kit.perp("short", -25, at: 100, collateral: 500)
    let deep: [String: Double] = ["market.depth_usd_per_pct": 1e12]
    let accepted = try world(
      [bankrupt(), short],
      [100, 80],
      deep.with(["adl.acceptable_shortfall_usd": 55])
    )
    #expect(accepted.log.liquidations.map(\.kind) == [.market])
    #expect(accepted.result.liquidations.badDebt == Int128(dollars(55)))
    #expect(
      accepted.log.liquidationEvents.map(\.message) == [
        "Not performing auto-deleveraging because shortfall is acceptable @@"
          + " [total_shortfall: 55.000000]"
      ]
    )
    let large = try world(
      [bankrupt(), short],
      [100, 80],
      deep.with(["adl.max_shortfall_usd": 54])
    )
    #expect(large.log.liquidationEvents.map(\.message) == ["Adl shortfall too large"])
    #expect(large.result.liquidations.badDebt == Int128(dollars(55)))
    let off = try world([bankrupt(), short], [100, 80], deep.with(["adl.enabled": 0]))
    #expect(off.log.liquidationEvents.isEmpty)
    #expect(off.log.liquidations.map(\.kind) == [.market])
  }

  @Test func `insurance goes first and what it lacks decides`() throws {
    let deep: [String: Double] = ["market.depth_usd_per_pct": 1e12]
    let short = try kit.perp("short", -25, at: 100, collateral: 500)
    let covered = try world(
      [bankrupt(), short],
      [100, 80],
      deep.with(["liquidation.insurance_usd": 60])
    )
    #expect(covered.result.liquidations.insurancePaid == Int128(dollars(55)))
    #expect(covered.result.liquidations.deleveraged == 0)
    let out: [String: Double] = deep.with([
      "liquidation.insurance_usd": 60, "waterfall.insurance_outage_from_s": 60,
      "waterfall.insurance_outage_s": 30, "adl.enabled": 0,
    ])
    let failed = try world([bankrupt(), short], [100, 80, 80], out)
    #expect(failed.result.liquidations.insurancePaid == 0)
    #expect(failed.result.liquidations.badDebt == Int128(dollars(55)))
  }

  @Test func `what is left is taken from profits in proportion`() throws {
    // Profits of 200 and 50 at 80 bear 44 and 11 of 55.
    let big = try kit.perp("big", -10, at: 100, collateral: 500)
    let small = try kit.perp("small", -5, at: 90, collateral: 500)
    let changes: [String: Double] = [
      "market.depth_usd_per_pct": 1e12, "adl.enabled": 0, "waterfall.socialise": 1,
    ]
    let (result, log) = try world([bankrupt(), big, small], [100, 80], changes)
    #expect(result.liquidations.socialised == Int128(dollars(55)))
    #expect(result.liquidations.badDebt == 0)
    #expect(log.liquidationEvents.map(\.kind) == [.socialised])
    // Profits of 4 bear what they have.
    let poor = try kit.perp("poor", -1, at: 84, collateral: 500)
    let short = try world([bankrupt(), poor], [100, 80], changes)
    #expect(short.result.liquidations.socialised == Int128(dollars(4)))
    #expect(short.result.liquidations.badDebt == Int128(dollars(51)))
  }
}
