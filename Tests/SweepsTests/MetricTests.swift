// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Numerics
import Markets
import Sweeps
import TestSupport
import Testing
import TextKit

/// Columns of `sweep.csv` from a cell's scenarios (SEMANTICS B19 to B21).
@Suite struct MetricTests {
  private let template: ScenarioOutcome

  init() throws {
    let kit = try WorldBook()
    let path = try kit.path([100])
    let world = try WorldInput(
      book: kit.book([kit.long("a", root: 50)]),
      catalogue: kit.catalogue,
      path: path,
      confidenceRatios: Array(repeating: 0, count: kit.catalogue.assets.count),
      slot0: 0,
      seed: 1,
      scenario: 0
    )
    let result = try ReferenceWorld.run(world, WorldSettings(try worldSettings()))
    template = ScenarioOutcome(result, unprotected: nil, capital: 1)
  }

  /// One outcome for each value, changed by it.
  private func outcomes<Value>(
    _ values: [Value],
    _ change: (inout ScenarioOutcome, Value) -> Void
  ) -> [ScenarioOutcome] {
    values.map { value in
      var outcome = template
      change(&outcome, value)
      return outcome
    }
  }

  private func value(
    _ name: String,
    _ outcomes: [ScenarioOutcome],
    level: Double = 0.95
  ) throws -> MetricValue {
    let metric = try #require(
      MetricTable.metrics(varLevel: level).first { $0.name == name },
      "no metric \(name)"
    )
    return metric.evaluate(outcomes)
  }

  @Test func `columns have the documented names in the documented order`() {
    let names = MetricTable.metrics(varLevel: 0.95).map(\.name)
    let expected = """
      vault_pnl_usd vault_pnl_usd_p05 vault_pnl_usd_p50 vault_pnl_usd_p95 vault_pnl_held_usd
      vault_pnl_amm_usd vault_return vault_cycles vault_recovers vault_stop_losses vault_timeouts
      vault_open_at_end vault_worst_cycle_usd vault_gap_loss_usd vault_max_drawdown_usd
      vault_max_drawdown_usd_p05 vault_max_drawdown_usd_p50 vault_max_drawdown_usd_p95
      vault_idle_share vault_lp_fees_usd vault_performance_fee_usd vault_price_improvement_usd
      vault_missed_deploys
      protection_prevented_liquidations protection_reduced_losses protection_deposits
      protection_withdrawals protection_deposited_usd protection_withdrawn_usd
      protection_peak_committed_usd protection_saved_usd protection_saved_usd_p05
      protection_saved_usd_p50 protection_saved_usd_p95 protection_roi protection_exhausted
      protection_triggered_at_entry protection_wallet_empty protection_closed
      protection_stops_reached protection_calls_made protection_calls_skipped
      protection_rate_limited auction_lots auction_accepted_share
      auction_recovery_ratio auction_surplus_usd auction_median_clear_s auction_bad_debt_usd
      auction_bad_debt_usd_p05 auction_bad_debt_usd_p50 auction_bad_debt_usd_p95
      system_liquidations system_liquidated_usd system_liquidated_usd_p05
      system_liquidated_usd_p50 system_liquidated_usd_p95 system_bad_debt_usd system_backstop_usd
      system_adl_usd system_insurance_usd system_socialised_usd system_solvency_gap_s
      system_solvency_gap_usd system_queue_peak system_oracle_prevented system_funding_usd
      system_interest_usd system_reserves_usd system_cascade_flow_usd
      system_cascade_multiplier system_value_at_risk_usd
      system_expected_shortfall_usd ledger_imbalance_usd
      """
    #expect(names == expected.split { " \n".contains($0) }.map(String.init))
  }

  @Test(
    arguments: [
      ([1, 2], 2), ([0, 1], 0), ([-1, 0], 0), ([-1, -2], -2), ([1, 1, 2], 1), ([7], 7),
      ([-3, 8, 0, 0], 1), ([Int128(Int64.max), Int128(Int64.max) - 1], Int128(Int64.max) - 1),
    ] as [([Int128], Int128)]
  )
  func `means are rounded half to even`(amounts: [Int128], mean: Int128) throws {
    #expect(try value("vault_pnl_usd", outcomes(amounts) { $0.vault.pnl = $1 }) == .money(mean))
  }

  @Test(arguments: [(1, 0, 0, 0), (2, 0, 0, 1), (3, 0, 1, 2), (20, 0, 9, 18), (100, 4, 49, 94)])
  func `quantiles are observed values by nearest rank`(
    count: Int,
    low: Int,
    middle: Int,
    high: Int
  ) throws {
    // A fixed shuffle: 37 is prime to all counts.
    let shuffled = (0..<count).map { Int128($0 * 37 % count) * 10 - 50 }
    let cells = outcomes(shuffled) { $0.gains.saved = $1 }
    for (suffix, rank) in [("_p05", low), ("_p50", middle), ("_p95", high)] {
      #expect(
        try value("protection_saved_usd" + suffix, cells) == .money(Int128(rank) * 10 - 50)
      )
    }
  }

  @Test func `ratios are pooled and empty for 0 of 0`() throws {
    let cells = outcomes([(1, 4), (3, 4), (0, 0)]) {
      $0.auctions.accepted = $1.0
      $0.auctions.lots = $1.1
    }
    #expect(try value("auction_accepted_share", cells) == .number(0.5))
    #expect(try value("auction_accepted_share", [template]) == .number(nil))
    #expect(try value("auction_recovery_ratio", [template]) == .number(nil))
    #expect(try value("protection_roi", [template]) == .number(nil))
    let saved = outcomes([(-30, 10), (15, 20)] as [(Int128, Int128)]) {
      $0.gains.saved = $1.0
      $0.protection.deposited = $1.1
    }
    #expect(try value("protection_roi", saved) == .number(-0.5))
    #expect(MetricValue.number(nil).text == "")
  }

  @Test func `the median to clear is the lower one of all scenarios`() throws {
    let cells = outcomes([[10.5, 1], [], [2, 3.25]]) { $0.auctions.clearing = ClearingTimes($1) }
    #expect(try value("auction_median_clear_s", cells) == .number(2))
    let odd = outcomes([[10.5, 1], [4]]) { $0.auctions.clearing = ClearingTimes($1) }
    #expect(try value("auction_median_clear_s", odd) == .number(4))
    #expect(try value("auction_median_clear_s", [template]) == .number(nil))
  }

  @Test func `value at risk is a nearest rank and the shortfall the mean from there`() throws {
    let twenty = outcomes(Array(1...20)) { $0.vault.pnl = -Int128($1 * 7 % 23) }
    let losses = (1...20).map { $0 * 7 % 23 }.sorted()
    #expect(try value("system_value_at_risk_usd", twenty) == .money(Int128(losses[18])))
    // (losses[18] + losses[19]) / 2, half to even.
    #expect(losses[18] + losses[19] == 43)
    #expect(try value("system_expected_shortfall_usd", twenty) == .money(22))
    #expect(try value("system_value_at_risk_usd", twenty, level: 0.5) == .money(Int128(losses[9])))
    let sum = losses[9...].reduce(0, +)
    #expect(
      try value("system_expected_shortfall_usd", twenty, level: 0.5)
        == .money(roundedQuotient(Int128(sum), by: 11))
    )
    let one = outcomes([Int128(5)]) { $0.vault.pnl = $1 }
    #expect(try value("system_value_at_risk_usd", one) == .money(-5))
    #expect(try value("system_expected_shortfall_usd", one) == .money(-5))
  }

  @Test func `a loss is the vault's, the bad debts and the insurance paid`() {
    var outcome = template
    outcome.vault.pnl = 1000
    outcome.auctions.badDebt = 1
    outcome.liquidations.badDebt = 20
    outcome.auctions.insurancePaid = 300
    outcome.liquidations.insurancePaid = 4000
    #expect(outcome.loss == 3321)
    #expect(outcome.insurancePaid == 4300)
  }

  @Test func `counts are means as shortest numbers`() throws {
    let cells = outcomes([1, 2, 2]) { $0.vault.cycles = $1 }
    #expect(try value("vault_cycles", cells) == .number(5.0 / 3))
    #expect(try value("vault_cycles", cells).text == "1.6666666666666667")
    #expect(MetricValue.money(-1_500_000).text == "-1.500000")
    #expect(MetricValue.money(-1_500_000).comparable == -1.5)
    let liquidated = outcomes([(1, 2), (4, 8)] as [(Int128, Int128)]) {
      $0.liquidations.liquidated = $1.0
      $0.auctions.liquidated = $1.1
    }
    #expect(try value("system_liquidated_usd", liquidated) == .money(8))
    #expect(try value("system_liquidated_usd_p95", liquidated) == .money(12))
  }
}
