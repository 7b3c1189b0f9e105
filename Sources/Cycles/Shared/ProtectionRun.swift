// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
internal import Markets
internal import Numerics

/// What protection did along one path: every protected account walked from event to event.
///
/// Accounts do not see each other, so each is walked alone: the next poll that can act and the next
/// step at which it can fall are searched in the path, and nothing is looked at between them.
package struct ProtectionRun: Sendable {
  /// A protected account that acted or fell.
  struct Active: Sendable {
    /// Place among the protected.
    var place: Int32
    /// Step of its fall, `Int32.max` while it stands.
    var fall: Int32
    /// Deposits at the fall or at the end.
    var deposited: Micro
    /// Deposits less withdrawals made in the run.
    var net: Micro
  }

  package private(set) var totals = ProtectionTotals()
  /// In order of places.
  private(set) var active: [Active] = []
  /// Protected accounts that fell, by step and then by account.
  package private(set) var falls: [AccountFall] = []
  /// Deposits after every change of the accounts of which the clusters need them, by account.
  private(set) var history: [Int: [(step: Int, deposited: Micro)]] = [:]

  /// Walks the protected accounts; with protection switched off they stand as the book has them.
  package init(
    _ plan: ProtectionPlan,
    _ lanes: AccountLanes,
    _ track: OracleTrack,
    _ bare: BareFalls
  ) {
    guard plan.settings.isEnabled else {
      for (place, account) in lanes.protected.enumerated() where bare.steps[account] != .max {
        let carried = lanes.carried[account]
        active.append(
          Active(place: Int32(place), fall: bare.steps[account], deposited: carried, net: 0)
        )
      }
      collectFalls(lanes)
      return
    }
    totals.triggeredAtEntry = plan.triggeredAtEntry
    var walk = ProtectionWalk(plan, lanes, track)
    for (place, account) in lanes.protected.enumerated() {
      if walk.staysQuiet(place, account, bareFall: bare.steps[account]) { continue }
      walk.run(place, account)
      if walk.fall != nil || walk.hasActed {
        active.append(
          Active(
            place: Int32(place),
            fall: walk.fall.map { Int32($0) } ?? .max,
            deposited: walk.machine.deposited,
            net: walk.machine.deposited - lanes.carried[account]
          )
        )
      }
      // Only what was carried in above the cap can stand above it.
      if lanes.carried[account] > plan.limits[place].cap {
        history[account] = walk.changes
      }
    }
    let atEntry = totals.triggeredAtEntry
    totals = walk.totals
    totals.triggeredAtEntry = atEntry
    var committed = lanes.protected.reduce(Int128(0)) {
      $0 + Int128(lanes.carried[$1])
    }
    for change in walk.committedChanges {
      committed += change
      totals.peakCommitted = max(totals.peakCommitted, committed)
    }
    collectFalls(lanes)
  }

  private mutating func collectFalls(_ lanes: AccountLanes) {
    for entry in active where entry.fall != .max {
      falls.append(
        AccountFall(
          account: Int32(lanes.protected[Int(entry.place)]),
          step: entry.fall,
          deposited: entry.deposited
        )
      )
    }
    falls.sort { ($0.step, $0.account) < ($1.step, $1.account) }
  }
}
