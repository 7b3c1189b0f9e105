// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

extension Setting {
  /// Settings of protection.
  static let protection: [Setting] = [
    Setting(
      key: .protectionEnabled,
      unit: "0/1",
      defaultValue: 1,
      kind: .flag,
      stages: [.protection],
      help: "Whether protected accounts are protected"
    ),
    Setting(
      key: .protectionTrigger,
      unit: "ratio",
      defaultValue: 0.05,
      kind: .number(.from(0, to: 10)),
      stages: [.protection],
      help: "Distance to the liquidation price below which collateral is added"
    ),
    Setting(
      key: .protectionSafe,
      unit: "ratio",
      defaultValue: 0.15,
      kind: .number(.from(0, to: 10)),
      stages: [.protection],
      help: "Distance above which collateral is taken back"
    ),
    Setting(
      key: .protectionMaxDeposit,
      unit: "ratio",
      defaultValue: 0.5,
      kind: .number(.from(0, to: 100)),
      stages: [.protection],
      help: "Largest protection as a share of its base"
    ),
    Setting(
      key: .protectionCapBase,
      unit: "word",
      defaultValue: 0,
      kind: .word(["position", "collateral"]),
      stages: [.protection],
      help: "What the largest protection is a share of"
    ),
    Setting(
      key: .protectionIncrement,
      unit: "USD",
      defaultValue: 5,
      kind: .number(.from(0, to: 1e12)),
      stages: [.protection],
      help: "Amount of one deposit or withdrawal"
    ),
    Setting(
      key: .protectionIncrementRatio,
      unit: "ratio",
      defaultValue: 0,
      kind: .number(.from(0, to: 100)),
      stages: [.protection],
      help: "Amount of one deposit as a share of the initial collateral, if larger"
    ),
    Setting(
      key: .protectionCooldown,
      unit: "s",
      defaultValue: 60,
      kind: .number(.from(0, to: 1e9)),
      stages: [.protection],
      help: "Time that must have passed since the last action"
    ),
    Setting(
      key: .protectionPoll,
      unit: "s",
      defaultValue: 30,
      kind: .number(.above(0, to: 1e9)),
      stages: [.protection],
      help: "Time between two polls of an account"
    ),
    Setting(
      key: .protectionPollMode,
      unit: "word",
      defaultValue: 0,
      kind: .word(["fixed", "adaptive"]),
      stages: [.protection],
      help: "Polling at a fixed period, or by distance: 300, 60, 30, 10 s"
    ),
    Setting(
      key: .protectionStagger,
      unit: "0/1",
      defaultValue: 0,
      kind: .flag,
      stages: [.protection],
      help: "Spread the polls of accounts over the period"
    ),
    Setting(
      key: .protectionWallet,
      unit: "USD",
      defaultValue: 0,
      kind: .number(.from(0, to: 1e12)),
      stages: [.protection],
      help: "Wallet of each account, 0 for unlimited"
    ),
  ]
}
