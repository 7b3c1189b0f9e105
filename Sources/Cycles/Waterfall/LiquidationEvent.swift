// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Numerics

/// Something that the waterfall did or refused, in the words of seed 2 where it has some.
package struct LiquidationEvent: Sendable, Equatable {
  /// What happened.
  package enum Kind: String, Sendable {
    /// An account that waited is healthy again.
    case recovered
    case backstopRefused = "backstop_refused"
    case shortfallAcceptable = "shortfall_acceptable"
    case shortfallTooLarge = "shortfall_too_large"
    case adlTriggered = "adl_triggered"
    case immediateADL = "immediate_adl"
    case socialised
    case vaultFailed = "vault_failed"
    case vaultDeposit = "vault_deposit"
    case vaultWithdrawal = "vault_withdrawal"
    case vaultRefused = "vault_refused"
  }

  package var time: Int64
  package var kind: Kind
  package var venue: Int
  /// Nil where the event is the venue's or a vault's.
  package var account: Int?
  package var amount: Micro
  package var message: String
}
