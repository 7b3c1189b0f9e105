// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit
internal import Sweeps
internal import TextKit

/// The options of commands that run cells drawn of a grid in place of all of them.
struct SampleOptions: OptionGroup {
  @Option(
    "Draw this many cells of the grid (Latin hypercube, ranges continuously) in place of all;"
      + " default: cells of [sample] in the spec",
    valueName: "N",
    bound: .within(1...10_000_000)
  )
  var sample: Int?
  @Option("Seed of the cells that are drawn; default: 1", valueName: "SEED")
  var sampleSeed: UInt64?

  /// What to draw, nil for what the spec says.
  func choice() throws(Failure) -> GridSample? {
    guard let sample else {
      guard sampleSeed == nil else {
        throw Failure(.usage, "--sample-seed needs --sample: how many cells to draw")
      }
      return nil
    }
    return GridSample(count: sample, seed: sampleSeed ?? 1)
  }
}

extension GridSample {
  /// The options that draw the same cells.
  var words: [String] { ["--sample", "\(count)", "--sample-seed", "\(seed)"] }
}
