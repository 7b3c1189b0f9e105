// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Settings
import Sweeps
import TestSupport
import Testing
import TextKit

/// Grids that are not the full product: zip groups, constraints, samples.
@Suite struct GridShapeTests {
  private func grid(
    _ axes: [Axis],
    zips: [[Axis]] = [],
    where conditions: [String] = []
  ) throws -> Grid {
    try Grid(
      axes: axes,
      zips: zips,
      constraints: try conditions.map { try Constraint($0) },
      base: Settings(),
      venueBase: [],
      venueDefaults: [:]
    )
  }

  private func sample(_ conditions: [String] = []) throws -> Grid {
    try grid(
      [try axis("auction.gas_usd", [1, 2]), try axis("vault.recover_bps", [50, 100])],
      zips: [
        [
          try axis("vault.timeout_s", [300, 900, 300], allowsRepeats: true),
          try axis("protection.poll_s", [10, 30, 60]),
        ]
      ],
      where: conditions
    )
  }

  @Test func `a zip group is one dimension, where its first axis stands`() throws {
    let grid = try sample()
    #expect(
      grid.axes.map(\.name) == [
        "auction.gas_usd", "protection.poll_s", "vault.recover_bps", "vault.timeout_s",
      ]
    )
    var expected: [[Double]] = []
    for gas in [1.0, 2] {
      for (poll, timeout) in [(10.0, 300.0), (30, 900), (60, 300)] {
        for recover in [50.0, 100] { expected.append([gas, poll, recover, timeout]) }
      }
    }
    #expect(grid.isProduct)
    #expect((0..<grid.count).map { grid.cell($0).values } == expected)
    #expect(grid.cell(11).settings[.protectionPoll] == 60)
    #expect(grid.cell(11).settings[.vaultTimeout] == 300)
  }

  @Test func `ids are those of the full product`() throws {
    let product = try grid([
      try axis("auction.gas_usd", [2, 1]), try axis("vault.recover_bps", [100, 50]),
      try axis("vault.timeout_s", [900, 300]), try axis("protection.poll_s", [60, 30, 10]),
    ])
    var ids: [[Double]: String] = [:]
    for index in 0..<product.count {
      ids[product.cell(index).values] = product.cell(index).id
    }
    let some = try sample(["protection.poll_s != 30"])
    #expect(some.count == 8)
    for index in 0..<some.count {
      let cell = some.cell(index)
      #expect(ids[cell.values] == cell.id)
      #expect(try some.narrowed(to: cell.values).cell(0).id == cell.id)
    }
  }

  @Test func `what cannot be zipped is refused`() throws {
    let timeout = try axis("vault.timeout_s", [300, 900])
    let poll = try axis("protection.poll_s", [10, 30, 60])
    #expect(
      throws: Failure(
        .data,
        "zip: found 2 values of vault.timeout_s and 3 of protection.poll_s, expected equally many"
      )
    ) { try grid([], zips: [[timeout, poll]]) }
    #expect(
      throws: Failure(
        .data,
        "vault.timeout_s is swept twice, expected once, on its own or in one zip"
      )
    ) { try grid([timeout], zips: [[timeout, try axis("protection.poll_s", [1, 2])]]) }
    #expect(
      throws: Failure(
        .data,
        "zip: rows 1 and 3 of vault.timeout_s, protection.poll_s are equal, expected different ones"
      )
    ) {
      try grid(
        [],
        zips: [
          [
            try axis("vault.timeout_s", [300, 900, 300], allowsRepeats: true),
            try axis("protection.poll_s", [10, 10, 10], allowsRepeats: true),
          ]
        ]
      )
    }
  }

  @Test func `points and keys fit together where cells are left out`() throws {
    let grid = try sample(["protection.poll_s != 30 or vault.recover_bps > 50"])
    #expect(!grid.isProduct)
    #expect(grid.pointCount == 12)
    #expect((0..<grid.count).map(grid.point(of:)) == [0, 1, 3, 4, 5, 6, 7, 9, 10, 11])
    #expect((0..<grid.count).map { grid.cell($0).index } == Array(0..<10))
    #expect((0..<grid.count).map { grid.cell($0).point } == (0..<10).map(grid.point(of:)))
    // Protection sees three polls; the vault what protection sees, timeout and recover; auctions
    // what protection sees and the gas. Timeouts repeat: stages of the vault alone see two.
    let counts: [(Set<Stage>, Int)] = [
      (Stage.protection.closure, 3), (Stage.vault.closure, 6), (Stage.auctions.closure, 6),
      ([.vault], 4), ([.oracle], 1),
    ]
    for (stages, count) in counts {
      let keys = StageKeys(grid, reading: stages)
      #expect(keys.count == count, "\(stages)")
      for key in 0..<keys.count { #expect(keys.key(of: keys.point(of: key)) == key) }
      for point in 0..<grid.pointCount {
        let first = keys.point(of: keys.key(of: point))
        #expect(first <= point)
        #expect(keys.key(of: first) == keys.key(of: point))
      }
    }
  }

  @Test func `validation looks at the cells alone`() throws {
    let axes = try [
      axis("protection.trigger_distance", [0.05, 0.2]),
      axis("protection.safe_distance", [0.1, 0.3]),
    ]
    #expect(throws: Failure.self) { try grid(axes).validate() }
    let some = try grid(
      axes,
      where: ["protection.trigger_distance <= protection.safe_distance"]
    )
    #expect(some.count == 3)
    try some.validate()
  }
}

