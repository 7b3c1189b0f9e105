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
    var table = TextTable([.text("what"), .text("tested"), .text("found")])
    table.add(["breakwater", "", BreakwaterProgram.version])
    table.add(["cores", "", String(Parallel.coreCount)])
    for library in Doctor.libraries { table.add([library.name, library.tested, library.found]) }
    let catalogue = try VenueFiles.catalogue([])
    table.add([
      "venues", "", "\(catalogue.venues.count) venues, \(catalogue.assets.count) assets embedded",
    ])
    table.add(["DuckDB (optional)", "2.0.0", Doctor.duckDB])
    for tool in ["gnuplot", "soffice"] {
      table.add(["\(tool) (optional)", "", ChildProcess.path(of: tool) ?? "not found"])
    }
    try Output.standard(table.text())
    let others = Doctor.libraries.filter { !$0.isTested }.map(\.name)
    guard !others.isEmpty else { return }
    Output.diagnostic(
      "breakwater: warning: not the versions that were tested: \(others.joined(separator: ", "));"
        + " scripts/test tells whether these do as well"
    )
  }

  /// A library of the system with the version that the tests are run with.
  private struct Library {
    let name: String
    let tested: String
    let found: String

    var isTested: Bool {
      found.split(whereSeparator: { " ,".contains($0) }).contains { $0 == tested }
    }
  }

  /// The versions are those of Documentation/licences.md, which a check compares with this.
  private static var libraries: [Library] {
    [
      Library(name: "CLI11", tested: "2.1.2", found: CommandLineLibrary.version),
      Library(name: "toml++", tested: "3.3.0", found: ConfigValue.tomlLibraryVersion),
      Library(name: "Jansson", tested: "2.14", found: ConfigValue.jsonLibraryVersion),
      Library(name: "OpenBLAS", tested: "0.3.21", found: LinearAlgebra.libraryDescription),
      Library(name: "zlib", tested: "1.2.13", found: GzipLibrary.version),
      Library(name: "libsodium", tested: "1.0.18", found: Digest.libraryVersion),
      Library(name: "SQLite", tested: "3.40.1", found: JournalLibrary.version),
      Library(name: "libxlsxwriter", tested: "1.1.4", found: Workbook.libraryVersion),
    ]
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
