// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Markets
package import Numerics
package import TextKit

/// The kernel of accounts whose health moves with one asset at a time.
package enum IsolatedKernel {
  /// Rows that one thread takes at a time; fixed, so that threads cannot change anything.
  package static let chunk = 65_536

  /// Solves every row at current prices.
  ///
  /// * `deposited`: protection of each account, added to every line.
  /// * `snapshot`: prices and confidences by asset.
  /// * `threads`: how many chunks are worked on at once; no influence on the result.
  /// - Complexity: one pass; reads 44 bytes a row and writes 40.
  package static func solve(
    _ book: AffineBook,
    deposited: [Micro],
    snapshot: PriceSnapshot,
    threads: Int
  ) throws(Failure) -> [Assessment] {
    let blank = Assessment(
      HealthyInterval(slope: 0, constant: 1),
      price: 1,
      isEmpty: true,
      hasDebt: false,
      atEquality: false
    )
    return try Parallel.fill(
      count: book.rowCount,
      chunk: chunk,
      with: blank,
      threads: threads
    ) { (rows: borrowing Parallel.Chunk<Assessment>) throws(Failure) in
      for row in rows.range {
        let account = Int(book.account[row])
        let interval = book.interval(
          of: row,
          deposited: deposited[account],
          prices: snapshot.prices,
          confidences: snapshot.confidences
        )
        rows[row] = book.assess(row, interval, prices: snapshot.prices)
      }
    }
  }
}
