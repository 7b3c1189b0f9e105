// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Markets
package import Numerics

/// The book compiled to rows of numbers: the one form that every kernel works on.
///
/// A row is one account seen along one asset's price, all else held fixed:
///
///     health(P) = min over the lines k of the row's table of
///                 (slope − |slope| · rate_k) · P + ((base + deposited) + deduction_k)
///
/// `slope` already holds the weight or the single rate, except in rows with a table of several
/// tiers (SEMANTICS B1). Columns are in book order; an account's rows stand together.
package struct AffineBook: Sendable {
  /// Terms of a row's base that move with prices: another asset's leg, the account's own mark-down.
  package struct Coupling: Sendable {
    /// Asset of the other leg, −1 when only the mark-down moves.
    package var asset: Int
    package var slope: Double
    /// Quote value and collateral of the account, USD.
    package var fixed: Double
    package var markdownQuantity: Double
    package var markdownWeight: Double
    /// Asset whose confidence marks the collateral down.
    package var markdownAsset: Int
  }

  // Rows.
  package var account: [Int32] = []
  /// Underlying asset whose price is solved for.
  package var asset: [Int32] = []
  package var table: [Int32] = []
  package var slope: [Double] = []
  /// Net quantity in units of the underlying; its size is what is forced to trade.
  package var quantity: [Double] = []
  /// Constant without deposits: quote value, collateral and entry value, USD.
  package var base: [Double] = []
  /// Index of the row's coupling, −1 for none.
  package var coupling: [Int32] = []
  package var couplings: [Coupling] = []

  // Accounts.
  /// First row of each account, and one more entry for the end.
  package var firstRow: [Int32] = [0]
  package var isEmpty: [Bool] = []
  package var hasDebt: [Bool] = []
  package var tripsAtEquality: [Bool] = []
  /// Equity that no price moves: collateral, −q·entry of perps, quote deposits less borrows, USD.
  package var equityBase: [Double] = []

  package var margins: MarginTableSet

  package init(margins: MarginTableSet) { self.margins = margins }

  package var rowCount: Int { slope.count }
  package var accountCount: Int { isEmpty.count }

  /// The rows of an account, which lie side by side.
  @inline(__always)
  package func rows(of account: Int) -> Range<Int> {
    Int(firstRow[account])..<Int(firstRow[account + 1])
  }

  /// The row's constant without deposits at the given prices and confidences.
  @inline(__always)
  package func base(of row: Int, prices: [Double], confidences: [Double]) -> Double {
    let index = Int(coupling[row])
    if index < 0 { return base[row] }
    let term = couplings[index]
    let other = term.asset < 0 ? term.slope : term.slope * prices[term.asset]
    let sum = other + term.fixed
    if term.markdownQuantity == 0 { return sum }
    return sum - (term.markdownQuantity * confidences[term.markdownAsset]) * term.markdownWeight
  }

  /// The prices between which the row is healthy, with deposits added to every line.
  @inline(__always)
  package func interval(
    of row: Int,
    deposited: Micro,
    prices: [Double],
    confidences: [Double]
  ) -> HealthyInterval {
    let constant = base(of: row, prices: prices, confidences: confidences) + usd(deposited)
    let index = Int(table[row])
    if index == 0 { return HealthyInterval(slope: slope[row], constant: constant) }
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

  /// Health of an account at the given prices, by its first row, USD.
  package func health(
    of account: Int,
    deposited: Micro,
    prices: [Double],
    confidences: [Double]
  ) -> Double {
    if isWide(account) { return wideHealth(of: account, deposited: deposited, prices: prices) }
    let row = Int(firstRow[account])
    let constant = base(of: row, prices: prices, confidences: confidences) + usd(deposited)
    let price = prices[Int(asset[row])]
    var health = Double.infinity
    for line in margins[Int(table[row])].lines {
      let lineSlope = slope[row] - slope[row].magnitude * line.rate
      health = min(health, (constant + line.deduction) + lineSlope * price)
    }
    return health
  }
}
