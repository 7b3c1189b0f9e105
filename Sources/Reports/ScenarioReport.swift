// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Liquidation
package import Markets
package import Tables

/// `scenarios.csv`: what falls in each scenario, by venue and asset with totals.
package struct ScenarioReport: Sendable {
  /// How finely a report tells places apart.
  package enum Detail: String, CaseIterable, Sendable {
    /// Venues and assets, with all totals.
    case asset
    /// Venues, with the total of each scenario.
    case venue
    /// The total of each scenario.
    case total
  }

  private let places: [(venue: String, asset: String, slot: Int)]

  /// Puts the places of an engine in order: venue bytes, asset bytes, totals first.
  package init(_ engine: ScenarioEngine, catalogue: VenueCatalogue, detail: Detail) {
    var places: [(venue: String, asset: String, slot: Int)] = []
    for (slot, place) in engine.places.enumerated() {
      if detail == .total || (detail == .venue && place.asset != nil) { continue }
      let symbol = place.asset.map { catalogue.assets[$0].symbol } ?? ""
      places.append((catalogue.venues[place.venue].name, symbol, slot))
    }
    self.places = places.sorted {
      $0.venue == $1.venue
        ? $0.asset.utf8.lexicographicallyPrecedes($1.asset.utf8)
        : $0.venue.utf8.lexicographicallyPrecedes($1.venue.utf8)
    }
  }

  /// Appends the header.
  package func appendHeader(to table: inout CSVBuilder) {
    table.row([
      "scenario", "venue", "asset", "liquidatable_accounts", "liquidatable_usd", "shortfall_usd",
      "bad_debt_usd",
    ])
  }

  /// Appends the rows of one scenario.
  ///
  /// * `sums`: by place of the engine; `total`: over all venues.
  package func append(
    _ scenario: String,
    sums: [ScenarioSums],
    total: ScenarioSums,
    to table: inout CSVBuilder
  ) {
    append(scenario, "", "", total, to: &table)
    for place in places {
      append(scenario, place.venue, place.asset, sums[place.slot], to: &table)
    }
  }

  private func append(
    _ scenario: String,
    _ venue: String,
    _ asset: String,
    _ sums: ScenarioSums,
    to table: inout CSVBuilder
  ) {
    table.text(scenario)
    table.text(venue)
    table.text(asset)
    table.integer(sums.accounts)
    table.money(sums.size)
    table.money(sums.shortfall)
    table.money(sums.badDebt)
    table.endRow()
  }

  /// `accounts.csv`: the first scenario in which each account falls, and in how many it does.
  package static func accounts(
    _ falls: ScenarioFalls,
    of book: Book,
    catalogue: VenueCatalogue,
    name: (Int) -> String
  ) -> CSVBuilder {
    var table = CSVBuilder(capacity: book.accounts.count * 32)
    table.row(["account", "venue", "first_scenario", "falls"])
    for (index, account) in book.accounts.enumerated() {
      table.text(account.name)
      table.text(catalogue.venues[account.venue].name)
      table.text(falls.first[index] < 0 ? "" : name(Int(falls.first[index])))
      table.integer(falls.falls[index])
      table.endRow()
    }
    return table
  }

  /// One line of `risk.csv`.
  package struct RiskRow: Sendable {
    package var measure: String
    /// In 1/10,000.
    package var level: Int
    package var risk: ScenarioRisk

    package init(measure: String, level: Int, risk: ScenarioRisk) {
      (self.measure, self.level, self.risk) = (measure, level, risk)
    }
  }

  /// `risk.csv`: value at risk and expected shortfall of each measure and level.
  package static func risk(_ rows: [RiskRow]) -> CSVBuilder {
    var table = CSVBuilder()
    table.row([
      "measure", "level", "value_at_risk_usd", "expected_shortfall_usd", "value_at_risk_low_usd",
      "value_at_risk_high_usd", "expected_shortfall_low_usd", "expected_shortfall_high_usd",
    ])
    for row in rows {
      table.text(row.measure)
      table.number(Double(row.level) / 10_000)
      table.money(row.risk.valueAtRisk)
      table.money(row.risk.expectedShortfall)
      for interval in [row.risk.valueAtRiskInterval, row.risk.expectedShortfallInterval] {
        table.money(interval.low)
        if let high = interval.high { table.money(high) } else { table.empty() }
      }
      table.endRow()
    }
    return table
  }
}
