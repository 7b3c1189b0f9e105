// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Tables
package import TextKit

/// One row of `cycles.csv`, as far as pictures need it.
package struct CycleRow: Sendable {
  package var cellID = ""
  package var scenario = 0
  package var asset = ""
  package var cycle = 0
  package var low = 0.0
  package var high = 0.0
  package var deployedAt: Int64 = 0
  package var deployPrice = 0.0
  package var filledShare = 0.0
  package var lowestPrice = 0.0
  package var exitedAt: Int64 = 0
  package var exitReason = ""
  package var exitPrice = 0.0
  package var pnlUSD = 0.0

  /// A row without contents, to be filled.
  package init() {}
}

/// The cycles of the cells shown in detail: P&L by scenario, and the cycle that shows most.
package struct CycleRows: Sendable {
  package private(set) var rows: [CycleRow] = []

  /// More rows are not kept; a report shows a few cells.
  private static let mostRows = 200_000

  /// Reads the file; columns beyond those that are needed are passed over.
  package init(path: String) throws(Failure) {
    var reader = try CSVReader(
      path: path,
      required: [
        "cell_id", "scenario", "asset", "cycle", "cluster_low", "cluster_high", "deployed_at",
        "deploy_price", "filled_share", "lowest_price", "exited_at", "exit_reason", "exit_price",
        "pnl_usd",
      ]
    )
    while try reader.next(), rows.count < CycleRows.mostRows {
      var row = CycleRow()
      row.cellID = try reader.text(0)
      row.scenario = Int(try reader.integer(1))
      row.asset = try reader.text(2)
      row.cycle = Int(try reader.integer(3))
      row.low = try reader.number(4)
      row.high = try reader.number(5)
      row.deployedAt = try reader.integer(6)
      row.deployPrice = try reader.number(7)
      row.filledShare = try reader.number(8)
      row.lowestPrice = try reader.number(9)
      row.exitedAt = try reader.integer(10)
      row.exitReason = try reader.text(11)
      row.exitPrice = try reader.number(12)
      row.pnlUSD = try reader.number(13)
      rows.append(row)
    }
  }

  /// P&L of a cell's cycles by scenario; scenarios without a cycle have 0.
  package func pnl(of cell: String, scenarios: Int) -> [Double]? {
    let own = rows.filter { $0.cellID == cell }
    guard !own.isEmpty else { return nil }
    var sums = Array(repeating: 0.0, count: max(scenarios, (own.map(\.scenario).max() ?? 0) + 1))
    for row in own { sums[row.scenario] += row.pnlUSD }
    return sums
  }

  /// The cycle to draw: of the wanted cell if it has any, one that was filled and ended before the
  /// path did, and of those the one with the largest gain or loss.
  package func mostTelling(cell: String) -> CycleRow? {
    let own = rows.contains { $0.cellID == cell } ? rows.filter { $0.cellID == cell } : rows
    func merit(_ row: CycleRow) -> (Int, Double) {
      let kind = (row.filledShare > 0 ? 2 : 0) + (row.exitReason != "end" ? 1 : 0)
      return (kind, row.pnlUSD.magnitude)
    }
    var best: CycleRow?
    for row in own {
      if let known = best, merit(known) >= merit(row) { continue }
      best = row
    }
    return best
  }
}
