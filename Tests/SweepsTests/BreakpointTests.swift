// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Markets
import Settings
import Sweeps
import TestSupport
import Testing
import TextKit

/// Exact exit levels against the reference world, run level by level.
struct BreakpointTests {
  /// When and why a cycle ended.
  private struct Exit: Equatable {
    var deployedAt: Int64
    var exitedAt: Int64
    var reason: ExitReason
  }

  /// The cycles of one path in the reference world.
  private func outcome(
    _ input: WorldInput,
    _ settings: Settings,
    _ axis: ExitLevel,
    _ level: Double
  ) throws -> [Exit] {
    var settings = settings
    settings[axis == .stopLoss ? .vaultStopLoss : .vaultTimeout] = level
    let result = try ReferenceWorld.run(input, try WorldSettings(settings), keepsLog: true)
    return (result.log?.cycles ?? []).map {
      Exit(deployedAt: $0.deployedAt, exitedAt: $0.exitedAt, reason: $0.reason)
    }
  }

  /// Compares levels with the reference world: equal outcomes between two of them, different ones
  /// on both sides of each, to the next double.
  ///
  /// - Returns: how many levels were tried.
  private func check(
    _ levels: [Double],
    in range: ClosedRange<Double>,
    _ axis: ExitLevel,
    _ input: WorldInput,
    _ settings: Settings,
    _ random: inout SplitMix64,
    _ name: String
  ) throws -> Int {
    #expect(levels == levels.sorted() && Set(levels).count == levels.count, "\(name)")
    #expect(levels.allSatisfy { $0 > range.lowerBound && $0 <= range.upperBound }, "\(name)")
    // Of many levels some runs in a row.
    let most = 24
    let first = levels.count <= most ? 0 : random.whole(0, levels.count - most)
    let tried = Array(levels[first..<min(levels.count, first + most)])
    var lower = first == 0 ? range.lowerBound : levels[first - 1]
    var before: [Exit]?
    let end = first + tried.count
    let beyond = end < levels.count ? levels[end].nextDown : range.upperBound
    for upper in tried.map(\.nextDown) + [beyond] {
      let found = try outcome(input, settings, axis, lower)
      if let before { #expect(before != found, "\(name): nothing changes at \(lower)") }
      var inside = [upper]
      for _ in 0..<3 { inside.append(lower + (upper - lower) * random.number(0, 1)) }
      // Levels near 0 by their size.
      inside.append(max(lower, min(upper, upper * random.number(0, 0.01))))
      for level in inside where level >= lower && level <= upper {
        let other = try outcome(input, settings, axis, level)
        #expect(other == found, "\(name): \(lower) and \(level) differ")
      }
      before = found
      lower = upper.nextUp
    }
    return tried.count
  }

  @Test func `outcomes change at the levels and nowhere else`() throws {
    var counts: [ExitLevel: Int] = [:]
    var delayed = 0
    for seed in PropertySeeds.first(120) {
      let world = try RandomWorld(seed: seed, mostSteps: 200)
      let engine = try world.engine()
      var random = SplitMix64(seed: seed &+ 77)
      let cell = engine.grid.cell(random.whole(0, engine.grid.count - 1))
      let venues = try world.catalogue(replacing: cell.venueValues.map { ($0.path, $0.value) })
      guard try WorldSettings(cell.settings).walkReasons(venues).isEmpty else {
        // What is walked has no levels that anybody knows.
        #expect(throws: Failure.self) { try engine.exitLevels(of: cell, threads: 1) }
        continue
      }
      let found = try engine.exitLevels(of: cell, threads: 2)
      try #require(found.count == world.paths.count)
      for (path, levels) in found.enumerated() {
        let input = try world.input(path: path, cell.venueValues)
        for axis in ExitLevel.allCases {
          let tried = try check(
            levels[axis] ?? [],
            in: engine.range(of: axis),
            axis,
            input,
            cell.settings,
            &random,
            "seed \(seed), path \(path), \(axis.rawValue)"
          )
          counts[axis, default: 0] += tried
          if cell.settings[.vaultCrankDelay] > 0 { delayed += tried }
        }
      }
      checkTotals(try engine.breakpoints(of: cell, threads: 1), found, "seed \(seed)")
    }
    guard PropertySeeds.areAll else { return }
    #expect(counts[.stopLoss, default: 0] > 60)
    #expect(counts[.timeout, default: 0] > 200)
    #expect(delayed > 30)
  }

  /// Every level is listed once, with the number of scenarios that have it.
  private func checkTotals(
    _ list: [ExitBreakpoint],
    _ levels: [[ExitLevel: [Double]]],
    _ name: String
  ) {
    for axis in ExitLevel.allCases {
      var counts: [Double: Int] = [:]
      for level in levels.flatMap({ $0[axis] ?? [] }) { counts[level, default: 0] += 1 }
      let found = list.filter { $0.axis == axis }
      #expect(found.map(\.level) == counts.keys.sorted(), "\(name)")
      #expect(found.allSatisfy { counts[$0.level] == $0.scenarios }, "\(name)")
    }
    #expect(list.map(\.axis.rawValue) == list.map(\.axis.rawValue).sorted(), "\(name)")
  }

  /// One fall, levels by hand: running minima 97 and 95 below the deploy price, steps of 60 s.
  @Test func `levels of one fall`() throws {
    let kit = try WorldBook()
    let path = try kit.path([101.5, 101, 97, 98, 95, 96])
    let sweep = try engine(
      try grid(
        [("vault.stop_loss", [0.01, 0.2]), ("vault.timeout_s", [30, 100_000])],
        base: anyCluster
      ),
      [try kit.long("a", root: 100.1)],
      [path, path]
    )
    let cell = sweep.grid.cell(1)
    #expect(cell.values == [0.01, 100_000])
    let found = try sweep.breakpoints(of: cell, threads: 2)
    let stops = found.filter { $0.axis == .stopLoss }
    #expect(stops.map(\.scenarios) == [2, 2])
    let deployPrice = (99.83320213261966 * 100.33236814328276).squareRoot()
    for (level, price) in zip(stops.map(\.level), [97.0, 95]) {
      #expect(deployPrice * (1 - level) < price)
      #expect(deployPrice * (1 - level.nextDown) >= price)
    }
    // With the stop-loss of 1 % the vault is gone at the third step.
    let timeouts = found.filter { $0.axis == .timeout }
    #expect(timeouts.map(\.scenarios) == [2])
    for level in timeouts.map(\.level) {
      #expect((level * 1000).rounded(.toNearestOrEven) == 60_001)
      #expect((level.nextDown * 1000).rounded(.toNearestOrEven) == 60_000)
    }
  }
}
