// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

extension Setting {
  /// Settings of what the monitor of protection can see and pay; all of them are off by default.
  static let monitor: [Setting] = [
    Setting(
      key: .protectionProvider,
      unit: "word",
      defaultValue: 0,
      kind: .word(["none", "helius_free", "helius_paid", "public"]),
      stages: [.protection],
      help: "Limit of calls per second by provider: 10, 50 or 4, where calls_per_second is 0"
    ),
    Setting(
      key: .protectionCallsPerSecond,
      unit: "count",
      defaultValue: 0,
      kind: .whole(.from(0, to: 1e6)),
      stages: [.protection],
      help: "Calls that the provider answers in a second, 0 for any number"
    ),
    Setting(
      key: .protectionCallsPerMinute,
      unit: "count",
      defaultValue: 0,
      kind: .whole(.from(0, to: 1e6)),
      stages: [.protection],
      help: "Budget of calls in a minute, 0 for none"
    ),
    Setting(
      key: .protectionBatch,
      unit: "count",
      defaultValue: 100,
      kind: .whole(.from(1, to: 100)),
      stages: [.protection],
      help: "Accounts that one call reads"
    ),
    Setting(
      key: .protectionConsumers,
      unit: "0/1",
      defaultValue: 0,
      kind: .flag,
      stages: [.protection],
      help: "Whether price service, reconciliation and snapshots draw on the same budget"
    ),
    Setting(
      key: .protectionTrades,
      unit: "1/min",
      defaultValue: 0,
      kind: .number(.from(0, to: 1e6)),
      stages: [.protection],
      help: "Calls of trade execution that draw on the budget"
    ),
    Setting(
      key: .protectionQueries,
      unit: "1/min",
      defaultValue: 0,
      kind: .number(.from(0, to: 1e6)),
      stages: [.protection],
      help: "Queries of accounts that draw on the budget"
    ),
    Setting(
      key: .protectionMonitor,
      unit: "word",
      defaultValue: 0,
      kind: .word(["own", "shared"]),
      stages: [.protection],
      help: "Whether the monitor reads by itself or with the reconciliation, every 60 s"
    ),
    Setting(
      key: .protectionFilter,
      unit: "0/1",
      defaultValue: 0,
      kind: .flag,
      stages: [.protection],
      help: "Leave out accounts for which a poll could do nothing"
    ),
    Setting(
      key: .protectionPriceAge,
      unit: "s",
      defaultValue: 0,
      kind: .number(.from(0, to: 1e9)),
      stages: [.protection],
      help: "Time between two readings of the prices that the monitor sees, 0 for present ones"
    ),
    Setting(
      key: .protectionAccountAge,
      unit: "s",
      defaultValue: 0,
      kind: .number(.from(0, to: 1e9)),
      stages: [.protection],
      help: "Time between two readings of an account, 0 for one at each poll"
    ),
    Setting(
      key: .protectionStaleAfter,
      unit: "s",
      defaultValue: 60,
      kind: .number(.from(0, to: 1e9)),
      stages: [.protection],
      help: "Time beyond their age after which prices and accounts are not acted on"
    ),
    Setting(
      key: .protectionIncrementScale,
      unit: "×",
      defaultValue: 0,
      kind: .number(.from(0, to: 1e6)),
      stages: [.protection],
      help: "What a deposit grows by from trigger to root, as a multiple of it"
    ),
    Setting(
      key: .protectionVolatility,
      unit: "×",
      defaultValue: 0,
      kind: .number(.from(0, to: 1e3)),
      stages: [.protection],
      help: "Least trigger distance, as a multiple of the volatility over its window"
    ),
    Setting(
      key: .protectionVolatilityWindow,
      unit: "s",
      defaultValue: 600,
      kind: .number(.above(0, to: 1e9)),
      stages: [.protection],
      help: "Window and half-life of the volatility that moves triggers"
    ),
    Setting(
      key: .protectionPool,
      unit: "USD",
      defaultValue: 0,
      kind: .number(.from(0, to: 1e12)),
      stages: [.protection],
      help: "One wallet for all accounts, 0 for a wallet each"
    ),
    Setting(
      key: .protectionCloses,
      unit: "0/1",
      defaultValue: 0,
      kind: .flag,
      stages: [.protection],
      help: "Close an account at the mark when its protection is exhausted"
    ),
    Setting(
      key: .protectionNotifications,
      unit: "0/1",
      defaultValue: 0,
      kind: .flag,
      stages: [.protection],
      help: "Whether what users are told is logged too"
    ),
  ]
}
