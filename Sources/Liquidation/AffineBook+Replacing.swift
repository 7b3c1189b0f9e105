// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

extension AffineBook {
  /// Puts an account as it is now in the place of what was compiled for it.
  ///
  /// The legs may have other quantities, entries and collateral, but are of the same assets, so
  /// that the account keeps its rows.
  /// * `new`: the account alone, compiled under the same venues.
  package mutating func replace(_ account: Int, with new: AffineBook) {
    let first = Int(firstRow[account])
    precondition(
      new.accountCount == 1 && new.rowCount == Int(firstRow[account + 1]) - first,
      "Invariant: a changed account keeps its rows"
    )
    for place in 0..<new.rowCount {
      let row = first + place
      slope[row] = new.slope[place]
      quantity[row] = new.quantity[place]
      base[row] = new.base[place]
      tradedOfRow[Int32(row)] = new.tradedOfRow[Int32(place)]
      table[row] = new.table[place]
      if new.table[place] < 0 {
        ownLines.append(new.ownLines[Int(-new.table[place]) - 1])
        table[row] = Int32(-ownLines.count)
      }
      markdown[row] = -1
      if new.markdown[place] >= 0 {
        markdown[row] = Int32(markdowns.count)
        markdowns.append(new.markdowns[Int(new.markdown[place])])
      }
    }
    shape[account] = new.shape[0]
    isEmpty[account] = new.isEmpty[0]
    hasDebt[account] = new.hasDebt[0]
    equityFixed[account] = new.equityFixed[0]
    wholeUpToUSD[account] = new.wholeUpToUSD[0]
    fixedLow[account] = new.fixedLow[0]
  }
}
