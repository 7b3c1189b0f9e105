// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets
internal import CommandLineKit
internal import Configuration
internal import Inputs
internal import Numerics
internal import Processes
internal import Reports
internal import Tables
internal import TextKit
internal import Workbooks

/// `breakwater doctor`: what this installation consists of.
struct Doctor: Command {
  static let name = "doctor"
  static let about = "Show what this installation found: libraries, cores, optional tools"
  static let details: String? = nil

  mutating func run() throws(Failure) {
    var table = TextTable([.text("what"), .text("found")])
    table.add(["breakwater", BreakwaterProgram.version])
    table.add(["cores", String(Parallel.coreCount)])
    table.add(["OpenBLAS", LinearAlgebra.libraryDescription])
    table.add(["Jansson", ConfigValue.jsonLibraryVersion])
    table.add(["zlib", GzipLibrary.version])
    table.add(["libsodium", Digest.libraryVersion])
    table.add(["SQLite", JournalLibrary.version])
    table.add(["libxlsxwriter", Workbook.libraryVersion])
    let catalogue = try VenueFiles.catalogue([])
    table.add([
      "venues", "\(catalogue.venues.count) venues, \(catalogue.assets.count) assets embedded",
    ])
    table.add(["DuckDB (optional)", Doctor.duckDB])
    for tool in ["gnuplot", "soffice"] {
      table.add(["\(tool) (optional)", ChildProcess.path(of: tool) ?? "not found"])
    }
    try Output.standard(table.text())
  }

  /// The library that reads queries and Parquet, or what to do to have it.
  private static var duckDB: String {
    do throws(Failure) {
      let found = try DuckDBLibrary.load()
      return "\(found.version), \(found.path)"
    } catch {
      return error.message
    }
  }
}
