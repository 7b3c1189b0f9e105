// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
internal import Markets
internal import Numerics
internal import TextKit

/// Draws accounts of all kinds, most of which fall near a few levels of price.
struct RandomWorldBook {
  private var random: SplitMix64
  private let catalogue: VenueCatalogue
  private let snapshot: PriceSnapshot
  /// Prices near which accounts gather, by asset.
  private var levels: [[Double]] = []
  private var row = 0
  private let crossShare: Double
  private let protectedShare: Double

  /// * `spots`: price by asset, NaN for those that are priced from another.
  init(
    seed: UInt64,
    _ catalogue: VenueCatalogue,
    spots: [Double],
    confidenceRatios: [Double]
  ) {
    random = SplitMix64(seed: seed)
    self.catalogue = catalogue
    var snapshot = PriceSnapshot(catalogue.assets)
    for (asset, price) in spots.enumerated() where !price.isNaN {
      snapshot.set(asset, price: price, confidenceRatio: confidenceRatios[asset])
    }
    self.snapshot = snapshot
    crossShare = random.pick([0, 0.2, 0.5])
    protectedShare = random.number(0.2, 0.6)
    let depth = random.pick([0.02, 0.06])
    for price in spots {
      levels.append((0..<3).map { _ in price * (1 - random.number(0.003, depth)) })
    }
  }

  /// A book of some accounts.
  mutating func book(_ count: Int) throws(Failure) -> Book {
    var accounts: [Account] = []
    for number in 0..<count { accounts.append(try account(number)) }
    return Book(accounts: accounts)
  }

  // MARK: - Accounts

  private mutating func account(_ number: Int) throws(Failure) -> Account {
    let kind = random.whole(0, 9)
    let isCross = random.number(0, 1) < crossShare
    var account: Account
    switch kind {
    case 0...2: account = perps("tiered", isCross ? random.whole(2, 4) : 1)
    case 3: account = isCross ? margin() : perps("sized", 1)
    case 4: account = loans("sized", isCross ? random.whole(3, 5) : 2)
    case 5: account = loans("weighted", isCross ? random.whole(3, 5) : 2)
    case 6...7: account = loans("ltv", isCross ? random.whole(3, 5) : 2)
    case 8: account = vault(isCross ? random.whole(3, 4) : 2)
    default: account = loans("events", isCross ? 3 : 2)
    }
    account.name = random.pick(["a\(number)", "a\(number)", "Z\(number)", "ü\(number)", "twin", ""])
    if account.legs.count == 1 && account.legs[0].kind == .perp {
      account.marginMode = random.pick([.cross, .cross, .isolated, .strictIsolated, .noCross])
    }
    if random.once(in: 25) { for leg in account.legs.indices { account.legs[leg].quantity = 0 } }
    try settle(&account)
    for _ in 0..<3 where try hasFarRoot(account) {
      for leg in account.legs.indices {
        switch account.legs[leg].kind {
        case .perp: account.legs[leg].quantity *= 1.1
        case .borrow: account.legs[leg].quantity *= 0.7
        case .deposit: break
        }
      }
    }
    observe(&account)
    protect(&account)
    return account
  }

  private mutating func leg(
    _ venue: String,
    _ symbol: String,
    _ kind: LegKind,
    usd: Double
  ) -> Leg {
    let asset = index(symbol)
    let price = snapshot.price(of: asset, in: catalogue.assets)
    let quantity = rounded(usd / price)
    defer { row += 1 }
    return Leg(
      venue: catalogue.venueIndex(named: venue) ?? 0,
      asset: asset,
      kind: kind,
      quantity: quantity,
      entryPrice: kind == .perp ? rounded(price * random.number(0.93, 1.07)) : 0,
      row: row,
      line: row + 2
    )
  }

  private func index(_ symbol: String) -> Int { catalogue.assets.index(of: symbol) ?? 0 }

  /// Half of the numbers are short decimals.
  private mutating func rounded(_ value: Double) -> Double {
    guard random.once(in: 2), value != 0 else { return value }
    let scale = value < 1 ? 1e6 : 1e2
    let short = (value * scale).rounded() / scale
    return short == 0 ? value : short
  }

