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
