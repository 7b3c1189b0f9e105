// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Liquidation
package import Numerics
package import TextKit

extension ClusterBuilder {
  /// Adds the rungs of one row of a book, if it is at risk; returns the row's assessment.
  ///
  /// * `ladder`: what liquidations take from the book; without it every row is one rung.
  /// * `interval`: healthy prices with the account's protection, its whole cap when it is
  ///   protected.
  /// * `freshness`: of what was read about the account.
  @discardableResult
  package mutating func add(
    row: Int,
    of book: AffineBook,
    interval: HealthyInterval,
    freshness: Double,
    prices: [Double],
    ladder: (solver: LadderSolver, deposited: Micro, confidences: [Double])? = nil
  ) throws(Failure) -> Assessment {
    let assessment = book.assess(row, interval, prices: prices)
    guard assessment.status == .atRisk, let root = assessment.price,
      let direction = assessment.direction
    else { return assessment }
    let weight = weight(
      freshness: freshness,
      cross: book.crossShare(of: row, prices: prices)
    )
    let rungs =
      ladder.map {
        $0.solver.rungs(
          of: row,
          assessment,
          deposited: $0.deposited,
          prices: prices,
          confidences: $0.confidences
        )
      } ?? [Rung(share: 1, price: root, penalty: 0)]
    for rung in rungs {
      try add(
        asset: Int(book.asset[row]),
        direction: direction,
        price: rung.price,
        size: try micro((book.traded(row) * rung.price) * rung.share),
        weight: weight
      )
    }
    return assessment
  }
}
