// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Numerics

/// Places ranked by a value, 1 being the best; every place stands for some cells.
struct Ranking: Sendable {
  /// Rank of the cells of each place: one more than there are better cells, so that equals share
  /// the lowest rank.
  let ranks: [Int]
  /// Twice the mean of the ranks that equals take up together, a whole number.
  private let doubledMeans: [Int]
  /// How many cells stand at each place.
  private let cells: [Int]

  /// Ranks by falling value.
  init(_ values: [Int128], cells: [Int]) {
    let order = values.indices.sorted { values[$0] > values[$1] }
    var ranks = Array(repeating: 0, count: values.count)
    var doubledMeans = ranks
    var better = 0
    var start = 0
    while start < order.count {
      var end = start
      var equal = 0
      while end < order.count, values[order[end]] == values[order[start]] {
        equal += cells[order[end]]
        end += 1
      }
      for place in order[start..<end] {
        ranks[place] = better + 1
        doubledMeans[place] = 2 * better + equal + 1
      }
      better += equal
      start = end
    }
    self.ranks = ranks
    self.doubledMeans = doubledMeans
    self.cells = cells
  }

  /// Spearman's rank correlation with another ranking of the same cells: the correlation of the
  /// ranks, equals at the mean of theirs.
  ///
  ///     ρ = (n·Σxy − Σx·Σy) / √((n·Σx² − (Σx)²) · (n·Σy² − (Σy)²))
  ///
  /// - Edge cases: nil where all cells of one ranking are equal; the sums are exact, so equal
  ///   rankings give exactly 1.
  func correlation(with other: Ranking) -> Double? {
    var (n, x, y, xx, yy, xy) = (Int128(0), Int128(0), Int128(0), Int128(0), Int128(0), Int128(0))
    for (place, count) in cells.enumerated() {
      let weight = Int128(count)
      let (own, theirs) = (Int128(doubledMeans[place]), Int128(other.doubledMeans[place]))
      n += weight
      x += weight * own
      y += weight * theirs
      xx += weight * own * own
      yy += weight * theirs * theirs
      xy += weight * own * theirs
    }
    let (a, b) = (n * xx - x * x, n * yy - y * y)
    guard a > 0, b > 0 else { return nil }
    return nearestDouble(n * xy - x * y) / (nearestDouble(a) * nearestDouble(b)).squareRoot()
  }
}
