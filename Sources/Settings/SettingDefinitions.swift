// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

extension Setting {
  /// Every setting with unit, default, bounds and the stages that read it (SEMANTICS, "Settings").
  package static let all: [Setting] =
    oracleAndClusters + vaultAndMarket + protection + liquidationAndAuction + simulationAndReport

  private static let oracleAndClusters: [Setting] = [
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

  private static let vaultAndMarket: [Setting] = [
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
    Setting(
      key: .marketDepth,
      unit: "USD",
      defaultValue: 8_000_000,
      kind: .number(.from(0, to: 1e12)),
      stages: [.liquidations, .vault],
      help: "USD that move the mark by 1 %"
    ),
  ]

  private static let protection: [Setting] = [
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

  private static let liquidationAndAuction: [Setting] = [
    Setting(
      key: .liquidationPenalty,
      unit: "ratio",
      defaultValue: 0,
      kind: .number(.from(0, to: 1)),
      stages: [.liquidations],
      help: "Penalty of a market close, of the notional"
    ),
    Setting(
      key: .liquidationInsurance,
      unit: "USD",
      defaultValue: 0,
      kind: .number(.from(0, to: 1e12)),
      stages: [.liquidations, .auctions],
      help: "Insurance fund at the start"
    ),
    Setting(
      key: .auctionKappaBPS,
      unit: "bps/s",
      defaultValue: 5,
      kind: .number(.above(0, to: 10000)),
      stages: [.auctions],
      help: "Speed of the price clock, of the opening price"
    ),
    Setting(
      key: .auctionKappaUSD,
      unit: "USD/s",
      defaultValue: 0,
      kind: .number(.from(0, to: 1e12)),
      stages: [.auctions],
      help: "Speed of the price clock in USD, 0 to use kappa_bps_per_s"
    ),
    Setting(
      key: .auctionDuration,
      unit: "s",
      defaultValue: 600,
      kind: .number(.above(0, to: 1e9)),
      stages: [.auctions],
      help: "Time after which the backstop ladder takes a lot"
    ),
    Setting(
      key: .auctionFee,
      unit: "bps",
      defaultValue: 100,
      kind: .number(.from(0, to: 10000)),
      stages: [.auctions],
      help: "Liquidation fee, of the debt"
    ),
    Setting(
      key: .auctionBuffer,
      unit: "bps",
      defaultValue: 100,
      kind: .number(.from(0, to: 10000)),
      stages: [.auctions],
      help: "Buffer in the reserve price, of the debt; it returns to the borrower"
    ),
    Setting(
      key: .auctionSpecialists,
      unit: "count",
      defaultValue: 5,
      kind: .whole(.from(0, to: 10000)),
      stages: [.auctions],
      help: "Bonded specialists that bid"
    ),
    Setting(
      key: .auctionMarginMin,
      unit: "ratio",
      defaultValue: 0.01,
      kind: .number(.from(0, to: 1)),
      stages: [.auctions],
      help: "Smallest margin of a specialist"
    ),
    Setting(
      key: .auctionMarginMax,
      unit: "ratio",
      defaultValue: 0.08,
      kind: .number(.from(0, to: 1)),
      stages: [.auctions],
      help: "Largest margin of a specialist"
    ),
    Setting(
      key: .auctionBondMin,
      unit: "USD",
      defaultValue: 50_000,
      kind: .number(.from(0, to: 1e12)),
      stages: [.auctions],
      help: "Smallest bond of a specialist"
    ),
    Setting(
      key: .auctionBondMax,
      unit: "USD",
      defaultValue: 500_000,
      kind: .number(.from(0, to: 1e12)),
      stages: [.auctions],
      help: "Largest bond of a specialist"
    ),
    Setting(
      key: .auctionBondMultiple,
      unit: "×",
      defaultValue: 10,
      kind: .number(.from(0, to: 1e6)),
      stages: [.auctions],
      help: "Largest lot price a bond allows, as its multiple"
    ),
    Setting(
      key: .auctionReactionMin,
      unit: "s",
      defaultValue: 2,
      kind: .number(.from(0, to: 1e9)),
      stages: [.auctions],
      help: "Shortest reaction time of a specialist"
    ),
    Setting(
      key: .auctionReactionMax,
      unit: "s",
      defaultValue: 60,
      kind: .number(.from(0, to: 1e9)),
      stages: [.auctions],
      help: "Longest reaction time of a specialist"
    ),
    Setting(
      key: .auctionGas,
      unit: "USD",
      defaultValue: 1,
      kind: .number(.from(0, to: 1e12)),
      stages: [.auctions],
      help: "Gas of one acceptance, paid to the network"
    ),
    Setting(
      key: .auctionBackstopDiscount,
      unit: "ratio",
      defaultValue: 0.1,
      kind: .number(.from(0, to: 1)),
      stages: [.auctions],
      help: "Discount at which backstop buyers take a lot"
    ),
    Setting(
      key: .auctionBackstopCapacity,
      unit: "USD",
      defaultValue: 1_000_000,
      kind: .number(.from(0, to: 1e12)),
      stages: [.auctions],
      help: "What backstop buyers can spend in a scenario"
    ),
    Setting(
      key: .auctionDumpDiscount,
      unit: "ratio",
      defaultValue: 0.2,
      kind: .number(.from(0, to: 1)),
      stages: [.auctions],
      help: "Discount at which the market takes the rest"
    ),
    Setting(
      key: .auctionMechanism,
      unit: "word",
      defaultValue: 0,
      kind: .word(["dutch"]),
      stages: [.auctions],
      help: "How lots are sold"
    ),
  ]

  private static let simulationAndReport: [Setting] = [
    Setting(
      key: .simulationMode,
      unit: "word",
      defaultValue: 0,
      kind: .word(["replay"]),
      stages: [.oracle, .protection, .liquidations, .auctions, .clusters, .vault],
      help: "Whether forced flow moves the mark"
    ),
    Setting(
      key: .reportVarLevel,
      unit: "ratio",
      defaultValue: 0.95,
      kind: .number(.between(0, 1)),
      stages: [.summary],
      help: "Level of value at risk and expected shortfall"
    ),
  ]
}
