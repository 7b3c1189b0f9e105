// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Numerics

/// How much prices moved lately, by underlying asset.
///
///     move ← max(move · 2^(−Δt / half-life), |price / last price − 1|)
///
/// 0 at the first step. What keepers and penalties call volatility.
package struct RecentMoves: Sendable, Equatable {
  private let halfLifeSeconds: Double
  private var last: [Double]
  package private(set) var moves: [Double]

  package init(halfLifeSeconds: Double, assetCount: Int) {
    self.halfLifeSeconds = halfLifeSeconds
    last = Array(repeating: .nan, count: assetCount)
    moves = Array(repeating: 0, count: assetCount)
  }

  /// Takes the prices of a step, some milliseconds after the last.
  package mutating func take(_ prices: [Double], elapsedMilliseconds: Int64) {
    let seconds = Double(elapsedMilliseconds) / 1000
    let decay = ExactMath.exp2(-min(seconds / halfLifeSeconds, 1000))
    for asset in prices.indices {
      let move = (prices[asset] / last[asset] - 1).magnitude
      moves[asset] = max(moves[asset] * decay, move.isNaN ? 0 : move)
      last[asset] = prices[asset]
    }
  }
}
