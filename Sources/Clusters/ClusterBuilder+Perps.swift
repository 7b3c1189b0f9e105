// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Liquidation
internal import Numerics
package import TextKit

extension ClusterBuilder {
  /// Adds the rungs of an account of one perp, if it is at risk.
  ///
  /// * `weight`: the probability S of the account's rungs.
  @inline(__always)
  package mutating func add(
    _ position: borrowing LonePerps.Position,
    of perps: borrowing LonePerps,
    weight: Int64
  ) throws(Failure) {
    guard case .atRisk = position.assessment.status, let root = position.assessment.price,
      let direction = position.assessment.direction
    else { return }
    let asset = position.asset
    if perps.wholePenalty(of: position, root: root) != nil {
      // A share of 1 changes nothing.
      let size = try micro(position.size * root)
      try add(asset: asset, direction: direction, price: root, size: size, weight: weight)
      return
    }
    for rung in perps.rungs(of: position) {
      try add(
        asset: asset,
        direction: direction,
        price: rung.price,
        size: try micro((position.size * rung.price) * rung.share),
        weight: weight
      )
    }
  }
}
