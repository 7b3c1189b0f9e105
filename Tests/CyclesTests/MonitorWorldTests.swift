// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Markets
import Numerics
import Settings
import TestSupport
import Testing

/// The monitor with a budget of calls, aged data and moving limits, in small worlds by hand.
@Suite struct MonitorWorldTests {
  let kit: WorldBook

  init() throws { kit = try WorldBook() }

  /// Longs with a root at 90, ten units each, protected up to 100 USD.
  private func longs(_ count: Int, cap: Micro = 100) throws -> [Account] {
    try (0..<count).map {
      try kit.long("n\($0)", root: 90, protection: .protected(cap: cap))
    }
  }

  private func minutes(_ log: EventLog) -> [MonitorStats] {
    log.protection.compactMap { record in
      if case .stats(let stats)? = record.note { return stats }
      return nil
    }
  }

  /// Ten bots over five minutes at a step each 5 s, far from liquidation.
  private func calls(_ changes: [String: Double], bots: Int = 10) throws -> (Int, [MonitorStats]) {
    let path = try kit.path(Array(repeating: 100, count: 61), every: 5)
    let settings = ["protection.calls_per_minute": 1_000_000.0].with(changes)
    let (result, log) = try run(kit, try longs(bots), path, settings)
    return (result.protection.callsMade, minutes(log))
  }

  /// Seed 1's table: 60 calls a minute and more without, 3 to 5 with the optimisations.
  @Test func `the budget table of the source`() throws {
    // Price and account of each of 10 bots, every 30 s: 20 calls, 40 a minute.
    let (alone, each) = try calls(["protection.batch": 1])
    #expect(each.map(\.calls) == [40, 40, 40, 40, 40])
    #expect(each.map(\.checked) == [20, 20, 20, 20, 20])
    // The last round is at 300 s.
    #expect(alone == 5 * 40 + 20)
    // 15 bots reach the 60 of the source.
    #expect(try calls(["protection.batch": 1], bots: 15).1[0].calls == 60)
    // One batch for all, prices with it: 2 calls a round; cached prices: 1 call.
    #expect(try calls([:]).1[0].calls == 4)
    #expect(try calls(["protection.price_age_s": 10]).1[0].calls == 2)
    // With the reconciliation: none.
    #expect(try calls(["protection.monitor": 1, "protection.price_age_s": 10]).0 == 0)
    // A poll far from liquidation every five minutes.
    let far = try longs(1).map { account in
      var account = account
      account.legs[0].collateralUSD += 500
      return account
    }
    let path = try kit.path(Array(repeating: 100, count: 61), every: 5)
    let (result, _) = try run(
      kit,
      far,
      path,
      ["protection.calls_per_minute": 1_000_000, "protection.poll": 1]
    )
    #expect(result.protection.callsMade == 4)
  }

  @Test func `a filter leaves out what cannot be helped`() throws {
    var flat = try kit.perp("flat", 0, at: 100, collateral: 10, protection: .protected())
    flat.protection.deposited = 0
    let strict = try kit.perp(
      "full",
      10,
      at: 100,
      collateral: 145,
      mode: .strictIsolated,
      protection: .protected(cap: 3, deposited: 3)
    )
    let path = try kit.path([100, 100])
    let settings = ["protection.calls_per_minute": 1000.0, "protection.price_age_s": 10]
    let (all, _) = try run(kit, [flat, strict], path, settings)
    let (filtered, _) = try run(
      kit,
      [flat, strict],
      path,
      settings.with(["protection.filter": 1])
    )
    #expect(all.protection.callsMade == 2)
    #expect(filtered.protection.callsMade == 0)
  }

  /// Protection fails exactly when it is needed: the limit of the provider comes before the fall.
  @Test func `a rate limit turns a deposit into a liquidation`() throws {
    // Root at 90: 94 is in danger; one deposit of 50 moves the root to 84.7, so 88 is survived.
    let path = try kit.path([100, 94, 88, 100], every: 30)
    let base = ["protection.deposit_increment_usd": 50.0, "protection.cooldown_s": 0]
    let (free, _) = try run(kit, try longs(3), path, base)
    #expect(free.protectedFalls == [false, false, false])
    // Three accounts and their prices by single calls: six calls, of which four are answered.
    let settings = base.with(["protection.provider": 3, "protection.batch": 1])
    let (tight, log) = try run(kit, try longs(3), path, settings)
    #expect(tight.protection.rateLimited > 0)
    #expect(tight.protectedFalls.contains(true))
    let limited = log.protection.filter { $0.event == .rateLimited }
    #expect(limited.first?.time == 0)
    #expect(limited.first?.note == .backingOff(milliseconds: 2000))
    #expect(limited.map(\.account).allSatisfy { $0 == -1 })
    // The third account is never read and falls; deposits of the first two were refused at 30 s.
    #expect(tight.protection.deposits == 0)
    #expect(tight.protectedFalls == [true, true, true])
  }

