// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Liquidation

/// What liquidation orders of one step do to the price, by asset and direction.
///
///     moved = orders / (100 · depth)        average slippage = (2 · before + order) / (200 ·
///   depth)
///
/// `depth` USD move the mark 1 %; the book is flat up to there and full again at the next step.
/// A sale goes `below`, a purchase `above`. Orders of a step follow each other in the order of
/// risk.
package struct MarketDepth: Sendable {
  /// USD that move the mark by all of itself.
  private let wholeUSD: Double
  private var used: [Double]

  package init(depthUSDPerPercent: Double, assetCount: Int) {
    wholeUSD = 100 * depthUSDPerPercent
    used = Array(repeating: 0, count: assetCount * 2)
  }

  /// Lets the book fill again.
  package mutating func refill() {
    for place in used.indices { used[place] = 0 }
  }

  /// USD that may still be traded before the mark has moved too far.
  package func room(_ asset: Int, _ direction: Direction, maxSlippage: Double) -> Double {
    max(0, maxSlippage * wholeUSD - used[place(asset, direction)])
  }

  /// Trades an order and returns its average slippage, a share of the mark.
  package mutating func trade(_ valueUSD: Double, _ asset: Int, _ direction: Direction) -> Double {
    guard valueUSD > 0, wholeUSD > 0 else { return 0 }
    let place = place(asset, direction)
    let slippage = (2 * used[place] + valueUSD) / (2 * wholeUSD)
    used[place] = used[place] + valueUSD
    return min(1, slippage)
  }

  private func place(_ asset: Int, _ direction: Direction) -> Int {
    asset * 2 + (direction == .below ? 0 : 1)
  }
}
