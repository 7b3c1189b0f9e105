// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
internal import Markets
package import Numerics
internal import TextKit

/// What funding and interest have added to an account, micro-USD.
package struct Accrued: Sendable, Equatable {
  /// Funding received, less what was paid.
  package var funding: Micro = 0
  /// Interest owed.
  package var interest: Micro = 0
  /// The same with the weights of the debts: what health falls by.
  package var weighted: Micro = 0

  package init() {}
}

extension AccountStates {
  /// What all accounts hold of funding, less the interest that they owe.
  var accruedTotal: Int128 {
    accruals.reduce(0) { $0 + Int128($1.funding) - Int128($1.interest) }
  }

  func accrued(of account: Int) -> Accrued {
    account < accruals.count ? accruals[account] : Accrued()
  }

  /// What is added to the constant of an account's lines: protection, funding, weighted interest.
  @inline(__always)
  func credit(of account: Int) -> Micro {
    if account >= accruals.count { return deposited[account] }
    return credit(of: account, deposited: deposited[account])
  }

  /// The same with other deposits.
  func credit(of account: Int, deposited: Micro) -> Micro {
    if account >= accruals.count { return deposited }
    let own = accruals[account]
    return Micro(clamping: Int128(deposited) + Int128(own.funding) - Int128(own.weighted))
  }

  /// What is added to an account's equity: protection, funding, less the interest owed.
  func cashCredit(of account: Int) -> Micro {
    if account >= accruals.count { return deposited[account] }
    let own = accruals[account]
    return Micro(
      clamping: Int128(deposited[account]) + Int128(own.funding) - Int128(own.interest)
    )
  }
}

extension WorldInput {
  /// Weight of a debt in its account's health, `−slope / quantity`; 1 of nothing.
  func weight(of leg: Leg, in account: Int) throws(Failure) -> Double {
    guard leg.quantity > 0 else { return 1 }
    let entry = book.accounts[account]
    let context = LegContext(
      legs: entry.legs,
      confidenceRatio: confidenceRatios[catalogue.assets[leg.asset].underlying],
      group: entry.elevationGroup
    )
    let health = try catalogue.venues[entry.venue].rule.health(of: leg, in: context)
    return -health.slope / leg.quantity
  }
}
