// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

extension Setting {
  /// Settings of the vault.
  static let vault: [Setting] = [
    Setting(
      key: .vaultCapital,
      unit: "USD",
      defaultValue: 10_000_000,
      kind: .number(.above(0, to: 1e12)),
      stages: [.vault],
      help: "Capital of the vault at the start"
    ),
    Setting(
      key: .vaultDeploy,
      unit: "USD",
      defaultValue: 1_000_000,
      kind: .number(.above(0, to: 1e12)),
      stages: [.vault],
      help: "Amount deployed at one cluster"
    ),
    Setting(
      key: .vaultMinDeploy,
      unit: "USD",
      defaultValue: 0,
      kind: .number(.from(0, to: 1e12)),
      stages: [.vault],
      help: "Smallest amount worth a deployment"
    ),
    Setting(
      key: .vaultApproach,
      unit: "ratio",
      defaultValue: 0.02,
      kind: .number(.from(0, to: 1)),
      stages: [.vault],
      help: "Distance above a cluster at which the vault deploys"
    ),
    Setting(
      key: .vaultStopLoss,
      unit: "ratio",
      defaultValue: 0.05,
      kind: .number(.between(0, 1)),
      stages: [.vault],
      help: "Fall below the deploy price at which anyone may close the position"
    ),
    Setting(
      key: .vaultRecover,
      unit: "bps",
      defaultValue: 100,
      kind: .number(.above(0, to: 1e6)),
      stages: [.vault],
      help: "Rise above the deploy price at which the vault takes its gain"
    ),
    Setting(
      key: .vaultTimeout,
      unit: "s",
      defaultValue: 1800,
      kind: .number(.above(0, to: 1e9)),
      stages: [.vault],
      help: "Time after which anyone may close the position"
    ),
    Setting(
      key: .vaultCrankDelay,
      unit: "s",
      defaultValue: 0,
      kind: .number(.from(0, to: 1e9)),
      stages: [.vault],
      help: "Delay of the permissionless cranks"
    ),
    Setting(
      key: .vaultExitSlippage,
      unit: "bps",
      defaultValue: 0,
      kind: .number(.from(0, to: 10000)),
      stages: [.vault],
      help: "Slippage of a stop-loss exit"
    ),
    Setting(
      key: .vaultCycleCost,
      unit: "USD",
      defaultValue: 0,
      kind: .number(.from(0, to: 1e12)),
      stages: [.vault],
      help: "Cost of one cycle, paid to the network"
    ),
    Setting(
      key: .vaultSameBinCooldown,
      unit: "s",
      defaultValue: 1800,
      kind: .number(.from(0, to: 1e9)),
      stages: [.vault],
      help: "Time a bin is left alone after stop-loss or timeout"
    ),
    Setting(
      key: .vaultFee,
      unit: "bps",
      defaultValue: 25,
      kind: .number(.from(0, to: 10000)),
      stages: [.vault],
      help: "Fee tier of the liquidity pool"
    ),
    Setting(
      key: .vaultPerformanceFee,
      unit: "ratio",
      defaultValue: 0.2,
      kind: .number(.from(0, to: 1)),
      stages: [.vault],
      help: "Share of a cycle's net gain that goes to the fee treasury"
    ),
    Setting(
      key: .vaultInventory,
      unit: "word",
      defaultValue: 0,
      kind: .word(["held", "amm"]),
      stages: [.vault],
      help: "Whether base bought is held until the exit or sold back on the way up"
    ),
  ]
}
