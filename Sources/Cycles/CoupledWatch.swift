// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Liquidation
internal import Markets

/// Watches the accounts whose roots move with other prices: several assets, or a conservative mark.
///
/// Health is linear in the prices, so it cannot be used up while every price stays within a share
/// of where it was when the account was last looked at:
///
///     δ = ½ · health / Σ_a |slope_a| · P_a        (mark-downs included in the slopes)
///
/// Half the room is left unused, far more than rounding can take, so skipping is exact.
package struct CoupledWatch: Sendable {
  private var entries: [Entry] = []
  /// Entry of each account, −1 for the others.
  private var entryOfAccount: [Int32]

  private struct Entry: Sendable {
    var account: Int
    /// Share by which every price of the account may move before it is looked at again, and where
    /// in `seen` those prices stand; none when it must be looked at.
    var share: Double?
    var start: Int
  }

  /// Prices of each account's rows when it was last looked at.
  private var seen: [Double] = []

  package init(_ input: WorldInput) {
    let book = input.affine
    entryOfAccount = Array(repeating: -1, count: book.accountCount)
    for account in 0..<book.accountCount where book.hasDebt[account] && !book.isEmpty[account] {
      let rows = book.rows(of: account)
      let isQuoteOnly = input.catalogue.assets[Int(book.asset[rows.lowerBound])].isQuote
      guard isQuoteOnly || book.isCoupled(account) else { continue }
      entryOfAccount[account] = Int32(entries.count)
      entries.append(Entry(account: account, start: seen.count))
      for _ in rows { seen.append(0) }
    }
  }

  package func watches(_ account: Int) -> Bool { entryOfAccount[account] >= 0 }

  /// Looks at an account again at the next step, because its deposits changed.
  package mutating func forget(_ account: Int) {
    let entry = Int(entryOfAccount[account])
    if entry >= 0 { entries[entry].share = nil }
  }

  /// The open accounts that are liquidatable at the oracle's prices.
  package mutating func fallen(
    _ book: AffineBook,
    _ accounts: AccountStates,
    _ oracle: OracleStage
  ) -> [Int] {
    var list: [Int] = []
    for place in entries.indices {
      let entry = entries[place]
      if isQuiet(entry, book, oracle) { continue }
      guard accounts.isOpen[entry.account],
        AccountStates.hasFreshPrices(entry.account, book, oracle)
      else { continue }
      let isFallen = book.rows(of: entry.account).contains { row in
        accounts.interval(of: row, book, oracle).isViolated(
          at: oracle.prices[Int(book.asset[row])],
          atEquality: book.tripsAtEquality[entry.account]
        )
      }
      if isFallen {
        list.append(entry.account)
      } else {
        remember(place, book, accounts, oracle)
      }
    }
    return list
  }

  /// Whether every price is still within the share of where it was.
  @inline(__always)
  private func isQuiet(_ entry: Entry, _ book: AffineBook, _ oracle: OracleStage) -> Bool {
    guard let share = entry.share else { return false }
    var place = entry.start
    for row in book.rows(of: entry.account) {
      let price = oracle.prices[Int(book.asset[row])]
      if price < seen[place] * (1 - share) || price > seen[place] * (1 + share) { return false }
      place += 1
    }
    return true
  }

  /// Notes how far prices may move before the account must be looked at again.
  private mutating func remember(
    _ place: Int,
    _ book: AffineBook,
    _ accounts: AccountStates,
    _ oracle: OracleStage
  ) {
    let account = entries[place].account
    var exposure = 0.0
    for row in book.rows(of: account) {
      let asset = Int(book.asset[row])
      exposure += book.steepestSlope(of: row) * oracle.prices[asset]
      exposure += book.markdown(of: row) * oracle.confidences[asset]
    }
    let health = book.health(
      of: account,
      deposited: accounts.credit(of: account),
      prices: oracle.prices,
      confidences: oracle.confidences
    )
    let share = exposure > 0 ? min(0.5, 0.5 * health / exposure) : 0
    guard share > 1e-9 else {
      entries[place].share = nil
      return
    }
    entries[place].share = share
    var slot = entries[place].start
    for row in book.rows(of: account) {
      seen[slot] = oracle.prices[Int(book.asset[row])]
      slot += 1
    }
  }
}
