// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Numerics
package import TextKit

/// Why a liquidator vault does not do what it is asked, in the words of seed 2.
package enum BackstopRefusal: Sendable, Equatable {
  case noMargin
  case notCross(symbol: String)
  case isolatedOnly
  case liquidatableDeposit
  case liquidatableWithdrawal
  case overDailyLimit
  case outage

  package var message: String {
    switch self {
    case .noMargin: "Liquidator does not have enough margin available."
    case .notCross(let symbol): "Liquidator must use cross margin for asset \(symbol)"
    case .isolatedOnly: "Cross margin is not allowed for this asset."
    case .liquidatableDeposit: "Cannot deposit into liquidatable vault."
    case .liquidatableWithdrawal: "Cannot withdraw from liquidatable vault."
    case .overDailyLimit: "Vault withdrawal over daily limit."
    case .outage: "The liquidator does not answer."
    }
  }
}

/// A position that a vault is asked to take.
package struct TakenPosition: Sendable, Equatable {
  package var asset: Int
  /// Signed, base units.
  package var quantity: Double

  package init(asset: Int, quantity: Double) {
    self.asset = asset
    self.quantity = quantity
  }
}

/// A liquidator vault with a margin account of its own (DESIGN 7, seed 2 section 3).
///
/// Positions are marked every step and the difference is paid in cash, so its equity is its cash.
/// It keeps what it takes, or sells it with a half-life; either way profit and loss are its own.
///
///     margin needed = Σ |quantity| · mark · ratio       liquidatable: equity below half of it
package struct BackstopVault: Sendable, Equatable {
  private static let day: Int64 = 86_400_000

  package let name: String
  package let isCross: Bool
  package private(set) var cash: Micro
  package private(set) var positions: [Double]
  private var marks: [Double]
  private let marginRatio: Double
  private let withdrawFraction: Double
  private var today: Int64?
  private var valueAtStartOfDay: Micro
  private var withdrawnToday: Micro = 0

  package init(
    name: String,
    capital: Micro,
    isCross: Bool,
    marginRatio: Double,
    withdrawFraction: Double,
    assetCount: Int
  ) {
    self.name = name
    self.isCross = isCross
    self.marginRatio = marginRatio
    self.withdrawFraction = withdrawFraction
    cash = capital
    valueAtStartOfDay = capital
    positions = Array(repeating: 0, count: assetCount)
    marks = Array(repeating: 0, count: assetCount)
  }

  /// Σ |quantity| · mark, USD.
  package var exposureUSD: Double {
    var sum = 0.0
    for (quantity, mark) in zip(positions, marks) where quantity != 0 {
      sum = sum + quantity.magnitude * mark
    }
    return sum
  }

  package var isLiquidatable: Bool { usd(cash) < exposureUSD * marginRatio / 2 }

  package var isFlat: Bool { positions.allSatisfy { $0 == 0 } }

  /// Marks every position: what the vault gains since the last mark, micro-USD.
  package mutating func mark(_ price: (Int) -> Double) throws(Failure) -> Micro {
    var gain: Micro = 0
    for asset in positions.indices where positions[asset] != 0 {
      let now = price(asset)
      gain = try sum(gain, try micro(positions[asset] * (now - marks[asset])))
      marks[asset] = now
    }
    cash = try sum(cash, gain)
    return gain
  }

  /// Begins a new day where one has begun, which it says: what may leave on a day depends on the
  /// value at its start.
  package mutating func beginDay(_ time: Int64) -> Bool {
    let day = time / BackstopVault.day
    guard day != today else { return false }
    today = day
    valueAtStartOfDay = cash
    withdrawnToday = 0
    return true
  }

  /// Why the vault cannot take positions with their margin, nil when it can.
  ///
  /// With them it must still hold the margin for everything: cash + margin at least
  /// `ratio · Σ |quantity| · mark`.
  package func refusal(
    taking taken: [TakenPosition],
    margin: Micro,
    price: (Int) -> Double,
    symbol: (Int) -> String
  ) -> BackstopRefusal? {
    if !isCross, let first = taken.first { return .notCross(symbol: symbol(first.asset)) }
    var exposure = exposureUSD
    for entry in taken {
      let price = price(entry.asset)
      let held = positions[entry.asset]
      exposure = exposure - held.magnitude * price
      exposure = exposure + (held + entry.quantity).magnitude * price
    }
    let equity = usd(cash) + usd(margin)
    if isLiquidatable || equity < exposure * marginRatio { return .noMargin }
    return nil
  }

  /// Takes positions at the mark together with their margin.
  package mutating func take(
    _ taken: [TakenPosition],
    margin: Micro,
    price: (Int) -> Double
  ) throws(Failure) {
    for entry in taken {
      positions[entry.asset] += entry.quantity
      marks[entry.asset] = price(entry.asset)
    }
    cash = try sum(cash, margin)
  }

  /// Sells a part of a position at a price that may differ from the mark; returns what it gains.
  package mutating func reduce(
    _ asset: Int,
    by quantity: Double,
    at price: Double
  ) throws(Failure) -> Micro {
    let gain = try micro(quantity * (price - marks[asset]))
    positions[asset] = quantity == positions[asset] ? 0 : positions[asset] - quantity
    cash = try sum(cash, gain)
    return gain
  }

  /// Takes money of a depositor, or says why not.
  package mutating func deposit(_ amount: Micro) throws(Failure) -> BackstopRefusal? {
    if isLiquidatable { return .liquidatableDeposit }
    cash = try sum(cash, amount)
    return nil
  }

  /// Pays a depositor, or says why not: withdrawals of a day are at most
  /// `fraction · value at the start of the day`.
  package mutating func withdraw(_ amount: Micro) throws(Failure) -> BackstopRefusal? {
    if isLiquidatable { return .liquidatableWithdrawal }
    let limit = try share(withdrawFraction, of: max(0, valueAtStartOfDay))
    if try sum(withdrawnToday, amount) > limit || amount > cash { return .overDailyLimit }
    if usd(cash - amount) < exposureUSD * marginRatio { return .noMargin }
    withdrawnToday += amount
    cash -= amount
    return nil
  }

  /// Gives up everything at the last marks: what its creditors do not get, micro-USD, at least 0.
  package mutating func fail() -> Micro {
    let missing = max(0, -cash)
    cash = max(0, cash)
    for asset in positions.indices { positions[asset] = 0 }
    return missing
  }
}
