// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// `compare`, `explain`, `--notify` and `--json-progress` on real runs.
struct CompareTests {
  @Test func equalSweepsHaveNoDifference() throws {
    let place = try Workdir()
    try place.run(["sweep", "spec.toml", "-o", "a", "-q"])
    try place.run(["sweep", "spec.toml", "-o", "b", "-q"])
    let all = ["inputs", "cells", "metrics", "intervals", "best", "front"]
    let fails = all.flatMap { ["--fail-on", $0] }
    let text = try place.run(["compare", "a", "b"] + fails).text
    #expect(text == "No difference: inputs and 4 cells are the same.\n")
  }

  /// One changed input is named, and nothing else that went in.
  @Test func oneChangedInputIsNamed() throws {
    let place = try Workdir()
    try place.run(["sweep", "spec.toml", "-o", "a", "-q"])
    let lines = try place.text("fall.csv").split(separator: "\n").map(String.init)
    // The last step of one path: a price of the first asset is a little lower.
    var fields = try #require(lines.last).split(separator: ",").map(String.init)
    fields[1] = String(try #require(Double(fields[1])) * 0.97)
    let changed = lines.dropLast() + [fields.joined(separator: ",")]
    try place.write("fall.csv", changed.joined(separator: "\n") + "\n")
    try place.run(["sweep", "spec.toml", "-o", "b", "-q"])
    let text = try place.run(["compare", "a", "b"]).text
    let inputs = text.split(separator: "\n").drop { $0 != "Inputs:" }.dropFirst()
      .prefix { $0.hasPrefix("  ") }
    #expect(Array(inputs) == ["  input fall.csv changed"])
    #expect(text.contains("4 in both, 0 only in the first, 0 only in the second"))
    let outcome = try place.run(["compare", "a", "b", "--fail-on", "inputs"], expecting: 1)
    #expect(outcome.diagnostics.contains("the sweeps differ in: inputs"))
    try place.run(["compare", "a", "b", "--fail-on", "cells"])
    try place.shell(
      "$BREAKWATER compare a b --json | python3 -c 'import json, sys;"
        + " assert json.load(sys.stdin)[\"inputs\"] == [\"input fall.csv changed\"]'"
    )
  }

  /// A number that was changed after the sweep is shown by nobody.
  @Test func tablesThatWereChangedAreRefused() throws {
    let place = try Workdir()
    try place.run(["sweep", "spec.toml", "-o", "a", "-q"])
    try place.run(["compare", "a", "a"])
    let text = try place.text("a/sweep.csv")
    let digit = try #require(text.lastIndex { $0 == "0" })
    try place.write("a/sweep.csv", text.replacingCharacters(in: digit...digit, with: "1"))
    for command in [["report", "a"], ["compare", "a", "a"]] {
      let outcome = try place.run(command, expecting: 65)
      #expect(outcome.diagnostics.contains("a/sweep.csv: found other bytes than the sweep wrote"))
    }
  }

  /// The metrics that are named are those whose columns differ, with the cells in which they do.
  @Test func metricsThatMovedAreTheColumnsThatDiffer() throws {
    let place = try Workdir()
    let options = ["--report", "none", "-q"]
    try place.run(["sweep", "spec.toml", "-o", "a"] + options)
    try place.shell("sed -i 's/deploy_usd = 500_000/deploy_usd = 510_000/' spec.toml")
    try place.run(["sweep", "spec.toml", "-o", "b"] + options)
    let (old, new) = (
      Rows(try place.text("a/sweep.csv")), Rows(try place.text("b/sweep.csv"))
    )
    var moved: [String] = []
    for (column, name) in old.columns.enumerated() where column > 0 && !name.contains(".") {
      let cells = zip(old.rows, new.rows).count { Double($0[column]) != Double($1[column]) }
      if cells > 0 { moved.append("\(name) \(cells)") }
    }
    let text = try place.run(["compare", "a", "b"]).text
    #expect(text.contains("('at' is auction.kappa_bps_per_s, vault.stop_loss):"))
    let lines = text.split(separator: "\n").drop { !$0.hasPrefix("Metrics that moved") }
      .dropFirst(2).prefix { $0.hasPrefix("  ") }
    #expect(!moved.isEmpty && lines.count == moved.count)
    for (line, start) in zip(lines, moved) {
      // Name, unit, cells.
      let words = line.split(separator: " ")
      #expect("\(words[0]) \(words[2])" == start, "\(line)")
    }
  }

  @Test func cellsOfAnotherGridAreToldApart() throws {
    let place = try Workdir()
    try place.run(["sweep", "spec.toml", "-o", "a", "-q"])
    try place.write(
      "spec.toml",
      place.text("spec.toml").replacingOccurrences(of: "[0.02, 0.06]", with: "[0.02, 0.07]")
    )
    try place.run(["sweep", "spec.toml", "-o", "b", "-q"])
    let text = try place.run(["compare", "a", "b"]).text
    #expect(text.contains("  grid vault.stop_loss: 0.02, 0.06 → 0.02, 0.07\n"))
    #expect(text.contains("Cells: 2 in both, 2 only in the first, 2 only in the second"))
    #expect(
      text.contains("  349da481ab9f9d1f: auction.kappa_bps_per_s = 2, vault.stop_loss = 0.06\n")
    )
    try place.run(["compare", "a", "b", "--fail-on", "cells"], expecting: 1)
    try place.run(["compare", "a", "nowhere"], expecting: 66)
  }

  @Test func worstScenarioIsToldInSentences() throws {
    let place = try Workdir()
    let text = try place.run(["explain", "spec.toml"]).text
    #expect(text.contains("Worst of 2 scenarios: "))
    #expect(text.contains("began at") && text.contains("was lowest at"))
    let other = try place.run(["explain", "spec.toml", "--scenario", "1"]).text
    #expect(other.contains("Scenario: 1, "))
    try place.run(["explain", "spec.toml", "--scenario", "2"], expecting: 65)
    try place.run(["explain", "spec.toml", "--cell", "0000"], expecting: 65)
  }

  @Test func endAndFailureAreNotified() throws {
    let place = try Workdir()
    try place.run(["sweep", "spec.toml", "-q", "--notify", "cat > end.json"])
    try place.shell(
      """
      python3 - <<'END'
      import json
      facts = json.load(open("end.json"))
      assert facts["event"] == "finished" and facts["status"] == 0, facts
      assert facts["cells"] == 4 and facts["best"]["cell_id"], facts
      END
      """
    )
    let said = try place.run(
      ["sweep", "missing.toml", "-q", "--notify", "cat > failure.json; exit 9"],
      expecting: 66
    )
    #expect(said.diagnostics.contains("--notify: the command ended with status 9"))
    let failure = try place.text("failure.json")
    #expect(failure.contains("\"event\": \"failed\"") && failure.contains("\"status\": 66"))
  }

  @Test func progressIsAlsoForPrograms() throws {
    let place = try Workdir()
    let said = try place.run(["sweep", "spec.toml", "-q", "--json-progress"]).diagnostics
    let lines = said.split(separator: "\n")
    #expect(lines.count >= 2)
    for line in lines {
      let facts = try #require(
        try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      )
      #expect(facts["total"] is Int && facts["done"] is Int, "\(line)")
    }
    #expect(lines.contains { $0.contains("\"event\":\"end\",\"label\":\"sweep\",\"done\":8") })
  }
}
