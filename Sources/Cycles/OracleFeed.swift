// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets
internal import Numerics

/// The oracle's price of one asset out of what its sources say: a machine with a pure step.
package struct OracleFeed: Sendable, Equatable {
  /// What the machine says after a step.
  package struct Answer: Sendable, Equatable {
    package var price: Double
    /// USD.
    package var spread: Double
    /// When the price was true.
    package var time: Int64
    package var isStale: Bool
  }

  /// Seconds of the average of mid less oracle in a mark.
  private static let basisSeconds = 150.0

  package private(set) var readings: [SourceReading?]
  package private(set) var answer: Answer
  /// Prices that the average over time still sees, with the moment from which each held.
  private var past: [(time: Int64, price: Double)] = []
  private var basis = 0.0
  private var basisTime: Int64
  private let isGenerated: Bool
  private let settings: OracleSettings

  /// A feed at the first step, where every source says the path's price.
  package init(_ settings: OracleSettings, sources: Int, price: Double, time: Int64) {
    self.settings = settings
    isGenerated = settings.sources > 0
    readings = Array(repeating: SourceReading(price: price, time: time), count: max(1, sources))
    answer = Answer(price: price, spread: 0, time: time, isStale: false)
    past = [(time, price)]
    basisTime = time
  }

  /// Whether both say the same and go on alike.
  package static func == (a: OracleFeed, b: OracleFeed) -> Bool {
    a.readings == b.readings && a.answer == b.answer && a.basis == b.basis
      && a.past.map(\.time) == b.past.map(\.time) && a.past.map(\.price) == b.past.map(\.price)
  }

  /// Takes what the sources say at a step, nil for those that say nothing.
  ///
  /// * `spot`: the market's price, which a mark takes for mid and last trade.
  package mutating func take(_ news: [SourceReading?], spot: Double, time: Int64) {
    for (place, reading) in news.enumerated() {
      if let reading { readings[place] = reading }
    }
    let counted = settings.kind == .first ? Array(readings.prefix(1)) : readings
    let found = OracleAggregate(
      counted,
      time: time,
      maxAge: settings.maxAgeMilliseconds,
      outlierMAD: settings.outlierMAD
    )
    switch settings.kind {
    case .median, .first: answer.take(found, price: found?.price)
    case .twap: answer.take(found, price: average(found?.price, time: time))
    case .mark: mark(found, spot: spot, time: time)
    }
  }

  /// The average over the window that ends now, of prices that each hold until the next.
  private mutating func average(_ price: Double?, time: Int64) -> Double? {
    if let price { past.append((time, price)) }
    let start = time - settings.twapMilliseconds
    while past.count > 1, past[1].time <= start { past.removeFirst() }
    guard price != nil else { return nil }
    var sum = 0.0
    var weight = 0.0
    for (place, entry) in past.enumerated() {
      let end = place + 1 < past.count ? past[place + 1].time : time
      let held = Double(end - max(entry.time, start)) / 1000
      sum += entry.price * held
      weight += held
    }
    return weight > 0 ? sum / weight : price
  }

  /// Hyperliquid's mark: the median of the oracle with the average of mid less oracle, of the
  /// market, and of the weighted median of the sources; one that is too old is made anew of the
  /// market alone.
  private mutating func mark(_ found: OracleAggregate?, spot: Double, time: Int64) {
    guard let found else {
      if time - answer.time > settings.markRefreshMilliseconds {
        answer = Answer(price: spot, spread: answer.spread, time: time, isStale: false)
      }
      return
    }
    let seconds = Double(time - basisTime) / 1000
    basisTime = time
    basis +=
      (1 - ExactMath.exp(-seconds / OracleFeed.basisSeconds)) * ((spot - found.price) - basis)
    var weighted: [(value: Double, weight: Double)] = []
    for (place, reading) in readings.enumerated() {
      guard let reading, time - reading.time <= settings.maxAgeMilliseconds else { continue }
      weighted.append(
        (
          reading.price,
          place < HyperliquidMark.weights.count
            ? HyperliquidMark.weights[place] : 1
        )
      )
    }
    answer.take(
      found,
      price: HyperliquidMark.mark(
        oracle: found.price,
        basis: basis,
        book: spot,
        exchanges: HyperliquidMark.weightedMedian(weighted) ?? spot
      )
    )
  }
}

extension OracleFeed.Answer {
  /// Takes a new price; without one the last stays and is stale.
  fileprivate mutating func take(_ found: OracleAggregate?, price: Double?) {
    guard let found, let price else {
      isStale = true
      return
    }
    self = OracleFeed.Answer(price: price, spread: found.spread, time: found.time, isStale: false)
  }
}
