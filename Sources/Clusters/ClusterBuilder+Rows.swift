// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Liquidation
internal import Numerics
package import TextKit

extension ClusterBuilder {
  /// Adds the rungs of one row of a book, if it is at risk; returns the row's assessment.
  ///
  /// * `rungs`: what liquidations take from the row, asked where it is not closed whole; without it
  ///   every row is one rung.
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
    rungs: (Assessment) -> [Rung] = ClusterBuilder.oneRung
  ) throws(Failure) -> Assessment {
    let assessment = book.assess(row, interval, prices: prices)
    guard assessment.status == .atRisk, let root = assessment.price,
      let direction = assessment.direction
    else { return assessment }
    let weight = weight(
      freshness: freshness,
      cross: book.crossShare(of: row, prices: prices)
    )
    let asset = Int(book.asset[row])
    let traded = book.traded(row)
    guard !book.closesWhole(row, at: root) else {
      let size = try micro(traded * root)
      try add(asset: asset, direction: direction, price: root, size: size, weight: weight)
      return assessment
    }
    for rung in rungs(assessment) {
      try add(
        asset: asset,
        direction: direction,
        price: rung.price,
        size: try micro((traded * rung.price) * rung.share),
        weight: weight
      )
    }
    return assessment
  }

  /// The ladder of a row that is closed whole whatever its size.
  package static func oneRung(_ assessment: Assessment) -> [Rung] {
    assessment.price.map { [Rung(share: 1, price: $0, penalty: 0)] } ?? []
  }
}
