// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Numerics
import Settings
import Sweeps
import TestSupport
import Testing
import TextKit

/// The audit finds what it looks for, and nothing else.
@Suite("Audit of a sweep")
struct AuditTests {
  /// A world in which the vault runs and that has enough cells.
  private static func world() throws -> RandomWorld {
    for seed in UInt64(1)...200 {
      let world = try RandomWorld(seed: seed)
      let rows = try world.engine().runShared(threads: 1) { _ in }
      let names = try world.engine().metricNames
      let column = try #require(names.firstIndex(of: "vault_cycles"))
      if rows.count > 3, case .number(let cycles?) = rows[0].metrics[column], cycles > 0 {
        return world
      }
    }
    return try #require(nil as RandomWorld?)
  }

  private static func bytes(_ engine: SweepEngine) throws -> [[UInt8]] {
    var found = Array(repeating: [UInt8](), count: engine.unitCount)
    try engine.run(
      units: Array(found.indices),
      threads: 2,
      isCancelled: { false },
      progress: { _ in }
    ) { (unit: Int, bytes: [UInt8]) throws(Failure) in found[unit] = bytes }
    return found
  }

  @Test("every world of a right sweep passes")
  func rightSweepPasses() throws {
    let engine = try AuditTests.world().engine()
    let rows = try engine.runShared(threads: 2) { _ in }
    let worlds = try engine.auditedWorlds(share: 1, threads: 2)
    #expect(worlds.count == engine.grid.count * engine.inputs.paths.count)
    try engine.audit(worlds, of: rows, threads: 2) {}
  }

  @Test("results of other settings are told with cell, scenario, step and column, as our bug")
  func wrongSweepFails() throws {
    let world = try AuditTests.world()
    let engine = try world.engine()
    var base = engine.grid.base
    // Twice the cost of a cycle: the same shape of results, other numbers.
    base[.vaultCycleCost] += 12_345
    let grid = engine.grid
    let wrong = try world.engine(
      try Grid(axes: grid.axes, base: base, venueBase: grid.venueBase, venueDefaults: [:])
    )
    let made = try AuditTests.bytes(wrong)
    let rows = try engine.rows(threads: 1) { (unit: Int) throws(Failure) in made[unit] }
    let worlds = try engine.auditedWorlds(share: 1, threads: 1)
    do throws(Failure) {
      try engine.audit(worlds, of: rows, threads: 1) {}
      Issue.record("the audit took results of other settings")
    } catch {
      #expect(error.kind == .internalError)
      #expect(error.message.contains("audit: cell "))
      #expect(error.message.contains("scenario "))
      #expect(error.message.contains("vault_"))
    }
  }

  @Test("a share takes cells by the hash of their ids, at least one")
  func shareChoosesCells() throws {
    let engine = try AuditTests.world().engine()
    let least = try engine.auditedWorlds(share: 0, threads: 1)
    #expect(Set(least.map(\.cell)).count == 1)
    let some = try engine.auditedWorlds(share: 0.5, threads: 1)
    #expect(some == (try engine.auditedWorlds(share: 0.5, threads: 3)))
    for world in some {
      let id = try #require(UInt64(engine.grid.cell(world.cell).id, radix: 16))
      let hash = fmix64(id ^ engine.inputs.seed)
      #expect(Double(hash) < 0x1p63 || Set(some.map(\.cell)).count == 1)
    }
    #expect(!(try engine.auditedWorlds(share: nil, threads: 1)).isEmpty)
  }
}
