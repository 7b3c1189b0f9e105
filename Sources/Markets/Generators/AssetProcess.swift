// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import TextKit

/// How the price of one asset moves in synthetic scenarios.
///
///     price:  ln P += (drift − volatility²/2) · dt + volatility · √dt · z + jump
///     event:  logit P += drift · dt + volatility · √dt · z + jump
///
/// An event's price is a probability: its logit walks, so it stays between 0 and 1. Every default
/// is a choice of ours, none is fitted to a market.
package struct AssetProcess: Sendable, Equatable {
  package var symbol: String
  /// Price at the first step, USD; an event's lies between 0 and 1.
  package var price: Double
  package var isEvent: Bool
  /// Expected growth without jumps, per year.
  package var drift = 0.0
  /// Standard deviation, per square root of a year.
  package var volatility = 0.6
  /// Expected jumps per day.
  ///
  /// All assets share the moments: when an asset of few jumps jumps, those of more jump too.
  package var jumpsPerDay = 4.0
  /// Mean and standard deviation of a jump, of the logarithm or logit.
  package var jumpMean = 0.0
  package var jumpDeviation = 0.003
  /// Multiple of a crash's depth that the asset takes part in.
  package var crashBeta = 1.0
  /// When an event resolves, seconds from the first step; nil for never.
  ///
  /// The outcome is 1 with the probability that the price has just before, else 0; as prices are
  /// above 0 and below 1, they stand at 0.999999 or 0.000001 from then on.
  package var resolvesAtSeconds: Double?

  package init(symbol: String, price: Double, isEvent: Bool = false) {
    self.symbol = symbol
    self.price = price
    self.isEvent = isEvent
  }

  /// The process of a symbol with defaults by its name: BTC calm, ETH and SOL livelier.
  package static func preset(symbol: String, price: Double, isEvent: Bool) -> AssetProcess {
    var process = AssetProcess(symbol: symbol, price: price, isEvent: isEvent)
    if isEvent {
      // A logit moves by 0.6 on a usual day.
      (process.volatility, process.jumpDeviation, process.crashBeta) = (12, 0.08, 4)
      return process
    }
    switch symbol {
    case "BTC": (process.volatility, process.crashBeta) = (0.5, 1)
    case "ETH": (process.volatility, process.crashBeta) = (0.65, 1.15)
    case "SOL": (process.volatility, process.crashBeta) = (0.8, 1.3)
    default: (process.volatility, process.crashBeta) = (0.9, 1.4)
    }
    process.jumpDeviation = process.volatility * 0.006
    return process
  }

  /// Lets an event resolve at a time in UTC epoch milliseconds, nil for never.
  package mutating func resolve(at milliseconds: Int64?, startMilliseconds: Int64) {
    guard isEvent, let milliseconds else { return }
    resolvesAtSeconds = Double(milliseconds - startMilliseconds) / 1000
  }

  /// Checks every number for steps of a length.
  ///
  /// - Throws: a data failure with symbol, name, value and what was expected.
  func validate(stepSeconds: Int) throws(Failure) {
    guard price > 0, price < (isEvent ? 1 : 1e15) else {
      throw refused("price", price, isEvent ? "between 0 and 1" : "above 0 and below 1e15")
    }
    guard drift.magnitude <= 1e4 else { throw refused("drift", drift, "from -10000 to 10000") }
    guard (0...1000).contains(volatility) else {
      throw refused("volatility", volatility, "from 0 to 1000")
    }
    let most = 86_400 / Double(stepSeconds)
    guard (0...most).contains(jumpsPerDay) else {
      throw refused(
        "jumps_per_day",
        jumpsPerDay,
        "from 0 to \(NumberText.shortest(most)), one a step of \(stepSeconds) s"
      )
    }
    guard jumpMean.magnitude <= 10 else { throw refused("jump_mean", jumpMean, "from -10 to 10") }
    guard (0...10).contains(jumpDeviation) else {
      throw refused("jump_deviation", jumpDeviation, "from 0 to 10")
    }
    guard crashBeta.magnitude <= 100 else {
      throw refused("crash_beta", crashBeta, "from -100 to 100")
    }
  }

  private func refused(_ name: String, _ found: Double, _ expected: String) -> Failure {
    Failure(
      .data,
      "generated paths: \(name) of \(Failure.shown(symbol)): found \(NumberText.shortest(found)),"
        + " expected \(expected)"
    )
  }
}
