// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
internal import Markets
package import Numerics
package import TextKit

/// What auctions came to in one scenario.
package struct AuctionTotals: Sendable, Equatable {
  package var lots = 0
  package var accepted = 0
  package var owed: Int128 = 0
  package var recovered: Int128 = 0
  package var surplus: Int128 = 0
  package var badDebt: Int128 = 0
  package var insurancePaid: Int128 = 0
  package var backstop: Int128 = 0
  package var liquidated: Int128 = 0
  /// Seconds from opening to acceptance of the accepted lots.
  package var clearing = ClearingTimes()

  package init() {}
}

/// Sells the collateral of fallen lending and event accounts (DESIGN 8, SEMANTICS B15 to B18).
package struct AuctionStage: Sendable {
  let settings: AuctionSettings
  private let specialists: [Specialist]
  let events: EventMarket
  var active: [Lot] = []
  var estates: [Int: Estate] = [:]
  private var capacity: Micro
  package internal(set) var totals = AuctionTotals()

  package init(_ settings: AuctionSettings, input: WorldInput) throws(Failure) {
    self.settings = settings
    events = EventMarket(input.catalogue)
    specialists = try Specialist.draw(
      settings,
      seed: input.seed,
      scenario: input.scenario,
      events: events
    )
    capacity = settings.backstopCapacity
  }

  /// Lets every clock run until the next step; lots at their end go to the backstop ladder.
  ///
  /// * `next`: time of the next step, nil at the last one, where every lot ends.
  /// - Returns: the lots that closed, with what returns to their owners' protection wallets.
  package mutating func advance(
    time: Int64,
    next: Int64?,
    _ input: WorldInput,
    _ accounts: inout AccountStates,
    _ oracle: OracleStage,
    _ insurance: inout Micro,
    _ ledger: inout Ledger
  ) throws(Failure) -> [(record: AuctionRecord, returned: Micro)] {
    guard !active.isEmpty else { return [] }
    var closed: [(record: AuctionRecord, returned: Micro)] = []
    var open: [Lot] = []
    for var lot in active {
      let table = input.catalogue.assets
      let spot = oracle.spot(of: lot.asset, in: table)
      let start = Double(time - lot.openedAt) / 1000
      var sale: Sale?
      if lot.isUnderwater || start >= settings.durationSeconds || next == nil {
        sale = try ladder(lot, time: time, spot: spot)
      } else if let next {
        try lot.restartIfDue(
          at: start,
          mark: oracle.price(of: lot.asset, in: table)
            - oracle.confidence(of: lot.asset, in: table),
          kappaBPSPerSecond: settings.relativeKappa
        )
        let end = min(Double(next - lot.openedAt) / 1000, settings.durationSeconds)
        if let taken = try lot.acceptance(
          within: (start, end),
          spot: spot,
          specialists: specialists,
          gas: settings.gas
        ) {
          totals.accepted += 1
          totals.clearing.add(taken.seconds)
          ledger.transfer(settings.gas, from: .liquidator, to: .network)
          let milliseconds = Int64((1000 * taken.seconds).rounded(.up))
          sale = Sale(
            outcome: .accepted,
            winner: taken.winner,
            closedAt: lot.openedAt + milliseconds,
            parts: [(.liquidator, taken.price)]
          )
        }
      }
      guard let sale else {
        open.append(lot)
        continue
      }
      let (record, returned) = try settle(
        lot,
        sale,
        spot: spot,
        input,
        &accounts,
        &insurance,
        &ledger
      )
      closed.append((record, returned))
    }
    active = open
    return closed
  }

  /// Who pays how much for a lot.
  private struct Sale {
    var outcome: LotOutcome
    var winner: Int?
    var closedAt: Int64
    var parts: [(payer: Party, amount: Micro)]
  }

  /// Backstop buyers up to their capacity, the market for the rest (SEMANTICS B18).
  private mutating func ladder(_ lot: Lot, time: Int64, spot: Double) throws(Failure) -> Sale {
    let (part, dump) = try settings.backstop(
      of: lot,
      time: time,
      spot: spot,
      capacity: &capacity
    )
    totals.backstop += Int128(part)
    return Sale(
      outcome: lot.isUnderwater ? .underwater : .backstop,
      winner: nil,
      closedAt: time,
      parts: [(.backstop, part), (.market, dump)]
    )
  }

  /// Pays debt and interest, then the fee; everything above returns to the borrower (B17).
  private mutating func settle(
    _ lot: Lot,
    _ sale: Sale,
    spot: Double,
    _ input: WorldInput,
    _ accounts: inout AccountStates,
    _ insurance: inout Micro,
    _ ledger: inout Ledger
  ) throws(Failure) -> (AuctionRecord, Micro) {
    for part in sale.parts { ledger.transfer(part.amount, from: part.payer, to: .borrower) }
    let proceeds = sale.parts.reduce(0) { $0 + $1.amount }
    var estate = estates[lot.account] ?? Estate(cash: 0, openLots: 1)
    let paid = try LotSettlement(lot, proceeds: proceeds, &estate, insurance: insurance)
    estates[lot.account] = estate
    // Protection returns when nothing of the account can be owed any more.
    let isLast = estate.openLots == 0
    let returned = isLast ? min(accounts.deposited[lot.account], estate.cash) : 0
    insurance -= paid.fromInsurance
    ledger.transfer(paid.repaid, from: .borrower, to: .lender)
    ledger.transfer(paid.fromCash, from: .borrower, to: .lender)
    ledger.transfer(paid.fee, from: .borrower, to: .feeTreasury)
    ledger.transfer(paid.fromInsurance, from: .insurance, to: .lender)
    ledger.transfer(returned, from: .borrower, to: .protectionWallet)
    accounts.equityAtClose[lot.account] = estate.cash
    totals.add(paid)
    let record = AuctionRecord(
      lot: lot,
      outcome: sale.outcome,
      winner: sale.winner,
      closedAt: sale.closedAt,
      price: proceeds,
      spot: spot,
      surplus: paid.surplus,
      badDebt: paid.badDebt,
      unpaid: paid.fromInsurance + paid.badDebt
    )
    return (record, returned)
  }
}
