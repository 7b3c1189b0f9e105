// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

extension Setting {
  /// Settings of the feedback of forced flow.
  static let cascade: [Setting] = [
    Setting(
      key: .cascadeHalfLife,
      unit: "s",
      defaultValue: 300,
      kind: .number(.above(0, to: 1e9)),
      stages: [.cascade],
      help: "Time in which half of an impact on the mark is gone (cascade mode)"
    ),
    Setting(
      key: .cascadePassthrough,
      unit: "ratio",
      defaultValue: 0.5,
      kind: .number(.from(0, to: 1)),
      stages: [.cascade],
      help: "Share of the impact that reaches the oracle (cascade mode)"
    ),
    Setting(
      key: .cascadeFlowShare,
      unit: "ratio",
      defaultValue: 1,
      kind: .number(.from(0, to: 1)),
      stages: [.cascade],
      help: "Share of the forced flow that trades in the market (cascade mode)"
    ),
    Setting(
      key: .cascadeMaxImpact,
      unit: "ratio",
      defaultValue: 0.5,
      kind: .number(.above(0, to: 10)),
      stages: [.cascade],
      help: "Largest impact either way, in logarithms of the price (cascade mode)"
    ),
  ]
}
