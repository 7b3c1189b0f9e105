// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// The settings of the simulation, in the order of the manual.
package enum SettingKey: Int, CaseIterable, Sendable {
  case oracleMaxAge
  case oracleOutlierMAD
  case clustersBinBPS
  case clustersRefresh
  case clustersReadLag
  case clustersApproach
  case clustersMinSize
  case clustersMinConfidence
  case clustersHalfLife
  case clustersStay
  case clustersSigmas
  case clustersUseFreshness
  case clustersUseCross
  case clustersUseOracle
  case vaultCapital
  case vaultDeploy
  case vaultMinDeploy
  case vaultApproach
  case vaultStopLoss
  case vaultRecover
  case vaultTimeout
  case vaultCrankDelay
  case vaultExitSlippage
  case vaultCycleCost
  case vaultSameBinCooldown
  case vaultFee
  case vaultPerformanceFee
  case vaultInventory
  case vaultTip
  case vaultEntry
  case vaultReactiveFlow
  case vaultDeployDelay
  case vaultLanding
  case monitorPriceAge
  case marketDepth
  case protectionEnabled
  case protectionTrigger
  case protectionSafe
  case protectionMaxDeposit
  case protectionCapBase
  case protectionIncrement
  case protectionIncrementRatio
  case protectionCooldown
  case protectionPoll
  case protectionPollMode
  case protectionStagger
  case protectionWallet
  case protectionProvider
  case protectionCallsPerSecond
  case protectionCallsPerMinute
  case protectionBatch
  case protectionConsumers
  case protectionTrades
  case protectionQueries
  case protectionMonitor
  case protectionFilter
  case protectionPriceAge
  case protectionAccountAge
  case protectionStaleAfter
  case protectionIncrementScale
  case protectionVolatility
  case protectionVolatilityWindow
  case protectionPool
  case protectionCloses
  case protectionNotifications
  case accountStopLoss
  case fundingMode
  case fundingRate
  case fundingPremium
  case interestEnabled
  case interestUtilization
  case liquidationPenalty
  case liquidationInsurance
  case auctionKappaBPS
  case auctionKappaUSD
  case auctionDuration
  case auctionFee
  case auctionBuffer
  case auctionSpecialists
  case auctionMarginMin
  case auctionMarginMax
  case auctionBondMin
  case auctionBondMax
  case auctionBondMultiple
  case auctionReactionMin
  case auctionReactionMax
  case auctionGas
  case auctionBackstopDiscount
  case auctionBackstopCapacity
  case auctionDumpDiscount
  case auctionMechanism
  case auctionFixedFee
  case auctionPoolWindow
  case auctionClock
  case auctionCut
  case auctionStep
  case auctionStartRatio
  case auctionFloor
  case auctionReset
  case auctionResetShare
  case eventMispricing
  case eventThinning
  case eventLeastDepth
  case eventBondRatio
  case oracleKind
  case oracleSources
  case oracleNoise
  case oracleDelayedSources
  case oracleDelay
  case oracleFault
  case oracleFaultSources
  case oracleFaultAt
  case oracleFaultDuration
  case oracleFaultMove
  case oracleAttackAt
  case oracleAttackDuration
  case oracleAttackMove
  case oracleTWAP
  case oracleMarkRefresh
  case liquidationPenaltyMode
  case liquidationPenaltyRatio
  case liquidationPenaltyVolatility
  case liquidationPenaltyCap
  case waterfallSlippage
  case waterfallCooldown
  case waterfallThroughput
  case waterfallSocialise
  case waterfallVolatility
  case waterfallOutageFrom
  case waterfallOutage
  case backstopRatio
  case backstopCapital
  case backstopMargin
  case backstopSale
  case backstopWithdrawal
  case backstopWithdrawFraction
  case backstopOutageFrom
  case backstopOutage
  case adlEnabled
  case adlAcceptable
  case adlMaxShortfall
  case adlRank
  case keepersNetwork
  case keepersCount
  case keepersBatch
  case keepersLatency
  case keepersGas
  case keepersGasCongestion
  case keepersGasVolatility
  case keepersReward
  case keepersTip
  case keepersRisk
  case keepersPriority
  case keepersOutageFrom
  case keepersOutage
  case simulationMode
  case cascadeHalfLife
  case cascadePassthrough
  case cascadeFlowShare
  case cascadeMaxImpact
  case reportVarLevel

  /// The dotted name in specs, columns and options.
  package var name: String {
    switch self {
    case .oracleMaxAge: "oracle.max_age_s"
    case .oracleOutlierMAD: "oracle.outlier_mad"
    case .clustersBinBPS: "clusters.bin_bps"
    case .clustersRefresh: "clusters.refresh_s"
    case .clustersReadLag: "clusters.read_lag_slots"
    case .clustersApproach: "clusters.approach"
    case .clustersMinSize: "clusters.min_size_usd"
    case .clustersMinConfidence: "clusters.min_confidence"
    case .clustersHalfLife: "clusters.half_life_slots"
    case .clustersStay: "clusters.stay"
    case .clustersSigmas: "clusters.sigmas"
    case .clustersUseFreshness: "clusters.use_freshness"
    case .clustersUseCross: "clusters.use_cross"
    case .clustersUseOracle: "clusters.use_oracle"
    case .vaultCapital: "vault.capital_usd"
    case .vaultDeploy: "vault.deploy_usd"
    case .vaultMinDeploy: "vault.min_deploy_usd"
    case .vaultApproach: "vault.approach"
    case .vaultStopLoss: "vault.stop_loss"
    case .vaultRecover: "vault.recover_bps"
    case .vaultTimeout: "vault.timeout_s"
    case .vaultCrankDelay: "vault.crank_delay_s"
    case .vaultExitSlippage: "vault.exit_slippage_bps"
    case .vaultCycleCost: "vault.cycle_cost_usd"
    case .vaultSameBinCooldown: "vault.same_bin_cooldown_s"
    case .vaultFee: "vault.fee_bps"
    case .vaultPerformanceFee: "vault.performance_fee"
    case .vaultInventory: "vault.inventory"
    case .vaultTip: "vault.tip_usd"
    case .vaultEntry: "vault.entry"
    case .vaultReactiveFlow: "vault.reactive_flow_usd"
    case .vaultDeployDelay: "vault.deploy_delay_s"
    case .vaultLanding: "vault.landing_probability"
    case .monitorPriceAge: "monitor.price_age_s"
    case .marketDepth: "market.depth_usd_per_pct"
    case .protectionEnabled: "protection.enabled"
    case .protectionTrigger: "protection.trigger_distance"
    case .protectionSafe: "protection.safe_distance"
    case .protectionMaxDeposit: "protection.max_deposit_ratio"
    case .protectionCapBase: "protection.cap_base"
    case .protectionIncrement: "protection.deposit_increment_usd"
    case .protectionIncrementRatio: "protection.increment_ratio"
    case .protectionCooldown: "protection.cooldown_s"
    case .protectionPoll: "protection.poll_s"
    case .protectionPollMode: "protection.poll"
    case .protectionStagger: "protection.stagger"
    case .protectionWallet: "protection.wallet_usd"
    case .protectionProvider: "protection.provider"
    case .protectionCallsPerSecond: "protection.calls_per_second"
    case .protectionCallsPerMinute: "protection.calls_per_minute"
    case .protectionBatch: "protection.batch"
    case .protectionConsumers: "protection.consumers"
    case .protectionTrades: "protection.trades_per_minute"
    case .protectionQueries: "protection.queries_per_minute"
    case .protectionMonitor: "protection.monitor"
    case .protectionFilter: "protection.filter"
    case .protectionPriceAge: "protection.price_age_s"
    case .protectionAccountAge: "protection.account_age_s"
    case .protectionStaleAfter: "protection.stale_after_s"
    case .protectionIncrementScale: "protection.increment_scale"
    case .protectionVolatility: "protection.volatility_multiple"
    case .protectionVolatilityWindow: "protection.volatility_window_s"
    case .protectionPool: "protection.pool_usd"
    case .protectionCloses: "protection.close_on_exhaustion"
    case .protectionNotifications: "protection.notifications"
    case .accountStopLoss: "account.stop_loss"
    case .fundingMode: "funding.mode"
    case .fundingRate: "funding.rate_bps"
    case .fundingPremium: "funding.premium_bps"
    case .interestEnabled: "interest.enabled"
    case .interestUtilization: "interest.utilization"
    case .liquidationPenalty: "liquidation.penalty"
    case .liquidationInsurance: "liquidation.insurance_usd"
    case .auctionKappaBPS: "auction.kappa_bps_per_s"
    case .auctionKappaUSD: "auction.kappa_usd_per_s"
    case .auctionDuration: "auction.duration_s"
    case .auctionFee: "auction.fee_bps"
    case .auctionBuffer: "auction.buffer_bps"
    case .auctionSpecialists: "auction.specialists"
    case .auctionMarginMin: "auction.margin_min"
    case .auctionMarginMax: "auction.margin_max"
    case .auctionBondMin: "auction.bond_min_usd"
    case .auctionBondMax: "auction.bond_max_usd"
    case .auctionBondMultiple: "auction.bond_multiple"
    case .auctionReactionMin: "auction.reaction_min_s"
    case .auctionReactionMax: "auction.reaction_max_s"
    case .auctionGas: "auction.gas_usd"
    case .auctionBackstopDiscount: "auction.backstop_discount"
    case .auctionBackstopCapacity: "auction.backstop_capacity_usd"
    case .auctionDumpDiscount: "auction.dump_discount"
    case .auctionMechanism: "auction.mechanism"
    case .auctionFixedFee: "auction.fixed_fee"
    case .auctionPoolWindow: "auction.pool_window_s"
    case .auctionClock: "auction.clock"
    case .auctionCut: "auction.cut"
    case .auctionStep: "auction.step_s"
    case .auctionStartRatio: "auction.start_ratio"
    case .auctionFloor: "auction.floor"
    case .auctionReset: "auction.reset_s"
    case .auctionResetShare: "auction.reset_share"
    case .eventMispricing: "event.mispricing_sd"
    case .eventThinning: "event.thinning_s"
    case .eventLeastDepth: "event.least_depth"
    case .eventBondRatio: "event.bond_ratio"
    case .oracleKind: "oracle.kind"
    case .oracleSources: "oracle.sources"
    case .oracleNoise: "oracle.noise_bps"
    case .oracleDelayedSources: "oracle.delayed_sources"
    case .oracleDelay: "oracle.delay_s"
    case .oracleFault: "oracle.fault"
    case .oracleFaultSources: "oracle.fault_sources"
    case .oracleFaultAt: "oracle.fault_at_s"
    case .oracleFaultDuration: "oracle.fault_s"
    case .oracleFaultMove: "oracle.fault_move"
    case .oracleAttackAt: "oracle.attack_at_s"
    case .oracleAttackDuration: "oracle.attack_s"
    case .oracleAttackMove: "oracle.attack_move"
    case .oracleTWAP: "oracle.twap_s"
    case .oracleMarkRefresh: "oracle.mark_refresh_s"
    case .liquidationPenaltyMode: "liquidation.penalty_mode"
    case .liquidationPenaltyRatio: "liquidation.penalty_ratio_slope"
    case .liquidationPenaltyVolatility: "liquidation.penalty_volatility_slope"
    case .liquidationPenaltyCap: "liquidation.penalty_cap"
    case .waterfallSlippage: "waterfall.max_slippage"
    case .waterfallCooldown: "waterfall.cooldown_s"
    case .waterfallThroughput: "waterfall.max_liquidations_per_s"
    case .waterfallSocialise: "waterfall.socialise"
    case .waterfallVolatility: "waterfall.volatility_half_life_s"
    case .waterfallOutageFrom: "waterfall.insurance_outage_from_s"
    case .waterfallOutage: "waterfall.insurance_outage_s"
    case .backstopRatio: "backstop.ratio"
    case .backstopCapital: "backstop.capital_usd"
    case .backstopMargin: "backstop.margin_ratio"
    case .backstopSale: "backstop.half_life_s"
    case .backstopWithdrawal: "backstop.withdrawal_usd_per_day"
    case .backstopWithdrawFraction: "backstop.max_withdraw_fraction_per_day"
    case .backstopOutageFrom: "backstop.outage_from_s"
    case .backstopOutage: "backstop.outage_s"
    case .adlEnabled: "adl.enabled"
    case .adlAcceptable: "adl.acceptable_shortfall_usd"
    case .adlMaxShortfall: "adl.max_shortfall_usd"
    case .adlRank: "adl.rank"
    case .keepersNetwork: "keepers.network"
    case .keepersCount: "keepers.count"
    case .keepersBatch: "keepers.batch"
    case .keepersLatency: "keepers.latency_s"
    case .keepersGas: "keepers.gas_usd"
    case .keepersGasCongestion: "keepers.gas_congestion"
    case .keepersGasVolatility: "keepers.gas_volatility"
    case .keepersReward: "keepers.reward"
    case .keepersTip: "keepers.tip_usd"
    case .keepersRisk: "keepers.risk_weight"
    case .keepersPriority: "keepers.priority_share"
    case .keepersOutageFrom: "keepers.outage_from_s"
    case .keepersOutage: "keepers.outage_s"
    case .simulationMode: "simulation.mode"
    case .cascadeHalfLife: "cascade.half_life_s"
    case .cascadePassthrough: "cascade.oracle_passthrough"
    case .cascadeFlowShare: "cascade.flow_share"
    case .cascadeMaxImpact: "cascade.max_impact"
    case .reportVarLevel: "report.var_level"
    }
  }
}
