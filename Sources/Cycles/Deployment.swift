// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Clusters
internal import Markets
package import Numerics
package import TextKit

/// Why a cycle ended.
package enum ExitReason: String, CaseIterable, Sendable {
  case recover
  case stopLoss = "stop_loss"
  case timeout
  /// The path ended.
  case end
}

/// Concentrated liquidity over one cluster's bin, quote side only (DESIGN 6.1, SEMANTICS B14).
///
///     L = D / (√high − √low)                    f = (√high − √c) / (√high − √low)
///     base = L · (1/√c − 1/√high)               c = min(max(lowest, low), high)
///
/// The deploy price √(low·high) is exactly the average price at which the bin is filled.
package struct Deployment: Sendable, Equatable {
  package let cluster: Cluster
  package let deployedAt: Int64
  package let amount: Micro
  package let deployPrice: Double
  package private(set) var lowest: Double
  /// First step at which the stop-loss held.
  package var stopSince: Int64?
  /// First step at which something was filled, where the monitor is behind.
  package var filledSince: Int64?
  /// Quote that traded against the position as an AMM.
  package private(set) var tradedAMM: Int128 = 0

  private let range: LiquidityRange
  private let liquidity: Double
  private var lastSpot: Double
  private var lastQuote: Micro

  /// No position at all: what stands where there has been none.
  static let nothing = Deployment()

  private init() {
    cluster = Cluster.nothing
    (amount, deployedAt, lastQuote) = (0, 0, 0)
    (deployPrice, lowest, liquidity, lastSpot) = (0, 0, 0, 0)
    range = LiquidityRange(low: 0, high: 0)
  }

  package init(_ cluster: Cluster, amount: Micro, time: Int64, spot: Double) throws(Failure) {
    self.cluster = cluster
    self.amount = amount
    deployedAt = time
    deployPrice = (cluster.low * cluster.high).squareRoot()
    range = LiquidityRange(low: cluster.low, high: cluster.high)
    liquidity = usd(amount) / (range.highRoot - range.lowRoot)
    lowest = spot
    lastSpot = spot
    lastQuote = try micro(range.quote(liquidity, at: cluster.high))
  }

  /// Takes a new spot price and the forced flow of the step.
  ///
  /// * `flow`: asked only where the range is touched.
  package mutating func move(
    to spot: Double,
    flow: () throws(Failure) -> Int128,
    flowShare: Double
  ) throws(Failure) {
    lowest = min(lowest, spot)
    let quote = try micro(range.quote(liquidity, at: spot))
    var traded = Int128(quote - lastQuote).magnitude
    let isTouched = min(lastSpot, spot) <= cluster.high && max(lastSpot, spot) >= cluster.low
    if isTouched {
      let flow = try flow()
      if flow > 0 {
        let own = (flowShare * nearestDouble(flow)).rounded(.toNearestOrEven)
        traded = max(traded, UInt128(own))
      }
    }
    tradedAMM += Int128(traded)
    lastSpot = spot
    lastQuote = quote
  }

  /// Passes over steps at which spot stayed on one side of the range, to one of them: nothing
  /// trades.
  mutating func pass(to spot: Double) {
    lowest = min(lowest, spot)
    lastSpot = spot
  }

  /// Passes over steps of which the lowest price and what traded are known.
  mutating func pass(lowest price: Double, traded: Int128) {
    lowest = min(lowest, price)
    tradedAMM += traded
  }

  package var filledShare: Double {
    (range.highRoot - range.clamped(lowest).squareRoot()) / (range.highRoot - range.lowRoot)
  }

  package var baseBought: Double { range.base(liquidity, at: lowest) }

  /// Base and quote that the range holds at a price while liquidity stays in it.
  package func holdings(at spot: Double) throws(Failure) -> (base: Double, quote: Micro) {
    (range.base(liquidity, at: spot), try micro(range.quote(liquidity, at: spot)))
  }
}
