// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Markets
import Testing
import TextKit

@Suite struct BarPathTests {
  /// Two bars of a minute; the first closes above its open, the second on it.
  private let bars = [
    Bar(time: 60_000, asset: 0, open: 10, high: 14, low: 8, close: 12),
    Bar(time: 120_000, asset: 0, open: 12, high: 13, low: 9, close: 12),
  ]

  private func path(
    _ bars: [Bar],
    stamp: BarStamp = .start,
    order: BarOrder = .auto,
    spacing: Int64? = nil
  ) throws(Failure) -> PricePath {
    try PricePath(name: "bars.csv", bars: bars, stamp: stamp, order: order, spacing: spacing)
  }

  @Test func `a bar that closes above its open sees its low first, else its high, a tie too`()
    throws
  {
    let path = try path(bars)
    #expect(path.values == [10, 8, 14, 12, 12, 13, 9, 12])
    #expect(
      path.times == [60_000, 75_000, 90_000, 105_000, 120_000, 135_000, 150_000, 165_000]
    )
  }

  @Test(
    arguments: [
      (BarOrder.ohlc, [10, 14, 8, 12, 12, 13, 9, 12]), (.olhc, [10, 8, 14, 12, 12, 9, 13, 12]),
      (.close, [12, 12]),
    ] as [(BarOrder, [Double])]
  )
  func `the order can be fixed`(_ order: BarOrder, _ values: [Double]) throws {
    #expect(try path(bars, order: order).values == values)
  }

  @Test func `a stamp can name the end of its bar`() throws {
    let path = try path(bars, stamp: .end)
    #expect(path.times == [0, 15_000, 30_000, 45_000, 60_000, 75_000, 90_000, 105_000])
    #expect(path.values == [10, 8, 14, 12, 12, 13, 9, 12])
  }

  @Test func `close prices stand at three quarters of the bar`() throws {
    #expect(try path(bars, order: .close).times == [105_000, 165_000])
    #expect(try path(bars, stamp: .end, order: .close).times == [45_000, 105_000])
  }

  @Test func `the length of a bar is the smallest gap, or as given`() throws {
    var gapped = bars
    gapped.append(Bar(time: 300_000, asset: 0, open: 1, high: 1, low: 1, close: 1))
    #expect(try path(gapped).times.suffix(4) == [300_000, 315_000, 330_000, 345_000])
    #expect(
      try path([bars[0]], spacing: 4_000).times == [60_000, 61_000, 62_000, 63_000]
    )
    // Quarters that are no whole milliseconds are cut.
    #expect(try path([bars[0]], spacing: 7).times == [60_000, 60_001, 60_003, 60_005])
  }

  @Test func `several assets share the steps and a missing bar leaves gaps`() throws {
    let two = [
      Bar(time: 0, asset: 3, open: 1, high: 1, low: 1, close: 1),
      Bar(time: 0, asset: 1, open: 2, high: 2, low: 2, close: 2),
      Bar(time: 1_000, asset: 1, open: 3, high: 3, low: 3, close: 3),
    ]
    let path = try path(two)
    #expect(path.assets == [1, 3])
    #expect(path.stepCount == 8)
    #expect(path.value(step: 0, column: 0) == 2 && path.value(step: 0, column: 1) == 1)
    #expect(path.value(step: 4, column: 0) == 3)
    #expect((4..<8).allSatisfy { path.value(step: $0, column: 1).isNaN })
  }

  @Test func `bars that repeat, overlap or are too short are refused`() {
    #expect {
      try path([bars[0], bars[0]], spacing: 60_000)
    } throws: { error in
      (error as? Failure)?.message
        == "bars.csv: column 'timestamp_ms': found '60000', expected each bar of an asset once;"
        + " remove repeated bars or shorten bar_seconds"
    }
    #expect(throws: Failure.self) { try path(bars, spacing: 90_000) }
    for short in [[bars[0]], []] {
      #expect {
        try path(short)
      } throws: { error in
        (error as? Failure)?.message.contains("expected bars at least 4 ms long") == true
      }
    }
    #expect(throws: Failure.self) { try path([bars[0]], spacing: 3) }
  }

  @Test func `a bar without a price is refused`() {
    let bad = Bar(time: 0, asset: 0, open: 10, high: 14, low: 0, close: 12)
    #expect(throws: Failure.self) { try path([bad], spacing: 1_000) }
  }
}
