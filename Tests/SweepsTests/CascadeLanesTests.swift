// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Foundation
import Markets
import Settings
import Sweeps
import TestSupport
import Testing

/// The fast cascade against the reference world: worlds of perps that nobody protects.
@Suite("Cascade lanes")
struct CascadeLanesTests {
  /// Fewer in a build without optimisation; the release build decides.
  private static var worlds: Int {
    #if DEBUG
    let usual = 100
    #else
    let usual = 500
    #endif
    let given = ProcessInfo.processInfo.environment["BREAKWATER_CASCADE_WORLDS"]
    return given.flatMap(Int.init) ?? usual
  }

  /// A market of longs and shorts around the start of a nervous path.
  private func world(
    _ kit: WorldBook,
    _ random: inout SplitMix64
  ) throws -> (book: Book, path: PricePath) {
    var accounts: [Account] = []
    for number in 0..<random.whole(1, 80) {
      let size = random.number(0.5, 40)
      let symbol = random.pick(["SOL", "SOL", "SOL", "BTC"])
      let price = symbol == "SOL" ? 100.0 : 2_000
      let share = random.pick([1, 0.97, random.number(0.8, 0.999), random.number(0.8, 0.999)])
      let isLong = !random.once(in: 4)
      let root = price * (isLong ? share : 2 - share)
      let entry = price * random.number(0.9, 1.1)
      let collateral =
        isLong ? size * (entry - 0.95 * root) : size * (1.05 * root - entry)
      accounts.append(
        try kit.perp(
          "a\(number)",
          isLong ? size : -size,
          symbol,
          at: entry,
          collateral: max(0, collateral)
        )
      )
    }
    var (sol, eth) = ([Double?](), [Double?]())
    var (a, b) = (100.0, 2_000.0)
    var seconds: [Double] = []
    var time = 0.0
    let pace = random.pick([0.0005, 0.003, 0.01])
    for step in 0..<random.whole(1, 300) {
      sol.append(step > 0 && random.once(in: 40) ? nil : a)
      eth.append(b)
      seconds.append(time)
      time += random.pick([1, 1, 1, 1, 15, 60])
      a *= 1 + random.number(-1.15, 1) * pace
      b *= 1 + random.number(-1, 1) * pace
      if random.once(in: 15) { a = random.pick([99, 100.33236814328276, 97, 101, a]) }
    }
    return (kit.book(accounts), try kit.path(seconds: seconds, [("SOL", sol), ("BTC", eth)]))
  }

  private func settings(_ random: inout SplitMix64) -> Settings {
    var settings = Settings()
    settings[.simulationMode] = 1
    settings[.clustersMinSize] = random.pick([0, 500, 3_000])
    settings[.clustersMinConfidence] = random.pick([0, 20, 60])
    settings[.clustersSigmas] = random.pick([0, 1])
    settings[.marketDepth] = random.pick([20, 200, 2_000, 50_000])
    settings[.cascadeHalfLife] = random.pick([300, 60, 5, 3_600])
    settings[.cascadePassthrough] = random.pick([0.5, 1, 0, 0.25])
    for key in SettingKey.allCases
    where key.name.hasPrefix("vault.") || key.name.hasPrefix("cascade.")
      || [.clustersRefresh, .clustersBinBPS, .oracleMaxAge].contains(key)
    {
      if random.once(in: 3) { settings[key] = RandomWorldSettings.draw(key, &random) }
    }
    for key in [SettingKey.vaultEntry, .vaultDeployDelay] { settings[key] = 0 }
    settings[.vaultLanding] = 1
    if settings[.oracleMaxAge] < 60 { settings[.oracleMaxAge] = 60 }
    return settings
  }

