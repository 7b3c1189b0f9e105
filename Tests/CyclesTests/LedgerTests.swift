// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import TestSupport
import Testing
import TextKit

@Suite struct LedgerTests {
  @Test func `what one party gives another receives`() throws {
    var ledger = Ledger()
    ledger.transfer(5, from: .vault, to: .market)
    ledger.transfer(-2, from: .vault, to: .market)
    ledger.transfer(7, from: .borrower, to: .borrower)
    #expect(ledger[.vault] == -3)
    #expect(ledger[.market] == 3)
    #expect(ledger[.borrower] == 0)
    #expect(ledger.total == 0)
    try ledger.check(step: 0)
  }

  @Test func `balances beyond 64 bits are held`() throws {
    var ledger = Ledger()
    for _ in 0..<4 { ledger.transfer(Int64.max, from: .backstop, to: .lender) }
    #expect(ledger[.lender] == Int128(Int64.max) * 4)
    #expect(ledger[.backstop] == Int128(Int64.max) * -4)
    try ledger.check(step: 3)
  }

  @Test func `random transfers never make or lose money`() throws {
    var dice = SplitMix64(seed: 3)
    var ledger = Ledger()
    var plain: [Party: Int128] = [:]
    for step in 0..<2000 {
      let (from, to) = (dice.pick(Party.allCases), dice.pick(Party.allCases))
      let amount = Int64(truncatingIfNeeded: dice.next())
      ledger.transfer(amount, from: from, to: to)
      plain[from, default: 0] -= Int128(amount)
      plain[to, default: 0] += Int128(amount)
      try ledger.check(step: step)
    }
    for party in Party.allCases { #expect(ledger[party] == plain[party, default: 0]) }
  }
}
