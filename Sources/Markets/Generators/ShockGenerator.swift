// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Numerics
package import TextKit

/// Draws price vectors: correlated log-normal moves of all assets over one horizon.
///
///     x = mean + deviation · (L · z)        L · Lᵀ = correlations
///     price = start · exp(x), for an event 1 / (1 + exp(−(ln(start / (1 − start)) + x)))
///
/// The normals z come from Philox, keyed by seed, scenario and the asset's place in the order of
/// symbols. `dtrmm` makes the products; because its order of additions differs between CPUs, x is
/// rounded to a multiple of 2⁻⁴⁰, and where the library's value lies within its error bound of a
/// tie the plain sum in the order of the assets decides. So prices have the same bits everywhere.
package struct ShockGenerator: ShockSource {
  package let count: Int
  /// Takes the plain sum everywhere: the reference that the products are checked with.
  package var isPlain = false

  private let seed: UInt64
  private let processes: [AssetProcess]
  /// Place of each asset in the processes.
  private let placeOfAsset: [Int: Int]
  private let means: [Double]
  /// L with its rows times the deviations, by rows, 0 above the diagonal.
  private let triangle: [Double]
  /// How far two sums of a row may lie apart, in units of 2⁻⁴⁰.
  private let bounds: [Double]
  /// Logits at the start of events.
  private let logits: [Double]
  private let start: PriceSnapshot

  /// Scenarios that are drawn together.
  private static let width = 256
  /// No normal of the polar method is larger: √(−2 ln 2⁻¹⁰⁴), rounded up.
  private static let largestNormal = 12.1

  /// Prepares draws.
  ///
  /// * `processes`, `assets`: what moves, in the order of symbols, from what price.
  /// - Throws: a data failure for numbers out of bounds, or correlations that are not positive
  ///   definite.
  package init(
    count: Int,
    seed: UInt64,
    processes: [AssetProcess],
    assets: [Int],
    model: ShockModel,
    start: PriceSnapshot
  ) throws(Failure) {
    precondition(assets.count == processes.count, "Invariant: an asset for each process")
    for process in processes { try process.validate(stepSeconds: 1) }
    let size = processes.count
    let factor: CholeskyFactor
    do throws(Failure) {
      factor = try CholeskyFactor(of: model.correlations)
    } catch {
      throw Failure(.data, "generated scenarios: correlations: \(error.message)")
    }
    var triangle = Array(repeating: 0.0, count: size * size)
    var bounds: [Double] = []
    for row in 0..<size {
      var sum = 0.0
      for column in 0...row {
        triangle[row * size + column] = model.deviations[row] * factor.rows[row][column]
        sum += triangle[row * size + column].magnitude
      }
      // Two sums of n products each differ from the exact one by n + 1 roundings at most.
      bounds.append(
        Double(size + 2) * 0x1p-52 * 1.01 * ShockGenerator.largestNormal * sum * 0x1p40
      )
    }
    var places: [Int: Int] = [:]
    for (place, asset) in assets.enumerated() { places[asset] = place }
    (self.count, self.seed, self.processes) = (count, seed, processes)
    (placeOfAsset, means, self.start) = (places, model.means, start)
    (self.triangle, self.bounds) = (triangle, bounds)
    logits = processes.map { $0.isEvent ? ExactMath.ln($0.price / (1 - $0.price)) : 0 }
  }

  /// Compares the factor of the correlations with that of LAPACK's `dpotrf`.
  ///
  /// - Throws: an internal failure where the two differ by more than the roundings of both.
  package func checkFactor(of model: ShockModel) throws(Failure) {
    let size = processes.count
    let library = try LinearAlgebra.choleskyFactor(model.correlations.flatMap { $0 }, size: size)
    for row in 0..<size {
      for column in 0...row {
        let ours = triangle[row * size + column]
        let theirs = model.deviations[row] * (library?[row * size + column] ?? .nan)
        // Near-singular correlations lose digits: a pivot may be as small as 10⁻¹².
        guard (ours - theirs).magnitude <= 1e-6 * model.deviations[row] else {
          throw Failure(
            .internalError,
            "check: row \(row + 1), column \(column + 1) of the factor of the correlations differs"
              + " from LAPACK's; please report this"
          )
        }
      }
    }
  }

  package func name(of scenario: Int) -> String { String(scenario + 1) }

  package func addPrices(
    of scenarios: Range<Int>,
    assets: [Int],
    threads: Int,
    to prices: inout [Double]
  ) throws(Failure) {
    let width = ShockGenerator.width
    let starts = Array(stride(from: scenarios.lowerBound, to: scenarios.upperBound, by: width))
    let parts = try Parallel.map(starts.count, threads: threads) {
      (index: Int) throws(Failure) -> [Double] in
      let range = starts[index]..<min(scenarios.upperBound, starts[index] + width)
      return try drawPrices(range)
    }
    for asset in assets {
      guard let place = placeOfAsset[asset] else {
        prices.append(contentsOf: repeatElement(start.prices[asset], count: scenarios.count))
        continue
      }
      for part in parts {
        let width = part.count / processes.count
        prices.append(contentsOf: part[place * width..<(place + 1) * width])
      }
    }
  }

  /// Independent standard normal numbers, by asset.
  package func normals(_ scenarios: Range<Int>) -> [Double] {
    let width = scenarios.count
    var numbers = Array(repeating: 0.0, count: processes.count * width)
    for (column, scenario) in scenarios.enumerated() {
      let source = Philox(
        seed: seed,
        scenario: UInt32(truncatingIfNeeded: scenario),
        stream: .scenarioNormals
      )
      for place in stride(from: 0, to: processes.count, by: 2) {
        let pair = source.normals(index: UInt32(place / 2), block: 0)
        numbers[place * width + column] = pair.0
        if place + 1 < processes.count { numbers[(place + 1) * width + column] = pair.1 }
      }
    }
    return numbers
  }

  /// Rounded log-moves of some scenarios, by asset.
  package func moves(_ scenarios: Range<Int>) throws(Failure) -> [Double] {
    let size = processes.count
    let width = scenarios.count
    let normals = self.normals(scenarios)
    var moves = normals
    try LinearAlgebra.multiply(lowerTriangle: triangle, size: size, into: &moves)
    for row in 0..<size {
      for column in 0..<width {
        let place = row * width + column
        let scaled = (means[row] + moves[place]) * 0x1p40
        let whole = scaled.rounded(.toNearestOrEven)
        let error = bounds[row] + scaled.magnitude * 0x1p-51
        if isPlain || !((scaled - whole).magnitude + error < 0.5) {
          var sum = 0.0
          for k in 0...row { sum += triangle[row * size + k] * normals[k * width + column] }
          moves[place] = ((means[row] + sum) * 0x1p40).rounded(.toNearestOrEven) * 0x1p-40
        } else {
          moves[place] = whole * 0x1p-40
        }
      }
    }
    return moves
  }

  private func drawPrices(_ scenarios: Range<Int>) throws(Failure) -> [Double] {
    var values = try moves(scenarios)
    for (place, process) in processes.enumerated() {
      for column in 0..<scenarios.count {
        let index = place * scenarios.count + column
        let price =
          process.isEvent
          ? 1 / (1 + ExactMath.exp(-(logits[place] + values[index])))
          : process.price * ExactMath.exp(values[index])
        guard price > 0, price <= PricePath.highestPrice else {
          throw Failure(
            .data,
            "scenario \(scenarios.lowerBound + column + 1): drew a price of"
              + " \(NumberText.shortest(price)) for \(Failure.shown(process.symbol)), expected one"
              + " above 0, at most 1e15; take a shorter horizon"
          )
        }
        values[index] = price
      }
    }
    return values
  }
}
