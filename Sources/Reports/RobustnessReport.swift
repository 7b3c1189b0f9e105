// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Numerics
package import Sweeps
package import Tables
package import TextKit

/// `robustness.csv`: for each cell how much worse its neighbours are, and its ranks.
package enum RobustnessReport {
  /// Rows that one thread writes at a time.
  private static let chunk = 8192

  /// The file of all cells, in the order of `sweep.csv`.
  ///
  /// * `threads`: no influence on the bytes.
  package static func table(
    _ robustness: Robustness,
    of rows: SweepRows,
    axes: [Axis],
    threads: Int
  ) throws(Failure) -> CSVBuilder {
    let chunks = try Parallel.map((rows.count + chunk - 1) / chunk, threads: threads) {
      (index: Int) throws(Failure) -> CSVBuilder in
      var table = CSVBuilder()
      for row in index * chunk..<min(rows.count, (index + 1) * chunk) {
        let cell = rows.cell(row)
        table.text(cell.id)
        for value in cell.values { table.number(value) }
        write(robustness[row], to: &table)
        table.endRow()
      }
      return table
    }
    var table = CSVBuilder(capacity: chunks.reduce(1024) { $0 + $1.bytes.count })
    table.row(
      ["cell_id"] + axes.map(\.name) + [
        "vault_pnl_usd", "plateau_usd", "plateau_drop_usd", "rank", "rank_first_half",
        "rank_second_half",
      ]
    )
    for chunk in chunks { table.append(chunk) }
    return table
  }

  private static func write(_ entry: Robustness.Entry, to table: inout CSVBuilder) {
    table.money(entry.pnl)
    table.money(entry.plateau)
    table.money(entry.drop)
    table.integer(entry.rank)
    for rank in [entry.rankFirstHalf, entry.rankSecondHalf] {
      if let rank { table.integer(rank) } else { table.empty() }
    }
  }
}
