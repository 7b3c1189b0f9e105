// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets
internal import TextKit

/// One step of a path and the times around it, UTC epoch milliseconds.
struct StepMoment: Sendable {
  let step: Int
  let time: Int64
  /// Nil at the first and the last step.
  let previous: Int64?
  let next: Int64?
}

extension ReferenceWorld {
  /// Takes one step: every effect of the list, in its order.
  mutating func take(_ step: Int) throws(Failure) {
    let times = input.path.times
    let moment = StepMoment(
      step: step,
      time: times[step],
      previous: step > 0 ? times[step - 1] : nil,
      next: step + 1 < times.count ? times[step + 1] : nil
    )
    for effect in ReferenceWorld.effects {
      let before = watcher == nil ? nil : log
      try apply(effect, moment)
      if let watcher, let before, let log {
        watcher(.effect(effect, time: moment.time, rows: log.rows(since: before)))
      }
    }
  }

  private static let effects = StepEffect.allCases

  private mutating func apply(_ effect: StepEffect, _ moment: StepMoment) throws(Failure) {
    let time = moment.time
    switch effect {
    case .updateOracle: updateOracle(moment)
    case .distributeFunding: try accrue(time: time, previous: moment.previous)
    case .findLiquidatable: try findLiquidatable(moment)
    case .liquidateLoans: try liquidateLoans(time: time)
    case .updateFundingRates: accruals.setRates(moment.step, of: input.path)
    case .liquidatePerps: try liquidatePerps(time: time)
    case .resolveBankrupt: if waterfall.isActive { try resolveBankrupt(time: time) }
    case .runAuctions: try runAuctions(market, time: time, next: moment.next)
    case .protect: try protect(moment)
    case .moveVault: if hasVault { try moveVault(market, time: time, isLast: moment.next == nil) }
    case .refreshClusters:
      if hasVault { try clusters.refresh(time: time, input, accounts, protection, oracle) }
    case .feedBack:
      try cascade?.absorb(
        liquidations.flow,
        vault.deployment,
        density: settings.vault.density,
        time: time
      )
    case .keepBooks:
      if waterfall.isActive { try endDefence() }
      try ledger.check(step: moment.step)
    }
  }

  /// The prices that bidders and the vault see.
  private var market: OracleStage { cascade?.market ?? oracle }

  private mutating func updateOracle(_ moment: StepMoment) {
    if let moved = cascade?.advance(to: moment.step, of: input.path) {
      oracle = moved
    } else {
      oracle.advance(to: moment.step, of: input.path)
    }
    gate.take(market, time: moment.time)
  }

  private mutating func findLiquidatable(_ moment: StepMoment) throws(Failure) {
    if waterfall.isActive {
      try beginDefence(moment)
    } else {
      due = try liquidations.take(fallen(time: moment.time), input, accounts, oracle)
    }
  }

  private mutating func liquidateLoans(time: Int64) throws(Failure) {
    for account in due where !isPerp(account) {
      if waterfall.isActive {
        try defend(lender: account, time: time)
      } else {
        try liquidate(account, time: time)
      }
    }
  }

  private mutating func liquidatePerps(time: Int64) throws(Failure) {
    for account in due where isPerp(account) {
      if !waterfall.isActive {
        try liquidate(account, time: time)
      } else if let found = try defend(perp: account, time: time) {
        bankrupt.append(found)
      }
    }
  }

  /// Stop-losses of accounts, then the monitor's polls and what they close.
  private mutating func protect(_ moment: StepMoment) throws(Failure) {
    for account in stopLosses.reached(input, accounts, oracle) {
      try closeForOwner(account, .stopLoss, time: moment.time)
    }
    let changed = protection.poll(
      time: moment.time,
      previous: moment.previous,
      input,
      &accounts,
      oracle,
      &ledger,
      &log
    )
    for account in changed { watch.update(account, input.affine, accounts, oracle) }
    for account in protection.closing { try closeForOwner(account, .closed, time: moment.time) }
  }
}
