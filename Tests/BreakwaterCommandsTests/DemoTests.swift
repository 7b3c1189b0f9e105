// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The data of the demo shows everything that the first version can do.
struct DemoTests {
  private static let folder = Repository.file("datasets/crash")

  @Test(.enabled(if: folder != nil, "there is no datasets/crash"))
  func defaultCellOfTheDemoMeetsEveryOutcome() throws {
    let place = try Workdir(withBook: false)
    let spec = try #require(DemoTests.folder).appendingPathComponent("spec.toml").path
    let printed = try place.run(["replay", spec, "-o", "cell", "-q"])
    let row = Rows(printed.text)
    func number(_ column: String) throws -> Double {
      let text = try row.column(column).first ?? ""
      return try #require(Double(text), "\(column) is '\(text)'")
    }
    let reasons = Set(try Rows(place.text("cell/cycles.csv")).column("exit_reason"))
    #expect(reasons.isSuperset(of: ["recover", "stop_loss", "timeout"]))
    #expect(try number("vault_gap_loss_usd") > 0)
    #expect(try number("protection_prevented_liquidations") > 0)
    #expect(try number("auction_accepted_share") > 0.9)
    #expect(try number("ledger_imbalance_usd") == 0)
  }

  @Test(.enabled(if: folder != nil, "there is no datasets/crash"))
  func bookOfTheDemoHasDeployableClusters() throws {
    let place = try Workdir(withBook: false)
    let folder = try #require(DemoTests.folder)
    let printed = try place.run([
      "clusters", "--book", folder.appendingPathComponent("book.csv").path,
      "--prices", folder.appendingPathComponent("prices.csv").path, "-q",
    ])
    let rows = Rows(printed.text)
    let assets = try rows.column("asset")
    let directions = try rows.column("direction")
    let deployable = try rows.column("deployable")
    let found = rows.rows.indices.filter {
      deployable[$0] == "1" && directions[$0] == "below"
    }
    #expect(Set(found.map { assets[$0] }).isSuperset(of: ["BTC", "ETH", "SOL"]))
  }

  /// The command lines of `datasets/crash/README.md` make its files again, byte for byte.
  @Test(.enabled(if: folder != nil, "there is no datasets/crash"))
  func dataOfTheDemoIsWhatTheGeneratorMakes() throws {
    let place = try Workdir(withBook: false)
    let folder = try #require(DemoTests.folder)
    try place.run([
      "generate", "book", "--accounts", "20000", "--seed", "1", "-o", "book.csv",
      "--write-prices", "prices.csv", "-q",
    ])
    try place.run([
      "generate", "paths", "--model", "crash", "--scenarios", "8", "--seed", "1",
      "--prices", "prices.csv", "-o", "paths", "-q",
    ])
    let paths = (1...8).map { "paths/path-000\($0).csv" }
    for name in ["book.csv", "prices.csv"] + paths {
      let committed = try Data(contentsOf: folder.appendingPathComponent(name))
      #expect(try place.bytes(name) == committed, "\(name)")
    }
  }
}
