// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Settings
import Sweeps
import TestSupport
import Testing
import TextKit

/// Cells drawn by a Sobol sequence, and cells chosen around the Pareto front.
struct RefinementTests {
  private let axes: [(String, [Double])] = [
    ("auction.kappa_bps_per_s", [1, 2, 5, 10, 20, 50]),
    ("vault.recover_bps", [20, 50, 100, 150, 200]),
    ("vault.stop_loss", (1...8).map { Double($0) / 100 }),
  ]

  /// A book whose clusters are deployed at and fall.
  private func engine(_ conditions: [String] = []) throws -> SweepEngine {
    let kit = try WorldBook()
    let grid = try Grid(
      axes: try axes.map { try axis($0.0, $0.1) },
      constraints: try conditions.map { try Constraint($0) },
      base: try worldSettings(anyCluster),
      venueBase: [],
      venueDefaults: [:]
    )
    let accounts = [
      try kit.long("a", root: 96), try kit.long("b", root: 92, protection: .protected()),
    ]
    let paths = try [
      [100, 97, 95.5, 96.5, 94, 92.2, 91, 93, 95], [100, 98, 96.2, 95, 96.8, 97.2, 96, 98, 99],
      [100, 99, 96.9, 95.9, 95.2, 94.1, 92.3, 91.2, 90],
    ].map { try kit.path($0) }
    return try SweepsTests.engine(grid, accounts, paths)
  }

  private func refinement(_ count: Int, rounds: Int = 4, seed: UInt64 = 3) -> GridRefinement {
    GridRefinement(
      first: GridSample(count: count, seed: seed, method: .sobol),
      rounds: rounds
    )
  }

  private func refined(
    _ engine: SweepEngine,
    _ refinement: GridRefinement,
    threads: Int = 1
  ) throws -> (points: [Int], counts: [Int]) {
    var counts: [Int] = []
    let grid = try engine.refined(
      refinement,
      objectives: Objective.defaults,
      threads: threads
    ) { round, cells in
      #expect(round == counts.count + 1)
      counts.append(cells)
    }
    return ((0..<grid.count).map { grid.point(of: $0) }, counts)
  }

  @Test func `rounds add neighbours of the front, the same for any number of threads`() throws {
    let engine = try engine()
    let (points, counts) = try refined(engine, refinement(12))
    #expect(counts.count == 4)
    #expect(counts == counts.sorted() && counts[0] <= 12 && counts[3] > counts[0])
    #expect(points.count == counts[3] && points == Set(points).sorted())
    #expect(points.allSatisfy { $0 >= 0 && $0 < engine.grid.pointCount })
    #expect(try refined(engine, refinement(12), threads: 3).points == points)
    #expect(try refined(engine, refinement(12, seed: 4)).points != points)
    // Fewer rounds are a part of more only in what they draw; one round is the drawing alone.
    let (drawn, single) = try refined(engine, refinement(12, rounds: 1))
    #expect(single == [counts[0]] && Set(points).isSuperset(of: drawn))
    #expect(try engine.drawn(refinement(12)).count == drawn.count)
  }

  /// By the rule, with rows of the reference in place of the shared engine.
  @Test func `two rounds are what the rule says`() throws {
    let engine = try engine()
    let plan = refinement(10, rounds: 2)
    let drawn = try refined(engine, refinement(10, rounds: 1)).points
    let kept = try engine.drawn(plan)
    var columns: [String: Int] = [:]
    for (column, name) in engine.metricNames.enumerated() { columns[name] = column }
    var inputs = engine.inputs
    // Half of three scenarios are two.
    inputs.paths = ScenarioPaths(try [0, 1].map { try engine.inputs.paths.path($0) })
    let half = SweepEngine(grid: kept, inputs: inputs) {
      (values: [VenueValue]) throws(Failure) in
      try WorldVenues.catalogue(replacing: values.map { ($0.path, $0.value) })
    }
    let rows = try half.run(threads: 2) {}
    let front = Frontier.indices(of: rows, columns: columns, objectives: Objective.defaults)
    var expected = Set(drawn)
    let sizes = axes.map(\.1.count)
    let strides = [sizes[1] * sizes[2], sizes[2], 1]
    for index in front {
      let point = kept.point(of: index)
      for (size, stride) in zip(sizes, strides) {
        let digit = point / stride % size
        let distance = (size + 3) / 4
        for other in [max(0, digit - distance), min(size - 1, digit + distance)] {
          expected.insert(point + (other - digit) * stride)
        }
      }
    }
    #expect(try refined(engine, plan).points == expected.sorted())
  }

