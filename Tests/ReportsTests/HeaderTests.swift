// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Markets
import Reports
import Tables
import TestSupport
import Testing
import TextKit

/// The columns of every file, as the design lists them (DESIGN 5, 9).
@Suite struct HeaderTests {
  /// Column names of a list with commas, as one header line.
  private func header(_ list: String) -> String {
    list.split { ", \n".contains($0) }.joined(separator: ",")
  }

  private func lines(of name: String) throws -> String {
    let world = try ReportWorld()
    let tables = EventTables(book: world.book, catalogue: world.kit.catalogue)
    let table = try #require(tables.files.first { $0.name == name }?.table)
    #expect(table.rowCount == 1)
    return String(decoding: table.bytes, as: UTF8.self)
  }

  @Test func `event files have the columns of the design`() throws {
    #expect(
      try lines(of: "cycles.csv")
        == header(
          """
          cell_id, scenario, asset, cycle, cluster_low, cluster_high, forced_size_usd, confidence,
          deployed_at, deploy_price, deployed_usd, filled_share, lowest_price, exited_at,
          exit_reason, exit_price, base_bought, quote_spent_usd, lp_fees_usd, performance_fee_usd,
          costs_usd, gap_loss_usd, pnl_usd, pnl_amm_usd
          """
        ) + "\n"
    )
    #expect(
      try lines(of: "protection_events.csv")
        == header(
          """
          cell_id, scenario, account, asset, time, event, amount_usd, protection_total_usd, price,
          liquidation_price, distance_ratio, message
          """
        ) + "\n"
    )
    #expect(
      try lines(of: "auctions.csv")
        == header(
          """
          cell_id, scenario, lot, account, venue, asset, opened_at, quantity, mark, open_usd,
          reserve_usd, debt_usd, interest_usd, fee_usd, buffer_usd, health_factor,
          kappa_usd_per_s, outcome, winner, closed_at, price_usd, spot, surplus_usd, bad_debt_usd
          """
        ) + "\n"
    )
    #expect(
      try lines(of: "liquidations.csv")
        == header(
          """
          cell_id, scenario, account, venue, asset, time, liquidatable_since, kind, quantity, mark,
          liquidation_price, notional_usd, penalty_usd, shortfall_usd
          """
        ) + "\n"
    )
  }

  @Test func `events of the waterfall have a file where there is one`() throws {
    let world = try ReportWorld()
    var tables = EventTables(book: world.book, catalogue: world.kit.catalogue)
    tables.append(EventLog(), cellID: "a", scenario: 0)
    #expect(!tables.files.map(\.name).contains(EventTables.waterfallFile))
    tables.append(EventLog(hasWaterfall: true), cellID: "a", scenario: 1)
    #expect(tables.files.map(\.name).last == "liquidation_events.csv")
    #expect(
      String(decoding: tables.liquidationEvents.bytes, as: UTF8.self)
        == header("cell_id, scenario, time, event, venue, account, amount_usd, message") + "\n"
    )
  }

  @Test func `prices and clusters have the columns of the design`() throws {
    var prices = CSVBuilder()
    PriceReport.appendHeader(PriceReport.Form(), to: &prices)
    #expect(
      String(decoding: prices.bytes, as: UTF8.self)
        == header(
          """
          account, venue, asset, direction, status, liquidation_price, distance_ratio,
          notional_usd, first_share, penalty_usd
          """
        ) + "\n"
    )
    let clusters = ClusterReport.table([], assets: try WorldBook().catalogue.assets, slot: 0)
    #expect(
      String(decoding: clusters.bytes, as: UTF8.self)
        == header(
          """
          asset, direction, trigger_price_low, trigger_price_high, forced_size_usd, confidence,
          deployable, approached, positions, largest_share, distance_ratio, computed_at_slot
          """
        ) + "\n"
    )
  }

  @Test func `a sweep has the cell, its axes and its metrics`() {
    let table = SweepReport.table([], axes: [], metrics: ["a_usd", "b"])
    #expect(String(decoding: table.bytes, as: UTF8.self) == "cell_id,a_usd,b\n")
  }
}
