// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Markets
import Settings
import Sweeps
import TestSupport
import Testing

/// What happens in random worlds, and that they are the same again.
@Suite struct RandomWorldTests {
  /// What happened in the first and last cell of a world.
  struct Events {
    var falls = false
    var lots = false
    var accepted = false
    var protection = false
    var withdrawals = false
    var prevented = false
    var cycles = false
    var exits: Set<ExitReason> = []
    var badDebt = false
    /// The vault left exactly at a threshold.
    var isExact = false

    mutating func add(_ logs: [EventLog], _ settings: Settings) {
      for log in logs {
        falls = falls || !log.liquidations.isEmpty
        lots = lots || !log.auctions.isEmpty
        accepted = accepted || log.auctions.contains { $0.outcome == .accepted }
        protection = protection || log.protection.contains { $0.event == .deposit }
        withdrawals = withdrawals || log.protection.contains { $0.event == .withdrawal }
        cycles = cycles || !log.cycles.isEmpty
        badDebt = badDebt || log.liquidations.contains { $0.shortfall > 0 }
        exits.formUnion(log.cycles.map(\.reason))
        let slip = 1 - settings[.vaultExitSlippage] / 10_000
        isExact =
          isExact
          || log.cycles.contains { cycle in
            cycle.exitPrice == cycle.deployPrice * (1 + settings[.vaultRecover] / 10_000)
              || cycle.exitPrice == cycle.deployPrice * (1 - settings[.vaultStopLoss]) * slip
          }
      }
    }
  }

  private func events(_ world: RandomWorld) throws -> Events {
    let engine = try world.engine()
    var events = Events()
    for index in Set([0, engine.grid.count - 1]) {
      let cell = engine.grid.cell(index)
      let (row, logs) = try engine.replay(cell, threads: 1)
      events.add(logs, cell.settings)
      for (name, metric) in zip(engine.metricNames, row.metrics) {
        if name == "ledger_imbalance_usd" {
          #expect(metric == .money(0), "seed \(world.seed), cell \(index)")
        }
        if name == "protection_prevented_liquidations" {
          events.prevented = events.prevented || metric != .number(0)
        }
      }
    }
    return events
  }

  @Test func `things happen in most random worlds`() throws {
    let count = 300
    var refused: [String] = []
    var all: [Events] = []
    for seed in PropertySeeds.first(UInt64(count)) {
      do {
        let world = try RandomWorld(seed: seed)
        try world.grid().validate()
        all.append(try events(world))
      } catch {
        refused.append("seed \(seed): \(error)")
      }
    }
    func share(_ name: String, _ happened: (Events) -> Bool) -> Double {
      let share = Double(all.count(where: happened)) / Double(max(1, all.count))
      print("random worlds: \(name) in \((share * 1000).rounded() / 10) %")
      return share
    }
    for line in refused { print("random worlds: refused \(line)") }
    guard count == all.count + refused.count else { return }
    #expect(refused.count * 50 <= count, "refused: \(refused)")
    #expect(share("accounts fall") { $0.falls } >= 0.8)
    #expect(share("protection deposits") { $0.protection } >= 0.6)
    #expect(share("protection withdraws") { $0.withdrawals } >= 0.15)
    #expect(share("protection prevents") { $0.prevented } >= 0.1)
    #expect(share("the vault deploys") { $0.cycles } >= 0.6)
    #expect(share("lots open") { $0.lots } >= 0.4)
    #expect(share("lots are accepted") { $0.accepted } >= 0.2)
    #expect(share("somebody falls short") { $0.badDebt } >= 0.2)
    #expect(share("the vault leaves exactly at a threshold") { $0.isExact } >= 0.04)
    for reason in ExitReason.allCases {
      #expect(share("the vault leaves by \(reason)") { $0.exits.contains(reason) } >= 0.1)
    }
  }

  @Test func `worlds hold accounts and prices of all sorts`() throws {
    var counts: [String: Int] = [:]
    let seeds = PropertySeeds.first(150)
    for seed in seeds {
      for word in try RandomWorld(seed: seed).contents() { counts[word, default: 0] += 1 }
    }
    guard PropertySeeds.areAll else { return }
    for word in RandomWorld.allContents {
      let share = Double(counts[word] ?? 0) / Double(seeds.count)
      print("random worlds: \(word) in \((share * 1000).rounded() / 10) %")
      #expect(share >= 0.04, "\(word)")
    }
  }

  @Test func `a seed gives the same world, and another a different one`() throws {
    func text(_ seed: UInt64) throws -> String {
      let world = try RandomWorld(seed: seed)
      var words =
        world.venues + "\(world.base)\(world.axes)\(world.venueBase)"
        + "\(world.zipped)\(world.constraints)"
      for account in world.book.accounts { words += "\(account)" }
      for path in world.paths { words += "\(path.times)\(path.assets)\(path.values)" }
      return words + "\(world.confidenceRatios)\(world.slot0)"
    }
    for seed in PropertySeeds.first(20) {
      let first = try text(seed)
      #expect(first == (try text(seed)), "seed \(seed)")
      #expect(first != (try text(seed + 1)), "seed \(seed)")
    }
  }

  @Test func `the first and last cell run as they are replayed`() throws {
    for seed in PropertySeeds.first(40) {
      let world = try RandomWorld(seed: seed)
      let engine = try world.engine()
      for index in Set([0, engine.grid.count - 1]) {
        let cell = engine.grid.cell(index)
        let alone = try world.engine(engine.grid.narrowed(to: cell.values))
        let rows = try alone.run(threads: 1) {}
        let replayed = try engine.replay(cell, threads: 1).row
        #expect(rows == [replayed], "seed \(seed), cell \(index)")
      }
    }
  }
}
