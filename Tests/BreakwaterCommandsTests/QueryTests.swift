// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Books out of queries and Parquet, where DuckDB is found; and what is said where it is not.
struct QueryTests {
  /// What `doctor` says of DuckDB.
  private static let doctor: String = {
    let text = (try? Workdir(withBook: false).run(["doctor"]).text) ?? ""
    return text.split(separator: "\n").first { $0.hasPrefix("DuckDB") }.map(String.init) ?? ""
  }()
  private static let isThere = !doctor.contains("found no DuckDB") && doctor.contains("v")
  private static let inputs = ["--prices", "prices.csv"]

  @Test func withoutTheLibraryTheMessageGivesTheCommand() throws {
    let place = try Workdir()
    // Neither python3 nor a library of the system: an empty search path.
    let bare = ["PATH": place.folder.path, "LD_LIBRARY_PATH": ""]
    let outcome = try place.run(["doctor"], environment: bare)
    let line = outcome.text.split(separator: "\n").first { $0.hasPrefix("DuckDB") } ?? ""
    guard line.contains("found no DuckDB") else { return }
    let refused = try place.run(
      ["prices", "--book", "query:SELECT 1"] + QueryTests.inputs,
      environment: bare,
      expecting: 66
    )
    #expect(
      refused.diagnostics
        == "breakwater: found no DuckDB, which reads queries and Parquet; run 'pip install duckdb',"
        + " or set BREAKWATER_DUCKDB to the path of libduckdb.so\n"
    )
  }

  @Test func aLibraryThatIsNoneIsRefused() throws {
    let place = try Workdir()
    try place.write("libduckdb.so", "no library")
    let outcome = try place.run(
      ["prices", "--book", "query:SELECT 1"] + QueryTests.inputs,
      environment: ["BREAKWATER_DUCKDB": place.folder.path + "/libduckdb.so"],
      expecting: 66
    )
    #expect(outcome.diagnostics.hasPrefix("breakwater: BREAKWATER_DUCKDB: found '"))
    #expect(outcome.diagnostics.contains("expected a shared library of DuckDB"))
  }

  @Test(.enabled(if: isThere, "no DuckDB was found"))
  func aSweepAsParquet() throws {
    let place = try Workdir()
    try place.run(["sweep", "spec.toml", "-q"])
    try place.run(["convert", "results", "tables", "-q"])
    let names = try FileManager.default.contentsOfDirectory(atPath: place.folder.path + "/results")
      .filter { $0.hasSuffix(".csv") }.sorted()
    #expect(names.count >= 3)
    let found = try FileManager.default.contentsOfDirectory(atPath: place.folder.path + "/tables")
    #expect(found.sorted() == names.map { $0.dropLast(4) + ".parquet" })
    // Cells are the same rows, whichever of the two is read.
    for (name, form) in [
      ("tables/sweep.parquet", "read_parquet"), ("results/sweep.csv", "read_csv"),
    ] {
      let query = "query:SELECT count(*)::DOUBLE AS n FROM \(form)('\(name)')"
      try place.run(["convert", query, form + ".parquet", "-q"])
    }
    let rows = try place.text("results/sweep.csv").split(separator: "\n").count - 1
    let shown = try place.run(["convert", "results/sweep.csv", "one.parquet"])
    #expect(shown.diagnostics.hasPrefix("breakwater: \(rows) rows"))
    #expect(
      try place.bytes("read_parquet.parquet") == place.bytes("read_csv.parquet"),
      "as many rows"
    )
  }

  @Test(.enabled(if: isThere, "no DuckDB was found"))
  func queriesAndParquetGiveWhatTheFileGives() throws {
    let place = try Workdir()
    try place.run([
      "generate", "book", "--accounts", "5000", "-o", "book.csv", "--write-prices", "prices.csv",
    ])
    try place.run(["convert", "book.csv", "book.parquet", "-q"])
    let query = "query:SELECT * FROM read_csv('book.csv', all_varchar = true) ;\n"
    for command in ["prices", "clusters"] {
      let expected = try place.run([command, "--book", "book.csv"] + QueryTests.inputs)
      for book in ["book.parquet", query] {
        let found = try place.run([command, "--book", book] + QueryTests.inputs)
        #expect(found.output == expected.output, "\(command) \(book)")
        #expect(found.diagnostics == expected.diagnostics)
      }
    }
    for book in ["book.parquet", query] {
      try place.run(["convert", book, "back.csv", "-q"])
      #expect(try place.bytes("back.csv") == place.bytes("book.csv"))
      try place.run(["convert", book, "columns", "-q"])
      try place.run(["convert", "columns", "back.csv", "-q"])
      #expect(try place.bytes("back.csv") == place.bytes("book.csv"))
    }
  }

  @Test(.enabled(if: isThere, "no DuckDB was found"))
  func whatIsWrongIsSaidWithTheQuery() throws {
    let place = try Workdir()
    let row = "'a' AS account, 'hyperliquid' AS venue, 'SOL' AS asset, 'perp' AS leg"
    for (query, message) in [
      ("SELEC", "query: DuckDB: Parser Error"),
      ("SELECT * FROM nowhere", "the query was: SELECT * FROM (SELECT * FROM nowhere)"),
      ("SELECT 1 AS quantity, 2 AS account", "column 'venue': found columns 'quantity', 'account'"),
      ("SELECT \(row), 'x' AS quantity", "query: DuckDB: Conversion Error"),
      (
        "SELECT \(row), NULL AS quantity", "query:1: column 'quantity': found '', expected a finite"
      ),
      (
        "SELECT \(row), if(i = 3000, -1, 1) AS quantity, 'deposit' AS l FROM range(5000) t(i)",
        "query:1: column 'entry_price': expected the entry price of a perp, a number, found"
      ),
      (
        "SELECT \(row), 1 AS quantity, if(i = 3000, NULL, 1.5) AS entry_price"
          + " FROM range(5000) t(i)",
        "query:3001: column 'entry_price': found '', expected the entry price of a perp"
      ),
    ] {
      let outcome = try place.run(
        ["prices", "--book", "query:\(query)"] + QueryTests.inputs,
        expecting: 65
      )
      #expect(outcome.diagnostics.contains(message), "\(outcome.diagnostics)")
    }
    let missing = try place.run(
      ["prices", "--book", "none.parquet"] + QueryTests.inputs,
      expecting: 66
    )
    #expect(missing.diagnostics.contains("none.parquet: no such file"))
  }

  /// Reports as Parquet: names stay text, numbers are numbers.
  @Test(.enabled(if: isThere, "no DuckDB was found"))
  func reportsBecomeParquet() throws {
    let place = try Workdir(withBook: false)
    try place.write(
      "sweep.csv",
      "cell,account,net_usd,cycles,note\n1,007,1.5,3,\n2,\"8,9\",-0.25,,\"a \"\"b\"\"\"\n"
    )
    let outcome = try place.run(["convert", "sweep.csv", "sweep.parquet"])
    #expect(outcome.diagnostics == "breakwater: 2 rows\n")
    #expect(try place.bytes("sweep.parquet").prefix(4) == Data("PAR1".utf8))
    #expect(place.names == ["sweep.csv", "sweep.parquet"])
    // Read back as the columns of a book.
    let select = """
      query:SELECT account, note AS venue, typeof(account) AS asset, typeof(net_usd) AS leg,
        net_usd AS quantity FROM 'sweep.parquet'
      """
    try place.run(["convert", select, "back.csv", "-q"])
    #expect(
      try place.text("back.csv")
        == "account,venue,asset,leg,quantity\n007,,VARCHAR,DOUBLE,1.5\n"
        + "\"8,9\",\"a \"\"b\"\"\",VARCHAR,DOUBLE,-0.25\n"
    )
  }
}
