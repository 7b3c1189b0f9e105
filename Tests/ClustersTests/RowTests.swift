// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Clusters
import Liquidation
import Markets
import Numerics
import TestSupport
import Testing

@Suite struct RowTests {
  private static let text = """
    [assets]
    USDC = { quote = true }
    [venues.perps]
    kind = "perp_tiered"
    [venues.perps.assets]
    SOL = { max_leverage = 10 }
    [venues.loans]
    kind = "lending_ltv"
    [venues.loans.assets]
    SOL = { liquidation_threshold = 0.75 }
    ETH = { liquidation_threshold = 0.75 }
    USDC = {}
    """

  /// Clusters of some accounts with the status of each row.
  private func clusters(
    _ accounts: [PlainAccount],
    freshness: Double = 1
  ) throws -> ([Cluster], [LiquidationStatus], AssetTable) {
    var market = PlainMarket()
    market.prices = ["SOL": 100, "ETH": 4_000]
    let made = try TestBook(Self.text, market, accounts)
    let book = try AffineBook(
      compiling: made.book,
      catalogue: made.catalogue,
      snapshot: made.snapshot
    )
    let assets = made.catalogue.assets
    var builder = ClusterBuilder(
      settings: try clusterSettings(),
      assets: Array(0..<assets.count)
    )
    var statuses: [LiquidationStatus] = []
    for row in 0..<book.rowCount {
      let interval = book.interval(
        of: row,
        deposited: made.deposited[Int(book.account[row])],
        prices: made.snapshot.prices,
        confidences: made.snapshot.confidences
      )
      statuses.append(
        try builder.add(
          row: row,
          of: book,
          interval: interval,
          freshness: freshness,
          prices: made.snapshot.prices
        ).status
      )
    }
    let found = builder.finish(
      order: Array(0..<assets.count),
      spots: made.snapshot.prices,
      deviations: made.snapshot.confidenceRatios
    )
    return (found, statuses, assets)
  }

  private func long(_ collateral: Double, deposited: Micro = 0) -> PlainAccount {
    PlainAccount(
      venue: "perps",
      legs: [PlainLeg("SOL", .perp, 10, entry: 100)],
      collateral: collateral,
      deposited: deposited
    )
  }

  @Test func `a protected account stands where it falls after its whole cap`() throws {
    // Without the cap of 50 USD at 900/9.5 = 94.7…, with it at 850/9.5 = 89.4….
    let bare = try clusters([long(100)]).0
    let whole = try clusters([long(100, deposited: 50_000_000)]).0
    #expect(bare.map(\.bin) == [PlainClusters.bin(of: 900 / 9.5)])
    #expect(whole.map(\.bin) == [PlainClusters.bin(of: 850 / 9.5)])
    #expect(bare[0].forcedSize == Int128((10 * (900 / 9.5) * 1e6).rounded()))
    #expect(whole[0].forcedSize == Int128((10 * (850 / 9.5) * 1e6).rounded()))
    // The probability is that of any other account.
    #expect(whole[0].confidence == bare[0].confidence && whole[0].confidence == 29)
  }

  @Test func `a cap that carries the account out of reach leaves no cluster`() throws {
    let (found, statuses, _) = try clusters([long(100, deposited: 900_000_000)])
    #expect(found.isEmpty && statuses == [.unreachable])
  }

