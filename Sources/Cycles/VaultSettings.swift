// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Clusters
package import Numerics
package import Settings
package import TextKit

/// The settings that the vault reads.
package struct VaultSettings: Sendable, Hashable {
  package var capital: Micro
  package var deploy: Micro
  package var deployUSD: Double
  package var minDeploy: Micro
  package var approach: Double
  package var stopLoss: Double
  package var recoverBPS: Double
  package var timeoutMilliseconds: Int64
  package var crankDelayMilliseconds: Int64
  package var exitSlippageBPS: Double
  package var cycleCost: Micro
  package var sameBinCooldownMilliseconds: Int64
  package var feeBPS: Double
  package var performanceFee: Double
  package var isAMM: Bool
  /// Share of the forced flow that trades against the vault inside its bin.
  package var flowShare: Double
  /// Density of the vault's liquidity in a bin, USD a unit of the price's logarithm.
  package var density: Double
  package var entry: VaultEntrySettings

  package init(_ settings: SettingsView) throws(Failure) {
    deployUSD = settings[.vaultDeploy]
    capital = try micro(settings[.vaultCapital])
    deploy = try micro(deployUSD)
    minDeploy = try micro(settings[.vaultMinDeploy])
    approach = settings[.vaultApproach]
    stopLoss = settings[.vaultStopLoss]
    recoverBPS = settings[.vaultRecover]
    timeoutMilliseconds = settings.milliseconds(.vaultTimeout)
    crankDelayMilliseconds = settings.milliseconds(.vaultCrankDelay)
    exitSlippageBPS = settings[.vaultExitSlippage]
    // The tip is paid once a cycle, when its deployment lands.
    cycleCost = try sum(try micro(settings[.vaultCycleCost]), try micro(settings[.vaultTip]))
    sameBinCooldownMilliseconds = settings.milliseconds(.vaultSameBinCooldown)
    feeBPS = settings[.vaultFee]
    performanceFee = settings[.vaultPerformanceFee]
    isAMM = settings.word(.vaultInventory) == "amm"
    // Density of the vault's liquidity, A = deploy_usd / ln(high/low), against the market's.
    let width = ExactMath.ln((10_000 + settings[.clustersBinBPS]) / 10_000)
    density = deployUSD / width
    flowShare = density / (density + 100 * settings[.marketDepth])
    entry = try VaultEntrySettings(settings)
  }
}
