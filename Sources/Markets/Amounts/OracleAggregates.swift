// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Pyth's aggregate of its publishers (venues.md 7), in integers of one scale.
///
///     votes: price − confidence, price, price + confidence of each publisher, sorted
///     price: their median, of an even number the floor of the two in the middle
///     confidence: max(price − v[n / 4], v[n − 1 − n / 4] − price)       n votes
///
/// Source: venues.md 7, `price_model.c`, `upd_aggregate.h`.
package struct PythAggregate: Sendable, Equatable {
  package let price: Int64
  package let confidence: Int64

  /// Slots after which a publisher no longer counts.
  package static let stalenessSlots = 25

  /// Aggregates publishers; nil of none, or where a vote does not fit.
  package init?(_ publishers: [(price: Int64, confidence: Int64)]) {
    guard !publishers.isEmpty else { return nil }
    var votes: [Int64] = []
    for publisher in publishers {
      let (low, lowOverflow) = publisher.price.subtractingReportingOverflow(publisher.confidence)
      let (high, highOverflow) = publisher.price.addingReportingOverflow(publisher.confidence)
      guard !lowOverflow, !highOverflow else { return nil }
      votes += [low, publisher.price, high]
    }
    votes.sort()
    let count = votes.count
    let (a, b) = (Int128(votes[(count - 1) / 2]), Int128(votes[count / 2]))
    // An arithmetic shift is the floor, below 0 too.
    price = Int64((a + b) >> 1)
    confidence = max(price - votes[count / 4], votes[count - 1 - count / 4] - price)
  }
}

/// Chainlink's off-chain report (venues.md 7).
package enum ChainlinkReport {
  /// The answer of a round: the observation in the middle, of an even number the upper one.
  ///
  /// Nil of none. Source: venues.md 7, `median.go`.
  package static func answer(_ observations: [Double]) -> Double? {
    observations.isEmpty ? nil : observations.sorted()[observations.count / 2]
  }

  /// Whether a change is large enough to be reported, `|new − old| · 1e9 >= alpha · |old|`; from
  /// 0 every change is.
  ///
  /// * `alphaPPB`: parts per billion. Source: venues.md 7, `median.go`.
  package static func isDeviation(from old: Double, to new: Double, alphaPPB: Double) -> Bool {
    if old == 0 { return new != 0 }
    return (new - old).magnitude * 1e9 >= alphaPPB * old.magnitude
  }
}

/// Hyperliquid's oracle and mark (venues.md 5 and 7).
package enum HyperliquidMark {
  /// Weights of the exchanges, the most liquid first.
  package static let weights = [3.0, 2, 2, 1, 1, 1, 1, 1]

  /// The weighted median: the smallest value with more than half of all weight at or below it.
  ///
  /// - Edge cases: with exactly half the mean of it and the next value (the venue does not
  ///   document the case); nil of nothing.
  package static func weightedMedian(_ values: [(value: Double, weight: Double)]) -> Double? {
    let sorted = values.sorted { $0.value < $1.value }
    let total = sorted.reduce(0) { $0 + $1.weight }
    var sum = 0.0
    for (place, entry) in sorted.enumerated() {
      sum += entry.weight
      if sum * 2 > total { return entry.value }
      if sum * 2 == total, place + 1 < sorted.count {
        return entry.value + (sorted[place + 1].value - entry.value) / 2
      }
    }
    return sorted.last?.value
  }

  /// The mark: the median of three estimates of the price.
  ///
  ///     median(oracle + basis, median(bid, ask, last), weighted median of exchanges)
  ///
  /// * `basis`: 150 s average of mid less oracle. Source: venues.md 5, robust price indices.
  package static func mark(oracle: Double, basis: Double, book: Double, exchanges: Double) -> Double
  {
    median(oracle + basis, book, exchanges)
  }

  /// The middle one of three.
  package static func median(_ a: Double, _ b: Double, _ c: Double) -> Double {
    max(min(a, b), min(max(a, b), c))
  }
}
