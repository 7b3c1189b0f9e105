// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Numerics

/// The book as scenarios see it: an account's health is a sum of rows, each moved by one price.
///
///     health = fixed + Σ over rows of (min over lines (slope · P + constant) − markdown ·
///     confidence) equity = equityFixed + deposited + Σ over rows of quantity · P
extension AffineBook {
  /// Everything of an account's health that no price moves, USD.
  package func fixed(of account: Int, deposited: Micro) -> Double {
    base[Int(firstRow[account])] + usd(deposited)
  }

  /// What health loses for each USD of the confidence of the row's asset.
  package func markdown(of row: Int) -> Double {
    guard markdown[row] >= 0 else { return 0 }
    let term = markdowns[Int(markdown[row])]
    return term.quantity * term.weight
  }

  /// Everything of an account's equity that no price moves, without deposits, USD.
  package func equityFixed(of account: Int) -> Double { equityFixed[account] }

  /// One row of an account that is added as a whole.
  package struct WideRow: Sendable {
    /// Underlying asset.
    package var asset: Int32
    /// Signed size, units of the underlying.
    package var quantity: Double
    /// Health per USD of the price before the margin table, units.
    package var slope: Double
    /// Margin table, 0 for none.
    package var table: Int32

    package init(asset: Int32, quantity: Double, slope: Double, table: Int32 = 0) {
      (self.asset, self.quantity) = (asset, quantity)
      (self.slope, self.table) = (slope, table)
    }
  }

  /// Adds a cross account of rows, sorted by the symbols of their assets.
  ///
  /// * `fixed`: what no price moves in health, without deposits, USD.
  /// * `equityFixed`: the same of equity, USD.
  package mutating func append(
    _ rows: [WideRow],
    fixed: Double,
    equityFixed: Double,
    tripsAtEquality: Bool
  ) {
    for row in rows {
      account.append(Int32(accountCount))
      asset.append(row.asset)
      table.append(row.table)
      slope.append(row.slope)
      quantity.append(row.quantity)
      base.append(fixed)
      markdown.append(-1)
    }
    firstRow.append(Int32(rowCount))
    shape.append(.wide)
    fixedLow.append(0)
    isEmpty.append(rows.allSatisfy { $0.quantity == 0 })
    hasDebt.append(true)
    self.tripsAtEquality.append(tripsAtEquality)
    wholeUpToUSD.append(.infinity)
    self.equityFixed.append(equityFixed)
  }
}
