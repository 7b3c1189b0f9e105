// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Tables
package import TextKit

/// One lot of `auctions.csv`, as far as pictures need it.
package struct LotRow: Sendable {
  package var scenario = 0
  package var lot = 0
  package var account = ""
  package var asset = ""
  package var openedAt: Int64 = 0
  package var closedAt: Int64 = 0
  package var quantity = 0.0
  package var openUSD = 0.0
  package var reserveUSD = 0.0
  package var debtUSD = 0.0
  package var kappaUSDPerSecond = 0.0
  package var outcome = ""
  package var priceUSD = 0.0
  package var surplusUSD = 0.0
  package var badDebtUSD = 0.0

  /// Seconds from the opening to the end.
  package var seconds: Double { Double(closedAt - openedAt) / 1000 }
}

/// The lots of one cell.
package struct LotRows: Sendable {
  package private(set) var rows: [LotRow] = []
  /// The cell whose lots they are.
  package private(set) var cell = ""

  /// Reads the lots of a cell, or of the file's first cell where it has none of that one.
  package init(path: String, cell wanted: String) throws(Failure) {
    var reader = try CSVReader(
      path: path,
      required: [
        "cell_id", "scenario", "lot", "account", "asset", "opened_at", "closed_at", "open_usd",
        "reserve_usd", "debt_usd", "kappa_usd_per_s", "outcome", "price_usd", "surplus_usd",
        "bad_debt_usd", "quantity",
      ]
    )
    var others: [LotRow] = []
    var first: String?
    while try reader.next() {
      let own = try reader.text(0)
      let known = first ?? own
      first = known
      guard own == wanted || own == known, rows.count + others.count < 200_000 else { continue }
      let row = LotRow(
        scenario: Int(try reader.integer(1)),
        lot: Int(try reader.integer(2)),
        account: try reader.text(3),
        asset: try reader.text(4),
        openedAt: try reader.integer(5),
        closedAt: try reader.integer(6),
        quantity: try reader.number(15),
        openUSD: try reader.number(7),
        reserveUSD: try reader.number(8),
        debtUSD: try reader.number(9),
        kappaUSDPerSecond: try reader.number(10),
        outcome: try reader.text(11),
        priceUSD: try reader.number(12, default: 0),
        surplusUSD: try reader.number(13),
        badDebtUSD: try reader.number(14)
      )
      if own == wanted { rows.append(row) } else { others.append(row) }
    }
    cell = wanted
    if rows.isEmpty { (rows, cell) = (others, first ?? wanted) }
  }

  /// Lots by their outcome, in the order of the words.
  package var outcomes: [(outcome: String, lots: [LotRow])] {
    Set(rows.map(\.outcome)).sorted().map { word in (word, rows.filter { $0.outcome == word }) }
  }
}
