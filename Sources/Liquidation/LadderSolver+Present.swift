// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Markets
package import Numerics

extension LadderSolver {
  /// What a venue takes of a fallen lending account at present prices, nil where that is
  /// everything.
  ///
  /// A venue that unwinds (marginfi, Jupiter Lend) takes at once what it would have taken on the
  /// way
  /// from the root, `max(first, 1 − (price / root)^exponent)`, and the largest debt is repaid.
  /// * `own`: places of the legs that are closed together.
  package func presentClose(
    of row: Int,
    deposited: Micro,
    prices: [Double],
    confidences: [Double]
  ) -> (own: [Int], part: PartialClose)? {
    let price = prices[Int(affine.asset[row])]
    let account = Int(affine.account[row])
    let entry = book.accounts[account]
    let constant = affine.constant(
      of: row,
      deposited: deposited,
      prices: prices,
      confidences: confidences
    )
    guard
      let state = LadderState(
        legs(of: account, row: row, price: price, prices: prices),
        self,
        row,
        at: price,
        isDeep: true,
        constant
      )
    else { return nil }
    switch state.close(catalogue.venues[entry.venue], entry) {
    case .whole: return nil
    case .part(let part): return (state.ownLegs, part)
    case .unwinding(let first, let exponent, let penalty):
      let interval = affine.interval(
        of: row,
        deposited: deposited,
        prices: prices,
        confidences: confidences
      )
      let assessment = affine.assess(row, interval, prices: prices)
      guard let root = assessment.price, let own = state.ownLegs.first,
        entry.legs[own].kind == .deposit, price < root,
        let debt = state.largestDebt
      else { return nil }
      let left = ExactMath.exp(ExactMath.ln(price / root) * exponent)
      let share = max(first, 1 - left)
      guard share > 0, share < 1 else { return nil }
      let proceeds = state.ownValueUSD * share * (1 - penalty)
      return (
        state.ownLegs,
        PartialClose(
          share: share,
          penalty: penalty,
          counter: .init(place: debt.place, fallUSD: min(proceeds, debt.valueUSD))
        )
      )
    }
  }
}
