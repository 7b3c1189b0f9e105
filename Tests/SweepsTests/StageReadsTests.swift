// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Markets
import Settings
import Sweeps
import TestSupport
import Testing
import TextKit

/// Settings reach only what the stages that declare them reach (`Setting.stages`,
/// `Stage.upstream`), measured in random worlds with the reference world.
@Suite struct StageReadsTests {
  /// A world with and without protection, as a sweep compares them.
  struct Run {
    var outcome: ScenarioOutcome
    var log: EventLog
    /// Accounts without protection.
    var plain: Set<Int>

    var falls: [LiquidationRecord] { log.liquidations }
  }

  /// A part of an outcome.
  struct Part {
    var name: String
    /// The stage that makes it.
    var maker: Stage
    /// The stages whose settings may move it: all that the maker reads, or fewer.
    var stages: Set<Stage>
    var value: @Sendable (Run) -> String

    init(
      _ name: String,
      by maker: Stage,
      of stages: Set<Stage>,
      value: @escaping @Sendable (Run) -> String
    ) {
      // Nothing is untouched by what happens to accounts by themselves.
      self.stages = stages.union([.accounts])
      (self.name, self.maker, self.value) = (name, maker, value)
    }
  }

  private static func text(_ fall: LiquidationRecord) -> String {
    "\(fall.account) \(fall.asset) \(fall.time) \(fall.kind) \(fall.quantity) \(fall.mark)"
      + " \(fall.liquidationPrice ?? 0) \(fall.notional)"
  }

  /// What no insurance fund is in.
  static let ownParts: [Part] = [
    Part("protection", by: .protection, of: [.oracle, .protection]) { run in
      "\(run.outcome.protection) \(run.log.protection.filter { $0.event != .returned })"
    },
    Part("falls", by: .liquidations, of: [.oracle, .protection]) { run in
      let totals = run.outcome.liquidations
      return "\(totals.count) \(totals.liquidated) \(totals.badDebt + totals.insurancePaid)"
        + " \(run.falls.map(text))"
    },
    Part("falls of the unprotected", by: .liquidations, of: [.oracle]) { run in
      "\(run.falls.filter { run.plain.contains($0.account) }.map(text).sorted())"
    },
    Part("penalties", by: .liquidations, of: [.oracle, .protection, .liquidations]) { run in
      "\(run.falls.map(\.penalty))"
    },
    Part("auctions", by: .auctions, of: [.oracle, .protection, .auctions]) { run in
      var totals = run.outcome.auctions
      totals.badDebt += totals.insurancePaid
      totals.insurancePaid = 0
      let lots = run.log.auctions.map { record in
        var record = record
        record.badDebt = 0
        return "\(record)"
      }
      return "\(totals) \(lots)"
    },
    Part("lots sold of the unprotected", by: .auctions, of: [.oracle, .auctions]) { run in
      let sold = run.log.auctions.filter { record in
        record.outcome == .accepted && run.plain.contains(record.lot.account)
      }
      return
        "\(sold.map { "\($0.lot.account) \($0.lot.asset) \($0.closedAt) \($0.price)" }.sorted())"
    },
    Part("vault", by: .vault, of: [.oracle, .protection, .clusters, .vault]) { run in
      "\(run.outcome.vault) \(run.outcome.vaultReturn) \(run.outcome.idleShare) \(run.log.cycles)"
    },
    Part(
      "saved",
      by: .summary,
      of: [.oracle, .protection, .liquidations, .auctions]
    ) { run in
      "\(run.outcome.saved) \(run.outcome.prevented) \(run.outcome.reducedLosses)"
    },
    Part(
      "protection returned",
      by: .summary,
      of: [.oracle, .protection, .liquidations, .auctions]
    ) { run in
      "\(run.log.protection.filter { $0.event == .returned })"
    },
  ]

  /// The insurance fund, which penalties fill and market closes and auctions draw on in turn.
  ///
  /// How a shortfall is split moves with both. The totals of market closes are the one part that
  /// reads a stage (auctions) outside what its own stage (liquidations) reaches.
  static let fund: [Part] = [
    Part(
      "fund of market closes",
      by: .summary,
      of: [.oracle, .protection, .liquidations, .auctions]
    ) { run in
      "\(run.outcome.liquidations)"
    },
    Part(
      "fund of auctions",
      by: .auctions,
      of: [.oracle, .protection, .liquidations, .auctions]
    ) { run in
      "\(run.outcome.auctions)"
    },
  ]

