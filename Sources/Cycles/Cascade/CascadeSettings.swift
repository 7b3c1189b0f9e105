// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Settings

/// The settings that the feedback of forced flow reads; there are none in replay mode.
package struct CascadeSettings: Sendable, Hashable {
  /// Time in which half of an impact is gone, s.
  package var halfLifeSeconds: Double
  /// Share of the impact that reaches the oracle.
  package var oraclePassthrough: Double
  /// Share of the forced flow that trades in the market.
  package var flowShare: Double
  /// Largest impact either way, in logarithms of the price.
  package var maxImpact: Double
  /// Density of the market's liquidity, USD a unit of the price's logarithm: 100 · depth.
  package var marketDensity: Double

  /// Reads the settings; nil in replay mode.
  package init?(_ settings: SettingsView) {
    guard settings.word(.simulationMode) == "cascade" else { return nil }
    halfLifeSeconds = settings[.cascadeHalfLife]
    oraclePassthrough = settings[.cascadePassthrough]
    flowShare = settings[.cascadeFlowShare]
    maxImpact = settings[.cascadeMaxImpact]
    marketDensity = 100 * settings[.marketDepth]
  }

  /// The same world with flow that moves no price.
  package var withoutFeedback: CascadeSettings {
    var alone = self
    alone.flowShare = 0
    return alone
  }
}
