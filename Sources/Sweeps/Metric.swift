// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Numerics
package import Settings
internal import TextKit

/// The value of a metric as it is printed.
package enum MetricValue: Sendable, Equatable {
  /// Micro-USD, printed with six decimals.
  case money(Int128)
  /// Printed shortest; nil is an empty cell.
  case number(Double?)

  /// The text of the value in reports.
  package var text: String {
    switch self {
    case .money(let micro): NumberText.money(micro)
    case .number(let value): value.map(NumberText.shortest) ?? ""
    }
  }

  /// The printed value for comparisons, nil when empty.
  package var comparable: Double? {
    switch self {
    case .money(let micro): nearestDouble(micro) / 1e6
    case .number(let value): value
    }
  }
}

/// Which results a column is made of: cells that share them share its value.
package enum MetricScope: Sendable, CaseIterable {
  /// The vault's cycles.
  case vault
  /// Everything but the vault: protection, liquidations, auctions.
  case worlds
  /// All of a cell.
  case cell

  /// The stages whose results are read.
  package var stages: Set<Stage> {
    switch self {
    case .vault: Stage.vault.closure
    case .worlds: Stage.auctions.closure
    case .cell: Stage.vault.closure.union(Stage.auctions.closure).union([.summary])
    }
  }
}

/// One column of `sweep.csv` made of a cell's scenarios.
package struct Metric: Sendable {
  package let name: String
  package let evaluate: @Sendable ([ScenarioOutcome]) -> MetricValue
  /// The same of the scenarios' losses in rising order, for risk measures.
  let ofLosses: (@Sendable ([Int128]) -> MetricValue)?

  init(name: String, evaluate: @escaping @Sendable ([ScenarioOutcome]) -> MetricValue) {
    self.name = name
    self.evaluate = evaluate
    ofLosses = nil
  }

  /// A measure of the losses in rising order.
  init(name: String, ofLosses: @escaping @Sendable ([Int128]) -> MetricValue) {
    self.name = name
    self.ofLosses = ofLosses
    evaluate = { ofLosses($0.map(\.loss).sorted()) }
  }

  /// Mean of an amount: exact integer sum over the scenarios, rounded half to even.
  static func mean(
    _ name: String,
    _ pick: @escaping @Sendable (ScenarioOutcome) -> Int128
  ) -> Metric {
    Metric(name: name) { outcomes in
      let sum = outcomes.reduce(Int128(0)) { $0 + pick($1) }
      return .money(roundedQuotient(sum, by: Int128(outcomes.count)))
    }
  }

  /// Mean of a count.
  static func count(
    _ name: String,
    _ pick: @escaping @Sendable (ScenarioOutcome) -> Int
  ) -> Metric {
    Metric(name: name) { outcomes in
      let sum = outcomes.reduce(0) { $0 + pick($1) }
      return .number(Double(sum) / Double(outcomes.count))
    }
  }

  /// Mean of a number, added in scenario order.
  static func number(
    _ name: String,
    _ pick: @escaping @Sendable (ScenarioOutcome) -> Double
  ) -> Metric {
    Metric(name: name) { outcomes in
      .number(outcomes.reduce(0) { $0 + pick($1) } / Double(outcomes.count))
    }
  }

  /// A ratio pooled over scenarios, empty for 0/0 (SEMANTICS B19).
  static func pooled(
    _ name: String,
    _ numerator: @escaping @Sendable (ScenarioOutcome) -> Int128,
    over denominator: @escaping @Sendable (ScenarioOutcome) -> Int128
  ) -> Metric {
    Metric(name: name) { outcomes in
      let top = outcomes.reduce(Int128(0)) { $0 + numerator($1) }
      let bottom = outcomes.reduce(Int128(0)) { $0 + denominator($1) }
      return .number(bottom == 0 ? nil : nearestDouble(top) / nearestDouble(bottom))
    }
  }

  /// Quantiles of an amount by nearest rank: observed values, no interpolation (SEMANTICS B20).
  static func quantiles(
    _ name: String,
    _ pick: @escaping @Sendable (ScenarioOutcome) -> Int128
  ) -> [Metric] {
    [5, 50, 95].map { percent in
      Metric(name: name + (percent == 5 ? "_p05" : "_p\(percent)")) { outcomes in
        let sorted = outcomes.map(pick).sorted()
        return .money(sorted[nearestRank(percent * 100, of: sorted.count)])
      }
    }
  }

  /// Mean and quantiles of an amount.
  static func distribution(
    _ name: String,
    _ pick: @escaping @Sendable (ScenarioOutcome) -> Int128
  ) -> [Metric] {
    [mean(name, pick)] + quantiles(name, pick)
  }
}

/// Index of the nearest rank `ceil(p · count) − 1`, p in 1/10,000.
func nearestRank(_ share: Int, of count: Int) -> Int {
  max(0, (share * count + 9999) / 10_000 - 1)
}
