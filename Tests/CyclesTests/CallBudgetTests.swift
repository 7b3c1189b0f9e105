// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Numerics
import TestSupport
import Testing

/// Calls, back-off, load and moving limits by hand (seed 1, rate limits and enhancements).
@Suite struct CallBudgetTests {
  @Test func `checks stop at ten remaining calls and deposits go on beyond the budget`() {
    let limits = CallLimits(perMinute: 12, perSecond: 0)
    var budget = CallBudget().at(0, limits)
    var answers: [CallBudget.Answer] = []
    for priority in [CallPriority.check, .check, .check, .check, .reconciliation, .analytics] {
      let (next, _, answer) = budget.calling(priority, limits, seconds: 1)
      answers.append(answer)
      budget = next
    }
    // Made with 12, 11 and 10 remaining; 9 are kept.
    #expect(answers == [.made, .made, .made, .skipped, .skipped, .skipped])
    #expect(budget.madeInMinute == 3)
    let (full, made, answer) = budget.calling(.deposit, count: 10, limits, seconds: 1)
    #expect(made == 10)
    #expect(answer == .made)
    #expect(full.isOver(limits))
    // A budget that is just used up is not exceeded.
    func isOver(_ count: Int) -> Bool {
      CallBudget().at(0, limits).calling(.deposit, count: count, limits, seconds: 1).state
        .isOver(limits)
    }
    #expect(!isOver(12) && isOver(13))
    // The next minute begins anew, half as often; the one after that as usual.
    let after = full.at(60_000, limits)
    #expect(after.madeInMinute == 0)
    #expect(after.isReduced)
    #expect(!after.at(119_999, limits).at(120_000, limits).isReduced)
    #expect(!full.at(180_000, limits).isReduced)
  }

  @Test func `the provider refuses what is beyond its second, whatever it is for`() {
    let limits = CallLimits(perMinute: 0, perSecond: CallLimits.perSecond(of: "helius_free"))
    let budget = CallBudget().at(1_999, limits)
    let (full, made, answer) = budget.calling(.check, count: 12, limits, seconds: 1)
    #expect(made == 10)
    #expect(answer == .limited)
    #expect(full.calling(.execution, limits, seconds: 1).answer == .limited)
    #expect(full.at(2_000, limits).calling(.execution, limits, seconds: 1).answer == .made)
    // Spread over three seconds there is room for thirty.
    #expect(budget.calling(.check, count: 30, limits, seconds: 3).answer == .made)
    #expect(budget.calling(.check, count: 31, limits, seconds: 3).made == 30)
    #expect(
      ["helius_free", "helius_paid", "public", "none"].map(CallLimits.perSecond) == [10, 50, 4, 0]
    )
  }

  @Test func `the bulk of calls equals calls one by one`() {
    for seed in PropertySeeds.first(200) {
      var dice = SplitMix64(seed: seed)
      let limits = CallLimits(perMinute: dice.pick([0, 12, 20]), perSecond: dice.pick([0, 3, 9]))
      var bulk = CallBudget().at(0, limits)
      var single = bulk
      for _ in 0..<5 {
        let priority = dice.pick(CallPriority.allCases)
        let count = dice.whole(0, 6)
        let (next, made, answer) = bulk.calling(priority, count: count, limits, seconds: 1)
        bulk = next
        var madeSingly = 0
        var last = CallBudget.Answer.made
        for _ in 0..<count where last == .made {
          let one = single.calling(priority, limits, seconds: 1)
          single = one.state
          madeSingly += one.made
          last = one.answer
        }
        #expect(bulk == single, "seed \(seed)")
        #expect(made == madeSingly, "seed \(seed)")
        #expect((answer == .made) == (last == .made), "seed \(seed)")
      }
    }
  }

  @Test func `back-off doubles from two seconds to sixty and falls by one a success`() {
    var backOff = BackOff()
    var waits: [Int64] = []
    for _ in 0..<7 {
      backOff = backOff.after(success: false, at: 0)
      waits.append(backOff.milliseconds / 1000)
    }
    #expect(waits == [2, 4, 8, 16, 32, 60, 60])
    #expect(backOff.isWaiting(at: 59_999))
    #expect(!backOff.isWaiting(at: 60_000))
    backOff = backOff.after(success: true, at: 60_000)
    #expect(backOff.milliseconds == 59_000)
    #expect(backOff.isWaiting(at: 118_999))
    // Errors count anew after a success.
    #expect(backOff.after(success: false, at: 0).milliseconds == 2000)
    for _ in 0..<59 { backOff = backOff.after(success: true, at: 0) }
    #expect(!backOff.isWaiting(at: 0))
  }

  @Test func `services call at their periods`() {
    func count(_ from: Int64?, _ to: Int64) -> Int64 {
      ConsumerLoad.count(of: 10_000, from: from, to: to, start: 5_000)
    }
    #expect(count(nil, 5_000) == 1)
    #expect(count(5_000, 14_999) == 0)
    #expect(count(14_999, 15_000) == 1)
    #expect(count(15_000, 45_000) == 3)
    #expect(count(0, 5_000) == 1)
    func trades(_ from: Int64?, _ to: Int64) -> Int64 {
      ConsumerLoad.count(perMinute: 2.5, from: from, to: to, start: 0)
    }
    // Calls at 24, 48, 72, 96, 120 s.
    #expect([trades(nil, 23_999), trades(nil, 24_000), trades(24_000, 120_000)] == [0, 1, 4])
  }

  @Test func `volatility is that of equal moves`() {
    // Moves of 1 % every 60 s: variance 1e-4 / 60 a second, σ over 600 s = √(1e-3).
    var state = TriggerVolatility()
    var price = 100.0
    for step in 0..<200 {
      state = state.seeing(price, at: Int64(step) * 60_000, windowSeconds: 600)
      price = step % 2 == 0 ? price * 1.01 : price / (1 / 0.99)
    }
    let sigma = state.sigma(windowSeconds: 600)
    #expect((sigma - 0.0316227766).magnitude < 1e-5)
    // One move after the first price: weight 2^(−60/60) = ½.
    let one = TriggerVolatility().seeing(100, at: 0, windowSeconds: 60)
      .seeing(102, at: 60_000, windowSeconds: 60)
    #expect((one.sigma(windowSeconds: 60) - (0.5 * 0.02 * 0.02).squareRoot()).magnitude < 1e-12)
  }

  @Test func `triggers widen and increments grow`() throws {
    let limits = try ProtectionMachineTests.limits(cap: 40, increment: 5)
    let wide = limits.widened(by: 0.03, multiple: 2)
    #expect((wide.triggerDistance - 0.06).magnitude < 1e-15)
    #expect((wide.safeDistance - 0.16).magnitude < 1e-15)
    #expect(limits.widened(by: 0.02, multiple: 2) == limits)
    // Half way from 5 % to the root: 5 · (1 + 2 · ½); past the root the whole scale.
    #expect(limits.scaled(by: 2, at: 0.025).increment == dollars(10))
    #expect(limits.scaled(by: 2, at: -0.3).increment == dollars(15))
    #expect(limits.scaled(by: 2, at: 0.05).increment == dollars(5))
    #expect(limits.scaled(by: 100, at: 0).increment == dollars(40))
  }
}
