// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Markets
internal import Numerics

/// One part of what an account is forced to trade (DESIGN 5).
package struct Rung: Sendable, Equatable {
  /// Share of the row's whole quantity.
  package var share: Double
  /// Liquidation price at which it is closed, USD.
  package var price: Double
  /// Cost to the account as a share of what is closed.
  package var penalty: Double

  package init(share: Double, price: Double, penalty: Double) {
    self.share = share
    self.price = price
    self.penalty = penalty
  }
}

/// What liquidations take from one row of an account, one after the other, as its price moves on.
///
/// After a partial close the rest stands at a new liquidation price, found from the same lines:
/// what was closed leaves the slope, and what it was worth moves into the constant. At most 8
/// rungs, the tail in the last. Kernels and venues meet here only through `VenueRule.close`.
package final class LadderSolver: Sendable {
  package static let mostRungs = 8

  package let book: Book
  package let catalogue: VenueCatalogue
  package let affine: AffineBook
  private let confidenceRatios: [Double]

  /// Looks at a compiled book.
  package init(
    _ book: Book,
    _ catalogue: VenueCatalogue,
    _ affine: AffineBook,
    confidenceRatios: [Double]
  ) {
    self.book = book
    self.catalogue = catalogue
    self.affine = affine
    self.confidenceRatios = confidenceRatios
  }

  /// The rungs of a row that falls at a root.
  ///
  /// * `constant`: makes the row's constant with deposits at the same prices, when it is needed.
  /// * `fallPrice`: where the venue looks at the account: the root, or the present price of an
  ///   account that is already liquidatable.
  package func rungs(
    of row: Int,
    root: Double,
    direction: Direction,
    fallPrice: Double? = nil,
    prices: [Double],
    constant: () -> Double
  ) -> [Rung] {
    let account = Int(affine.account[row])
    let venue = catalogue.venues[book.accounts[account].venue]
    if affine.closesWhole(row, at: root) {
      return [Rung(share: 1, price: root, penalty: venue.penalty(of: book.accounts[account]))]
    }
    guard
      var state = LadderState(
        legs(of: account, row: row, price: fallPrice ?? root, prices: prices),
        self,
        row,
        at: fallPrice ?? root,
        isDeep: fallPrice != nil,
        constant()
      )
    else {
      return [Rung(share: 1, price: root, penalty: venue.penalty(of: book.accounts[account]))]
    }
    var rungs: [Rung] = []
    var price = root
    while true {
      let isLast = rungs.count == LadderSolver.mostRungs - 1
      switch state.close(venue, book.accounts[account]) {
      case .whole(let penalty):
        let cost = penalty ?? venue.penalty(of: book.accounts[account])
        rungs.append(Rung(share: state.left, price: price, penalty: cost))
        return rungs
      case .part(let part) where !isLast:
        rungs.append(Rung(share: state.left * part.share, price: price, penalty: part.penalty))
        state.take(part)
        guard let next = state.root(direction), next > 0,
          direction == .below ? next < price : next > price
        else {
          // Nothing is left that falls further on; the same moment takes the rest.
          rungs[rungs.count - 1].share += state.left
          return rungs
        }
        price = next
        state.move(to: next)
      case .part(let part):
        rungs.append(Rung(share: state.left, price: price, penalty: part.penalty))
        return rungs
      case .unwinding(let first, let exponent, let penalty):
        rungs += LadderSolver.slices(
          of: state.left,
          first: first,
          exponent: exponent,
          penalty: penalty,
          from: price,
          atMost: LadderSolver.mostRungs - rungs.count
        )
        return rungs
      }
    }
  }

  /// Equal slices of a position that is unwound while the price moves on, each where it begins.
  ///
  /// The share r is left at the price `root · r^(1/exponent)`.
  private static func slices(
    of whole: Double,
    first: Double,
    exponent: Double,
    penalty: Double,
    from root: Double,
    atMost count: Int
  ) -> [Rung] {
    var rungs: [Rung] = []
    if first > 0 { rungs.append(Rung(share: whole * first, price: root, penalty: penalty)) }
    if first >= 1 { return rungs }
    let slices = count - rungs.count
    for slice in 0..<slices {
      let left = (1 - first) * Double(slices - slice) / Double(slices)
      let price =
        left < 1 ? root * ExactMath.exp(ExactMath.ln(left) / exponent) : root
      rungs.append(
        Rung(share: whole * (1 - first) / Double(slices), price: price, penalty: penalty)
      )
    }
    return rungs
  }
}

extension LadderSolver {
  /// The legs of an account at the prices of the moment, `own` being of the row's asset.
  func legs(
    of account: Int,
    row: Int,
    price: Double,
    prices: [Double]
  ) -> [ClosingLeg]? {
    let assets = catalogue.assets
    let entry = book.accounts[account]
    let rule = catalogue.venues[entry.venue].rule
    let solved = Int(affine.asset[row])
    var legs: [ClosingLeg] = []
    var context = LegContext(forEachOf: entry.legs, group: entry.elevationGroup)
    for leg in entry.legs {
      let asset = assets[leg.asset]
      let ratio = confidenceRatios[asset.underlying]
      context.confidenceRatio = ratio
      guard let health = try? rule.health(of: leg, in: context) else { return nil }
      let underlying = asset.underlying == solved ? price : prices[asset.underlying]
      let own = asset.isQuote ? 1 : (asset.underlying == leg.asset ? 1 : asset.ratio) * underlying
      legs.append(
        ClosingLeg(
          leg: leg,
          valueUSD: leg.quantity.magnitude * own,
          weight: leg.quantity != 0 ? health.slope.magnitude / leg.quantity.magnitude : 0,
          confidenceRatio: ratio
        )
      )
    }
    return legs
  }
}
