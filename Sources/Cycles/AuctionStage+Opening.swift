// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
package import Markets
package import Numerics
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
  ///
  /// * `interest`: what the account owes beside its debt.
  package mutating func open(
    _ account: Int,
    interest: Micro = 0,
    time: Int64,
    _ input: WorldInput,
    _ accounts: AccountStates,
    _ oracle: OracleStage
  ) throws(Failure) -> [(lot: Int, leg: Leg)] {
    let table = input.catalogue.assets
    let forfeited = try ForfeitedCollateral(
      input.book.accounts[account],
      deposited: accounts.cashCredit(of: account),
      interest: interest
    ) {
      oracle.price(of: $0, in: table)
    } confidence: {
      oracle.confidence(of: $0, in: table)
    }
    let factor = try healthFactor(of: account, interest: interest, input, accounts, oracle)
    estates[account] = Estate(cash: forfeited.cash, openLots: forfeited.pieces.count)
    totals.owed += Int128(forfeited.debt) + Int128(interest)
    totals.liquidated += forfeited.liquidated
    var result: [(lot: Int, leg: Leg)] = []
    for piece in forfeited.pieces {
      totals.lots += 1
      let lot = try Lot(
        piece,
        settings,
        account: account,
        number: totals.lots,
        time: time,
        events: events,
        healthFactor: factor
      )
      active.append(lot)
      result.append((lot.number, piece.leg))
    }
    active.sort {
      $0.account == $1.account
        ? $0.number < $1.number : input.book.precedes($0.account, $1.account)
    }
    return result
  }

  private func healthFactor(
    of account: Int,
    interest: Micro,
    _ input: WorldInput,
    _ accounts: AccountStates,
    _ oracle: OracleStage
  ) throws(Failure) -> Double? {
    let table = input.catalogue.assets
    let entry = input.book.accounts[account]
    var collateral = 0.0
    var debt = 0.0
    var markdown = 0.0
    var context = LegContext(forEachOf: entry.legs, group: entry.elevationGroup)
    for leg in entry.legs {
      let asset = table[leg.asset]
      let confidence = oracle.confidence(of: leg.asset, in: table)
      context.confidenceRatio = input.confidenceRatios[asset.underlying]
      let health = try input.catalogue.venues[entry.venue].rule.health(of: leg, in: context)
      let value = health.slope * asset.ratio * oracle.prices[asset.underlying]
      if leg.kind == .borrow { debt -= value } else { collateral += value }
      markdown += health.markdown.map { ($0.quantity * confidence) * $0.weight } ?? 0
    }
    collateral =
      ((collateral + entry.collateralUSD) - markdown) + usd(accounts.deposited[account])
    if interest != 0 { debt += usd(interest) }
    return debt > 0 ? collateral / debt : nil
  }
}

extension Lot {
  /// The lot of one piece of collateral under the settings of auctions.
  ///
  /// - Throws: a data failure when its reserve does not fit, before anything compares with it.
  init(
    _ piece: ForfeitedCollateral.Piece,
    _ settings: AuctionSettings,
    account: Int,
    number: Int,
    time: Int64,
    events: EventMarket,
    healthFactor: Double? = nil
  ) throws(Failure) {
    let rule = settings.selling
    let open =
      rule.startRatio == 1
      ? piece.open : try micro(piece.leg.quantity * piece.mark * rule.startRatio)
    self.init(
      number: number,
      account: account,
      asset: piece.leg.asset,
      openedAt: time,
      quantity: piece.leg.quantity,
      mark: piece.mark,
      open: open,
      debt: piece.debt,
      interest: piece.interest,
      fee: try basisPoints(settings.feeBPS, of: piece.debt),
      buffer: try basisPoints(settings.bufferBPS, of: piece.debt),
      healthFactor: healthFactor,
      kappaUSDPerSecond: settings.kappaUSDPerSecond > 0
        ? settings.kappaUSDPerSecond : usd(open) * settings.kappaBPSPerSecond / 1e4,
      rule: rule,
      event: events.terms(of: piece.leg.asset, settings.events)
    )
    _ = try sum(debt, interest, fee, buffer)
  }
}

extension AuctionSettings {
  /// Speed of a clock as a share of its start, nil where it is a fixed sum.
  var relativeKappa: Double? { kappaUSDPerSecond > 0 ? nil : kappaBPSPerSecond }
}
