// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit
internal import Tables
internal import TextKit

/// The tables of a sweep as Parquet.
extension Convert {
  /// Whether a folder is that of a sweep.
  static func isResults(_ path: String) -> Bool {
    FolderOutput.contents(of: path).contains("manifest.json")
  }

  /// Has DuckDB write every table of a sweep's folder as Parquet, by the same names.
  func resultsToParquet(_ from: String, _ to: String) throws(Failure) {
    let there = FolderOutput.contents(of: from)
    let names = ResultFolder.names.filter { $0.hasSuffix(".csv") && there.contains($0) }
    try OutputFolder.create(to)
    var rows = 0
    for name in names {
      let place = ResultFolder.joined(to, name.dropLast(4) + ".parquet")
      rows += try ParquetOutput.write(ResultFolder.joined(from, name), place)
    }
    guard !quiet else { return }
    Output.diagnostic("breakwater: \(names.count) tables, \(NumberText.grouped(rows)) rows")
  }
}
