// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Markets
import Testing

@Suite struct AccountTests {
  private func account(_ name: String, slots: [Int64?] = [nil], collateral: [Double] = [0])
    -> Account
  {
    var legs: [Leg] = []
    for (slot, usd) in zip(slots, collateral) {
      legs.append(
        Leg(
          venue: 0,
          asset: 0,
          kind: .perp,
          quantity: 1,
          collateralUSD: usd,
          observedSlot: slot
        )
      )
    }
    return Account(name: name, legs: legs)
  }

  @Test func `an account is as old as its oldest row and owns the collateral of all`() {
    let both = account("a", slots: [7, nil, 5], collateral: [1, 2, 4])
    #expect(both.observedSlot == 5)
    #expect(both.collateralUSD == 7)
    #expect(account("b").observedSlot == nil)
    #expect(Book(accounts: [both, account("b")]).newestSlot == 7)
    #expect(Book(accounts: [both, account("b")]).legCount == 4)
    #expect(Book(accounts: []).newestSlot == nil)
  }

  @Test func `accounts are ordered by bytes, those without a name last by row`() {
    let names = ["", "b", "a", "", "B", "ä", "a"]
    let book = Book(accounts: names.map { account($0) })
    let order = names.indices.sorted { book.precedes($0, $1) }
    #expect(order == [4, 2, 6, 1, 5, 0, 3])
    #expect(!book.precedes(2, 2))
  }

  @Test func `every margin mode but cross is an account of its own`() {
    #expect(MarginMode.allCases.filter { !$0.isIsolated } == [.cross])
    #expect(MarginMode(rawValue: "strict_isolated") == .strictIsolated)
    #expect(MarginMode(rawValue: "no_cross") == .noCross)
  }
}
