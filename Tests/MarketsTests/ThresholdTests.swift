// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Markets
import Testing

/// What happens exactly at a bound, and which of equals comes first.
@Suite struct ThresholdTests {
  @Test func `a price is refused beyond its bounds, not at them`() {
    var check = PriceCheck()
    check.maxAgeMilliseconds = 60_000
    check.maxConfidence = 0.25
    check.maxDivergence = 0.5
    func refusal(confidence: Double = 16, average: Double = 64, age: Int64 = 60_000)
      -> PriceCheck.Refusal?
    {
      check.refusal(price: 64, confidence: confidence, average: average, ageMilliseconds: age)
    }
    #expect(refusal() == nil)
    #expect(refusal(age: 60_001) == .stale)
    #expect(refusal(confidence: 16.0.nextUp) == .uncertain)
    // Half a price away on either side is allowed, further is not.
    #expect(refusal(average: 32) == nil && refusal(average: 96) == nil)
    #expect(refusal(average: 31.999) == .volatile)
    #expect(refusal(average: 96.001) == .volatile)
  }

  private func leg(_ kind: LegKind, _ value: Double, weight: Double = 0.5) -> ClosingLeg {
    ClosingLeg(
      leg: Leg(venue: 0, asset: 0, kind: kind, quantity: value),
      valueUSD: value,
      weight: weight,
      confidenceRatio: 0
    )
  }

  @Test func `of legs that rank alike the larger comes first, then the earlier`() {
    let legs = [
      leg(.deposit, 5), leg(.borrow, 50), leg(.deposit, 9), leg(.deposit, 9), leg(.deposit, 0),
    ]
    let account = ClosingAccount(legs: legs, closing: 0, price: 1, health: 0)
    #expect(account.first(.deposit) { $0.weight } == 2)
    #expect(account.first(.borrow) { -$0.valueUSD } == 1)
    #expect(account.first(.perp) { $0.weight } == nil)
  }

  @Test func `legs that are closed together stand at their mean weight by value`() {
    let legs = [leg(.deposit, 30, weight: 0.5), leg(.borrow, 7), leg(.deposit, 10, weight: 0.9)]
    var account = ClosingAccount(legs: legs, closing: 2, price: 1, health: 0)
    account.merge([0, 2])
    #expect(account.own.valueUSD == 40)
    #expect(account.own.weight == (30 * 0.5 + 10 * 0.9) / 40)
    #expect(account.legs[0].valueUSD == 0 && account.legs[1].valueUSD == 7)
  }
}
