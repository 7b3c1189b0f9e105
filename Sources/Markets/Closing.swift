// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// A leg of an account that is being liquidated, at the prices of that moment.
package struct ClosingLeg: Sendable {
  /// The leg with the quantity that is left.
  package var leg: Leg
  /// `|quantity| · price`, without weights, USD.
  package var valueUSD: Double
  /// Health that one USD of it adds (deposits) or takes (borrows); unused for perps.
  package var weight: Double
  /// Confidence of its price as a share of it.
  package var confidenceRatio: Double
  /// What a perp has lost since its entry, at least 0, USD.
  package var lossUSD = 0.0

  package init(leg: Leg, valueUSD: Double, weight: Double, confidenceRatio: Double) {
    self.leg = leg
    self.valueUSD = valueUSD
    self.weight = weight
    self.confidenceRatio = confidenceRatio
  }
}

/// An account at the moment at which a venue liquidates it, seen along one of its legs.
package struct ClosingAccount: Sendable {
  package var legs: [ClosingLeg]
  /// The leg that is closed first: the perp, the collateral that is seized or the debt repaid.
  package var closing: Int
  /// Price of the closing leg's own asset, USD.
  package var price: Double
  /// Health at these prices: 0 at a root, below 0 past it.
  package var health: Double
  /// How many partial closes went before.
  package var round = 0
  /// The elevation group that the account chose, empty for none.
  package var group: String

  package init(
    legs: [ClosingLeg],
    closing: Int,
    price: Double,
    health: Double,
    group: String = ""
  ) {
    self.legs = legs
    self.closing = closing
    self.price = price
    self.health = health
    self.group = group
  }

  package var own: ClosingLeg { legs[closing] }

  /// Lets the closing leg stand for several legs of one underlying asset that are closed together:
  /// with their value, their losses, and the mean of their weights by value.
  package mutating func merge(_ others: [Int]) {
    guard others.count > 1 else { return }
    var total = 0.0
    var weighted = 0.0
    var losses = 0.0
    for place in others {
      total += legs[place].valueUSD
      weighted += legs[place].valueUSD * legs[place].weight
      losses += legs[place].lossUSD
      legs[place].valueUSD = 0
      legs[place].lossUSD = 0
    }
    legs[closing].valueUSD = total
    legs[closing].lossUSD = losses
    if total > 0 { legs[closing].weight = weighted / total }
  }

  /// Value of all legs of some kinds, USD.
  package func value(of kinds: LegKind...) -> Double {
    legs.reduce(0) { kinds.contains($1.leg.kind) ? $0 + $1.valueUSD : $0 }
  }

  /// The leg of a kind that comes first by a key, then by the larger value, then by row.
  package func first(_ kind: LegKind, by key: (ClosingLeg) -> Double) -> Int? {
    legs.indices.filter { legs[$0].leg.kind == kind && legs[$0].valueUSD > 0 }.min { a, b in
      (key(legs[a]), -legs[a].valueUSD, a) < (key(legs[b]), -legs[b].valueUSD, b)
    }
  }
}

/// What a venue takes from an account when it falls (DESIGN 5): the step from one rung to the next.
package enum Close: Sendable, Equatable {
  /// Everything that is left, at a cost of some share of it; nil where the rule says nothing, which
  /// is the venue's penalty.
  case whole(penalty: Double?)
  /// A share of what is left; the rest stands at a new liquidation price.
  case part(PartialClose)
  /// As much as brings health back to 0 at every price on the way, so that the share
  /// `(price / root)^exponent` is left.
  ///
  /// `first` is taken at the root at once.
  case unwinding(first: Double, exponent: Double, penalty: Double)
}

/// A close after which something of the position is left.
package struct PartialClose: Sendable, Equatable {
  /// Share of what is left of the closing leg.
  package var share: Double
  /// Cost to the account as a share of what is closed.
  package var penalty: Double
  /// The leg that pays for it.
  package var counter: Counter?
  /// Slope of what is left by the slope before, where that is not `1 − share`.
  package var slopeFactor: Double?

  package init(
    share: Double,
    penalty: Double,
    counter: Counter? = nil,
    slopeFactor: Double? = nil
  ) {
    self.share = share
    self.penalty = penalty
    self.counter = counter
    self.slopeFactor = slopeFactor
  }

  /// A leg on the other side of a close.
  package struct Counter: Sendable, Equatable {
    package var place: Int
    /// By how much its value falls, USD.
    package var fallUSD: Double

    package init(place: Int, fallUSD: Double) {
      self.place = place
      self.fallUSD = fallUSD
    }
  }
}
