// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Numerics
import Settings
import Sweeps
import TestSupport
import Testing
import TextKit

/// The product of the axes and the identity of its cells (SEMANTICS B22).
@Suite struct GridTests {
  /// FNV-1a-64 of the published constants, as 16 hex digits.
  func identity(_ text: String) -> String {
    var hash: UInt64 = 14_695_981_039_346_656_037
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  let rate = "venues.perps.assets.SOL.maintenance_rate"

  func sample() throws -> Grid {
    try grid(
      [
        ("vault.timeout_s", [1800, 900]), ("protection.trigger_distance", [0.05, 0.01]),
        (rate, [0.05, 0.1, 0.2]),
      ],
      base: ["vault.inventory": 1, "auction.gas_usd": 2.5],
      venueDefaults: [rate: 0.05]
    )
  }

  @Test func `axes are in bytewise order and the last runs fastest`() throws {
    let grid = try sample()
    #expect(
      grid.axes.map(\.name) == ["protection.trigger_distance", "vault.timeout_s", rate]
    )
    #expect(grid.count == 12)
    var expected: [[Double]] = []
    for trigger in [0.05, 0.01] {
      for timeout in [1800.0, 900] {
        for rate in [0.05, 0.1, 0.2] { expected.append([trigger, timeout, rate]) }
      }
    }
    #expect((0..<12).map { grid.cell($0).values } == expected)
    #expect((0..<12).map { grid.cell($0).index } == Array(0..<12))
    let cell = grid.cell(5)
    #expect(cell.settings[.vaultTimeout] == 900)
    #expect(cell.settings[.protectionTrigger] == 0.05)
    #expect(cell.settings[.auctionGas] == 2.5)
    #expect(cell.venueValues == [VenueValue(path: rate, value: 0.2)])
  }

  @Test func `a cell is named by what departs from the defaults`() throws {
    let grid = try sample()
    #expect(grid.cell(0).id == identity("auction.gas_usd=2.5\nvault.inventory=amm\n"))
    #expect(
      grid.cell(11).id
        == identity(
          "auction.gas_usd=2.5\nprotection.trigger_distance=0.01\nvault.inventory=amm\n"
            + "vault.timeout_s=900\n\(rate)=0.2\n"
        )
    )
    #expect(Set((0..<12).map { grid.cell($0).id }).count == 12)
    let plain = try TestGrid.empty()
    #expect(plain.count == 1)
    #expect(plain.cell(0).id == "cbf29ce484222325")
    #expect(plain.cell(0).values.isEmpty)
  }

  @Test func `values of names have neither exponent nor trailing zero`() throws {
    let grid = try grid([("vault.deploy_usd", [2e12, 1e-7])])
    #expect(grid.cell(0).id == identity("vault.deploy_usd=2000000000000\n"))
    #expect(grid.cell(1).id == identity("vault.deploy_usd=0.0000001\n"))
  }

  @Test func `a grid narrowed to one cell keeps its name`() throws {
    let grid = try sample()
    for index in 0..<grid.count {
      let cell = grid.cell(index)
      let narrow = try grid.narrowed(to: cell.values)
      #expect(narrow.count == 1)
      #expect(narrow.cell(0).id == cell.id)
      #expect(narrow.cell(0).values == cell.values)
      #expect(narrow.cell(0).settings == cell.settings)
      #expect(narrow.axes.map(\.name) == grid.axes.map(\.name))
    }
  }

  @Test func `narrowing by name leaves the others at the settings`() throws {
    let grid = try sample()
    let narrow = try grid.narrowed(to: ["vault.timeout_s": 900, "vault.fee_bps": 30])
    #expect(narrow.cell(0).values == [0.05, 900, 0.05])
    #expect(narrow.cell(0).settings[.vaultFee] == 30)
    #expect(
      narrow.cell(0).id
        == identity(
          "auction.gas_usd=2.5\nvault.fee_bps=30\nvault.inventory=amm\nvault.timeout_s=900\n"
        )
    )
    let same = try grid.narrowed(to: [rate: 0.1])
    #expect(same.cell(0).id == grid.cell(1).id)
    #expect(
      throws: Failure(
        .data,
        "unknown setting 'vault.timeouts'; did you mean 'vault.timeout_s'?"
      )
    ) { try grid.narrowed(to: ["vault.timeouts": 1]) }
    let undefined = try TestGrid.axes([("venues.x.y", [1, 2])])
    #expect(throws: Failure(.data, "expected a value for venues.x.y")) {
      try undefined.narrowed(to: [:])
    }
  }

  @Test func `a venue number of the settings is replaced by its axis`() throws {
    let base = [VenueValue(path: rate, value: 0.3), VenueValue(path: "venues.a.b", value: 7)]
    let grid = try grid([(rate, [0.4])], venueBase: base, venueDefaults: [rate: 0.05])
    #expect(
      grid.cell(0).venueValues == [
        VenueValue(path: "venues.a.b", value: 7), VenueValue(path: rate, value: 0.4),
      ]
    )
    #expect(grid.cell(0).id == identity("venues.a.b=7\n\(rate)=0.4\n"))
  }

  @Test func `validation names the first cell that may not run`() throws {
    try sample().validate()
    let crossing = try grid([
      ("protection.trigger_distance", [0.05, 0.2]), ("vault.timeout_s", [60]),
    ])
    #expect(
      throws: Failure(
        .data,
        "cell protection.trigger_distance = 0.2, vault.timeout_s = 60:"
          + " protection.safe_distance = 0.15 is below protection.trigger_distance = 0.2,"
          + " expected it to be at least as large"
      )
    ) { try crossing.validate() }
    #expect(
      throws: Failure(
        .data,
        "cell vault.stop_loss = 1: vault.stop_loss = 1, expected a number above 0 and below 1"
      )
    ) { try TestGrid.axes([("vault.stop_loss", [0.5, 1])]).validate() }
    #expect(
      throws: Failure(
        .data,
        "settings: auction.specialists = 2.5, expected a whole number from 0 to 10000"
      )
    ) { try TestGrid.axes([], base: ["auction.specialists": 2.5]).validate() }
  }

  @Test func `a grid that cannot be counted is refused`() throws {
    let many = (0..<1000).map { Double($0 + 1) }
    let names = [
      "vault.timeout_s", "vault.recover_bps", "vault.fee_bps", "vault.cycle_cost_usd",
      "vault.min_deploy_usd", "vault.deploy_usd", "auction.gas_usd",
    ]
    #expect(throws: Failure(.data, "the grid has more cells than can be counted")) {
      try TestGrid.axes(names.map { ($0, many) })
    }
  }
}

/// Grids of axes alone.
enum TestGrid {
  static func empty() throws -> Grid { try grid([]) }

  static func axes(_ axes: [(String, [Double])], base: [String: Double] = [:]) throws -> Grid {
    try grid(axes, base: base)
  }
}
