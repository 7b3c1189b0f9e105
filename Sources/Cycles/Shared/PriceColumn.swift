// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Prices of one asset along a path, with the extremes of blocks, so that a search for the first
/// price outside an interval skips what cannot hold it.
///
/// NaN stands for a step at which nobody may act on the price; it lies outside nothing.
package struct PriceColumn: Sendable {
  package let values: [Double]
  /// Extremes of 16 steps each, and of 256; +infinity and −infinity where all are NaN.
  private let low16: [Double]
  private let high16: [Double]
  private let low256: [Double]
  private let high256: [Double]
  /// Extremes of the whole column.
  package let lowest: Double
  package let highest: Double

  package init(_ values: [Double]) {
    self.values = values
    (low16, high16) = PriceColumn.extremes(of: values, values)
    (low256, high256) = PriceColumn.extremes(of: low16, high16)
    lowest = low256.min() ?? .infinity
    highest = high256.max() ?? -.infinity
  }

  /// Extremes of every 16 neighbours; comparisons leave NaN out.
  private static func extremes(of lows: [Double], _ highs: [Double]) -> ([Double], [Double]) {
    let blocks = (lows.count + 15) / 16
    var low = Array(repeating: Double.infinity, count: blocks)
    var high = Array(repeating: -Double.infinity, count: blocks)
    for block in 0..<blocks {
      var (least, most) = (Double.infinity, -Double.infinity)
      for index in 16 * block..<min(16 * block + 16, lows.count) {
        least = lows[index] < least ? lows[index] : least
        most = highs[index] > most ? highs[index] : most
      }
      (low[block], high[block]) = (least, most)
    }
    return (low, high)
  }

  package var count: Int { values.count }

  /// The extremes of the 16 prices of a block.
  @inline(__always)
  func extremes(ofBlock block: Int) -> (low: Double, high: Double) { (low16[block], high16[block]) }

  /// The first step from `start` on and before `end` whose price is below `low` or above `high`.
  @inline(__always)
  package func first(outside low: Double, _ high: Double, from start: Int, before end: Int) -> Int?
  {
    let end = min(end, values.count)
    var step = start
    while step < end {
      if step & 15 == 0 {
        if step & 255 == 0, low256[step >> 8] >= low, high256[step >> 8] <= high {
          step += 256
          continue
        }
        if low16[step >> 4] >= low, high16[step >> 4] <= high {
          step += 16
          continue
        }
      }
      let price = values[step]
      if price < low || price > high { return step }
      step += 1
    }
    return nil
  }

  /// The lowest price from `start` through `end`, NaN left out; +infinity for none.
  package func lowest(from start: Int, through end: Int) -> Double {
    var lowest = Double.infinity
    var step = start
    let end = min(end, values.count - 1)
    while step <= end {
      if step & 255 == 0 && step + 255 <= end {
        if low256[step >> 8] < lowest { lowest = low256[step >> 8] }
        step += 256
      } else if step & 15 == 0 && step + 15 <= end {
        if low16[step >> 4] < lowest { lowest = low16[step >> 4] }
        step += 16
      } else {
        if values[step] < lowest { lowest = values[step] }
        step += 1
      }
    }
    return lowest
  }

  /// The highest price from `start` on and before `end`, a little more where blocks overlap the
  /// ends; −infinity for none.
  package func bound(from start: Int, before end: Int) -> Double {
    guard start < min(end, values.count) else { return -.infinity }
    var highest = -Double.infinity
    let last = (min(end, values.count) - 1) >> 4
    var block = start >> 4
    while block <= last {
      if block & 15 == 0 && block + 15 <= last {
        highest = max(highest, high256[block >> 4])
        block += 16
      } else {
        highest = max(highest, high16[block])
        block += 1
      }
    }
    return highest
  }
}
