// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets

/// A market of the six kinds with random terms, and accounts drawn in it.
///
/// `SOL` and `ETH` have prices of their own, `JITO` is priced from `SOL`, `USDC` is a quote. The
/// same numbers are written as a venue file and noted down for the plain references.
package struct RandomMarket: Sendable {
  /// The venue file.
  package private(set) var text = ""
  /// The same as a person would note it down.
  package private(set) var plain = PlainMarket()
  private var random: SplitMix64

  private static let symbols = ["SOL", "ETH", "JITO", "USDC"]
  private static let perps = ["SOL", "ETH", "JITO"]
  /// Kinds of venues, which are their names too.
  package static let kinds = [
    "perp_tiered", "perp_sized", "lending_weighted", "lending_ltv", "lending_ticked", "event",
  ]

  /// Draws the terms of a market.
  package init(seed: UInt64) {
    random = SplitMix64(seed: seed)
    let ratio = random.decimal(1_000, 1_500, per: 1_000)
    plain.assets = [
      "USDC": PlainAsset(isQuote: true), "JITO": PlainAsset(underlying: "SOL", ratio: ratio),
    ]
    text = """
      [assets]
      USDC = { quote = true }
      JITO = { priced_from = "SOL", ratio = \(ratio) }

      """
    for symbol in ["SOL", "ETH"] {
      // Ratios of debt to collateral stay within the exact table of ticks.
      let price = random.magnitude(-1, 1)
      plain.prices[symbol] = price
      plain.confidences[symbol] = random.once(in: 3) ? 0 : price * random.number(0, 0.04)
    }
    for kind in RandomMarket.kinds {
      let equality = random.once(in: 2)
      text += "[venues.\(kind)]\nkind = \"\(kind)\"\nliquidates_at_equality = \(equality)\n"
      plain.venues[kind] = PlainVenue(kind: kind, tripsAtEquality: equality)
      addTerms(kind)
    }
  }

  private mutating func addTerms(_ kind: String) {
    if kind == "lending_weighted", random.once(in: 2) {
      let cap = random.decimal(1, 50, per: 1_000)
      plain.venues[kind]?.confidenceCap = cap
      text += "confidence_cap = \(cap)\n"
    }
    for symbol in kind == "perp_tiered" ? RandomMarket.perps : RandomMarket.symbols {
      var terms = PlainTerms()
      text += "[venues.\(kind).assets.\(symbol)]\n"
      switch kind {
      case "perp_tiered": terms.tiers = addTiers(symbol)
      case "perp_sized":
        terms.ratio = random.whole(200, 1_500)
        terms.imf = random.once(in: 3) ? 0 : random.whole(1, 5_000)
        terms.assetWeight = random.whole(5_000, 10_000)
        terms.liabilityWeight = random.whole(10_000, 15_000)
        terms.spotIMF = random.once(in: 3) ? 0 : random.whole(1, 5_000)
        text += """
          maintenance_ratio = \(Double(terms.ratio) / 1e4)
          imf_factor = \(Double(terms.imf) / 1e6)
          asset_weight = \(Double(terms.assetWeight) / 1e4)
          liability_weight = \(Double(terms.liabilityWeight) / 1e4)
          spot_imf_factor = \(Double(terms.spotIMF) / 1e6)

          """
      default:
        terms.deposit = random.once(in: 12) ? 0 : random.decimal(500, 1_000, per: 1_000)
        let key = kind == "lending_weighted" ? "asset_weight" : "liquidation_threshold"
        text += "\(key) = \(terms.deposit)\n"
        guard kind == "lending_weighted" || kind == "lending_ltv" else { break }
        terms.borrow = random.decimal(1_000, 1_500, per: 1_000)
        let other = kind == "lending_weighted" ? "liability_weight" : "borrow_factor"
        text += "\(other) = \(terms.borrow)\n"
      }
      plain.venues[kind]?.terms[symbol] = terms
    }
  }

  /// One to four tiers; tables stand before the assets that name them in no order TOML minds.
  private mutating func addTiers(_ symbol: String) -> [(lower: Double, rate: Double)] {
    var leverage = random.whole(20, 50)
    var lower = 0.0
    var tiers: [(lower: Double, rate: Double)] = []
    text +=
      "margin_table = \"\(symbol)\"\n[venues.perp_tiered.margin_tables.\(symbol)]\ntiers = [\n"
    for _ in 0..<random.whole(1, 4) {
      tiers.append((lower, 1 / (2 * Double(leverage))))
      text += "{ lower_usd = \(lower), max_leverage = \(leverage) },\n"
      lower = (lower + random.magnitude(2, 6)).rounded()
      leverage = max(1, leverage - random.whole(1, 12))
    }
    text += "]\n"
    return tiers
  }

  /// Draws an account of some kind.
  package mutating func account() -> PlainAccount {
    let kind = random.pick(RandomMarket.kinds)
    let isPerp = kind == "perp_tiered" || (kind == "perp_sized" && random.once(in: 2))
    var account = isPerp ? perp(kind) : lending(kind)
    if random.once(in: 4) {
      account.deposited = Int64(random.magnitude(4, 11))
    }
    if random.once(in: 20) {
      for place in account.legs.indices { account.legs[place].quantity = 0 }
    }
    return account
  }

  private mutating func perp(_ kind: String) -> PlainAccount {
    let symbol = random.pick(RandomMarket.perps)
    let price = plain.price(symbol)
    let size = random.magnitude(1, 7) / price
    let leg = PlainLeg(
      symbol,
      .perp,
      random.once(in: 2) ? size : -size,
      entry: price * random.number(0.8, 1.25),
      maxLeverage: random.once(in: 5) ? Double(random.whole(2, 40)) : nil
    )
    let collateral = random.once(in: 10) ? 0 : size * price * random.number(-0.05, 0.6)
    return PlainAccount(venue: kind, legs: [leg], collateral: collateral)
  }

  private mutating func lending(_ kind: String) -> PlainAccount {
    let symbol = random.pick(RandomMarket.symbols)
    let value = random.magnitude(1, 7)
    let deposit = PlainLeg(symbol, .deposit, value / plain.price(symbol))
    var other = random.pick(RandomMarket.symbols)
    while other == symbol { other = random.pick(RandomMarket.symbols) }
    let debt = value * random.number(0.2, 1.1)
    let borrow = PlainLeg(other, .borrow, debt / plain.price(other))
    let collateral = random.once(in: 4) ? value * random.number(-0.1, 0.5) : 0
    if random.once(in: 8) {
      return PlainAccount(
        venue: kind,
        legs: [random.once(in: 2) ? deposit : borrow],
        collateral: collateral
      )
    }
    return PlainAccount(
      venue: kind,
      legs: random.once(in: 2) ? [deposit, borrow] : [borrow, deposit],
      collateral: collateral
    )
  }

  /// Draws an account of two to seven legs, hedges and debts without collateral among them.
  package mutating func crossAccount() -> PlainAccount {
    let kinds = RandomMarket.kinds.filter { $0 != "lending_ticked" }
    let kind = random.pick(kinds)
    var legs: [PlainLeg] = []
    if kind.hasPrefix("perp") {
      for symbol in RandomMarket.perps where legs.isEmpty || random.once(in: 2) {
        legs += perp(kind).legs.prefix(1).map { leg in
          var moved = leg
          moved.quantity *= plain.price(leg.symbol) / plain.price(symbol)
          moved.entry *= plain.price(symbol) / plain.price(leg.symbol)
          moved.symbol = symbol
          return moved
        }
      }
    }
    if kind == "perp_tiered" {
      legs.append(PlainLeg("USDC", random.once(in: 4) ? .borrow : .deposit, random.magnitude(1, 6)))
    } else {
      for _ in 0..<random.whole(kind == "perp_sized" ? 1 : 3, 4) {
        let symbol = random.pick(RandomMarket.symbols)
        let size = random.magnitude(1, 6) / plain.price(symbol)
        legs.append(PlainLeg(symbol, random.once(in: 2) ? .deposit : .borrow, size))
      }
    }
    let collateral = random.once(in: 3) ? random.number(-1e4, 1e5) : 0
    var account = PlainAccount(venue: kind, legs: legs, collateral: collateral)
    if random.once(in: 4) { account.deposited = Int64(random.magnitude(4, 11)) }
    return account
  }

  /// Draws several accounts and makes a book of them.
  package mutating func accounts(_ count: Int) -> [PlainAccount] {
    (0..<count).map { _ in account() }
  }
}
