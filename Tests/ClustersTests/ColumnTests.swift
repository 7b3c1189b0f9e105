// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import CSIMD
import Clusters
import Liquidation
import Markets
import Numerics
import TestSupport
import Testing

/// A random book of perps with what the plain path makes of it.
private struct ColumnCase {
  var made: TestBook
  var book: AffineBook
  /// Probability of each account in 1/65,536, all the same when there are none.
  var weights: [Int64]?

  var assets: [Int] { Array(0..<made.catalogue.assets.count) }

  /// Draws venues with one to eight tiers, partial closes or not, and perps of every size.
  init(seed: UInt64, count: Int, isWeighed: Bool, scale: Int = 7) throws {
    var random = SplitMix64(seed: seed)
    let text = ColumnCase.text(&random)
    var market = PlainMarket()
    for symbol in ["SOL", "ETH", "TINY"] { market.prices[symbol] = random.magnitude(-6, 6) }
    var accounts: [PlainAccount] = []
    for _ in 0..<min(count, 3_000) {
      accounts.append(ColumnCase.account(&random, market, scale: scale))
    }
    let some = accounts
    if count > some.count { accounts = (0..<count).map { some[$0 % some.count] } }
    made = try TestBook(text, market, accounts)
    book = try AffineBook(compiling: made.book, catalogue: made.catalogue, snapshot: made.snapshot)
    if isWeighed { weights = accounts.map { _ in Int64(random.whole(0, 65_536)) } }
  }

  private static func text(_ random: inout SplitMix64) -> String {
    var text = "[assets]\nUSDC = { quote = true }\nSOL2 = { priced_from = \"SOL\", ratio = 1.1 }\n"
    for venue in ["one", "two"] {
      text += """
        [venues.\(venue)]
        kind = "perp_tiered"
        liquidates_at_equality = \(random.once(in: 2))
        partial_share = \(random.pick([1, 0.2, 0.37]))
        partial_above_usd = \(random.pick([0, 1_000, 100_000]))
        [venues.\(venue).assets]
        SOL2 = { max_leverage = 10 }

        """
      for symbol in ["SOL", "ETH", "TINY"] {
        text += "\(symbol) = { margin_table = \"\(symbol)\" }\n"
      }
      for symbol in ["SOL", "ETH", "TINY"] {
        text += "[venues.\(venue).margin_tables.\(symbol)]\ntiers = [\n"
        var (lower, rate) = (0.0, random.number(0.001, 0.02))
        for _ in 0..<random.whole(1, 8) {
          text += "{ lower_usd = \(lower), maintenance_rate = \(rate) },\n"
          lower = (lower + random.magnitude(2, 6)).rounded()
          rate = random.once(in: 8) ? rate : rate * random.number(1.0001, 1.6)
        }
        text += "]\n"
      }
    }
    return text
  }

  private static func account(
    _ random: inout SplitMix64,
    _ market: PlainMarket,
    scale: Int
  ) -> PlainAccount {
    let symbol = random.once(in: 30) ? "SOL2" : random.pick(["SOL", "ETH", "TINY"])
    let price = market.prices[symbol] ?? 100
    let size = random.once(in: 40) ? 0 : random.magnitude(0, scale) / price
    let leg = PlainLeg(
      symbol,
      .perp,
      random.once(in: 2) ? size : -size,
      entry: price * random.number(0.7, 1.4),
      maxLeverage: random.once(in: 9) ? Double(random.whole(2, 40)) : nil
    )
    let collateral = size * price * random.number(-0.05, random.once(in: 9) ? 3 : 0.6)
    var account = PlainAccount(
      venue: random.pick(["one", "two"]),
      legs: [leg],
      collateral: collateral
    )
    if random.once(in: 9) { account.deposited = Int64(random.magnitude(4, 11)) }
    return account
  }

  /// The columns at present prices.
  func columns() -> IsolatedColumns {
    IsolatedColumns(
      made.book,
      book,
      catalogue: made.catalogue,
      deposited: made.deposited,
      snapshot: made.snapshot,
      weight: weights.map { list in { list[$0] } },
      keepsOrder: true
    )
  }

