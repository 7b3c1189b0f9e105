// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit
internal import Inputs
internal import Tables
internal import TextKit

/// `breakwater convert`: a book or report in another form.
struct Convert: Command {
  static let name = "convert"
  static let about = "Turn a book into .npy columns and back, or any CSV into Parquet"
  static let details: String? = """
    By the names of IN and OUT:
      book.csv folder/          a folder of .npy columns, which NumPy reads too
      folder/ book.csv          the same rows and numbers as CSV
      any.csv any.parquet       any CSV of ours as Parquet, by DuckDB
      results/ folder/          every table of a sweep as Parquet
      book.parquet book.csv     a book of Parquet, or 'query:SELECT …', as CSV or as a folder
    Examples:
      breakwater convert book.csv book_npy
      breakwater convert results/sweep.csv sweep.parquet
      breakwater convert results results_parquet
    """

  @Argument(
    "Book or report: a file, a folder of .npy columns or of a sweep, or 'query:SELECT …'",
    valueName: "IN"
  )
  var input: FilePath
  @Argument(
    "What to write; a name ending in .csv or .parquet is a file, others a folder",
    valueName: "OUT"
  )
  var output: FilePath
  @Flag("Print nothing but results and errors", short: "q")
  var quiet = false

  mutating func run() throws(Failure) {
    let (from, to) = (input.path, output.path)
    if to.hasSuffix(".parquet") {
      try toParquet(from, to)
      return
    }
    if !to.hasSuffix(".csv"), to != "-", Convert.isResults(from) {
      try resultsToParquet(from, to)
      return
    }
    let progress = Progress("rows", total: nil, quiet: quiet)
    let count = { (rows: Int) in progress.advance(by: rows) }
    let result: BookConversion.Result
    if to.hasSuffix(".csv") || to == "-" {
      guard BookConversion.isFolder(from) || isQuery(from) else {
        throw Failure(
          .usage,
          "convert: found two CSV files, expected a folder, a .parquet file or a query for \(to)"
        )
      }
      result = try BookConversion.toCSV(from, to, progress: count)
    } else {
      guard !BookConversion.isFolder(from) else {
        throw Failure(
          .usage,
          "convert: found two folders, expected a name ending in .csv or .parquet for \(from)"
        )
      }
      result = try BookConversion.toFolder(from, to, progress: count)
    }
    progress.finish()
    guard !quiet else { return }
    Diagnostics.warn(result.warnings)
    Output.diagnostic(
      "breakwater: \(NumberText.grouped(result.rows)) rows, \(result.columns) columns"
    )
  }

  private func isQuery(_ path: String) -> Bool {
    path.hasPrefix("query:") || path.hasSuffix(".parquet")
  }

  /// Has DuckDB write a table as Parquet.
  private func toParquet(_ from: String, _ to: String) throws(Failure) {
    if BookConversion.isFolder(from) {
      throw Failure(
        .usage,
        "convert: found a folder for a Parquet file, expected CSV; convert it to CSV first"
      )
    }
    if from == "-" {
      throw Failure(.usage, "convert: found standard input, expected a file for Parquet")
    }
    let rows = try ParquetOutput.write(from, to)
    guard !quiet else { return }
    Output.diagnostic("breakwater: \(NumberText.grouped(rows)) rows")
  }
}
