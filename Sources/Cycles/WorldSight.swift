// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Markets
package import Numerics

/// What somebody who watches a run is told, while it runs.
package enum WorldSight {
  /// An effect of a step is over; the rows that it wrote.
  case effect(StepEffect, time: Int64, rows: EventLog)
  /// A part of a position was closed against a bankrupt one.
  case deleveraging(Deleveraging)
}

/// One counterparty's part in auto-deleveraging.
package struct Deleveraging: Sendable {
  package var time: Int64
  package var bankrupt: Int
  package var counterparty: Int
  package var asset: Int
  /// Signed quantity of the bankrupt position before any of it was closed.
  package var bankruptQuantity: Double
  /// The counterparty before and after, its cash as its first leg has it.
  package var before: Account
  package var after: Account
  /// What counts beside its legs: deposits of protection and what has accrued, micro-USD.
  package var credit: Micro
  /// Oracle prices and confidences of the step, by asset.
  package var prices: [Double]
  package var confidences: [Double]
}

extension EventLog {
  /// The rows that were added since an earlier state of the log.
  func rows(since earlier: EventLog) -> EventLog {
    var rows = EventLog()
    rows.cycles = Array(cycles[earlier.cycles.count...])
    rows.protection = Array(protection[earlier.protection.count...])
    rows.auctions = Array(auctions[earlier.auctions.count...])
    rows.liquidations = Array(liquidations[earlier.liquidations.count...])
    rows.liquidationEvents = Array(liquidationEvents[earlier.liquidationEvents.count...])
    return rows
  }
}
