// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets

/// What the oracle says at every step of one path: the first stage, made once for all cells that
/// agree on its settings.
package struct OracleTrack: Sendable {
  package let times: [Int64]
  /// Milliseconds from the first step to the second.
  private let spacing: Int64
  /// Prices by asset as fills and exits see them: carried over gaps.
  package let spot: [PriceColumn?]
  /// The same, NaN where the price is stale.
  package let fresh: [PriceColumn?]
  /// Confidence as a share of the price, by asset.
  package let confidenceRatios: [Double]
  /// Whether any price is stale at any step.
  package let hasGaps: Bool

  /// Takes the oracle along a whole path.
  package init(_ settings: OracleSettings, _ input: WorldInput) {
    let path = input.path
    let table = input.catalogue.assets
    times = path.times
    spacing = path.times.count > 1 ? path.times[1] - path.times[0] : 1
    confidenceRatios = input.confidenceRatios
    var oracle = OracleStage(settings, input: input)
    var columns = path.assets.map { _ in [Double]() }
    for place in columns.indices { columns[place].reserveCapacity(path.stepCount) }
    var freshColumns = columns
    var stale = Array(repeating: false, count: columns.count)
    for step in 0..<path.stepCount {
      oracle.advance(to: step, of: path)
      for (place, asset) in path.assets.enumerated() {
        columns[place].append(oracle.prices[asset])
        freshColumns[place].append(oracle.isStale[asset] ? .nan : oracle.prices[asset])
        if oracle.isStale[asset] { stale[place] = true }
      }
    }
    var spot: [PriceColumn?] = Array(repeating: nil, count: table.count)
    var fresh = spot
    for (place, asset) in path.assets.enumerated() {
      spot[asset] = PriceColumn(columns[place])
      fresh[asset] = stale[place] ? PriceColumn(freshColumns[place]) : spot[asset]
    }
    let ones = Array(repeating: 1.0, count: path.stepCount)
    for asset in 0..<table.count where table[asset].isQuote && spot[asset] == nil {
      spot[asset] = PriceColumn(ones)
      fresh[asset] = spot[asset]
    }
    self.spot = spot
    self.fresh = fresh
    hasGaps = stale.contains(true)
  }

  package var stepCount: Int { times.count }

  /// The oracle's price of an underlying asset at a step, NaN for one the path does not have.
  @inline(__always)
  package func price(of asset: Int, at step: Int) -> Double { spot[asset]?.values[step] ?? .nan }

  /// Whether the price of an asset may be acted on at a step.
  @inline(__always)
  package func isFresh(_ asset: Int, at step: Int) -> Bool {
    !hasGaps || !(fresh[asset]?.values[step].isNaN ?? true)
  }

  /// The first step at or after a time, the number of steps when there is none.
  package func step(atOrAfter time: Int64) -> Int {
    // Steps are mostly of equal length: the place that follows from it, confirmed.
    if let first = times.first, let last = times.last, time > first, time <= last {
      let guess = Int((time - first - 1) / max(1, spacing)) + 1
      if guess < times.count, times[guess] >= time, times[guess - 1] < time { return guess }
    }
    var (low, high) = (0, times.count)
    while low < high {
      let middle = (low + high) / 2
      if times[middle] < time { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
