// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Liquidation
import Numerics
import Testing

/// The pure steps of the waterfall, with numbers worked out by hand.
@Suite struct WaterfallMachineTests {
  private func sight(
    _ equity: Int64,
    time: Int64 = 0,
    large: Bool = false,
    backstop: Bool = true
  ) -> WaterfallSight {
    WaterfallSight(
      time: time,
      equity: dollars(equity),
      maintenance: dollars(300),
      isLarge: large,
      hasBackstop: backstop
    )
  }

  private func action(_ machine: WaterfallMachine, _ sight: WaterfallSight) throws
    -> (WaterfallMachine, WaterfallAction)
  {
    try machine.step(sight, ratio: 2.0 / 3, cooldown: 30_000)
  }

  @Test(
    arguments: [
      (299, WaterfallAction.whole), (200, .whole), (199, .backstop), (0, .backstop),
      (-1, .bankrupt),
    ] as [(Int64, WaterfallAction)]
  )
  func `equity decides between order, backstop and bankruptcy`(
    equity: Int64,
    expected: WaterfallAction
  ) throws {
    #expect(try action(WaterfallMachine(), sight(equity)).1 == expected)
  }

  @Test func `without a backstop the market takes what is above zero`() throws {
    #expect(try action(WaterfallMachine(), sight(199, backstop: false)).1 == .whole)
    #expect(try action(WaterfallMachine(), sight(-1, backstop: false)).1 == .bankrupt)
  }

  @Test func `a large position is sold in part, waits 30 seconds, and goes whole`() throws {
    let (after, first) = try action(WaterfallMachine(), sight(250, time: 1_000, large: true))
    #expect(first == .partial)
    #expect(after.cooldownUntil == 31_000)
    #expect(try action(after, sight(250, time: 30_999, large: true)).1 == .wait)
    #expect(try action(after, sight(250, time: 31_000, large: true)).1 == .whole)
    // The cooldown holds up neither the backstop nor bankruptcy.
    #expect(try action(after, sight(100, time: 2_000, large: true)).1 == .backstop)
    #expect(try action(after, sight(-5, time: 2_000, large: true)).1 == .bankrupt)
  }

  @Test func `a thin market sells half at once and half of the rest in each half-life`() {
    func left(_ milliseconds: Int64) -> Double {
      thinMarketRemainder(of: 64, elapsedMilliseconds: milliseconds, halfLifeSeconds: 10)
    }
    #expect(left(0) == 32)
    #expect(left(10_000) == 16)
    #expect(left(60_000) == 0.5)
    #expect(left(60_001) == 0)
    #expect(thinMarketRemainder(of: 64, elapsedMilliseconds: 0, halfLifeSeconds: 0) == 0)
  }

  @Test func `orders of a step move down one book`() {
    // 1,000 USD move the mark 1 %, so 100,000 by all of it.
    var depth = MarketDepth(depthUSDPerPercent: 1_000, assetCount: 2)
    #expect(depth.room(0, .below, maxSlippage: 0.1) == 10_000)
    // Moves 4 %: 2 % on average.
    check(depth.trade(4_000, 0, .below), 0.02)
    #expect(depth.room(0, .below, maxSlippage: 0.1) == 6_000)
    // From 4 % to 10 %: 7 % on average.
    check(depth.trade(6_000, 0, .below), 0.07)
    #expect(depth.room(0, .below, maxSlippage: 0.1) == 0)
    #expect(depth.room(0, .above, maxSlippage: 0.1) == 10_000)
    #expect(depth.room(1, .below, maxSlippage: 0.1) == 10_000)
    depth.refill()
    #expect(depth.room(0, .below, maxSlippage: 0.1) == 10_000)
  }

  @Test func `a market without depth fills nothing`() {
    let depth = MarketDepth(depthUSDPerPercent: 0, assetCount: 1)
    #expect(depth.room(0, .below, maxSlippage: 1) == 0)
  }

  @Test func `the queue processes what its rate allows and carries the fraction`() {
    var queue = LiquidationQueue(throughput: 0.5)
    queue.begin(elapsedMilliseconds: nil)
    queue.add([3, 5, 9], time: 0)
    // Half a liquidation in the first second.
    check(queue.takeRoom(), false)
    queue.begin(elapsedMilliseconds: 3_000)
    // 0.5 + 1.5
    check(queue.takeRoom(), true)
    check(queue.takeRoom(), true)
    check(queue.takeRoom(), false)
    queue.remove(3)
    queue.end()
    #expect(queue.accounts == [5, 9])
    #expect(queue.peak == 2)
    queue.add([4, 5], time: 3_000)
    #expect(queue.accounts == [4, 5, 9])
    #expect(queue.since == [4: 3_000, 5: 0, 9: 0])
  }

  @Test func `recent moves decay by half in their half-life`() {
    var moves = RecentMoves(halfLifeSeconds: 60, assetCount: 1)
    moves.take([100], elapsedMilliseconds: 0)
    #expect(moves.moves == [0])
    moves.take([75], elapsedMilliseconds: 60_000)
    #expect(moves.moves == [0.25])
    moves.take([75], elapsedMilliseconds: 60_000)
    #expect(moves.moves == [0.125])
    moves.take([.nan], elapsedMilliseconds: 60_000)
    #expect(moves.moves == [0.0625])
  }

  @Test(arguments: [
    (PenaltyCurve.Mode.flat, 0.1, 0.5, 0.02), (.tiered, 1, 0, 0.01), (.tiered, 0.5, 0, 0.02),
    (.tiered, 0, 0, 0.03), (.tiered, -3, 0, 0.03), (.dynamic, 1, 0, 0.02),
    (.dynamic, 0.5, 0, 0.03), (.dynamic, 0, 0.25, 0.08), (.dynamic, 0, 0.5, 0.1),
  ])
  func `penalties follow their curve`(
    mode: PenaltyCurve.Mode,
    ratio: Double,
    volatility: Double,
    rate: Double
  ) {
    var curve = PenaltyCurve()
    curve.mode = mode
    curve.base = 0.02
    curve.ratioSlope = 1
    curve.volatilitySlope = 4
    curve.cap = 0.1
    #expect((curve.rate(marginRatio: ratio, volatility: volatility) - rate).magnitude < 1e-15)
  }
}
