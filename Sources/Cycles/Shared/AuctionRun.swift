// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
internal import Markets
internal import Numerics
package import TextKit

/// What the lots of one world came to, with the insurance fund that market closes share.
///
/// Times of acceptance are the scan's, and not in the totals.
package struct AuctionRun: Sendable {
  package private(set) var totals = AuctionTotals()
  /// What the fund paid for market closes, and what nobody did.
  package private(set) var closesPaid: Int128 = 0
  package private(set) var closesBadDebt: Int128 = 0
  /// What each opening of the world leaves its account, by place among the members.
  let estates: [Micro]

  /// Settles the lots of one world.
  ///
  /// Lots that specialists take whole do not see each other. The others are settled in their order,
  /// after the market closes of the same step, because capacity, estates and fund are shared.
  package init(
    _ members: LotTable.Members,
    _ table: LotTable,
    _ scan: LotScan,
    _ closes: MarketCloses,
    _ liquidations: LiquidationSettings,
    _ lanes: AccountLanes,
    _ track: OracleTrack,
    _ deposits: [AccountFall]
  ) throws(Failure) {
    var placeOf = Array(repeating: Int32(-1), count: table.openings.count)
    var estates: [AuctionStage.Estate] = []
    estates.reserveCapacity(members.openings.count)
    for (place, index) in members.openings.enumerated() {
      let opening = table.openings[Int(index)]
      placeOf[Int(index)] = Int32(place)
      let cash = try micro(
        lanes.collateral[Int(opening.account)] + usd(members.deposits[place])
      )
      estates.append(AuctionStage.Estate(cash: max(0, cash), openLots: opening.lots.count))
      totals.lots += opening.lots.count
      totals.owed += Int128(opening.debt)
      totals.liquidated += opening.liquidated
      for lot in opening.lots where scan.prices[Int(lot)] >= 0 {
        totals.accepted += 1
        guard opening.lots.count == 1, scan.lots[Int(lot)].isPaid(by: scan.prices[Int(lot)]) else {
          continue
        }
        let paid = try LotSettlement(
          scan.lots[Int(lot)],
          proceeds: scan.prices[Int(lot)],
          &estates[place],
          insurance: 0
        )
        totals.add(paid)
      }
    }
    var fund = FundRun(liquidations, closes, lanes, track, deposits)
    var capacity = scan.settings.backstopCapacity
    for entry in scan.chained {
      let lot = Int(entry)
      let place = Int(placeOf[Int(table.openingOfPiece[lot])])
      guard place >= 0 else { continue }
      let step = Int(scan.steps[lot])
      try fund.advance(to: step)
      var proceeds = scan.prices[lot]
      if proceeds < 0 {
        let (part, dump) = try scan.settings.backstop(
          of: scan.lots[lot],
          time: track.times[step],
          spot: track.price(ofLeg: scan.lots[lot].asset, at: step, lanes),
          capacity: &capacity
        )
        totals.backstop += Int128(part)
        proceeds = part + dump
      }
      let paid = try LotSettlement(
        scan.lots[lot],
        proceeds: proceeds,
        &estates[place],
        insurance: fund.balance
      )
      fund.balance -= paid.fromInsurance
      totals.add(paid)
    }
    try fund.advance(to: track.stepCount)
    closesPaid = fund.paid
    closesBadDebt = fund.badDebt
    self.estates = estates.map(\.cash)
  }
}

/// The insurance fund along a path: penalties in, shortfalls out, in the order of the closes.
private struct FundRun {
  var balance: Micro
  private(set) var paid: Int128 = 0
  private(set) var badDebt: Int128 = 0
  private var claims: [MarketCloses.Claim]
  private var next = 0

  init(
    _ settings: LiquidationSettings,
    _ closes: MarketCloses,
    _ lanes: AccountLanes,
    _ track: OracleTrack,
    _ falls: [AccountFall]
  ) {
    balance = settings.insurance
    claims = closes.claims
    guard MarketCloses.usesFund(settings) else {
      badDebt = closes.shortfall
      return
    }
    sortByRisk(lanes, track, falls)
  }

  /// Lending accounts before perps, then the lowest health for its size, then the account's rank.
  private mutating func sortByRisk(
    _ lanes: AccountLanes,
    _ track: OracleTrack,
    _ falls: [AccountFall]
  ) {
    var deposits: [Int32: Micro] = [:]
    for fall in falls { deposits[fall.account] = fall.deposited }
    var probe = AccountProbe(lanes, track)
    let keys = claims.map { claim in
      let account = Int(claim.account)
      let isPerp = lanes.input.book.accounts[account].legs.contains { $0.kind == .perp }
      return (
        claim.step, isPerp ? 1 : 0,
        probe.risk(of: account, deposited: deposits[claim.account] ?? 0, at: Int(claim.step)),
        lanes.ranks[account]
      )
    }
    let order = claims.indices.sorted { keys[$0] < keys[$1] }
    claims = order.map { claims[$0] }
  }

  /// Takes every close up to a step.
  mutating func advance(to step: Int) throws(Failure) {
    while next < claims.count, Int(claims[next].step) <= step {
      let claim = claims[next]
      next += 1
      if claim.equity >= 0 {
        balance = try sum(balance, claim.penalty)
      } else {
        let part = min(-claim.equity, balance)
        balance -= part
        paid += Int128(part)
        badDebt += Int128(-claim.equity - part)
      }
    }
  }
}
