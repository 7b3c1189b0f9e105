// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
internal import Markets
internal import Numerics
internal import TextKit

/// What accrued in one scenario.
package struct AccrualTotals: Sendable, Equatable {
  /// Funding that accounts paid, without what others received.
  package var fundingPaid: Int128 = 0
  package var interest: Int128 = 0
  /// The part of the interest that venues keep.
  package var reserves: Int128 = 0

  package init() {}
}

/// Funding of perps and interest on debt: step 2 of a step (seed 2, DESIGN 6).
///
/// Funding: at each end of the venue's interval a position pays `rint(rate · micro(q · P))` at the
/// rate that was in force before, to the market or from it. Interest: the USD that a borrow owes,
///
///     x ← x + rate · Δt / 365 d · (micro(q · P) + x)
///
/// is kept unrounded; the money that moves is the growth of micro(x). Both move the constants of
/// the account's lines, interest with the weight of the debt, and so its liquidation prices.
struct AccrualStage: Sendable {
  private let settings: AccountSettings
  private var rates: FundingRates
  /// USD of interest that the legs of each account owe, without rounding, and the weights of debts.
  private var owed: [[Double]]
  private var weights: [[Double]]
  /// Accounts with something that accrues, in book order.
  private let accounts: [Int]
  private(set) var totals = AccrualTotals()
  /// What accounts have received, less what they paid; 0 in the sum with what they hold.
  private(set) var moved: Int128 = 0

  init(_ settings: AccountSettings, input: WorldInput) throws(Failure) {
    self.settings = settings
    rates = FundingRates(settings.funding, assets: input.catalogue.assets.count)
    accounts =
      settings.accrues
      ? input.book.accounts.indices.filter { index in
        let account = input.book.accounts[index]
        let curves = input.catalogue.venues[account.venue].curves
        return account.legs.contains { leg in
          leg.kind == .perp && settings.funding != .off
            || leg.kind == .borrow && settings.hasInterest && curves[leg.asset] != nil
        }
      } : []
    owed = accounts.isEmpty ? [] : input.book.accounts.map { $0.legs.map { _ in 0 } }
    weights = owed
    for account in accounts {
      for (place, leg) in input.book.accounts[account].legs.enumerated() where leg.kind == .borrow {
        weights[account][place] = try input.weight(of: leg, in: account)
      }
    }
  }

  /// Moves what accrued since the last step.
  ///
  /// - Returns: the accounts whose constants moved.
  mutating func accrue(
    time: Int64,
    previous: Int64?,
    _ input: WorldInput,
    _ states: inout AccountStates,
    _ oracle: OracleStage,
    _ ledger: inout Ledger
  ) throws(Failure) -> [Int] {
    guard let previous, !accounts.isEmpty else { return [] }
    var changed: [Int] = []
    for account in accounts where states.isOpen[account] {
      let venue = input.catalogue.venues[input.book.accounts[account].venue]
      var accrued = states.accrued(of: account)
      let before = accrued
      for (place, leg) in input.book.accounts[account].legs.enumerated() {
        let price = oracle.price(of: leg.asset, in: input.catalogue.assets)
        switch leg.kind {
        case .perp:
          let paid = try funding(leg, price: price, time, previous, venue)
          accrued.funding = try sum(accrued.funding, -paid)
          ledger.transfer(paid, from: .borrower, to: .market)
          totals.fundingPaid += Int128(max(0, paid))
          moved -= Int128(paid)
        case .borrow:
          guard settings.hasInterest, place < owed[account].count,
            let curve = venue.curves[leg.asset]
          else { continue }
          let debt = usd(try micro(leg.quantity * price))
          let rate = curve.rate(at: curve.utilization ?? settings.utilization)
          let old = owed[account][place]
          let new = InterestCurve.owed(
            old,
            debt: debt,
            rate: rate,
            milliseconds: time - previous
          )
          owed[account][place] = new
          let grown = try micro(new) - micro(old)
          let kept = try share(curve.reserve, of: grown)
          accrued.interest = try sum(accrued.interest, grown)
          let weight = weights[account][place]
          accrued.weighted = try sum(
            accrued.weighted,
            try micro(weight * new) - micro(weight * old)
          )
          ledger.transfer(grown, from: .borrower, to: .lender)
          ledger.transfer(kept, from: .lender, to: .feeTreasury)
          totals.interest += Int128(grown)
          totals.reserves += Int128(kept)
          moved -= Int128(grown)
        case .deposit: continue
        }
      }
      guard accrued != before else { continue }
      states.setAccrued(accrued, of: account, input.affine, oracle)
      changed.append(account)
    }
    return changed
  }

  /// What a position pays in the intervals that ended since the last step.
  private func funding(
    _ leg: Leg,
    price: Double,
    _ time: Int64,
    _ previous: Int64,
    _ venue: Venue
  ) throws(Failure) -> Micro {
    let terms = venue.funding
    let count =
      floorQuotient(time, terms.intervalMilliseconds)
      - floorQuotient(previous, terms.intervalMilliseconds)
    guard settings.funding != .off, count > 0 else { return 0 }
    let once = try share(
      rates.rate(of: leg.asset, terms),
      of: try micro(leg.quantity * price)
    )
    guard let paid = Micro(exactly: Int128(once) * Int128(count)) else {
      throw amountTooLarge(usd(once) * Double(count))
    }
    return paid
  }

  /// Makes the rates that the next step pays at.
  mutating func setRates(_ step: Int, of path: PricePath) {
    if settings.funding != .off { rates = rates.after(step, of: path) }
  }

  /// Turns the interest that a fallen account owes into the debt of its lots.
  ///
  /// The lender had it as a claim; now the lots have to pay it.
  mutating func convert(
    _ account: Int,
    _ states: inout AccountStates,
    _ ledger: inout Ledger
  ) -> Micro {
    let owed = states.accrued(of: account).interest
    guard owed != 0 else { return 0 }
    ledger.transfer(owed, from: .lender, to: .borrower)
    moved += Int128(owed)
    states.forgetInterest(of: account)
    return owed
  }
}
