// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import TextKit

/// One scenario: prices of several assets on one time axis.
package struct PricePath: Sendable {
  /// What messages call this scenario.
  package let name: String
  /// UTC epoch milliseconds, strictly rising.
  package let times: [Int64]
  /// Asset indices of the columns.
  package let assets: [Int]
  /// Step-major prices, `values[step · assets.count + column]`; NaN where the source had none.
  package let values: [Double]
  /// What single sources of an oracle say, beside the market's prices.
  package private(set) var sources: [PathSource] = []
  /// Prices of assets in units of those they are priced from.
  package private(set) var pegs: [PathSource] = []
  /// Funding rates along the path, where its source has them.
  package private(set) var funding: FundingTrack?

  /// Checks times and prices and makes a path.
  ///
  /// - Throws: a data failure for no step, time that does not rise, a first row with a gap, or a
  ///   price that is not above 0.
  package init(
    name: String,
    times: [Int64],
    assets: [Int],
    values: [Double],
    funding: FundingTrack? = nil
  ) throws(Failure) {
    guard !times.isEmpty else {
      throw Failure.data(file: name, found: "no rows", expected: "at least one step")
    }
    for time in times where time.magnitude > UInt64(PricePath.latestTime) {
      throw Failure.data(
        file: name,
        column: "timestamp_ms",
        found: String(time),
        expected: "UTC milliseconds since 1970, at most \(PricePath.latestTime)"
      )
    }
    for step in 1..<max(1, times.count) where times[step] <= times[step - 1] {
      throw Failure.data(
        file: name,
        column: "timestamp_ms",
        found: String(times[step]),
        expected: "a time after \(times[step - 1]) (step \(step + 1))",
        advice: "sort the rows and remove repeated times"
      )
    }
    for (position, value) in values.enumerated() {
      let step = position / max(1, assets.count)
      if value.isNaN && step > 0 { continue }
      guard value > 0, value <= PricePath.highestPrice else {
        throw Failure.data(
          file: name,
          found: value.isNaN ? "an empty cell" : NumberText.shortest(value),
          expected: step == 0
            ? "a price above 0 for every asset in the first row" : "a price above 0, at most 1e15",
          advice: step == 0 ? "begin the path where every asset has a price" : nil
        )
      }
    }
    self.name = name
    self.times = times
    self.assets = assets
    self.values = values
    self.funding = funding
  }

  /// The same path with source columns of its assets.
  ///
  /// - Precondition: a value for each step.
  package func adding(_ sources: [PathSource], pegs: [PathSource] = []) -> PricePath {
    let columns = sources + pegs
    precondition(columns.allSatisfy { $0.values.count == times.count }, "Invariant: whole columns")
    var copy = self
    (copy.sources, copy.pegs) = (sources, pegs)
    return copy
  }

  /// Prices above this are refused, so that no product leaves the doubles.
  package static let highestPrice = 1e15
  /// Prices below this are refused: among the denormal doubles a product keeps few digits.
  package static let lowestPrice = 1e-100
  /// Times beyond this many milliseconds from 1970 are refused, so that differences always fit.
  package static let latestTime: Int64 = 1 << 52

  /// The same prices with other funding rates.
  package func with(funding: FundingTrack) -> PricePath {
    var path = self
    path.funding = funding
    return path
  }

  package var stepCount: Int { times.count }

  /// The first steps of the path, at least one.
  package func prefix(_ count: Int) throws(Failure) -> PricePath {
    let count = min(max(1, count), stepCount)
    return try PricePath(
      name: name,
      times: Array(times[..<count]),
      assets: assets,
      values: Array(values[..<(count * assets.count)]),
      funding: funding
    ).adding(sources.map { $0.prefix(count) }, pegs: pegs.map { $0.prefix(count) })
  }

  /// The price of a column at a step, NaN where the source had none.
  @inline(__always)
  package func value(step: Int, column: Int) -> Double { values[step * assets.count + column] }
}

/// What one source says of an asset along a path, NaN where it says nothing.
package struct PathSource: Sendable, Equatable {
  package let asset: Int
  package let name: String
  package let values: [Double]

  package init(asset: Int, name: String, values: [Double]) {
    (self.asset, self.name, self.values) = (asset, name, values)
  }

  fileprivate func prefix(_ count: Int) -> PathSource {
    PathSource(asset: asset, name: name, values: Array(values[..<count]))
  }
}

/// Funding rates of some assets at every step of a path, a share of one interval of the venue.
package struct FundingTrack: Sendable, Equatable {
  package let assets: [Int]
  /// Step-major, NaN where the rate before stays in force.
  private let values: [Double]

  package init(assets: [Int], values: [Double]) {
    self.assets = assets
    self.values = values
  }

  /// The rate of a column at a step, NaN where there is no new one.
  package func value(step: Int, column: Int) -> Double { values[step * assets.count + column] }
}