  static let parts = ownParts + fund

  /// A stage with all that it reads, directly or not.
  static func reach(_ stage: Stage) -> Set<Stage> {
    stage.upstream.reduce(into: [stage]) { $0.formUnion(reach($1)) }
  }

  @Test func `parts are made of what their stages read`() {
    for part in Self.parts {
      #expect(part.stages.isSubset(of: Self.reach(part.maker)), "\(part.name)")
    }
  }

  private func run(_ input: WorldInput, _ settings: Settings) throws -> Run {
    let settings = try WorldSettings(settings)
    let world = try ReferenceWorld.run(input, settings, keepsLog: true)
    var unprotected: WorldResult?
    if settings.protection.isEnabled && !world.protectedFalls.isEmpty {
      var without = settings
      without.protection.isEnabled = false
      unprotected = try ReferenceWorld.run(input, without, hasVault: false)
    }
    let outcome = ScenarioOutcome(
      world,
      unprotected: unprotected,
      capital: settings.vault.capital
    )
    let accounts = input.book.accounts
    return Run(
      outcome: outcome,
      log: world.log ?? EventLog(),
      plain: Set(accounts.indices.filter { !accounts[$0].protection.isProtected })
    )
  }

  /// The settings with one moved to another legal value, nil where there is none.
  private func perturbed(
    _ settings: Settings,
    _ key: SettingKey,
    _ random: inout SplitMix64
  ) -> Settings? {
    for _ in 0..<20 {
      var changed = settings
      changed[key] = RandomWorldSettings.draw(key, &random)
      if changed != settings && changed.complaint == nil { return changed }
    }
    return nil
  }

  @Test func `a setting moves nothing that its stages do not reach`() throws {
    var moved: [SettingKey: Set<String>] = [:]
    let seeds = PropertySeeds.first(40)
    for seed in seeds {
      let world = try RandomWorld(seed: 5_000 + seed, mostCells: 1, mostSteps: 120)
      let cell = try world.grid().cell(0)
      // In cascade mode the vault moves prices, so that everything reads everything.
      var settings = cell.settings
      settings[.simulationMode] = 0
      if seed % 3 == 0 { settings[.vaultEntry] = 1 }
      var random = SplitMix64(seed: seed)
      let input = try world.input(path: 0, cell.venueValues)
      let before = try run(input, settings)
      #expect(before.outcome.ledgerImbalance == 0, "seed \(seed)")
      let values = Self.parts.map { $0.value(before) }
      for setting in Setting.all {
        let needs = RandomWorldSettings.needs(of: setting.key)
        var base = settings
        for (key, value) in needs { base[key] = value }
        guard let changed = perturbed(base, setting.key, &random) else { continue }
        let own = needs.isEmpty ? before : try run(input, base)
        let values = needs.isEmpty ? values : Self.parts.map { $0.value(own) }
        let after = try run(input, changed)
        // A world that is walked shares nothing, so there everything may read everything.
        let isShared = try [base, changed].allSatisfy {
          try WorldSettings($0).walkReasons(input.catalogue).isEmpty
        }
        for (part, value) in zip(Self.parts, values) where part.value(after) != value {
          moved[setting.key, default: []].insert(part.name)
          #expect(
            !isShared || !part.stages.isDisjoint(with: setting.stages),
            """
            seed \(seed): \(setting.name) from \(base[setting.key]) to \
            \(changed[setting.key]) moved \(part.name)
            """
          )
        }
      }
    }
    guard PropertySeeds.areAll else { return }
    // A world in which a setting does nothing would prove nothing about it.
    let inert: [SettingKey] = [
      .clustersApproach, .reportVarLevel,
      // Nothing feeds back in replay mode.
      .cascadeHalfLife, .cascadePassthrough, .cascadeFlowShare, .cascadeMaxImpact,
    ]
    // Settings that do something beside another that few worlds have on; tests of their own.
    let rare = [
      "oracle.", "auction.", "event.", "waterfall.", "backstop.", "adl.", "keepers.",
      "liquidation.penalty_",
    ]
    for setting in Setting.all {
      let parts = (moved[setting.key] ?? []).sorted().joined(separator: ", ")
      print("stage reads: \(setting.name) moved: \(parts)")
      if parts.isEmpty, rare.contains(where: setting.name.hasPrefix) { continue }
      #expect(inert.contains(setting.key) == parts.isEmpty, "\(setting.name) moved \(parts)")
    }
  }
}
