// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Numerics
internal import TextKit

/// Who gets what of a lot's proceeds (SEMANTICS B17, B18): a pure function of lot and estate.
///
/// Debt and interest first, then the fee, the rest to the borrower. What proceeds leave of the debt
/// is paid from the account's estate, then from insurance, and the rest is bad debt.
struct LotSettlement: Sendable {
  let repaid: Micro
  let fee: Micro
  let surplus: Micro
  let fromCash: Micro
  let fromInsurance: Micro
  let badDebt: Micro

  /// Settles a lot and moves its surplus into the estate of its account.
  ///
  /// * `insurance`: balance of the fund.
  init(
    _ lot: Lot,
    proceeds: Micro,
    _ estate: inout AuctionStage.Estate,
    insurance: Micro
  ) throws(Failure) {
    let owed = lot.debt + lot.interest
    repaid = min(proceeds, owed)
    fee = min(proceeds - repaid, lot.fee)
    surplus = proceeds - repaid - fee
    fromCash = min(estate.cash, owed - repaid)
    fromInsurance = min(insurance, owed - repaid - fromCash)
    badDebt = owed - repaid - fromCash - fromInsurance
    estate.cash = try sum(surplus, estate.cash, -fromCash)
    estate.openLots -= 1
  }
}

extension AuctionTotals {
  /// Counts a settled lot.
  mutating func add(_ settlement: LotSettlement) {
    recovered += Int128(settlement.repaid)
    surplus += Int128(settlement.surplus)
    insurancePaid += Int128(settlement.fromInsurance)
    badDebt += Int128(settlement.badDebt)
  }
}

extension AuctionSettings {
  /// What backstop buyers pay up to their capacity, and what the market pays for the rest (B18).
  func backstop(
    of lot: Lot,
    time: Int64,
    spot: Double,
    capacity: inout Micro
  ) throws(Failure) -> (backstop: Micro, market: Micro) {
    let bid = try micro(lot.quantity * spot * (1 - backstopDiscount))
    let part = min(bid, capacity)
    capacity -= part
    let unsold = bid > 0 ? 1 - Double(part) / Double(bid) : 1
    let discount = lot.event?.thinned(dumpDiscount, at: time) ?? dumpDiscount
    return (part, try micro(lot.quantity * spot * (1 - discount) * unsold))
  }
}
