// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

extension Setting {
  /// Settings of the keepers that run liquidations.
  static let keepers: [Setting] = [
    Setting(
      key: .keepersNetwork,
      unit: "word",
      defaultValue: 0,
      kind: .word(["venue", "monolithic", "open"]),
      stages: [.waterfall],
      help: "Who runs liquidations"
    ),
    Setting(
      key: .keepersCount,
      unit: "count",
      defaultValue: 3,
      kind: .whole(.from(1, to: 1e6)),
      stages: [.waterfall],
      help: "Keepers of a monolithic network"
    ),
    Setting(
      key: .keepersBatch,
      unit: "count",
      defaultValue: 1,
      kind: .whole(.from(1, to: 1e6)),
      stages: [.waterfall],
      help: "Accounts that one transaction closes"
    ),
    Setting(
      key: .keepersLatency,
      unit: "s",
      defaultValue: 1,
      kind: .number(.from(0, to: 1e9)),
      stages: [.waterfall],
      help: "Time before a keeper can act, and of a transaction"
    ),
    Setting(
      key: .keepersGas,
      unit: "USD",
      defaultValue: 1,
      kind: .number(.from(0, to: 1e9)),
      stages: [.waterfall],
      help: "Gas of a transaction in calm markets"
    ),
    Setting(
      key: .keepersGasCongestion,
      unit: "ratio",
      defaultValue: 0.01,
      kind: .number(.from(0, to: 1000)),
      stages: [.waterfall],
      help: "Rise of gas and delay for each waiting account"
    ),
    Setting(
      key: .keepersGasVolatility,
      unit: "ratio",
      defaultValue: 20,
      kind: .number(.from(0, to: 1e6)),
      stages: [.waterfall],
      help: "Rise of gas for each unit of recent move"
    ),
    Setting(
      key: .keepersReward,
      unit: "ratio",
      defaultValue: 0.01,
      kind: .number(.from(0, to: 1)),
      stages: [.waterfall],
      help: "Reward of a liquidation, of what is closed"
    ),
    Setting(
      key: .keepersTip,
      unit: "USD",
      defaultValue: 0,
      kind: .number(.from(0, to: 1e9)),
      stages: [.waterfall],
      help: "Reward of a liquidation, whatever its size"
    ),
    Setting(
      key: .keepersRisk,
      unit: "ratio",
      defaultValue: 0,
      kind: .number(.from(0, to: 1000)),
      stages: [.waterfall],
      help: "Weight of recent moves in the market risk that keepers see"
    ),
    Setting(
      key: .keepersPriority,
      unit: "ratio",
      defaultValue: 0,
      kind: .number(.from(0, to: 1)),
      stages: [.waterfall],
      help: "Share of its gain that a keeper pays to be first"
    ),
    Setting(
      key: .keepersOutageFrom,
      unit: "s",
      defaultValue: 0,
      kind: .number(.from(0, to: 1e12)),
      stages: [.waterfall],
      help: "Time on the path at which keepers fail"
    ),
    Setting(
      key: .keepersOutage,
      unit: "s",
      defaultValue: 0,
      kind: .number(.from(0, to: 1e12)),
      stages: [.waterfall],
      help: "How long keepers fail"
    ),
  ]
}