  private mutating func size() -> Double { random.magnitude(2, random.pick([5, 5, 6])) }

  private mutating func some(_ count: Int, of symbols: [String]) -> [String] {
    Array(symbols.shuffled(using: &random).prefix(count))
  }

  private mutating func perps(_ venue: String, _ count: Int) -> Account {
    var legs: [Leg] = []
    for symbol in some(count, of: RandomWorldVenues.perps) {
      var leg = leg(venue, symbol, .perp, usd: size() * (random.once(in: 3) ? -1 : 1))
      if random.once(in: 6) { leg.maxLeverage = random.pick([5, 10, 20, 50]) }
      legs.append(leg)
    }
    if count > 1 && random.once(in: 2) {
      legs.append(leg(venue, "USDC", random.once(in: 3) ? .borrow : .deposit, usd: size() * 0.1))
    }
    return Account(name: "", legs: legs)
  }

  /// Perps beside spot, some of them hedges of one asset.
  private mutating func margin() -> Account {
    var account = perps("sized", random.whole(1, 2))
    account.legs.removeAll { $0.kind != .perp }
    if random.once(in: 2) {
      let hedged = account.legs[0]
      let kind: LegKind = hedged.quantity > 0 ? .borrow : .deposit
      var hedge = leg("sized", catalogue.assets[hedged.asset].symbol, kind, usd: 1)
      hedge.quantity = hedged.quantity.magnitude * random.pick([1, 0.5, 1.3])
      account.legs.append(hedge)
    }
    let symbol = random.pick(RandomWorldVenues.lending)
    account.legs.append(leg("sized", symbol, .deposit, usd: size()))
    if random.once(in: 2) { account.legs.append(leg("sized", "USDC", .borrow, usd: size())) }
    return account
  }

  private mutating func loans(_ venue: String, _ count: Int) -> Account {
    let listed = venue == "events" ? RandomWorldVenues.events : RandomWorldVenues.lending
    let volatile = listed.filter { !$0.hasPrefix("USD") }
    if venue == "ltv" && random.once(in: 4) { return group(count) }
    if random.once(in: 12) {
      let kind: LegKind = random.once(in: 2) ? .deposit : .borrow
      return Account(name: "", legs: [leg(venue, random.pick(listed), kind, usd: size())])
    }
    // Collateral of a price of its own against a quote, mostly.
    let isReversed = random.once(in: 5)
    let debt = random.once(in: 3) ? random.pick(volatile) : "USDC"
    var legs = [leg(venue, isReversed ? "USDC" : random.pick(volatile), .deposit, usd: size())]
    legs.append(leg(venue, isReversed ? random.pick(volatile) : debt, .borrow, usd: size()))
    while legs.count < count {
      let isDebt = random.once(in: 3) && venue != "weighted"
      legs.append(leg(venue, random.pick(listed), isDebt ? .borrow : .deposit, usd: size()))
    }
    if legs[1].asset == legs[0].asset && legs.count == 2 { legs[1].kind = .deposit }
    if random.once(in: 4) { legs.swapAt(0, legs.count - 1) }
    var account = Account(name: "", legs: legs)
    if random.once(in: 7) {
      let place = legs.firstIndex { $0.kind == .deposit } ?? 0
      account.legs[place].liquidationThreshold = random.pick([0.5, 0.77, 0.85])
    }
    return account
  }

  /// Collateral and debt of an elevation group.
  private mutating func group(_ count: Int) -> Account {
    let group = random.pick(RandomWorldVenues.groups)
    var legs = some(max(1, count - 1), of: group.assets).map { symbol in
      leg("ltv", symbol, .deposit, usd: size())
    }
    legs.append(leg("ltv", group.debt, .borrow, usd: size()))
    return Account(name: "", legs: legs, elevationGroup: group.name)
  }

  /// One collateral and one debt, each perhaps in several legs.
  private mutating func vault(_ count: Int) -> Account {
    let symbols = some(2, of: RandomWorldVenues.lending)
    var legs = [leg("ticked", symbols[0], .deposit, usd: size())]
    for place in 1..<count {
      let isDebt = place == 1 || random.once(in: 2)
      legs.append(leg("ticked", symbols[isDebt ? 1 : 0], isDebt ? .borrow : .deposit, usd: size()))
    }
    return Account(name: "", legs: legs)
  }

