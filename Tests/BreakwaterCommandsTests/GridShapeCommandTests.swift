// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Sweeps of zip groups, conditions and samples, from spec to verified results.
struct GridShapeCommandTests {
  private let place: Workdir

  init() throws {
    place = try Workdir()
    let spec = try place.text("spec.toml").replacingOccurrences(
      of: "vault.stop_loss = [0.02, 0.06]",
      with: """
        vault.stop_loss = { from = 0.01, to = 0.09, steps = 5 }
        where = "vault.stop_loss < 0.06 or vault.timeout_s == 900"
        """
    )
    let zip = "[[zip]]\nvault.timeout_s = [300, 900]\nvault.recover_bps = [50, 100]\n"
    try place.write("shaped.toml", spec + zip)
  }

  /// The rows of a file by their first column.
  private func rows(_ name: String) throws -> [String: String] {
    var rows: [String: String] = [:]
    for line in try place.text(name).split(separator: "\n") {
      rows[String(line.prefix { $0 != "," })] = String(line)
    }
    return rows
  }

  @Test func aShapedGridIsSweptDividedAndVerified() throws {
    try place.run(["sweep", "shaped.toml", "-q", "-o", "whole"])
    let outline = try place.run(["sweep", "shaped.toml", "--dry-run"]).text
    #expect(outline.contains("zip: vault.recover_bps, vault.timeout_s\nwhere: "))
    try place.run(["verify", "whole", "-q"])
    for shard in 1...3 {
      try place.run(["sweep", "shaped.toml", "-q", "-o", "parts", "--shard", "\(shard)/3"])
    }
    try place.run(["merge", "parts", "-q", "-o", "merged"])
    #expect(try place.results("merged") == place.results("whole"))
    let whole = try rows("whole/sweep.csv")
    let some = try #require(whole.keys.filter { $0 != "cell_id" }.min())
    let replayed = try place.run(["replay", "shaped.toml", "--cell", some, "-q"]).text
    #expect(replayed.split(separator: "\n").last.map(String.init) == whole[some])
  }

  @Test func aSampleIsDrawnTheSameAgain() throws {
    let sample = ["--sample", "12", "--sample-seed", "5"]
    try place.run(["sweep", "shaped.toml", "-q", "-o", "a", "-j", "1"] + sample)
    try place.run(["sweep", "shaped.toml", "-q", "-o", "b", "-j", "3"] + sample)
    #expect(try place.results("a") == place.results("b"))
    try place.run(["verify", "a", "-q"])
    let again = try place.run(["sweep", "shaped.toml", "-o", "a"] + sample)
    #expect(again.diagnostics.contains("is finished, nothing to do"))
    let other = try place.run(["sweep", "shaped.toml", "-o", "a", "--sample", "12"])
    #expect(!other.diagnostics.contains("is finished"))
    // The same by the spec, which shards may share.
    try place.write(
      "drawn.toml",
      place.text("shaped.toml") + "[sample]\ncells = 12\nseed = 5\n"
    )
    for shard in 1...2 {
      try place.run(["sweep", "drawn.toml", "-q", "-o", "parts", "--shard", "\(shard)/2"])
    }
    try place.run(["merge", "parts", "-q", "-o", "merged"])
    #expect(try place.text("merged/sweep.csv") == place.text("b/sweep.csv"))
    let refused = try place.run(
      ["sweep", "shaped.toml", "-o", "c", "--shard", "1/2"] + sample,
      expecting: 64
    )
    #expect(refused.diagnostics.contains("--sample cannot be divided over shards"))
    let seed = try place.run(["sweep", "shaped.toml", "--sample-seed", "5"], expecting: 64)
    #expect(seed.diagnostics.contains("--sample-seed needs --sample"))
  }
}
