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
  /// A part of an outcome, and the stages whose settings may move it.
  struct Part {
    var name: String
    var stages: Set<Stage>
    /// The same as another part, where a shared insurance fund lets more stages in.
    var value: @Sendable (Run) -> String
  }

  /// A world with and without protection, as a sweep compares them.
  struct Run {
    var outcome: ScenarioOutcome
    var log: EventLog
  }

  /// The narrowest parts that hold in replay mode.
  ///
  /// The insurance fund is the one thing that market closes and auctions share: penalties fill it,
  /// both draw on it, first come first served.
  static let parts: [Part] = [
    Part(name: "protection", stages: [.oracle, .protection]) { run in
      "\(run.outcome.protection)"
    },
    Part(name: "liquidations without the fund", stages: [.oracle, .protection]) { run in
      let totals = run.outcome.liquidations
      let falls = run.log.liquidations.map {
        "\($0.account) \($0.asset) \($0.time) \($0.kind) \($0.quantity) \($0.mark)"
          + " \($0.liquidationPrice ?? 0) \($0.notional)"
      }
      return "\(totals.count) \(totals.liquidated) \(totals.badDebt + totals.insurancePaid) \(falls)"
    },
    Part(name: "penalties", stages: [.oracle, .protection, .liquidations]) { run in
      "\(run.log.liquidations.map(\.penalty))"
    },
    Part(name: "auctions without the fund", stages: [.oracle, .protection, .auctions]) { run in
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
    Part(name: "insurance", stages: [.oracle, .protection, .liquidations, .auctions]) { run in
      "\(run.outcome.liquidations) \(run.outcome.auctions)"
    },
    Part(name: "vault", stages: [.oracle, .protection, .clusters, .vault]) { run in
      "\(run.outcome.vault) \(run.log.cycles)"
    },
    Part(name: "saved", stages: [.oracle, .protection, .liquidations, .auctions]) { run in
      let outcome = run.outcome
      return "\(outcome.saved) \(outcome.prevented) \(outcome.reducedLosses)"
    },
    Part(name: "what protection logs", stages: [.oracle, .protection]) { run in
      "\(run.log.protection.filter { $0.event != .returned })"
    },
    Part(
      name: "what protection gets back",
      stages: [.oracle, .protection, .liquidations, .auctions]
    ) { run in
      "\(run.log.protection.filter { $0.event == .returned })"
    },
    Part(name: "imbalance", stages: []) { run in "\(run.outcome.ledgerImbalance)" },
  ]

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
    return Run(outcome: outcome, log: world.log ?? EventLog())
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
      let world = try RandomWorld(seed: 5_000 + seed, mostCells: 1, mostSteps: 150)
      let cell = try world.grid().cell(0)
      var random = SplitMix64(seed: seed)
      let input = try world.input(path: 0, cell.venueValues)
      let before = try run(input, cell.settings)
      let values = Self.parts.map { $0.value(before) }
      for setting in Setting.all {
        guard let changed = perturbed(cell.settings, setting.key, &random) else { continue }
        let after = try run(input, changed)
        for (part, value) in zip(Self.parts, values) where part.value(after) != value {
          moved[setting.key, default: []].insert(part.name)
          #expect(
            !part.stages.isDisjoint(with: setting.stages),
            """
            seed \(seed): \(setting.name) from \(cell.settings[setting.key]) to \
            \(changed[setting.key]) moved \(part.name)
            """
          )
        }
      }
    }
    guard seeds.count > 1 else { return }
    // A world in which a setting does nothing would prove nothing about it.
    let inert: [SettingKey] = [
      .oracleOutlierMAD, .clustersApproach, .auctionMechanism, .simulationMode, .reportVarLevel,
    ]
    for setting in Setting.all {
      let parts = (moved[setting.key] ?? []).sorted().joined(separator: ", ")
      print("stage reads: \(setting.name) moved: \(parts)")
      #expect(inert.contains(setting.key) == parts.isEmpty, "\(setting.name) moved \(parts)")
    }
  }
}
