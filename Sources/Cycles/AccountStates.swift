// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Liquidation
internal import Markets
package import Numerics
internal import TextKit

/// What becomes of every account during one scenario.
package struct AccountStates: Sendable {
  /// Protection inside each account, micro-USD, as `Double(deposited) / 1e6` in every line.
  package private(set) var deposited: [Micro]
  /// Funding and interest by account; empty while nothing accrues.
  private(set) var accruals: [Accrued] = []
  package var isOpen: [Bool]
  /// Accounts that their owner closed, at a stop-loss or when protection was exhausted.
  package var isClosedByOwner: [Bool]
  /// Those among them that reached their stop-loss.
  package var isStopped: [Bool]
  /// Equity after the close of a fallen account, before protection returns to its wallet.
  package var equityAtClose: [Micro]

  /// Since when accounts that wait to be liquidated are liquidatable; nothing for the others.
  var liquidatableSince: [Int: Int64] = [:]

  /// Where each fallen account stood when it fell.
  package var falls: [Int: Fall] = [:]

  /// The reported root of an account at the moment it fell.
  package struct Fall: Sendable {
    package var row: Int
    package var root: Double?
    package var direction: Direction?
  }

  /// Healthy prices of each row that moves with one price only; they change with deposits.
  private var intervals: [HealthyInterval]

  package init(_ input: WorldInput, _ oracle: OracleStage) {
    let accounts = input.book.accounts
    let book = input.affine
    deposited = accounts.map(\.protection.deposited)
    isOpen = Array(repeating: true, count: accounts.count)
    isClosedByOwner = Array(repeating: false, count: accounts.count)
    isStopped = isClosedByOwner
    equityAtClose = Array(repeating: 0, count: accounts.count)
    intervals = []
    intervals.reserveCapacity(book.rowCount)
    for row in 0..<book.rowCount {
      intervals.append(
        book.interval(
          of: row,
          deposited: deposited[Int(book.account[row])],
          prices: oracle.prices,
          confidences: oracle.confidences
        )
      )
    }
  }

  /// Whether an account was liquidated.
  func hasFallen(_ account: Int) -> Bool { !isOpen[account] && !isClosedByOwner[account] }

  /// Gives an account other deposits.
  mutating func setDeposited(
    _ amount: Micro,
    of account: Int,
    _ book: AffineBook,
    _ oracle: OracleStage
  ) {
    deposited[account] = amount
    renew(account, book, oracle)
  }

  /// Gives an account other funding and interest.
  mutating func setAccrued(
    _ accrued: Accrued,
    of account: Int,
    _ book: AffineBook,
    _ oracle: OracleStage
  ) {
    if accruals.isEmpty { accruals = Array(repeating: Accrued(), count: isOpen.count) }
    accruals[account] = accrued
    renew(account, book, oracle)
  }

  /// Interest that became the debt of lots is owed there.
  mutating func forgetInterest(of account: Int) {
    if account >= accruals.count { return }
    accruals[account].interest = 0
    accruals[account].weighted = 0
  }

  private mutating func renew(_ account: Int, _ book: AffineBook, _ oracle: OracleStage) {
    let credit = credit(of: account)
    for row in book.rows(of: account) {
      intervals[row] = book.interval(
        of: row,
        deposited: credit,
        prices: oracle.prices,
        confidences: oracle.confidences
      )
    }
  }

  /// The prices between which a row is healthy now.
  @inline(__always)
  func interval(of row: Int, _ book: AffineBook, _ oracle: OracleStage) -> HealthyInterval {
    let account = Int(book.account[row])
    if !book.isCoupled(account) { return intervals[row] }
    return book.interval(
      of: row,
      deposited: credit(of: account),
      prices: oracle.prices,
      confidences: oracle.confidences
    )
  }

  /// Whether every asset of an account has a price that is not stale.
  static func hasFreshPrices(_ account: Int, _ book: AffineBook, _ oracle: OracleStage) -> Bool {
    book.rows(of: account).allSatisfy { !oracle.isStale[Int(book.asset[$0])] }
  }

  /// The reported root of an account: of several rows the one at the smaller signed distance.
  func assessment(
    of account: Int,
    _ book: AffineBook,
    _ oracle: OracleStage
  ) -> (row: Int, assessment: Assessment, distance: Double)? {
    var best: (row: Int, assessment: Assessment, distance: Double)?
    for row in book.rows(of: account) {
      let price = oracle.prices[Int(book.asset[row])]
      let assessment = book.assess(
        row,
        interval(of: row, book, oracle),
        prices: oracle.prices
      )
      guard let distance = assessment.distance(at: price) else { continue }
      if let best, best.distance <= distance { continue }
      best = (row, assessment, distance)
    }
    return best
  }

  /// Remembers where an account stood, for its log rows.
  mutating func noteFall(of account: Int, _ book: AffineBook, _ oracle: OracleStage) {
    let found = assessment(of: account, book, oracle)
    falls[account] = Fall(
      row: found?.row ?? Int(book.firstRow[account]),
      root: found?.assessment.price,
      direction: found?.assessment.direction
    )
  }

  /// Equity of an open account at the oracle's prices.
  func equity(
    of account: Int,
    _ input: WorldInput,
    _ oracle: OracleStage
  ) throws(Failure) -> Micro {
    try input.book.accounts[account].equity(deposited: cashCredit(of: account)) {
      oracle.price(of: $0, in: input.catalogue.assets)
    }
  }
}
