// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets
internal import CommandLineKit
internal import Liquidation
internal import Numerics
internal import Reports
internal import Tables
internal import TextKit

/// `breakwater prices`: the liquidation price of every account.
struct Prices: Command {
  static let name = "prices"
  static let about = "Liquidation price of every account, by its venue's own rule"
  static let details: String? = """
    Example:
      breakwater prices --book book.csv --prices prices.csv -o liquidation_prices.csv
    """

  var input = BookOptions()
  @Option("Report to write, - for standard output", short: "o", valueName: "FILE")
  var output = FilePath("-")

  @Flag("Add lower and upper, both ends of the healthy prices")
  var both = false
  @Flag("A row for every rung: what each liquidation takes, one after the other")
  var ladder = false
  var sheets = SheetOptions()
  var reconciling = ReconcileOptions()

  /// Rows that one thread formats at a time.
  private static let chunk = 65_536

  mutating func run() throws(Failure) {
    let target = try sheets.target(output.path)
    let counts = if let counts = try streamed(to: target) { counts } else { try whole(to: target) }
    try sheets.cut(to: output.path, by: "distance_ratio", .nearest)
    guard !input.quiet else { return }
    Output.diagnostic("breakwater: \(Diagnostics.statusLine(counts))")
  }

  /// Writes the prices of a book that is worked on while it is read, nil where that cannot be.
  private func streamed(to path: String) throws(Failure) -> [LiquidationStatus: Int]? {
    guard !both, !ladder, !reconciling.isUsed, let book = try StreamedBook(input, named: true)
    else { return nil }
    return try book.writePrices(to: path)
  }

  /// Writes the prices of a book that is read as a whole.
  private func whole(to path: String) throws(Failure) -> [LiquidationStatus: Int] {
    let loaded = try input.load(stated: reconciling.column())
    let assessments = try IsolatedKernel.solve(
      loaded.compiled,
      deposited: loaded.book.accounts.map(\.protection.deposited),
      snapshot: loaded.snapshot,
      threads: loaded.threads
    )
    var file = try OutputFile(path: path)
    var header = CSVBuilder()
    let form = PriceReport.Form(hasBoth: both, hasLadder: ladder)
    let source = PriceReport.Source(
      book: loaded.book,
      catalogue: loaded.catalogue,
      snapshot: loaded.snapshot,
      compiled: loaded.compiled
    )
    PriceReport.appendHeader(form, to: &header)
    try file.write(header.bytes)
    let chunks = (assessments.count + Prices.chunk - 1) / Prices.chunk
    let group = 16
    for first in stride(from: 0, to: chunks, by: group) {
      let tables = try Parallel.map(min(group, chunks - first), threads: loaded.threads) {
        (index: Int) throws(Failure) -> CSVBuilder in
        let start = (first + index) * Prices.chunk
        var table = CSVBuilder()
        try PriceReport.append(
          start..<min(assessments.count, start + Prices.chunk),
          of: source,
          assessments,
          form,
          to: &table
        )
        return table
      }
      for table in tables { try file.write(table.bytes) }
    }
    try file.commit()
    try reconciling.compare(source, assessments)
    return assessments.reduce(into: [:]) { $0[$1.status, default: 0] += 1 }
  }
}
