// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Markets
import Numerics
import Settings
import TestSupport
import Testing
import TextKit

/// Elastic collateral of one account (SEMANTICS B13), exhaustively and as a table.
@Suite struct ProtectionMachineTests {
  static func limits(
    cap: Micro = 12,
    increment: Double = 5,
    mode: MarginMode = .cross
  ) throws -> ProtectionLimits {
    let kit = try WorldBook()
    let account = try kit.perp(
      "a",
      1,
      at: 100,
      collateral: 10,
      mode: mode,
      protection: .protected(cap: cap)
    )
    let settings = try ProtectionSettings(
      SettingsView(
        try worldSettings(["protection.deposit_increment_usd": increment]),
        for: .protection
      )
    )
    return try ProtectionLimits(account, settings, price: { _ in 100 })
  }

  /// The rule said again: what one poll does to what is deposited and to the wallet.
  struct PlainProtection {
    let limits: ProtectionLimits
    var deposited: Micro
    var wallet: Micro?
    var last: Int64?
    var isPaused = false
    var wasExhausted = false

    mutating func poll(_ distance: Double, _ time: Int64) -> ProtectionAction {
      let isDanger = distance < limits.triggerDistance
      if isDanger, deposited == limits.cap { wasExhausted = true }
      let isCool = last.map { time - $0 > limits.cooldownMilliseconds } ?? true
      if isDanger, deposited < limits.cap {
        let amount = min(limits.increment, limits.cap - deposited)
        if !isCool || isPaused { return .none }
        if let wallet, wallet < amount {
          isPaused = true
          return .walletEmpty
        }
        deposited += amount
        if let wallet { self.wallet = wallet - amount }
        last = time
        return .deposit(amount)
      }
      if distance > limits.safeDistance, distance > 0, deposited > 0, isCool, limits.canWithdraw {
        let amount = min(limits.increment, deposited)
        deposited -= amount
        if let wallet { self.wallet = wallet + amount }
        isPaused = false
        last = time
        return .withdraw(amount)
      }
      return .none
    }
  }

