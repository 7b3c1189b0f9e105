// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Configuration
package import TextKit

/// What borrowing an asset costs in a year by the share of its supply that is lent (seed 2, BOLE).
///
/// Straight lines between points of utilization and rate; a kinked curve has three:
///
///     rate(u) = base + (kink_rate − base) · u / kink                       u ≤ kink
///     rate(u) = kink_rate + (max_rate − kink_rate) · (u − kink) / (1 − kink)
package struct InterestCurve: Sendable, Equatable {
  /// A point of the curve; both are shares.
  package struct Point: Sendable, Equatable {
    package var utilization: Double
    package var rate: Double

    package init(_ utilization: Double, _ rate: Double) {
      self.utilization = utilization
      self.rate = rate
    }
  }

  package let points: [Point]
  /// Share of the interest that the venue keeps.
  package let reserve: Double
  /// Utilization of the asset; nil for that of the settings.
  package let utilization: Double?

  package init(points: [Point], reserve: Double = 0, utilization: Double? = nil) {
    self.points = points
    self.reserve = reserve
    self.utilization = utilization
  }

  /// Reads `points = [[u, rate], …]`, or `base`, `kink_utilization`, `kink_rate` and `max_rate`.
  ///
  /// - Throws: a data failure for rates outside 0 to 1000, or points that do not rise from 0 to 1.
  package init(reading table: ConfigTable) throws(Failure) {
    try table.only([
      "base", "kink_utilization", "kink_rate", "max_rate", "points", "reserve", "utilization",
    ])
    reserve = try table.number("reserve", default: 0, in: 0...1)
    utilization = try table.optionalNumber("utilization", in: 0...1)
    guard let list = try table.optionalArray("points") else {
      let kink = try table.number("kink_utilization", default: 0.8, in: 0.0001...0.9999)
      points = [
        Point(0, try table.number("base", default: 0, in: InterestCurve.rates)),
        Point(kink, try table.number("kink_rate", in: InterestCurve.rates)),
        Point(1, try table.number("max_rate", in: InterestCurve.rates)),
      ]
      return
    }
    var points: [Point] = []
    for value in list {
      guard case .array(let pair) = value.kind, pair.count == 2 else {
        throw value.failure(expected: "a pair of utilization and rate")
      }
      let utilization = try pair[0].number(in: 0...1)
      guard utilization > points.last?.utilization ?? -1 else {
        throw pair[0].failure(expected: "a greater utilization than that of the point before")
      }
      points.append(Point(utilization, try pair[1].number(in: InterestCurve.rates)))
    }
    guard points.count >= 2, points[0].utilization == 0, points[points.count - 1].utilization == 1
    else {
      throw table.failure("points", expected: "points from utilization 0 to utilization 1")
    }
    self.points = points
  }

  private static let rates = 0.0...1000.0

  /// The rate of a year at a utilization from 0 to 1, as a share.
  package func rate(at utilization: Double) -> Double {
    var low = points[0]
    for high in points.dropFirst() {
      if utilization <= high.utilization {
        let part = (utilization - low.utilization) / (high.utilization - low.utilization)
        return low.rate + (high.rate - low.rate) * part
      }
      low = high
    }
    return low.rate
  }

  private static let yearMilliseconds = 31_536_000_000.0

  /// What a debt owes in interest some time later, USD, without rounding.
  ///
  ///     owed + rate · Δt / 365 d · (debt + owed)
  ///
  /// * `rate`: of a year, a share.
  package static func owed(
    _ owed: Double,
    debt: Double,
    rate: Double,
    milliseconds: Int64
  ) -> Double {
    let growth = rate * (Double(milliseconds) / yearMilliseconds)
    return owed + growth * (debt + owed)
  }

  /// What a supplied unit earns in a year: the borrowers' rate on what is lent, less the reserve.
  package func supplyRate(at utilization: Double) -> Double {
    rate(at: utilization) * utilization * (1 - reserve)
  }
}

/// How a venue's perps pay funding.
package struct FundingTerms: Sendable, Equatable {
  /// Time between two payments, at whole multiples of it since 1970, milliseconds.
  package var intervalMilliseconds: Int64
  /// Largest rate of one interval in either direction, a share of the notional.
  package var cap: Double

  /// An hour, without a limit.
  package static let hourly = FundingTerms(intervalMilliseconds: 3_600_000, cap: 1000)

  package init(intervalMilliseconds: Int64, cap: Double) {
    self.intervalMilliseconds = intervalMilliseconds
    self.cap = cap
  }

  /// Reads `interval_s` and `cap`.
  package init(reading table: ConfigTable) throws(Failure) {
    try table.only(["interval_s", "cap"])
    let seconds = try table.number("interval_s", default: 3600, in: 1.0...31_536_000)
    intervalMilliseconds = Int64((seconds * 1000).rounded(.toNearestOrEven))
    cap = try table.number("cap", default: 1000, in: 0.0...1000)
  }
}
