// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Markets
import Numerics
import TestSupport
import Testing

/// Lending accounts of a venue with the full waterfall: close factor 0.5, bonus 5 %.
///
/// 10 SOL count for 80 % against USDC; at 94 a debt of 760 is 8 above what they carry, at 76 it is
/// all they are worth.
@Suite struct LendingWaterfallTests {
  let kit: WorldBook

  init() throws { kit = try WaterfallVenues.kit() }

  private func world(
    _ prices: [Double?],
    _ changes: [String: Double] = [:]
  ) throws -> (result: WorldResult, log: EventLog) {
    let loan = try kit.loan("a", deposit: ("SOL", 10), borrow: ("USDC", 760))
    let made = try run(kit, [loan], kit.path(prices), WaterfallVenues.plain.with(changes))
    #expect(made.result.ledgerImbalance == 0)
    return made
  }

  @Test func `half of the debt is repaid for collateral and a bonus`() throws {
    let (result, log) = try world([100, 94, 94])
    // 380 repaid, 380 · 1.05 = 399 seized: 4.2447 SOL.
    let first = try #require(log.liquidations.first)
    #expect(first.kind == .partial)
    #expect(first.notional == dollars(399))
    #expect(first.penalty == dollars(19))
    #expect((first.quantity - 399.0 / 94).magnitude < 1e-12)
    // 5.7553 SOL carry 432.8 against 380.
    #expect(log.liquidations.count == 1)
    #expect(result.liquidations.badDebt == 0)
    #expect(result.liquidations.closed == 0)
  }

  @Test func `what still is liquidatable goes on at the next step`() throws {
    // 380 against 5.7553 SOL fall below 82.53.
    let (_, log) = try world([100, 94, 83, 82, 82], ["backstop.ratio": 0])
    #expect(log.liquidations.map(\.time) == [60_000, 180_000])
    #expect(log.liquidations.map(\.notional) == [dollars(399), 199_500_000])
    let root = try #require(log.liquidations.last?.liquidationPrice)
    #expect((root - 380 / (0.8 * (10 - 399.0 / 94))).magnitude < 1e-9)
  }

  @Test func `a vault takes collateral and debt of who is far below`() throws {
    // Worth 90 at 85, where 170 are needed: 90 is below two thirds of it.
    let (result, log) = try world([100, 85, 80], ["backstop.capital_usd": 1_000])
    #expect(log.liquidations.map(\.kind) == [.backstop])
    #expect(result.liquidations.backstop == Int128(dollars(850)))
    let refused = try world([100, 85], ["backstop.margin_ratio": 0.2])
    #expect(refused.log.liquidations.map(\.kind) == [.partial])
    #expect(refused.log.liquidationEvents.map(\.kind) == [.backstopRefused])
  }

  @Test func `who owes more than he has is closed whole`() throws {
    let (result, log) = try world([100, 70], ["liquidation.insurance_usd": 20])
    #expect(log.liquidations.map(\.kind) == [.market])
    #expect(log.liquidations.first?.shortfall == dollars(60))
    #expect(result.liquidations.insurancePaid == Int128(dollars(20)))
    #expect(result.liquidations.badDebt == Int128(dollars(40)))
  }

  @Test func `keepers come for the bonus`() throws {
    let keen: [String: Double] = [
      "keepers.network": 2, "keepers.latency_s": 0, "keepers.gas_volatility": 0,
      "keepers.gas_usd": 18,
    ]
    #expect(try world([100, 94], keen).log.liquidations.count == 1)
    #expect(try world([100, 94], keen.with(["keepers.gas_usd": 19])).log.liquidations.isEmpty)
  }
}
