// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Numerics

/// How counterparties are ranked.
package enum ADLRank: Int, Sendable {
  /// Unrealised P&L / margin used (seed 2, confirmed).
  case roe
  /// The index of the venue's documentation.
  case index
}

/// One position of an account on the opposing side.
package struct ADLCandidate: Sendable, Equatable {
  package var account: Int
  package var leg: Int
  /// Signed quantity, base units.
  package var quantity: Double
  package var entryPrice: Double
  /// Margin of the position: `|quantity| · mark · 2 · maintenance rate`, USD.
  package var marginUsedUSD: Double
  /// Equity of the account, USD.
  package var accountValueUSD: Double

  package init(
    account: Int,
    leg: Int,
    quantity: Double,
    entryPrice: Double,
    marginUsedUSD: Double,
    accountValueUSD: Double
  ) {
    self.account = account
    self.leg = leg
    self.quantity = quantity
    self.entryPrice = entryPrice
    self.marginUsedUSD = marginUsedUSD
    self.accountValueUSD = accountValueUSD
  }

  /// Higher is deleveraged first.
  ///
  ///     roe:   quantity · (mark − entry) / margin used
  ///     index: long (mark / entry) · (notional / account value), short (entry / mark) · …
  ///
  /// A denominator that is not above 0 ranks first. Source: seed 2 section 2, venues.md 5.2.
  package func score(_ rank: ADLRank, mark: Double) -> Double {
    switch rank {
    case .roe:
      guard marginUsedUSD > 0 else { return .infinity }
      return quantity * (mark - entryPrice) / marginUsedUSD
    case .index:
      guard accountValueUSD > 0, entryPrice > 0, mark > 0 else { return .infinity }
      let move = quantity > 0 ? mark / entryPrice : entryPrice / mark
      return move * (quantity.magnitude * mark / accountValueUSD)
    }
  }
}

/// The order in which positions of one side are closed against a bankrupt one (seed 2 section 2).
package struct ADLQueue: Sendable {
  package let candidates: [ADLCandidate]

  /// Keeps the opposing side and sorts it: highest score first, then as `precedes` has accounts.
  ///
  /// * `quantity`: of the bankrupt position; candidates of its own side are never among them.
  package init(
    against quantity: Double,
    _ all: [ADLCandidate],
    rank: ADLRank,
    mark: Double,
    precedes: (Int, Int) -> Bool
  ) {
    let opposing = all.filter { $0.quantity * quantity < 0 }
    let scored = opposing.map { (score: $0.score(rank, mark: mark), entry: $0) }
    candidates = scored.sorted { a, b in
      a.score == b.score ? precedes(a.entry.account, b.entry.account) : a.score > b.score
    }.map(\.entry)
  }
}

/// Whether a shortfall is borne or leads to auto-deleveraging.
package enum ADLDecision: Sendable, Equatable {
  /// Insurance covers all of it.
  case covered
  /// Switched off.
  case off
  /// At most what is acceptable.
  case acceptable
  /// Above the upper limit.
  case tooLarge
  /// Bankrupt positions are closed against the opposing side.
  case deleverage

  /// Decides about what insurance does not cover.
  ///
  /// * `remaining`: total shortfall less insurance, micro-USD.
  /// * `limit`: 0 for none.
  package init(remaining: Int128, isEnabled: Bool, acceptable: Micro, limit: Micro) {
    if remaining <= 0 {
      self = .covered
    } else if !isEnabled {
      self = .off
    } else if remaining <= Int128(acceptable) {
      self = .acceptable
    } else if limit > 0 && remaining > Int128(limit) {
      self = .tooLarge
    } else {
      self = .deleverage
    }
  }
}
