// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import TextKit

/// The order in which a bar's low and high are visited (SEMANTICS B10).
package enum BarOrder: String, CaseIterable, Sendable {
  /// Low first when the bar closes above its open, else high first.
  case auto
  case ohlc
  case olhc
  /// Only the close, at ¾ of the bar.
  case close
}

/// Which moment of a bar its stamp names.
package enum BarStamp: String, CaseIterable, Sendable {
  case start
  case end
}

/// One bar of one asset.
package struct Bar: Sendable {
  package let time: Int64
  package let asset: Int
  package let open: Double
  package let high: Double
  package let low: Double
  package let close: Double

  package init(time: Int64, asset: Int, open: Double, high: Double, low: Double, close: Double) {
    self.time = time
    self.asset = asset
    self.open = open
    self.high = high
    self.low = low
    self.close = close
  }

  /// The prices at 0, ¼, ½ and ¾ of the bar.
  fileprivate func visits(_ order: BarOrder) -> [(quarter: Int64, price: Double)] {
    let lowFirst =
      switch order {
      case .auto: close > open
      case .olhc: true
      case .ohlc, .close: false
      }
    if order == .close { return [(3, close)] }
    return [(0, open), (1, lowFirst ? low : high), (2, lowFirst ? high : low), (3, close)]
  }
}

extension PricePath {
  /// Makes a path of bars: each becomes four steps open → high/low → close at 0, ¼, ½ and ¾.
  ///
  /// * `spacing`: length of a bar in milliseconds; the smallest gap between stamps when nil.
  /// * `order`: which extreme comes first; `close` gives one step at ¾ of each bar.
  /// - Throws: a data failure when bars of one asset repeat a stamp, go back, or are too short.
  package init(
    name: String,
    bars: [Bar],
    stamp: BarStamp,
    order: BarOrder,
    spacing: Int64? = nil
  ) throws(Failure) {
    let stamps = Set(bars.map(\.time)).sorted()
    if let far = stamps.first(where: { $0.magnitude > UInt64(PricePath.latestTime) }) {
      throw Failure.data(
        file: name,
        column: "timestamp_ms",
        found: String(far),
        expected: "UTC milliseconds since 1970, at most \(PricePath.latestTime)"
      )
    }
    let assets = Set(bars.map(\.asset)).sorted()
    let gap = zip(stamps.dropFirst(), stamps).map(-).min()
    guard let length = spacing ?? gap, length >= 4 else {
      throw Failure.data(
        file: name,
        found: "\(stamps.count) bar stamps",
        expected: "bars at least 4 ms long",
        advice: "give the length of a bar (bar_seconds) when there is only one"
      )
    }
    var columns: [Int: Int] = [:]
    for (column, asset) in assets.enumerated() { columns[asset] = column }
    let quarters: [Int64] = order == .close ? [3] : [0, 1, 2, 3]
    var row: [Int64: Int] = [:]
    var times: [Int64] = []
    for time in stamps {
      let start = stamp == .start ? time : time - length
      for quarter in quarters {
        let moment = start + length * quarter / 4
        row[moment] = times.count
        times.append(moment)
      }
    }
    var values = Array(repeating: Double.nan, count: times.count * assets.count)
    for bar in bars {
      let start = stamp == .start ? bar.time : bar.time - length
      for visit in bar.visits(order) {
        guard let step = row[start + length * visit.quarter / 4], let column = columns[bar.asset]
        else { continue }
        let cell = step * assets.count + column
        guard values[cell].isNaN else {
          throw Failure.data(
            file: name,
            column: "timestamp_ms",
            found: String(bar.time),
            expected: "each bar of an asset once",
            advice: "remove repeated bars or shorten bar_seconds"
          )
        }
        values[cell] = visit.price
      }
    }
    try self.init(name: name, times: times, assets: assets, values: values)
  }
}
