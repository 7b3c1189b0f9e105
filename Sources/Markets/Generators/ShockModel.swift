// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Numerics
package import TextKit

/// How far prices move over a horizon, and how their moves hang together.
package struct ShockModel: Sendable, Equatable {
  /// Mean of each asset's log-move over the horizon, or of its logit's for an event.
  package let means: [Double]
  /// Standard deviation of the same.
  package let deviations: [Double]
  /// Correlations by rows.
  package let correlations: [[Double]]

  /// Seconds of a year in the volatilities of `AssetProcess`.
  static let secondsOfYear = 31_557_600.0

  /// Takes the drifts and volatilities of processes, without jumps, and one correlation.
  ///
  ///     mean = (drift − volatility²/2) · T        deviation = volatility · √T
  ///
  /// An event has no −volatility²/2.
  /// * `horizonSeconds`: T; the processes have their numbers per year.
  /// * `correlation`: of every two assets.
  package init(_ processes: [AssetProcess], horizonSeconds: Double, correlation: Double) {
    let years = horizonSeconds / ShockModel.secondsOfYear
    means = processes.map {
      ($0.drift - ($0.isEvent ? 0 : $0.volatility * $0.volatility / 2)) * years
    }
    deviations = processes.map { $0.volatility * years.squareRoot() }
    correlations = processes.indices.map { row in
      processes.indices.map { $0 == row ? 1 : correlation }
    }
  }

  /// Estimates deviations and correlations from a price path: realised covariance without a mean.
  ///
  ///     S_ij = Σ over steps of r_i · r_j        deviation_i = √(S_ii · T / span)
  ///     correlation_ij = S_ij / √(S_ii · S_jj), rounded to a multiple of 2⁻²⁴
  ///
  /// r are the changes of ln P, of ln(P/(1−P)) for an event; a missing price stands at the last
  /// one. `dsyrk` makes the sums; where its value lies so near to a tie of that rounding that
  /// another CPU could round otherwise, the plain sum in order of the steps decides.
  /// * `path`: prices; it must have a column for each process.
  /// - Throws: a data failure for a missing asset, less than two steps, or an event price outside
  ///   0 to 1.
  package init(
    _ processes: [AssetProcess],
    assets: [Int],
    horizonSeconds: Double,
    history path: PricePath
  ) throws(Failure) {
    let columns = try ShockModel.changes(processes, assets: assets, history: path)
    let steps = path.stepCount - 1
    let changes = columns.flatMap { $0 }
    let sums = try LinearAlgebra.gram(changes, rows: processes.count, columns: steps)
    func plain(_ i: Int, _ j: Int) -> Double {
      var sum = 0.0
      for step in 0..<steps { sum += changes[i * steps + step] * changes[j * steps + step] }
      return sum
    }
    let squares = processes.indices.map { plain($0, $0) }
    let span = Double(path.times[steps] - path.times[0]) / 1000
    var rows = processes.indices.map { row in processes.indices.map { $0 == row ? 1.0 : 0 } }
    for i in processes.indices {
      for j in 0..<i where squares[i] > 0 && squares[j] > 0 {
        let scale = (squares[i] * squares[j]).squareRoot()
        let value = ShockModel.rounded(
          sums[i * processes.count + j] / scale,
          within: Double(steps + 8) * 0x1p-51
        ) { plain(i, j) / scale }
        (rows[i][j], rows[j][i]) = (value, value)
      }
    }
    correlations = rows
    deviations = squares.map { ($0 * (horizonSeconds / span)).squareRoot() }
    let isEvent = processes.map(\.isEvent)
    means = zip(deviations, isEvent).map { $1 ? 0 : -($0 * $0) / 2 }
  }

  /// A correlation rounded to a multiple of 2⁻²⁴; within an error of a tie the exact order decides.
  private static func rounded(
    _ value: Double,
    within error: Double,
    decide: () -> Double
  ) -> Double {
    let scaled = value * 0x1p24
    let whole = scaled.rounded(.toNearestOrEven)
    if (scaled - whole).magnitude + error * 0x1p24 < 0.5 { return whole * 0x1p-24 }
    return (decide() * 0x1p24).rounded(.toNearestOrEven) * 0x1p-24
  }

  /// Changes of ln P of each asset along a history, of an event those of ln(P/(1−P)); a missing
  /// price stands at the last one.
  static func changes(
    _ processes: [AssetProcess],
    assets: [Int],
    history path: PricePath
  ) throws(Failure) -> [[Double]] {
    guard path.stepCount >= 2 else {
      throw Failure.data(
        file: path.name,
        found: "one row",
        expected: "at least two rows to estimate covariances from"
      )
    }
    var columns: [[Double]] = []
    for (place, process) in processes.enumerated() {
      guard let column = path.assets.firstIndex(of: assets[place]) else {
        throw Failure.data(
          file: path.name,
          expected: "a column for \(process.symbol), which the book holds"
        )
      }
      columns.append(try changes(path, column: column, process))
    }
    return columns
  }

  private static func changes(
    _ path: PricePath,
    column: Int,
    _ process: AssetProcess
  ) throws(Failure) -> [Double] {
    var changes: [Double] = []
    var last = 0.0
    for step in 0..<path.stepCount {
      let price = path.value(step: step, column: column)
      var state = last
      if !price.isNaN {
        guard !process.isEvent || price < 1 else {
          throw Failure.data(
            file: path.name,
            column: process.symbol,
            found: NumberText.shortest(price),
            expected: "prices of an event between 0 and 1"
          )
        }
        state = process.isEvent ? ExactMath.ln(price / (1 - price)) : ExactMath.ln(price)
      }
      if step > 0 { changes.append(state - last) }
      last = state
    }
    return changes
  }
}
