// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import BreakwaterCommands
import Foundation
import Reports
import Testing

/// Sweeps that choose their cells, scenarios that are made when they run, and results of another
/// revision of the program.
struct RefineCommandTests {
  private let place: Workdir

  init() throws {
    place = try Workdir()
    let spec = try place.text("spec.toml")
      .replacingOccurrences(of: "[0.02, 0.06]", with: "{ from = 0.01, to = 0.16, steps = 16 }")
      .replacingOccurrences(of: "[2, 20]", with: "{ from = 1, to = 40, steps = 12 }")
      .replacingOccurrences(of: "\"all\"", with: "\"best 2\"")
      .replacingOccurrences(of: "seed = 2020", with: "seed = 2020\ngenerate = 6\nhorizon_s = 1800")
    try place.write("large.toml", spec)
  }

  @Test func aRefinedSweepIsAPartOfTheWholeOne() throws {
    let refine = ["--refine", "10", "--refine-seed", "5"]
    try place.run(["sweep", "large.toml", "-q", "-o", "whole"])
    let first = try place.run(["sweep", "large.toml", "-o", "a", "-j", "1"] + refine)
    #expect(first.diagnostics.contains("refine: round 1 of 4: 10 cells"))
    try place.run(["sweep", "large.toml", "-q", "-o", "b", "-j", "3"] + refine)
    #expect(try place.results("a") == place.results("b"))
    let whole = try Set(place.text("whole/sweep.csv").split(separator: "\n"))
    let rows = try place.text("a/sweep.csv").split(separator: "\n")
    #expect(rows.count > 11 && rows.count < whole.count)
    #expect(rows.allSatisfy(whole.contains))
    try place.run(["verify", "a", "-q"])
    let again = try place.run(["sweep", "large.toml", "-o", "a"] + refine)
    #expect(again.diagnostics.contains("is finished, nothing to do"))
    #expect(!again.diagnostics.contains("refine: round"))
    // The same by the spec.
    try place.write("by-spec.toml", place.text("large.toml") + "[refine]\ncells = 10\nseed = 5\n")
    try place.run(["sweep", "by-spec.toml", "-q", "-o", "c"])
    #expect(try place.text("c/sweep.csv") == place.text("a/sweep.csv"))
    let outline = try place.run(["sweep", "by-spec.toml", "--dry-run"]).text
    #expect(outline.contains("refine: the first of 4 rounds alone, 10 of 192 points, seed 5\n"))
  }

  @Test func aRefinedSweepGoesOnWhereItWas() throws {
    let refine = ["--refine", "60", "--refine-rounds", "3"]
    try place.run(["sweep", "large.toml", "-q", "-o", "whole"] + refine)
    var kills = 0
    for attempt in 0..<40 where kills < 3 {
      let running = try place.started(
        ["sweep", "large.toml", "-q", "-o", "cut", "--resume", "-j", "1"] + refine
      )
      usleep(UInt32(20_000 + 15_000 * attempt))
      kill(running.process.processIdentifier, SIGKILL)
      if try running.wait().status == -SIGKILL { kills += 1 } else { try place.shell("rm -r cut") }
    }
    try place.run(["sweep", "large.toml", "-q", "-o", "cut", "--resume"] + refine)
    #expect(try place.results("cut") == place.results("whole"))
  }

  @Test(arguments: [
    (["--refine", "5", "--shard", "1/2"], "a refined sweep has no shards"),
    (["--refine", "5", "--sample", "5"], "--sample and --refine exclude each other"),
    (["--refine-rounds", "5"], "--refine-rounds needs --refine"),
    (["--refine-seed", "5"], "--refine-seed needs --refine"),
    (["--sample-method", "sobol"], "--sample-method needs --sample"),
  ])
  func whatHasNoMeaningIsRefused(_ options: [String], _ message: String) throws {
    let outcome = try place.run(["sweep", "large.toml", "-o", "x"] + options, expecting: 64)
    #expect(outcome.diagnostics.contains(message), "\(outcome.diagnostics)")
  }

