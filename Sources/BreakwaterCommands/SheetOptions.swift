// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit
internal import Glibc
internal import Reports
internal import TextKit

/// Options of reports that may be longer than a sheet of a spreadsheet.
struct SheetOptions: OptionGroup {
  @Option(
    "Only the first N rows by rank: nearest to liquidation, or largest; default: all",
    bound: .within(1...1_000_000_000)
  )
  var top: Int?
  @Option(
    "At most N rows in a file, further ones in FILE-2, FILE-3, …; default: one file. A sheet holds"
      + " 1048576 rows with the header",
    bound: .within(1...1_000_000_000)
  )
  var splitRows: Int?

  /// Where the whole report goes first.
  func target(_ path: String) throws(Failure) -> String {
    guard top != nil || splitRows != nil else { return path }
    guard path != "-", !path.hasPrefix("/dev/") else {
      throw Failure(.usage, "--top and --split-rows need a file: name one with --output")
    }
    return path + ".whole"
  }

  /// Cuts the whole report to what was asked for.
  ///
  /// * `column`: what rows are ranked by.
  func cut(to path: String, by column: String, _ order: SheetCut.Order) throws(Failure) {
    let whole = try target(path)
    guard whole != path else { return }
    defer { unsafe unlink(whole) }
    let cut = SheetCut(top: top, splitRows: splitRows, column: column, order: order)
    let names = try cut.cut(whole, to: path)
    if names.count > 1 {
      Output.diagnostic(
        "breakwater: \(names.count) files, the last"
          + " \(names[names.count - 1])"
      )
    }
  }
}
