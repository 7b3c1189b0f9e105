// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
internal import Markets
internal import Numerics

/// Ladders of rows that no other price moves, kept until their deposits change.
///
/// Such a row's rungs depend on its own lines and on what is in the account, not on the step, so a
/// kept ladder is the one that would be made again.
struct LadderMemory {
  private var entries: [Int: (deposited: Micro, rungs: [Rung])] = [:]

  /// The rungs of a row at a root.
  mutating func rungs(
    of row: Int,
    _ assessment: Assessment,
    deposited: Micro,
    _ input: WorldInput,
    _ oracle: OracleStage
  ) -> [Rung] {
    let isAlone = !input.affine.isCoupled(Int(input.affine.account[row]))
    if isAlone {
      if let known = input.firstRungs[row], known.deposited == deposited,
        known.rungs.first?.price == assessment.price
      {
        return known.rungs
      }
      if let known = entries[row], known.deposited == deposited,
        known.rungs.first?.price == assessment.price
      {
        return known.rungs
      }
    }
    let rungs = input.ladder.rungs(
      of: row,
      assessment,
      deposited: deposited,
      prices: oracle.prices,
      confidences: oracle.confidences
    )
    if isAlone { entries[row] = (deposited, rungs) }
    return rungs
  }
}

extension WorldInput {
  /// The ladders of rows that no other price moves, with the deposits that the book carries in.
  static func firstRungs(
    of ladder: LadderSolver,
    prices: [Double],
    confidences: [Double]
  ) -> [Int: KnownLadder] {
    let affine = ladder.affine
    var known: [Int: KnownLadder] = [:]
    for row in 0..<affine.rowCount where !affine.isCoupled(Int(affine.account[row])) {
      let deposited = ladder.book.accounts[Int(affine.account[row])].protection.deposited
      let interval = affine.interval(
        of: row,
        deposited: deposited,
        prices: prices,
        confidences: confidences
      )
      let assessment = affine.assess(row, interval, prices: prices)
      guard let root = assessment.price, !affine.closesWhole(row, at: root) else { continue }
      known[row] = KnownLadder(
        deposited: deposited,
        rungs: ladder.rungs(
          of: row,
          assessment,
          deposited: deposited,
          prices: prices,
          confidences: confidences
        )
      )
    }
    return known
  }
}
