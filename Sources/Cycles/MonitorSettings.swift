// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Numerics
package import Settings
package import TextKit

/// What the monitor of protection can see and pay, and what it does beyond seed 1's plain rule.
package struct MonitorSettings: Sendable, Equatable {
  package var limits: CallLimits
  package var batch: Int
  package var load: ConsumerLoad
  /// Reads with the reconciliation instead of by itself.
  package var isShared: Bool
  package var isFiltered: Bool
  package var priceAgeMilliseconds: Int64
  package var accountAgeMilliseconds: Int64
  package var staleAfterMilliseconds: Int64
  package var incrementScale: Double
  package var volatilityMultiple: Double
  package var volatilityWindowSeconds: Double
  /// 0 for a wallet of each account.
  package var pool: Micro
  package var closesExhausted: Bool
  package var notifies: Bool

  package init(_ settings: SettingsView) throws(Failure) {
    let perSecond = Int(settings[.protectionCallsPerSecond])
    limits = CallLimits(
      perMinute: Int(settings[.protectionCallsPerMinute]),
      perSecond: perSecond > 0
        ? perSecond : CallLimits.perSecond(of: settings.word(.protectionProvider))
    )
    batch = Int(settings[.protectionBatch])
    load = ConsumerLoad(
      hasServices: settings.isOn(.protectionConsumers),
      trades: settings[.protectionTrades],
      queries: settings[.protectionQueries]
    )
    isShared = settings.word(.protectionMonitor) == "shared"
    isFiltered = settings.isOn(.protectionFilter)
    priceAgeMilliseconds = settings.milliseconds(.protectionPriceAge)
    accountAgeMilliseconds = settings.milliseconds(.protectionAccountAge)
    staleAfterMilliseconds = settings.milliseconds(.protectionStaleAfter)
    incrementScale = settings[.protectionIncrementScale]
    volatilityMultiple = settings[.protectionVolatility]
    volatilityWindowSeconds = settings[.protectionVolatilityWindow]
    pool = try micro(settings[.protectionPool])
    closesExhausted = settings.isOn(.protectionCloses)
    notifies = settings.isOn(.protectionNotifications)
  }

  /// Whether calls are counted at all.
  package var countsCalls: Bool { limits.perMinute > 0 || limits.perSecond > 0 }

  /// Whether polls are those of the plain rule, which the shared stages of a sweep know.
  package var isPlain: Bool { pollReasons.isEmpty }

  /// What makes polls others than the plain ones, each by its name.
  private var pollReasons: [String] {
    let all: [(Bool, String)] = [
      (countsCalls, "a budget of calls"), (isShared, "a shared monitor"),
      (priceAgeMilliseconds > 0, "prices of some age"),
      (accountAgeMilliseconds > 0, "accounts of some age"),
      (isFiltered, "a filter of accounts"),
      (incrementScale > 0, "scaled increments"),
      (volatilityMultiple > 0, "triggers that follow volatility"),
      (pool > 0, "a pooled wallet"),
      (closesExhausted, "closing on exhaustion"),
    ]
    return all.filter(\.0).map { "protection: " + $0.1 }
  }

  /// Why a cell is walked in the reference world; nothing where the shared stages are exact.
  package func walkReasons(isEnabled: Bool) -> [String] { isEnabled ? pollReasons : [] }
}
