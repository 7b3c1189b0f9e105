// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

extension Setting {
  /// Settings of how the vault comes to a position, and of what it can have known.
  static let vaultEntry: [Setting] = [
    Setting(
      key: .vaultTip,
      unit: "USD",
      defaultValue: 0,
      kind: .number(.from(0, to: 1e12)),
      stages: [.vault],
      help: "Tip of a bundle that lands, once a cycle, paid to the network"
    ),
    Setting(
      key: .vaultEntry,
      unit: "word",
      defaultValue: 0,
      kind: .word(["pre", "reactive"]),
      stages: [.vault],
      help: "Whether the vault stands at a cluster before the flow or comes after it"
    ),
    Setting(
      key: .vaultReactiveFlow,
      unit: "USD",
      defaultValue: 1_000_000,
      kind: .number(.from(0, to: 1e12)),
      stages: [.vault],
      help: "Forced selling in a step after which a reactive vault deploys"
    ),
    Setting(
      key: .vaultDeployDelay,
      unit: "s",
      defaultValue: 0,
      kind: .number(.from(0, to: 1e9)),
      stages: [.vault],
      help: "Time from the decision to deploy to the deployment"
    ),
    Setting(
      key: .vaultLanding,
      unit: "ratio",
      defaultValue: 1,
      kind: .number(.from(0, to: 1)),
      stages: [.vault],
      help: "Probability that the bundle of a deployment lands"
    ),
    Setting(
      key: .monitorPriceAge,
      unit: "s",
      defaultValue: 0,
      kind: .number(.from(0, to: 1e9)),
      stages: [.vault],
      help: "Age of the prices by which the monitor deploys and recovers"
    ),
  ]

  /// The market that everything trades in.
  static let market: [Setting] = [
    Setting(
      key: .marketDepth,
      unit: "USD",
      defaultValue: 8_000_000,
      kind: .number(.from(0, to: 1e12)),
      stages: [.liquidations, .waterfall, .vault, .cascade],
      help: "USD that move the mark by 1 %"
    )
  ]
}
