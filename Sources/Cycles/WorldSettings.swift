// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Clusters
package import Markets
package import Settings
package import TextKit

/// The settings of one cell as each stage reads them.
package struct WorldSettings: Sendable, Equatable {
  package var oracle: OracleSettings
  package var accounts: AccountSettings
  package var protection: ProtectionSettings
  package var liquidations: LiquidationSettings
  package var auctions: AuctionSettings
  package var clusters: ClusterSettings
  package var vault: VaultSettings
  package var waterfall: WaterfallSettings
  /// Feedback of forced flow; nil in replay mode.
  package var cascade: CascadeSettings?

  /// Reads the settings, each stage only those that it declares.
  package init(_ settings: Settings) throws(Failure) {
    oracle = OracleSettings(SettingsView(settings, for: .oracle))
    accounts = AccountSettings(SettingsView(settings, for: .accounts))
    protection = try ProtectionSettings(SettingsView(settings, for: .protection))
    liquidations = try LiquidationSettings(SettingsView(settings, for: .liquidations))
    auctions = try AuctionSettings(SettingsView(settings, for: .auctions))
    clusters = try ClusterSettings(SettingsView(settings, for: .clusters))
    vault = try VaultSettings(SettingsView(settings, for: .vault))
    waterfall = try WaterfallSettings(SettingsView(settings, for: .waterfall))
    cascade = CascadeSettings(SettingsView(settings, for: .cascade))
  }
}

extension WorldSettings {
  /// What these settings and venues switch on that the shared stages of a sweep do not compute,
  /// each by its name; such cells are walked in the reference world (DESIGN 9).
  package func walkReasons(_ catalogue: VenueCatalogue) -> [String] {
    var reasons = (cascade == nil ? [] : ["cascade"]) + (vault.entry.isPlain ? [] : ["vault entry"])
    if !oracle.isPlain { reasons.append("oracle sources") }
    if catalogue.venues.contains(where: { $0.oracle != nil }) {
      reasons.append("venues that check prices")
    }
    return reasons + protection.monitor.walkReasons(isEnabled: protection.isEnabled)
      + accounts.walkReasons + waterfall.walkReasons(catalogue)
  }

  /// The settings that never decide whether a cell is walked; every other one is looked at.
  package static let sharedKeys: Set<SettingKey> = WaterfallSettings.quietKeys.union([
    .oracleMaxAge, .oracleOutlierMAD, .clustersBinBPS, .clustersRefresh, .clustersReadLag,
    .clustersApproach, .clustersMinSize, .clustersMinConfidence, .clustersHalfLife, .clustersStay,
    .clustersSigmas, .clustersUseFreshness, .clustersUseCross, .clustersUseOracle, .vaultCapital,
    .vaultDeploy, .vaultMinDeploy, .vaultApproach, .vaultStopLoss, .vaultRecover, .vaultTimeout,
    .vaultCrankDelay, .vaultExitSlippage, .vaultCycleCost, .vaultSameBinCooldown, .vaultFee,
    .vaultPerformanceFee, .vaultTip, .vaultReactiveFlow, .marketDepth, .cascadeHalfLife,
    .cascadePassthrough, .cascadeFlowShare, .cascadeMaxImpact,
    .protectionTrigger, .protectionSafe,
    .protectionMaxDeposit, .protectionIncrement, .protectionIncrementRatio, .protectionCooldown,
    .protectionPoll, .protectionStagger, .protectionWallet, .protectionBatch, .protectionTrades,
    .protectionQueries, .protectionConsumers, .protectionStaleAfter, .fundingRate, .fundingPremium,
    .interestUtilization, .protectionVolatilityWindow,
    .liquidationPenalty,
    .liquidationInsurance, .auctionKappaBPS, .auctionKappaUSD, .auctionDuration, .auctionFee,
    .auctionBuffer, .auctionSpecialists, .auctionMarginMin, .auctionMarginMax, .auctionBondMin,
    .auctionBondMax, .auctionBondMultiple, .auctionReactionMin, .auctionReactionMax, .auctionGas,
    .auctionBackstopDiscount, .auctionBackstopCapacity, .auctionDumpDiscount, .auctionMechanism,
    .auctionFixedFee, .auctionPoolWindow, .auctionClock, .auctionCut, .auctionStep,
    .auctionStartRatio, .auctionFloor, .auctionReset, .auctionResetShare, .eventMispricing,
    .eventThinning, .eventLeastDepth,
    .eventBondRatio, .reportVarLevel,
  ])
}