  @Test func `conditions hold in every round`() throws {
    let engine = try engine(["vault.stop_loss <= 0.05 or vault.recover_bps > 100"])
    let found = try refined(engine, refinement(20)).points
    for point in found {
      let settings = engine.grid.cell(try #require(index(of: point, in: engine.grid))).settings
      #expect(settings[.vaultStopLoss] <= 0.05 || settings[.vaultRecover] > 100)
    }
  }

  private func index(of point: Int, in grid: Grid) -> Int? {
    (0..<grid.count).first { grid.point(of: $0) == point }
  }

  @Test func `nothing to refine is said`() throws {
    let nothing = try SweepsTests.engine(
      try grid([]),
      [try WorldBook().long("a", root: 90)],
      [try WorldBook().path([100, 90])]
    )
    #expect(
      throws: Failure(.data, "found no axis to refine, expected settings in [grid]")
    ) { try nothing.drawn(refinement(5)) }
    let wide = try grid([
      ("vault.recover_bps", (0..<70_000).map { Double($0) / 1000 }),
      ("vault.approach", (0..<70_000).map { Double($0 + 1) / 1e6 }),
    ])
    let much = try SweepsTests.engine(
      wide,
      [try WorldBook().long("a", root: 90)],
      [try WorldBook().path([100, 90])]
    )
    #expect(throws: Failure.self) { try much.drawn(refinement(5)) }
  }

  @Test func `a Sobol sample meets every part of every axis, whatever the seed`() throws {
    for seed in PropertySeeds.first(10) {
      let grid = try Grid(
        sampling: GridSample(count: 64, seed: seed, method: .sobol),
        axes: [
          try axis(
            "vault.timeout_s",
            [300, 7200],
            range: AxisRange(from: 300, to: 7200, isLogarithmic: false)
          ),
          try axis("vault.stop_loss", [0.02, 0.03, 0.05, 0.08]),
        ],
        base: Settings(),
        venueBase: [],
        venueDefaults: [:]
      )
      #expect(grid.count == 64)
      let cells = (0..<64).map { grid.cell($0).settings }
      let timeouts = cells.map { $0[.vaultTimeout] }.sorted()
      for (part, value) in timeouts.enumerated() {
        let low = 300 + 6900 * Double(part) / 64
        #expect(value >= low - 0.01 && value <= low + 6900.0 / 64 + 0.01)
      }
      for stop in [0.02, 0.03, 0.05, 0.08] {
        #expect(cells.count { $0[.vaultStopLoss] == stop } == 16)
      }
      // Together, too: a digital shift keeps the sequence's evenness in two dimensions.
      for stop in [0.02, 0.03, 0.05, 0.08] {
        let own = cells.filter { $0[.vaultStopLoss] == stop }.map { $0[.vaultTimeout] }
        #expect(own.count { $0 < 3750 } == 8)
      }
    }
  }

  @Test func `more axes than there are numbers for are refused`() throws {
    let many = try Grid(
      axes: [],
      base: Settings(),
      venueBase: [],
      venueDefaults: [:]
    )
    #expect(many.count == 1)
    let paths = (0..<70).map { "venues.perps.assets.A\($0).x" }
    #expect(throws: Failure.self) {
      try Grid(
        sampling: GridSample(count: 4, seed: 1, method: .sobol),
        axes: try paths.map { try axis($0, [1, 2]) },
        base: Settings(),
        venueBase: [],
        venueDefaults: [:]
      )
    }
  }
}