  @Test func aSobolSampleIsDrawnByBothWays() throws {
    let sample = ["--sample", "16", "--sample-seed", "5", "--sample-method", "sobol"]
    try place.run(["sweep", "large.toml", "-q", "-o", "a"] + sample)
    try place.write(
      "drawn.toml",
      place.text("large.toml") + "[sample]\ncells = 16\nseed = 5\nmethod = \"sobol\"\n"
    )
    try place.run(["sweep", "drawn.toml", "-q", "-o", "b"])
    #expect(try place.text("a/sweep.csv") == place.text("b/sweep.csv"))
    #expect(try place.text("a/manifest.json").contains("\"method\": \"sobol\""))
    try place.run(["verify", "a", "-q"])
    let latin = try place.run(["sweep", "large.toml", "-o", "a"] + sample.dropLast(2))
    #expect(!latin.diagnostics.contains("is finished"))
  }

  /// The files of `generate paths` are what a sweep generates with the same seed.
  @Test func generatedScenariosAreThoseOfTheCommand() throws {
    try place.run([
      "generate", "paths", "--scenarios", "6", "--seed", "2020", "--horizon-s", "1800", "--prices",
      "prices.csv", "-q", "-o", "paths",
    ])
    let files = (1...6).map { "\"paths/path-000\($0).csv\"" }.joined(separator: ", ")
    try place.write(
      "read.toml",
      place.text("large.toml")
        .replacingOccurrences(of: "generate = 6\nhorizon_s = 1800", with: "")
        .replacingOccurrences(of: "\"dip.csv\"]", with: "\"dip.csv\", \(files)]")
    )
    try place.run(["sweep", "large.toml", "-q", "-o", "made"])
    try place.run(["sweep", "read.toml", "-q", "-o", "read"])
    var (made, read) = (try place.results("made"), try place.results("read"))
    (made["manifest.json"], read["manifest.json"]) = (nil, nil)
    #expect(made == read)
  }

  @Test func resultsOfAnotherRevisionAreNotTakenForFinished() throws {
    try place.run(["sweep", "spec.toml", "-q"])
    let manifest = try place.text("results/manifest.json")
    let line = "\"results_revision\": \"\(BreakwaterProgram.resultsRevision)\","
    #expect(manifest.contains(line))
    for other in ["\"results_revision\": \"0-1\",", ""] {
      try place.write(
        "results/manifest.json",
        manifest.replacingOccurrences(of: line, with: other)
      )
      let again = try place.run(["sweep", "spec.toml"])
      #expect(!again.diagnostics.contains("is finished"))
      #expect(try place.text("results/manifest.json").contains(line))
    }
  }

  /// Every column of the golden results has the digest that stands beside the revision.
  ///
  /// Columns whose values change ask for another one, so that nobody's old results are taken for
  /// finished. New columns are part of the revision's name by themselves.
  @Test func theRevisionIsThatOfTheGoldenFiles() throws {
    var digests: [String] = []
    for name in ["sweep.csv", "frontier.csv", "robustness.csv"] + GoldenTests.events {
      let text = try String(contentsOf: Golden.url("results/" + name), encoding: .utf8)
      let table = Rows(text)
      for column in table.columns {
        let values = try table.column(column).joined(separator: "\n")
        digests.append("\(name) \(column) \(Digest.sha256([UInt8](values.utf8)).prefix(16))\n")
      }
    }
    let known = (try? String(contentsOf: Golden.url("revision.txt"), encoding: .utf8)) ?? ""
    let title = "results revision \(BreakwaterProgram.revision)\n"
    var changed: [Substring] = []
    for line in known.split(separator: "\n").dropFirst() where !digests.contains(line + "\n") {
      changed.append(line)
    }
    if known.hasPrefix(title), changed.isEmpty { return }
    #expect(
      !known.hasPrefix(title),
      "raise BreakwaterProgram.revision: values have changed in \(changed.prefix(5))"
    )
    try Golden.expect(Data((title + digests.joined()).utf8), equals: "revision.txt")
  }
}