  @Test func `a tight budget skips checks and trades keep theirs`() throws {
    let path = try kit.path(Array(repeating: 100, count: 3), every: 20)
    // 14 calls a minute, 10 of them kept: trades make 3 until 20 s and 6 until 40 s.
    let (result, log) = try run(
      kit,
      try longs(1),
      path,
      [
        "protection.calls_per_minute": 14, "protection.trades_per_minute": 10,
        "protection.poll_s": 20, "protection.price_age_s": 10,
      ]
    )
    let skipped = log.protection.filter { $0.event == .skipped }
    #expect(result.protection.callsMade == 2)
    #expect(result.protection.callsSkipped == 1)
    #expect(skipped.map(\.time) == [40_000])
    #expect(skipped.first?.note == .skipping(.check))
  }

  @Test func `a budget that deposits exceed is warned of once, and checks become rarer`() throws {
    let path = try kit.path([100] + Array(repeating: 93, count: 24), every: 10)
    // 13 accounts deposit in the same minute: two checks and 13 deposits of a budget of 12.
    let (_, log) = try run(
      kit,
      try longs(13),
      path,
      [
        "protection.calls_per_minute": 12, "protection.poll_s": 20, "protection.price_age_s": 10,
        "protection.trigger_distance": 0.05, "protection.cooldown_s": 1000,
      ]
    )
    let exceeded = log.protection.filter { $0.event == .budgetExceeded }
    #expect(exceeded.map(\.time) == [20_000])
    #expect(exceeded.first?.note == .exceeded(calls: 15))
    // 0, 20 in the first minute (40 is skipped), then every 40 s instead of 20: 60, 100.
    #expect(minutes(log).prefix(3).map(\.checked) == [26, 26, 39])
  }

  @Test func `old prices are acted on until they are stale`() throws {
    // 94 is in danger at 30 s, but the price of 0 s is seen until 60 s.
    let path = try kit.path([100, 94, 94, 94], every: 30)
    func deposits(_ changes: [String: Double]) throws -> [Int64] {
      try run(kit, try longs(1), path, changes).log.protection.filter { $0.event == .deposit }
        .map(\.time)
    }
    #expect(try deposits([:]) == [30_000])
    #expect(try deposits(["protection.price_age_s": 60]) == [60_000])
  }

  @Test func `data that gets too old is not acted on`() throws {
    // Trades leave the price service no call at 90 s: 94 stays seen, 90 s old.
    let path = try kit.path(seconds: [0, 30, 45, 90], [("SOL", [94, 100, 100, 100])])
    func deposits(staleAfter seconds: Double) throws -> [Int64] {
      let settings = [
        "protection.price_age_s": 30.0, "protection.account_age_s": 1000,
        "protection.consumers": 1, "protection.calls_per_minute": 12,
        "protection.trades_per_minute": 600, "protection.stale_after_s": seconds,
      ]
      return try run(kit, try longs(1), path, settings).log.protection
        .filter { $0.event == .deposit }.map(\.time)
    }
    #expect(try deposits(staleAfter: 20) == [0])
    #expect(try deposits(staleAfter: 1000) == [0, 90_000])
  }

  @Test func `an account of some age is seen without its last deposit`() throws {
    let path = try kit.path([94] + Array(repeating: 94, count: 8), every: 30)
    func deposits(_ changes: [String: Double]) throws -> Int {
      try run(kit, try longs(1), path, changes).result.protection.deposits
    }
    // 30 USD move the root from 90 to 86.84: 94 is 8 % away and safe enough.
    let base = ["protection.deposit_increment_usd": 30.0]
    #expect(try deposits(base) == 1)
    // Read at 0 s and again at 180 s: the deposit of 0 s is not seen at 90 s.
    #expect(try deposits(base.with(["protection.account_age_s": 180])) == 2)
  }

