// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Settings
import Testing

@Suite struct SettingsViewTests {
  @Test(arguments: Stage.allCases)
  func `a stage reads every setting that it declares`(_ stage: Stage) {
    var settings = Settings()
    for setting in Setting.all { settings[setting.key] = setting.defaultValue }
    let view = SettingsView(settings, for: stage)
    for setting in Setting.all where setting.stages.contains(stage) {
      #expect(view[setting.key] == setting.defaultValue, "\(setting.name)")
    }
  }

  @Test(arguments: Stage.allCases)
  func `a stage that reads a setting of another is stopped`(_ stage: Stage) async throws {
    let foreign = try #require(Setting.all.first { !$0.stages.contains(stage) }).key.rawValue
    let word = stage.rawValue
    await #expect(processExitsWith: .failure) {
      [foreign = foreign as Int, word = word as String] in
      guard let key = SettingKey(rawValue: foreign), let stage = Stage(rawValue: word) else {
        return
      }
      _ = SettingsView(Settings(), for: stage)[key]
    }
  }

  @Test func `protection and auctions do not see each other's settings`() {
    for setting in Setting.all {
      let isOfVault = setting.name.hasPrefix("vault.")
      #expect(!isOfVault || setting.stages == [.vault], "\(setting.name)")
      let isOfProtection = setting.name.hasPrefix("protection.")
      #expect(!isOfProtection || setting.stages == [.protection], "\(setting.name)")
      let isOfAuctions = setting.name.hasPrefix("auction.")
      #expect(!isOfAuctions || setting.stages == [.auctions], "\(setting.name)")
    }
    #expect(Setting.all[SettingKey.clustersBinBPS.rawValue].stages == [.clusters, .vault])
    #expect(
      Setting.all[SettingKey.liquidationInsurance.rawValue].stages == [.liquidations, .auctions]
    )
  }

  @Test(
    arguments: [(60.0, 60_000), (0.0005, 0), (0.0015, 2), (1.2345, 1_234)] as [(Double, Int64)]
  )
  func `durations are whole milliseconds, ties to even`(_ seconds: Double, _ milliseconds: Int64) {
    var settings = Settings()
    settings[.vaultTimeout] = seconds
    #expect(SettingsView(settings, for: .vault).milliseconds(.vaultTimeout) == milliseconds)
  }

  @Test func `flags and words are read as such`() {
    var settings = Settings()
    settings[.vaultInventory] = 1
    settings[.protectionStagger] = 1
    #expect(SettingsView(settings, for: .vault).word(.vaultInventory) == "amm")
    #expect(SettingsView(settings, for: .protection).isOn(.protectionStagger))
    #expect(!SettingsView(Settings(), for: .protection).isOn(.protectionStagger))
  }
}
