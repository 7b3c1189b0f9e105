// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
package import Markets
internal import Numerics
package import TextKit

extension AuctionStage {
  /// What an account whose collateral is being sold has beside its lots.
  struct Estate {
    /// Own cash and the surplus of lots already settled, micro-USD.
    var cash: Micro
    var openLots: Int
  }

  /// Opens a lot of every deposit of an account at the conservative mark.
  ///
  /// The debt is split over the lots by what they open at, the last one taking the remainder; an
  /// account without deposit gives one lot of quantity 0.
  /// - Returns: number of each lot and the leg that it sells.
  package mutating func open(
    _ account: Int,
    time: Int64,
    _ input: WorldInput,
    _ accounts: AccountStates,
    _ oracle: OracleStage
  ) throws(Failure) -> [(lot: Int, leg: Leg)] {
    let legs = input.book.accounts[account].legs
    let table = input.catalogue.assets
    var sold = legs.filter { $0.kind == .deposit && $0.quantity > 0 }
    if sold.isEmpty {
      sold = [legs.first { $0.kind == .deposit } ?? legs[0]]
      sold[0].quantity = 0
    }
    var debt: Micro = 0
    for leg in legs where leg.kind == .borrow {
      debt = try sum(debt, try micro(leg.quantity * oracle.price(of: leg.asset, in: table)))
    }
    var opens: [Micro] = []
    var whole: Micro = 0
    for leg in sold {
      let mark =
        oracle.price(of: leg.asset, in: table) - oracle.confidence(of: leg.asset, in: table)
      opens.append(try micro(leg.quantity * mark))
      whole = try sum(whole, opens[opens.count - 1])
    }
    let factor = try healthFactor(of: account, input, accounts, oracle)
    estates[account] = Estate(
      cash: max(0, try accounts.cash(of: account, in: input.book)),
      openLots: sold.count
    )
    totals.owed += Int128(debt)
    var left = debt
    var result: [(lot: Int, leg: Leg)] = []
    for (place, leg) in sold.enumerated() {
      var part = left
      if place + 1 < sold.count {
        let share = whole > 0 ? Double(opens[place]) / Double(whole) : 0
        part = min(left, Micro((Double(debt) * share).rounded(.toNearestOrEven)))
      }
      left -= part
      let price = oracle.price(of: leg.asset, in: table)
      let lot = try lot(
        account,
        leg,
        open: opens[place],
        mark: price - oracle.confidence(of: leg.asset, in: table),
        debt: part,
        healthFactor: factor,
        time: time
      )
      totals.liquidated += Int128(try micro(leg.quantity * price))
      active.append(lot)
      result.append((lot.number, leg))
    }
    active.sort {
      $0.account == $1.account
        ? $0.number < $1.number : input.book.precedes($0.account, $1.account)
    }
    return result
  }

  private mutating func lot(
    _ account: Int,
    _ leg: Leg,
    open: Micro,
    mark: Double,
    debt: Micro,
    healthFactor: Double?,
    time: Int64
  ) throws(Failure) -> Lot {
    let lot = Lot(
      number: totals.lots + 1,
      account: account,
      asset: leg.asset,
      openedAt: time,
      quantity: leg.quantity,
      mark: mark,
      open: open,
      debt: debt,
      interest: 0,
      fee: try basisPoints(settings.feeBPS, of: debt),
      buffer: try basisPoints(settings.bufferBPS, of: debt),
      healthFactor: healthFactor,
      kappaUSDPerSecond: settings.kappaUSDPerSecond > 0
        ? settings.kappaUSDPerSecond : usd(open) * settings.kappaBPSPerSecond / 1e4
    )
    // A reserve that does not fit is refused here, before anything compares with it.
    _ = try sum(lot.debt, lot.interest, lot.fee, lot.buffer)
    totals.lots += 1
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
        confidenceRatio: input.confidenceRatios[asset.underlying],
        group: entry.elevationGroup
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
}
