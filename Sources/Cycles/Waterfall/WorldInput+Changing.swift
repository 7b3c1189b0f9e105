// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
internal import Markets
internal import Numerics
internal import TextKit

extension WorldInput {
  /// Gives an account other quantities, entries and collateral; everything that reads the book sees
  /// them from now on.
  ///
  /// The arrays are this world's own from the first change on, so worlds in which no account
  /// changes pay nothing.
  mutating func change(
    _ account: Int,
    _ legs: [Leg],
    _ oracle: OracleStage
  ) throws(Failure) {
    book.accounts[account].legs = legs
    let alone = Book(accounts: [book.accounts[account]], file: book.file)
    var snapshot = PriceSnapshot(catalogue.assets)
    for asset in assets {
      snapshot.set(
        asset,
        price: oracle.prices[asset],
        confidenceRatio: confidenceRatios[asset]
      )
    }
    let compiled = try AffineBook(compiling: alone, catalogue: catalogue, snapshot: snapshot)
    affine.replace(account, with: compiled)
    changed[account] = LadderSolver(
      alone,
      catalogue,
      compiled,
      confidenceRatios: confidenceRatios
    )
  }

  /// The ladder that knows a row, and the row's number there.
  func ladder(of row: Int) -> (solver: LadderSolver, row: Int) {
    let account = Int(affine.account[row])
    guard !changed.isEmpty, let own = changed[account] else { return (ladder, row) }
    return (own, row - Int(affine.firstRow[account]))
  }

  /// The rungs of a row, of an account that has changed those of what is left.
  func rungs(
    of row: Int,
    _ assessment: Assessment,
    deposited: Micro,
    prices: [Double],
    confidences: [Double]
  ) -> [Rung] {
    let (solver, place) = ladder(of: row)
    return solver.rungs(
      of: place,
      assessment,
      deposited: deposited,
      prices: prices,
      confidences: confidences
    )
  }
}
