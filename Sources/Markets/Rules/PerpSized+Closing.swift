// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

extension PerpSized {
  /// As much as restores the margin with a buffer (Drift v2).
  ///
  ///     shortage = −health + buffer · (liabilities + losses of perps)
  ///     perp: closed USD = shortage / (ratio + buffer − liquidator fee − insurance fee)
  ///     spot: repaid USD = shortage / (w_l − w_a · (1 + fee)/(1 − fee) − insurance fee · w_l)
  ///
  /// Positions of up to 50 USD are closed whole, and everything where the fees eat the margin that
  /// a close frees. What is left has a margin ratio of its own size. Source: venues.md 1.5, 1.6.
  package func close(_ account: ClosingAccount) -> Close {
    let own = account.own
    let shortage = shortage(of: account)
    if own.leg.kind == .perp { return closePerp(account, shortage: shortage) }
    let isSeized = own.leg.kind == .deposit
    guard let terms = terms[own.leg.asset], own.valueUSD > dustUSD,
      let place = isSeized
        ? account.first(.borrow, by: { -$0.valueUSD })
        : account.first(.deposit, by: { -$0.valueUSD })
    else { return .whole(penalty: 0) }
    let collateral = isSeized ? own : account.legs[place]
    let debt = isSeized ? account.legs[place] : own
    let fee = terms.spotFees.liquidator
    let exchange = (1 + fee) / (1 - fee)
    let freed =
      debt.weight - collateral.weight * exchange - terms.spotFees.insurance * debt.weight
    guard freed > 0 else { return .whole(penalty: fee) }
    let repaid = min(shortage / freed * initialShare, debt.valueUSD)
    let seized = repaid * exchange
    let share = (isSeized ? seized : repaid) / own.valueUSD
    guard share > 0, share < 1, seized < collateral.valueUSD else { return .whole(penalty: fee) }
    return .part(
      PartialClose(
        share: share,
        penalty: exchange - 1 + terms.spotFees.insurance,
        counter: .init(place: place, fallUSD: isSeized ? repaid : seized),
        slopeFactor: slopeFactor(of: own.leg, left: 1 - share)
      )
    )
  }

  /// What is missing to the requirement with its buffer, USD.
  private func shortage(of account: ClosingAccount) -> Double {
    var liabilities = account.value(of: .perp, .borrow)
    for entry in account.legs { liabilities += entry.lossUSD }
    return -account.health + buffer * liabilities
  }

  private func closePerp(_ account: ClosingAccount, shortage: Double) -> Close {
    let own = account.own
    guard let terms = terms[own.leg.asset], own.valueUSD > dustUSD,
      let ratio = maintenanceRatio(of: own.leg)
    else { return .whole(penalty: 0) }
    let fee = terms.perpFees.liquidator
    let room = ratio + buffer - fee
    let insurance = min(
      terms.perpFees.insurance,
      max(0, (room - shortage / own.valueUSD) * 19 / 20)
    )
    let closed = shortage / (room - insurance) * initialShare
    guard room - insurance > 0, closed > 0, closed < own.valueUSD else {
      return .whole(penalty: fee + insurance)
    }
    let share = closed / own.valueUSD
    return .part(
      PartialClose(
        share: share,
        penalty: fee + insurance,
        slopeFactor: slopeFactor(of: own.leg, left: 1 - share)
      )
    )
  }

  /// Maintenance ratio of a perp with its size premium.
  private func maintenanceRatio(of leg: Leg) -> Double? {
    guard leg.quantity != 0, let health = try? health(of: leg, in: LegContext(leg)) else {
      return nil
    }
    return (leg.quantity - health.slope) / leg.quantity.magnitude
  }

  /// Slope of a smaller leg by its slope now; the premium falls with size.
  private func slopeFactor(of leg: Leg, left: Double) -> Double? {
    var smaller = leg
    smaller.quantity = leg.quantity * left
    guard let before = try? health(of: leg, in: LegContext(leg)), before.slope != 0,
      let after = try? health(of: smaller, in: LegContext(smaller))
    else { return nil }
    return after.slope / before.slope
  }
}

extension LegContext {
  /// A leg by itself, of a price without doubt.
  fileprivate init(_ leg: Leg) { self.init(legs: [leg], confidenceRatio: 0) }
}
