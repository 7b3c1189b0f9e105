// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
internal import Markets

/// Closes accounts at the stop-loss of their owner (seed 1, "no recovery").
///
/// A stop stands on one asset and fires at or beyond its price: downwards for a long position or
/// a deposit, upwards for a short or a borrow. It is looked at after liquidations, so an account
/// whose price jumps past both falls.
struct StopLossStage: Sendable {
  /// Stops by account, in book order.
  private var stops: [(account: Int, stop: StopLoss)] = []

  /// * `isOn`: whether the stops of the book count.
  init(isOn: Bool, input: WorldInput) {
    guard isOn else { return }
    for (account, entry) in input.book.accounts.enumerated() {
      for stop in entry.protection.stopLosses { stops.append((account, stop)) }
    }
  }

  /// The open accounts that a stop closes now, each once, in book order.
  func reached(
    _ input: WorldInput,
    _ accounts: AccountStates,
    _ oracle: OracleStage
  ) -> [Int] {
    var list: [Int] = []
    for (account, stop) in stops where accounts.isOpen[account] && list.last != account {
      guard AccountStates.hasFreshPrices(account, input.affine, oracle),
        stop.fires(at: oracle.price(of: stop.asset, in: input.catalogue.assets))
      else { continue }
      list.append(account)
    }
    return list
  }
}
