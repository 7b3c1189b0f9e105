// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets
internal import Numerics
internal import TextKit

extension Account {
  /// Quote collateral and protection, micro-USD.
  func cash(deposited: Micro) throws(Failure) -> Micro {
    try micro(collateralUSD + usd(deposited))
  }

  /// Equity at the oracle's prices, each product rounded by itself.
  ///
  /// Perps: `micro(collateral + deposited) + micro(q · (mark − entry))` (SEMANTICS B11); deposits
  /// and borrows at their price, without weights.
  func equity(deposited: Micro, price: (Int) -> Double) throws(Failure) -> Micro {
    var sum = Int128(try cash(deposited: deposited))
    for leg in legs {
      let price = price(leg.asset)
      switch leg.kind {
      case .perp: sum += Int128(try micro(leg.quantity * (price - leg.entryPrice)))
      case .deposit: sum += Int128(try micro(leg.quantity * price))
      case .borrow: sum -= Int128(try micro(leg.quantity * price))
      }
    }
    guard let equity = Micro(exactly: sum) else { throw amountTooLarge(nearestDouble(sum) / 1e6) }
    return equity
  }
}

/// What an account is worth when it is closed at the oracle's prices (SEMANTICS B11).
struct MarketClose: Sendable {
  /// Σ micro(|q| · mark) of what is closed.
  var liquidated: Int128 = 0
  /// The same in USD, added leg by leg: what the penalty is a share of.
  private var value = 0.0
  var equity: Micro

  init(_ account: Account, deposited: Micro, price: (Int) -> Double) throws(Failure) {
    equity = try account.equity(deposited: deposited, price: price)
    for leg in MarketClose.closed(account) {
      let size = leg.quantity.magnitude * price(leg.asset)
      value = value + size
      liquidated += Int128(try micro(size))
    }
  }

  /// The close of one position of a size in USD.
  init(size: Double, equity: Micro) throws(Failure) {
    self.equity = equity
    value = size
    liquidated = Int128(try micro(size))
  }

  /// The legs that are closed: all that are not borrowed, or all of an account of borrows.
  static func closed(_ account: Account) -> [Leg] {
    let legs = account.legs
    if legs.count == 1 { return legs }
    let sold = legs.filter { $0.kind != .borrow }
    return sold.isEmpty ? legs : sold
  }

  /// What insurance gets of an account that is worth something, micro-USD.
  func penalty(rate: Double) throws(Failure) -> Micro { min(equity, try micro(value * rate)) }
}

/// What is sold of an account whose collateral goes to auction, and what it owes (SEMANTICS B15).
struct ForfeitedCollateral: Sendable {
  /// The collateral of one lot.
  struct Piece: Sendable {
    var leg: Leg
    var price: Double
    /// Conservative mark, oracle − confidence.
    var mark: Double
    var open: Micro
    /// Shares of the account's debt and of the interest that it owes.
    var debt: Micro
    var interest: Micro = 0
  }

  var pieces: [Piece] = []
  var debt: Micro = 0
  /// Own cash, at least 0.
  var cash: Micro
  /// Σ micro(q · price) of what is sold.
  var liquidated: Int128 = 0

  /// Splits the debt over the deposits by what their lots open at, the last taking the remainder;
  /// an account without deposit gives one lot of quantity 0.
  ///
  /// * `interest`: owed beside the debt; it is split in the same way.
  init(
    _ account: Account,
    deposited: Micro,
    interest: Micro = 0,
    price: (Int) -> Double,
    confidence: (Int) -> Double
  ) throws(Failure) {
    let legs = account.legs
    var sold = legs.filter { $0.kind == .deposit && $0.quantity > 0 }
    if sold.isEmpty {
      sold = [legs.first { $0.kind == .deposit } ?? legs[0]]
      sold[0].quantity = 0
    }
    for leg in legs where leg.kind == .borrow {
      debt = try sum(debt, try micro(leg.quantity * price(leg.asset)))
    }
    var whole: Micro = 0
    cash = max(0, try account.cash(deposited: deposited))
    for leg in sold {
      let price = price(leg.asset)
      let mark = price - confidence(leg.asset)
      let open = try micro(leg.quantity * mark)
      whole = try sum(whole, open)
      liquidated += Int128(try micro(leg.quantity * price))
      pieces.append(Piece(leg: leg, price: price, mark: mark, open: open, debt: 0))
    }
    var left = debt
    var interestLeft = interest
    for place in pieces.indices {
      var part = left
      var ofInterest = interestLeft
      if place + 1 < pieces.count {
        let share = whole > 0 ? Double(pieces[place].open) / Double(whole) : 0
        part = min(left, Micro((Double(debt) * share).rounded(.toNearestOrEven)))
        ofInterest = min(
          interestLeft,
          Micro((Double(interest) * share).rounded(.toNearestOrEven))
        )
      }
      left -= part
      interestLeft -= ofInterest
      pieces[place].debt = part
      pieces[place].interest = ofInterest
    }
  }
}