  /// Adds accounts one by one; returns their statuses.
  func add(
    _ accounts: some Sequence<Int>,
    to builder: inout ClusterBuilder
  ) throws -> [LiquidationStatus: Int] {
    let ladder = LadderSolver(
      made.book,
      made.catalogue,
      book,
      confidenceRatios: made.snapshot.confidenceRatios
    )
    var counts: [LiquidationStatus: Int] = [:]
    for account in accounts {
      let row = Int(book.firstRow[account])
      let assessment = book.assess(row, interval(account), prices: made.snapshot.prices)
      counts[assessment.status, default: 0] += 1
      guard assessment.status == .atRisk, let direction = assessment.direction else { continue }
      let rungs = ladder.rungs(
        of: row,
        assessment,
        deposited: made.deposited[account],
        prices: made.snapshot.prices,
        confidences: made.snapshot.confidences
      )
      for rung in rungs {
        try builder.add(
          asset: Int(book.asset[row]),
          direction: direction,
          price: rung.price,
          size: try micro((book.traded(row) * rung.price) * rung.share),
          weight: weights?[account] ?? 65_536
        )
      }
    }
    return counts
  }

  func interval(_ account: Int) -> HealthyInterval {
    book.interval(
      of: Int(book.firstRow[account]),
      deposited: made.deposited[account],
      prices: made.snapshot.prices,
      confidences: made.snapshot.confidences
    )
  }

  func finished(_ builder: ClusterBuilder) -> [Cluster] {
    var builder = builder
    return builder.finish(
      order: assets,
      spots: made.snapshot.prices.map { $0.isFinite ? $0 : 1 },
      deviations: assets.map { _ in 0 }
    )
  }
}

@Suite struct ColumnTests {
  /// Compares clusters, statuses and prices from columns with those of the plain path.
  private func check(_ made: ColumnCase, levels: [VectorLevel], threads: [Int]) throws {
    let settings = try clusterSettings()
    var plain = ClusterBuilder(settings: settings, assets: made.assets)
    let counts = try made.add(made.made.book.accounts.indices, to: &plain)
    let columns = made.columns()
    #expect(columns.rowCount + columns.rest.count == made.made.book.accounts.count)
    for level in levels {
      for count in threads {
        var found = try ClusterBuilder.of(
          columns,
          settings: settings,
          assets: made.assets,
          level: level,
          threads: count
        )
        let others = try made.add(columns.rest, to: &found.builder)
        #expect(found.counts.merging(others, uniquingKeysWith: +) == counts)
        #expect(found.builder.outsideGrid == plain.outsideGrid)
        #expect(made.finished(found.builder) == made.finished(plain), "\(level), \(count) threads")
      }
      try checkPrices(made, columns, level)
    }
  }

  private func checkPrices(
    _ made: ColumnCase,
    _ columns: IsolatedColumns,
    _ level: VectorLevel
  ) throws {
    let prices = HugeColumn(count: columns.quantity.count)
    try columns.price(into: prices, level: level, threads: 2)
    let order = try #require(columns.accountOfPlace)
    var wrong = 0
    for run in columns.runs {
      for place in run.first..<run.first + run.count {
        let interval = made.interval(Int(order[place]))
        let root = run.terms.isLong ? interval.lower : interval.upper
        let isSame = unsafe prices.start[place].bitPattern == root.bitPattern
        wrong += isSame ? 0 : 1
      }
    }
    #expect(wrong == 0, "prices of \(level)")
  }

  @Test(arguments: PropertySeeds.first(60))
  func `columns give the clusters of the plain path to the last digit`(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let made = try ColumnCase(
      seed: seed,
      count: random.whole(0, 2_000),
      isWeighed: random.once(in: 2)
    )
    try check(made, levels: VectorLevel.available, threads: [1, 3])
  }

  @Test(arguments: [0, 1, 7, 8, 9, 65_535, 65_536, 65_537])
  func `of any number of rows, with any threads`(_ count: Int) throws {
    let made = try ColumnCase(seed: 5, count: count, isWeighed: count % 2 == 1)
    try check(made, levels: VectorLevel.available, threads: [1, 2, 3, 7])
  }

  @Test func `a million rows`() throws {
    #if DEBUG
    // The plain path takes its time without optimisation; release builds run this.
    try check(
      try ColumnCase(seed: 6, count: 150_000, isWeighed: false),
      levels: [.strongest],
      threads: [2]
    )
    #else
    for isWeighed in [false, true] {
      let made = try ColumnCase(seed: 6, count: 1_000_000, isWeighed: isWeighed)
      try check(made, levels: VectorLevel.available, threads: [1, 2, 7])
    }
    #endif
  }

  @Test func `levels that this machine lacks are named`() {
    let lacking = Set(VectorLevel.allCases).subtracting(VectorLevel.available)
    withKnownIssue(
      "skipped: no \(lacking.map(\.rawValue).sorted().joined(separator: ", ")) here",
      isIntermittent: true
    ) {
      #expect(lacking.isEmpty)
    }
  }

