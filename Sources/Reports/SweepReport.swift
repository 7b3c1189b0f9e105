// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Numerics
package import Sweeps
package import Tables
package import TextKit

/// `sweep.csv` and `frontier.csv`: one row for each cell.
package enum SweepReport {
  /// A file of some rows: cell, swept settings, metrics.
  package static func table(_ rows: [SweepRow], axes: [Axis], metrics: [String]) -> CSVBuilder {
    var table = CSVBuilder()
    table.row(["cell_id"] + axes.map(\.name) + metrics)
    for row in rows {
      table.text(row.cellID)
      for value in row.values { table.number(value) }
      write(row.metrics[...], to: &table)
      table.endRow()
    }
    return table
  }

  private static func write(_ metrics: ArraySlice<MetricValue>, to table: inout CSVBuilder) {
    for metric in metrics {
      switch metric {
      case .money(let micro): table.money(micro)
      case .number(let value): table.number(value)
      }
    }
  }

  /// Rows that one thread writes at a time.
  private static let chunk = 8192

  /// The file of all rows; what rows share is made into text once.
  ///
  /// * `threads`: no influence on the bytes.
  package static func table(
    of rows: SweepRows,
    axes: [Axis],
    metrics: [String],
    threads: Int
  ) throws(Failure) -> CSVBuilder {
    let chunks = try Parallel.map((rows.count + chunk - 1) / chunk, threads: threads) {
      (index: Int) throws(Failure) -> CSVBuilder in
      var table = CSVBuilder()
      var known: [Int: CSVBuilder.FieldText] = [:]
      for row in index * chunk..<min(rows.count, (index + 1) * chunk) {
        let cell = rows.cell(row)
        table.text(cell.id)
        for value in cell.values { table.number(value) }
        for piece in rows.pieces(of: cell) {
          if let key = piece.key, let text = known[key] {
            table.fields(text)
            continue
          }
          let text = CSVBuilder.fields { write(piece.values, to: &$0) }
          if let key = piece.key { known[key] = text }
          table.fields(text)
        }
        table.endRow()
      }
      return table
    }
    var table = CSVBuilder(capacity: chunks.reduce(1024) { $0 + $1.bytes.count })
    table.row(["cell_id"] + axes.map(\.name) + metrics)
    for chunk in chunks { table.append(chunk) }
    return table
  }
}