/// Latin hypercubes of grids.
@Suite struct GridSampleTests {
  private func draw(
    _ count: Int,
    seed: UInt64 = 1,
    zips: [[Axis]] = [],
    where conditions: [String] = []
  ) throws -> Grid {
    try Grid(
      sampling: GridSample(count: count, seed: seed),
      axes: [
        try axis(
          "vault.timeout_s",
          [300, 7200],
          range: AxisRange(from: 300, to: 7200, isLogarithmic: false)
        ),
        try axis(
          "auction.kappa_bps_per_s",
          [0.5],
          range: AxisRange(from: 0.5, to: 50, isLogarithmic: true)
        ),
        try axis("vault.stop_loss", [0.02, 0.03, 0.05]),
        try axis(
          "auction.specialists",
          [1, 20],
          range: AxisRange(from: 1, to: 20, isLogarithmic: false)
        ),
      ],
      zips: zips,
      constraints: try conditions.map { try Constraint($0) },
      base: Settings(),
      venueBase: [],
      venueDefaults: [:]
    )
  }

  private func column(_ name: String, of grid: Grid) -> [Double] {
    let place = grid.axes.firstIndex { $0.name == name } ?? 0
    return (0..<grid.count).map { grid.cell($0).values[place] }
  }

  @Test func `every part of every axis is drawn once`() throws {
    let count = 200
    for seed in PropertySeeds.first(20) {
      let grid = try draw(count, seed: seed)
      #expect(grid.count == count)
      try grid.validate()
      // Rounded values may lie a little outside their part.
      let timeouts = column("vault.timeout_s", of: grid).sorted()
      for (part, value) in timeouts.enumerated() {
        let low = 300 + 6900 * Double(part) / Double(count)
        #expect(value >= low - 0.01 && value <= low + 6900 / Double(count) + 0.01)
      }
      // At a random place of the part, not always at the same.
      let inside = timeouts.enumerated().map { ($1 - 300) / 6900 * Double(count) - Double($0) }
      #expect(inside.contains { $0 < 0.25 } && inside.contains { $0 > 0.75 })
      let kappas = column("auction.kappa_bps_per_s", of: grid).sorted()
      var low = 0.5
      for value in kappas {
        let high = low * 1.0232929922807541  // 100^(1/200)
        #expect(value >= low * 0.99999 && value <= high * 1.00001)
        low = high
      }
      let stops = column("vault.stop_loss", of: grid)
      for value in [0.02, 0.03, 0.05] {
        #expect((65...68).contains(stops.count { $0 == value }))
      }
      #expect(column("auction.specialists", of: grid).allSatisfy { $0 == $0.rounded() })
      // Axes are shuffled apart.
      #expect(column("vault.timeout_s", of: grid) != timeouts)
      #expect(grid.dimensions.count == 1)
    }
  }

  @Test func `a seed gives the same cells, and another different ones`() throws {
    func ids(_ seed: UInt64) throws -> [String] {
      let grid = try draw(50, seed: seed)
      return (0..<grid.count).map { grid.cell($0).id }
    }
    #expect(try ids(7) == ids(7))
    #expect(try Set(ids(7)).isDisjoint(with: ids(8)))
  }

  @Test func `rows of a zip group are drawn whole, and constraints hold`() throws {
    let zip = try [axis("protection.poll_s", [10, 30]), axis("protection.cooldown_s", [60, 120])]
    let grid = try draw(100, zips: [zip], where: ["vault.timeout_s > 100 * protection.poll_s"])
    #expect(grid.count > 50 && grid.count < 100)
    for index in 0..<grid.count {
      let settings = grid.cell(index).settings
      #expect(settings[.protectionCooldown] == (settings[.protectionPoll] == 10 ? 60 : 120))
      #expect(settings[.vaultTimeout] > 100 * settings[.protectionPoll])
    }
  }

  @Test func `equal rows are there once, and nothing cannot be drawn of`() throws {
    func grid(_ axes: [Axis], _ count: Int) throws -> Grid {
      try Grid(
        sampling: GridSample(count: count, seed: 3),
        axes: axes,
        base: Settings(),
        venueBase: [],
        venueDefaults: [:]
      )
    }
    let few = try grid([try axis("vault.stop_loss", [0.02, 0.05])], 10)
    #expect(Set((0..<few.count).map { few.cell($0).values }) == [[0.02], [0.05]])
    #expect(few.count == 2)
    #expect(
      throws: Failure(.data, "found no axis to draw samples of, expected settings in [grid]")
    ) { try grid([], 10) }
    #expect(
      throws: Failure(.data, "found 0 cells to draw, expected from 1 to 10,000,000")
    ) { try grid([try axis("vault.stop_loss", [0.02])], 0) }
  }

  @Test func `a product that cannot be counted may be drawn of`() throws {
    let many = (1...100_000).map(Double.init)
    let names = [
      "vault.timeout_s", "vault.recover_bps", "vault.fee_bps", "vault.cycle_cost_usd",
      "auction.gas_usd",
    ]
    let grid = try Grid(
      sampling: GridSample(count: 1000, seed: 1),
      axes: try names.map { try axis($0, many) },
      base: Settings(),
      venueBase: [],
      venueDefaults: [:]
    )
    #expect(grid.count == 1000)
  }
}
