// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Hyperliquid's margin, funding and liquidation sizes (venues.md 5); USD in doubles.
package enum HyperliquidMargin {
  /// Notional above which a first liquidation order is a part only.
  package static let partialAboveUSD = 100_000.0
  /// Share of the position in such a first order.
  package static let firstShare = 0.2

  /// The maintenance margin of a notional.
  ///
  ///     max over tiers of (rate · notional − deduction), not below 0
  ///
  /// * `notional`: USD, by magnitude. Source: venues.md 5.1; the tiers' maximum is the tier of the
  ///   notional, because rates never fall.
  package static func maintenance(_ notional: Double, table: MarginTable) -> Double {
    table.lines.reduce(0) { max($0, notional * $1.rate - $1.deduction) }
  }

  /// The price at which the account's value is a share of its maintenance margin.
  ///
  ///     (share · (other − deduction) − value + size · mark) / (size − |size| · rate · share)
  ///
  /// Of a long the highest over the tiers, of a short the lowest: the tier at the price.
  /// * `size`: signed. `value`: of the account at the mark. `otherMargin`: of its other positions.
  /// * `share`: 1 for the liquidation price, 2/3 for the backstop's.
  ///
  /// Nil without size or when no price is positive. Source: venues.md 5.1, 5.2.
  package static func liquidationPrice(
    size: Double,
    mark: Double,
    value: Double,
    otherMargin: Double = 0,
    table: MarginTable,
    share: Double = 1
  ) -> Double? {
    var found: Double?
    for line in table.lines {
      let slope = size - size.magnitude * line.rate * share
      guard slope != 0 else { continue }
      let price = (share * (otherMargin - line.deduction) - value + size * mark) / slope
      found = found.map { slope > 0 ? max($0, price) : min($0, price) } ?? price
    }
    return found.flatMap { $0 > 0 && $0 < .infinity ? $0 : nil }
  }

  /// The notional of the first liquidation order.
  ///
  /// A fifth of a position above 100,000 USD (strictly); the whole of a smaller one, and of any
  /// within the 30 s after a partial liquidation. Source: venues.md 5.2.
  package static func firstOrderUSD(notional: Double, isInCooldown: Bool) -> Double {
    notional > partialAboveUSD && !isInCooldown ? notional * firstShare : notional
  }

  /// Whether the liquidator vault takes over: `value < 2/3 · maintenance margin`.
  ///
  /// Source: venues.md 5.2.
  package static func isBackstop(value: Double, maintenance: Double) -> Bool {
    value * 3 < maintenance * 2
  }

  /// The account value below which the liquidator vault takes over, `2/3 · maintenance margin`.
  ///
  /// Source: venues.md 5.2.
  package static func backstopValue(maintenance: Double) -> Double { maintenance * 2 / 3 }

  /// The order in which counterparties are closed, `(mark / entry) · (notional / value)`.
  ///
  /// * `notional`, `value`: of the counterparty's position and account, USD. Source: venues.md 5.2.
  package static func deleveragingIndex(
    mark: Double,
    entry: Double,
    notional: Double,
    value: Double
  ) -> Double {
    (mark / entry) * (notional / value)
  }

  /// What must stay in an account when margin leaves it, `max(initial margin, 10 % of notional)`.
  ///
  /// Source: venues.md 5.2.
  package static func transferRequirement(initialMargin: Double, notional: Double) -> Double {
    max(initialMargin, 0.1 * notional)
  }

  // MARK: - Funding

  /// The premium of a sample.
  ///
  ///     (max(impact bid − oracle, 0) − max(oracle − impact ask, 0)) / oracle
  ///
  /// Source: venues.md 5.3.
  package static func premium(impactBid: Double, impactAsk: Double, oracle: Double) -> Double {
    (max(impactBid - oracle, 0) - max(oracle - impactAsk, 0)) / oracle
  }

  /// The funding rate of 8 hours, `premium + clamp(interest − premium, −0.05 %, 0.05 %)`.
  ///
  /// * `premium`: average over the hour. `interest`: 0.01 %. Source: venues.md 5.3.
  package static func fundingRate(premium: Double, interest: Double = 0.0001) -> Double {
    premium + min(0.0005, max(-0.0005, interest - premium))
  }

  /// The rate that an hour pays, an eighth of the 8-hour rate within ±4 %.
  ///
  /// Source: venues.md 5.3.
  package static func hourlyRate(_ fundingRate: Double) -> Double {
    min(0.04, max(-0.04, fundingRate / 8))
  }

  /// What a position pays for an hour, `size · oracle · hourly rate`, negative when it receives.
  ///
  /// * `size`: signed. `fundingRate`: of 8 hours. Source: venues.md 5.3: on oracle notional.
  package static func hourlyPayment(size: Double, oracle: Double, fundingRate: Double) -> Double {
    size * oracle * hourlyRate(fundingRate)
  }

  // MARK: - Portfolio margin

  /// What a token balance may borrow, `balance · price · loan-to-value`, USD.
  ///
  /// Source: venues.md 5.4.
  package static func borrowable(balance: Double, price: Double, loanToValue: Double) -> Double {
    balance * price * loanToValue
  }

  /// The threshold of a token's loan-to-value, `0.5 + 0.5 · ltv`.
  ///
  /// Source: venues.md 5.4.
  package static func threshold(loanToValue: Double) -> Double { 0.5 + 0.5 * loanToValue }

  /// The value that debt of a token may reach.
  ///
  ///     balance + min(borrow cap, min(collateral, supply cap) · price · threshold)
  ///
  /// * `balance`: of the borrowed token; `collateral`, `supplyCap`: of the supplied one.
  ///
  /// Source: venues.md 5.4.
  package static func liquidationValue(
    balance: Double,
    borrowCap: Double,
    collateral: Double,
    supplyCap: Double,
    price: Double,
    threshold: Double
  ) -> Double {
    balance + min(borrowCap, min(collateral, supplyCap) * price * threshold)
  }

  /// The ratio that liquidates above 0.95, the largest of requirement by value over the tokens.
  ///
  /// * 0 without tokens. Source: venues.md 5.4.
  package static func portfolioRatio(_ tokens: [(requirement: Double, value: Double)]) -> Double {
    tokens.reduce(0) { max($0, $1.requirement / $1.value) }
  }

  /// The yearly rate of borrowed stablecoins, `5 % + 4.75 · max(0, utilisation − 0.8)`.
  ///
  /// Source: venues.md 5.4.
  package static func borrowRate(utilisation: Double) -> Double {
    0.05 + 4.75 * max(0, utilisation - 0.8)
  }

  /// The yearly rate of supplied stablecoins: the borrowers' rate on what is lent, less a tenth.
  ///
  /// Source: venues.md 5.4, "10 % kept by the protocol".
  package static func supplyRate(utilisation: Double) -> Double {
    borrowRate(utilisation: utilisation) * utilisation * 0.9
  }
}
