// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
internal import Markets
internal import Numerics

/// Ladders of rows that no other price moves, kept until their deposits change.
///
/// Such a row's rungs depend on its own lines and on what is in the account, not on the step, so a
/// kept ladder is the one that would be made again.
struct LadderMemory: Sendable {
  private var entries: [Int: (deposited: Micro, rungs: [Rung])] = [:]

  /// Forgets the rows of an account that has changed.
  mutating func forget(_ rows: Range<Int>) {
    for row in rows { entries[row] = nil }
  }

  /// The rungs of a row at a root.
  mutating func rungs(
    of row: Int,
    _ assessment: Assessment,
    deposited: Micro,
    _ input: WorldInput,
    prices: [Double],
    confidences: [Double]
  ) -> [Rung] {
    let isAlone = !input.affine.isCoupled(Int(input.affine.account[row]))
    if isAlone {
      if let known = input.firstLadder(of: row, assessment, deposited: deposited) { return known }
      if let known = entries[row], known.deposited == deposited,
        known.rungs.first?.price == assessment.price
      {
        return known.rungs
      }
    }
    let rungs = input.rungs(
      of: row,
      assessment,
      deposited: deposited,
      prices: prices,
      confidences: confidences
    )
    if isAlone { entries[row] = (deposited, rungs) }
    return rungs
  }
}

extension WorldInput {
  /// The rungs of a row as it stood when the book was read, nil where they are not known.
  @inline(__always)
  func firstLadder(of row: Int, _ assessment: Assessment, deposited: Micro) -> [Rung]? {
    guard changed.isEmpty || changed[Int(affine.account[row])] == nil,
      let known = firstLadders[row], known.deposited == deposited,
      known.rungs[0].price == assessment.price
    else { return nil }
    return known.rungs
  }
}

/// The ladders of rows that no other price moves, with the deposits that the book carries in: what
/// every cell of a sweep meets again.
struct FirstLadders: Sendable {
  /// A ladder and the deposits for which it holds.
  struct Known: Sendable {
    var deposited: Micro
    var rungs: [Rung]
  }

  private var known: [Known] = []
  /// Place of each row's ladder, −1 for none.
  private var places: [Int32]

  subscript(row: Int) -> Known? {
    let place = Int(places[row])
    return place < 0 ? nil : known[place]
  }

  init(of ladder: LadderSolver, prices: [Double], confidences: [Double]) {
    let affine = ladder.affine
    places = Array(repeating: -1, count: affine.rowCount)
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
      let rungs = ladder.rungs(
        of: row,
        assessment,
        deposited: deposited,
        prices: prices,
        confidences: confidences
      )
      guard !rungs.isEmpty else { continue }
      places[row] = Int32(known.count)
      known.append(Known(deposited: deposited, rungs: rungs))
    }
  }
}
