// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// `breakpoints.csv`: who writes it, who refuses to, and what stands in it.
struct BreakpointTests {
  @Test func levelsOfTheBestCellAreWrittenWhereTheyAreAskedFor() throws {
    let place = try Workdir()
    let outcome = try place.run(["sweep", "spec.toml", "--exact-breakpoints"])
    let table = Rows(try place.text("results/breakpoints.csv"))
    #expect(table.columns == ["cell_id", "axis", "level", "scenarios"])
    let cells = Rows(try place.text("results/robustness.csv"))
    let best = try #require(try cells.column("rank").firstIndex(of: "1"))
    #expect(try Set(table.column("cell_id")) == [try cells.column("cell_id")[best]])
    let levels = try zip(table.column("axis"), table.column("level"))
      .map { (axis: $0, level: try #require(Double($1))) }
    // The stop-loss is swept between 2 % and 6 %, the timeout is not.
    let stops = levels.filter { $0.axis == "vault.stop_loss" }.map(\.level)
    let timeouts = levels.filter { $0.axis == "vault.timeout_s" }.map(\.level)
    #expect(!stops.isEmpty && stops.allSatisfy { (0.02...0.06).contains($0) })
    #expect(!timeouts.isEmpty)
    #expect(stops == stops.sorted() && timeouts == timeouts.sorted())
    #expect(
      outcome.text.contains(
        "Breakpoints of the best cell: \(stops.count) of vault.stop_loss,"
          + " \(timeouts.count) of vault.timeout_s\n"
      )
    )
    #expect(try place.text("results/manifest.json").contains("\"breakpoints.csv\""))
    try place.run(["verify", "results", "-q"])
    // On both sides of a level the same cell of its own has other cycles, to the next double.
    for level in stops.prefix(3) {
      var cycles: [String] = []
      for value in [level, level.nextDown] {
        try place.run([
          "replay", "spec.toml", "-q", "-o", "cell", "--cell",
          "auction.kappa_bps_per_s=2,vault.stop_loss=\(value)",
        ])
        let table = Rows(try place.text("cell/cycles.csv"))
        cycles.append(
          try zip(table.column("exited_at"), table.column("exit_reason")).map { $0 + " " + $1 }
            .joined(separator: ",")
        )
      }
      #expect(cycles[0] != cycles[1], "\(level)")
    }
  }

  @Test func aFinishedSweepIsRunAgainForItsLevelsOnly() throws {
    let place = try Workdir()
    try place.run(["sweep", "spec.toml", "-q"])
    #expect(!place.contents("results").contains("breakpoints.csv"))
    try place.run(["sweep", "spec.toml", "-q", "--exact-breakpoints"])
    let levels = try place.bytes("results/breakpoints.csv")
    for more in [[], ["--exact-breakpoints"]] {
      let again = try place.run(["sweep", "spec.toml"] + more)
      #expect(again.diagnostics.contains("this sweep is finished, nothing to do"))
      #expect(try place.bytes("results/breakpoints.csv") == levels)
    }
    // The levels of an earlier run do not stay beside results that have none.
    try place.run(["sweep", "spec.toml", "-q", "--fresh"])
    #expect(!place.contents("results").contains("breakpoints.csv"))
  }

  @Test func shardsLeaveItToMerge() throws {
    let place = try Workdir()
    let refused = try place.run(
      ["sweep", "spec.toml", "--shard", "1/2", "--exact-breakpoints"],
      expecting: 64
    )
    #expect(refused.diagnostics.contains("give it to 'breakwater merge' instead"))
    for shard in ["1/2", "2/2"] {
      try place.run(["sweep", "spec.toml", "-q", "--shard", shard, "-o", "parts"])
    }
    try place.run(["merge", "parts", "-q", "-o", "merged", "--exact-breakpoints", "-j", "3"])
    try place.run(["sweep", "spec.toml", "-q", "-o", "whole", "--exact-breakpoints", "-j", "1"])
    #expect(try place.bytes("merged/breakpoints.csv") == place.bytes("whole/breakpoints.csv"))
    #expect(try place.results("merged") == place.results("whole"))
  }

  /// The manifest names the best cells, the table has their numbers.
  @Test func manifestSaysWhatTheTableSays() throws {
    let place = try Workdir()
    try place.run(["sweep", "spec.toml", "-q"])
    let object = try JSONSerialization.jsonObject(with: place.bytes("results/manifest.json"))
    let manifest = try #require(object as? [String: Any])
    let facts = try #require(manifest["robustness"] as? [String: Any])
    let table = Rows(try place.text("results/robustness.csv"))
    for name in ["best_cell", "best_plateau"] {
      let pick = try #require(facts[name] as? [String: Any])
      let id = pick["cell_id"] as? String
      let place = try #require(try table.column("cell_id").firstIndex { $0 == id })
      for column in ["vault_pnl_usd", "plateau_usd"] {
        #expect(try Double(table.column(column)[place]) == pick[column] as? Double)
      }
    }
    #expect(facts["rank_stability"] as? Double == 1)
  }
}
