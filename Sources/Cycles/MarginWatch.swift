// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets
package import Liquidation

/// Finds the accounts that fall at a step by comparing prices with roots (SEMANTICS B2).
///
/// Rows that move with one price only are compared with trip prices made once per deposit; equality
/// is folded in, `P <= root` being `P < root.nextUp`. Rows are looked at only when the price leaves
/// the interval in which none of them can fall.
package struct MarginWatch: Sendable {
  private var lower: [Double]
  private var upper: [Double]
  /// Rows of each asset of the book that may still fall.
  private var watched: [[Int32]]
  /// Prices between which no watched row of the asset falls.
  private var safeLow: [Double]
  private var safeHigh: [Double]
  /// Accounts whose roots move with other prices.
  private var coupled: [Int32] = []
  private let placeOfAsset: [Int]
  private let assets: [Int]

  package init(_ input: WorldInput, _ accounts: AccountStates, _ oracle: OracleStage) {
    let book = input.affine
    assets = input.assets
    var places = Array(repeating: 0, count: input.catalogue.assets.count)
    for (place, asset) in input.assets.enumerated() { places[asset] = place }
    placeOfAsset = places
    lower = Array(repeating: -.infinity, count: book.rowCount)
    upper = Array(repeating: .infinity, count: book.rowCount)
    watched = Array(repeating: [], count: input.assets.count)
    safeLow = Array(repeating: -.infinity, count: input.assets.count)
    safeHigh = Array(repeating: .infinity, count: input.assets.count)
    for account in 0..<book.accountCount where book.hasDebt[account] && !book.isEmpty[account] {
      let rows = book.rows(of: account)
      let isQuoteOnly = input.catalogue.assets[Int(book.asset[rows.lowerBound])].isQuote
      if isQuoteOnly || rows.contains(where: { book.coupling[$0] >= 0 }) {
        coupled.append(Int32(account))
        continue
      }
      for row in rows {
        watched[places[Int(book.asset[row])]].append(Int32(row))
      }
      update(account, book, accounts, oracle)
    }
  }

  /// Makes the trip prices of an account anew after its deposits changed.
  package mutating func update(
    _ account: Int,
    _ book: AffineBook,
    _ accounts: AccountStates,
    _ oracle: OracleStage
  ) {
    let atEquality = book.tripsAtEquality[account]
    for row in book.rows(of: account) where book.coupling[row] < 0 {
      let interval = accounts.interval(of: row, book, oracle)
      let trips = atEquality && interval.isFlatZero
      lower[row] = trips ? .infinity : atEquality ? interval.lower.nextUp : interval.lower
      upper[row] = atEquality ? interval.upper.nextDown : interval.upper
      let place = placeOfAsset[Int(book.asset[row])]
      if safeLow.indices.contains(place) {
        safeLow[place] = max(safeLow[place], lower[row])
        safeHigh[place] = min(safeHigh[place], upper[row])
      }
    }
  }

  /// The open accounts that are liquidatable at the oracle's prices, each once, in book order.
  package mutating func fallen(
    _ book: AffineBook,
    _ accounts: AccountStates,
    _ oracle: OracleStage
  ) -> [Int] {
    var list: [Int] = []
    for place in watched.indices {
      let asset = assets[place]
      let price = oracle.prices[asset]
      if oracle.isStale[asset] || (price >= safeLow[place] && price <= safeHigh[place]) { continue }
      var low = -Double.infinity
      var high = Double.infinity
      watched[place].removeAll { (row: Int32) in
        let row = Int(row)
        let account = Int(book.account[row])
        guard accounts.isOpen[account] else { return true }
        if price < lower[row] || price > upper[row] {
          list.append(account)
          return true
        }
        low = max(low, lower[row])
        high = min(high, upper[row])
        return false
      }
      safeLow[place] = low
      safeHigh[place] = high
    }
    for entry in coupled {
      let account = Int(entry)
      if accounts.isOpen[account], AccountStates.hasFreshPrices(account, book, oracle),
        isFallen(account, book, accounts, oracle)
      {
        list.append(account)
      }
    }
    return list.sorted()
  }

  private func isFallen(
    _ account: Int,
    _ book: AffineBook,
    _ accounts: AccountStates,
    _ oracle: OracleStage
  ) -> Bool {
    book.rows(of: account).contains { row in
      accounts.interval(of: row, book, oracle).isViolated(
        at: oracle.prices[Int(book.asset[row])],
        atEquality: book.tripsAtEquality[account]
      )
    }
  }
}
