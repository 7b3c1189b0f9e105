// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Markets
import Sweeps
import TestSupport
import Testing
import TextKit

/// Protection against the same world without it (SEMANTICS B13).
///
/// One long of 10 SOL at 100 with root 90 and 145 USD; steps are 61 s apart.
@Suite struct ProtectionComparisonTests {
  let kit: WorldBook

  init() throws { kit = try WorldBook() }

  private func compare(
    cap: Int64,
    _ prices: [Double?],
    _ base: [String: Double] = [:]
  ) throws -> [String: MetricValue] {
    try metrics(
      [try kit.long("a", root: 90, protection: .protected(cap: cap))],
      kit.path(prices, every: 61),
      base
    )
  }

  @Test func `a liquidation that only happens without protection is prevented`() throws {
    let found = try compare(cap: 5, [100, 91, 89.9, 100])
    #expect(found["protection_prevented_liquidations"] == .number(1))
    #expect(found["protection_reduced_losses"] == .number(0))
    // With: 150 less the 5 deposited. Without: 145 − 101 at the close.
    #expect(found["protection_saved_usd"] == .money(dollars(101)))
    #expect(found["protection_roi"] == .number(101.0 / 5))
    #expect(found["system_liquidations"] == .number(0))
  }

  @Test func `what protection only delays may cost more than it saves`() throws {
    let found = try compare(cap: 5, [100, 91, 89.9, 85])
    #expect(found["protection_prevented_liquidations"] == .number(0))
    #expect(found["protection_reduced_losses"] == .number(0))
    // With: 150 − 150 at 85, less the 5 deposited. Without: 44.
    #expect(found["protection_saved_usd"] == .money(dollars(-49)))
    #expect(found["protection_roi"] == .number(-49.0 / 5))
    #expect(found["system_liquidations"] == .number(1))
  }

  @Test func `a later liquidation at a smaller loss is a reduced one`() throws {
    let found = try compare(cap: 5, [100, 91, 89.9, 120, 89.99])
    #expect(found["protection_withdrawals"] == .number(1))
    #expect(found["protection_prevented_liquidations"] == .number(0))
    #expect(found["protection_reduced_losses"] == .number(1))
    // 145 − 100.1 against 145 − 101.
    #expect(found["protection_saved_usd"] == .money(900_000))
  }

  @Test func `equity is floored at zero in both worlds`() throws {
    let found = try compare(cap: 5, [100, 91, 70])
    // Both fall at 70, far under water; the deposit is lost.
    #expect(found["protection_saved_usd"] == .money(dollars(-5)))
    #expect(found["system_bad_debt_usd"] == .money(dollars(150)))
  }

  @Test func `nothing is compared when protection is off or nobody has it`() throws {
    let off = try compare(cap: 5, [100, 91, 89.9], ["protection.enabled": 0])
    #expect(off["protection_saved_usd"] == .money(0))
    #expect(off["protection_roi"] == .number(nil))
    #expect(off["system_liquidations"] == .number(1))
    let nobody = try metrics([try kit.long("a", root: 90)], kit.path([100, 91, 89.9], every: 61))
    #expect(nobody["protection_saved_usd"] == .money(0))
    #expect(nobody["protection_prevented_liquidations"] == .number(0))
  }

  @Test func `deposits carried in are collateral of both worlds`() throws {
    let account = try kit.long(
      "a",
      root: 90,
      protection: .protected(cap: 20, deposited: 10)
    )
    let found = try metrics([account], kit.path([100, 100], every: 61))
    #expect(found["protection_saved_usd"] == .money(0))
    #expect(found["protection_peak_committed_usd"] == .money(dollars(10)))
    #expect(found["protection_deposited_usd"] == .money(0))
  }
}
