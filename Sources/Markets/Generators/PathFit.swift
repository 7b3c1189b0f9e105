// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Numerics
package import TextKit

/// What a history says of one asset's process; estimates by plain sums in the order of the rows,
/// so that they are the same everywhere.
package struct PathFit: Sendable, Equatable {
  package let symbol: String
  /// Changes that were seen.
  package let count: Int
  /// Expected growth per year, `(ln P_last − ln P_first) / years + volatility² / 2`.
  package let drift: Double
  /// Realised, all changes: `√(Σ r² / years)`.
  package let realised: Double
  /// The same without jumps.
  package let volatility: Double
  /// Changes beyond five deviations of the bipower variation, `σ² = π/2 · mean |r_k| |r_(k−1)|`.
  package let jumpsPerDay: Double
  package let jumpMean: Double
  package let jumpDeviation: Double
  /// Degrees of freedom of Student's t with the same kurtosis, `4 + 6 / excess`, from 3 to 30.
  package let degrees: Int
  /// Of GARCH(1,1) with the variance of the sample, where the normal likelihood is largest on a
  /// grid of hundredths.
  package let garchAlpha: Double
  package let garchBeta: Double

  private static let secondsOfYear = 31_557_600.0
  private static let halfPi = 1.5707963267948966
  private static let jumpDeviations = 5.0
  /// The last changes that GARCH looks at.
  private static let mostForGARCH = 20_000

  /// Fits the changes of one asset.
  ///
  /// * `changes`: of ln P. `seconds`: from the first price to the last.
  package init(symbol: String, changes: [Double], seconds: Double) {
    self.symbol = symbol
    count = changes.count
    let years = seconds / PathFit.secondsOfYear
    let squares = changes.reduce(0) { $0 + $1 * $1 }
    realised = (squares / years).squareRoot()
    drift = changes.reduce(0, +) / years + realised * realised / 2
    var products = 0.0
    for place in changes.indices.dropFirst() {
      products += changes[place].magnitude * changes[place - 1].magnitude
    }
    let bipower = PathFit.halfPi * products / Double(max(1, changes.count - 1))
    let bound = PathFit.jumpDeviations * bipower.squareRoot()
    let jumps = changes.filter { $0.magnitude > bound }
    let isJumping = bipower > 0 && !jumps.isEmpty
    jumpsPerDay = isJumping ? Double(jumps.count) / (seconds / 86_400) : 0
    let mean = isJumping ? jumps.reduce(0, +) / Double(jumps.count) : 0
    jumpMean = mean
    jumpDeviation =
      isJumping
      ? (jumps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(jumps.count)).squareRoot() : 0
    let calm =
      isJumping
      ? changes.reduce(0) { $0 + ($1.magnitude > bound ? 0 : $1 * $1) } : squares
    volatility = (calm / years).squareRoot()
    degrees = PathFit.degrees(changes)
    (garchAlpha, garchBeta) = PathFit.garch(Array(changes.suffix(PathFit.mostForGARCH)))
  }

  /// Fits every asset of a history.
  ///
  /// - Throws: a data failure for a missing asset or less than two rows.
  package static func fit(
    _ processes: [AssetProcess],
    assets: [Int],
    history path: PricePath
  ) throws(Failure) -> [PathFit] {
    let columns = try ShockModel.changes(processes, assets: assets, history: path)
    let seconds = Double(path.times[path.stepCount - 1] - path.times[0]) / 1000
    return zip(processes, columns).map {
      PathFit(symbol: $0.symbol, changes: $1, seconds: seconds)
    }
  }

  private static func degrees(_ changes: [Double]) -> Int {
    let count = Double(max(1, changes.count))
    let mean = changes.reduce(0, +) / count
    var (second, fourth) = (0.0, 0.0)
    for change in changes {
      let square = (change - mean) * (change - mean)
      second += square
      fourth += square * square
    }
    guard second > 0 else { return 30 }
    let excess = (fourth / count) / ((second / count) * (second / count)) - 3
    guard excess > 0 else { return 30 }
    return Int(min(max((4 + 6 / excess).rounded(.toNearestOrEven), 3), 30))
  }

  /// A coarse grid, then hundredths around its best point.
  private static func garch(_ changes: [Double]) -> (alpha: Double, beta: Double) {
    let variance = changes.reduce(0) { $0 + $1 * $1 } / Double(max(1, changes.count))
    guard variance > 0 else { return (0, 0) }
    var best = (alpha: 0, sum: 0)
    var highest = -Double.infinity
    func look(_ alphas: [Int], _ sums: [Int]) {
      for alpha in alphas where (1...50).contains(alpha) {
        for sum in sums where sum >= alpha && sum <= 99 {
          let value = likelihood(
            changes,
            variance: variance,
            alpha: Double(alpha) / 100,
            beta: Double(sum - alpha) / 100
          )
          if value > highest { (highest, best) = (value, (alpha, sum)) }
        }
      }
    }
    look([2, 5, 8, 12, 18, 25, 35], [50, 70, 80, 90, 95, 97, 99])
    let found = best
    look(Array(found.alpha - 3...found.alpha + 3), Array(found.sum - 4...found.sum + 4))
    return (Double(best.alpha) / 100, Double(best.sum - best.alpha) / 100)
  }

  /// Twice the logarithm of the normal likelihood, less a constant.
  private static func likelihood(
    _ changes: [Double],
    variance: Double,
    alpha: Double,
    beta: Double
  ) -> Double {
    var state = 1.0
    var product = 1.0
    var sum = 0.0
    for change in changes {
      let square = change * change / variance
      sum -= square / state
      product *= state
      // One logarithm for many factors.
      if product < 1e-200 || product > 1e200 {
        sum -= ExactMath.ln(product)
        product = 1
      }
      state = max(1e-6, (1 - alpha - beta) + alpha * square + beta * state)
    }
    return sum - ExactMath.ln(product)
  }
}
