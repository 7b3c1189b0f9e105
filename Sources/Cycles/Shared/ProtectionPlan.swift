// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
internal import Markets
internal import Numerics
package import TextKit

/// What the protected accounts of a book may do under some settings, for all paths that start at
/// the same prices.
package final class ProtectionPlan: Sendable {
  package let settings: ProtectionSettings
  /// By protected account.
  let limits: [ProtectionLimits]
  /// Accounts that stand below their trigger from the start.
  let triggeredAtEntry: Int
  /// Deposits with which an account enters the clusters: its whole cap.
  let fullDeposits: [Micro]

  package init(_ settings: ProtectionSettings, _ lanes: AccountLanes) throws(Failure) {
    self.settings = settings
    let input = lanes.input
    let accounts = input.book.accounts
    let table = input.catalogue.assets
    var oracle = OracleStage(OracleSettings(maxAgeMilliseconds: 0), input: input)
    oracle.advance(to: 0, of: input.path)
    var limits: [ProtectionLimits] = []
    var full: [Micro] = []
    limits.reserveCapacity(lanes.protected.count)
    for account in lanes.protected {
      let own = try ProtectionLimits(accounts[account], settings) {
        oracle.price(of: $0, in: table)
      }
      limits.append(own)
      let carried = accounts[account].protection.deposited
      full.append(settings.isEnabled ? max(carried, own.cap) : carried)
    }
    var triggered = 0
    let book = input.affine
    for (place, account) in lanes.protected.enumerated() where lanes.lane[account] != .idle {
      let deposited = accounts[account].protection.deposited
      let prices = oracle.prices
      let confidences = oracle.confidences
      if book.isLiquidatable(
        account: account,
        deposited: deposited,
        prices: prices,
        confidences: confidences
      ) {
        continue
      }
      var nearest = Double.infinity
      for row in book.rows(of: account) {
        let interval = book.interval(
          of: row,
          deposited: deposited,
          prices: prices,
          confidences: confidences
        )
        let found = book.assess(row, interval, prices: prices)
        nearest = min(nearest, found.distance(at: prices[Int(book.asset[row])]) ?? .infinity)
      }
      if nearest < limits[place].triggerDistance { triggered += 1 }
    }
    self.limits = limits
    fullDeposits = full
    triggeredAtEntry = settings.isEnabled ? triggered : 0
  }
}

extension ProtectionSettings {
  /// What the caps of accounts follow from: settings that agree on it enter the clusters alike.
  package struct CapTerms: Sendable, Hashable {
    private let isEnabled: Bool
    private let maxDepositRatio: Double
    private let capsByCollateral: Bool

    init(_ settings: ProtectionSettings) {
      isEnabled = settings.isEnabled
      maxDepositRatio = settings.maxDepositRatio
      capsByCollateral = settings.capsByCollateral
    }
  }

  package var capTerms: CapTerms { CapTerms(self) }
}

/// The steps at which polls of a fixed period are due, with the prices that they see.
struct PollSchedule: Sendable {
  let steps: [Int32]
  /// Fresh prices at those steps by asset.
  private(set) var columns: [PriceColumn?]

  /// * `offset`: by how much the account's polls are shifted, milliseconds.
  init(_ settings: ProtectionSettings, offset: Int64, _ track: OracleTrack) {
    var steps: [Int32] = []
    var previous: Int64?
    for (step, time) in track.times.enumerated() {
      if settings.isDue(time, previous, start: track.times[0] + offset) {
        steps.append(Int32(step))
      }
      previous = time
    }
    self.steps = steps
    columns = track.fresh.map { column in
      column.map { fresh in PriceColumn(steps.map { fresh.values[Int($0)] }) }
    }
  }

  /// Place of the first poll at or after a step.
  @inline(__always)
  func place(atOrAfter step: Int) -> Int {
    var (low, high) = (0, steps.count)
    while low < high {
      let middle = (low + high) / 2
      if Int(steps[middle]) < step { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension ProtectionSettings {
  /// Due when the number of whole periods since `start` has grown, or at the first step from it on.
  func isDue(_ time: Int64, _ previous: Int64?, start: Int64) -> Bool {
    let elapsed = time - start
    guard elapsed >= 0 else { return false }
    guard let previous, previous - start >= 0 else { return true }
    return elapsed / pollMilliseconds > (previous - start) / pollMilliseconds
  }

  /// Shift of an account's polls, milliseconds.
  func offset(of account: Account) -> Int64 {
    isStaggered ? Int64(account.legs[0].row) * 1000 % pollMilliseconds : 0
  }
}
