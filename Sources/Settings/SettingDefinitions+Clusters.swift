// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

extension Setting {
  /// Settings of the oracle and of clusters.
  static let oracleAndClusters: [Setting] = [
    Setting(
      key: .oracleMaxAge,
      unit: "s",
      defaultValue: 60,
      kind: .number(.above(0)),
      stages: [.oracle],
      help: "Age from which a price is stale and blocks checks"
    ),
    Setting(
      key: .oracleOutlierMAD,
      unit: "×",
      defaultValue: 5,
      kind: .number(.above(0)),
      stages: [.oracle],
      help: "Median absolute deviations that make a source an outlier (several sources only)"
    ),
    Setting(
      key: .clustersBinBPS,
      unit: "bps",
      defaultValue: 50,
      kind: .number(.from(1, to: 1000)),
      stages: [.clusters, .vault],
      help: "Width of a price bin"
    ),
    Setting(
      key: .clustersRefresh,
      unit: "s",
      defaultValue: 600,
      kind: .number(.above(0)),
      stages: [.clusters],
      help: "Time between two computations of the clusters"
    ),
    Setting(
      key: .clustersReadLag,
      unit: "slots",
      defaultValue: 0,
      kind: .whole(.from(0)),
      stages: [.clusters],
      help: "Age of the accounts when the monitor has read them"
    ),
    Setting(
      key: .clustersApproach,
      unit: "ratio",
      defaultValue: 0.02,
      kind: .number(.from(0, to: 1)),
      stages: [.clusters],
      help: "Distance at which a cluster counts as approached"
    ),
    Setting(
      key: .clustersMinSize,
      unit: "USD",
      defaultValue: 1_000_000,
      kind: .number(.from(0)),
      stages: [.clusters],
      help: "Forced size from which a cluster is deployable"
    ),
    Setting(
      key: .clustersMinConfidence,
      unit: "0–100",
      defaultValue: 80,
      kind: .number(.from(0, to: 100)),
      stages: [.clusters],
      help: "Confidence from which a cluster is deployable"
    ),
    Setting(
      key: .clustersHalfLife,
      unit: "slots",
      defaultValue: 9000,
      kind: .number(.above(0)),
      stages: [.clusters],
      help: "Half-life of what was read about an account"
    ),
    Setting(
      key: .clustersStay,
      unit: "ratio",
      defaultValue: 0.95,
      kind: .number(.from(0, to: 1)),
      stages: [.clusters],
      help: "Share of positions that stay as they were read"
    ),
    Setting(
      key: .clustersSigmas,
      unit: "σ",
      defaultValue: 3,
      kind: .number(.from(0, to: 100)),
      stages: [.clusters],
      help: "Standard deviations taken off the expected share"
    ),
    Setting(
      key: .clustersUseFreshness,
      unit: "0/1",
      defaultValue: 1,
      kind: .flag,
      stages: [.clusters],
      help: "Let age lower the confidence"
    ),
    Setting(
      key: .clustersUseCross,
      unit: "0/1",
      defaultValue: 1,
      kind: .flag,
      stages: [.clusters],
      help: "Let other assets of an account lower the confidence"
    ),
    Setting(
      key: .clustersUseOracle,
      unit: "0/1",
      defaultValue: 1,
      kind: .flag,
      stages: [.clusters],
      help: "Let the oracle's error lower the confidence"
    ),
  ]
}
