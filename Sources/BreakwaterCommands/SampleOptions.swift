// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit
internal import Sweeps
internal import TextKit

/// The options of commands that run cells drawn of a grid in place of all of them.
struct SampleOptions: OptionGroup {
  @Option(
    "Draw this many cells of the grid (ranges continuously) in place of all;"
      + " default: cells of [sample] in the spec",
    valueName: "N",
    bound: .within(1...10_000_000)
  )
  var sample: Int?
  @Option("Seed of the cells that are drawn; default: 1", valueName: "SEED")
  var sampleSeed: UInt64?
  @Option(
    "How they are drawn: a Latin hypercube, or a Sobol sequence shifted by the seed; default:"
      + " latin"
  )
  var sampleMethod: GridSample.Method?

  /// What to draw, nil for what the spec says.
  func choice() throws(Failure) -> GridSample? {
    guard let sample else {
      guard sampleSeed == nil else {
        throw Failure(.usage, "--sample-seed needs --sample: how many cells to draw")
      }
      guard sampleMethod == nil else {
        throw Failure(.usage, "--sample-method needs --sample: how many cells to draw")
      }
      return nil
    }
    return GridSample(count: sample, seed: sampleSeed ?? 1, method: sampleMethod ?? .latin)
  }
}

extension GridSample {
  /// The options that draw the same cells.
  var words: [String] {
    ["--sample", "\(count)", "--sample-seed", "\(seed)"]
      + (method == .latin ? [] : ["--sample-method", method.rawValue])
  }

  /// In words, for what a journal says of its sweep.
  var fact: String {
    "\(count) cells, seed \(seed)" + (method == .latin ? "" : ", \(method.rawValue)")
  }
}

extension GridSample.Method: ArgumentValue {}
