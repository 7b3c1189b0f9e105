// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Numerics

/// What the monitor does for one account at one poll.
package enum ProtectionAction: Sendable, Equatable {
  case none
  case deposit(Micro)
  case withdraw(Micro)
  /// The wallet cannot pay: deposits pause until it changes.
  case walletEmpty
}

/// Elastic collateral of one account (seed 1, SEMANTICS B13).
///
///     distance < trigger and deposited < cap     → deposit min(increment, cap − deposited)
///     else distance > safe and deposited > 0     → withdraw min(increment, deposited)
///
/// Both only when more than the cooldown has passed since the last action.
package struct ProtectionMachine: Sendable, Equatable {
  package var deposited: Micro
  package var lastActionAt: Int64?
  /// What the wallet still holds, nil for an unlimited one.
  package var wallet: Micro?
  package var isPaused = false
  package var wasExhausted = false

  package init(deposited: Micro, wallet: Micro?) {
    self.deposited = deposited
    self.wallet = wallet
  }

  /// The state after one poll, and what was done: a pure function.
  ///
  /// * `distance`: signed distance to the liquidation price; at or under 0 nothing is withdrawn.
  /// * `time`: UTC epoch milliseconds.
  package func step(
    distance: Double,
    time: Int64,
    limits: ProtectionLimits
  ) -> (state: ProtectionMachine, action: ProtectionAction) {
    var next = self
    let isInDanger = distance < limits.triggerDistance
    if isInDanger && deposited >= limits.cap { next.wasExhausted = true }
    if let lastActionAt, time - lastActionAt <= limits.cooldownMilliseconds { return (next, .none) }
    if isInDanger && deposited < limits.cap {
      let amount = min(limits.increment, limits.cap - deposited)
      guard amount > 0, !isPaused else { return (next, .none) }
      if let wallet, wallet < amount {
        next.isPaused = true
        return (next, .walletEmpty)
      }
      next.deposited += amount
      next.wallet = wallet.map { $0 - amount }
      next.lastActionAt = time
      return (next, .deposit(amount))
    }
    if distance > limits.safeDistance && distance > 0 && deposited > 0 && limits.canWithdraw {
      let amount = min(limits.increment, deposited)
      guard amount > 0 else { return (next, .none) }
      next.deposited -= amount
      next.wallet = wallet.map { $0 + amount }
      next.isPaused = false
      next.lastActionAt = time
      return (next, .withdraw(amount))
    }
    return (next, .none)
  }
}
