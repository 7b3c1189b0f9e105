// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Liquidation

/// Finds the accounts that fall at a step by comparing prices with roots (SEMANTICS B2).
///
/// Rows that move with one price only are compared with trip prices made once per deposit; equality
/// is folded in, `P <= root` being `P < root.nextUp`. Blocks of rows know the prices between which
/// none of theirs falls, so a step looks at the few blocks that the price leaves. The other
/// accounts are watched by `CoupledWatch`. Nothing is approximate: a skipped row cannot have
/// fallen.
package struct MarginWatch: Sendable {
  private static let blockSize = 64

  /// Trip prices of every row; a row that can no longer fall has none.
  private var lower: [Double]
  private var upper: [Double]
  /// Block of each row, −1 for rows of coupled accounts.
  private var blockOfRow: [Int32]
  private var blocks: [Block] = []
  private var groups: [AssetGroup] = []
  private var coupled: CoupledWatch

  /// Rows of one asset and the prices between which none of them falls.
  private struct Block: Sendable {
    var group: Int
    var rows: [Int32]
    var low = -Double.infinity
    var high = Double.infinity
  }

  /// The blocks of one asset.
  private struct AssetGroup: Sendable {
    var asset: Int
    var blocks: Range<Int>
    var low = -Double.infinity
    var high = Double.infinity
  }

  package init(_ input: WorldInput, _ accounts: AccountStates, _ oracle: OracleStage) {
    let book = input.affine
    lower = Array(repeating: -.infinity, count: book.rowCount)
    upper = Array(repeating: .infinity, count: book.rowCount)
    blockOfRow = Array(repeating: -1, count: book.rowCount)
    coupled = CoupledWatch(input)
    var rowsOfAsset: [Int: [Int32]] = [:]
    for account in 0..<book.accountCount
    where book.hasDebt[account] && !book.isEmpty[account] && !coupled.watches(account) {
      for row in book.rows(of: account) {
        rowsOfAsset[Int(book.asset[row]), default: []].append(Int32(row))
      }
    }
    for asset in input.assets {
      let rows = rowsOfAsset[asset] ?? []
      let first = blocks.count
      for start in stride(from: 0, to: rows.count, by: MarginWatch.blockSize) {
        let part = Array(rows[start..<min(start + MarginWatch.blockSize, rows.count)])
        for row in part { blockOfRow[Int(row)] = Int32(blocks.count) }
        blocks.append(Block(group: groups.count, rows: part))
      }
      groups.append(AssetGroup(asset: asset, blocks: first..<blocks.count))
    }
    for account in 0..<book.accountCount { update(account, book, accounts, oracle) }
  }

  /// Makes the trip prices of an account anew after its deposits changed.
  package mutating func update(
    _ account: Int,
    _ book: AffineBook,
    _ accounts: AccountStates,
    _ oracle: OracleStage
  ) {
    coupled.forget(account)
    let atEquality = book.tripsAtEquality[account]
    for row in book.rows(of: account) where blockOfRow[row] >= 0 {
      let interval = accounts.interval(of: row, book, oracle)
      let isAtRoot = atEquality && interval.isFlatZero
      lower[row] = isAtRoot ? .infinity : atEquality ? interval.lower.nextUp : interval.lower
      upper[row] = atEquality ? interval.upper.nextDown : interval.upper
      let block = Int(blockOfRow[row])
      let group = blocks[block].group
      blocks[block].low = max(blocks[block].low, lower[row])
      blocks[block].high = min(blocks[block].high, upper[row])
      groups[group].low = max(groups[group].low, lower[row])
      groups[group].high = min(groups[group].high, upper[row])
    }
  }

  /// The open accounts that are liquidatable at the oracle's prices, each once, in book order.
  package mutating func fallen(
    _ book: AffineBook,
    _ accounts: AccountStates,
    _ oracle: OracleStage
  ) -> [Int] {
    var list = coupled.fallen(book, accounts, oracle)
    for place in groups.indices {
      let price = oracle.prices[groups[place].asset]
      let isSafe = price >= groups[place].low && price <= groups[place].high
      if isSafe || oracle.isStale[groups[place].asset] { continue }
      var low = -Double.infinity
      var high = Double.infinity
      for block in groups[place].blocks {
        if price < blocks[block].low || price > blocks[block].high {
          scan(block, price: price, book, accounts, &list)
        }
        low = max(low, blocks[block].low)
        high = min(high, blocks[block].high)
      }
      groups[place].low = low
      groups[place].high = high
    }
    return list.sorted()
  }

  /// Looks at every row of a block; rows that fall or have fallen are watched no more.
  private mutating func scan(
    _ block: Int,
    price: Double,
    _ book: AffineBook,
    _ accounts: AccountStates,
    _ list: inout [Int]
  ) {
    var low = -Double.infinity
    var high = Double.infinity
    for entry in blocks[block].rows {
      let row = Int(entry)
      let account = Int(book.account[row])
      let isHit = price < lower[row] || price > upper[row]
      if isHit && accounts.isOpen[account] { list.append(account) }
      if isHit || !accounts.isOpen[account] {
        lower[row] = -.infinity
        upper[row] = .infinity
      }
      low = max(low, lower[row])
      high = min(high, upper[row])
    }
    blocks[block].low = low
    blocks[block].high = high
  }
}
