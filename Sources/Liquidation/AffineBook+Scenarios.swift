// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Numerics

extension AffineBook {
  /// Everything of an account's health that no price moves, USD.
  package func fixed(of account: Int, deposited: Micro) -> Double {
    base[Int(firstRow[account])] + usd(deposited)
  }

  /// How much health a USD of the confidence of a row's asset takes: `quantity · weight`.
  package func markdown(of row: Int) -> Double {
    guard markdown[row] >= 0 else { return 0 }
    let term = markdowns[Int(markdown[row])]
    return term.quantity * term.weight
  }
}
