// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import BreakwaterCommands
import Foundation
import Sweeps
import Testing
import TextKit

/// Shards of a sweep and their merge.
struct ShardTests {
  @Test(arguments: [1, 2, 3, 7])
  func mergedShardsAreTheUndividedRun(_ count: Int) throws {
    let place = try Workdir()
    try place.run(["sweep", "spec.toml", "-q", "-o", "whole"])
    for index in (1...count).reversed() {
      let folder = index % 2 == 0 ? "even" : "odd"
      try place.run(["sweep", "spec.toml", "-q", "-o", folder, "--shard", "\(index)/\(count)"])
      #expect(place.contents(folder).contains("part-\(index)-of-\(count).sqlite"))
    }
    let parts = count == 1 ? ["odd"] : ["even", "odd"]
    #expect(
      parts.allSatisfy { folder in place.contents(folder).allSatisfy { $0.hasPrefix("part-") } }
    )
    let merged = try place.run(["merge"] + parts + ["-o", "merged"])
    #expect(merged.text.contains("Files: merged/"))
    #expect(try place.results("merged") == place.results("whole"))
    try place.run(["verify", "merged", "-q"])
  }

  @Test func shardThatIsKilledOrFinishedGoesOn() throws {
    let place = try Workdir()
    try place.writeSpec("mid.toml", steps: 2000)
    let words = ["sweep", "mid.toml", "-o", "parts", "--shard", "2/3", "--resume", "-j", "1"]
    let running = try place.started(words)
    // Something is finished, and far from all.
    try place.waitForJournal("parts/journal-2-of-3.sqlite", logBytes: 0)
    kill(running.process.processIdentifier, SIGKILL)
    #expect(try running.wait().status == -SIGKILL)
    #expect(!place.contents("parts").contains("part-2-of-3.sqlite"))
    #expect(try place.run(words).text.contains("Shard 2/3: "))
    let again = try place.run(words)
    #expect(again.diagnostics.contains("parts: shard 2/3 is finished, nothing to do"))
    #expect(place.contents("parts") == ["part-2-of-3.sqlite"])
    for index in [1, 3] {
      try place.run(["sweep", "mid.toml", "-q", "-o", "parts", "--shard", "\(index)/3"])
    }
    try place.run(["merge", "parts", "-q", "-o", "merged"])
    try place.run(["sweep", "mid.toml", "-q", "-o", "whole"])
    #expect(try place.results("merged") == place.results("whole"))
  }

  @Test func mergeRefusesWhatDoesNotFit() throws {
    let place = try Workdir()
    func shard(_ text: String, _ folder: String, _ spec: String = "spec.toml") throws {
      try place.run(["sweep", spec, "-q", "-o", folder, "--shard", text])
    }
    try shard("1/3", "parts")
    try shard("3/3", "parts")
    func refusal(_ words: [String], _ status: Int32 = 65) throws -> String {
      let outcome = try place.run(["merge"] + words + ["-o", "merged"], expecting: status)
      #expect(!place.contents("merged").contains { $0.hasSuffix(".csv") })
      return outcome.diagnostics
    }
    let gap = try refusal(["parts"])
    #expect(gap.contains("found 2 of 3 shards; run those that are missing:\n"))
    #expect(gap.contains("\n  breakwater sweep spec.toml -o merged --shard 2/3 --resume\n"))
    try shard("2/3", "parts")
    try shard("1/2", "other")
    #expect(try refusal(["parts", "other"]).contains("is one of 2 shards"))
    try place.write(
      "other.toml",
      place.text("spec.toml").replacingOccurrences(of: "2020", with: "2021")
    )
    try shard("2/3", "stranger", "other.toml")
    let stranger = try refusal(["parts", "stranger/part-2-of-3.sqlite"])
    #expect(stranger.contains("is of another sweep than parts/part-1-of-3.sqlite: seed: was 2020"))
    let spec = try refusal(["parts", "--spec", "other.toml"])
    #expect(spec.contains("other.toml: spec or inputs are not those"))
    // The same part twice is no harm; damage is.
    try place.shell("mkdir copy && cp parts/part-2-of-3.sqlite copy/")
    try place.run(["merge", "parts", "copy", "-q", "-o", "merged"])
    try place.shell("rm -r merged")
    var bytes = try place.bytes("copy/part-2-of-3.sqlite")
    bytes[bytes.count - 20] ^= 1
    try place.write("copy/part-2-of-3.sqlite", bytes)
    #expect(try refusal(["parts", "copy"]).contains("this file is damaged"))
    try place.write("copy/part-2-of-3.sqlite", bytes.prefix(3000))
    #expect(try refusal(["parts", "copy"]).contains("this file is damaged"))
    #expect(try refusal(["empty"], 66).contains("empty: no such file"))
    try place.shell("mkdir empty")
    #expect(try refusal(["empty"], 66).contains("found no part-I-of-N.sqlite"))
    // The spec may move; then it is named.
    try place.shell("mkdir moved && mv *.csv spec.toml moved/")
    #expect(try refusal(["parts"], 66).contains("spec.toml: no such file"))
    try place.run(["merge", "parts", "-q", "-o", "merged", "--spec", "moved/spec.toml"])
  }

  @Test(arguments: ["0/3", "4/3", "1", "1/", "/3", "a/3", "1/3/5", "-1/3", "", "auto/0", "auto/x"])
  func shardThatMeansNothingIsRefused(_ text: String) throws {
    let outcome = try Workdir().run(["sweep", "spec.toml", "--shard=\(text)"], expecting: 64)
    #expect(outcome.diagnostics.contains("expected I/N with 1 ≤ I ≤ N"), "\(outcome)")
  }

  /// Variables of a scheduler and the shard that they mean; nil is a refusal.
  static let schedulers: [(option: String, variables: [String: String], shard: String?)] = [
    ("auto", slurm(3, 1, 8, 8), "3/8"), ("auto", slurm(0, 0, 7, 8), "1/8"),
    ("auto", slurm(7, 0, 7, 8), "8/8"), ("auto/8", slurm(3, 1, 8, 8), "3/8"),
    // One task again, a few tasks again, with a step, with a limit of tasks that run at once.
    ("auto", slurm(3, 3, 3, 1), nil), ("auto/8", slurm(3, 3, 3, 1), nil),
    ("auto", slurm(1, 1, 1, 1), nil), ("auto/1", slurm(1, 1, 1, 1), "1/1"),
    ("auto", slurm(2, 2, 5, 4), nil), ("auto", slurm(1, 1, 8, 3), nil),
    ("auto", slurm(1, 1, 7, 4, step: 2), nil), ("auto/9", slurm(3, 1, 8, 8), nil),
    ("auto", ["SLURM_ARRAY_TASK_ID": "3"], nil),
    ("auto/4", ["JOB_COMPLETION_INDEX": "0"], "1/4"),
    ("auto", ["JOB_COMPLETION_INDEX": "3", "BREAKWATER_SHARDS": "4"], "4/4"),
    ("auto", ["JOB_COMPLETION_INDEX": "3"], nil), ("auto/3", ["JOB_COMPLETION_INDEX": "3"], nil),
    ("auto/5", ["AWS_BATCH_JOB_ARRAY_INDEX": "4"], "5/5"),
    ("auto", ["AWS_BATCH_JOB_ARRAY_INDEX": "4", "AWS_BATCH_JOB_ARRAY_SIZE": "6"], "5/6"),
    ("auto/5", ["AWS_BATCH_JOB_ARRAY_INDEX": "4", "AWS_BATCH_JOB_ARRAY_SIZE": "6"], nil),
    ("auto", ["BATCH_TASK_INDEX": "0", "BATCH_TASK_COUNT": "2"], "1/2"),
    ("auto", ["CLOUD_RUN_TASK_INDEX": "1", "CLOUD_RUN_TASK_COUNT": "2"], "2/2"),
    ("auto", ["BATCH_TASK_INDEX": "two", "BATCH_TASK_COUNT": "2"], nil),
    ("auto/2", ["BATCH_TASK_INDEX": "0", "JOB_COMPLETION_INDEX": "0"], nil),
    ("auto", [:], nil), ("auto/3", [:], nil), ("2/3", slurm(1, 1, 8, 8), "2/3"),
  ]

  private static func slurm(
    _ task: Int,
    _ first: Int,
    _ last: Int,
    _ count: Int,
    step: Int = 1
  ) -> [String: String] {
    [
      "SLURM_ARRAY_TASK_ID": "\(task)", "SLURM_ARRAY_TASK_MIN": "\(first)",
      "SLURM_ARRAY_TASK_MAX": "\(last)", "SLURM_ARRAY_TASK_COUNT": "\(count)",
      "SLURM_ARRAY_TASK_STEP": "\(step)",
    ]
  }

  @Test(arguments: schedulers.indices)
  func schedulerDecidesOrIsRefused(_ index: Int) throws {
    let (option, variables, expected) = ShardTests.schedulers[index]
    do throws(Failure) {
      let shard = try ShardChoice.shard(option) { variables[$0] }
      #expect(shard.text == expected, "\(option) \(variables)")
    } catch {
      #expect(expected == nil, "\(option) \(variables): \(error)")
      #expect(error.kind == .usage)
      let advises = error.message.contains("give --shard I/N")
      #expect(advises || error.message.contains("expected a whole number"), "\(error)")
    }
  }

  @Test func schedulerIsAskedInTheEnvironment() throws {
    let place = try Workdir()
    try place.run(
      ["sweep", "spec.toml", "-q", "--shard", "auto"],
      environment: ShardTests.slurm(2, 1, 3, 3)
    )
    #expect(place.contents("results") == ["part-2-of-3.sqlite"])
  }

  @Test func printedScriptsAreSound() throws {
    let place = try Workdir()
    for name in ["slurm", "parallel"] {
      let text = try place.run(["submit", name, "it's a spec.toml", "--shards", "5", "-o", "a b"])
        .text
      try place.write("\(name).sh", text)
      try place.shell("bash -n \(name).sh")
      #expect(text.contains(#"sweep 'it'\''s a spec.toml' -o 'a b' --resume --shard"#))
      #expect(text.contains(#"merge 'a b' -o 'a b' --spec 'it'\''s a spec.toml'"#))
    }
    let yaml = try place.run([
      "submit", "kubernetes", "spec.toml", "--shards", "5", "-o", "out", "--claim", "shared",
    ]).text
    for line in ["  completionMode: Indexed", "  completions: 5", "claimName: \"shared\""] {
      #expect(yaml.contains(line), "\(line)")
    }
    #expect(!yaml.contains("\t"))
    try place.write("jobs.yaml", yaml)
    try place.shell(
      """
      python3 -c 'import yaml' 2> /dev/null || exit 0
      python3 -c 'import yaml; kinds = [d["kind"] for d in yaml.safe_load_all(open("jobs.yaml"))]
      assert kinds == ["Job", "Job"]'
      """
    )
    try place.run(["submit", "slurm", "spec.toml", "--shards", "0", "-o", "out"], expecting: 64)
  }

  /// The script for GNU parallel with a stand-in for it that runs one shard after the other.
  @Test func scriptForParallelRuns() throws {
    let place = try Workdir()
    try place.run(["sweep", "spec.toml", "-q", "-o", "whole"])
    try place.write(
      "parallel",
      """
      #!/usr/bin/env bash
      while [ "$1" != shard ]; do shift; done
      for index in "${@:3}"; do bash -c "shard $index" || exit 1; done
      """
    )
    try place.shell(
      """
      chmod +x parallel
      "$BREAKWATER" submit parallel spec.toml --shards 3 -o 'the results' > run.sh
      PATH="$PWD:$PATH" bash run.sh
      """
    )
    #expect(try place.results("the results") == place.results("whole"))
  }
}
