// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
package import Markets
package import Numerics
package import Settings
package import TextKit

/// The settings that protection reads.
package struct ProtectionSettings: Sendable, Equatable {
  package var isEnabled: Bool
  package var triggerDistance: Double
  package var safeDistance: Double
  package var maxDepositRatio: Double
  package var capsByCollateral: Bool
  package var incrementUSD: Double
  package var incrementRatio: Double
  package var cooldownMilliseconds: Int64
  package var pollMilliseconds: Int64
  package var isAdaptive: Bool
  package var isStaggered: Bool
  package var wallet: Micro
  package var monitor: MonitorSettings

  package init(_ settings: SettingsView) throws(Failure) {
    isEnabled = settings.isOn(.protectionEnabled)
    triggerDistance = settings[.protectionTrigger]
    safeDistance = settings[.protectionSafe]
    maxDepositRatio = settings[.protectionMaxDeposit]
    capsByCollateral = settings.word(.protectionCapBase) == "collateral"
    incrementUSD = settings[.protectionIncrement]
    incrementRatio = settings[.protectionIncrementRatio]
    cooldownMilliseconds = settings.milliseconds(.protectionCooldown)
    pollMilliseconds = max(1, settings.milliseconds(.protectionPoll))
    isAdaptive = settings.word(.protectionPollMode) == "adaptive"
    isStaggered = settings.isOn(.protectionStagger)
    wallet = try micro(settings[.protectionWallet])
    monitor = try MonitorSettings(settings)
  }
}

/// What one protected account may do (SEMANTICS B13).
package struct ProtectionLimits: Sendable, Equatable {
  package var triggerDistance: Double
  package var safeDistance: Double
  package var cap: Micro
  package var increment: Micro
  package var cooldownMilliseconds: Int64
  package var canWithdraw: Bool

  /// Works out cap and increment at the first prices of the run.
  ///
  /// cap = the book's, or `micro(max_deposit_ratio · base)` with base = |q| · entry (perp), deposit
  /// value (lending), or the initial collateral; increment = `min(cap, max(deposit_increment_usd,
  /// increment_ratio · initial collateral))`.
  package init(
    _ account: Account,
    _ settings: ProtectionSettings,
    price: (Int) -> Double
  ) throws(Failure) {
    let terms = account.protection
    triggerDistance = terms.triggerDistance ?? settings.triggerDistance
    safeDistance = terms.safeDistance ?? settings.safeDistance
    cooldownMilliseconds = settings.cooldownMilliseconds
    canWithdraw = account.marginMode != .strictIsolated
    var position = 0.0
    var collateral = account.collateralUSD
    for leg in account.legs {
      switch leg.kind {
      case .perp: position += leg.quantity.magnitude * leg.entryPrice
      case .deposit:
        position += leg.quantity * price(leg.asset)
        collateral += leg.quantity * price(leg.asset)
      case .borrow: collateral -= leg.quantity * price(leg.asset)
      }
    }
    collateral = max(0, collateral)
    let base = settings.capsByCollateral ? collateral : position
    if let given = terms.cap {
      cap = given
    } else {
      cap = try micro(settings.maxDepositRatio * base)
    }
    increment = min(
      cap,
      try micro(max(settings.incrementUSD, settings.incrementRatio * collateral))
    )
  }
}
