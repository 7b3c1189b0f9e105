// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Markets
import TestSupport
import Testing
import TextKit

@Suite struct MarginTableTests {
  private typealias Tier = MarginTable.Tier

  @Test func `deductions make the requirement continuous`() throws {
    let table = try MarginTable(tiers: [
      Tier(lowerUSD: 0, rate: 0.0125), Tier(lowerUSD: 150e6, rate: 0.025, deductionUSD: 1.875e6),
      Tier(lowerUSD: 300e6, rate: 0.05),
    ])
    #expect(table.lines.map(\.rate) == [0.0125, 0.025, 0.05])
    #expect(table.lines.map(\.deduction) == [0, 1.875e6, 9.375e6])
  }

  @Test(arguments: PropertySeeds.first(200))
  func `the requirement is the largest line and that of the notional's own tier`(
    _ seed: UInt64
  ) throws {
    var random = SplitMix64(seed: seed)
    var tiers = [Tier(lowerUSD: 0, rate: random.number(0.001, 0.05))]
    for _ in 0..<random.whole(0, 6) {
      let last = tiers[tiers.count - 1]
      tiers.append(
        Tier(
          lowerUSD: last.lowerUSD + random.magnitude(2, 6),
          rate: last.rate + random.number(0, 0.1)
        )
      )
    }
    let lines = try MarginTable(tiers: tiers).lines
    for _ in 0..<50 {
      let notional = random.magnitude(0, 8)
      let own = tiers.lastIndex { $0.lowerUSD <= notional } ?? 0
      let required = notional * lines[own].rate - lines[own].deduction
      let largest = lines.map { notional * $0.rate - $0.deduction }.max() ?? .nan
      #expect((required - largest).magnitude <= 1e-9 * notional, "\(notional)")
    }
  }

  @Test func `an asset with one tier needs no table`() throws {
    #expect(MarginTable.flat.lines.map(\.rate) == [0])
    #expect(try MarginTable(tiers: [Tier(lowerUSD: 0, rate: 1)]).lines.count == 1)
  }

  private func refusal(_ tiers: [Tier]) -> String? {
    do throws(Failure) {
      _ = try MarginTable(tiers: tiers)
      return nil
    } catch {
      return error.message
    }
  }

  @Test func `tables that are not progressive are refused in words`() {
    let good = Tier(lowerUSD: 0, rate: 0.05)
    #expect(refusal([]) == "found no tier, expected at least one")
    #expect(
      refusal([Tier(lowerUSD: 5, rate: 0.05)]) == "the first tier begins at 5.0 USD, expected 0"
    )
    #expect(
      refusal([good, Tier(lowerUSD: 0, rate: 0.1)])
        == "tier 2 begins at 0.0 USD, expected more than 0.0"
    )
    #expect(
      refusal([good, Tier(lowerUSD: 1_000, rate: 0.04)])
        == "tier 2 has rate 0.04, below 0.05 of the tier before; a progressive table never falls"
    )
    #expect(
      refusal([good, Tier(lowerUSD: 1_000, rate: 0.1, deductionUSD: 49)])
        == "tier 2 has deduction 49.0, expected 50.0 so that the requirement is continuous"
    )
    #expect(
      refusal([Tier(lowerUSD: 0, rate: 0.05, deductionUSD: 1)])
        == "tier 1 has deduction 1.0, expected 0.0 so that the requirement is continuous"
    )
    for rate in [0, -0.1, 1.01, .nan] {
      #expect(
        refusal([Tier(lowerUSD: 0, rate: rate)])
          == "tier 1 has rate \(rate), expected above 0 and at most 1"
      )
    }
    #expect(
      refusal([good, Tier(lowerUSD: .nan, rate: 0.1)])?.hasPrefix("tier 2 begins at") == true
    )
  }

  @Test func `equal tables of a run share one index and the flat one is the first`() throws {
    var set = MarginTableSet()
    let table = try MarginTable(tiers: [
      Tier(lowerUSD: 0, rate: 0.05), Tier(lowerUSD: 10, rate: 0.1),
    ])
    #expect(set.add(.flat) == 0)
    #expect(set.add(table) == 1)
    #expect(set.add(table) == 1)
    #expect(set.tables.count == 2)
  }
}