  @Test func `one pool serves accounts in book order and what returns serves the next`() throws {
    let path = try kit.path([94, 94, 94, 120, 120, 94], every: 61)
    let (result, log) = try run(
      kit,
      try longs(3),
      path,
      ["protection.pool_usd": 60, "protection.deposit_increment_usd": 30]
    )
    let words = log.protection.map { "\($0.time / 61_000) \($0.account) \($0.event.rawValue)" }
    #expect(
      words == [
        "0 0 deposit", "0 1 deposit", "0 2 wallet_empty", "3 0 withdrawal", "3 1 withdrawal",
        "5 0 deposit", "5 1 deposit", "5 2 wallet_empty",
      ]
    )
    #expect(result.protection.walletEmpty == 2)
    #expect(result.ledgerImbalance == 0)
  }

  @Test func `exhausted protection closes the account before it is liquidated`() throws {
    let path = try kit.path([94, 93, 92, 91, 80], every: 61)
    let accounts = try longs(1, cap: 5)
    let (kept, _) = try run(kit, accounts, path)
    #expect(kept.protectedFalls == [true])
    let (closed, log) = try run(kit, accounts, path, ["protection.close_on_exhaustion": 1])
    #expect(closed.protectedFalls == [false])
    #expect(closed.protectedStops == [false])
    #expect(closed.protection.closed == 1)
    #expect(closed.liquidations.count == 0)
    // Deposited at 94, exhausted at 93: 145 of its own and 5, less a loss of 70, so 80 are left.
    #expect(closed.protectedEquities == [dollars(80)])
    #expect(
      log.protection.map(\.event) == [.deposit, .exhausted, .closed, .returned]
    )
    #expect(log.protection.last?.amount == dollars(5))
    #expect(closed.ledgerImbalance == 0)
  }

  @Test func `protection keeps an account until its own stop-loss`() throws {
    // Root 90, stop 88; 89 liquidates the bare account, a deposit of 50 brings it to the stop.
    var terms = ProtectionTerms.protected(cap: 100)
    var account = try kit.long("a", root: 90, protection: terms)
    terms.stopLosses = [StopLoss(of: account.legs[0], at: 88)]
    account.protection = terms
    let path = try kit.path([94, 89, 88, 75], every: 61)
    let on = ["account.stop_loss": 1.0, "protection.deposit_increment_usd": 50]
    let (with, log) = try run(kit, [account], path, on)
    let (without, _) = try run(kit, [account], path, on.with(["protection.enabled": 0]))
    #expect(without.protectedFalls == [true])
    #expect(with.protectedFalls == [false])
    #expect(with.protectedStops == [true])
    let stop = log.protection.first { $0.event == .stopLoss }
    #expect(stop?.time == 122_000)
    #expect(stop?.price == 88)
    // Off, the stop does nothing.
    let (off, _) = try run(kit, [account], path, ["protection.deposit_increment_usd": 50])
    #expect(off.protectedFalls == [true])
    #expect(off.protectedStops == [false])
    // A jump past stop and root liquidates.
    let jump = try kit.path([94, 60], every: 61)
    #expect(try run(kit, [account], jump, on).result.protectedFalls == [true])
  }

  @Test func `an account whose two stops fire is closed once`() throws {
    let path = try kit.path([94, 87], every: 61)
    var account = try kit.long("a", root: 80, protection: .protected(cap: 100))
    account.protection.stopLosses = [
      StopLoss(of: account.legs[0], at: 88), StopLoss(of: account.legs[0], at: 89),
    ]
    let (result, log) = try run(kit, [account], path, ["account.stop_loss": 1])
    #expect(log.protection.count { $0.event == .stopLoss } == 1)
    #expect(result.protectedStops == [true])
    #expect(result.ledgerImbalance == 0)
  }

  @Test func `a stop of a short and of a borrow fires upwards`() throws {
    let short = try kit.short("a", root: 120)
    let loan = try kit.loan("b", deposit: ("SOL", 1), borrow: ("USDC", 10))
    #expect(StopLoss(of: short.legs[0], at: 110).fires(at: 110))
    #expect(!StopLoss(of: short.legs[0], at: 110).fires(at: 109.9))
    #expect(StopLoss(of: loan.legs[0], at: 90).fires(at: 90))
    #expect(StopLoss(of: loan.legs[1], at: 1.1).fires(at: 1.2))
  }

  @Test func `notifications follow what they are about`() throws {
    let path = try kit.path([94, 93.9, 120], every: 61)
    let (_, log) = try run(
      kit,
      try longs(1, cap: 5),
      path,
      ["protection.notifications": 1]
    )
    #expect(
      log.protection.map(\.event) == [
        .deposit, .notification, .exhausted, .notification, .withdrawal, .notification,
      ]
    )
    #expect(log.protection[3].note == .about(.exhausted))
  }
}
