// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Sweeps
package import Tables

/// `sweep.csv` and `frontier.csv`: one row for each cell.
package enum SweepReport {
  /// A file of some rows: cell, swept settings, metrics.
  package static func table(_ rows: [SweepRow], axes: [Axis], metrics: [String]) -> CSVBuilder {
    var table = CSVBuilder()
    table.row(["cell_id"] + axes.map(\.name) + metrics)
    for row in rows {
      table.text(row.cellID)
      for value in row.values { table.number(value) }
      for metric in row.metrics {
        switch metric {
        case .money(let micro): table.money(micro)
        case .number(let value): table.number(value)
        }
      }
      table.endRow()
    }
    return table
  }
}
