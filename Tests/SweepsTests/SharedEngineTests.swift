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
  /// Fewer in a build without optimisation; the release build decides.
  private static var worlds: Int {
    #if DEBUG
    let usual = 150
    #else
    let usual = 2000
    #endif
    let given = ProcessInfo.processInfo.environment["BREAKWATER_ENGINE_WORLDS"]
    return given.flatMap(Int.init) ?? usual
  }

  /// Every eighth world is of full size; the others show as much in a fraction of the time.
  @Test("equals the reference world in random small worlds")
  func equalsTheReference() throws {
    let first = UInt64(ProcessInfo.processInfo.environment["PROPERTY_SEED"] ?? "1") ?? 1
    for seed in first..<first + UInt64(SharedEngineTests.worlds) {
      let isLarge = seed % 8 == 0
      let world = try RandomWorld(
        seed: seed,
        mostCells: isLarge ? 48 : 12,
        mostSteps: isLarge ? 400 : 160
      )
      let engine = try world.engine()
      let expected = try engine.run(threads: 2) {}
      let found = try engine.runShared(threads: 2) { _ in }
      try #require(expected.count == found.count, "world \(seed)")
      for (a, b) in zip(expected, found) where a != b {
        let columns = zip(engine.metricNames, zip(a.metrics, b.metrics)).filter { $1.0 != $1.1 }
        let text = columns.map { "\($0): \($1.0.text), found \($1.1.text)" }
        Issue.record("world \(seed), cell \(a.cellID) \(a.values): \(text.joined(separator: "; "))")
        break
      }
    }
  }
}
