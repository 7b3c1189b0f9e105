// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// The other consumers of the same provider (seed 1): prices every 10 s, reconciliation every 60 s,
/// snapshots of the portfolio every 12 h, trades and queries when they come.
///
/// Pure: what falls between two steps follows from their times alone.
package struct ConsumerLoad: Sendable, Equatable {
  package static let pricePeriod: Int64 = 10_000
  package static let reconciliationPeriod: Int64 = 60_000
  package static let snapshotPeriod: Int64 = 12 * 3_600_000

  /// Whether the services with a period are there at all.
  package var hasServices: Bool
  /// Calls of a minute.
  package var trades: Double
  package var queries: Double

  package init(hasServices: Bool, trades: Double, queries: Double) {
    self.hasServices = hasServices
    self.trades = trades
    self.queries = queries
  }

  package var isEmpty: Bool { !hasServices && trades == 0 && queries == 0 }

  /// How often a period ended in (`from`, `to`], counted from `start`; at `start` itself once.
  ///
  /// * `from`: nil at the first step.
  package static func count(
    of period: Int64,
    from: Int64?,
    to time: Int64,
    start: Int64
  ) -> Int64 {
    let before = from.map { floorQuotient($0 - start, period) } ?? -1
    return floorQuotient(time - start, period) - before
  }

  /// How many calls of a rate fall in (`from`, `to`], `floor(rate · t)` of the minutes since
  /// `start`.
  package static func count(
    perMinute rate: Double,
    from: Int64?,
    to time: Int64,
    start: Int64
  ) -> Int64 {
    func calls(_ moment: Int64) -> Int64 {
      Int64((rate * (Double(moment - start) / 60_000)).rounded(.down))
    }
    return calls(time) - (from.map(calls) ?? 0)
  }
}
