// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// `report` over the results of the golden spec.
struct ReportTests {
  private static func tool(_ name: String) -> Bool {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return path.split(separator: ":").contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
    }
  }

  private func swept() throws -> Workdir {
    let place = try Workdir()
    try place.run(["sweep", "spec.toml", "-q"])
    return place
  }

  @Test func equalRunsGiveEqualBytes() throws {
    let place = try swept()
    try place.run(["report", "results", "-q"])
    let names = ["report.html", "report.xlsx"]
    let first = try names.map { try place.bytes("results/\($0)") }
    try place.run([
      "sweep", "spec.toml", "-o", "results", "--fresh", "-j", "1", "--report", "all", "-q",
    ])
    #expect(try names.map { try place.bytes("results/\($0)") } == first)
    try place.run(["verify", "results", "-q"])
    #expect(place.contents("results").filter { $0.hasPrefix(".") } == [])
  }

  @Test func pageStandsAloneAndIsValid() throws {
    let place = try swept()
    try place.run(["report", "results", "-q"])
    let text = try place.text("results/report.html")
    for word in ["http:", "https:", "<script", "src=", "@import", "\(place.folder.path)"] {
      #expect(!text.contains(word), "\(word)")
    }
    for title in [
      "What was run", "Best cell against the defaults", "Heat maps", "Pareto front",
      "Distribution of P&amp;L", "Sensitivity", "One cycle of the vault", "Clusters around spot",
      "What the names mean", "Provenance",
    ] { #expect(text.contains(">\(title)</h2>"), "\(title)") }
    if ReportTests.tool("gnuplot") { #expect(text.contains("<svg role=\"img\"")) }
    if ReportTests.tool("tidy") { try place.shell("tidy -q -e results/report.html") }
  }

  @Test func withoutGnuplotThereAreTables() throws {
    let place = try swept()
    let path = ["PATH": "/nowhere"]
    let said = try place.run(["report", "results"], environment: path).diagnostics
    #expect(said.contains("gnuplot was not found"))
    let text = try place.text("results/report.html")
    #expect(text.contains("gnuplot was not found") && !text.contains("<svg"))
    #expect(text.contains("<td class=\"n s"))
  }

  /// Columns that are new are taken as they come; inputs that are gone leave a note.
  @Test func newColumnsAndMissingInputsAreTaken() throws {
    let place = try swept()
    try place.shell(
      """
      sed -i '1s/$/,keeper_gas_usd/; 2,$s/$/,7.5/' results/sweep.csv && rm fall.csv
      python3 - <<'END'
      import hashlib, json
      facts = json.load(open("results/manifest.json"))
      text = open("results/sweep.csv", "rb").read()
      for file in facts["outputs"]:
          if file["file"] == "sweep.csv":
              file["bytes"], file["sha256"] = len(text), hashlib.sha256(text).hexdigest()
      json.dump(facts, open("results/manifest.json", "w"))
      END
      """
    )
    try place.run(["report", "results", "--objective", "min vault_max_drawdown_usd", "-q"])
    let text = try place.text("results/report.html")
    #expect(text.contains("inputs are not here or have changed"))
    #expect(text.contains("Judged by the lowest vault_max_drawdown_usd"))
    try place.shell(
      """
      python3 - <<'END'
      import zipfile
      book = zipfile.ZipFile("results/report.xlsx")
      texts = book.read("xl/sharedStrings.xml").decode()
      assert "keeper_gas_usd" in texts and "gas of keeper" in texts
      names = book.read("xl/workbook.xml").decode()
      for name in ["Overview", "Cells", "Heat maps", "Pareto", "Distribution", "Columns"]:
          assert f'name="{name}"' in names, name
      sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
      assert not any("<f>" in book.read(name).decode() for name in sheets)
      assert any("colorScale" in book.read(name).decode() for name in sheets)
      assert any(name.startswith("xl/tables/") for name in book.namelist())
      assert any(name.startswith("xl/charts/") for name in book.namelist())
      END
      """
    )
  }

  @Test func cellsAreSplitOverSheets() throws {
    let place = try swept()
    try place.run(["report", "results", "--top", "3", "--split-rows", "2", "-q"])
    try place.shell("python3 -m zipfile -e results/report.xlsx book")
    #expect(try place.text("book/xl/workbook.xml").contains("Cells 2"))
  }

  @Test func folderWithoutResultsIsRefused() throws {
    let place = try Workdir()
    try place.run(["report", "nowhere"], expecting: 66)
    try place.run(["sweep", "spec.toml", "-q"])
    try place.run(["report", "results", "--objective", "max nothing"], expecting: 65)
    try place.run(["report", "results", "--top", "0"], expecting: 64)
    #expect(!place.contents("results").contains("report.html"))
  }
}
