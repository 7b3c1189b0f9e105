// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

extension LendingWeighted {
  package var readsCloseFactor: Bool { true }

  /// Liquidators seize as much as brings health back to 0, at every price on the way.
  ///
  /// One USD seized repays `(1 − fees) · (1 − c_a) / (1 + c_l)` USD of debt, so health rises by
  /// `G − W` with G the debt's weight times that and W the collateral's; keeping health at 0 while
  /// the price p falls leaves the share `(p / root)^(W / (G − W))` of the collateral, and while the
  /// price of a debt rises `(p / root)^(−V / (V − A))` of it, A being the collateral's weight that
  /// one USD repaid costs. Where a liquidation cannot raise health, everything is taken. A venue
  /// file that gives a close factor below 1 has that instead.
  /// Source: venues.md 2.4.
  package func close(_ account: ClosingAccount) -> Close {
    if !closing.closesWhole { return closing.close(account, groupBonus: nil) }
    let fees = liquidatorFee + insuranceFee
    let own = account.own
    let isSeized = own.leg.kind == .deposit
    let cost = isSeized ? fees : fees / (1 - fees)
    guard own.leg.kind != .perp, own.valueUSD > 0,
      let place = isSeized
        ? account.first(.borrow, by: { -$0.valueUSD })
        : account.first(.deposit, by: { -$0.valueUSD })
    else { return .whole(penalty: cost) }
    let collateral = isSeized ? own : account.legs[place]
    let debt = isSeized ? account.legs[place] : own
    let exchange =
      (1 - fees) * (1 - bias(collateral.confidenceRatio)) / (1 + bias(debt.confidenceRatio))
    let gain: Double
    let exponent: Double
    if isSeized {
      gain = debt.weight * exchange - collateral.weight
      exponent = collateral.weight / gain
    } else {
      gain = debt.weight - collateral.weight / exchange
      exponent = -debt.weight / gain
    }
    guard gain > 0, exponent.isFinite, exponent != 0 else { return .whole(penalty: cost) }
    let first = min(1, max(0, -account.health / (gain * own.valueUSD)))
    return .unwinding(first: first, exponent: exponent, penalty: cost)
  }
}
