// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Markets
import Numerics
import TestSupport
import Testing

/// Market orders, partial closes and liquidator vaults in small worlds (DESIGN 7).
///
/// `kit.long("a", root: 90)` holds 10 SOL from 100 with 145 USD: worth 35 at 89, 25 at 88.
@Suite struct WaterfallWorldTests {
  let kit: WorldBook

  init() throws { kit = try WaterfallVenues.kit() }

  private func world(
    _ accounts: [Account],
    _ prices: [Double?],
    every seconds: Double = 60,
    _ changes: [String: Double] = [:]
  ) throws -> (result: WorldResult, log: EventLog) {
    let made = try run(
      kit,
      accounts,
      kit.path(prices, every: seconds),
      WaterfallVenues.plain.with(changes)
    )
    #expect(made.result.ledgerImbalance == 0)
    return made
  }

  @Test func `a market order pays the slippage of its depth`() throws {
    // 890 USD of a market that 1,000 USD move 1 %: 0.445 % on average, 3.9605 USD.
    let long = try kit.long("a", root: 90)
    let (result, log) = try world([long], [100, 89], ["market.depth_usd_per_pct": 1_000])
    #expect(log.liquidations.map(\.kind) == [.market])
    #expect(log.liquidations.first?.notional == dollars(890))
    #expect(log.liquidations.first?.shortfall == 0)
    #expect(result.liquidations.liquidated == Int128(dollars(890)))
    #expect(result.liquidations.count == 1)
    // 4.45 % of a thinner one: 35 − 39.605.
    let thin = try world([long], [100, 89], ["market.depth_usd_per_pct": 100])
    #expect(thin.log.liquidations.first?.shortfall == 4_605_000)
    #expect(thin.result.liquidations.badDebt == 4_605_000)
  }

  @Test func `no order moves the mark further than it may, the rest follows`() throws {
    // 5 % of 10,000 USD are 500 USD a step; backstop off.
    let long = try kit.long("a", root: 90)
    let changes: [String: Double] = [
      "market.depth_usd_per_pct": 100, "waterfall.max_slippage": 0.05, "backstop.ratio": 0,
      "liquidation.insurance_usd": 1_000, "adl.enabled": 0,
    ]
    let (_, log) = try world([long], [100, 88, 88], changes)
    #expect(log.liquidations.map(\.kind) == [.partial, .market])
    #expect(log.liquidations.map(\.notional) == [dollars(500), dollars(380)])
    #expect(log.liquidations.map(\.time) == [60_000, 120_000])
    #expect(log.liquidations.map(\.liquidatableSince) == [60_000, 60_000])
  }

  @Test func `a fifth of a large position goes first, the rest after the cooldown`() throws {
    let whale = try kit.long("whale", 2_000, root: 90)
    let (result, log) = try world([whale], [100, 89, 89, 89, 89, 89], every: 10)
    #expect(log.liquidations.map(\.kind) == [.partial, .market])
    #expect(log.liquidations.map(\.time) == [10_000, 40_000])
    #expect(log.liquidations.map(\.quantity) == [400, 1_600])
    #expect(result.liquidations.count == 1)
    #expect(result.liquidations.gapMilliseconds == 30_000)
    #expect(result.liquidations.closed == 1)
  }

  @Test func `a partial close that heals leaves the account open`() throws {
    // 2,000 SOL worth 8,700 at 89.85 need 8,985; a fifth less needs 7,188.
    let whale = try kit.long("whale", 2_000, root: 90)
    let (result, log) = try world([whale], [100, 89.85, 89.85, 92], every: 60)
    #expect(log.liquidations.map(\.kind) == [.partial])
    #expect(result.liquidations.closed == 0)
    // What is left falls again below its new root, 1,600 SOL first by another fifth.
    let again = try world([whale], [100, 89.85, 89.85, 88.5], every: 60)
    #expect(again.log.liquidations.map(\.quantity) == [400, 320])
    let root = try #require(again.log.liquidations.last?.liquidationPrice)
    // 29,000 − 400 · 10.15 = 24,940 collateral: (160,000 − 24,940) / 1,520.
    #expect((root - 135_060.0 / 1_520).magnitude < 1e-6)
  }

