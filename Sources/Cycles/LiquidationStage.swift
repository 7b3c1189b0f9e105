// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Liquidation
package import Markets
package import Numerics
package import Settings
package import TextKit

/// The settings that liquidations read.
package struct LiquidationSettings: Sendable, Equatable {
  package var penalty: Double
  package var insurance: Micro

  package init(_ settings: SettingsView) throws(Failure) {
    penalty = settings[.liquidationPenalty]
    insurance = try micro(settings[.liquidationInsurance])
  }
}

/// What liquidations came to in one scenario.
package struct LiquidationTotals: Sendable, Equatable {
  package var count = 0
  package var liquidated: Int128 = 0
  package var badDebt: Int128 = 0
  package var insurancePaid: Int128 = 0

  package init() {}
}

/// Forced flow of one step by asset and direction, micro-USD at the liquidation prices.
package struct ForcedFlow: Sendable {
  private var amounts: [Int128]
  private var isClear = true

  package init(assetCount: Int) { amounts = Array(repeating: 0, count: assetCount * 2) }

  /// Forgets the flow of the last step.
  package mutating func clear() {
    if isClear { return }
    for index in amounts.indices { amounts[index] = 0 }
    isClear = true
  }

  /// Adds the forced size of what falls in this step.
  package mutating func add(_ amount: Micro, asset: Int, direction: Direction) {
    amounts[asset * 2 + (direction == .below ? 0 : 1)] += Int128(amount)
    isClear = false
  }

  /// What is forced to trade in this step, micro-USD.
  package func amount(asset: Int, direction: Direction) -> Int128 {
    amounts[asset * 2 + (direction == .below ? 0 : 1)]
  }
}

/// Closes fallen accounts at the mark, in order of risk.
package struct LiquidationStage: Sendable {
  private let settings: LiquidationSettings
  package private(set) var flow: ForcedFlow
  package var totals = LiquidationTotals()
  /// Balance of the insurance fund; auctions draw on it too.
  package var insurance: Micro

  package init(_ settings: LiquidationSettings, input: WorldInput) {
    self.settings = settings
    insurance = settings.insurance
    flow = ForcedFlow(assetCount: input.catalogue.assets.count)
  }

  /// Sorts fallen accounts by risk and counts their forced flow.
  ///
  /// Order: health/notional, lowest first, then the bytes of the account's text, accounts without a
  /// text last by row (SEMANTICS B10).
  package mutating func take(
    _ fallen: [Int],
    _ input: WorldInput,
    _ accounts: AccountStates,
    _ oracle: OracleStage
  ) throws(Failure) -> [Int] {
    flow.clear()
    guard !fallen.isEmpty else { return [] }
    var risks: [(key: Double, account: Int)] = []
    for account in fallen {
      try addFlow(of: account, input, accounts, oracle)
      risks.append((risk(of: account, input.affine, accounts, oracle), account))
    }
    return risks.sorted { a, b in
      a.key == b.key ? input.book.precedes(a.account, b.account) : a.key < b.key
    }.map(\.account)
  }

  private func risk(
    of account: Int,
    _ book: AffineBook,
    _ accounts: AccountStates,
    _ oracle: OracleStage
  ) -> Double {
    let notional = book.notional(of: account, prices: oracle.prices)
    guard notional > 0 else { return -.infinity }
    return book.health(
      of: account,
      deposited: accounts.deposited[account],
      prices: oracle.prices,
      confidences: oracle.confidences
    ) / notional
  }

  private mutating func addFlow(
    of account: Int,
    _ input: WorldInput,
    _ accounts: AccountStates,
    _ oracle: OracleStage
  ) throws(Failure) {
    let book = input.affine
    for row in book.rows(of: account) {
      let interval = accounts.interval(of: row, book, oracle)
      let assessment = book.assess(row, interval, prices: oracle.prices)
      guard let direction = assessment.direction else { continue }
      for rung in input.ladder.rungs(
        of: row,
        assessment,
        deposited: accounts.deposited[account],
        prices: oracle.prices,
        confidences: oracle.confidences
      ) {
        let amount = try micro((book.traded(row) * rung.price) * rung.share)
        flow.add(amount, asset: Int(book.asset[row]), direction: direction)
      }
    }
  }

  /// The log row of an account that falls now; shares between market closes and lots.
  package func record(
    of account: Int,
    kind: LiquidationRecord.Kind,
    leg: Leg,
    time: Int64,
    _ input: WorldInput,
    _ accounts: AccountStates,
    _ oracle: OracleStage
  ) throws(Failure) -> LiquidationRecord {
    let mark = oracle.price(of: leg.asset, in: input.catalogue.assets)
    return LiquidationRecord(
      account: account,
      asset: leg.asset,
      time: time,
      liquidatableSince: time,
      kind: kind,
      quantity: leg.quantity.magnitude,
      mark: mark,
      liquidationPrice: accounts.falls[account]?.root,
      notional: try micro(leg.quantity.magnitude * mark),
      lot: nil,
      penalty: 0,
      shortfall: 0
    )
  }

  /// Closes one account at the oracle's prices (SEMANTICS B11).
  ///
  /// Every leg that is not a borrow is a record; penalty and shortfall are the account's and stand
  /// in the first. Equity at or above 0 pays the penalty to insurance, then protection returns to
  /// its wallet, then the rest stays with the borrower; below 0 the insurance fund and then the
  /// market bear the loss.
  package mutating func closeAtMark(
    _ account: Int,
    time: Int64,
    _ input: WorldInput,
    _ accounts: inout AccountStates,
    _ oracle: OracleStage,
    _ ledger: inout Ledger
  ) throws(Failure) -> (records: [LiquidationRecord], returned: Micro) {
    let legs = input.book.accounts[account].legs
    let sold = legs.filter { $0.kind != .borrow }
    var records: [LiquidationRecord] = []
    var value = 0.0
    for leg in sold.isEmpty ? legs : sold {
      let record = try record(
        of: account,
        kind: .market,
        leg: leg,
        time: time,
        input,
        accounts,
        oracle
      )
      value = value + record.quantity * record.mark
      totals.liquidated += Int128(record.notional)
      records.append(record)
    }
    let cash = try accounts.cash(of: account, in: input.book)
    let equity = try accounts.equity(of: account, input, oracle)
    totals.count += 1
    var left: Micro = 0
    var returned: Micro = 0
    if equity >= 0 {
      let penalty = min(equity, try micro(value * settings.penalty))
      records[0].penalty = penalty
      left = equity - penalty
      returned = min(accounts.deposited[account], left)
      ledger.transfer(Int128(equity) - Int128(cash), from: .market, to: .borrower)
      ledger.transfer(penalty, from: .borrower, to: .insurance)
      ledger.transfer(returned, from: .borrower, to: .protectionWallet)
      insurance = try sum(insurance, penalty)
    } else {
      records[0].shortfall = -equity
      let paid = min(-equity, insurance)
      insurance -= paid
      totals.insurancePaid += Int128(paid)
      totals.badDebt += Int128(-equity - paid)
      ledger.transfer(cash, from: .borrower, to: .market)
      ledger.transfer(paid, from: .insurance, to: .market)
    }
    accounts.isOpen[account] = false
    accounts.equityAtClose[account] = left
    return (records, returned)
  }
}
