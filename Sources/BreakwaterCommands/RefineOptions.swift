// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit
internal import Sweeps
internal import TextKit

/// The options of a sweep that chooses its cells around the Pareto front.
struct RefineOptions: OptionGroup {
  @Option(
    "Draw this many cells of the grid, then add neighbours of the Pareto front, nearer from round"
      + " to round; default: cells of [refine] in the spec",
    valueName: "N",
    bound: .within(1...10_000_000)
  )
  var refine: Int?
  @Option("Rounds of --refine, the first drawing included; default: 4", bound: .within(1...20))
  var refineRounds: Int?
  @Option("Seed of the cells that --refine draws; default: 1", valueName: "SEED")
  var refineSeed: UInt64?

  /// How to choose cells, nil for what the spec says.
  func choice(_ sample: GridSample?) throws(Failure) -> GridRefinement? {
    guard let refine else {
      guard refineRounds == nil, refineSeed == nil else {
        let name = refineRounds == nil ? "--refine-seed" : "--refine-rounds"
        throw Failure(.usage, "\(name) needs --refine: how many cells to draw first")
      }
      return nil
    }
    guard sample == nil else {
      throw Failure(.usage, "--sample and --refine exclude each other; give one of them")
    }
    return GridRefinement(
      first: GridSample(count: refine, seed: refineSeed ?? 1, method: .sobol),
      rounds: refineRounds ?? GridRefinement.usualRounds
    )
  }
}

extension GridRefinement {
  /// The options that choose the same cells.
  var words: [String] {
    [
      "--refine", "\(first.count)", "--refine-rounds", "\(rounds)", "--refine-seed",
      "\(first.seed)",
    ]
  }

  /// In words, for what a journal says of its sweep.
  var fact: String { "\(first.fact), \(rounds) rounds" }
}