  @Test("equal the reference world in random markets")
  func equalTheReference() throws {
    let kit = try WorldBook()
    let first = UInt64(ProcessInfo.processInfo.environment["PROPERTY_SEED"] ?? "1") ?? 1
    var (cycles, falls, fed, skipped, parted) = (0, 0, 0, 0, 0)
    for seed in first..<first + UInt64(CascadeLanesTests.worlds) {
      var random = SplitMix64(seed: seed)
      let (book, path) = try world(kit, &random)
      let input = try WorldInput(
        book: book,
        catalogue: kit.catalogue,
        path: path,
        confidenceRatios: Array(repeating: 0.001, count: kit.catalogue.assets.count),
        slot0: 0,
        seed: seed,
        scenario: 0
      )
      let lanes = AccountLanes(input)
      for _ in 0..<3 {
        let settings = try WorldSettings(settings(&random))
        let cascade = try #require(settings.cascade)
        let track = OracleTrack(settings.oracle, input)
        try #require(CascadeGround.obstacle(lanes, settings) == nil)
        if track.hasGaps { continue }
        let expected = try ReferenceWorld.run(input, settings)
        var alone = settings
        alone.cascade = cascade.withoutFeedback
        let quiet = try ReferenceWorld.run(input, alone, hasVault: false)
        let ground = try CascadeGround(settings.clusters, lanes)
        let path = CascadePath(ground, track, halfLifeSeconds: cascade.halfLifeSeconds)
        let others = try exits(settings, &random)
        let plan = VaultPlan([settings.vault] + others.map(\.vault))
        let run = try CascadeRun([CascadeJob(path, cascade, plan)])
        try compare(run.outcomes[0].dropFirst(), input, others, "world \(seed)")
        let found = run.outcomes[0][0]
        #expect(found.vault == expected.vault, "world \(seed)")
        #expect(found.liquidations == expected.liquidations, "world \(seed)")
        #expect(found.totals.forced == expected.cascade.forced, "world \(seed)")
        #expect(found.totals.improvement == expected.cascade.improvement, "world \(seed)")
        #expect(found.totals.forcedAlone == quiet.cascade.forced, "world \(seed)")
        #expect(found.imbalance == 0 && expected.ledgerImbalance == 0, "world \(seed)")
        cycles += expected.vault.cycles
        falls += expected.liquidations.count
        if expected.cascade.forced > quiet.cascade.forced { fed += 1 }
        skipped += track.stepCount - found.steps
        parted += run.outcomes[0].count { $0.vault != found.vault }
      }
    }
    print(
      "cascade lanes: \(cycles) cycles, \(falls) falls, \(fed) fed, \(skipped) steps skipped,"
        + " \(parted) parted"
    )
    #expect(cycles > 0 && falls > 0 && fed > 0 && skipped > 0 && parted > 0)
  }

  /// Settings that differ from others in when a cycle ends, and rarely in more.
  private func exits(
    _ settings: WorldSettings,
    _ random: inout SplitMix64
  ) throws -> [WorldSettings] {
    (0..<random.whole(0, 3)).map { _ in
      var other = settings
      if random.once(in: 2) { other.vault.stopLoss = random.pick([0, 0.005, 0.02, 0.1, 0.5]) }
      if random.once(in: 3) { other.vault.recoverBPS = random.pick([0, 10, 50, 300]) }
      if random.once(in: 3) {
        other.vault.timeoutMilliseconds = random.pick([0, 1_000, 30_000, 600_000])
      }
      if random.once(in: 4) {
        other.vault.crankDelayMilliseconds = random.pick([0, 1_000, 20_000])
      }
      if random.once(in: 8) { other.vault.cycleCost = random.pick([0, 1_000_000]) }
      return other
    }
  }

  /// Settings that ran beside others against worlds of their own.
  private func compare(
    _ found: ArraySlice<CascadeOutcome>,
    _ input: WorldInput,
    _ settings: [WorldSettings],
    _ comment: Comment
  ) throws {
    for (found, own) in zip(found, settings) {
      let expected = try ReferenceWorld.run(input, own)
      #expect(found.vault == expected.vault, comment)
      #expect(found.liquidations == expected.liquidations, comment)
      #expect(found.totals.forced == expected.cascade.forced, comment)
      #expect(found.totals.improvement == expected.cascade.improvement, comment)
      #expect(found.imbalance == 0, comment)
    }
  }
}