  @Test func `only rows at risk make clusters, the others are told`() throws {
    let loan = { (quantity: Double, debt: Double) in
      PlainAccount(
        venue: "loans",
        legs: [PlainLeg("SOL", .deposit, quantity), PlainLeg("USDC", .borrow, debt)]
      )
    }
    let (found, statuses, _) = try clusters([
      long(100), long(10), long(2_000), loan(0, 0), loan(4, 200), loan(4, 300), loan(4, 0),
    ])
    #expect(
      statuses
        == [
          .atRisk, .liquidatable, .unreachable, .empty, .atRisk, .liquidatable, .unreachable,
        ]
    )
    #expect(found.map(\.positions) == [1, 1])
    #expect(found.map(\.direction) == [.below, .below])
  }

  @Test func `an account of two assets stands in both, each with its share`() throws {
    // 100 SOL of 7,500 weighted against 1 ETH of 4,000: shares 0.652… and 0.347….
    let account = PlainAccount(
      venue: "loans",
      legs: [PlainLeg("SOL", .deposit, 100), PlainLeg("ETH", .borrow, 1)]
    )
    let (found, _, assets) = try clusters(Array(repeating: account, count: 1_000))
    let symbols = found.map { assets[$0.asset].symbol }
    #expect(Set(symbols) == ["SOL", "ETH"])
    for cluster in found {
      let isETH = assets[cluster.asset].symbol == "ETH"
      #expect(cluster.direction == (isETH ? .above : .below))
      let share = (isETH ? 4_000.0 : 7_500) / 11_500
      let s = Double(Int64((0.95 * share * 65_536).rounded())) / 65_536
      let expected = s - 3 * (s * (1 - s) / 1_000).squareRoot()
      #expect(cluster.confidence == Int(100 * expected))
      // Forced size is |quantity| at the root: 1 ETH at 7,500, 100 SOL at 53.33….
      #expect(cluster.forcedSize == (isETH ? 7_500_000_000_000 : 5_333_333_333_000))
    }
  }

  @Test func `freshness of the account goes into its rung`() throws {
    let half = try clusters(Array(repeating: long(100), count: 1_000), freshness: 0.5).0
    #expect(half.map(\.confidence) == [42])
  }

  @Test(arguments: PropertySeeds.first(100))
  func `clusters of a random book are those of the plain references`(_ seed: UInt64) throws {
    var market = RandomMarket(seed: seed)
    let accounts = market.accounts(60)
    let made = try TestBook(market.text, market.plain, accounts)
    let book = try AffineBook(
      compiling: made.book,
      catalogue: made.catalogue,
      snapshot: made.snapshot
    )
    let settings = try clusterSettings()
    let count = made.catalogue.assets.count
    var builder = ClusterBuilder(settings: settings, assets: Array(0..<count))
    var rungs: [PlainRung] = []
    for (place, account) in accounts.enumerated() {
      for (row, plain) in zip(book.rows(of: place), market.plain.rows(of: account)) {
        let prices = made.snapshot.prices
        let interval = book.interval(
          of: row,
          deposited: account.deposited,
          prices: prices,
          confidences: made.snapshot.confidences
        )
        let seen = try builder.add(
          row: row,
          of: book,
          interval: interval,
          freshness: 1,
          prices: prices
        )
        guard plain.status == .atRisk, let direction = plain.direction, let root = seen.price,
          plain.roots.contains(root)
        else { continue }
        let size = (plain.quantity.magnitude * root * 1e6).rounded(.toNearestOrEven)
        let weight = settings.weight(
          freshness: 1,
          cross: book.crossShare(of: row, prices: prices)
        )
        rungs.append(PlainRung(Int(book.asset[row]), direction, root, Int64(size), weight))
      }
    }
    let found = builder.finish(
      order: Array(0..<count),
      spots: made.snapshot.prices,
      deviations: made.snapshot.confidenceRatios
    )
    let expected = PlainClusters.of(
      rungs,
      sigmas: 3,
      spots: made.snapshot.prices,
      deviations: made.snapshot.confidenceRatios
    )
    #expect(found.map(\.forcedSize) == expected.map(\.forcedSize))
    #expect(found.map(\.confidence) == expected.map(\.confidence))
    #expect(found.map(\.bin) == expected.map(\.bin))
    #expect(found.map(\.distance) == expected.map(\.distance))
  }
}

@Suite struct BinGridsTests {
  @Test func `a width has one grid of ten thousandths`() {
    #expect(BinGrids.grid(binBPS: 50).edge(923) == 99.83320213261966)
    #expect(BinGrids.grid(binBPS: 100).edge(1) == 1.01)
    #expect(BinGrids.grid(binBPS: 12.5).edge(0) == 1)
  }
}
