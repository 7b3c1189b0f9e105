// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets
package import Numerics

/// One line of a row: `slope · P + constant`, USD.
package struct RowLine: Sendable, Equatable {
  /// Health per USD of the price, units of the underlying.
  package var slope: Double
  /// Deduction of the tier, USD.
  package var constant: Double

  package init(slope: Double, constant: Double) {
    (self.slope, self.constant) = (slope, constant)
  }
}

/// The book as scenarios see it: an account's health is a sum of rows, each moved by one price.
///
///     health = fixed + Σ over rows of (min over lines (slope · P + constant) − markdown ·
///     confidence) equity = equityFixed + deposited + Σ over rows of quantity · P
extension AffineBook {
  /// The lines of a row; its value is the least of them, one line for most rows.
  package func lines(of row: Int) -> [RowLine] {
    let index = Int(table[row])
    if index == 0 { return [RowLine(slope: slope[row], constant: 0)] }
    return margins[index].lines.map {
      RowLine(
        slope: slope[row] - slope[row].magnitude * $0.rate,
        constant: $0.deduction
      )
    }
  }

  /// What health loses for each USD of the confidence of the row's asset.
  package func markdown(of row: Int) -> Double {
    let index = Int(coupling[row])
    guard index >= 0, couplings[index].markdownAsset == Int(asset[row]) else { return 0 }
    return couplings[index].markdownQuantity * couplings[index].markdownWeight
  }

  /// Everything of an account's health that no price moves, USD.
  package func fixed(of account: Int, deposited: Micro) -> Double {
    let row = Int(firstRow[account])
    let index = Int(coupling[row])
    return (index < 0 ? base[row] : couplings[index].fixed) + usd(deposited)
  }

  /// Everything of an account's equity that no price moves, without deposits, USD.
  package func equityFixed(of account: Int) -> Double { equityBase[account] }

  /// Whether an account falls: one of its rows is past its root (SEMANTICS B2).
  package func isLiquidatable(
    account: Int,
    deposited: Micro,
    prices: [Double],
    confidences: [Double]
  ) -> Bool {
    guard hasDebt[account], !isEmpty[account] else { return false }
    let isWide = isWide(account)
    return rows(of: account).contains { row in
      let interval =
        isWide
        ? wideInterval(of: row, account: account, deposited: deposited, prices: prices)
        : interval(of: row, deposited: deposited, prices: prices, confidences: confidences)
      return interval.isViolated(
        at: prices[Int(asset[row])],
        atEquality: tripsAtEquality[account]
      )
    }
  }

  /// Whether an account has more rows than the two of a loan.
  func isWide(_ account: Int) -> Bool {
    let rows = rows(of: account)
    return rows.count > 1 && coupling[rows.lowerBound] < 0
  }

  /// Health of an account of many rows: exact products, added up and rounded once.
  func wideHealth(of account: Int, deposited: Micro, prices: [Double]) -> Double {
    wideSum(of: account, without: -1, deposited: deposited, prices: prices)
  }

  private func wideInterval(
    of row: Int,
    account: Int,
    deposited: Micro,
    prices: [Double]
  ) -> HealthyInterval {
    let rest = wideSum(of: account, without: row, deposited: deposited, prices: prices)
    var interval = HealthyInterval(slope: 0, constant: 1)
    for line in lines(of: row) {
      let one = HealthyInterval(slope: line.slope, constant: rest + line.constant)
      interval.lower = max(interval.lower, one.lower)
      interval.upper = min(interval.upper, one.upper)
    }
    return interval
  }

  private func wideSum(
    of account: Int,
    without excluded: Int,
    deposited: Micro,
    prices: [Double]
  ) -> Double {
    var sum = DoubleDoubleSum(fixed(of: account, deposited: deposited))
    for row in rows(of: account) where row != excluded {
      let price = prices[Int(asset[row])]
      var least: (value: Double, line: RowLine)?
      for line in lines(of: row) {
        let value = line.slope * price + line.constant
        if value < least?.value ?? .infinity { least = (value, line) }
      }
      guard let line = least?.line else { continue }
      sum.add(line.slope, times: price)
      sum.add(line.constant)
    }
    return sum.rounded
  }

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
      coupling.append(-1)
    }
    firstRow.append(Int32(rowCount))
    isEmpty.append(rows.allSatisfy { $0.quantity == 0 })
    hasDebt.append(true)
    self.tripsAtEquality.append(tripsAtEquality)
    equityBase.append(equityFixed)
  }
}
