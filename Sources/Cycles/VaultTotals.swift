// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Numerics

/// What the vault came to in one scenario.
package struct VaultTotals: Sendable, Equatable {
  package var pnl: Int128 = 0
  package var pnlHeld: Int128 = 0
  package var pnlAMM: Int128 = 0
  package var cycles = 0
  package var recovers = 0
  package var stopLosses = 0
  package var timeouts = 0
  package var openAtEnd = 0
  /// Deployments that were decided and did not come to be.
  package var missed = 0
  /// Smallest P&L of a cycle, 0 without cycles.
  package var worstCycle: Micro = 0
  package var gapLoss: Int128 = 0
  package var maxDrawdown: Int128 = 0
  package var deployedMilliseconds: Int64 = 0
  package var fees: Int128 = 0
  package var performanceFees: Int128 = 0
  /// Equity after each closed cycle relative to the start, and its highest value so far.
  package var equity: Int128 = 0
  package var peak: Int128 = 0

  package init() {}

  /// The same with how many deployments were missed.
  func with(missed: Int) -> VaultTotals {
    var totals = self
    totals.missed = missed
    return totals
  }

  /// Adds a closed cycle.
  package mutating func add(_ cycle: CycleRecord) { add(CycleSums(cycle)) }

  /// Adds what a closed cycle came to; drawdown is not marked inside a cycle (SEMANTICS B21).
  @inline(__always)
  mutating func add(_ cycle: CycleSums) {
    worstCycle = cycles == 0 ? cycle.pnl : min(worstCycle, cycle.pnl)
    cycles += 1
    switch cycle.reason {
    case .recover: recovers += 1
    case .stopLoss: stopLosses += 1
    case .timeout: timeouts += 1
    case .end: openAtEnd += 1
    }
    pnl += Int128(cycle.pnl)
    pnlHeld += Int128(cycle.pnlHeld)
    pnlAMM += Int128(cycle.pnlAMM)
    gapLoss += Int128(cycle.gapLoss)
    fees += Int128(cycle.fees)
    performanceFees += Int128(cycle.performanceFee)
    deployedMilliseconds += cycle.milliseconds
    equity += Int128(cycle.pnl)
    peak = max(peak, equity)
    maxDrawdown = max(maxDrawdown, peak - equity)
  }
}

/// What totals take of a cycle.
struct CycleSums: Sendable {
  var pnl: Micro
  var pnlHeld: Micro
  var pnlAMM: Micro
  var gapLoss: Micro
  var fees: Micro
  var performanceFee: Micro
  /// From deployment to exit.
  var milliseconds: Int64
  var exitedAt: Int64
  var reason: ExitReason

  init(_ cycle: CycleRecord) {
    pnl = cycle.pnl
    pnlHeld = cycle.pnlHeld
    pnlAMM = cycle.pnlAMM
    gapLoss = cycle.gapLoss
    fees = cycle.fees
    performanceFee = cycle.performanceFee
    milliseconds = cycle.exitedAt - cycle.deployedAt
    exitedAt = cycle.exitedAt
    reason = cycle.reason
  }
}
