// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Liquidation
import Markets
import TestSupport
import Testing
import TextKit

/// One liquidation price that a venue, its documentation or its code gives.
struct VenueCase: Sendable, CustomTestStringConvertible {
  /// How far the result may be from the expected value.
  enum Tolerance: Sendable, Equatable {
    case exact
    case relative(Double)
    case absolute(Double)

    func admits(_ value: Double, _ expected: Double) -> Bool {
      switch self {
      case .exact: value == expected
      case .relative(let bound): (value - expected).magnitude <= bound * expected.magnitude
      case .absolute(let bound): (value - expected).magnitude <= bound
      }
    }
  }

  /// How the venue writes what our status and root say (venues.md 0, 0.1).
  enum Answer: Sendable {
    /// The root wherever it stands, nothing without one.
    case root
    /// Drift's SDK: micro-USD, truncated from the oracle price; the oracle price itself when the
    /// account is liquidatable already.
    case drift
    /// No venue's trigger but the plain formula, which lies 0 to 15 bps below Jupiter's.
    case naive
  }

  var id: String
  var text: String
  var account: PlainAccount
  /// Price and confidence of `X`, the asset that is solved for.
  var price: Double
  var confidence = 0.0
  var answer = Answer.root
  /// Nil where the venue gives none.
  var expected: Double?
  var tolerance: Tolerance

  var testDescription: String { id }

  /// Compiles, solves and translates; `X` is the asset, `USDC` the quote.
  func check() throws {
    var market = PlainMarket()
    market.prices = ["X": price]
    market.confidences = ["X": confidence]
    let made = try TestBook(text, market, [account])
    let book = try AffineBook(
      compiling: made.book,
      catalogue: made.catalogue,
      snapshot: made.snapshot
    )
    let solved = try IsolatedKernel.solve(
      book,
      deposited: [0],
      snapshot: made.snapshot,
      threads: 1
    )
    try #require(solved.count == 1)
    let found = solved[0]
    switch answer {
    case .root: try compare(found.price, found)
    case .drift: try compare(drift(found), found)
    case .naive:
      let plain = try naive()
      try compare(plain, found)
      let root = try #require(found.price)
      #expect(root >= plain * (1 - 1e-15) && root <= plain * 1.0015 * (1 + 1e-15))
    }
  }

  private func compare(_ value: Double?, _ found: Assessment) throws {
    guard let expected else {
      #expect(value == nil, "\(found)")
      return
    }
    let value = try #require(value, "\(found)")
    #expect(tolerance.admits(value, expected), "\(value), expected \(expected)")
  }

  private func drift(_ found: Assessment) -> Double? {
    if found.status == .liquidatable { return (price * 1e6).rounded() }
    guard let root = found.price else { return nil }
    return (price * 1e6).rounded() - ((price - root) * 1e6).rounded(.towardZero)
  }

  private func naive() throws -> Double {
    let catalogue = try TestCatalogue.read(text)
    let deposit = account.legs[0]
    let asset = try #require(catalogue.assets.index(of: "X"))
    let leg = Leg(venue: 0, asset: asset, kind: .deposit, quantity: deposit.quantity)
    let health = try catalogue.venues[0].rule.health(
      of: leg,
      in: LegContext(legs: [leg], confidenceRatio: 0)
    )
    return account.legs[1].quantity / health.slope
  }
}

extension VenueCase {
  private static func venue(_ kind: String, _ terms: String, _ others: String = "") -> String {
    """
    [venues.v]
    kind = "\(kind)"
    \(others)
    [venues.v.assets]
    X = { \(terms) }
    """ + "\n"
  }

  private static let quote = "[assets]\nUSDC = { quote = true }\n"

  /// Hyperliquid: entered at the mark, so that the collateral is the account value.
  static func hyperliquid(
    _ id: String,
    size: Double,
    mark: Double,
    value: Double,
    others: Double = 0,
    tiers: [(lower: Double, leverage: Double)],
    _ expected: Double?,
    _ tolerance: Tolerance
  ) -> VenueCase {
    var text =
      venue("perp_tiered", "margin_table = \"T\"") + "[venues.v.margin_tables.T]\ntiers = [\n"
    for tier in tiers {
      text += "{ lower_usd = \(tier.lower), max_leverage = \(tier.leverage) },\n"
    }
    return VenueCase(
      id: id,
      text: text + "]\n",
      account: PlainAccount(
        venue: "v",
        legs: [PlainLeg("X", .perp, size, entry: mark)],
        collateral: value - others
      ),
      price: mark,
      expected: expected,
      tolerance: tolerance
    )
  }

