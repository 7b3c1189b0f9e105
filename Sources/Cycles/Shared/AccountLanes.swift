// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
package import Markets
internal import Numerics
internal import TextKit

/// How much of the prices an account's roots depend on.
enum AccountLane: UInt8, Sendable {
  /// Nothing is owed: it cannot fall, and protection has nothing to look at.
  case idle
  /// One row whose root no price moves, on one side: comparisons with trip prices are enough.
  case single
  /// One row with a conservative mark: the root moves with its own price.
  case marked
  /// Anything else: looked at by the book's own functions.
  case general
}

/// A compiled book prepared for walking many paths: what every scenario and cell meets again.
///
/// Accounts of the lane `single` stand sorted by the prices at which they fall, so that a path
/// meets only those that it takes.
package final class AccountLanes: Sendable {
  /// One trip price of one account.
  struct Trip: Sendable {
    var level: Double
    var account: Int32
  }

  let input: WorldInput
  package var catalogue: VenueCatalogue { input.catalogue }
  let lane: [AccountLane]
  /// Healthy prices of each `single` account's row with the deposits that the book carries in.
  let intervals: [HealthyInterval]
  /// By asset: accounts that fall below a price, highest first, and above one, lowest first.
  let below: [[Trip]]
  let above: [[Trip]]
  /// Accounts of the other lanes that can fall.
  let others: [Int32]
  /// Protected accounts in book order.
  package let protected: [Int]
  /// Place of every account in the order that decides ties.
  let ranks: [Int32]
  /// Whether each account's venue sells its collateral in auctions.
  let sellsByAuction: [Bool]

  // What is asked of accounts again and again, side by side, so that no account is copied: own
  // cash, deposits carried in, whether protection serves it, the perp of a lone one.
  let collateral: [Double]
  let carried: [Micro]
  let isProtected: [Bool]
  let perps: [LonePerp]

  package init(_ input: WorldInput) {
    self.input = input
    let book = input.affine
    let accounts = input.book.accounts
    var lane: [AccountLane] = []
    var intervals: [HealthyInterval] = []
    lane.reserveCapacity(accounts.count)
    intervals.reserveCapacity(accounts.count)
    let assetCount = input.catalogue.assets.count
    var below = Array(repeating: [Trip](), count: assetCount)
    var above = below
    var others: [Int32] = []
    let none = Array(repeating: Double.nan, count: assetCount)
    for account in accounts.indices {
      let kind = AccountLanes.lane(of: account, input)
      lane.append(kind)
      let row = Int(book.firstRow[account])
      // The lane's root depends on no price.
      let interval =
        kind == .single
        ? book.interval(
          of: row,
          deposited: accounts[account].protection.deposited,
          prices: none,
          confidences: none
        ) : HealthyInterval(slope: 0, constant: 1)
      intervals.append(interval)
      if kind == .marked || kind == .general { others.append(Int32(account)) }
      guard kind == .single else { continue }
      let (low, high) = AccountLanes.trips(
        interval,
        atEquality: book.tripsAtEquality[account]
      )
      let asset = Int(book.asset[row])
      if low > 0 { below[asset].append(Trip(level: low, account: Int32(account))) }
      if high < .infinity { above[asset].append(Trip(level: high, account: Int32(account))) }
    }
    for asset in 0..<assetCount {
      below[asset].sort { ($0.level, $1.account) > ($1.level, $0.account) }
      above[asset].sort { ($0.level, $0.account) < ($1.level, $1.account) }
    }
    self.lane = lane
    self.intervals = intervals
    self.below = below
    self.above = above
    self.others = others
    protected = accounts.indices.filter { accounts[$0].protection.isProtected }
    sellsByAuction = accounts.map { input.catalogue.venues[$0.venue].liquidation == .auction }
    collateral = accounts.map(\.collateralUSD)
    carried = accounts.map(\.protection.deposited)
    isProtected = accounts.map(\.protection.isProtected)
    perps = accounts.map { LonePerp($0) }
    let order = accounts.indices.sorted { input.book.precedes($0, $1) }
    var ranks = Array(repeating: Int32(0), count: accounts.count)
    for (rank, account) in order.enumerated() { ranks[account] = Int32(rank) }
    self.ranks = ranks
  }

  /// The prices below and above which an account falls, equality folded in.
  @inline(__always)
  static func trips(_ interval: HealthyInterval, atEquality: Bool) -> (low: Double, high: Double) {
    if !atEquality { return (interval.lower, interval.upper) }
    return interval.isFlatZero
      ? (.infinity, interval.upper.nextDown) : (interval.lower.nextUp, interval.upper.nextDown)
  }

  private static func lane(of account: Int, _ input: WorldInput) -> AccountLane {
    let book = input.affine
    guard book.hasDebt[account], !book.isEmpty[account] else { return .idle }
    let rows = book.rows(of: account)
    let row = rows.lowerBound
    guard rows.count == 1, !input.catalogue.assets[Int(book.asset[row])].isQuote else {
      return .general
    }
    // With slopes of both signs both roots can exist, and the reported one depends on the price.
    let slopes = book.table[row] == 0 ? [book.slope[row]] : book.lines(of: row).map(\.slope)
    let isOneSided = slopes.allSatisfy { $0 > 0 } || slopes.allSatisfy { $0 < 0 }
    switch book.shape[account] {
    case .single: return isOneSided ? .single : .general
    case .pair:
      let markdown = Int(book.markdown[row])
      return isOneSided && markdown >= 0 && book.markdowns[markdown].asset == Int(book.asset[row])
        ? .marked : .general
    case .wide: return .general
    }
  }
}

/// The perp of an account that holds nothing else.
struct LonePerp: Sendable {
  let quantity: Double
  let entry: Double
  /// −1 for accounts of another kind.
  let asset: Int32

  init(_ account: Account) {
    let leg = account.legs.count == 1 && account.legs[0].kind == .perp ? account.legs[0] : nil
    quantity = leg?.quantity ?? 0
    entry = leg?.entryPrice ?? 0
    asset = leg.map { Int32($0.asset) } ?? -1
  }
}

extension AccountLanes {
  /// Equity of an account at the oracle's prices.
  func equity(
    of account: Int,
    deposited: Micro,
    price: (Int) -> Double
  ) throws(Failure) -> Micro {
    let perp = perps[account]
    guard perp.asset >= 0 else {
      return try input.book.accounts[account].equity(deposited: deposited, price: price)
    }
    let price = price(Int(perp.asset))
    return try sum(
      try micro(collateral[account] + usd(deposited)),
      try micro(perp.quantity * (price - perp.entry))
    )
  }

  /// What an account comes to when it is closed at the oracle's prices.
  func close(
    _ account: Int,
    deposited: Micro,
    price: (Int) -> Double
  ) throws(Failure) -> MarketClose {
    let perp = perps[account]
    guard perp.asset >= 0 else {
      return try MarketClose(input.book.accounts[account], deposited: deposited, price: price)
    }
    return try MarketClose(
      size: perp.quantity.magnitude * price(Int(perp.asset)),
      equity: try equity(of: account, deposited: deposited, price: price)
    )
  }
}
