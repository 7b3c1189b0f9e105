// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Markets
import Numerics
import Settings
import Sweeps
import TestSupport
import Testing
import TextKit

/// Plateaus and ranks against their definitions, cell by cell.
struct RobustnessTests {
  /// Mean P&L of every cell over some of a world's paths, from a sweep of its own.
  private func means(_ world: RandomWorld, _ paths: Range<Int>) throws -> [Int128] {
    var inputs = world.inputs
    inputs.paths = ScenarioPaths(Array(world.paths[paths]))
    let engine = SweepEngine(grid: try world.grid(), inputs: inputs) {
      (values: [VenueValue]) throws(Failure) -> VenueCatalogue in
      try world.catalogue(replacing: values.map { ($0.path, $0.value) })
    }
    return try engine.run(threads: 2) {}.map { row in
      guard case .money(let pnl) = row.metrics[0] else { return 0 }
      return pnl
    }
  }

  private func ranks(_ means: [Int128]) -> [Int] {
    means.map { own in 1 + means.count { $0 > own } }
  }

  /// Whether two cells differ in one axis alone, with no value of it between theirs.
  private func areNeighbours(_ a: Cell, _ b: Cell, _ grid: Grid) -> Bool {
    let different = a.values.indices.filter { a.values[$0] != b.values[$0] }
    guard different.count == 1 else { return false }
    // Rows of a zip group are no neighbours.
    guard grid.dimensions.contains(where: { $0.axes == [different[0]] }) else { return false }
    let (low, high) = (
      min(a.values[different[0]], b.values[different[0]]),
      max(a.values[different[0]], b.values[different[0]])
    )
    return !grid.axes[different[0]].values.contains { low < $0 && $0 < high }
  }

