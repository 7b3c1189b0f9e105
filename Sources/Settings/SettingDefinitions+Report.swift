// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

extension Setting {
  /// Settings of the simulation as a whole.
  static let simulation: [Setting] = [
    Setting(
      key: .simulationMode,
      unit: "word",
      defaultValue: 0,
      kind: .word(["replay", "cascade"]),
      stages: [.oracle, .protection, .liquidations, .auctions, .clusters, .vault, .cascade],
      help: "Whether forced flow moves the mark"
    )
  ]

  /// Settings of the report.
  static let report: [Setting] = [
    Setting(
      key: .reportVarLevel,
      unit: "ratio",
      defaultValue: 0.95,
      kind: .number(.between(0, 1)),
      stages: [.summary],
      help: "Level of value at risk and expected shortfall"
    )
  ]
}
