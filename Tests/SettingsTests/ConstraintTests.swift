// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Settings
import TestSupport
import Testing

@Suite struct ConstraintTests {
  private func complaint(_ changes: [(SettingKey, Double)]) -> String? {
    var settings = Settings()
    for (key, value) in changes { settings[key] = value }
    return settings.complaint
  }

  /// SEMANTICS, "Constraints refused".
  @Test(arguments: [
    (SettingKey.vaultStopLoss, 0, "vault.stop_loss = 0, expected a number above 0 and below 1"),
    (.vaultStopLoss, 1, "vault.stop_loss = 1, expected a number above 0 and below 1"),
    (.vaultStopLoss, -0.05, "vault.stop_loss = -0.05, expected a number above 0 and below 1"),
    (.vaultRecover, 0, "vault.recover_bps = 0, expected a number above 0 and at most 1000000"),
    (.vaultTimeout, 0, "vault.timeout_s = 0, expected a number above 0 and at most 1000000000"),
    (.protectionPoll, 0, "protection.poll_s = 0, expected a number above 0 and at most 1000000000"),
    (.clustersRefresh, 0, "clusters.refresh_s = 0, expected a number above 0"),
    (.clustersRefresh, -1, "clusters.refresh_s = -1, expected a number above 0"),
    (
      .auctionSpecialists, 2.5, "auction.specialists = 2.5, expected a whole number from 0 to 10000"
    ),
    (.protectionEnabled, 2, "protection.enabled = 2, expected 0 or 1"),
    (.vaultInventory, 2, "vault.inventory = 2, expected one of held, amm"),
    (.reportVarLevel, 1, "report.var_level = 1, expected a number above 0 and below 1"),
    (.vaultFee, .nan, "vault.fee_bps = nan, expected a number from 0 to 10000"),
  ])
  func `a value that no run may have is refused in words`(
    _ key: SettingKey,
    _ value: Double,
    _ text: String
  ) {
    #expect(complaint([(key, value)]) == text)
  }

  @Test(arguments: [
    (SettingKey.protectionTrigger, SettingKey.protectionSafe, 0.05, 0.15),
    (.auctionMarginMin, .auctionMarginMax, 0.01, 0.08),
    (.auctionBondMin, .auctionBondMax, 50_000, 500_000),
    (.auctionReactionMin, .auctionReactionMax, 2, 60),
  ])
  func `a lower end above its upper end is refused, equal ends are not`(
    _ low: SettingKey,
    _ high: SettingKey,
    _ lowValue: Double,
    _ highValue: Double
  ) throws {
    #expect(complaint([(low, highValue), (high, highValue)]) == nil)
    let text = try #require(complaint([(low, highValue), (high, lowValue)]))
    #expect(text.hasPrefix("\(high.name) = ") && text.contains("below \(low.name)"), "\(text)")
    #expect(complaint([(low, highValue.nextUp), (high, highValue)]) != nil)
  }

  @Test(arguments: [
    SettingKey.vaultRecover, .vaultTimeout, .protectionPoll, .clustersRefresh, .oracleMaxAge,
    .clustersHalfLife, .auctionDuration, .auctionKappaBPS, .vaultCapital, .vaultDeploy,
  ])
  func `durations and sizes that must be above 0 are`(_ key: SettingKey) {
    #expect(complaint([(key, 0)]) != nil)
    #expect(complaint([(key, -1)]) != nil)
    #expect(complaint([(key, .leastNonzeroMagnitude)]) == nil)
  }

  @Test(arguments: PropertySeeds.first(200))
  func `each number of a setting is held or refused as its bounds say`(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for setting in Setting.all {
      guard case .number(let bounds) = setting.kind else { continue }
      let value = random.magnitude(-6, 16) * (random.once(in: 4) ? -1 : 1)
      #expect((setting.complaint(about: value) == nil) == bounds.contains(value))
    }
  }
}
