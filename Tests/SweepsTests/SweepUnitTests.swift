// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Markets
import Settings
import Sweeps
import Synchronization
import TestSupport
import Testing
import TextKit

/// Units of work: numbers, shares, bytes.
struct SweepUnitTests {
  private let kit: WorldBook

  init() throws { kit = try WorldBook() }

  private func sample() throws -> SweepEngine {
    let accounts = try [
      kit.long("a", root: 100.1), kit.long("b", root: 99.4), kit.long("c", root: 97),
    ]
    let axes: [(String, [Double])] = [
      ("vault.stop_loss", [0.02, 0.05]),
      ("venues.perps.assets.SOL.maintenance_rate", [0.05, 0.03]),
      ("vault.timeout_s", [60, 120, 180, 240, 300, 360, 420, 480, 540, 600, 660, 720, 780]),
    ]
    return try engine(
      try grid(axes, base: anyCluster),
      accounts,
      [
        kit.path([103, 101.5, 99.5, 98.5, 97, 100]), kit.path([101.5, 99, 102, 96]),
        kit.path([100.5, 100, 99.9]),
      ]
    )
  }

  /// The bytes of some units by their numbers.
  private func bytes(
    _ engine: SweepEngine,
    _ units: [Int],
    threads: Int
  ) throws -> [Int: [UInt8]] {
    var found: [Int: [UInt8]] = [:]
    try engine.run(
      units: units,
      threads: threads,
      isCancelled: { false },
      progress: { _ in },
      done: { (unit: Int, bytes: [UInt8]) throws(Failure) in found[unit] = bytes }
    )
    return found
  }

  @Test func `rows of all units are those of the sweep, for any threads and order`() throws {
    let engine = try sample()
    let plain = try engine.run(threads: 2, progress: {})
    let all = Array(0..<engine.unitCount)
    let one = try bytes(engine, all, threads: 1)
    #expect(one.keys.sorted() == all)
    #expect(Set(one.values).count > 10)
    #expect(try bytes(engine, all.reversed(), threads: 5) == one)
    let rows = try engine.rows(threads: 1) { (unit: Int) throws(Failure) in one[unit] ?? [] }
    #expect(Array(rows) == plain)
  }

  @Test func `progress counts every cell in every scenario once`() throws {
    let engine = try sample()
    let count = Atomic(0)
    try engine.run(
      units: Array(0..<engine.unitCount),
      threads: 3,
      isCancelled: { false },
      progress: { count.wrappingAdd($0, ordering: .relaxed) },
      done: { (_: Int, _: [UInt8]) throws(Failure) in }
    )
    #expect(count.load(ordering: .relaxed) == engine.grid.count * 3)
  }

  @Test func `nothing is begun after a cancellation, and what was handed over stays`() throws {
    let engine = try sample()
    let all = try bytes(engine, Array(0..<engine.unitCount), threads: 1)
    let isCancelled = Atomic(false)
    var found: [Int: [UInt8]] = [:]
    try engine.run(
      units: Array(0..<engine.unitCount),
      threads: 2,
      isCancelled: { isCancelled.load(ordering: .relaxed) },
      progress: { _ in },
      done: { (unit: Int, bytes: [UInt8]) throws(Failure) in
        found[unit] = bytes
        isCancelled.store(true, ordering: .relaxed)
      }
    )
    #expect(!found.isEmpty && found.count < all.count)
    for (unit, bytes) in found { #expect(bytes == all[unit]) }
  }

  @Test(arguments: PropertySeeds.first(20))
  func `damaged bytes are refused`(_ seed: UInt64) throws {
    let engine = try sample()
    let good = try bytes(engine, Array(0..<engine.unitCount), threads: 2)
    var random = SplitMix64(seed: seed)
    for _ in 0..<50 {
      let unit = random.whole(0, engine.unitCount - 1)
      var bad = try #require(good[unit])
      switch random.whole(0, 2) {
      case 0: bad.removeLast(random.whole(1, bad.count))
      case 1: bad.append(UInt8(random.whole(0, 255)))
      default: bad[random.whole(0, bad.count - 1)] ^= UInt8(1 << random.whole(0, 7))
      }
      let changed = bad
      do throws(Failure) {
        _ = try engine.rows(threads: 1) { (asked: Int) throws(Failure) in
          asked == unit ? changed : good[asked] ?? []
        }
        Issue.record("damaged bytes were taken")
      } catch {
        #expect(error.kind == .data)
      }
    }
  }

  @Test(arguments: [
    (1, 1), (1, 64), (1, 100), (4, 2), (10, 7), (65_536, 64), (65_536, 63), (7, 1), (100, 8),
    (5, 3), (0, 3), (3, 0), (10_000_000, 1000),
  ])
  func `units cover each cell in each scenario once`(_ cells: Int, _ scenarios: Int) throws {
    let plan = UnitPlan(cells: cells, scenarios: scenarios)
    #expect(plan.cellScenarios(of: 0..<plan.count) == cells * scenarios)
    if cells > 0 && scenarios > 0 {
      #expect(plan.blockCount == min(cells, (64 + scenarios - 1) / scenarios))
      #expect(plan.count == plan.blockCount * scenarios)
    } else {
      #expect(plan.count == 0)
    }
  }

  @Test func `shards share the units without rest, none has more than one more`() throws {
    for (cells, scenarios) in [(1, 1), (4, 2), (256, 8), (1000, 3), (50, 64), (9, 100), (64, 1)] {
      let plan = UnitPlan(cells: cells, scenarios: scenarios)
      for count in [1, 2, 3, 7, 8, 64, 1000] {
        let shares = try (1...count).map {
          plan.units(of: try #require(Shard(index: $0, count: count)))
        }
        #expect(shares.flatMap { $0 }.sorted() == Array(0..<plan.count))
        let sizes = shares.map(\.count)
        #expect(try #require(sizes.max()) - (try #require(sizes.min())) <= 1)
        #expect(shares.allSatisfy { $0 == $0.sorted() })
      }
    }
  }

  /// Where shards divide the blocks evenly none may have the same cells in all scenarios.
  @Test func `no shard has the same block only`() throws {
    let plan = UnitPlan(cells: 256, scenarios: 8)
    #expect(plan.blockCount == 8)
    for index in 1...8 {
      let units = plan.units(of: try #require(Shard(index: index, count: 8)))
      #expect(Set(units.map { $0 % 8 }).count == 8)
      #expect(Set(units.map { $0 / 8 }).count == 8)
    }
  }

  @Test func `a shard lies among its shards`() {
    #expect(Shard(index: 0, count: 3) == nil)
    #expect(Shard(index: 4, count: 3) == nil)
    #expect(Shard(index: 1, count: 0) == nil)
    #expect(Shard(index: 3, count: 3)?.text == "3/3")
  }
}