  /// Drift's integers: base in 1e9, quote and prices in 1e6, ratio in 1e4, IMF factor in 1e6.
  static func drift(
    _ id: String,
    oracle: Int,
    base: Int,
    quote: Int,
    usdc: Int,
    ratio: Int,
    imf: Int = 0,
    _ expected: Double?
  ) -> VenueCase {
    let size = Double(base) / 1e9
    let entry = base == 0 ? 0 : -(Double(quote) / 1e6) / size
    let terms = "maintenance_ratio = \(Double(ratio) / 1e4), imf_factor = \(Double(imf) / 1e6)"
    return VenueCase(
      id: id,
      text: venue("perp_sized", terms),
      account: PlainAccount(
        venue: "v",
        legs: [PlainLeg("X", .perp, size, entry: entry)],
        collateral: Double(usdc) / 1e6
      ),
      price: Double(oracle) / 1e6,
      answer: .drift,
      expected: expected,
      tolerance: .exact
    )
  }

  /// Drift spot: a deposit of USDC against a borrow.
  static func driftSpot(
    _ id: String,
    usdc: Double,
    borrow: Double,
    weight: Double,
    price: Double,
    _ expected: Double?
  ) -> VenueCase {
    VenueCase(
      id: id,
      text: quote + venue("perp_sized", "liability_weight = \(weight)")
        + "USDC = { asset_weight = 1 }",
      account: PlainAccount(
        venue: "v",
        legs: [PlainLeg("USDC", .deposit, usdc), PlainLeg("X", .borrow, borrow)]
      ),
      price: price,
      answer: .drift,
      expected: expected,
      tolerance: .exact
    )
  }

  /// marginfi: one deposit against a debt of USDC, and what else the account has, already weighted.
  static func marginfiDeposit(
    _ id: String,
    quantity: Double,
    weight: Double,
    assets: Double,
    liabilities: Double,
    bias: Double = 0,
    _ expected: Double?,
    _ tolerance: Tolerance
  ) -> VenueCase {
    VenueCase(
      id: id,
      text: quote
        + venue(
          "lending_weighted",
          "asset_weight = \(weight)",
          "confidence_multiplier = 1.0\nconfidence_cap = 0.99"
        ) + "USDC = { liability_weight = 1 }",
      account: PlainAccount(
        venue: "v",
        legs: [PlainLeg("X", .deposit, quantity), PlainLeg("USDC", .borrow, liabilities)],
        collateral: assets
      ),
      price: 100,
      confidence: bias * 100,
      expected: expected,
      tolerance: tolerance
    )
  }

  /// marginfi: one debt against what else the account has, already weighted.
  static func marginfi(
    _ id: String,
    debt: Double,
    weight: Double,
    assets: Double,
    liabilities: Double,
    bias: Double = 0,
    _ expected: Double?,
    _ tolerance: Tolerance
  ) -> VenueCase {
    VenueCase(
      id: id,
      text: venue(
        "lending_weighted",
        "liability_weight = \(weight)",
        "confidence_multiplier = 1.0\nconfidence_cap = 0.99"
      ),
      account: PlainAccount(
        venue: "v",
        legs: [PlainLeg("X", .borrow, debt)],
        collateral: assets - liabilities
      ),
      price: 100,
      confidence: bias * 100,
      expected: expected,
      tolerance: tolerance
    )
  }

  /// One side of a loan.
  struct Side: Sendable {
    var quantity: Double
    var price: Double
    /// Threshold of a deposit, borrow factor of a debt.
    var factor: Double
  }

  /// Kamino: one deposit against one borrow; the side that is not solved for has price 1.
  static func kamino(
    _ id: String,
    deposit: Side,
    borrow: Side,
    solvesDeposit: Bool,
    _ expected: Double?,
    _ tolerance: Tolerance
  ) -> VenueCase {
    let own = solvesDeposit ? deposit : borrow
    let ltv = "liquidation_threshold = \(deposit.factor)"
    let bf = "borrow_factor = \(borrow.factor)"
    let (x, other) = solvesDeposit ? ("X", "USDC") : ("USDC", "X")
    return VenueCase(
      id: id,
      text: quote + venue("lending_ltv", solvesDeposit ? ltv : bf)
        + "USDC = { \(solvesDeposit ? bf : ltv) }",
      account: PlainAccount(
        venue: "v",
        legs: [
          PlainLeg(x, .deposit, deposit.quantity), PlainLeg(other, .borrow, borrow.quantity),
        ]
      ),
      price: own.price,
      expected: expected,
      tolerance: tolerance
    )
  }

  /// Jupiter Lend: amounts of the assets, which the vault divides by its exchange prices.
  static func jupiter(
    _ id: String,
    collateral: Double,
    debt: Double,
    threshold: Double,
    supplyExchange: Double = 1,
    borrowExchange: Double = 1,
    isNaive: Bool = false,
    _ expected: Double?,
    _ tolerance: Tolerance
  ) -> VenueCase {
    VenueCase(
      id: id,
      text: venue(
        "lending_ticked",
        "liquidation_threshold = \(threshold), supply_exchange_price = \(supplyExchange)"
      ) + "USDC = { borrow_exchange_price = \(borrowExchange) }\n" + quote,
      account: PlainAccount(
        venue: "v",
        legs: [
          PlainLeg("X", .deposit, collateral), PlainLeg("USDC", .borrow, debt),
        ]
      ),
      price: 1e6,
      answer: isNaive ? .naive : .root,
      expected: expected,
      tolerance: tolerance
    )
  }
}
