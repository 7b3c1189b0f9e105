// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
internal import Markets
internal import Numerics
package import TextKit

/// What falling accounts came to where they are closed at the mark, without the insurance fund.
package struct MarketCloses: Sendable {
  /// One close as the fund sees it.
  struct Claim: Sendable {
    var account: Int32
    var step: Int32
    /// Equity at the mark, and the penalty of it that the fund gets.
    var equity: Micro
    var penalty: Micro
  }

  package private(set) var count = 0
  package private(set) var liquidated: Int128 = 0
  /// Σ of what accounts were short of.
  private(set) var shortfall: Int128 = 0
  /// In the order of the falls, where the fund is used.
  private(set) var claims: [Claim] = []

  /// Whether the fund ever holds or gets anything, so that the order of claims matters.
  static func usesFund(_ settings: LiquidationSettings) -> Bool {
    settings.insurance > 0 || settings.penalty > 0
  }

  /// Closes some accounts; those that auctions sell are only counted.
  package init(
    _ falls: [AccountFall],
    _ settings: LiquidationSettings,
    _ lanes: AccountLanes,
    _ track: OracleTrack
  ) throws(Failure) {
    let usesFund = MarketCloses.usesFund(settings)
    count = falls.count
    for fall in falls where !lanes.sellsByAuction[Int(fall.account)] {
      let close = try lanes.close(Int(fall.account), deposited: fall.deposited) {
        track.price(ofLeg: $0, at: Int(fall.step), lanes)
      }
      liquidated += close.liquidated
      if close.equity < 0 { shortfall -= Int128(close.equity) }
      if usesFund {
        claims.append(
          Claim(
            account: fall.account,
            step: fall.step,
            equity: close.equity,
            penalty: close.equity >= 0 ? try close.penalty(rate: settings.penalty) : 0
          )
        )
      }
    }
  }

  /// Both parts together.
  package static func + (a: MarketCloses, b: MarketCloses) -> MarketCloses {
    var sum = a
    sum.count += b.count
    sum.liquidated += b.liquidated
    sum.shortfall += b.shortfall
    sum.claims += b.claims
    return sum
  }
}

extension OracleTrack {
  /// The price of a leg's asset: the ratio times the underlying's for a derived one.
  @inline(__always)
  func price(ofLeg asset: Int, at step: Int, _ lanes: AccountLanes) -> Double {
    let entry = lanes.input.catalogue.assets[asset]
    let price = price(of: entry.underlying, at: step)
    return entry.underlying == asset ? price : entry.ratio * price
  }

  /// The confidence of a leg's asset, USD.
  func confidence(ofLeg asset: Int, at step: Int, _ lanes: AccountLanes) -> Double {
    let entry = lanes.input.catalogue.assets[asset]
    let confidence =
      confidenceRatios[entry.underlying] * price(of: entry.underlying, at: step)
    return entry.underlying == asset ? confidence : entry.ratio * confidence
  }
}
