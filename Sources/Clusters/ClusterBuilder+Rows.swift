// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Liquidation
internal import Numerics
package import TextKit

extension ClusterBuilder {
  /// Adds the rung of one row of a book, if it is at risk; returns the row's assessment.
  ///
  /// * `interval`: healthy prices with the account's protection, its whole cap when it is
  ///   protected.
  /// * `freshness`: of what was read about the account.
  @discardableResult
  package mutating func add(
    row: Int,
    of book: AffineBook,
    interval: HealthyInterval,
    freshness: Double,
    prices: [Double]
  ) throws(Failure) -> Assessment {
    let assessment = book.assess(row, interval, prices: prices)
    guard assessment.status == .atRisk, let root = assessment.price,
      let direction = assessment.direction
    else { return assessment }
    try add(
      asset: Int(book.asset[row]),
      direction: direction,
      price: root,
      size: try micro(book.quantity[row].magnitude * root),
      weight: weight(freshness: freshness, cross: book.crossShare(of: row, prices: prices))
    )
    return assessment
  }
}

extension AffineBook {
  /// The share of an account's exposure that is this row's asset, 1 for an isolated account.
  ///
  /// `|slope_a · P_a| / Σ_b |slope_b · P_b|`, quote currencies excluded (SEMANTICS B8).
  package func crossShare(of row: Int, prices: [Double]) -> Double {
    let index = Int(coupling[row])
    guard index >= 0, couplings[index].asset >= 0 else { return 1 }
    let own = (slope[row] * prices[Int(asset[row])]).magnitude
    let other = (couplings[index].slope * prices[couplings[index].asset]).magnitude
    return own + other > 0 ? own / (own + other) : 1
  }
}
