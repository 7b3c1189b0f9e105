// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets

/// The columns of some rows as they lie in memory, and room for what is made of them.
///
/// Pointers hold as long as the piece that they were made for.
@safe
struct PerpScratch {
  /// Codes by place in the lists of words, −1 for nothing.
  let venue = ColumnMemory<Int32>()
  let asset = ColumnMemory<Int32>()
  let leg = ColumnMemory<Int32>()
  let mode = ColumnMemory<Int32>()
  let quantity = ColumnMemory<Double>()
  let entryPrice = ColumnMemory<Double>()
  let collateral = ColumnMemory<Double>()
  let slot = ColumnMemory<Int64>()
  let isProtected = ColumnMemory<Int8>()
  let account = ColumnMemory<Int64>()
  let market = ColumnMemory<Int32>()
  let seen = ColumnMemory<Bool>()
  let names = ColumnMemory<UInt8>()
}

/// The columns of some rows that decide whether a row is an account of one perp.
@safe
struct PerpColumns {
  var count: Int
  let venue: UnsafePointer<Int32>
  let asset: UnsafePointer<Int32>
  let leg: UnsafePointer<Int32>
  let mode: UnsafePointer<Int32>
  let quantity: UnsafePointer<Double>
  let entryPrice: UnsafePointer<Double>
  let collateral: UnsafePointer<Double>
  let slot: UnsafePointer<Int64>
  let isProtected: UnsafePointer<Int8>
  /// Nil where every row is an account of its own.
  let account: UnsafePointer<Int64>?
  /// Accounts of the rows before the first and after the last, where there are any.
  var accountBefore: Int64?
  var accountAfter: Int64?
}

/// Finds the rows of a piece that are accounts of one perp.
struct PerpSieve: Sendable {
  /// What the accounts of a piece are like.
  struct Finding {
    /// An account comes after one of a larger number.
    var falls = false
    /// Rows of accounts that other rows may join.
    var hasCross = false
  }

  /// Sizes of the lists of words and one more, for −1.
  private let sizes: (venue: UInt32, asset: UInt32, leg: UInt32, mode: UInt32)
  /// By the codes: `PerpRows.market`, −1 where the row is of another form.
  private let marketOfKey: [Int32]
  private let assetCount: Int
  let marketCount: Int
  /// Accounts are below it.
  private let accountLimit: Int64

  /// Prepares for lists of words; nil where there are too many of them.
  ///
  /// * `venues`, `assets`, `kinds`, `modes`: number of each word, −1 for one that is none.
  /// * `isMeant`: by venue · assets + asset.
  init?(
    venues: [Int32],
    assets: [Int32],
    kinds: [Int32],
    modes: [Int32],
    isMeant: [Bool],
    isListed: [Bool],
    isQuote: [Bool],
    accountLimit: Int64
  ) {
    assetCount = isQuote.count
    marketCount = isMeant.count
    self.accountLimit = accountLimit
    let counts = [venues.count, assets.count, kinds.count, modes.count].map { $0 + 1 }
    guard isMeant.count == isListed.count, isMeant.contains(true),
      counts.allSatisfy({ $0 <= 1 << 16 }), counts.reduce(1, { min($0, 1 << 24) * $1 }) <= 1 << 20
    else { return nil }
    sizes = (UInt32(counts[0]), UInt32(counts[1]), UInt32(counts[2]), UInt32(counts[3]))
    var table: [Int32] = []
    for venue in [-1] + venues {
      for asset in [-1] + assets {
        let market = Int(venue) * isQuote.count + Int(asset)
        let isGood =
          venue >= 0 && asset >= 0 && isMeant[market] && isListed[market] && !isQuote[Int(asset)]
        for kind in [-1] + kinds {
          // No word means cross margin.
          for mode in [0] + modes {
            let isPerp = isGood && kind == 0 && mode >= 0
            table.append(isPerp ? Int32(2 * market) + (mode > 0 ? 1 : 0) : -1)
          }
        }
      }
    }
    marketOfKey = table
  }

  /// Writes the market of every row, and what is known of the accounts.
  ///
  /// * `market`: room for the rows; keeps −1 where it is −1 before, if `isSifted` is set.
  func sift(
    _ columns: PerpColumns,
    into market: UnsafeMutablePointer<Int32>,
    isSifted: Bool
  ) -> Finding {
    var finding = Finding()
    unsafe marketOfKey.withUnsafeBufferPointer { (table: UnsafeBufferPointer<Int32>) in
      guard let table = table.baseAddress else { return }
      for row in 0..<columns.count {
        let own = unsafe marketOfRow(row, columns, table)
        unsafe market[row] = isSifted && market[row] < 0 ? -1 : own
      }
    }
    guard let accounts = unsafe columns.account, columns.count > 0 else { return finding }
    var last = columns.accountBefore ?? .min
    var own = unsafe accounts[0]
    for row in 0..<columns.count {
      let next =
        row &+ 1 < columns.count ? unsafe accounts[row &+ 1] : columns.accountAfter ?? .max
      let isApart = own != last && own != next
      let found = unsafe market[row]
      // 1 where other rows may join the account of this one.
      let isCross = found >= 0 && found & 1 == 0 && own >= 0
      finding.hasCross = finding.hasCross || isCross
      finding.falls = finding.falls || own < last
      let isGood = own >= -1 && own < accountLimit && (!isCross || isApart)
      unsafe market[row] = isGood ? found : -1
      (last, own) = (own, next)
    }
    return finding
  }

  /// The market of a row by itself, −1 where anything about it is not usual.
  @inline(__always)
  private func marketOfRow(
    _ row: Int,
    _ columns: PerpColumns,
    _ table: UnsafePointer<Int32>
  ) -> Int32 {
    let venue = unsafe UInt32(bitPattern: columns.venue[row] &+ 1)
    let asset = unsafe UInt32(bitPattern: columns.asset[row] &+ 1)
    let leg = unsafe UInt32(bitPattern: columns.leg[row] &+ 1)
    let mode = unsafe UInt32(bitPattern: columns.mode[row] &+ 1)
    guard venue < sizes.venue, asset < sizes.asset, leg < sizes.leg, mode < sizes.mode else {
      return -1
    }
    let key = ((venue &* sizes.asset &+ asset) &* sizes.leg &+ leg) &* sizes.mode &+ mode
    let quantity = unsafe columns.quantity[row]
    let entry = unsafe columns.entryPrice[row]
    let collateral = unsafe columns.collateral[row]
    let flag = unsafe UInt8(bitPattern: columns.isProtected[row] &+ 1)
    let isGood =
      BookFile.isQuantity(quantity) && entry >= 0 && entry <= 1e15
      && (collateral.magnitude <= 1e12 || collateral.isNaN) && flag <= 2
    return unsafe isGood && columns.slot[row] >= -1 ? table[Int(key)] : -1
  }

  /// Marks the assets of rows that are meant.
  ///
  /// - Returns: how many rows are.
  func count(
    _ market: UnsafePointer<Int32>,
    _ count: Int,
    _ seen: UnsafeMutablePointer<Bool>,
    isUsed: inout [Bool]
  ) -> Int {
    unsafe seen.update(repeating: false, count: marketCount + 1)
    var others = 0
    for row in 0..<count {
      let own = unsafe Int(market[row])
      others &+= own &>> 63
      unsafe seen[(own &>> 1) &+ 1] = true
    }
    for market in 0..<marketCount where unsafe seen[market + 1] {
      isUsed[market % assetCount] = true
    }
    return count &+ others
  }
}
