// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Foundation
import Sweeps
import TestSupport
import Testing

/// The engine that shares work against the reference world, every column of every row.
@Suite("Shared engine")
struct SharedEngineTests {
  /// `BREAKWATER_ENGINE_WORLDS` or a usual number, fewer in a build without optimisation.
  private static func seeds(debug: Int, release: Int) -> Range<UInt64> {
    #if DEBUG
    let usual = debug
    #else
    let usual = release
    #endif
    let environment = ProcessInfo.processInfo.environment
    let count = environment["BREAKWATER_ENGINE_WORLDS"].flatMap(Int.init) ?? usual
    let first = UInt64(environment["PROPERTY_SEED"] ?? "1") ?? 1
    return first..<first + UInt64(count)
  }

  /// Every eighth world is of full size; the others show as much in a fraction of the time.
  @Test("equals the reference world in random small worlds")
  func equalsTheReference() throws {
    for seed in SharedEngineTests.seeds(debug: 150, release: 2000) {
      let isLarge = seed % 8 == 0
      let world = try RandomWorld(
        seed: seed,
        mostCells: isLarge ? 48 : 12,
        mostSteps: isLarge ? 400 : 160
      )
      try SharedEngineTests.compare(world)
    }
  }

  @Test("equals the reference world where every mechanism is on")
  func equalsTheReferenceWithEverything() throws {
    for seed in SharedEngineTests.seeds(debug: 60, release: 400) {
      let world = try RandomWorld(seed: seed, everything: true, mostCells: 6, mostSteps: 120)
      try SharedEngineTests.compare(world)
    }
  }

  private static func compare(_ world: RandomWorld) throws {
    let engine = try world.engine()
    let expected = try engine.run(threads: 2) {}
    let found = try engine.runShared(threads: 2) { _ in }
    try #require(expected.count == found.count, "world \(world.seed)")
    for (a, b) in zip(expected, found) where a != b {
      let columns = zip(engine.metricNames, zip(a.metrics, b.metrics)).filter { $1.0 != $1.1 }
      let text = columns.map { "\($0): \($1.0.text), found \($1.1.text)" }
      Issue.record(
        "world \(world.seed), cell \(a.cellID) \(a.values): \(text.joined(separator: "; "))"
      )
      break
    }
  }
}
