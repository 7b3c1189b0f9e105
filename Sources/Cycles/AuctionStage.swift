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
  /// Seconds from opening to acceptance of each accepted lot.
  package var clearSeconds: [Double] = []
}

/// Sells the collateral of fallen lending and event accounts (DESIGN 8, SEMANTICS B15 to B18).
package struct AuctionStage: Sendable {
  private let settings: AuctionSettings
  private let specialists: [Specialist]
  private var active: [Lot] = []
  private var capacity: Micro
  package private(set) var totals = AuctionTotals()

  package init(_ settings: AuctionSettings, input: WorldInput) throws(Failure) {
    self.settings = settings
    specialists = try Specialist.draw(settings, seed: input.seed, scenario: input.scenario)
    capacity = settings.backstopCapacity
  }

  /// Opens a lot of an account's whole deposit at the conservative mark.
  package mutating func open(
    _ account: Int,
    time: Int64,
    _ input: WorldInput,
    _ accounts: AccountStates,
    _ oracle: OracleStage
  ) throws(Failure) -> Lot {
    let legs = input.book.accounts[account].legs
    let table = input.catalogue.assets
    let collateral = legs.first { $0.kind == .deposit } ?? legs[0]
    let quantity = collateral.kind == .deposit ? collateral.quantity : 0
    let price = oracle.price(of: collateral.asset, in: table)
    let confidence = oracle.confidence(of: collateral.asset, in: table)
    var debt: Micro = 0
    for leg in legs where leg.kind == .borrow {
      debt = try sum(debt, try micro(leg.quantity * oracle.price(of: leg.asset, in: table)))
    }
    let open = try micro(quantity * (price - confidence))
    let lot = Lot(
      number: totals.lots + 1,
      account: account,
      asset: collateral.asset,
      openedAt: time,
      quantity: quantity,
      mark: price - confidence,
      open: open,
      debt: debt,
      interest: 0,
      fee: try basisPoints(settings.feeBPS, of: debt),
      buffer: try basisPoints(settings.bufferBPS, of: debt),
      healthFactor: try healthFactor(of: account, input, accounts, oracle),
      kappaUSDPerSecond: settings.kappaUSDPerSecond > 0
        ? settings.kappaUSDPerSecond : usd(open) * settings.kappaBPSPerSecond / 1e4
    )
    // A reserve that does not fit is refused here, before anything compares with it.
    _ = try sum(lot.debt, lot.interest, lot.fee, lot.buffer)
    totals.lots += 1
    totals.owed += Int128(debt)
    totals.liquidated += Int128(try micro(quantity * price))
    active.append(lot)
    active.sort { input.book.precedes($0.account, $1.account) }
    return lot
  }

  private func healthFactor(
    of account: Int,
    _ input: WorldInput,
    _ accounts: AccountStates,
    _ oracle: OracleStage
  ) throws(Failure) -> Double? {
    let table = input.catalogue.assets
    let entry = input.book.accounts[account]
    var collateral = 0.0
    var debt = 0.0
    var markdown = 0.0
    for leg in entry.legs {
      let asset = table[leg.asset]
      let confidence = oracle.confidence(of: leg.asset, in: table)
      let context = LegContext(
        legs: entry.legs,
        confidenceRatio: input.confidenceRatios[asset.underlying]
      )
      let health = try input.catalogue.venues[entry.venue].rule.health(of: leg, in: context)
      let value = health.slope * asset.ratio * oracle.prices[asset.underlying]
      if leg.kind == .borrow { debt -= value } else { collateral += value }
      markdown += health.markdown.map { ($0.quantity * confidence) * $0.weight } ?? 0
    }
    collateral =
      ((collateral + entry.collateralUSD) - markdown) + usd(accounts.deposited[account])
    return debt > 0 ? collateral / debt : nil
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
    for lot in active {
      let spot = oracle.price(of: lot.asset, in: input.catalogue.assets)
      let start = Double(time - lot.openedAt) / 1000
      var sale: Sale?
      if lot.isUnderwater || start >= settings.durationSeconds || next == nil {
        sale = try ladder(lot, time: time, spot: spot)
      } else if let next {
        let end = min(Double(next - lot.openedAt) / 1000, settings.durationSeconds)
        if let taken = try lot.acceptance(
          within: (start, end),
          spot: spot,
          specialists: specialists,
          gas: settings.gas
        ) {
          totals.accepted += 1
          totals.clearSeconds.append(taken.seconds)
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
    let bid = try micro(lot.quantity * spot * (1 - settings.backstopDiscount))
    let part = min(bid, capacity)
    capacity -= part
    totals.backstop += Int128(part)
    let unsold = bid > 0 ? 1 - Double(part) / Double(bid) : 1
    let dump = try micro(lot.quantity * spot * (1 - settings.dumpDiscount) * unsold)
    return Sale(
      outcome: lot.isUnderwater ? .underwater : .backstop,
      winner: nil,
      closedAt: time,
      parts: [(.backstop, part), (.market, dump)]
    )
  }

  /// Pays debt and interest, then the fee; everything above returns to the borrower (B17).
  ///
  /// What proceeds leave of the debt is paid from the account's own cash, then from insurance, and
  /// the rest is bad debt.
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
    let owed = lot.debt + lot.interest
    let repaid = min(proceeds, owed)
    let fee = min(proceeds - repaid, lot.fee)
    let surplus = proceeds - repaid - fee
    let cash = max(0, try accounts.cash(of: lot.account, in: input.book))
    let fromCash = min(cash, owed - repaid)
    let fromInsurance = min(insurance, owed - repaid - fromCash)
    let badDebt = owed - repaid - fromCash - fromInsurance
    let equity = try sum(surplus, cash, -fromCash)
    let returned = min(accounts.deposited[lot.account], equity)
    insurance -= fromInsurance
    ledger.transfer(repaid, from: .borrower, to: .lender)
    ledger.transfer(fromCash, from: .borrower, to: .lender)
    ledger.transfer(fee, from: .borrower, to: .feeTreasury)
    ledger.transfer(fromInsurance, from: .insurance, to: .lender)
    ledger.transfer(returned, from: .borrower, to: .protectionWallet)
    accounts.equityAtClose[lot.account] = equity
    totals.recovered += Int128(repaid)
    totals.surplus += Int128(surplus)
    totals.insurancePaid += Int128(fromInsurance)
    totals.badDebt += Int128(badDebt)
    let record = AuctionRecord(
      lot: lot,
      outcome: sale.outcome,
      winner: sale.winner,
      closedAt: sale.closedAt,
      price: proceeds,
      spot: spot,
      surplus: surplus,
      badDebt: badDebt,
      unpaid: owed - repaid - fromCash
    )
    return (record, returned)
  }
}
