// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Numerics
package import TextKit

/// How much the vault's P&L of each cell hangs on its exact settings and on the scenarios, so that
/// nobody picks a spike.
///
/// Means are in whole micro-USD, rounded half to even as in `sweep.csv`; everything else follows
/// from them in integers. Cells that share the vault's results share their numbers, what differs
/// from cell to cell is which neighbour is the worst.
package struct Robustness: Sendable {
  /// The numbers of one cell.
  package struct Entry: Sendable, Equatable {
    /// Mean of the vault's P&L over the scenarios, micro-USD.
    package let pnl: Int128
    /// The lowest such mean of the cell and its neighbours: one step along each axis, both ways.
    package let plateau: Int128
    /// 1 for the best mean; equals share the lowest rank.
    package let rank: Int
    /// The same by the mean over the first ⌈S/2⌉ of S scenarios and over the others; nil when
    /// there is one scenario.
    package let rankFirstHalf: Int?
    package let rankSecondHalf: Int?

    /// What the worst neighbour is behind, micro-USD.
    package var drop: Int128 { pnl - plateau }
  }

  /// Cells that are gone through at a time.
  private static let chunk = 65_536

  /// Place of each cell's vault results, and that of its worst neighbour's.
  private let placeOf: [Int32]
  private let worstOf: [Int32]
  private let means: [Int128]
  private let whole: Ranking
  private let halves: (first: Ranking, second: Ranking)?
  /// Spearman's correlation of the cells' ranks by the two halves of the scenarios; nil where it is
  /// not defined: one scenario, or cells that are all equal.
  package let rankStability: Double?
  /// The best cell: the first of rank 1.
  package let best: Int
  /// The cell with the highest plateau.
  ///
  /// Of several the one with the best mean, then the first one.
  /// The best cell wherever its plateau is as high as any.
  package let bestPlateau: Int

  /// Compares the cells of a sweep.
  ///
  /// * `threads`: no influence on the result.
  package init(_ rows: SweepRows, threads: Int) throws(Failure) {
    let results = rows.vaultResults
    let count = rows.count
    let grid = rows.grid
    func forCells(_ value: @Sendable (Int) -> Int32) throws(Failure) -> [Int32] {
      let chunk = Robustness.chunk
      let parts = try Parallel.map((count + chunk - 1) / chunk, threads: threads) {
        (part: Int) throws(Failure) -> [Int32] in
        (part * chunk..<min(count, (part + 1) * chunk)).map(value)
      }
      return Array(parts.joined())
    }
    let placeOf = try forCells { Int32(results.place(of: $0)) }
    let means = results.means(of: 0..<results.scenarioCount)
    let neighbours = GridNeighbours(grid)
    let worstOf = try forCells { (cell: Int) -> Int32 in
      var worst = placeOf[cell]
      neighbours.forEach(of: cell) { (other: Int) in
        let place = placeOf[other]
        if means[Int(place)] < means[Int(worst)] { worst = place }
      }
      return worst
    }
    var cells = means.map { _ in 0 }
    for place in placeOf { cells[Int(place)] += 1 }
    whole = Ranking(means, cells: cells)
    if results.scenarioCount > 1 {
      let middle = (results.scenarioCount + 1) / 2
      let first = Ranking(results.means(of: 0..<middle), cells: cells)
      let second = Ranking(results.means(of: middle..<results.scenarioCount), cells: cells)
      halves = (first, second)
      rankStability = first.correlation(with: second)
    } else {
      halves = nil
      rankStability = nil
    }
    var (best, bestPlateau) = (0, 0)
    for cell in placeOf.indices where means[Int(placeOf[cell])] > means[Int(placeOf[best])] {
      best = cell
    }
    bestPlateau = best
    for cell in worstOf.indices {
      let (plateau, known) = (means[Int(worstOf[cell])], means[Int(worstOf[bestPlateau])])
      let isBetter = means[Int(placeOf[cell])] > means[Int(placeOf[bestPlateau])]
      if plateau > known || (plateau == known && isBetter) { bestPlateau = cell }
    }
    self.placeOf = placeOf
    self.worstOf = worstOf
    self.means = means
    self.best = best
    self.bestPlateau = bestPlateau
  }

  /// The best cells by mean P&L, of equals the first ones first.
  package func best(_ wanted: Int) -> [Int] {
    // The k-th best cell has rank k, or a lower one that it shares.
    Array(
      placeOf.indices.filter { rank(of: $0) <= wanted }
        .sorted { (rank(of: $0), $0) < (rank(of: $1), $1) }.prefix(max(0, wanted))
    )
  }

  private func rank(of cell: Int) -> Int { whole.ranks[Int(placeOf[cell])] }

  /// How many cells there are.
  package var count: Int { placeOf.count }

  /// The numbers of a cell.
  package subscript(cell: Int) -> Entry {
    let place = Int(placeOf[cell])
    return Entry(
      pnl: means[place],
      plateau: means[Int(worstOf[cell])],
      rank: whole.ranks[place],
      rankFirstHalf: halves?.first.ranks[place],
      rankSecondHalf: halves?.second.ranks[place]
    )
  }
}

/// The vault's P&L of every scenario, once for cells that share it.
struct VaultResults: Sendable {
  let scenarioCount: Int
  /// By venue group: its plan, and the number of its first place.
  private let groups: [(plan: StagePlan, first: Int)]
  /// Losses of the scenarios by place.
  private let losses: [[Int128]]
  private let groupOf: VenueGroups

  init(
    _ groups: [(plan: StagePlan, losses: [[Int128]])],
    _ groupOf: VenueGroups,
    scenarioCount: Int
  ) {
    var first = 0
    var known: [(plan: StagePlan, first: Int)] = []
    for group in groups {
      known.append((group.plan, first))
      first += group.losses.count
    }
    self.groups = known
    self.groupOf = groupOf
    self.scenarioCount = scenarioCount
    losses = groups.flatMap(\.losses)
  }

  /// Place of a cell's results.
  func place(of cell: Int) -> Int {
    let point = groupOf.point(of: cell)
    let group = groups[groupOf.group(of: point)]
    return group.first + group.plan.vaultPlace(of: point)
  }

  /// Means of the P&L over some scenarios, by place.
  func means(of scenarios: Range<Int>) -> [Int128] {
    losses.map { losses in
      let sum = losses[scenarios].reduce(Int128(0)) { $0 - $1 }
      return roundedQuotient(sum, by: Int128(max(1, scenarios.count)))
    }
  }
}
