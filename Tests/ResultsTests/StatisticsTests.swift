// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Results
import Testing

/// Tables of a few cells with numbers worked by hand.
struct StatisticsTests {
  /// Cells of a text in place of `sweep.csv`.
  static func cells(_ text: String, needed: [String] = []) throws -> CellColumns {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("breakwater-\(UUID().uuidString).csv")
    try Data(text.utf8).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    return try CellColumns(path: url.path, rows: 4, needed: needed)
  }

  /// P&L = 10·a + 100·b with a in {1, 2}, b in {0.05, 0.1}; the last column no rule knows.
  static let table = """
    cell_id,vault.stop_loss,vault.timeout_s,vault_pnl_usd,auction_bad_debt_usd,weird
    c1,0.05,900,15,0,1
    c2,0.05,1800,25,,1
    c3,0.1,900,20,3,1
    c4,0.1,1800,30,1,1
    """

  @Test func columnsAreKnownByTheirNames() throws {
    let cells = try StatisticsTests.cells(StatisticsTests.table)
    #expect(cells.axes.map(\.name) == ["vault.stop_loss", "vault.timeout_s"])
    #expect(cells.metrics == ["vault_pnl_usd", "auction_bad_debt_usd", "weird"])
    #expect(cells.count == 4)
    #expect(cells.id(2) == "c3")
    #expect(cells.row(of: "c4") == 3 && cells.row(of: "c") == nil)
    #expect(cells.value("auction_bad_debt_usd", row: 1) == nil)
    #expect(cells.settings(row: 1) == "vault.stop_loss = 0.05, vault.timeout_s = 1800")
  }

  /// Means 20 and 25 of stop-loss, 17.5 and 27.5 of timeout around 22.5: between-sums 25 and 100 of
  /// a total of 125.
  @Test func sharesOfVarianceAreWorkedByHand() throws {
    let cells = try StatisticsTests.cells(StatisticsTests.table)
    let goal = try #require(Goal(isMaximised: true, metrics: ["vault_pnl_usd"], of: cells))
    let shares = try #require(Sensitivity(goal, axes: cells.axes).shares)
    #expect(shares == [0.2, 0.8])
    let weird = try #require(Goal(isMaximised: true, metrics: ["weird"], of: cells))
    #expect(Sensitivity(weird, axes: cells.axes).shares == nil)
    #expect(Goal(isMaximised: true, metrics: ["missing"], of: cells) == nil)
  }

  @Test func heatMapsHaveMeans() throws {
    let cells = try StatisticsTests.cells(StatisticsTests.table + "\nc5,0.1,1800,50,1,1")
    let values = try #require(cells.values("vault_pnl_usd"))
    let map = HeatMap(x: cells.axes[1], y: cells.axes[0], values: values)
    #expect(map.mean(x: 0, y: 0) == 15 && map.mean(x: 1, y: 1) == 40)
    #expect(map.range == 15...40)
    #expect(map.shade(15, of: 5) == 0 && map.shade(40, of: 5) == 4 && map.shade(.nan, of: 5) == nil)
    #expect(!map.isConstant)
  }

  @Test func bestAndReferenceAreChosen() throws {
    let cells = try StatisticsTests.cells(StatisticsTests.table)
    let goals = [
      try #require(Goal(isMaximised: true, metrics: ["vault_pnl_usd"], of: cells)),
      try #require(Goal(isMaximised: false, metrics: ["auction_bad_debt_usd"], of: cells)),
    ]
    let chosen = try #require(ChosenCells(cells, goals: goals, count: 2))
    #expect(chosen.ranked == [3, 1])
    // Defaults: stop-loss 0.05, timeout 1800.
    #expect(chosen.reference == 1 && chosen.isExact)
    // An empty value is the worst.
    let byDebt = try #require(ChosenCells(cells, goals: [goals[1]], count: 9))
    #expect(byDebt.ranked == [0, 3, 2, 1])
  }

  /// The first of many are those of a whole sort.
  @Test func firstOfManyAreThoseOfASort() throws {
    var text = "cell_id,vault.stop_loss,vault_pnl_usd\n"
    for row in 0..<1000 { text += "c\(row),0.\(row + 1),\(row * 7919 % 613)\n" }
    let cells = try StatisticsTests.cells(text)
    let goal = try #require(Goal(isMaximised: true, metrics: ["vault_pnl_usd"], of: cells))
    let all = try #require(ChosenCells(cells, goals: [goal], count: 5000)).ranked
    #expect(
      try #require(ChosenCells(cells, goals: [goal], count: 70)).ranked == Array(all.prefix(70))
    )
    // More values than levels are put together.
    #expect(cells.axes[0].count == 12)
    #expect(Set(cells.axes[0].levels).count == 12)
  }

  @Test func histogramsCountEveryValue() {
    let bars = Histogram([0, 1, 2, 3, 4, 4, .nan], bins: 4)
    #expect(bars.counts == [1, 1, 1, 3])
    #expect(bars.edge(4) == 4)
    #expect(Histogram([2, 2], bins: 9).counts == [2])
  }

  @Test func numbersArePlain() {
    #expect(Plain.number(1234.5678) == "1234.57" && Plain.number(98841.2) == "98,841")
    #expect(Plain.number(0.0000123456789, digits: 3) == "0.0000123" && Plain.number(0) == "0")
    #expect(Plain.money(-6004.417) == "-6,004" && Plain.money(5.221989) == "5.22")
    #expect(Plain.percent(0.1234) == "12.3 %" && Plain.percent(nil) == "–")
    #expect(Plain.time(1_767_225_600_000) == "2026-01-01 00:00:00")
    #expect(Plain.time(951_782_400_000) == "2000-02-29 00:00:00")
    #expect(Plain.time(-1000) == "1969-12-31 23:59:59")
    #expect(
      Plain.duration(seconds: 1422) == "23 min 42 s" && Plain.duration(seconds: 7200) == "2 h"
    )
  }

  @Test func columnsAreExplained() {
    #expect(ColumnGlossary.unit(of: "vault_pnl_usd_p05") == "USD")
    #expect(ColumnGlossary.unit(of: "vault.stop_loss") == "ratio")
    #expect(ColumnGlossary.unit(of: "auction_median_clear_s") == "s")
    #expect(ColumnGlossary.unit(of: "keeper_new_things") == "count")
    #expect(ColumnGlossary.meaning(of: "vault_pnl_usd_p05").contains("one scenario in twenty"))
    #expect(ColumnGlossary.meaning(of: "keeper_gas_usd") == "gas of keeper, mean over scenarios")
    #expect(ColumnGlossary.meaning(of: "vault.timeout_s").contains("default 1800"))
  }
}
