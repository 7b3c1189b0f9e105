// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit
internal import Liquidation
internal import Numerics
internal import Reports
internal import Tables
internal import TextKit

/// Options that compare our prices with the venues' own.
struct ReconcileOptions: OptionGroup {
  @Option(
    "Compare with the prices in this column of the book, such as liquidation_price",
    valueName: "COLUMN",
    group: "Reconcile"
  )
  var reconcile: String?
  @Option("Every compared row as CSV", valueName: "FILE", group: "Reconcile")
  var reconcileOut: FilePath?
  @Option(
    "How many of the worst rows are shown",
    name: "reconcile-worst",
    group: "Reconcile",
    bound: .within(0...1000)
  )
  var worst = 10

  /// Whether anything is to be compared.
  var isUsed: Bool { reconcile != nil || reconcileOut != nil }

  /// The column to compare with, nil for none.
  func column() throws(Failure) -> String? {
    guard reconcile != nil || reconcileOut == nil else {
      throw Failure(.usage, "--reconcile-out: found no --reconcile COLUMN beside it")
    }
    return reconcile
  }

  /// Compares all rows of a book, writes the table of rows, and says what came out.
  func compare(_ source: PriceReport.Source, _ assessments: [Assessment]) throws(Failure) {
    guard let column = reconcile else { return }
    var sums = Reconciliation(worst: worst)
    if let reconcileOut {
      var file = try OutputFile(path: reconcileOut.path)
      var table = CSVBuilder()
      Reconciliation.appendHeader(to: &table)
      try Reconciliation.eachRow(of: source, assessments) {
        (row: Reconciliation.Row) throws(Failure) in
        sums.add(row)
        Reconciliation.append(row, to: &table)
        if table.bytes.count > 1 << 20 {
          try file.write(table.bytes)
          table.removeAll()
        }
      }
      try file.write(table.bytes)
      try file.commit()
    } else {
      try Reconciliation.eachRow(of: source, assessments) {
        (row: Reconciliation.Row) throws(Failure) in
        sums.add(row)
      }
    }
    Output.diagnostic(ReconcileText.text(sums, column: column))
  }
}

/// A comparison as text for people.
enum ReconcileText {
  static func text(_ result: Reconciliation, column: String) -> String {
    guard !result.sums.isEmpty else {
      return "breakwater: '\(Failure.shown(column))' holds no price, and neither do we"
    }
    var table = TextTable(
      [.text("venue")]
        + [
          "rows", "only ours", "only theirs", "median bps", "p90", "p99", "largest",
          "≤ 0.01 bps", "≤ 1", "≤ 10", "≤ 50", "other bin", "of notional",
        ].map { .number($0) }
    )
    for (venue, sums) in result.sums.sorted(by: { $0.key < $1.key }) {
      table.add(line(venue, sums))
    }
    let title = "breakwater: our prices beside '\(Failure.shown(column))'\n"
    guard !result.worst.isEmpty else { return title + table.text(indent: 2) }
    var worst = TextTable(
      [.text("account"), .text("asset")]
        + ["ours", "theirs", "bps"].map { .number($0) }
    )
    for row in result.worst {
      worst.add([
        Failure.shown(row.account), row.asset, row.ours.map(NumberText.shortest) ?? "",
        row.theirs.map(NumberText.shortest) ?? "", row.difference.map(significant) ?? "",
      ])
    }
    return title + table.text(indent: 2) + "largest differences:\n" + worst.text(indent: 2)
  }

  private static func line(_ venue: String, _ sums: Reconciliation.Sums) -> [String] {
    let counts = [sums.compared, sums.oursOnly, sums.theirsOnly].map(NumberText.grouped)
    guard sums.compared > 0 else { return [venue] + counts }
    let quantiles = [0.5, 0.9, 0.99].map { significant(sums.quantile($0) ?? 0) }
    let rows = Double(sums.compared)
    let shares = (sums.within + [sums.otherBin]).map { percent(Double($0) / rows) }
    let notional =
      sums.notional > 0
      ? percent(nearestDouble(sums.notionalInOtherBin) / nearestDouble(sums.notional)) : ""
    return [venue] + counts + quantiles + [significant(sums.largest)] + shares + [notional]
  }

  /// A share in percent with two decimals, such as `12.50 %`.
  private static func percent(_ share: Double) -> String {
    let hundredths = Int((share * 10_000).rounded())
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) %"
  }

  /// A number with three significant digits, such as `0.000123`; nothing smaller than 1e-9.
  static func significant(_ value: Double) -> String {
    let size = value.magnitude
    if !(size >= 1e-9) { return "0" }
    var unit = 1.0
    while size * unit < 100 { unit *= 10 }
    return NumberText.shortest((value * unit).rounded() / unit)
  }
}
