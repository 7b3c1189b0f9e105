// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Settings

/// Values of every setting, common and extreme ones, small enough for small books.
package enum RandomWorldSettings {
  /// Values of a setting; those that appear twice are drawn twice as often.
  package static func choices(_ key: SettingKey) -> [Double] {
    switch key {
    case .oracleMaxAge, .oracleOutlierMAD, .oracleKind, .oracleSources, .oracleNoise,
      .oracleDelayedSources, .oracleDelay, .oracleFault, .oracleFaultSources, .oracleFaultAt,
      .oracleFaultDuration, .oracleFaultMove, .oracleAttackAt, .oracleAttackDuration,
      .oracleAttackMove, .oracleTWAP, .oracleMarkRefresh:
      oracle(key)
    case .protectionEnabled, .protectionTrigger, .protectionSafe, .protectionMaxDeposit,
      .protectionCapBase, .protectionIncrement, .protectionIncrementRatio, .protectionCooldown,
      .protectionPoll, .protectionPollMode, .protectionStagger, .protectionWallet:
      protection(key)
    default: clusters(key) ?? vault(key) ?? auctions(key) ?? monitor(key) ?? [0]
    }
  }

  private static func oracle(_ key: SettingKey) -> [Double] {
    switch key {
    case .oracleMaxAge: [60, 60, 30, 100, 300, 1, 0.5, 3600, 1e9]
    case .oracleOutlierMAD: [5, 3, 1]
    // Most worlds have the plain oracle, which the shared stages compute.
    case .oracleKind: [0, 0, 0, 0, 0, 0, 0, 0, 2, 3]
    case .oracleSources: [1, 1, 3, 5, 4]
    case .oracleNoise: [0, 0, 0, 0, 0, 0, 0, 20]
    case .oracleDelayedSources: [0, 1, 2]
    case .oracleDelay: [0, 0, 0, 0, 0, 0, 15, 90]
    case .oracleFault: [0, 1]
    case .oracleFaultSources: [1, 2, 4]
    case .oracleFaultAt: [0, 0, 0, 0, 0, 0, 30, 200]
    case .oracleFaultDuration: [30, 120]
    case .oracleFaultMove: [-0.3, 0.2]
    case .oracleAttackAt: [0, 0, 0, 0, 0, 0, 60, 250]
    case .oracleAttackDuration: [30, 90]
    case .oracleAttackMove: [-0.1, -0.02]
    case .oracleTWAP: [300, 60]
    default: [10, 1]
    }
  }

  private static func clusters(_ key: SettingKey) -> [Double]? {
    switch key {
    case .clustersBinBPS: [50, 50, 50, 50, 25, 100, 200, 1000]
    case .clustersRefresh: [600, 300, 30, 60, 120.5, 5, 0.001, 1e6]
    case .clustersReadLag: [0, 100, 4000, 1e6]
    case .clustersApproach: [0.02, 0.005, 0.1]
    case .clustersMinSize: [0, 10, 500, 5_000, 25_000, 1e6]
    case .clustersMinConfidence: [0, 1, 20, 50, 80]
    case .clustersHalfLife: [9000, 500, 20_000, 1]
    case .clustersStay: [0.95, 0.95, 0.9, 0.5, 1, 0]
    case .clustersSigmas: [0, 0.5, 1, 3]
    case .clustersUseFreshness, .clustersUseCross, .clustersUseOracle: [0, 1]
    default: nil
    }
  }

  private static func vault(_ key: SettingKey) -> [Double]? {
    switch key {
    case .vaultCapital: [1e7, 1e6, 250_000.5, 30_000, 5_000]
    case .vaultDeploy: [1e6, 99_999.99, 10_000, 1]
    case .vaultMinDeploy: [0, 0, 5_000, 20_000, 2e6]
    case .vaultApproach: [0.02, 0.02, 0.01, 0.05, 0.1, 0, 1]
    case .vaultStopLoss: [0.05, 0.02, 0.01, 0.003, 0.3]
    case .vaultRecover: [100, 40, 10, 2, 0.5, 500]
    case .vaultTimeout: [1800, 900.25, 300, 120, 45, 1, 1e6]
    case .vaultCrankDelay: [0, 0, 15, 60.5, 1000]
    case .vaultExitSlippage: [0, 7.5, 30, 1000]
    case .vaultCycleCost: [0, 3.333333, 500]
    case .vaultSameBinCooldown: [1800, 600, 60, 0]
    case .vaultFee: [25, 0, 4, 30, 500]
    case .vaultPerformanceFee: [0.2, 0, 0.1, 1]
    case .vaultInventory: [0, 1]
    case .marketDepth: [8e6, 20_000, 500, 0, 1e9]
    case .vaultTip: [0, 0, 2.5, 400]
    case .vaultEntry: [0, 0, 0, 0, 0, 1]
    case .vaultReactiveFlow: [0, 100, 20_000, 1e6]
    case .vaultDeployDelay: [0, 0, 0, 0, 0, 0, 0, 1, 30]
    case .vaultLanding: [1, 1, 1, 1, 1, 1, 1, 1, 0.4]
    case .monitorPriceAge: [0, 0, 0, 0, 0, 0, 0, 0.4, 12]
    case .simulationMode: [0, 0, 0, 1]
    case .cascadeHalfLife: [300, 60, 5, 3_600]
    case .cascadePassthrough: [0.5, 1, 0, 0.25]
    case .cascadeFlowShare: [1, 0.5, 0]
    case .cascadeMaxImpact: [0.5, 0.02, 3]
    case .reportVarLevel: [0.95, 0.5, 0.9, 0.99]
    default: nil
    }
  }

  private static func protection(_ key: SettingKey) -> [Double] {
    switch key {
    case .protectionEnabled: [1, 1, 1, 1, 1, 1, 1, 0]
    case .protectionTrigger: [0.05, 0.03, 0.08, 0.01, 0.2, 0]
    case .protectionSafe: [0.15, 0.1, 0.12, 0.05, 0.08, 0.5]
    case .protectionMaxDeposit: [0.5, 0.2, 0.05, 0.01, 0, 2]
    case .protectionCapBase, .protectionPollMode, .protectionStagger: [0, 1]
    case .protectionIncrement: [5, 50, 333.333333, 2_000, 1e6, 0.000001, 0]
    case .protectionIncrementRatio: [0, 0.05, 0.25, 1]
    case .protectionCooldown: [60, 20, 0, 90.5, 600]
    case .protectionPoll: [30, 10, 1, 0.5, 45, 90.5, 600]
    default: [0, 0, 100, 750.25, 5_000, 1]
    }
  }

  /// What switches the parts of the monitor on is off in most draws: such cells are walked.
  private static func monitor(_ key: SettingKey) -> [Double]? {
    switch key {
    case .protectionProvider: [0, 0, 0, 0, 0, 0, 1, 2, 3]
    case .protectionCallsPerSecond: [0, 0, 0, 0, 0, 0, 0, 1, 2, 10]
    case .protectionCallsPerMinute: [0, 0, 0, 0, 0, 0, 0, 11, 15, 30, 1000]
    case .protectionBatch: [100, 1, 2, 7]
    case .protectionConsumers: [0, 1]
    case .protectionTrades: [0, 3.5, 20, 60]
    case .protectionQueries: [0, 5, 40.5]
    case .protectionMonitor, .protectionFilter, .protectionCloses: [0, 0, 0, 0, 0, 0, 0, 1]
    case .accountStopLoss: [0, 0, 0, 0, 0, 0, 0, 1]
    case .protectionNotifications: [0, 1]
    case .protectionPriceAge: [0, 0, 0, 0, 0, 0, 0, 10, 45.5, 300]
    case .protectionAccountAge: [0, 0, 0, 0, 0, 0, 0, 60, 15, 600]
    case .protectionStaleAfter: [60, 0, 5, 1000]
    case .protectionIncrementScale: [0, 0, 0, 0, 0, 0, 0, 1, 3.5]
    case .protectionVolatility: [0, 0, 0, 0, 0, 0, 0, 1, 3]
    case .protectionVolatilityWindow: [600, 60, 30, 3600]
    case .fundingMode: [0, 0, 0, 0, 0, 0, 0, 1, 2, 3]
    case .fundingRate: [0, 100, -250.5, 2_000]
    case .fundingPremium: [0, -30, 400]
    case .interestEnabled: [0, 0, 0, 0, 0, 0, 0, 1]
    case .interestUtilization: [0.8, 0, 0.5, 0.95, 1]
    case .protectionPool: [0, 0, 0, 0, 0, 0, 0, 5_000, 300.25]
    default: nil
    }
  }

  /// The settings that take a world's cells out of the shared stages; drawn rarely, together.
  package static let switches: Set<SettingKey> = [
    .protectionProvider, .protectionCallsPerSecond, .protectionCallsPerMinute, .protectionMonitor,
    .protectionFilter, .protectionCloses, .accountStopLoss, .protectionPriceAge,
    .protectionAccountAge, .protectionIncrementScale, .protectionVolatility, .protectionPool,
    .fundingMode, .interestEnabled, .oracleKind, .oracleNoise, .oracleDelayedSources,
    .oracleFaultAt, .oracleAttackAt, .vaultEntry, .vaultDeployDelay, .vaultLanding,
    .monitorPriceAge,
    .simulationMode,
  ]

  /// Settings without which another one does nothing.
  package static func needs(of key: SettingKey) -> [SettingKey: Double] {
    switch key {
    case .protectionBatch, .protectionConsumers: [.protectionCallsPerMinute: 12]
    case .protectionTrades: [.protectionCallsPerMinute: 25]
    case .protectionQueries: [.protectionCallsPerMinute: 14]
    case .protectionFilter, .protectionMonitor: [.protectionCallsPerMinute: 1000]
    case .protectionStaleAfter:
      [
        .protectionCallsPerMinute: 12, .protectionConsumers: 1, .protectionPriceAge: 10,
        .protectionTrades: 20, .protectionAccountAge: 600,
      ]
    case .fundingRate: [.fundingMode: 1]
    case .fundingPremium: [.fundingMode: 2]
    case .interestUtilization: [.interestEnabled: 1]
    case .protectionVolatilityWindow: [.protectionVolatility: 3]
    default: [:]
    }
  }

  private static func auctions(_ key: SettingKey) -> [Double]? {
    switch key {
    case .liquidationPenalty: [0, 0.0075, 0.05, 0.5]
    case .liquidationInsurance: [0, 50.5, 5_000, 1e6]
    case .auctionKappaBPS: [5, 0.5, 20, 100, 0.001, 1_000]
    case .auctionKappaUSD: [0, 0, 0.25, 12.5, 1_000]
    case .auctionDuration: [600, 150.75, 60, 20, 1, 7_200]
    case .auctionFee, .auctionBuffer: [100, 50, 0, 1_000]
    case .auctionSpecialists: [5, 0, 1, 2, 3, 6]
    case .auctionMarginMin: [0.01, 0, 0.005, 0.05]
    case .auctionMarginMax: [0.08, 0.02, 0.15, 0.5, 0.01]
    case .auctionBondMin: [50_000, 0, 0, 100, 2_000]
    case .auctionBondMax: [500_000, 50_000, 3_000, 300]
    case .auctionBondMultiple: [10, 2, 0.5, 0]
    case .auctionReactionMin: [2, 0, 10, 30]
    case .auctionReactionMax: [60, 10, 100, 2]
    case .auctionGas: [1, 0, 7.5, 5_000]
    case .auctionBackstopDiscount: [0.1, 0, 0.05, 0.5, 1]
    case .auctionBackstopCapacity: [1e6, 0, 3_000.1, 50_000]
    case .auctionDumpDiscount: [0.2, 0.35, 0, 1]
    case .auctionMechanism: [0, 0, 0, 1, 2]
    case .auctionFixedFee: [0.05, 0.01, 0.2, 0]
    case .auctionPoolWindow: [30, 0, 12.5, 90]
    case .auctionClock: [0, 0, 1]
    case .auctionCut: [0.99, 0.9, 0.999]
    case .auctionStep: [90, 1, 7, 30]
    case .auctionStartRatio: [1, 1, 1.1, 0.95]
    case .auctionFloor: [0, 0, 1]
    case .auctionReset: [0, 0, 20, 45.5]
    case .auctionResetShare: [0, 0, 0.95, 0.5]
    case .eventMispricing: [0, 0, 0.05, 0.2]
    case .eventThinning: [0, 0, 600, 30_000]
    case .eventLeastDepth: [0.1, 0.5, 1]
    case .eventBondRatio: [0, 0, 0.5, 3]
    default: nil
    }
  }

  /// Draws a legal value: one of the choices, or a number between two of them.
  package static func draw(_ key: SettingKey, _ random: inout SplitMix64) -> Double {
    let choices = choices(key)
    let value = random.pick(choices)
    let other = random.pick(choices)
    // Tables of bins are kept for good, so there are few of them.
    guard case .number = Setting.all[key.rawValue].kind, key != .clustersBinBPS,
      random.once(in: 4)
    else { return value }
    return value + (other - value) * random.number(0, 1)
  }

  /// Settings that must not fall in pairs, the low one first.
  package static let orderedPairs: [(low: SettingKey, high: SettingKey)] = [
    (.protectionTrigger, .protectionSafe),
    (.auctionMarginMin, .auctionMarginMax),
    (.auctionBondMin, .auctionBondMax),
    (.auctionReactionMin, .auctionReactionMax),
  ]
}
