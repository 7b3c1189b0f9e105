// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit
internal import Glibc
internal import Reports
internal import Tables
internal import TextKit

/// Options of sweeps whose files may be longer than a sheet of a spreadsheet.
struct SheetFolderOptions: OptionGroup {
  @Option(
    "Also write FOLDER/sheets with the first N rows of every CSV file, of cells the best by mean"
      + " vault P&L; default: all",
    bound: .within(1...1_000_000_000)
  )
  var top: Int?
  @Option(
    "Also write FOLDER/sheets with at most N rows in a file, further ones in FILE-2, FILE-3, …;"
      + " default: one file. A sheet holds 1048576 rows with the header",
    bound: .within(1...1_000_000_000)
  )
  var splitRows: Int?

  /// What to write beside the results; nil when nobody asked.
  var folder: SheetFolder? {
    top == nil && splitRows == nil ? nil : SheetFolder(top: top, splitRows: splitRows)
  }
}

/// Copies of a sweep's CSV files for spreadsheets.
///
/// The files themselves stay whole: reports, comparisons and `verify` read them.
struct SheetFolder {
  let top: Int?
  let splitRows: Int?

  /// Files that may be long, each with what its rows are ranked by; nil for their order.
  private static let files: [(name: String, column: String?, order: SheetCut.Order)] = [
    ("sweep.csv", "vault_pnl_usd", .largest), ("frontier.csv", "vault_pnl_usd", .largest),
    ("robustness.csv", "rank", .nearest), ("breakpoints.csv", nil, .nearest),
    ("cycles.csv", nil, .nearest), ("protection_events.csv", nil, .nearest),
    ("auctions.csv", nil, .nearest), ("liquidations.csv", nil, .nearest),
  ]

  /// Writes the folder `sheets` of a finished sweep; what an earlier run left there is removed.
  func write(into results: String) throws(Failure) {
    let folder = ResultFolder.joined(results, "sheets")
    try OutputFolder.create(folder)
    var written: Set<String> = []
    for file in SheetFolder.files {
      let source = ResultFolder.joined(results, file.name)
      guard Journal.exists(source) else { continue }
      let target = ResultFolder.joined(folder, file.name)
      let cut = SheetCut(top: top, splitRows: splitRows, column: file.column, order: file.order)
      written.formUnion(try cut.cut(source, to: target))
    }
    for name in FolderOutput.contents(of: folder) where SheetFolder.isOurs(name) {
      let place = ResultFolder.joined(folder, name)
      if !written.contains(place) { unsafe unlink(place) }
    }
  }

  /// Whether a name is that of one of the files or of a further part of one.
  private static func isOurs(_ name: String) -> Bool {
    files.contains { file in
      guard name.hasPrefix(file.name.dropLast(4)), name.hasSuffix(".csv") else { return false }
      let rest = name.dropFirst(file.name.count - 4).dropLast(4)
      return rest.isEmpty || rest.hasPrefix("-") && Int(rest.dropFirst()) ?? 0 > 1
    }
  }
}
