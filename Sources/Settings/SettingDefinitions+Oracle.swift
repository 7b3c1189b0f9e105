// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

extension Setting {
  /// Settings of the oracle's sources; at their defaults it says the path's prices.
  static let oracleSources: [Setting] = [
    Setting(
      key: .oracleKind,
      unit: "word",
      defaultValue: 0,
      kind: .word(["median", "first", "twap", "mark"]),
      stages: [.oracle],
      help: "What the price is made of: sources, the first one, an average over time, a mark"
    ),
    Setting(
      key: .oracleSources,
      unit: "count",
      defaultValue: 1,
      kind: .whole(.from(0, to: 16)),
      stages: [.oracle],
      help: "Sources made of the path's prices, 0 for columns such as BTC@pyth of path files"
    ),
    Setting(
      key: .oracleNoise,
      unit: "bps",
      defaultValue: 0,
      kind: .number(.from(0, to: 1000)),
      stages: [.oracle],
      help: "Standard deviation of a source's error at each step"
    ),
    Setting(
      key: .oracleDelayedSources,
      unit: "count",
      defaultValue: 0,
      kind: .whole(.from(0, to: 16)),
      stages: [.oracle],
      help: "How many of the last sources are late"
    ),
    Setting(
      key: .oracleDelay,
      unit: "s",
      defaultValue: 0,
      kind: .number(.from(0, to: 1e6)),
      stages: [.oracle],
      help: "How late they are"
    ),
    Setting(
      key: .oracleFault,
      unit: "word",
      defaultValue: 0,
      kind: .word(["flash", "frozen"]),
      stages: [.oracle],
      help: "What is wrong with the first sources: a wrong price, or none"
    ),
    Setting(
      key: .oracleFaultSources,
      unit: "count",
      defaultValue: 1,
      kind: .whole(.from(0, to: 16)),
      stages: [.oracle],
      help: "How many sources it happens to"
    ),
    Setting(
      key: .oracleFaultAt,
      unit: "s",
      defaultValue: 0,
      kind: .number(.from(0, to: 1e9)),
      stages: [.oracle],
      help: "When it begins, from the first step; 0 for never"
    ),
    Setting(
      key: .oracleFaultDuration,
      unit: "s",
      defaultValue: 30,
      kind: .number(.above(0, to: 1e9)),
      stages: [.oracle],
      help: "How long it lasts"
    ),
    Setting(
      key: .oracleFaultMove,
      unit: "ratio",
      defaultValue: -0.3,
      kind: .number(.between(-1, 10)),
      stages: [.oracle],
      help: "How far off a wrong price is"
    ),
    Setting(
      key: .oracleAttackAt,
      unit: "s",
      defaultValue: 0,
      kind: .number(.from(0, to: 1e9)),
      stages: [.oracle],
      help: "When somebody pushes the price that all sources see; 0 for never"
    ),
    Setting(
      key: .oracleAttackDuration,
      unit: "s",
      defaultValue: 30,
      kind: .number(.above(0, to: 1e9)),
      stages: [.oracle],
      help: "How long the price is pushed"
    ),
    Setting(
      key: .oracleAttackMove,
      unit: "ratio",
      defaultValue: -0.1,
      kind: .number(.between(-1, 10)),
      stages: [.oracle],
      help: "How far the price is pushed"
    ),
    Setting(
      key: .oracleTWAP,
      unit: "s",
      defaultValue: 300,
      kind: .number(.above(0, to: 1e6)),
      stages: [.oracle],
      help: "twap: window of the average"
    ),
    Setting(
      key: .oracleMarkRefresh,
      unit: "s",
      defaultValue: 10,
      kind: .number(.above(0, to: 1e6)),
      stages: [.oracle],
      help: "mark: age from which it is made anew of the market alone"
    ),
  ]
}
