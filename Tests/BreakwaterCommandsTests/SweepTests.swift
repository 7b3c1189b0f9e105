// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What a sweep promises whatever its numbers: same bytes, same cells alone, conserved money.
struct SweepTests {
  private static let tables = ["sweep.csv", "frontier.csv", "robustness.csv"]
    + GoldenTests.events

  @Test func sameBytesOnAnyNumberOfThreadsAndEachTime() throws {
    let place = try Workdir()
    let runs = ["one": "1", "two": "2", "many": "7", "again": "2", "default": "0"]
    for (folder, threads) in runs {
      try place.run(["sweep", "spec.toml", "-o", folder, "-j", threads])
    }
    try place.run(
      ["sweep", "spec.toml", "-o", "variable"],
      environment: ["BREAKWATER_THREADS": "3"]
    )
    for name in SweepTests.tables {
      let first = try place.bytes("one/" + name)
      for folder in runs.keys.sorted() + ["variable"] {
        #expect(try place.bytes("\(folder)/\(name)") == first, "\(folder)/\(name)")
      }
    }
  }

  @Test func replayOfEveryCellReproducesItsRow() throws {
    let place = try Workdir()
    try place.run(["sweep", "spec.toml", "-q"])
    let lines = try place.text("results/sweep.csv").split(separator: "\n")
    let sweep = Rows(try place.text("results/sweep.csv"))
    #expect(sweep.rows.count == 4)
    for (row, line) in zip(sweep.rows, lines.dropFirst()) {
      let expected = "\(lines[0])\n\(line)\n"
      let values = zip(sweep.columns, row).filter { $0.0.contains(".") }
        .map { "\($0.0)=\($0.1)" }.joined(separator: ",")
      let byValue = try place.run(["replay", "spec.toml", "--cell", values])
      let byID = try place.run(["replay", "spec.toml", "--cell", row[0], "-o", "cell"])
      #expect(byValue.text == expected, "\(values)")
      #expect(byID.text == expected, "\(row[0])")
      #expect(try place.text("cell/sweep.csv") == expected)
      for name in GoldenTests.events {
        let all = try place.text("results/" + name).split(separator: "\n")
        let own = all.enumerated().filter { $0.offset == 0 || $0.element.hasPrefix(row[0] + ",") }
        #expect(
          try place.text("cell/" + name).split(separator: "\n") == own.map(\.element),
          "\(name)"
        )
      }
    }
  }

  @Test func moneyIsConserved() throws {
    let place = try Workdir()
    try place.run(["sweep", "spec.toml", "-q"])
    for name in ["sweep.csv", "frontier.csv"] {
      let cells = try Rows(place.text("results/" + name)).column("ledger_imbalance_usd")
      #expect(!cells.isEmpty)
      #expect(cells.allSatisfy { $0 == "0.000000" })
    }
  }

  /// The mean of a cell's P&L is the sum of its cycles over the scenarios.
  @Test func rowsAddUpToTheirEvents() throws {
    let place = try Workdir()
    try place.run(["sweep", "spec.toml", "-q"])
    let sweep = Rows(try place.text("results/sweep.csv"))
    let cycles = Rows(try place.text("results/cycles.csv"))
    let parts = try zip(cycles.column("cell_id"), cycles.column("pnl_usd"))
      .map { (cell: $0, micro: try SweepTests.micro($1)) }
    for (cell, pnl) in try zip(sweep.column("cell_id"), sweep.column("vault_pnl_usd")) {
      let sum = parts.filter { $0.cell == cell }.reduce(0) { $0 + $1.micro }
      let doubled = try SweepTests.micro(pnl) * 2
      #expect(abs(sum - doubled) <= 1, "cell \(cell): \(sum) and twice \(pnl)")
    }
  }

  private static func micro(_ text: String) throws -> Int {
    try #require(Int(text.replacingOccurrences(of: ".", with: "")), "\(text) has six decimals")
  }

  @Test func manifestHasTheDigestsOfAllFiles() throws {
    let place = try Workdir()
    try place.run(["sweep", "spec.toml", "-q"])
    let manifest = try Manifest(place.bytes("results/manifest.json"))
    #expect(manifest.counts == ["cells": 4, "scenarios": 2, "accounts": 25])
    #expect(manifest.seed == "2020")
    #expect(manifest.outputs.map(\.file) == SweepTests.tables)
    #expect(manifest.inputs.map(\.file) == ["book.csv", "prices.csv", "fall.csv", "dip.csv"])
    #expect(manifest.inputs.map(\.rows) == [30, nil, 48, 48])
    for (folder, files) in [
      ("results/", manifest.outputs), ("", manifest.inputs + [manifest.spec]),
    ] {
      for file in files {
        let sum = try place.shell("sha256sum < '\(folder)\(file.file)'").text
        #expect(sum == file.sha256 + "  -\n", "\(file.file)")
        #expect(try place.bytes(folder + file.file).count == file.bytes)
      }
    }
    for file in manifest.outputs {
      #expect(try Rows(place.text("results/" + file.file)).rows.count == file.rows)
    }
  }

  @Test func detailsDecideWhichCellsHaveEvents() throws {
    let place = try Workdir()
    try place.run(["sweep", "spec.toml", "-q"])
    let all = try place.text("spec.toml")
    for (details, count) in [("none", 0), ("best 1", 1), ("best 3", 3), ("best 99", 4)] {
      try place.write(
        "some.toml",
        all.replacingOccurrences(of: "\"all\"", with: "\"\(details)\"")
      )
      try place.run(["sweep", "some.toml", "-q", "-o", "some"])
      #expect(try place.bytes("some/sweep.csv") == place.bytes("results/sweep.csv"))
      let ids = Set(try Rows(place.text("some/liquidations.csv")).column("cell_id"))
      #expect(ids.count == count, "\(details)")
    }
  }

  /// A spec names its files from its own folder, results too.
  @Test func specMayLieElsewhere() throws {
    let place = try Workdir()
    try place.shell("mkdir inner && mv *.csv spec.toml inner/")
    try place.run(["sweep", "inner/spec.toml", "-q"])
    try Golden.expect(place.bytes("inner/results/sweep.csv"), equals: "results/sweep.csv")
  }

  @Test func settingsAndSweptVenueNumbersAreCells() throws {
    let place = try Workdir()
    let spec = try place.text("spec.toml")
      .replacingOccurrences(
        of: "vault.stop_loss = [0.02, 0.06]",
        with: "venues.marginfi.assets.SOL.asset_weight = [0.88, 0.9]\nprotection.enabled = [0, 1]"
      )
    try place.write("venues.toml", spec)
    try place.run(["sweep", "venues.toml", "-q", "-o", "venues", "-j", "2"])
    let rows = Rows(try place.text("venues/sweep.csv"))
    #expect(rows.rows.count == 8)
    #expect(Set(try rows.column("cell_id")).count == 8)
    #expect(try rows.column("ledger_imbalance_usd").allSatisfy { $0 == "0.000000" })
    let golden = Rows(
      String(decoding: try Data(contentsOf: Golden.url("results/sweep.csv")), as: UTF8.self)
    )
    // Both spell the defaults of the venue file, of protection and of the stop-loss.
    let replayed = Rows(
      try place.run([
        "replay", "venues.toml", "--cell",
        "auction.kappa_bps_per_s=2,vault.stop_loss=0.02,protection.enabled=1,"
          + "venues.marginfi.assets.SOL.asset_weight=0.9",
      ]).text
    )
    #expect(try replayed.column("cell_id") == [golden.rows[0][0]])
    #expect(try replayed.column("vault_pnl_usd") == [golden.column("vault_pnl_usd")[0]])
  }
}

/// What a test reads of `manifest.json`.
private struct Manifest {
  struct File {
    var file: String
    var rows: Int?
    var bytes: Int
    var sha256: String

    init(_ value: Any?) throws {
      let entries = try #require(value as? [String: Any])
      file = try #require(entries["file"] as? String)
      rows = entries["rows"] as? Int
      bytes = try #require(entries["bytes"] as? Int)
      sha256 = try #require(entries["sha256"] as? String)
    }
  }

  var spec: File
  var inputs: [File]
  var outputs: [File]
  var seed: String
  var counts: [String: Int]

  init(_ bytes: Data) throws {
    let object = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
    spec = try File(object["spec"])
    inputs = try #require(object["inputs"] as? [Any]).map { try File($0) }
    outputs = try #require(object["outputs"] as? [Any]).map { try File($0) }
    seed = try #require(object["seed"] as? String)
    counts = [:]
    for name in ["cells", "scenarios", "accounts"] { counts[name] = object[name] as? Int }
  }
}
