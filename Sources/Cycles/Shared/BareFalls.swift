// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets
package import Numerics

/// One account that falls, and what protection it holds then.
package struct AccountFall: Sendable, Equatable {
  package var account: Int32
  package var step: Int32
  package var deposited: Micro
}

/// When every account falls if nobody protects it: what the cells of a sweep share most.
///
/// A `single` account falls at the first price beyond its trip price; the accounts are sorted by
/// it, and the first step below a falling level only moves on, so a path is walked once for all.
package struct BareFalls: Sendable {
  /// Step at which each account falls, `Int32.max` for those that stand.
  package let steps: [Int32]
  /// Those of unprotected accounts, by step and then by account.
  package let unprotected: [AccountFall]

  package init(_ lanes: AccountLanes, _ track: OracleTrack) {
    var steps = Array(repeating: Int32.max, count: lanes.lane.count)
    for asset in lanes.below.indices {
      guard let column = track.fresh[asset] else { continue }
      BareFalls.take(lanes.below[asset], &steps) { level, start in
        column.lowest < level
          ? column.first(outside: level, .infinity, from: start, before: column.count) : nil
      }
      BareFalls.take(lanes.above[asset], &steps) { level, start in
        column.highest > level
          ? column.first(outside: -.infinity, level, from: start, before: column.count) : nil
      }
    }
    var probe = AccountProbe(lanes, track)
    for entry in lanes.others {
      let account = Int(entry)
      let fall = probe.fall(
        of: account,
        deposited: lanes.carried[account],
        from: 0,
        before: track.stepCount
      )
      if let fall { steps[account] = Int32(fall) }
    }
    var falls: [AccountFall] = []
    for account in steps.indices
    where steps[account] != .max && !lanes.isProtected[account] {
      falls.append(
        AccountFall(
          account: Int32(account),
          step: steps[account],
          deposited: lanes.carried[account]
        )
      )
    }
    falls.sort { ($0.step, $0.account) < ($1.step, $1.account) }
    unprotected = falls
    self.steps = steps
  }

  private static func take(
    _ trips: [AccountLanes.Trip],
    _ steps: inout [Int32],
    first: (_ level: Double, _ start: Int) -> Int?
  ) {
    var start = 0
    for trip in trips {
      guard let step = first(trip.level, start) else { return }
      start = step
      let account = Int(trip.account)
      steps[account] = min(steps[account], Int32(step))
    }
  }
}
