// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Numerics

extension LadderSolver {
  /// The rungs of a row that is at risk or fallen, none where it has no root.
  ///
  /// * `deposited`: protection in the account.
  /// * `atPresent`: look at an account that is already liquidatable where it stands, not at its
  ///   root, for what the venue takes from it now.
  package func rungs(
    of row: Int,
    _ assessment: Assessment,
    deposited: Micro,
    prices: [Double],
    confidences: [Double],
    atPresent: Bool = false
  ) -> [Rung] {
    guard let root = assessment.price, let direction = assessment.direction else { return [] }
    let isDeep = atPresent && assessment.status == .liquidatable
    return rungs(
      of: row,
      root: root,
      direction: direction,
      fallPrice: isDeep ? prices[Int(affine.asset[row])] : nil,
      prices: prices
    ) {
      affine.constant(of: row, deposited: deposited, prices: prices, confidences: confidences)
    }
  }
}
