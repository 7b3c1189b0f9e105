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

  private init() {
    penalty = 0
    insurance = 0
  }

  /// Neither penalty nor insurance.
  package static let none = LiquidationSettings()
}

/// What liquidations came to in one scenario.
package struct LiquidationTotals: Sendable, Equatable {
  package var count = 0
  package var liquidated: Int128 = 0
  package var badDebt: Int128 = 0
  package var insurancePaid: Int128 = 0
  /// Size that liquidator vaults took, that was closed against the opposing side at its mark, and
  /// loss that profitable accounts bore.
  package var backstop: Int128 = 0
  package var deleveraged: Int128 = 0
  package var socialised: Int128 = 0
  /// Time between liquidatable and liquidated, summed over the accounts that were closed.
  package var gapMilliseconds: Int128 = 0
  package var closed = 0
  /// Most that waiting accounts were below 0 after a step, micro-USD, and most accounts waiting.
  package var gapPeak: Int128 = 0
  package var queuePeak = 0

  package init(
    count: Int = 0,
    liquidated: Int128 = 0,
    badDebt: Int128 = 0,
    insurancePaid: Int128 = 0
  ) {
    self.count = count
    self.liquidated = liquidated
    self.badDebt = badDebt
    self.insurancePaid = insurancePaid
  }
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

  /// Adds every rung of a row of an account that falls.
  mutating func add(
    _ row: Int,
    _ interval: HealthyInterval,
    deposited: Micro,
    _ input: WorldInput,
    prices: [Double],
    confidences: [Double]
  ) throws(Failure) {
    let assessment = input.affine.assess(row, interval, prices: prices)
    guard let direction = assessment.direction, let root = assessment.price else { return }
    if input.affine.closesWhole(row, at: root) {
      // A share of 1 changes nothing.
      let amount = try micro(input.affine.traded(row) * root)
      return add(amount, asset: Int(input.affine.asset[row]), direction: direction)
    }
    let rungs =
      input.firstLadder(of: row, assessment, deposited: deposited)
      ?? input.rungs(
        of: row,
        assessment,
        deposited: deposited,
        prices: prices,
        confidences: confidences
      )
    for rung in rungs {
      let amount = try micro((input.affine.traded(row) * rung.price) * rung.share)
      add(amount, asset: Int(input.affine.asset[row]), direction: direction)
    }
  }

  /// What is forced to trade in this step, micro-USD.
  package func amount(asset: Int, direction: Direction) -> Int128 {
    amounts[asset * 2 + (direction == .below ? 0 : 1)]
  }
}

/// What a close costs an account where the flat penalty of the settings is not all.
package struct CloseCosts: Sendable, Equatable {
  var penaltyRate: Double
  /// What a keeper gets, of equity only, micro-USD.
  var reward: Micro
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
    for account in fallen { try addFlow(of: account, input, accounts, oracle) }
    return LiquidationStage.byRisk(fallen, input, accounts, oracle)
  }

  /// Adds every rung of an account to the forced flow of this step.
  mutating func addFlow(
    of account: Int,
    _ input: WorldInput,
    _ accounts: AccountStates,
    _ oracle: OracleStage
  ) throws(Failure) {
    for row in input.affine.rows(of: account) {
      try flow.add(
        row,
        accounts.interval(of: row, input.affine, oracle),
        deposited: accounts.deposited[account],
        input,
        prices: oracle.prices,
        confidences: oracle.confidences
      )
    }
  }

  /// Forgets the flow of the last step.
  mutating func clearFlow() { flow.clear() }

  /// Adds what an order forces to trade.
  mutating func addFlow(_ amount: Micro, asset: Int, _ direction: Direction) {
    flow.add(amount, asset: asset, direction: direction)
  }

  /// Accounts in the order of risk (SEMANTICS B10).
  static func byRisk(
    _ fallen: [Int],
    _ input: WorldInput,
    _ accounts: AccountStates,
    _ oracle: OracleStage
  ) -> [Int] {
    let risks = fallen.map { account in
      let risk = input.affine.risk(
        of: account,
        deposited: accounts.deposited[account],
        prices: oracle.prices,
        confidences: oracle.confidences
      )
      return (key: risk, account: account)
    }
    return risks.sorted { a, b in
      a.key == b.key ? input.book.precedes(a.account, b.account) : a.key < b.key
    }.map(\.account)
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
      liquidatableSince: accounts.liquidatableSince[account] ?? time,
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
  /// in the first. Equity at or above 0 pays the penalty to insurance, a keeper's reward where
  /// `costs` has one, then protection returns to its wallet, then the rest stays with the borrower;
  /// below 0 the insurance fund and then the market bear the loss.
  package mutating func closeAtMark(
    _ account: Int,
    time: Int64,
    _ input: WorldInput,
    _ accounts: inout AccountStates,
    _ oracle: OracleStage,
    _ ledger: inout Ledger,
    costs: CloseCosts? = nil
  ) throws(Failure) -> (records: [LiquidationRecord], returned: Micro, rewarded: Micro) {
    let entry = input.book.accounts[account]
    let deposited = accounts.deposited[account]
    let close = try MarketClose(entry, deposited: deposited) {
      oracle.price(of: $0, in: input.catalogue.assets)
    }
    var records: [LiquidationRecord] = []
    for leg in MarketClose.closed(entry) {
      records.append(
        try record(of: account, kind: .market, leg: leg, time: time, input, accounts, oracle)
      )
    }
    totals.liquidated += close.liquidated
    totals.count += 1
    let cash = try entry.cash(deposited: deposited)
    let equity = close.equity
    var left: Micro = 0
    var returned: Micro = 0
    var rewarded: Micro = 0
    if equity >= 0 {
      let penalty = try close.penalty(rate: costs?.penaltyRate ?? settings.penalty)
      records[0].penalty = penalty
      rewarded = min(costs?.reward ?? 0, equity - penalty)
      left = equity - penalty - rewarded
      returned = min(deposited, left)
      ledger.transfer(Int128(equity) - Int128(cash), from: .market, to: .borrower)
      ledger.transfer(penalty, from: .borrower, to: .insurance)
      ledger.transfer(rewarded, from: .borrower, to: .liquidator)
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
    return (records, returned, rewarded)
  }
}
