// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Liquidation
import Markets
import Numerics
import TestSupport
import Testing
import TextKit

/// The monitor over whole paths against a plain look at every account at every step.
@Suite struct ProtectionWorldTests {
  let kit: WorldBook

  init() throws { kit = try WorldBook() }

  /// What happened, without prices.
  private struct Event: Equatable {
    var time: Int64
    var account: Int
    var word: String
    var amount: Micro
  }

  /// The rules of polls (SEMANTICS B10, B12) with nothing skipped and nothing kept.
  private struct PlainMonitor {
    let world: WorldInput
    let settings: ProtectionSettings
    let maxAge: Int64
    var machines: [Int: ProtectionMachineTests.PlainProtection] = [:]
    var lastPoll: [Int: (time: Int64, interval: Int64)] = [:]
    var events: [Event] = []
    var fallen: Set<Int> = []

    init(_ world: WorldInput, _ settings: WorldSettings) throws {
      self.world = world
      self.settings = settings.protection
      maxAge = settings.oracle.maxAgeMilliseconds
      let first = PriceTable(world, upTo: 0)
      for (index, account) in world.book.accounts.enumerated()
      where account.protection.isProtected {
        let limits = try ProtectionLimits(account, settings.protection) {
          first.prices[$0]
        }
        machines[index] = ProtectionMachineTests.PlainProtection(
          limits: limits,
          deposited: account.protection.deposited,
          wallet: settings.protection.wallet > 0 ? settings.protection.wallet : nil
        )
      }
    }

    /// Prices and their ages at one step, by looking back.
    struct PriceTable {
      var prices: [Double]
      var ages: [Int64]

      init(_ world: WorldInput, upTo step: Int) {
        let assets = world.catalogue.assets
        prices = assets.assets.map { $0.isQuote ? 1 : .nan }
        ages = Array(repeating: 0, count: assets.count)
        for (column, asset) in world.path.assets.enumerated() {
          for before in (0...step).reversed() {
            let value = world.path.value(step: before, column: column)
            if value.isNaN { continue }
            prices[asset] = value
            ages[asset] = world.path.times[step] - world.path.times[before]
            break
          }
        }
      }
    }

    mutating func take(_ step: Int) {
      let table = PriceTable(world, upTo: step)
      let book = world.affine
      let none = Array(repeating: 0.0, count: table.prices.count)
      for account in world.book.accounts.indices where !fallen.contains(account) {
        let rows = book.rows(of: account)
        if rows.contains(where: { table.ages[Int(book.asset[$0])] > maxAge }) { continue }
        let deposited = machines[account]?.deposited ?? 0
        let isViolated = rows.contains { row in
          book.interval(of: row, deposited: deposited, prices: table.prices, confidences: none)
            .isViolated(
              at: table.prices[Int(book.asset[row])],
              atEquality: book.tripsAtEquality[account]
            )
        }
        if isViolated { fallen.insert(account) }
      }
      for account in machines.keys.sorted() where !fallen.contains(account) {
        if book.rows(of: account).contains(where: { table.ages[Int(book.asset[$0])] > maxAge }) {
          continue
        }
        if isDue(account, step) { poll(account, step, table, none) }
      }
    }

    func isDue(_ account: Int, _ step: Int) -> Bool {
      let time = world.path.times[step]
      if let last = lastPoll[account], settings.isAdaptive {
        return time - last.time >= last.interval
      }
      let row = Int64(world.book.accounts[account].legs[0].row)
      let period = settings.pollMilliseconds
      let shift = settings.isStaggered ? row * 1000 % period : 0
      func polls(_ moment: Int64) -> Int64 {
        // Polls at shift, shift + period, … up to this moment.
        let elapsed = moment - world.path.times[0] - shift
        return elapsed < 0 ? 0 : elapsed / period + 1
      }
      return polls(time) > (step == 0 ? 0 : polls(world.path.times[step - 1]))
    }