  @Test(arguments: PropertySeeds.first(20))
  func `sizes that need wider sums go the plain way`(_ seed: UInt64) throws {
    // Up to 10^12 USD, where both the blocks and the sums of a thread are too large.
    let made = try ColumnCase(seed: seed, count: 700, isWeighed: seed % 2 == 0, scale: 12)
    try check(made, levels: VectorLevel.available, threads: [1])
  }

  @Test(arguments: PropertySeeds.first(20))
  func `constants beside a change of tier are priced like the others`(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var tiers = [MarginTable.Tier(lowerUSD: 0, rate: 0.004)]
    for step in 1...random.whole(1, 7) {
      tiers.append(
        MarginTable.Tier(
          lowerUSD: Double(step) * random.number(900, 1_000),
          rate: tiers[step - 1].rate * random.number(1.0001, 1.5)
        )
      )
    }
    let lines = try MarginTable(tiers: tiers).lines
    for isLong in [true, false] {
      let terms = try #require(
        IsolatedTerms(
          lines: lines,
          isLong: isLong,
          price: 100,
          atEquality: false,
          split: PerpSplit(aboveUSD: .infinity, firstShare: 1)
        )
      )
      // Where the roots of neighbours meet: all that is not sure and somewhat more, then the last
      // places before it is.
      let changes = (1..<terms.rates.count).map {
        unsafe (terms.group.pointee.maybe[$0], terms.group.pointee.surely[$0])
      }
      let constants = changes.flatMap { maybe, surely in
        (0..<1_000).map { number in
          let place =
            number < 500
            ? maybe + (surely - maybe) * random.number(-0.5, 1.5)
            : surely * (1 + random.number(-3e-12, 0.5e-12))
          return isLong ? -place : place
        }
      }
      let columns = unsafe try IsolatedColumns(
        counts: [(terms, 0, constants.count)],
        threads: 1
      ) { _, rows, quantity, constant in
        for row in rows {
          unsafe quantity[row - rows.lowerBound] = (isLong ? 1 : -1) * (1 + Double(row % 97) / 7)
          unsafe constant[row - rows.lowerBound] = constants[row]
        }
      }
      for level in VectorLevel.available {
        let prices = HugeColumn(count: columns.quantity.count)
        try columns.price(into: prices, level: level, threads: 1)
        for row in constants.indices {
          let quantity = unsafe columns.quantity.start[row]
          let interval = HealthyInterval(slope: quantity, constant: constants[row], lines: lines)
          let root = isLong ? interval.lower : interval.upper
          let price = unsafe prices.start[row]
          #expect(price == root)
        }
      }
    }
  }

  @Test func `books that are drawn have partial closes, every status and a rest`() throws {
    let made = try ColumnCase(seed: 9, count: 3_000, isWeighed: false)
    var plain = ClusterBuilder(settings: try clusterSettings(), assets: made.assets)
    let counts = try made.add(made.made.book.accounts.indices, to: &plain)
    #expect(Set(counts.keys) == Set(LiquidationStatus.allCases))
    let rungs = made.finished(plain).reduce(0) { $0 + $1.positions }
    #expect(rungs > (counts[.atRisk] ?? 0))
    let columns = made.columns()
    #expect(columns.rest.count > 0 && columns.rest.count < 600)
    #expect(columns.runs.contains { $0.terms.rates.count > 4 })
  }

  @Test(arguments: VectorLevel.available)
  func `sums that fill 64 bits are handed over in between`(_ level: VectorLevel) throws {
    let terms = try #require(
      IsolatedTerms(
        lines: [MarginTable.Line(rate: 0.01, deduction: 0)],
        isLong: true,
        price: 100,
        atEquality: false,
        split: PerpSplit(aboveUSD: 5e7, firstShare: 0.2),
        weight: 40_000
      )
    )
    // Squares of some 10^16 whole USD fill 2^62 every few hundred rows.
    let columns = unsafe try IsolatedColumns(counts: [(terms, 0, 5_003)], threads: 1) {
      _,
      rows,
      quantity,
      constant in
      for row in rows {
        unsafe quantity[row - rows.lowerBound] = 1e6 * (1 + Double(row % 13) / 20)
        unsafe constant[row - rows.lowerBound] = -1e6 * Double(60 + row % 17)
      }
    }
    let settings = try clusterSettings()
    var plain = ClusterBuilder(settings: settings, assets: [0])
    for row in 0..<5_003 {
      let (quantity, constant) = unsafe (columns.quantity.start[row], columns.constant.start[row])
      for rung in terms.plain(quantity: quantity, constant: constant).rungs {
        try plain.add(
          asset: 0,
          direction: .below,
          price: rung.price,
          size: try micro((quantity * rung.price) * rung.share),
          weight: 40_000
        )
      }
    }
    let clusters = plain.finish(order: [0], spots: [100], deviations: [0])
    #expect(clusters.count > 10)
    #expect(try ColumnTests.clusters(columns, level) == clusters)
  }

  /// The clusters of one asset's columns by the kernels.
  private static func clusters(
    _ columns: IsolatedColumns,
    _ level: VectorLevel
  ) throws -> [Cluster] {
    var found = try ClusterBuilder.of(
      columns,
      settings: try clusterSettings(),
      assets: [0],
      level: level,
      threads: 1
    ).builder
    return found.finish(order: [0], spots: [100], deviations: [0])
  }

  /// After 97 % at a root P a twentieth of maintenance is more than what is left is worth: the rest
  /// stands below 0, so the same moment takes it.
  @Test(arguments: VectorLevel.available)
  func `a rest that stands no further on goes with the first part`(_ level: VectorLevel) throws {
    let terms = try #require(
      IsolatedTerms(
        lines: [MarginTable.Line(rate: 0.05, deduction: 0)],
        isLong: true,
        price: 100,
        atEquality: false,
        split: PerpSplit(aboveUSD: 1_000, firstShare: 0.97)
      )
    )
    // Roots at 80, of 800 and of 8,000 USD; closed whole and in parts.
    let columns = unsafe try IsolatedColumns(counts: [(terms, 0, 20)], threads: 1) {
      _,
      rows,
      quantity,
      constant in
      for row in rows {
        let size = row % 2 == 0 ? 10.0 : 100.0
        unsafe quantity[row - rows.lowerBound] = size
        unsafe constant[row - rows.lowerBound] = -76 * size
      }
    }
    let clusters = try ColumnTests.clusters(columns, level)
    #expect(clusters.map(\.positions) == [20])
    #expect(clusters.map(\.forcedSize) == [10 * 8_800_000_000])
  }

  /// Half of the notional is maintenance: 100 units with −50 have their root at 1, an edge of bins.
  @Test(arguments: VectorLevel.available)
  func `a root at an edge belongs to the bin above`(_ level: VectorLevel) throws {
    let terms = try #require(
      IsolatedTerms(
        lines: [MarginTable.Line(rate: 0.5, deduction: 0)],
        isLong: true,
        price: 100,
        atEquality: false,
        split: PerpSplit(aboveUSD: .infinity, firstShare: 1)
      )
    )
    let columns = unsafe try IsolatedColumns(counts: [(terms, 0, 16)], threads: 1) {
      _,
      rows,
      quantity,
      constant in
      for row in rows {
        unsafe quantity[row - rows.lowerBound] = 100
        unsafe constant[row - rows.lowerBound] = row < 8 ? -50 : (-50.0).nextUp
      }
    }
    let clusters = try ColumnTests.clusters(columns, level)
    #expect(clusters.map(\.positions) == [8, 8])
    #expect(Set(clusters.map(\.low)).contains(1) && Set(clusters.map(\.high)).contains(1))
  }

  @Test func `tables that the kernels do not hold are refused`() throws {
    func terms(_ rates: [Double], lower: [Double], price: Double = 1) throws -> IsolatedTerms? {
      let tiers = zip(lower, rates).map { MarginTable.Tier(lowerUSD: $0, rate: $1) }
      return IsolatedTerms(
        lines: try MarginTable(tiers: tiers).lines,
        isLong: true,
        price: price,
        atEquality: false,
        split: PerpSplit(aboveUSD: .infinity, firstShare: 1)
      )
    }
    #expect(try terms([0.1], lower: [0]) != nil)
    #expect(try terms([0.6], lower: [0]) == nil)
    #expect(try terms([0.1, 0.1], lower: [0, 10]) != nil)
    #expect(try terms([0.1, 0.1 + 1e-12], lower: [0, 10]) == nil)
    #expect(try terms([0.1], lower: [0], price: 0) == nil)
    let nine = (0..<9).map { 0.01 + Double($0) / 100 }
    #expect(try terms(nine, lower: (0..<9).map { Double($0 * 1_000) }) == nil)
  }
}
