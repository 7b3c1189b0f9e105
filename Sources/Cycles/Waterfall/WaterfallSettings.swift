// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Markets
package import Numerics
package import Settings
package import TextKit

/// A time in which a component does not work, milliseconds from the start of the path.
package struct OutageWindow: Sendable, Equatable {
  package var from: Int64
  package var length: Int64

  package init(from: Int64, length: Int64) { (self.from, self.length) = (from, length) }

  /// Whether it lasts at a time since the start; its end does not belong to it.
  package func contains(_ elapsed: Int64) -> Bool { elapsed >= from && elapsed - from < length }
}

/// The settings of a liquidator vault.
package struct BackstopSettings: Sendable, Equatable {
  /// Share of maintenance below which it takes over.
  package var ratio: Double
  package var capital: Micro
  package var marginRatio: Double
  package var saleHalfLifeSeconds: Double
  package var withdrawalPerDay: Micro
  package var withdrawFraction: Double
  package var outage: OutageWindow
}

/// The settings of auto-deleveraging.
package struct ADLSettings: Sendable, Equatable {
  package var isEnabled: Bool
  package var acceptable: Micro
  package var maxShortfall: Micro
  package var rank: ADLRank
}

/// The settings that the waterfall, keepers and penalties read.
package struct WaterfallSettings: Sendable, Equatable {
  package var penalty: PenaltyCurve
  package var depthUSDPerPercent: Double
  package var maxSlippage: Double
  package var cooldownMilliseconds: Int64
  /// Liquidations per second, 0 for no limit.
  package var throughput: Double
  package var socialisesProfit: Bool
  package var volatilityHalfLifeSeconds: Double
  package var insuranceOutage: OutageWindow
  package var backstop: BackstopSettings
  package var adl: ADLSettings
  package var keepers: KeeperSettings
  package var keeperOutage: OutageWindow

  package init(_ settings: SettingsView) throws(Failure) {
    penalty = PenaltyCurve()
    penalty.mode = PenaltyCurve.Mode(rawValue: Int(settings[.liquidationPenaltyMode])) ?? .flat
    penalty.base = settings[.liquidationPenalty]
    penalty.ratioSlope = settings[.liquidationPenaltyRatio]
    penalty.volatilitySlope = settings[.liquidationPenaltyVolatility]
    penalty.cap = settings[.liquidationPenaltyCap]
    depthUSDPerPercent = settings[.marketDepth]
    maxSlippage = settings[.waterfallSlippage]
    cooldownMilliseconds = settings.milliseconds(.waterfallCooldown)
    throughput = settings[.waterfallThroughput]
    socialisesProfit = settings.word(.waterfallSocialise) == "profit"
    volatilityHalfLifeSeconds = settings[.waterfallVolatility]
    insuranceOutage = settings.outage(.waterfallOutageFrom, .waterfallOutage)
    backstop = BackstopSettings(
      ratio: settings[.backstopRatio],
      capital: try micro(settings[.backstopCapital]),
      marginRatio: settings[.backstopMargin],
      saleHalfLifeSeconds: settings[.backstopSale],
      withdrawalPerDay: try micro(settings[.backstopWithdrawal]),
      withdrawFraction: settings[.backstopWithdrawFraction],
      outage: settings.outage(.backstopOutageFrom, .backstopOutage)
    )
    adl = ADLSettings(
      isEnabled: settings.isOn(.adlEnabled),
      acceptable: try micro(settings[.adlAcceptable]),
      maxShortfall: try micro(settings[.adlMaxShortfall]),
      rank: ADLRank(rawValue: Int(settings[.adlRank])) ?? .roe
    )
    keepers = KeeperSettings(settings)
    keeperOutage = settings.outage(.keepersOutageFrom, .keepersOutage)
  }

  /// The settings that change nothing by themselves, only what a mechanism that is on does.
  package static let quietKeys: Set<SettingKey> = [
    .liquidationPenaltyRatio, .liquidationPenaltyVolatility, .liquidationPenaltyCap,
    .waterfallSlippage, .waterfallCooldown, .waterfallSocialise, .waterfallVolatility,
    .waterfallOutageFrom, .backstopRatio, .backstopCapital, .backstopMargin, .backstopSale,
    .backstopWithdrawal, .backstopWithdrawFraction, .backstopOutageFrom, .backstopOutage,
    .adlEnabled, .adlAcceptable, .adlMaxShortfall, .adlRank, .keepersCount, .keepersBatch,
    .keepersLatency, .keepersGas, .keepersGasCongestion, .keepersGasVolatility, .keepersReward,
    .keepersTip, .keepersRisk, .keepersPriority, .keepersOutageFrom, .keepersOutage,
  ]

  /// Why worlds with these settings cannot share stages, each mechanism by its name.
  package func walkReasons(_ catalogue: VenueCatalogue) -> [String] {
    var reasons: [String] = []
    if catalogue.venues.contains(where: { $0.waterfall.mode == .full }) {
      reasons.append("full waterfall")
    }
    if throughput > 0 { reasons.append("waterfall.max_liquidations_per_s") }
    if keepers.model != .venue { reasons.append("keepers") }
    if penalty.mode != .flat { reasons.append("liquidation.penalty_mode") }
    if insuranceOutage.length > 0 { reasons.append("insurance outage") }
    return reasons
  }
}

extension KeeperSettings {
  init(_ settings: SettingsView) {
    model = KeeperModel(rawValue: Int(settings[.keepersNetwork])) ?? .venue
    count = settings[.keepersCount]
    batch = settings[.keepersBatch]
    latencyMilliseconds = settings.milliseconds(.keepersLatency)
    gasUSD = settings[.keepersGas]
    gasCongestion = settings[.keepersGasCongestion]
    gasVolatility = settings[.keepersGasVolatility]
    rewardRate = settings[.keepersReward]
    tipUSD = settings[.keepersTip]
    riskWeight = settings[.keepersRisk]
    priorityShare = settings[.keepersPriority]
  }
}

extension SettingsView {
  /// A window from one setting and a length from another.
  fileprivate func outage(_ from: SettingKey, _ length: SettingKey) -> OutageWindow {
    OutageWindow(from: milliseconds(from), length: milliseconds(length))
  }
}
