// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Markets
import Settings
import Sweeps
import TestSupport
import Testing

/// Random worlds with everything of the waterfall on.
@Suite struct WaterfallConservationTests {
  /// Fewer in debug builds; worlds with every other mechanism beside are `EveryMechanismTests`.
  private static let count: UInt64 = {
    #if DEBUG
    100
    #else
    600
    #endif
  }()

  /// What happened in some worlds.
  private struct Seen {
    var kinds: Set<String> = []
    var events: Set<String> = []
    var hasGap = false
    var hasSocialised = false
  }

  @Test func `no micro-USD is made or lost, and deleveraging keeps its rules`() throws {
    var seen = Seen()
    for seed in PropertySeeds.first(Self.count) {
      let world = try RandomWorld(seed: seed, mechanisms: true, mostCells: 1, mostSteps: 120)
      let settings = try WorldSettings(world.base)
      for (scenario, path) in world.paths.prefix(1).enumerated() {
        let input = try WorldInput(
          book: world.book,
          catalogue: try TestCatalogue.read(world.venues),
          path: path,
          confidenceRatios: world.confidenceRatios,
          slot0: world.slot0,
          seed: 1,
          scenario: scenario
        )
        let result = try ReferenceWorld.run(input, settings, keepsLog: true)
        #expect(result.ledgerImbalance == 0, "seed \(seed)")
        guard let log = result.log else { continue }
        checkDeleveraging(log, input, seed: seed)
        seen.kinds.formUnion(log.liquidations.map(\.kind.rawValue))
        seen.events.formUnion(log.liquidationEvents.map(\.kind.rawValue))
        seen.hasGap = seen.hasGap || result.liquidations.gapMilliseconds > 0
        seen.hasSocialised = seen.hasSocialised || result.liquidations.socialised > 0
        #expect(result.liquidations.gapPeak >= 0)
        // The same world comes to the same.
        if seed % 16 == 0 {
          let again = try ReferenceWorld.run(input, settings, keepsLog: true)
          #expect(again.log == log && again.liquidations == result.liquidations, "seed \(seed)")
        }
      }
    }
    if PropertySeeds.areAll {
      #expect(
        seen.kinds == ["market", "partial", "backstop", "auction", "adl", "deleveraged"]
      )
      #expect(
        seen.events.isSuperset(of: [
          "recovered", "backstop_refused", "shortfall_acceptable", "shortfall_too_large",
          "adl_triggered", "immediate_adl", "socialised",
        ])
      )
      #expect(seen.hasGap && seen.hasSocialised)
    }
  }

  /// What bankrupt positions give the other side takes, and it is the other side.
  private func checkDeleveraging(_ log: EventLog, _ input: WorldInput, seed: UInt64) {
    var sums: [String: Double] = [:]
    var sides: [String: Set<Double>] = [:]
    for row in log.liquidations where row.kind == .adl || row.kind == .deleveraged {
      let account = input.book.accounts[row.account]
      guard let leg = account.legs.first(where: { $0.kind == .perp && $0.asset == row.asset })
      else {
        Issue.record("seed \(seed): a deleveraged position that nobody has")
        continue
      }
      let key = "\(account.venue) \(row.asset) \(row.time)"
      let sign: Double = leg.quantity > 0 ? 1 : -1
      // By the first leg's side of the book: sizes never change sides.
      sums[key, default: 0] += row.quantity * sign
      sides[key + row.kind.rawValue, default: []].insert(sign)
      #expect(row.quantity > 0)
    }
    for (key, sum) in sums {
      #expect(sum.magnitude < 1e-6, "seed \(seed) \(key)")
      let (bankrupt, other) = (sides[key + "adl"] ?? [], sides[key + "deleveraged"] ?? [])
      #expect(!bankrupt.isEmpty && !other.isEmpty, "seed \(seed) \(key)")
      if bankrupt.count == 1 { #expect(other.isDisjoint(with: bankrupt), "seed \(seed) \(key)") }
    }
  }
}