  // MARK: - Where they fall

  /// Adds cash or scales debts until health is exhausted about where the account is to fall.
  private mutating func settle(_ account: inout Account) throws(Failure) {
    let table = catalogue.assets
    guard
      let driver = account.legs.map({ table[$0.asset].underlying }).first(where: { asset in
        !table[asset].isQuote
      })
    else { return }
    let spot = snapshot.prices[driver]
    let isBelow =
      try health(account, driver, at: spot * 1.01) >= health(account, driver, at: spot * 0.99)
    let target = target(driver, isBelow: isBelow)
    let missing = -(try health(account, driver, at: target))
    if account.legs.contains(where: { $0.kind == .perp }) {
      account.legs[0].collateralUSD += rounded(missing)
      return
    }
    guard account.legs.contains(where: { $0.kind == .borrow && $0.quantity > 0 }) else { return }
    var free = account
    for leg in account.legs.indices where account.legs[leg].kind == .borrow {
      free.legs[leg].quantity = 0
    }
    let held = try health(free, driver, at: target)
    guard held > 0 else {
      account.legs[0].collateralUSD += max(0, rounded(missing))
      return
    }
    let scale = held / (held + missing)
    for leg in account.legs.indices where account.legs[leg].kind == .borrow {
      account.legs[leg].quantity *= scale
    }
    if random.once(in: 5) { account.legs[0].collateralUSD += rounded(held * 0.01) }
  }

  /// Whether legs cancel so nearly that the account falls at a price beyond all sense.
  private func hasFarRoot(_ account: Account) throws(Failure) -> Bool {
    let alone = Book(accounts: [account])
    let affine = try AffineBook(compiling: alone, catalogue: catalogue, snapshot: snapshot)
    return (0..<affine.rowCount).contains { row in
      affine.lines(of: row).contains { line in
        line.slope != 0 && line.slope.magnitude < 1e-4 * affine.traded(row)
      }
    }
  }

  private mutating func target(_ asset: Int, isBelow: Bool) -> Double {
    let spot = snapshot.prices[asset]
    var target = random.pick(levels[asset]) * (1 + random.number(-0.002, 0.002))
    if random.once(in: 3) {
      target = spot * (1 - (random.once(in: 2) ? random.number(-0.02, 0.1) : random.number(0, 0.4)))
    }
    return isBelow ? target : 2 * spot - target
  }

  private func health(
    _ account: Account,
    _ driver: Int,
    at price: Double
  ) throws(Failure) -> Double {
    let alone = Book(accounts: [account])
    let affine = try AffineBook(compiling: alone, catalogue: catalogue, snapshot: snapshot)
    var prices = snapshot.prices
    var confidences = snapshot.confidences
    prices[driver] = price
    confidences[driver] = snapshot.confidenceRatios[driver] * price
    return affine.health(of: 0, deposited: 0, prices: prices, confidences: confidences)
  }

  // MARK: - Protection

  private mutating func observe(_ account: inout Account) {
    for leg in account.legs.indices where !random.once(in: 3) {
      account.legs[leg].observedSlot = 300_000_000 - Int64(random.pick([0, 50, 3_000, 30_000]))
    }
  }

  private mutating func protect(_ account: inout Account) {
    let (leg, share) = (account.legs[0], random.pick([0.97, 0.94, 0.9, 1.04, 1.1]))
    if random.once(in: 3) {
      let stop = StopLoss(of: leg, at: snapshot.prices[leg.asset] * share)
      account.protection.stopLosses = stop.price.isNaN ? [] : [stop]
    }
    guard random.number(0, 1) < protectedShare else { return }
    account.protection.isProtected = true
    if random.once(in: 4) {
      account.protection.deposited = random.pick([12_500_000, 100_000_000, 999_999_999, 1])
    }
    if random.once(in: 3) {
      account.protection.cap = random.pick([60_000_000, 1_000_000_000, 7_500_250_000, 0])
    }
    if random.once(in: 4) { account.protection.triggerDistance = random.pick([0.02, 0.07]) }
    if random.once(in: 4) { account.protection.safeDistance = random.pick([0.1, 0.2]) }
  }
}
