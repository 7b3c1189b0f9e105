// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Clusters
package import Settings
package import TextKit

/// The settings of one cell as each stage reads them.
package struct WorldSettings: Sendable, Equatable {
  package var oracle: OracleSettings
  package var protection: ProtectionSettings
  package var liquidations: LiquidationSettings
  package var auctions: AuctionSettings
  package var clusters: ClusterSettings
  package var vault: VaultSettings

  /// Reads the settings, each stage only those that it declares.
  package init(_ settings: Settings) throws(Failure) {
    oracle = OracleSettings(SettingsView(settings, for: .oracle))
    protection = try ProtectionSettings(SettingsView(settings, for: .protection))
    liquidations = try LiquidationSettings(SettingsView(settings, for: .liquidations))
    auctions = try AuctionSettings(SettingsView(settings, for: .auctions))
    clusters = try ClusterSettings(SettingsView(settings, for: .clusters))
    vault = try VaultSettings(SettingsView(settings, for: .vault))
  }
}
