// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Sweeps
import TestSupport
import Testing
import TextKit

/// The Pareto front and the best rows (SEMANTICS B23).
@Suite struct FrontierTests {
  private let template: SweepRow
  private let columns: [String: Int]

  init() throws {
    let kit = try WorldBook()
    let engine = try engine(try grid([]), [kit.long("a", root: 50)], [kit.path([100])])
    template = try engine.run(threads: 1, progress: {})[0]
    columns = Dictionary(
      uniqueKeysWithValues: engine.metricNames.enumerated().map { ($1, $0) }
    )
  }

  private func row(_ changes: [String: MetricValue]) throws -> SweepRow {
    var row = template
    for (name, value) in changes { row.metrics[try #require(columns[name])] = value }
    return row
  }

  /// What no row beats, by comparing all with all.
  private func definition(_ rows: [[Double]]) -> [Int] {
    rows.indices.filter { candidate in
      !rows.contains { other in
        zip(other, rows[candidate]).allSatisfy { $0 >= $1 }
          && zip(other, rows[candidate]).contains { $0 > $1 }
      }
    }
  }

  @Test(arguments: PropertySeeds.first(30))
  func `the front is what no row beats`(seed: UInt64) throws {
    var dice = SplitMix64(seed: seed)
    var rows: [SweepRow] = []
    var merits: [[Double]] = []
    let size = dice.pick([1, 5, 40, 150])
    for _ in 0..<size {
      let pnl = Int64(dice.whole(-2, 3))
      let drawdown = Int64(dice.whole(0, 3))
      let saved = Int64(dice.whole(-1, 1))
      let recovery = dice.pick([nil, 0, 0.5, 1])
      let debts = (Int64(dice.whole(0, 2)), Int64(dice.whole(0, 2)))
      rows.append(
        try row([
          "vault_pnl_usd": .money(dollars(pnl)),
          "vault_max_drawdown_usd": .money(dollars(drawdown)),
          "protection_saved_usd": .money(dollars(saved)),
          "auction_recovery_ratio": .number(recovery),
          "auction_bad_debt_usd": .money(dollars(debts.0)),
          "system_bad_debt_usd": .money(dollars(debts.1)),
        ])
      )
      merits.append([
        Double(pnl), -Double(drawdown), Double(saved), recovery ?? -.infinity,
        -Double(debts.0 + debts.1),
      ])
    }
    let front = Frontier.indices(of: rows, columns: columns, objectives: Objective.defaults)
    #expect(front == definition(merits))
    #expect(!front.isEmpty)
  }

  @Test func `equal rows all stay and an empty value is the worst`() throws {
    let objective = [try Objective("max auction_recovery_ratio")]
    let rows = try [nil, 0.5, 0.2, 0.5, nil].map {
      try row(["auction_recovery_ratio": .number($0)])
    }
    #expect(Frontier.indices(of: rows, columns: columns, objectives: objective) == [1, 3])
    let empties = [rows[0], rows[4]]
    #expect(Frontier.indices(of: empties, columns: columns, objectives: objective) == [0, 1])
    #expect(Frontier.indices(of: [], columns: columns, objectives: objective) == [])
    let least = [try Objective("min auction_recovery_ratio")]
    #expect(Frontier.indices(of: rows, columns: columns, objectives: least) == [2])
  }

  @Test func `the best rows are those of the highest mean, ties by place`() throws {
    let rows = try [3, 5, 5, -1, 4, 5].map { try row(["vault_pnl_usd": .money(dollars($0))]) }
    #expect(Frontier.best(0, of: rows, columns: columns) == [])
    #expect(Frontier.best(2, of: rows, columns: columns) == [1, 2])
    #expect(Frontier.best(4, of: rows, columns: columns) == [1, 2, 5, 4])
    #expect(Frontier.best(99, of: rows, columns: columns) == [1, 2, 5, 4, 0, 3])
  }

  @Test func `objectives are read from words`() throws {
    let sum = try Objective("min auction_bad_debt_usd+system_bad_debt_usd")
    #expect(sum == Objective.defaults[4])
    #expect(!sum.isMaximised)
    #expect(sum.metrics.count == 2)
    for text in ["", "max", "best vault_pnl_usd", "max vault_pnl_usd vault_return"] {
      #expect(
        throws: Failure(
          .data,
          "found '\(text)', expected 'max METRIC' or 'min METRIC+METRIC'"
        )
      ) { try Objective(text) }
    }
    #expect(
      throws: Failure(
        .data,
        "unknown metric 'vault_pnl'; did you mean 'vault_pnl_usd'?"
      )
    ) { try Objective("max vault_pnl") }
  }
}
