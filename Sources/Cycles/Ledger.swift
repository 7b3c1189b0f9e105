// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import TextKit

/// The parties between which money moves (DESIGN 6).
package enum Party: Int, CaseIterable, Sendable {
  case vault
  case lp
  case feeTreasury
  case protectionWallet
  case borrower
  case lender
  case liquidator
  case insurance
  case backstop
  case adl
  case market
  case network
}

/// Double-entry bookkeeping in whole micro-USD: what one party gives another receives.
package struct Ledger: Sendable, Equatable {
  private var balances = Array(repeating: Int128(0), count: Party.allCases.count)

  package init() {}

  package subscript(party: Party) -> Int128 { balances[party.rawValue] }

  /// Moves an amount; a negative amount moves the other way.
  package mutating func transfer(
    _ amount: some BinaryInteger,
    from source: Party,
    to target: Party
  ) {
    balances[source.rawValue] -= Int128(amount)
    balances[target.rawValue] += Int128(amount)
  }

  /// Sum of all balances, 0 while no micro-USD was made or lost.
  package var total: Int128 { balances.reduce(0, +) }

  /// Refuses to go on when money was made or lost.
  ///
  /// - Throws: an internal failure naming the step.
  package func check(step: Int) throws(Failure) {
    guard total != 0 else { return }
    throw Failure(.internalError, "the ledger is off by \(total) micro-USD after step \(step)")
  }
}