  /// Pearson's correlation of ranks, equals at the mean of theirs; nil where nothing varies.
  private func spearman(_ a: [Int128], _ b: [Int128]) -> Double? {
    func ranks(_ values: [Int128]) -> [Double] {
      values.map { own in
        let equal = values.count { $0 == own }
        return Double(1 + values.count { $0 > own }) + Double(equal - 1) / 2
      }
    }
    let (x, y) = (ranks(a), ranks(b))
    let mean = Double(x.count + 1) / 2
    let variances = [x, y].map { $0.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } }
    guard variances[0] > 0, variances[1] > 0 else { return nil }
    let joint = zip(x, y).reduce(0) { $0 + ($1.0 - mean) * ($1.1 - mean) }
    return joint / (variances[0] * variances[1]).squareRoot()
  }

  /// Compares a sweep's robustness with the definitions.
  ///
  /// * `halves`: means over the halves of the scenarios, if there are two.
  private func check(
    _ found: Robustness,
    _ grid: Grid,
    _ means: [Int128],
    halves: [[Int128]],
    _ name: String
  ) {
    let cells = (0..<grid.count).map(grid.cell)
    let plateaus = cells.map { cell in
      (cells.filter { areNeighbours(cell, $0, grid) } + [cell]).map { means[$0.index] }.min() ?? 0
    }
    let wholeRanks = ranks(means)
    let halfRanks = halves.map(ranks)
    for cell in cells.indices {
      let entry = found[cell]
      #expect(entry.pnl == means[cell], "\(name), cell \(cell)")
      #expect(entry.plateau == plateaus[cell], "\(name), cell \(cell)")
      #expect(entry.drop == means[cell] - plateaus[cell], "\(name), cell \(cell)")
      #expect(entry.rank == wholeRanks[cell], "\(name), cell \(cell)")
      #expect(entry.rankFirstHalf == halfRanks.first?[cell], "\(name), cell \(cell)")
      #expect(entry.rankSecondHalf == halfRanks.last?[cell], "\(name), cell \(cell)")
    }
    #expect(found.best == wholeRanks.firstIndex(of: 1), "\(name)")
    let order = cells.indices.sorted { (-means[$0], $0) < (-means[$1], $1) }
    for wanted in [0, 1, 2, 7, cells.count, cells.count + 3] {
      #expect(found.best(wanted) == Array(order.prefix(wanted)), "\(name), best \(wanted)")
    }
    let highest = plateaus.max() ?? 0
    let wanted =
      plateaus[found.best] == highest
      ? found.best
      : cells.indices.filter { plateaus[$0] == highest }.max {
        (means[$0], $1) < (means[$1], $0)
      }
    #expect(found.bestPlateau == wanted, "\(name)")
    let stability = halves.isEmpty ? nil : spearman(halves[0], halves[1])
    #expect((found.rankStability == nil) == (stability == nil), "\(name)")
    if let a = found.rankStability, let b = stability { #expect(abs(a - b) < 1e-9, "\(name)") }
  }

  @Test func `plateaus and ranks follow their definitions in random worlds`() throws {
    var (varied, stable) = (0, 0)
    for seed in PropertySeeds.first(90) {
      let world = try RandomWorld(seed: seed, mostCells: 30, mostSteps: 150)
      let engine = try world.engine()
      guard engine.grid.count > 1 else { continue }
      let rows = try engine.runShared(threads: 2) { _ in }
      let count = world.paths.count
      let middle = (count + 1) / 2
      let halves =
        count > 1 ? [try means(world, 0..<middle), try means(world, middle..<count)] : []
      let whole = try means(world, 0..<count)
      for threads in [1, 3] {
        let found = try Robustness(rows, threads: threads)
        check(found, engine.grid, whole, halves: halves, "seed \(seed)")
        if found.rankStability != nil { stable += 1 }
      }
      if Set(whole).count > 1 { varied += 1 }
    }
    guard PropertySeeds.areAll else { return }
    #expect(varied > 5)
    #expect(stable > 2)
  }

  /// Four cells by two axes whose values are not in order, one of the venue file.
  @Test func `venue groups and lists out of order`() throws {
    let kit = try WorldBook()
    let accounts = try [
      kit.long("a", root: 100.1), kit.long("b", root: 99.4), kit.long("c", root: 97),
    ]
    let axes: [(String, [Double])] = [
      ("vault.stop_loss", [0.09, 0.01, 0.03, 0.02, 0.05]),
      ("venues.perps.assets.SOL.maintenance_rate", [0.05, 0.01, 0.03]),
      ("vault.timeout_s", [600, 60, 240, 120]),
    ]
    let paths = try [
      kit.path([103, 101.5, 99.5, 98.5, 97, 100]), kit.path([101.5, 99, 102, 96]),
      kit.path([100.5, 100, 99.9]),
    ]
    func means(_ paths: [PricePath]) throws -> [Int128] {
      let engine = try engine(try grid(axes, base: anyCluster), accounts, paths)
      return try engine.run(threads: 2) {}.map { row in
        guard case .money(let pnl) = row.metrics[0] else { return 0 }
        return pnl
      }
    }
    let sweep = try engine(try grid(axes, base: anyCluster), accounts, paths)
    let found = try Robustness(try sweep.runShared(threads: 2) { _ in }, threads: 2)
    let whole = try means(paths)
    #expect(Set(whole).count > 3)
    check(
      found,
      sweep.grid,
      whole,
      halves: [try means(Array(paths[..<2])), try means(Array(paths[2...]))],
      "three axes"
    )
  }

  @Test func `one cell is its own plateau`() throws {
    let kit = try WorldBook()
    let sweep = try engine(
      try grid([], base: anyCluster),
      [try kit.long("a", root: 99.9)],
      [kit.path([101.5, 99, 97])]
    )
    let found = try Robustness(try sweep.runShared(threads: 1) { _ in }, threads: 1)
    #expect(found.count == 1)
    #expect(found[0].rank == 1)
    #expect(found[0].plateau == found[0].pnl)
    #expect(found[0].rankFirstHalf == nil && found[0].rankSecondHalf == nil)
    #expect(found.rankStability == nil)
    #expect(found.best == 0 && found.bestPlateau == 0)
  }
}
