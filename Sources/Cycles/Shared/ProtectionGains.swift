// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets
package import Numerics
package import TextKit

/// What protection changed for the accounts that it serves (SEMANTICS B13), by comparing each with
/// itself in the same world without protection.
///
/// An account that never acted has the same fate in both, so only the active ones are looked at.
package struct ProtectionGains: Sendable, Equatable {
  package var prevented = 0
  package var reducedLosses = 0
  package var saved: Int128 = 0
  /// Accounts that reached their own stop-loss and would have fallen before.
  package var stopsReached = 0

  package init() {}

  /// Counts one account.
  ///
  /// * `with`, `without`: equity at the end, floored at 0, and whether it fell.
  /// * `net`: deposits less withdrawals made in the run.
  package mutating func add(
    with: (equity: Micro, falls: Bool),
    without: (equity: Micro, falls: Bool),
    net: Int128
  ) {
    let gain = Int128(with.equity) - net - Int128(without.equity)
    saved += gain
    if without.falls && !with.falls { prevented += 1 }
    if without.falls && with.falls && gain > 0 { reducedLosses += 1 }
  }

  /// Both together.
  package static func + (a: ProtectionGains, b: ProtectionGains) -> ProtectionGains {
    var sum = a
    sum.prevented += b.prevented
    sum.reducedLosses += b.reducedLosses
    sum.saved += b.saved
    sum.stopsReached += b.stopsReached
    return sum
  }
}

/// Equities of protected accounts at the end of a path.
struct FinalEquities {
  let lanes: AccountLanes
  let track: OracleTrack

  /// Equity of an account that stands, floored at 0.
  func standing(_ account: Int, deposited: Micro) throws(Failure) -> Micro {
    let last = track.stepCount - 1
    let equity = try lanes.equity(of: account, deposited: deposited) {
      track.price(ofLeg: $0, at: last, lanes)
    }
    return max(0, equity)
  }

  /// What an account that was closed at the mark has left.
  func closed(
    _ account: Int,
    deposited: Micro,
    at step: Int,
    penalty: Double
  ) throws(Failure) -> Micro {
    let close = try lanes.close(account, deposited: deposited) {
      track.price(ofLeg: $0, at: step, lanes)
    }
    return close.equity >= 0 ? close.equity - (try close.penalty(rate: penalty)) : 0
  }
}

extension ProtectionGains {
  /// The accounts that are closed at the mark where they fall.
  package static func atMarket(
    _ run: ProtectionRun,
    _ settings: LiquidationSettings,
    _ lanes: AccountLanes,
    _ track: OracleTrack,
    _ bare: BareFalls
  ) throws(Failure) -> ProtectionGains {
    let equities = FinalEquities(lanes: lanes, track: track)
    var gains = ProtectionGains()
    for entry in run.active {
      let account = lanes.protected[Int(entry.place)]
      if lanes.sellsByAuction[account] { continue }
      let carried = lanes.carried[account]
      let bareStep = bare.steps[account]
      let with =
        entry.fall == .max
        ? try equities.standing(account, deposited: entry.deposited)
        : try equities.closed(
          account,
          deposited: entry.deposited,
          at: Int(entry.fall),
          penalty: settings.penalty
        )
      let without =
        bareStep == .max
        ? try equities.standing(account, deposited: carried)
        : try equities.closed(
          account,
          deposited: carried,
          at: Int(bareStep),
          penalty: settings.penalty
        )
      gains.add(
        with: (with, entry.fall != .max),
        without: (without, bareStep != .max),
        net: Int128(entry.net)
      )
    }
    return gains
  }
}

/// What protection changed for the accounts whose collateral is sold in auctions.
///
/// Only accounts that fall in one of the two worlds depend on the auctions; all others are compared
/// once for all clocks.
package struct AuctionGains: Sendable {
  private var sure = ProtectionGains()
  private var open: [Open] = []

  /// An account that falls in one world or both; nil where its lots tell what it is left with.
  private struct Open: Sendable {
    var account: Int32
    var with: Micro?
    var without: Micro?
    var net: Int128
  }

  /// Compares the accounts that stand in both worlds.
  package init(
    _ run: ProtectionRun,
    _ lanes: AccountLanes,
    _ track: OracleTrack,
    _ bare: BareFalls
  ) throws(Failure) {
    let equities = FinalEquities(lanes: lanes, track: track)
    for entry in run.active {
      let account = lanes.protected[Int(entry.place)]
      guard lanes.sellsByAuction[account] else { continue }
      let with =
        entry.fall == .max
        ? try equities.standing(account, deposited: entry.deposited) : nil
      let without =
        bare.steps[account] == .max
        ? try equities.standing(account, deposited: lanes.carried[account]) : nil
      let net = Int128(entry.net)
      if let with, let without {
        sure.add(with: (with, false), without: (without, false), net: net)
      } else {
        open.append(Open(account: Int32(account), with: with, without: without, net: net))
      }
    }
  }

  /// The gains under one clock.
  ///
  /// * `estates`, `bareEstates`: what their lots left accounts, by account.
  package func gains(
    estates: [Int32: Micro],
    bareEstates: [Int32: Micro]
  ) -> ProtectionGains {
    var gains = sure
    for entry in open {
      gains.add(
        with: (entry.with ?? max(0, estates[entry.account] ?? 0), entry.with == nil),
        without: (entry.without ?? max(0, bareEstates[entry.account] ?? 0), entry.without == nil),
        net: entry.net
      )
    }
    return gains
  }
}

extension AuctionRun {
  /// What the lots of protected accounts left them, by account.
  package func protectedEstates(
    _ members: LotTable.Members,
    _ table: LotTable,
    _ lanes: AccountLanes
  ) -> [Int32: Micro] {
    var found: [Int32: Micro] = [:]
    for (place, index) in members.openings.enumerated() {
      let account = table.openings[Int(index)].account
      if lanes.isProtected[Int(account)] {
        found[account] = estates[place]
      }
    }
    return found
  }
}

extension BareFalls {
  /// All falls of the world without protection, by step and then by account.
  package func all(_ lanes: AccountLanes) -> [AccountFall] {
    var falls = unprotected
    for account in lanes.protected where steps[account] != .max {
      falls.append(
        AccountFall(
          account: Int32(account),
          step: steps[account],
          deposited: lanes.carried[account]
        )
      )
    }
    return falls.sorted { ($0.step, $0.account) < ($1.step, $1.account) }
  }
}
