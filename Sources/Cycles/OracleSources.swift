// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Settings

/// The settings that the oracle reads.
package struct OracleSettings: Sendable, Hashable {
  /// What the price is made of.
  package enum Kind: Int, Sendable {
    /// The median of the sources that are left.
    case median
    /// The first source alone, whatever it says.
    case first
    /// The average over time of the median.
    case twap
    /// Hyperliquid's mark: the median of three estimates.
    case mark
  }

  /// Something that goes wrong for a while; never where `start` is 0.
  package struct Fault: Sendable, Hashable {
    /// Milliseconds from the first step, and how long.
    package var start: Int64 = 0
    package var duration: Int64 = 0
    /// What it does to a price, −0.3 being −30 %; nil for a source that says nothing.
    package var move: Double?

    /// Whether it is on.
    func isOn(at time: Int64) -> Bool {
      start > 0 && time >= start && time - start < duration
    }
  }

  package var maxAgeMilliseconds: Int64
  package var outlierMAD = 5.0
  package var kind = Kind.median
  /// How many sources are made of the path's prices; 0 takes those that the path files have.
  package var sources = 1
  /// Standard deviation of a source's error, a share of the price.
  package var noise = 0.0
  /// The last sources, which say what was this long ago.
  package var delayedSources = 0
  package var delay: Int64 = 0
  /// A fault of the first sources.
  package var fault = Fault()
  package var faultySources = 1
  /// The market itself is pushed, and all sources see it, late ones late.
  package var attack = Fault()
  package var twapMilliseconds: Int64 = 300_000
  package var markRefreshMilliseconds: Int64 = 10_000

  package init(_ settings: SettingsView) {
    maxAgeMilliseconds = settings.milliseconds(.oracleMaxAge)
    outlierMAD = settings[.oracleOutlierMAD]
    kind = Kind(rawValue: Int(settings[.oracleKind])) ?? .median
    sources = Int(settings[.oracleSources])
    noise = settings[.oracleNoise] / 10_000
    delayedSources = Int(settings[.oracleDelayedSources])
    delay = settings.milliseconds(.oracleDelay)
    fault = Fault(
      start: settings.milliseconds(.oracleFaultAt),
      duration: settings.milliseconds(.oracleFaultDuration),
      move: settings[.oracleFault] == 0 ? settings[.oracleFaultMove] : nil
    )
    faultySources = Int(settings[.oracleFaultSources])
    attack = Fault(
      start: settings.milliseconds(.oracleAttackAt),
      duration: settings.milliseconds(.oracleAttackDuration),
      move: settings[.oracleAttackMove]
    )
    twapMilliseconds = settings.milliseconds(.oracleTWAP)
    markRefreshMilliseconds = settings.milliseconds(.oracleMarkRefresh)
  }

  init(maxAgeMilliseconds: Int64) { self.maxAgeMilliseconds = maxAgeMilliseconds }

  /// Whether the oracle says nothing but the path's prices, so that it is one column an asset.
  package var isPlain: Bool {
    sources > 0 && noise == 0 && (kind == .median || kind == .first)
      && (delay == 0 || delayedSources == 0) && (fault.start == 0 || faultySources == 0)
      && attack.start == 0
  }

  /// The same oracle with its first source alone: what a robust one is compared with.
  package var single: OracleSettings {
    var copy = self
    copy.kind = .first
    return copy
  }
}

/// What one source said last.
package struct SourceReading: Sendable, Equatable {
  package var price: Double
  /// When the price was true, UTC epoch milliseconds.
  package var time: Int64

  package init(price: Double, time: Int64) {
    (self.price, self.time) = (price, time)
  }
}

/// What is left of several sources at one moment.
package struct OracleAggregate: Sendable, Equatable {
  package var price: Double
  /// Median distance of the sources that count from the price, USD.
  package var spread: Double
  /// The newest of their times.
  package var time: Int64
  /// How many count.
  package var count: Int

  /// The median of the sources that are neither stale nor outliers.
  ///
  ///     outlier: |p − median| > k · MAD      MAD = median |p − median|, of three sources or more
  ///
  /// * `maxAge`: a source that is older is stale. `outlierMAD`: k.
  ///
  /// Medians of an even number are the mean of the two in the middle, `a + (b − a) / 2`. Sources
  /// that agree make MAD 0, and whatever differs from them an outlier. Nil where none is fresh.
  /// Source: seed 3, "Price Feed Robustness".
  package init?(
    _ readings: [SourceReading?],
    time: Int64,
    maxAge: Int64,
    outlierMAD: Double
  ) {
    var fresh: [SourceReading] = []
    for case let reading? in readings where time - reading.time <= maxAge { fresh.append(reading) }
    guard var median = OracleAggregate.median(fresh.map(\.price)) else { return nil }
    if fresh.count >= 3,
      let mad = OracleAggregate.median(fresh.map { ($0.price - median).magnitude })
    {
      fresh.removeAll { ($0.price - median).magnitude > outlierMAD * mad }
      median = OracleAggregate.median(fresh.map(\.price)) ?? median
    }
    price = median
    spread = OracleAggregate.median(fresh.map { ($0.price - median).magnitude }) ?? 0
    self.time = fresh.reduce(Int64.min) { max($0, $1.time) }
    count = fresh.count
  }

  /// The median, nil of nothing.
  package static func median(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let (a, b) = (sorted[(sorted.count - 1) / 2], sorted[sorted.count / 2])
    return a == b ? a : a + (b - a) / 2
  }
}
