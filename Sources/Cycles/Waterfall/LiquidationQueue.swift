// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Accounts between liquidatable and liquidated, and what an engine can process in a step.
///
/// `throughput` liquidations per second: a step may process `throughput · Δt`, counted in
/// millionths, a fraction carried over; the first step counts as one second. What does not fit
/// waits, in the order of risk. Source: seed 3, "Liquidation Engine Throughput".
package struct LiquidationQueue: Sendable, Equatable {
  /// Accounts that wait, in book order, and since when each is liquidatable.
  package private(set) var accounts: [Int] = []
  package private(set) var since: [Int: Int64] = [:]
  /// Most accounts that were left waiting after a step.
  package private(set) var peak = 0
  private let throughput: Double
  /// Millionths of a liquidation that are left in this step; nil for no limit.
  private var room: Int64?

  package init(throughput: Double) { self.throughput = throughput }

  /// Begins a step, some milliseconds after the last; nil for the first.
  package mutating func begin(elapsedMilliseconds: Int64?) {
    guard throughput > 0 else { return }
    let fresh = (throughput * Double(elapsedMilliseconds ?? 1000) * 1000).rounded(.down)
    room = (room ?? 0) % 1_000_000 + Int64(min(fresh, 1e15))
  }

  /// Adds accounts that have become liquidatable, in book order; those that wait keep their time.
  package mutating func add(_ fallen: [Int], time: Int64) {
    let new = fallen.filter { since[$0] == nil }
    guard !new.isEmpty else { return }
    for account in new { since[account] = time }
    accounts = (accounts + new).sorted()
  }

  /// Forgets an account that was liquidated, or that is healthy again.
  package mutating func remove(_ account: Int) { since[account] = nil }

  /// Takes one liquidation out of the step's room; false when none is left.
  package mutating func takeRoom() -> Bool {
    guard let left = room else { return true }
    guard left >= 1_000_000 else { return false }
    room = left - 1_000_000
    return true
  }

  /// Ends a step: who was removed leaves the list.
  package mutating func end() {
    accounts.removeAll { since[$0] == nil }
    peak = max(peak, accounts.count)
  }
}
