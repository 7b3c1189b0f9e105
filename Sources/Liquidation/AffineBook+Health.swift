// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Numerics

extension AffineBook {
  /// Health of an account at the given prices, USD.
  ///
  /// Wide accounts: all values summed exactly and rounded once. The others: the least line of the
  /// first row, in the order of SEMANTICS B1.
  package func health(
    of account: Int,
    deposited: Micro,
    prices: [Double],
    confidences: [Double]
  ) -> Double {
    if shape[account] == .wide {
      let sum = wideSum(
        of: account,
        except: -1,
        deposited: deposited,
        prices: prices,
        confidences: confidences
      )
      return sum.rounded
    }
    let row = Int(firstRow[account])
    let constant = constant(
      of: row,
      deposited: deposited,
      prices: prices,
      confidences: confidences
    )
    let price = prices[Int(asset[row])]
    if table[row] == 0 { return constant + slope[row] * price }
    var health = Double.infinity
    for line in lines(of: row) {
      health = min(health, (constant + line.constant) + line.slope * price)
    }
    return health
  }

  /// Whether an account falls at the given prices: any of its rows is past its root (B2).
  package func isLiquidatable(
    account: Int,
    deposited: Micro,
    prices: [Double],
    confidences: [Double]
  ) -> Bool {
    guard hasDebt[account], !isEmpty[account] else { return false }
    return rows(of: account).contains { row in
      interval(of: row, deposited: deposited, prices: prices, confidences: confidences)
        .isViolated(at: prices[Int(asset[row])], atEquality: tripsAtEquality[account])
    }
  }

  /// The share of an account's exposure that is this row's asset, 1 for an isolated account.
  ///
  /// `|slope_a · P_a| / Σ_b |slope_b · P_b|` with the slopes of the branches at current prices;
  /// quote currencies have no row and do not count (SEMANTICS B8).
  package func crossShare(of row: Int, prices: [Double]) -> Double {
    let rows = rows(of: Int(account[row]))
    if rows.count == 1 { return 1 }
    var own = 0.0
    var others = 0.0
    for other in rows {
      let price = prices[Int(asset[other])]
      let slope =
        table[other] == 0 ? slope[other] : lines(of: other).active(at: price).slope
      let exposure = (slope * price).magnitude
      if other == row { own = exposure } else { others = others + exposure }
    }
    return own + others > 0 ? own / (own + others) : 1
  }

  /// `Σ size · price` over an account's rows, USD: what its risk is measured against.
  package func notional(of account: Int, prices: [Double]) -> Double {
    var sum = 0.0
    for row in rows(of: account) { sum = sum + traded(row) * prices[Int(asset[row])] }
    return sum
  }

  /// Health for each USD of size, lowest for what is most at risk; −infinity without size (B10).
  package func risk(
    of account: Int,
    deposited: Micro,
    prices: [Double],
    confidences: [Double]
  ) -> Double {
    let notional = notional(of: account, prices: prices)
    guard notional > 0 else { return -.infinity }
    return health(
      of: account,
      deposited: deposited,
      prices: prices,
      confidences: confidences
    ) / notional
  }

  /// The greatest size of a slope among a row's lines: how fast its value can move with its price.
  package func steepestSlope(of row: Int) -> Double {
    if table[row] == 0 { return slope[row].magnitude }
    return lines(of: row).reduce(0) { max($0, $1.slope.magnitude) }
  }

  /// Whether any row's root moves with other prices than its own.
  package func isCoupled(_ account: Int) -> Bool { shape[account] != .single }
}
