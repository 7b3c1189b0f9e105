// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Markets
package import Numerics

/// The book compiled to rows of numbers: the one form that every kernel works on.
///
/// A row is one account seen along one asset's price, all else held fixed:
///
///     health(P) = min over the row's lines k of  slope_k · P + ((base + deposited) + constant_k)
///
/// The rows of an account lie side by side, so rows are sparse in assets (CSR) and `firstRow` is
/// their index. Columns are in book order. `slope` already holds the weight or the single rate,
/// except in rows with a table of several tiers (SEMANTICS B1).
package struct AffineBook: Sendable {
  /// A conservative mark: health falls by `(quantity · confidence) · weight`.
  package struct Markdown: Sendable {
    package var asset: Int
    package var quantity: Double
    package var weight: Double
  }

  /// How the constant of an account's rows is made.
  package enum Shape: UInt8, Sendable {
    /// One row whose constant no price moves: `base`.
    case single
    /// One deposit against one borrow, or a marked-down deposit: SEMANTICS B1 and B3 to the bit.
    case pair
    /// Any number of rows: everything but the row itself, summed exactly and rounded once.
    case wide
  }

  // Rows.
  package var account: [Int32] = []
  /// Underlying asset whose price is solved for.
  package var asset: [Int32] = []
  /// 0 for one line, above 0 a margin table, below 0 lines of its own.
  package var table: [Int32] = []
  package var slope: [Double] = []
  /// Net quantity in units of the underlying.
  package var quantity: [Double] = []
  /// What no price moves, without deposits, USD; for wide accounts the high half of it.
  package var base: [Double] = []
  /// What is forced to trade where that is not the net quantity: the perp of a row that hedges it
  /// with spot.
  package var tradedOfRow: [Int32: Double] = [:]
  /// Index of the mark-down that the row carries, −1 for none.
  package var markdown: [Int32] = []
  package var markdowns: [Markdown] = []
  /// Lines of rows whose legs have more than one table or slope.
  package var ownLines: [[RowLine]] = []

  // Accounts.
  /// First row of each account, and one more entry for the end.
  package var firstRow: [Int32] = [0]
  package var shape: [Shape] = []
  package var isEmpty: [Bool] = []
  package var hasDebt: [Bool] = []
  package var tripsAtEquality: [Bool] = []
  /// Unweighted value that no price moves: collateral, entry values, quote deposits and borrows.
  package var equityFixed: [Double] = []
  /// Size up to which a liquidation closes a row of the account whole, USD.
  package var wholeUpToUSD: [Double] = []
  /// Low half of what no price moves in a wide account.
  package var fixedLow: [Double] = []

  package var margins: MarginTableSet

  /// Prices that move one account, at most: each row's constant is a sum over all others.
  package static let mostAssets = 10_000

  package init(margins: MarginTableSet) { self.margins = margins }

  package var rowCount: Int { slope.count }
  package var accountCount: Int { isEmpty.count }

  /// The rows of an account, which lie side by side.
  @inline(__always)
  package func rows(of account: Int) -> Range<Int> {
    Int(firstRow[account])..<Int(firstRow[account + 1])
  }

  /// Size that is forced to trade when the account falls, in units of the underlying.
  @inline(__always)
  package func traded(_ row: Int) -> Double {
    if tradedOfRow.isEmpty { return quantity[row].magnitude }
    return tradedOfRow[Int32(row)] ?? quantity[row].magnitude
  }

  /// Whether a liquidation at a price closes the row whole, in one rung.
  @inline(__always)
  package func closesWhole(_ row: Int, at price: Double) -> Bool {
    traded(row) * price <= wholeUpToUSD[Int(account[row])]
  }

  /// The lines of a row, one for most.
  package func lines(of row: Int) -> [RowLine] {
    let index = Int(table[row])
    if index == 0 { return [RowLine(slope: slope[row], constant: 0)] }
    if index < 0 { return ownLines[-index - 1] }
    return RowLine.lines(of: slope[row], under: margins[index])
  }

  /// The row's constant with deposits at the given prices and confidences.
  @inline(__always)
  package func constant(
    of row: Int,
    deposited: Micro,
    prices: [Double],
    confidences: [Double]
  ) -> Double {
    let account = Int(self.account[row])
    switch shape[account] {
    case .single: return base[row] + usd(deposited)
    case .pair:
      return pairBase(of: row, account, prices: prices, confidences: confidences) + usd(deposited)
    case .wide:
      let sum = wideSum(
        of: account,
        except: row,
        deposited: deposited,
        prices: prices,
        confidences: confidences
      )
      return sum.rounded
    }
  }

  /// `(other leg's slope · its price + fixed) − (quantity · confidence) · weight`.
  private func pairBase(
    of row: Int,
    _ account: Int,
    prices: [Double],
    confidences: [Double]
  ) -> Double {
    var sum = base[row]
    for other in rows(of: account) where other != row {
      sum = slope[other] * prices[Int(asset[other])] + sum
    }
    for marked in rows(of: account) where markdown[marked] >= 0 {
      let term = markdowns[Int(markdown[marked])]
      sum = sum - (term.quantity * confidences[term.asset]) * term.weight
    }
    return sum
  }

  /// Everything of a wide account's health but one row, without rounding.
  ///
  /// Products are exact, each row stands in its own tier, and the error of the sum is far below
  /// half a unit of its last place; `except` −1 leaves nothing out.
  func wideSum(
    of account: Int,
    except left: Int,
    deposited: Micro,
    prices: [Double],
    confidences: [Double]
  ) -> DoubleDouble {
    let rows = rows(of: account)
    var sum = DoubleDouble(high: base[rows.lowerBound], low: fixedLow[account])
    sum = sum + DoubleDouble(high: usd(deposited), low: 0)
    for row in rows {
      if markdown[row] >= 0 {
        let term = markdowns[Int(markdown[row])]
        let size = (term.quantity * confidences[term.asset]) * term.weight
        sum = sum + DoubleDouble(high: -size, low: 0)
      }
      if row == left { continue }
      let price = prices[Int(asset[row])]
      if table[row] == 0 {
        sum = sum + DoubleDouble.exactProduct(slope[row], price)
      } else {
        let line = lines(of: row).active(at: price)
        sum = sum + DoubleDouble.exactProduct(line.slope, price)
        sum = sum + DoubleDouble(high: line.constant, low: 0)
      }
    }
    return sum
  }

  /// The prices between which the row is healthy, with deposits added to every line.
  @inline(__always)
  package func interval(
    of row: Int,
    deposited: Micro,
    prices: [Double],
    confidences: [Double]
  ) -> HealthyInterval {
    let constant = constant(
      of: row,
      deposited: deposited,
      prices: prices,
      confidences: confidences
    )
    let index = Int(table[row])
    if index == 0 { return HealthyInterval(slope: slope[row], constant: constant) }
    if index < 0 { return HealthyInterval(lines: ownLines[-index - 1], constant: constant) }
    return HealthyInterval(slope: slope[row], constant: constant, lines: margins[index].lines)
  }

  /// Decides how a row stands toward the present price of its asset (SEMANTICS B2).
  @inline(__always)
  package func assess(_ row: Int, _ interval: HealthyInterval, prices: [Double]) -> Assessment {
    let account = Int(self.account[row])
    return Assessment(
      interval,
      price: prices[Int(asset[row])],
      isEmpty: isEmpty[account],
      hasDebt: hasDebt[account],
      atEquality: tripsAtEquality[account]
    )
  }
}
