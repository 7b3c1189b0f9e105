// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// `verify` takes good results and finds what is wrong with others.
struct VerifyTests {
  private let place: Workdir

  init() throws {
    place = try Workdir()
    try place.run(["sweep", "spec.toml", "-q"])
  }

  private func refusal(_ status: Int32, _ more: [String] = []) throws -> String {
    try place.run(["verify", "results"] + more, expecting: status).diagnostics
  }

  /// Replaces a file of the results and what the manifest says of it.
  private func forge(_ name: String, _ change: (String) -> String) throws {
    let old = try place.shell("sha256sum < results/\(name)").text.prefix(64)
    let size = try place.bytes("results/\(name)").count
    try place.write("results/\(name)", change(place.text("results/\(name)")))
    let new = try place.shell("sha256sum < results/\(name)").text.prefix(64)
    let bytes = try place.bytes("results/\(name)").count
    let manifest = try place.text("results/manifest.json")
      .replacingOccurrences(
        of: "\"bytes\": \(size),\n      \"sha256\": \"\(old)\"",
        with: "\"bytes\": \(bytes),\n      \"sha256\": \"\(new)\""
      )
    #expect(manifest.contains(new))
    try place.write("results/manifest.json", manifest)
  }

  @Test func goodResultsAreTaken() throws {
    let text = try place.run(["verify", "results", "--cells", "4"]).text
    #expect(
      text == """
        7 files have their digests and rows
        4 cells have balanced ledgers
        5 of 5 inputs are here and have their digests
        4 cells came out the same when they were run again

        """
    )
    #expect(
      try place.run(["verify", "results", "--cells", "2"]).text.contains("\n2 cells came out")
    )
    #expect(try place.run(["verify", "results", "-q"]).text == "")
  }

  @Test func changedFilesAreFound() throws {
    let good = try place.text("results/liquidations.csv")
    try place.write("results/liquidations.csv", good + "x\n")
    #expect(try refusal(65).contains("results/liquidations.csv: found "))
    try place.shell("rm results/liquidations.csv")
    #expect(try refusal(65).contains("results/liquidations.csv: this file is missing"))
    try place.write("results/liquidations.csv", good)
    try place.run(["verify", "results"])
    try place.write("results/manifest.json", "{")
    #expect(try refusal(65).contains("results/manifest.json:1"))
    try place.shell("rm results/manifest.json")
    #expect(try refusal(66).contains("results/manifest.json: no such file"))
  }

  @Test func rowsAreCounted() throws {
    try forge("cycles.csv") { $0 + ($0.split(separator: "\n").last ?? "") + "\n" }
    #expect(try refusal(65).contains("results/cycles.csv: found "))
  }

  @Test func forgedNumbersAreFound() throws {
    try forge("sweep.csv") { text in
      let lines = text.split(separator: "\n").map {
        $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      }
      return lines.enumerated().map { (row, fields) in
        var fields = fields
        if row > 0 { fields[4] = "1.000000" }
        return fields.joined(separator: ",") + "\n"
      }.joined()
    }
    #expect(try refusal(70).contains("when the cell is run again"))
    try place.run(["verify", "results", "--cells", "0"])
  }

  @Test func moneyThatIsNotConservedIsFound() throws {
    try forge("sweep.csv") { $0.replacingOccurrences(of: ",0.000000\n", with: ",0.000001\n") }
    #expect(try refusal(70).contains("ledger_imbalance_usd is not 0.000000"))
  }

  @Test func inputsAreCompared() throws {
    let book = try place.text("book.csv")
    try place.write("book.csv", book + "\n")
    #expect(try refusal(65).contains("book.csv: this input is not the one of the sweep"))
    try place.shell("rm book.csv")
    let outcome = try place.run(["verify", "results"])
    #expect(outcome.text.hasSuffix("\n4 of 5 inputs are here and have their digests\n"))
    #expect(outcome.diagnostics.contains("no cell was run again"))
    try place.write("book.csv", book)
    try place.shell("mv spec.toml elsewhere.toml")
    #expect(try place.run(["verify", "results"]).diagnostics.contains("spec.toml"))
    #expect(
      try place.run(["verify", "results", "--spec", "elsewhere.toml"]).text.contains("3 cells came")
    )
  }
}
