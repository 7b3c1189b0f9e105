// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Settings
import Sweeps
import TestSupport
import Testing

/// Cascade mode in random worlds.
@Suite struct CascadeModeTests {
  private func outcome(_ input: WorldInput, _ settings: Settings) throws -> WorldResult {
    try ReferenceWorld.run(input, try WorldSettings(settings), keepsLog: true)
  }

  @Test func `without impact cascade mode is replay mode`() throws {
    for seed in PropertySeeds.first(60) {
      let world = try RandomWorld(seed: 9_000 + seed, mostCells: 1, mostSteps: 150)
      let cell = try world.grid().cell(0)
      let input = try world.input(path: 0, cell.venueValues)
      var settings = cell.settings
      settings[.simulationMode] = 0
      let replay = try outcome(input, settings)
      settings[.simulationMode] = 1
      settings[.cascadePassthrough] = 0
      settings[.cascadeFlowShare] = 0
      var cascade = try outcome(input, settings)
      cascade.cascade = CascadeTotals()
      #expect("\(cascade)" == "\(replay)", "seed \(seed)")
    }
  }

  @Test func `what does not reach the oracle liquidates nobody`() throws {
    var moved = 0
    for seed in PropertySeeds.first(60) {
      let world = try RandomWorld(seed: 9_500 + seed, mostCells: 1, mostSteps: 150)
      let cell = try world.grid().cell(0)
      let input = try world.input(path: 0, cell.venueValues)
      var settings = cell.settings
      settings[.simulationMode] = 1
      settings[.cascadePassthrough] = 0
      settings[.cascadeFlowShare] = 1
      settings[.marketDepth] = 500
      let pressed = try outcome(input, settings)
      settings[.simulationMode] = 0
      let replay = try outcome(input, settings)
      #expect(pressed.protection == replay.protection, "seed \(seed)")
      #expect(pressed.liquidations.count == replay.liquidations.count, "seed \(seed)")
      #expect(pressed.liquidations.liquidated == replay.liquidations.liquidated, "seed \(seed)")
      #expect(pressed.ledgerImbalance == 0, "seed \(seed)")
      if pressed.vault != replay.vault { moved += 1 }
    }
    if PropertySeeds.areAll { #expect(moved > 0) }
  }
}
