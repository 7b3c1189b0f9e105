// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Settings
import TestSupport
import Testing

@Suite struct DepartureTests {
  @Test func `defaults depart from nothing`() {
    #expect(Settings().departures.isEmpty)
  }

  @Test func `departures are sorted by name, in canonical text`() {
    var settings = Settings()
    settings[.vaultStopLoss] = 0.030
    settings[.auctionGas] = 2.0
    settings[.protectionPollMode] = 1
    settings[.clustersRefresh] = 1e-7
    settings[.vaultFee] = 25
    let lines = settings.departures.map { "\($0.name)=\($0.value)" }
    #expect(
      lines == [
        "auction.gas_usd=2", "clusters.refresh_s=0.0000001", "protection.poll=adaptive",
        "vault.stop_loss=0.03",
      ]
    )
  }

  @Test(arguments: PropertySeeds.first(200))
  func `departures are the changed settings and sorted bytewise`(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var settings = Settings()
    var changed: Set<String> = []
    for setting in Setting.all where setting.isNumeric && random.once(in: 3) {
      settings[setting.key] = setting.defaultValue + 1
      changed.insert(setting.name)
    }
    let names = settings.departures.map(\.name)
    #expect(Set(names) == changed && names.count == changed.count)
    #expect(names == names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
  }
}
