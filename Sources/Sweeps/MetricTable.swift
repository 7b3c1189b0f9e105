// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Cycles
internal import Numerics
package import Settings

/// Every metric of `sweep.csv`, in column order: a new one is one line here.
package enum MetricTable {
  /// The columns of one cell under its settings, which decide the level of the risk measures.
  package static func metrics(varLevel: Double) -> [Metric] {
    groups(varLevel: varLevel).flatMap(\.metrics)
  }

  /// The columns in runs of one scope, in order.
  static func groups(varLevel: Double) -> [(scope: MetricScope, metrics: [Metric])] {
    [
      (.vault, vault), (.worlds, protection + auctions + system),
      (.cell, risk(level: varLevel)),
      (.worlds, [.mean("ledger_imbalance_usd") { Int128($0.ledgerImbalance) }]),
    ]
  }

  /// The level that the summary of these settings reads.
  package static func metrics(_ settings: Settings) -> [Metric] {
    metrics(varLevel: SettingsView(settings, for: .summary)[.reportVarLevel])
  }

  private static let vault: [Metric] =
    Metric.distribution("vault_pnl_usd") { $0.vault.pnl } + [
      .mean("vault_pnl_held_usd") { $0.vault.pnlHeld },
      .mean("vault_pnl_amm_usd") { $0.vault.pnlAMM },
      .number("vault_return") { $0.vaultReturn },
      .count("vault_cycles") { $0.vault.cycles },
      .count("vault_recovers") { $0.vault.recovers },
      .count("vault_stop_losses") { $0.vault.stopLosses },
      .count("vault_timeouts") { $0.vault.timeouts },
      .count("vault_open_at_end") { $0.vault.openAtEnd },
      .mean("vault_worst_cycle_usd") { Int128($0.vault.worstCycle) },
      .mean("vault_gap_loss_usd") { $0.vault.gapLoss },
    ] + Metric.distribution("vault_max_drawdown_usd") { $0.vault.maxDrawdown } + [
      .number("vault_idle_share") { $0.idleShare },
      .mean("vault_lp_fees_usd") { $0.vault.fees },
      .mean("vault_performance_fee_usd") { $0.vault.performanceFees },
      .mean("vault_price_improvement_usd") { $0.cascade.improvement },
      .count("vault_missed_deploys") { $0.vault.missed },
    ]

  private static let protection: [Metric] =
    [
      .count("protection_prevented_liquidations") { $0.prevented },
      .count("protection_reduced_losses") { $0.reducedLosses },
      .count("protection_deposits") { $0.protection.deposits },
      .count("protection_withdrawals") { $0.protection.withdrawals },
      .mean("protection_deposited_usd") { $0.protection.deposited },
      .mean("protection_withdrawn_usd") { $0.protection.withdrawn },
      .mean("protection_peak_committed_usd") { $0.protection.peakCommitted },
    ] + Metric.distribution("protection_saved_usd") { $0.saved } + [
      .pooled("protection_roi", { $0.saved }, over: { $0.protection.deposited }),
      .count("protection_exhausted") { $0.protection.exhausted },
      .count("protection_triggered_at_entry") { $0.protection.triggeredAtEntry },
      .count("protection_wallet_empty") { $0.protection.walletEmpty },
      .count("protection_closed") { $0.protection.closed },
      .count("protection_stops_reached") { $0.stopsReached },
      .count("protection_calls_made") { $0.protection.callsMade },
      .count("protection_calls_skipped") { $0.protection.callsSkipped },
      .count("protection_rate_limited") { $0.protection.rateLimited },
    ]

  private static let auctions: [Metric] =
    [
      .count("auction_lots") { $0.auctions.lots },
      .pooled(
        "auction_accepted_share",
        { Int128($0.auctions.accepted) },
        over: { Int128($0.auctions.lots) }
      ),
      .pooled("auction_recovery_ratio", { $0.auctions.recovered }, over: { $0.auctions.owed }),
      .mean("auction_surplus_usd") { $0.auctions.surplus },
      Metric(name: "auction_median_clear_s") { (outcomes: [ScenarioOutcome]) in
        var seconds = outcomes.flatMap(\.auctions.clearing.seconds)
        return .number(lowerMedian(&seconds))
      },
    ] + Metric.distribution("auction_bad_debt_usd") { $0.auctions.badDebt }

  private static let system: [Metric] =
    [
      .count("system_liquidations") { $0.liquidations.count }
    ]
    + Metric.distribution("system_liquidated_usd") {
      $0.liquidations.liquidated + $0.auctions.liquidated
    } + [
      .mean("system_bad_debt_usd") { $0.liquidations.badDebt },
      .mean("system_backstop_usd") { $0.auctions.backstop + $0.liquidations.backstop },
      .mean("system_adl_usd") { $0.liquidations.deleveraged },
      .mean("system_insurance_usd") { $0.insurancePaid },
      .mean("system_socialised_usd") { $0.liquidations.socialised },
      Metric(name: "system_solvency_gap_s") { (outcomes: [ScenarioOutcome]) in
        let time = outcomes.reduce(Int128(0)) { $0 + $1.liquidations.gapMilliseconds }
        let closed = outcomes.reduce(0) { $0 + $1.liquidations.closed }
        return .number(closed == 0 ? 0 : nearestDouble(time) / 1000 / Double(closed))
      },
      .mean("system_solvency_gap_usd") { $0.liquidations.gapPeak },
      .count("system_queue_peak") { $0.liquidations.queuePeak },
      .count("system_oracle_prevented") { $0.liquidations.oraclePrevented },
      .mean("system_funding_usd") { $0.accruals.fundingPaid },
      .mean("system_interest_usd") { $0.accruals.interest },
      .mean("system_reserves_usd") { $0.accruals.reserves },
      .mean("system_cascade_flow_usd") { $0.cascade.forced },
      .pooled(
        "system_cascade_multiplier",
        { $0.cascade.forced },
        over: { $0.cascade.forcedAlone }
      ),
    ]

  /// Value at risk by nearest rank, and the mean of the losses from there on (SEMANTICS B21).
  private static func risk(level: Double) -> [Metric] {
    let share = Int((level * 10_000).rounded(.toNearestOrEven))
    return [
      Metric(name: "system_value_at_risk_usd") { (losses: [Int128]) in
        .money(losses[nearestRank(share, of: losses.count)])
      },
      Metric(name: "system_expected_shortfall_usd") { (losses: [Int128]) in
        let worst = losses.dropFirst(nearestRank(share, of: losses.count))
        return .money(
          roundedQuotient(worst.reduce(Int128(0), +), by: Int128(max(1, worst.count)))
        )
      },
    ]
  }
}

/// The lower median, nil of nothing; puts the list in another order.
///
/// Only the part that can hold the median is looked at again, so the list is not sorted whole.
func lowerMedian(_ list: inout [Double]) -> Double? {
  guard !list.isEmpty else { return nil }
  let wanted = (list.count - 1) / 2
  var (low, high) = (0, list.count - 1)
  while low < high {
    let pivot = list[(low + high) / 2]
    var (left, right) = (low, high)
    while left <= right {
      while list[left] < pivot { left += 1 }
      while list[right] > pivot { right -= 1 }
      if left <= right {
        list.swapAt(left, right)
        left += 1
        right -= 1
      }
    }
    if wanted <= right {
      high = right
    } else if wanted >= left {
      low = left
    } else {
      return list[wanted]
    }
  }
  return list[wanted]
}
