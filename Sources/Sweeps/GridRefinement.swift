// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Numerics
package import TextKit

/// How cells of a large product are chosen around the Pareto front.
///
/// The first round draws cells of the product. Every further one runs all cells so far over the
/// first scenarios and adds neighbours of those on the front: along every dimension one to each
/// side, at a distance that is halved from round to round, while the share of the scenarios is
/// doubled. With R rounds, n values and S scenarios, round r of 2…R looks at
///
///     ⌈S / 2^(R − r + 1)⌉ scenarios            max(1, ⌈n / 2^r⌉) values away
///
/// All cells of all rounds are the sweep: they are rows of the full product, with its ids.
package struct GridRefinement: Sendable, Equatable {
  package static let usualRounds = 4

  /// What the first round draws.
  package var first: GridSample
  package var rounds: Int

  package init(first: GridSample, rounds: Int = usualRounds) {
    self.first = first
    self.rounds = rounds
  }
}

extension GridRefinement {
  /// Points of the first round that conditions keep, ascending.
  ///
  /// A dimension's share of the way is the value there, each being equally likely.
  func firstPoints(of grid: Grid) throws(Failure) -> [Int] {
    guard !grid.dimensions.isEmpty else {
      throw Failure(.data, "found no axis to refine, expected settings in [grid]")
    }
    guard grid.pointCount <= Int(UInt32.max) else {
      throw Failure(
        .data,
        "the product has \(NumberText.grouped(grid.pointCount)) points, expected at most"
          + " \(NumberText.grouped(Int(UInt32.max))) to refine; use fewer values, or sample it"
      )
    }
    try first.checkDimensions(grid.dimensions.count)
    var points = Array(repeating: 0, count: first.count)
    for (number, dimension) in grid.dimensions.enumerated() {
      for (place, share) in first.shares(of: number).enumerated() {
        let digit = min(dimension.count - 1, Int(share * Double(dimension.count)))
        points[place] += digit * dimension.stride
      }
    }
    let kept = Set(points).filter { grid.cell(at: $0) != nil }.sorted()
    guard !kept.isEmpty else {
      throw Failure(
        .data,
        "conditions leave none of \(first.count) cells that were drawn; draw more"
      )
    }
    return kept
  }

  /// The neighbours that a round, from 2, adds to a point.
  func neighbours(of point: Int, round: Int, in grid: Grid) -> [Int] {
    var found: [Int] = []
    for dimension in grid.dimensions {
      let digit = dimension.digit(of: point)
      let parts = 1 << min(round, 32)
      let distance = max(1, (dimension.count + parts - 1) / parts)
      for other in [max(0, digit - distance), min(dimension.count - 1, digit + distance)]
      where other != digit {
        let neighbour = point + (other - digit) * dimension.stride
        if grid.cell(at: neighbour) != nil { found.append(neighbour) }
      }
    }
    return found
  }
}

extension SweepEngine {
  /// The cells of a first round alone, for a look at what a refinement would run.
  package func drawn(_ refinement: GridRefinement) throws(Failure) -> Grid {
    grid.restricted(to: try refinement.firstPoints(of: grid))
  }

  /// The grid of the cells that all rounds of a refinement choose.
  ///
  /// * `objectives`: what the Pareto front is of.
  /// * `threads`: no influence on the result.
  /// * `finished`: told the round and the number of cells so far.
  package func refined(
    _ refinement: GridRefinement,
    objectives: [Objective],
    threads: Int,
    finished: (_ round: Int, _ cells: Int) -> Void
  ) throws(Failure) -> Grid {
    var columns: [String: Int] = [:]
    for (column, name) in metricNames.enumerated() { columns[name] = column }
    var points = try refinement.firstPoints(of: grid)
    finished(1, points.count)
    for round in 2..<max(2, refinement.rounds + 1) {
      let parts = 1 << (refinement.rounds - round + 1)
      let scenarios = max(1, (inputs.paths.count + parts - 1) / parts)
      let chosen = grid.restricted(to: points)
      try chosen.validate()
      var some = inputs
      some.paths = inputs.paths.prefix(scenarios)
      let engine = SweepEngine(grid: chosen, inputs: some, catalogue: catalogue)
      let rows = try engine.runShared(threads: threads) { _ in }
      let front = Frontier.indices(of: rows, columns: columns, objectives: objectives)
      var all = Set(points)
      for index in front {
        all.formUnion(
          refinement.neighbours(of: chosen.point(of: index), round: round, in: grid)
        )
      }
      points = all.sorted()
      finished(round, points.count)
    }
    return grid.restricted(to: points)
  }
}
