// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Concentrated liquidity over a range of prices; amounts in doubles (venues.md 8.1).
///
///     base  = L · (1/√c − 1/√high)        quote = L · (√c − √low)       c = price within the range
///
/// Orca and Raydium hold the same amounts in whole native units (`OrcaLiquidity`). The vault's
/// deployment is such a range.
package struct LiquidityRange: Sendable, Equatable {
  package let low: Double
  package let high: Double
  package let lowRoot: Double
  package let highRoot: Double

  package init(low: Double, high: Double) {
    (self.low, self.high) = (low, high)
    lowRoot = low.squareRoot()
    highRoot = high.squareRoot()
  }

  /// The price that counts: the nearest one within the range.
  package func clamped(_ price: Double) -> Double { min(max(price, low), high) }

  /// Base units that a liquidity holds at a price.
  package func base(_ liquidity: Double, at price: Double) -> Double {
    liquidity * (1 / clamped(price).squareRoot() - 1 / highRoot)
  }

  /// Quote units that a liquidity holds at a price.
  package func quote(_ liquidity: Double, at price: Double) -> Double {
    liquidity * (clamped(price).squareRoot() - lowRoot)
  }

  /// What a liquidity is worth at a price, in quote units: `base · price + quote`.
  ///
  /// Concave in the price: below the range it falls with the price, above it stands still.
  package func value(_ liquidity: Double, at price: Double) -> Double {
    base(liquidity, at: price) * price + quote(liquidity, at: price)
  }
}
