// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Liquidation
internal import Markets

/// Watches the accounts whose roots move with other prices: two assets, or a conservative mark.
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
    /// Assets of the account, twice the same when there is one.
    var first: Int
    var second: Int
    /// Prices between which the account is safe; empty when it must be looked at.
    var firstRange = Room.none
    var secondRange = Room.none
  }

  /// An interval of prices.
  private struct Room: Sendable {
    var low: Double
    var high: Double
    static let none = Room(low: .infinity, high: -.infinity)

    @inline(__always)
    func contains(_ price: Double) -> Bool { price >= low && price <= high }
  }

  package init(_ input: WorldInput) {
    let book = input.affine
    entryOfAccount = Array(repeating: -1, count: book.accountCount)
    for account in 0..<book.accountCount where book.hasDebt[account] && !book.isEmpty[account] {
      let rows = book.rows(of: account)
      let isQuoteOnly = input.catalogue.assets[Int(book.asset[rows.lowerBound])].isQuote
      guard isQuoteOnly || rows.contains(where: { book.coupling[$0] >= 0 }) else { continue }
      entryOfAccount[account] = Int32(entries.count)
      entries.append(
        Entry(
          account: account,
          first: Int(book.asset[rows.lowerBound]),
          second: Int(book.asset[rows.upperBound - 1])
        )
      )
    }
  }

  package func watches(_ account: Int) -> Bool { entryOfAccount[account] >= 0 }

  /// Looks at an account again at the next step, because its deposits changed.
  package mutating func forget(_ account: Int) {
    let entry = Int(entryOfAccount[account])
    if entry >= 0 { entries[entry].firstRange = .none }
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
      if entry.firstRange.contains(oracle.prices[entry.first])
        && entry.secondRange.contains(oracle.prices[entry.second])
      {
        continue
      }
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
      exposure += book.slope[row].magnitude * oracle.prices[Int(book.asset[row])]
      guard book.coupling[row] >= 0 else { continue }
      let term = book.couplings[Int(book.coupling[row])]
      exposure +=
        term.markdownQuantity * oracle.confidences[term.markdownAsset] * term.markdownWeight
    }
    let health = book.health(
      of: account,
      deposited: accounts.deposited[account],
      prices: oracle.prices,
      confidences: oracle.confidences
    )
    let share = exposure > 0 ? min(0.5, 0.5 * health / exposure) : 0
    guard share > 1e-9 else {
      entries[place].firstRange = .none
      return
    }
    func room(_ price: Double) -> Room {
      Room(low: price * (1 - share), high: price * (1 + share))
    }
    entries[place].firstRange = room(oracle.prices[entries[place].first])
    entries[place].secondRange = room(oracle.prices[entries[place].second])
  }
}
