// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets

extension LadderSolver {
  /// A row between two closes.
  struct LadderState {
    /// Share of the row that is left.
    var left = 1.0
    private var legs: [ClosingLeg]
    let ownLegs: [Int]
    private let closing: Int
    private var constant: Double
    private var lines: [RowLine]
    private var price: Double
    private var round = 0
    /// Whether the first close happens past the root, where health is below 0.
    private let isDeep: Bool
    private let group: String
    private let assetRatio: Double

    /// Nil where the row's legs are of several kinds, a hedge that is closed whole.
    init?(
      _ legs: [ClosingLeg]?,
      _ solver: LadderSolver,
      _ row: Int,
      at price: Double,
      isDeep: Bool,
      _ constant: Double
    ) {
      guard let legs else { return nil }
      let assets = solver.catalogue.assets
      let solved = Int(solver.affine.asset[row])
      let own = legs.indices.filter {
        assets[legs[$0].leg.asset].underlying == solved && legs[$0].leg.quantity != 0
          && !assets[legs[$0].leg.asset].isQuote
      }
      guard let closing = own.first,
        own.allSatisfy({ legs[$0].leg.kind == legs[closing].leg.kind })
      else { return nil }
      self.legs = legs
      self.isDeep = isDeep
      ownLegs = own
      self.closing = closing
      self.constant = constant
      lines = solver.affine.lines(of: row)
      self.price = price
      group = solver.book.accounts[Int(solver.affine.account[row])].elevationGroup
      let asset = assets[legs[closing].leg.asset]
      assetRatio = asset.underlying == legs[closing].leg.asset ? 1 : asset.ratio
    }

    /// Value of the legs that are closed together, USD.
    var ownValueUSD: Double { ownLegs.reduce(0) { $0 + legs[$1].valueUSD } }

    /// The largest debt, by value and then by row.
    var largestDebt: (place: Int, valueUSD: Double)? {
      let debts = legs.indices.filter { legs[$0].leg.kind == .borrow && legs[$0].valueUSD > 0 }
      return debts.min { (-legs[$0].valueUSD, $0) < (-legs[$1].valueUSD, $1) }.map {
        ($0, legs[$0].valueUSD)
      }
    }

    /// What the venue takes now; a venue that says nothing of parts takes its close factor.
    func close(_ venue: Venue, _ entry: Account) -> Close {
      // At a root health is 0 by its meaning; only rounding would say otherwise.
      var health = 0.0
      if isDeep && round == 0 {
        for line in lines { health = min(health, (constant + line.constant) + line.slope * price) }
      }
      var account = ClosingAccount(
        legs: legs,
        closing: closing,
        price: price * assetRatio,
        health: health,
        group: group
      )
      account.round = round
      for place in account.legs.indices where account.legs[place].leg.kind == .perp {
        account.legs[place].lossUSD = LadderState.loss(of: account.legs[place])
      }
      account.merge(ownLegs)
      let found = venue.rule.close(account)
      guard case .whole = found else { return found }
      guard venue.closeFactor < 1, !venue.rule.readsCloseFactor else { return found }
      let cost = venue.penalty(of: entry)
      return LadderState.share(venue.closeFactor, of: account, penalty: cost) ?? found
    }

    private static func loss(of entry: ClosingLeg) -> Double {
      guard entry.leg.quantity != 0 else { return 0 }
      let mark = entry.valueUSD / entry.leg.quantity.magnitude
      return max(0, -(entry.leg.quantity * (mark - entry.leg.entryPrice)))
    }

    /// A share of a position whose venue says no more than its close factor: what collateral brings
    /// repays the largest debt.
    private static func share(
      _ factor: Double,
      of account: ClosingAccount,
      penalty: Double
    ) -> Close? {
      let own = account.own
      if own.leg.kind == .perp { return .part(PartialClose(share: factor, penalty: penalty)) }
      guard own.leg.kind == .deposit, let debt = account.first(.borrow, by: { -$0.valueUSD })
      else { return nil }
      let proceeds = own.valueUSD * factor * (1 - penalty)
      return .part(
        PartialClose(
          share: factor,
          penalty: penalty,
          counter: .init(place: debt, fallUSD: min(proceeds, account.legs[debt].valueUSD))
        )
      )
    }

    /// Takes a partial close out of the lines.
    mutating func take(_ part: PartialClose) {
      let factor = part.slopeFactor ?? (1 - part.share)
      for place in ownLegs {
        let entry = legs[place]
        if entry.leg.kind == .perp {
          let value = entry.leg.quantity < 0 ? -entry.valueUSD : entry.valueUSD
          let closed = value * part.share
          constant = constant + closed - closed.magnitude * part.penalty
        }
        legs[place].leg.quantity *= 1 - part.share
        legs[place].valueUSD *= 1 - part.share
      }
      if let counter = part.counter {
        let change = counter.fallUSD * legs[counter.place].weight
        let isDebt = legs[counter.place].leg.kind == .borrow
        constant = constant + (isDebt ? change : -change)
        legs[counter.place].valueUSD = max(0, legs[counter.place].valueUSD - counter.fallUSD)
      }
      for place in lines.indices { lines[place].slope *= factor }
      left = left * (1 - part.share)
      round += 1
    }

    /// The root of what is left in a direction, nil when there is none.
    func root(_ direction: Direction) -> Double? {
      let interval = HealthyInterval(lines: lines, constant: constant)
      let root = direction == .below ? interval.lower : interval.upper
      return root.isFinite ? root : nil
    }

    /// Revalues the row's own legs where the next close takes place.
    mutating func move(to next: Double) {
      for place in ownLegs { legs[place].valueUSD *= next / price }
      price = next
    }
  }
}