  @Test func `below two thirds of maintenance the liquidator vault takes it all`() throws {
    let long = try kit.long("a", root: 90, protection: .protected(deposited: 5))
    let (result, log) = try world([long], [100, 87, 80], ["backstop.capital_usd": 100])
    #expect(log.liquidations.map(\.kind) == [.backstop])
    #expect(log.liquidations.first?.notional == dollars(870))
    #expect(result.liquidations.backstop == Int128(dollars(870)))
    #expect(result.liquidations.badDebt == 0)
    // It loses 70 of its 120 at 80, and all of it at 70.
    let deep = try world([long], [100, 87, 70], ["backstop.capital_usd": 100])
    #expect(deep.result.liquidations.badDebt == Int128(dollars(50)))
    #expect(deep.log.liquidationEvents.map(\.kind) == [.vaultFailed])
  }

  @Test func `a vault without margin refuses in the words of the seed`() throws {
    let long = try kit.long("a", root: 90)
    let (_, log) = try world([long], [100, 88])
    #expect(log.liquidations.map(\.kind) == [.market])
    #expect(
      log.liquidationEvents.map(\.message) == ["Liquidator does not have enough margin available."]
    )
  }

  @Test func `assets go to the liquidator they are assigned to`() throws {
    func falls(_ symbol: String) throws -> EventLog {
      let account = try kit.perp("a", 10, symbol, at: 100, collateral: 145, venue: "split")
      let path = try kit.path(seconds: [0, 60], [(symbol, [100, 88])])
      return try run(
        kit,
        [account],
        path,
        WaterfallVenues.plain.with(["backstop.capital_usd": 50])
      ).log
    }
    // 25 + 50 of 88 that are needed; `fund` has 500.
    #expect(try falls("SOL").liquidations.map(\.kind) == [.market])
    #expect(try falls("BTC").liquidations.map(\.kind) == [.backstop])
    let lone = try falls("ETH")
    #expect(lone.liquidations.map(\.kind) == [.market])
    #expect(
      lone.liquidationEvents.map(\.message) == ["Liquidator must use cross margin for asset ETH"]
    )
  }

  @Test func `a vault that fails to answer takes nothing while that lasts`() throws {
    let long = try kit.long("a", root: 90)
    let changes: [String: Double] = [
      "backstop.capital_usd": 1_000, "backstop.outage_from_s": 60, "backstop.outage_s": 60,
      "market.depth_usd_per_pct": 0,
    ]
    let (_, log) = try world([long], [100, 88, 88], changes)
    #expect(log.liquidations.map(\.kind) == [.backstop])
    #expect(log.liquidations.map(\.time) == [120_000])
    #expect(log.liquidationEvents.map(\.kind) == [.backstopRefused])
  }

  @Test func `a thin market halves what is left and its vault takes nothing`() throws {
    let account = try kit.perp("a", 10, at: 100, collateral: 145, venue: "thin")
    // 10 USD: enough for the margin of 10 / (86.5 · 0.05) = 2.31 SOL.
    let (_, log) = try world([account], [100, 86.5, 86.5, 86.5], ["backstop.capital_usd": 1_000])
    #expect(log.liquidations.map(\.quantity) == [5, 2.5, 1.25])
    #expect(log.liquidations.map(\.kind) == [.partial, .partial, .partial])
    #expect(
      Set(log.liquidationEvents.map(\.message)) == ["Cross margin is not allowed for this asset."]
    )
  }

  @Test func `depositors of a vault leave by its rules`() throws {
    let long = try kit.long("a", root: 90)
    let changes: [String: Double] = [
      "backstop.capital_usd": 1_000, "backstop.withdrawal_usd_per_day": 200,
    ]
    let (_, log) = try world([long], [100, 99, 99], every: 86_400, changes)
    // Three days: 200 of 1,000, then 200 of 800 are over the limit.
    #expect(log.liquidationEvents.prefix(1).map(\.kind) == [.vaultWithdrawal])
    #expect(
      Set(log.liquidationEvents.filter { $0.kind == .vaultRefused }.map(\.message))
        == ["Vault withdrawal over daily limit."]
    )
    let rich = try world([long], [100, 99], changes.with(["backstop.withdrawal_usd_per_day": -50]))
    #expect(rich.log.liquidationEvents.first?.kind == .vaultDeposit)
  }
}
