// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
internal import Numerics

extension ProtectionStage {
  /// What the monitor saw of an account at a poll: the columns of its log rows.
  struct Sight {
    var account: Int
    var asset: Int
    var time: Int64
    var price: Double
    var liquidationPrice: Double?
    var distance: Double
  }

  /// Moves the money of an action, counts and logs it.
  ///
  /// - Returns: whether the account's collateral changed.
  mutating func carryOut(
    _ action: ProtectionAction,
    _ place: Int,
    _ seen: Sight,
    _ deposited: Micro,
    _ ledger: inout Ledger,
    _ log: inout EventLog?
  ) -> Bool {
    switch action {
    case .none: return false
    case .walletEmpty:
      totals.walletEmpty += 1
      record(.walletEmpty, 0, seen, deposited, &log)
      return false
    case .deposit(let amount):
      totals.deposits += 1
      totals.deposited += Int128(amount)
      commit(amount, place, &ledger)
      record(.deposit, amount, seen, deposited, &log)
    case .withdraw(let amount):
      totals.withdrawals += 1
      totals.withdrawn += Int128(amount)
      commit(-amount, place, &ledger)
      record(.withdrawal, amount, seen, deposited, &log)
    }
    return true
  }

  mutating func noteExhausted(_ seen: Sight, _ deposited: Micro, _ log: inout EventLog?) {
    totals.exhausted += 1
    record(.exhausted, 0, seen, deposited, &log)
  }

  /// Logs an event, and the notification that seed 1 sends of it where users are told.
  private func record(
    _ event: ProtectionRecord.Event,
    _ amount: Micro,
    _ seen: Sight,
    _ deposited: Micro,
    _ log: inout EventLog?
  ) {
    guard log != nil else { return }
    var row = ProtectionRecord(
      account: seen.account,
      asset: seen.asset,
      time: seen.time,
      event: event,
      amount: amount,
      total: deposited,
      price: seen.price,
      liquidationPrice: seen.liquidationPrice,
      distance: seen.distance
    )
    log?.protection.append(row)
    guard settings.monitor.notifies, event != .walletEmpty else { return }
    row.event = .notification
    row.note = .about(event)
    log?.protection.append(row)
  }

  /// Takes what came back into the pool; accounts that waited for it may try again.
  mutating func refill(_ amount: Micro) {
    guard settings.monitor.pool > 0, monitor != nil, amount > 0 else { return }
    monitor?.pool += amount
    for place in machines.indices where machines[place].isPaused {
      machines[place].isPaused = false
    }
  }
}
