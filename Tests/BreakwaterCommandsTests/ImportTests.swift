// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Real data beside the repository, or beside the folder of a working tree.
enum SharedData {
  static func file(_ path: String) -> URL? {
    Repository.file("../shared/data/" + path) ?? Repository.file("../../shared/data/" + path)
  }
}

extension Rows {
  /// Where a column stands.
  fileprivate func index(_ name: String) throws -> Int {
    try #require(columns.firstIndex(of: name), "no column \(name)")
  }
}

/// Books made of what venues and chains give, as a user makes and uses them.
struct ImportTests {
  private static let whale = SharedData.file("positions/hyperliquid_clearinghouse_whale.json")
  private static let tiers = SharedData.file("config/hyperliquid_margin_tiers_2026-03.csv")
  private static let aave = SharedData.file("positions/aave_v2_steth_accounts_2023-06.csv")
  private static let stable = SharedData.file(
    "positions/aave_v2_steth_stable_debt_accounts_2023-06.csv"
  )

  private static func path(_ name: String) throws -> String {
    try #require(Repository.file(name)).path
  }

  private func number(_ text: String) throws -> Double { try #require(Double(text), "\(text)") }

  // MARK: - Hyperliquid

  /// One position of an imported book, with its price and the venue's tiers.
  private struct Position {
    var coin: String
    var size: Double
    var entry: Double
    var price: Double
    var stated: Double?
    /// Lower bound, rate and deduction of each tier.
    var tiers: [(lower: Double, rate: Double, deduction: Double)]

    func maintenance(_ price: Double) -> Double {
      let notional = abs(size) * price
      let tier = tiers.last { $0.lower <= notional } ?? tiers[0]
      return notional * tier.rate - tier.deduction
    }
  }

  /// The imported account of the whale, with tiers of the venue's public answer.
  private func importedWhale(
    _ place: Workdir
  ) throws -> (collateral: Double, positions: [Position]) {
    try place.run([
      "import", "hyperliquid", try #require(ImportTests.whale).path, "-o", "book.csv",
      "--prices-out", "prices.csv",
    ])
    let answer = Rows(try String(contentsOf: try #require(ImportTests.tiers), encoding: .utf8))
    var rates: [String: [(lower: Double, rate: Double)]] = [:]
    for row in answer.rows {
      let coin = row[try answer.index("coin")]
      let lower = row[try answer.index("tier_lower_bound_usd")]
      let leverage = row[try answer.index("tier_max_leverage")]
      rates[coin, default: []].append((try number(lower), 1 / (2 * (try number(leverage)))))
    }
    let prices = Rows(try place.text("prices.csv"))
    let priceOf = Dictionary(
      uniqueKeysWithValues: try zip(prices.column("asset"), prices.column("price").map(number))
    )
    let book = Rows(try place.text("book.csv"))
    var positions: [Position] = []
    for row in book.rows {
      let coin = row[try book.index("asset")]
      let list = try #require(rates[coin], "\(coin)").sorted { $0.lower < $1.lower }
      var tiers: [(lower: Double, rate: Double, deduction: Double)] = []
      for (lower, rate) in list {
        let before = tiers.last
        let deduction = (before?.deduction ?? 0) + lower * (rate - (before?.rate ?? rate))
        tiers.append((lower, rate, deduction))
      }
      positions.append(
        Position(
          coin: coin,
          size: try number(row[try book.index("quantity")]),
          entry: try number(row[try book.index("entry_price")]),
          price: try #require(priceOf[coin]),
          stated: Double(row[try book.index("liquidation_price")]),
          tiers: tiers
        )
      )
    }
    let collateral = try book.column("collateral_usd").map(number).reduce(0, +)
    #expect(try book.column("collateral_usd").filter { $0 != "0" }.count == 1)
    #expect(!book.columns.contains("max_leverage"), "every tier table stays in force")
    return (collateral, positions)
  }

  @Test(.enabled(if: whale != nil && tiers != nil, "there is no ../shared/data"))
  func importedAccountHasTheVenuesValueAndLiquidationPrices() throws {
    let (collateral, positions) = try importedWhale(Workdir(withBook: false))
    #expect(positions.count == 34)
    let gains = positions.map { $0.size * ($0.price - $0.entry) }
    let value = collateral + gains.reduce(0, +)
    #expect(abs(value - 12_985_854.2078639995) < 1e-6)
    // The venue's rule: account value = maintenance, all other positions at their marks.
    var count = 0
    for position in positions {
      guard let stated = position.stated else { continue }
      let others = positions.filter { $0.coin != position.coin }
      let fixed =
        collateral - position.size * position.entry
        + others.map { $0.size * ($0.price - $0.entry) - $0.maintenance($0.price) }.reduce(0, +)
      let roots = position.tiers.map { tier in
        -(fixed + tier.deduction) / (position.size - abs(position.size) * tier.rate)
      }
      let root = zip(roots, position.tiers.indices).first { root, index in
        let notional = abs(position.size) * root
        let upper = index + 1 < position.tiers.count ? position.tiers[index + 1].lower : .infinity
        return notional >= position.tiers[index].lower && notional < upper
      }?.0
      let found = try #require(root, "\(position.coin)")
      #expect(abs(found - stated) <= 1e-6 * stated, "\(position.coin): \(found), \(stated)")
      count += 1
    }
    #expect(count == 33)
  }

  // needs cross accounts
  @Test(.enabled(if: whale != nil && tiers != nil, "there is no ../shared/data"))
  func pricesOfAnImportedAccountAreTheVenues() throws {
    let place = try Workdir(withBook: false)
    _ = try importedWhale(place)
    let out = Rows(
      try place.run(["prices", "--book", "book.csv", "--prices", "prices.csv"]).text
    )
    let book = Rows(try place.text("book.csv"))
    let stated = Dictionary(
      uniqueKeysWithValues: try zip(book.column("asset"), book.column("liquidation_price"))
    )
    var count = 0
    for (coin, price) in try zip(out.column("asset"), out.column("liquidation_price")) {
      let text = try #require(stated[coin])
      #expect(text.isEmpty == price.isEmpty, "\(coin)")
      guard let wanted = Double(text) else { continue }
      #expect(abs(try number(price) - wanted) <= 1e-6 * wanted, "\(coin)")
      count += 1
    }
    #expect(count == 33)
  }

  @Test func foldersLinesAndPipesAreRead() throws {
    let place = try Workdir(withBook: false)
    let position = """
      {"position": {"coin": "SOL", "szi": "2", "entryPx": "100", "positionValue": "220", \
      "leverage": {"type": "cross", "value": 5}, "maxLeverage": 20, "liquidationPx": null}}
      """
    let state = """
      {"crossMarginSummary": {"accountValue": "120", "totalRawUsd": "-100"}, \
      "assetPositions": [\(position)]}
      """
    try place.shell("mkdir users")
    try place.write("users/0xb.json", state)
    try place.write("users/0xa.json", state)
    try place.write("users/notes.txt", "no JSON")
    try place.shell("gzip users/0xb.json")
    let outcome = try place.run(["import", "hyperliquid", "users", "--prices-out", "prices.csv"])
    #expect(
      outcome.text == """
        account,venue,asset,leg,quantity,entry_price,collateral_usd,margin_mode
        0xa,hyperliquid,SOL,perp,2,100,100,cross
        0xb,hyperliquid,SOL,perp,2,100,100,cross

        """
    )
    #expect(outcome.diagnostics == "breakwater: 2 rows, 2 accounts, 1 price\n")
    #expect(try place.text("prices.csv") == "asset,price\nSOL,110\n")
    let piped = try place.run(
      ["import", "hyperliquid", "-", "-q"],
      input: Data("{\"user\": \"0xa\", \"state\": \(state)}\n{\"0xb\": \(state)}".utf8)
    )
    #expect(piped.text == outcome.text)
    #expect(piped.diagnostics.isEmpty)
    try place.write("book.csv", outcome.output)
    let prices = Rows(
      try place.run(["prices", "--book", "book.csv", "--prices", "prices.csv"]).text
    )
    // 100 + 2 · (P − 100) = 0.025 · 2 · P
    let root = 100 / (2 - 2 * 0.025)
    for price in try prices.column("liquidation_price") {
      #expect(abs(try number(price) - root) < 1e-12 * root)
    }
    let missing = try place.run(["import", "hyperliquid", "none.json"], expecting: 66)
    #expect(missing.diagnostics.contains("none.json: no such file"))
  }

  // MARK: - Tables

  @Test(.enabled(if: aave != nil, "there is no ../shared/data"))
  func aaveHealthFactorsComeOut() throws {
    let place = try Workdir(withBook: false)
    let venues = try ImportTests.path("datasets/venues/aave_v2.toml")
    let table = try #require(ImportTests.aave)
    try place.run([
      "import", "table", table.path, "--mapping",
      try ImportTests.path("datasets/mappings/aave_v2.toml"), "--venues", venues, "-o", "book.csv",
      "--prices-out", "prices.csv", "-q",
    ])
    let outcome = try place.run([
      "prices", "--book", "book.csv", "--prices", "prices.csv", "--venues", venues,
    ])
    #expect(outcome.diagnostics.contains("1,305 at_risk, 0 unreachable, 4 liquidatable, 0 empty"))
    let source = Rows(try String(contentsOf: table, encoding: .utf8))
    let stated = Dictionary(
      uniqueKeysWithValues: try zip(source.column("user"), source.column("healthf").map(number))
    )
    let made = Rows(outcome.text)
    #expect(made.rows.count == stated.count)
    let accounts = try zip(made.column("account"), made.column("liquidation_price").map(number))
    for (account, price) in accounts {
      let factor = try #require(stated[account])
      #expect(abs(1 / price - factor) <= 1e-12 * factor, "\(account)")
    }
    let fallen = try zip(made.column("account"), made.column("status"))
      .filter { $1 == "liquidatable" }.map(\.0)
    #expect(Set(fallen) == Set(stated.filter { $0.value < 1 }.keys))
  }

  @Test(.enabled(if: stable != nil, "there is no ../shared/data"))
  func stableDebtsAddUpToTheAccounts() throws {
    let place = try Workdir(withBook: false)
    let table = try #require(ImportTests.stable)
    try place.run([
      "import", "table", table.path, "--mapping",
      try ImportTests.path("datasets/mappings/aave_v2_stable_debt.toml"), "--venues",
      try ImportTests.path("datasets/venues/aave_v2.toml"), "-o", "book.csv", "--prices-out",
      "prices.csv", "-q",
    ])
    let prices = Rows(try place.text("prices.csv"))
    var priceOf = Dictionary(
      uniqueKeysWithValues: try zip(prices.column("asset"), prices.column("price").map(number))
    )
    priceOf["ETH"] = 1
    let book = Rows(try place.text("book.csv"))
    var debts: [String: Double] = [:]
    for row in book.rows where row[try book.index("leg")] == "borrow" {
      let price = try #require(priceOf[row[try book.index("asset")]])
      debts[row[try book.index("account")], default: 0] +=
        price * (try number(row[try book.index("quantity")]))
    }
    let source = Rows(try String(contentsOf: table, encoding: .utf8))
    var close = 0
    for (user, debt) in try zip(source.column("user"), source.column("debt").map(number))
    where abs(debts[user, default: 0] - debt) <= 0.01 * debt { close += 1 }
    // The others owe assets that the table has no column for.
    #expect(source.rows.count == 700)
    #expect(close == 644)
  }

  @Test func makerVaultsFallAtTheirRatio() throws {
    let place = try Workdir(withBook: false)
    let venues = try ImportTests.path("datasets/venues/maker.toml")
    try place.write(
      "vaults.csv",
      """
      urn,ilk,ink,art,rate
      one,ETH-A,10000000000000000000,9000000000000000000000,1100000000000000000000000000
      two,WBTC-C,2500000000000000000,40000000000000000000000,1000000000000000000000000000
      """
    )
    try place.write("prices.csv", "asset,price\nETH,2000\nWBTC,60000\n")
    try place.run([
      "import", "table", "vaults.csv", "--mapping",
      try ImportTests.path("datasets/mappings/maker.toml"), "--venues", venues, "-o", "book.csv",
    ])
    let made = Rows(
      try place.run([
        "prices", "--book", "book.csv", "--prices", "prices.csv", "--venues", venues,
      ]).text
    )
    // unsafe below debt · mat / ink: 9900 · 1.45 / 10 and 40000 · 1.75 / 2.5
    let wanted = [9900 * 1.45 / 10, 40000 * 1.75 / 2.5]
    for (price, root) in zip(try made.column("liquidation_price").map(number), wanted) {
      #expect(abs(price - root) < 1e-12 * root)
    }
  }

  // MARK: - Venue files

  @Test func venueFilesOfTheDatasetsAreClean() throws {
    let place = try Workdir(withBook: false)
    for name in ["aave_v2", "maker"] {
      let outcome = try place.run([
        "venues", "check", try ImportTests.path("datasets/venues/\(name).toml"),
      ])
      #expect(outcome.text.hasPrefix(name + ": lending_ltv, "))
      #expect(outcome.text.split(separator: "\n").count == 1)
      #expect(outcome.diagnostics.isEmpty)
    }
  }

  @Test func venueProblemsAreLinesOrJSON() throws {
    let place = try Workdir(withBook: false)
    try place.write(
      "v.toml",
      "[venues.new]\nkind = \"event\"\npenalty = 2\n[venues.new.assets]\nX = { thresh = 1 }\n"
    )
    let lines = try place.run(["venues", "check", "v.toml"], expecting: 65)
    #expect(
      lines.text == """
        v.toml:3:11: venues.new.penalty: found 2, expected a number from 0 to 1
        v.toml:5:16: unknown key 'venues.new.assets.X.thresh'; known keys: \
        liquidation_threshold, resolves_at_ms, penalty

        """
    )
    #expect(lines.diagnostics == "breakwater: 2 problems in v.toml\n")
    let json = try place.run(["venues", "check", "--json", "v.toml"], expecting: 65)
    let object = try #require(
      try JSONSerialization.jsonObject(with: json.output) as? [String: [[String: Any]]]
    )
    #expect(object["problems"]?.map { $0["line"] as? Int } == [3, 5])
    #expect(object["venues"]?.isEmpty ?? false)
  }
}