  struct Start: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var deposited: Micro
    var wallet: Micro?
    var mode = MarginMode.cross
  }

  static let starts = [
    Start(testDescription: "unlimited wallet", deposited: 0, wallet: nil),
    Start(testDescription: "a wallet of one deposit and a half", deposited: 0, wallet: dollars(7)),
    Start(testDescription: "at the cap", deposited: dollars(12), wallet: dollars(0)),
    Start(
      testDescription: "strict isolated",
      deposited: dollars(5),
      wallet: nil,
      mode: .strictIsolated
    ),
  ]

  private struct Walk {
    let limits: ProtectionLimits
    var complaints: [String] = []
    var polls = 0

    struct State {
      var machine: ProtectionMachine
      var plain: PlainProtection
      var time: Int64 = 0
      var path: [Double] = []
    }

    /// Danger, middle, safe and past the root, before, at and after the cooldown.
    mutating func extend(_ state: State) {
      for distance in [0.03, 0.1, 0.2, -0.01] {
        for wait: Int64 in [30_000, 60_000, 60_001] {
          polls += 1
          var next = state
          next.time += wait
          next.path.append(distance)
          let (machine, action) = state.machine.step(
            distance: distance,
            time: next.time,
            limits: limits
          )
          next.machine = machine
          check(state, &next, distance, action)
          if next.path.count < 5 { extend(next) }
        }
      }
    }

    mutating func check(
      _ before: State,
      _ next: inout State,
      _ distance: Double,
      _ action: ProtectionAction
    ) {
      let machine = next.machine
      if next.plain.poll(distance, next.time) != action { complain(next, "the plain rule differs") }
      if machine.deposited != next.plain.deposited || machine.wallet != next.plain.wallet
        || machine.wasExhausted != next.plain.wasExhausted
        || machine.isPaused != next.plain.isPaused || machine.lastActionAt != next.plain.last
      {
        complain(next, "another state than the plain rule's")
      }
      if machine.deposited < 0 || machine.deposited > limits.cap { complain(next, "cap") }
      if machine.wallet ?? 0 < 0 { complain(next, "negative wallet") }
      let moved = machine.deposited - before.machine.deposited
      if machine.wallet.map({ $0 + moved }) != before.machine.wallet { complain(next, "wallet") }
      if distance <= 0 && moved < 0 { complain(next, "withdrawal past the root") }
      if !limits.canWithdraw && moved < 0 { complain(next, "withdrawal of strict isolated") }
      if moved != 0, let last = before.machine.lastActionAt, next.time - last <= 60_000 {
        complain(next, "action within the cooldown")
      }
      if moved.magnitude > limits.increment { complain(next, "more than the increment") }
    }

    mutating func complain(_ state: State, _ what: String) {
      if complaints.count < 5 { complaints.append("\(what) after \(state.path), \(state.time) ms") }
    }
  }

  @Test(arguments: starts)
  func `every sequence of five polls keeps the rule`(start: Start) throws {
    let limits = try ProtectionMachineTests.limits(mode: start.mode)
    var walk = Walk(limits: limits)
    walk.extend(
      Walk.State(
        machine: ProtectionMachine(deposited: start.deposited, wallet: start.wallet),
        plain: PlainProtection(limits: limits, deposited: start.deposited, wallet: start.wallet)
      )
    )
    #expect(walk.complaints.isEmpty)
    #expect(walk.polls == 12 + 144 + 1728 + 20_736 + 248_832)
  }

  /// Seconds, distance, then action, total, wallet; cap 12, increment 5, trigger 0.05, safe 0.15.
  static let transitions = """
       0  0.05    none         0  8
       0  0.049   deposit:5    5  3
      60  0.01    none         5  3
      61  0.01    empty        5  3
      90  0.01    none         5  3
     120  0.16    withdraw:5   0  8
     180  0.04    none         0  8
     181  0.04    deposit:5    5  3
     300  0.15    none         5  3
     300  0.151   withdraw:5   0  8
     400  0       deposit:5    5  3
     500 -0.2     empty        5  3
     600  0.2     withdraw:5   0  8
     700  0.2     none         0  8
    """

  @Test func `transitions are those of the table`() throws {
    let limits = try ProtectionMachineTests.limits()
    var machine = ProtectionMachine(deposited: 0, wallet: dollars(8))
    for row in ProtectionMachineTests.transitions.split(separator: "\n") {
      let words = row.split(separator: " ")
      let distance = try #require(Double(words[1]))
      let (next, action) = machine.step(
        distance: distance,
        time: try #require(Int64(words[0])) * 1000,
        limits: limits
      )
      let word =
        switch action {
        case .none: "none"
        case .deposit(let amount): "deposit:\(amount / 1_000_000)"
        case .withdraw(let amount): "withdraw:\(amount / 1_000_000)"
        case .walletEmpty: "empty"
        }
      let found = [
        word, "\(next.deposited / 1_000_000)", "\((next.wallet ?? -1) / 1_000_000)",
      ]
      #expect(found == words.dropFirst(2).map(String.init), "row \(row)")
      machine = next
    }
  }

  @Test func `the last deposit fills the cap and then it is exhausted`() throws {
    let limits = try ProtectionMachineTests.limits()
    var machine = ProtectionMachine(deposited: dollars(10), wallet: nil)
    var action = ProtectionAction.none
    (machine, action) = machine.step(distance: 0.01, time: 0, limits: limits)
    #expect(action == .deposit(dollars(2)))
    #expect(!machine.wasExhausted)
    // Also within the cooldown: the cap is a state, not an act.
    (machine, action) = machine.step(distance: 0.01, time: 1, limits: limits)
    #expect(action == .none)
    #expect(machine.wasExhausted)
  }

  @Test func `cap and increment come from position, collateral and the book`() throws {
    let kit = try WorldBook()
    func limits(
      _ account: Account,
      _ changes: [String: Double] = [:]
    ) throws -> ProtectionLimits {
      let settings = try ProtectionSettings(
        SettingsView(try worldSettings(changes), for: .protection)
      )
      return try ProtectionLimits(account, settings, price: { asset in asset == 0 ? 1 : 50 })
    }
    let perp = try kit.perp("a", -4, at: 100, collateral: 60, protection: .protected())
    #expect(try limits(perp).cap == dollars(200))
    #expect(try limits(perp).increment == dollars(5))
    #expect(try limits(perp, ["protection.cap_base": 1]).cap == dollars(30))
    #expect(try limits(perp, ["protection.increment_ratio": 0.25]).increment == dollars(15))
    #expect(try limits(perp, ["protection.max_deposit_ratio": 0.01]).increment == dollars(4))
    let loan = try kit.loan(
      "b",
      deposit: ("SOL", 4),
      borrow: ("USDC", 120),
      cash: 10,
      protection: .protected()
    )
    #expect(try limits(loan).cap == dollars(100))
    #expect(try limits(loan, ["protection.cap_base": 1]).cap == dollars(45))
    let under = try kit.loan("c", deposit: ("SOL", 1), borrow: ("USDC", 120))
    #expect(try limits(under, ["protection.cap_base": 1]).cap == 0)
    let given = try kit.perp("d", 4, at: 100, collateral: 60, protection: .protected(cap: 3))
    #expect(try limits(given).cap == dollars(3))
    #expect(try limits(given).increment == dollars(3))
  }

  @Test func `an account's own distances go before the settings`() throws {
    let kit = try WorldBook()
    var terms = ProtectionTerms.protected()
    terms.triggerDistance = 0.2
    terms.safeDistance = 0.3
    let account = try kit.perp("a", 1, at: 100, collateral: 10, protection: terms)
    let settings = try ProtectionSettings(SettingsView(try worldSettings(), for: .protection))
    let limits = try ProtectionLimits(account, settings, price: { _ in 100 })
    #expect(limits.triggerDistance == 0.2)
    #expect(limits.safeDistance == 0.3)
    #expect(limits.cooldownMilliseconds == 60_000)
  }
}
