// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import TextKit

/// Writes CSV tables as Parquet, by DuckDB.
package enum ParquetOutput {
  /// Columns of books and reports that are text, whatever their values look like.
  private static let textColumns: Set<String> = [
    "account", "venue", "asset", "leg", "margin_mode", "elevation_group", "direction", "status",
    "scenario", "event", "name", "reason", "id", "parameters",
  ]

  /// Writes a CSV file, or the rows of a query, as a Parquet file that appears when it is complete.
  ///
  /// Types are those that all rows of a column have, as DuckDB finds them; columns of names stay
  /// text.
  /// - Returns: the number of rows.
  /// - Throws: a missing-input failure without DuckDB, a data failure with DuckDB's message.
  package static func write(_ input: String, _ output: String) throws(Failure) -> Int {
    let session = try DuckDBSession()
    let query: String
    if input.hasPrefix("query:") {
      query = DuckDBSession.query(input)
    } else {
      // For the usual words about a file that is not there.
      _ = try TextSource(path: input)
      let file = DuckDBSession.literal(input)
      let form = "header = true, delim = ',', quote = '\"', escape = '\"'"
      let names = try columns(
        of: "SELECT * FROM read_csv(\(file), \(form), all_varchar = true) LIMIT 0",
        session,
        input
      )
      let types = names.filter(textColumns.contains).map {
        "\(DuckDBSession.literal($0)): 'VARCHAR'"
      }
      let known = types.isEmpty ? "" : ", types = {\(types.joined(separator: ", "))}"
      query = "SELECT * FROM read_csv(\(file), \(form), sample_size = -1\(known))"
    }
    var file = try OutputFile(path: output)
    guard let place = file.partialPath else {
      throw Failure(.usage, "\(output): found a stream, expected a file for Parquet")
    }
    let statement =
      "COPY (\(query)) TO \(DuckDBSession.literal(place))"
      + " (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)"
    var rows = try session.rows(statement, of: input.hasPrefix("query:") ? "query" : input)
    var counts: [Int64] = []
    while try rows.next() { rows.integers(0, into: &counts, missing: 0) }
    try file.commit()
    return Int(counts.last ?? 0)
  }

  private static func columns(
    of query: String,
    _ session: DuckDBSession,
    _ source: String
  ) throws(Failure) -> [String] {
    let rows = try session.rows(query, of: source)
    return rows.columns
  }
}