    mutating func poll(_ account: Int, _ step: Int, _ table: PriceTable, _ none: [Double]) {
      let book = world.affine
      guard var machine = machines[account] else { return }
      let distances = book.rows(of: account).compactMap { row -> Double? in
        let price = table.prices[Int(book.asset[row])]
        return Assessment(
          book.interval(
            of: row,
            deposited: machine.deposited,
            prices: table.prices,
            confidences: none
          ),
          price: price,
          isEmpty: false,
          hasDebt: true,
          atEquality: book.tripsAtEquality[account]
        ).distance(at: price)
      }
      let distance = distances.min()
      let time = world.path.times[step]
      let interval: Int64 =
        switch distance ?? .infinity {
        case let far where far > 0.2: 300_000
        case let middle where middle > 0.1: 60_000
        case let near where near > 0.05: 30_000
        default: 10_000
        }
      lastPoll[account] = (time, interval)
      guard let distance else { return }
      let wasExhausted = machine.wasExhausted
      let action = machine.poll(distance, time)
      machines[account] = machine
      func add(_ word: String, _ amount: Micro) {
        events.append(Event(time: time, account: account, word: word, amount: amount))
      }
      if machine.wasExhausted && !wasExhausted { add("exhausted", 0) }
      switch action {
      case .none: return
      case .deposit(let amount): add("deposit", amount)
      case .withdraw(let amount): add("withdrawal", amount)
      case .walletEmpty: add("wallet_empty", 0)
      }
    }
  }

  private func world(_ dice: inout SplitMix64) throws -> WorldInput {
    var accounts: [Account] = []
    for index in 0..<40 {
      let name = dice.pick(["", "n\(index)"])
      let terms = ProtectionTerms.protected(
        cap: dice.pick([nil, 7, 40]),
        deposited: Micro(dice.pick([0, 0, 3]))
      )
      switch index % 5 {
      case 0, 1:
        accounts.append(
          try kit.long(name, dice.number(0.5, 3), root: dice.number(84, 97), protection: terms)
        )
      case 2:
        var short = try kit.short(name, dice.number(0.5, 3), root: dice.number(103, 118))
        short.protection = terms
        accounts.append(short)
      case 3:
        accounts.append(
          try kit.loan(
            name,
            deposit: ("SOL", 2),
            borrow: ("USDC", 1.6 * dice.number(85, 97)),
            protection: terms
          )
        )
      default:
        accounts.append(
          try kit.loan(
            "c\(index)",
            deposit: ("SOL", 2),
            borrow: ("BTC", 16 * dice.number(0.85, 0.97)),
            protection: terms
          )
        )
      }
    }
    var seconds: [Double] = []
    var prices: [Double?] = []
    var others: [Double?] = []
    var (time, price, other) = (0.0, 100.0, 10.0)
    for step in 0..<250 {
      seconds.append(time)
      prices.append(step > 0 && dice.once(in: 9) ? nil : price)
      others.append(step > 0 && dice.once(in: 9) ? nil : other)
      time += Double(dice.whole(1, 40))
      price *= dice.number(0.99, 1.01)
      other *= dice.number(0.995, 1.005)
    }
    return try input(
      kit,
      accounts,
      kit.path(seconds: seconds, [("SOL", prices), ("BTC", others)])
    )
  }

  @Test(arguments: PropertySeeds.first(30))
  func `no poll is missed and none acts too often`(seed: UInt64) throws {
    var dice = SplitMix64(seed: seed)
    let world = try world(&dice)
    let settings = try WorldSettings(
      try worldSettings([
        "protection.poll_s": dice.pick([1, 30, 45.5]),
        "protection.poll": Double(dice.whole(0, 1)),
        "protection.stagger": Double(dice.whole(0, 1)),
        "protection.cooldown_s": dice.pick([0, 60, 61, 200]),
        "protection.trigger_distance": dice.pick([0.03, 0.05]),
        "protection.safe_distance": dice.pick([0.05, 0.08, 0.15]),
        "protection.wallet_usd": dice.pick([0, 12]),
        "oracle.max_age_s": dice.pick([20, 60]),
      ])
    )
    var plain = try PlainMonitor(world, settings)
    for step in 0..<world.path.stepCount { plain.take(step) }
    let log = try #require(
      try ReferenceWorld.run(world, settings, hasVault: false, keepsLog: true).log
    )
    let events = log.protection.filter { $0.event != .returned }.map {
      Event(time: $0.time, account: $0.account, word: $0.event.rawValue, amount: $0.amount)
    }
    let place = zip(events, plain.events).enumerated().first { $1.0 != $1.1 }
    #expect(place == nil, "the first difference")
    #expect(events.count == plain.events.count)
    #expect(Set(log.liquidations.map(\.account)) == plain.fallen)
    #expect(events.count > 5)
  }
}
