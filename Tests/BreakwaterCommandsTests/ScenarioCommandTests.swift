// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// `breakwater scenarios` as a user calls it.
struct ScenarioCommandTests {
  private static let book = ["scenarios", "--book", "book.csv", "--prices", "prices.csv"]

  private static func rows(_ text: String) -> [[Substring]] {
    text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
  }

  /// The prices of a scenario given as a prices file must find the same accounts liquidatable.
  @Test func scenariosAgreeWithPricesAtTheirPrices() throws {
    let place = try Workdir()
    let report = try place.run(
      ScenarioCommandTests.book + ["--grid", "SOL=-40:20:20%", "--grid", "BTC=-10:10:10", "-q"]
    )
    let rows = ScenarioCommandTests.rows(report.text)
    for sol in [-40, -20, 0, 20] {
      for btc in [-10, 0, 10] {
        try place.write(
          "moved.csv",
          """
          asset,price,confidence_usd,slot
          BTC,\(60_000 * (1 + Double(btc) / 100)),\(12 * (1 + Double(btc) / 100)),300000000
          ETH,3000,0.9,300000000
          SOL,\(150 * (1 + Double(sol) / 100)),\(0.06 * (1 + Double(sol) / 100)),299999990
          EVT,0.6,0.002,300000000

          """
        )
        let prices = try place.run(["prices", "--book", "book.csv", "--prices", "moved.csv", "-q"])
        // The one name with a comma; rows are split at commas here.
        let text = prices.text.replacingOccurrences(of: "\"lender, one\"", with: "lender one")
        var fallen: [String: Set<Substring>] = [:]
        for row in ScenarioCommandTests.rows(text).dropFirst() where row[4] == "liquidatable" {
          fallen[String(row[1] + "," + row[2]), default: []].insert(row[0])
        }
        let name = "SOL=\(sol)% BTC=\(btc)%"
        for row in rows where row[0] == name && !row[2].isEmpty {
          #expect(Int(row[3]) == fallen[String(row[1] + "," + row[2])]?.count ?? 0, "\(row)")
        }
      }
    }
  }

  @Test func totalsAreSumsAndComeFirst() throws {
    let place = try Workdir()
    let text = try place.run(
      ScenarioCommandTests.book + ["--grid", "SOL=-40:0:10", "-q", "--check"]
    ).text
    let rows = ScenarioCommandTests.rows(text)
    #expect(
      text.hasPrefix(
        "scenario,venue,asset,liquidatable_accounts,liquidatable_usd,shortfall_usd,bad_debt_usd\n"
      )
    )
    func micro(_ text: Substring) -> Int { Int(text.filter { $0 != "." }) ?? -1 }
    for total in rows.dropFirst() where total[2].isEmpty {
      let parts = rows.filter {
        $0[0] == total[0] && !$0[2].isEmpty && (total[1].isEmpty || $0[1] == total[1])
      }
      for column in 4...6 {
        #expect(micro(total[column]) == parts.reduce(0) { $0 + micro($1[column]) })
      }
    }
    let places = rows.dropFirst().filter { $0[0] == "SOL=-40%" }.map { $0[1] + "," + $0[2] }
    #expect(places.first == ",")
    #expect(places == places.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) })
    for (detail, levels) in [("venue", 2), ("total", 1)] {
      let less = try place.run(
        ScenarioCommandTests.book + ["--grid", "SOL=-40:0:10", "-q", "--by", detail]
      ).text
      let kept = rows.filter { $0[2].isEmpty && (levels == 2 || $0[1].isEmpty) || $0[2] == "asset" }
      #expect(ScenarioCommandTests.rows(less).dropFirst() == ArraySlice(kept.dropFirst()))
    }
  }

  @Test func threadsAndVectorInstructionsChangeNothing() throws {
    let place = try Workdir()
    let call = ScenarioCommandTests.book + ["--generate", "1500", "--seed", "7", "-q"]
    let first = try place.run(call + ["-j", "1"]).output
    for (threads, level) in [("3", "base"), ("2", "base")] {
      let other = try place.run(call + ["-j", threads], environment: ["BREAKWATER_ISA": level])
      #expect(other.output == first)
    }
    try place.run(call, environment: ["BREAKWATER_ISA": "v9"], expecting: 64)
  }

  @Test func accountsAndRiskAreWritten() throws {
    let place = try Workdir()
    try place.write("shocks.csv", "scenario,SOL,BTC\nmild,-0.01,\nharsh,-0.5,-0.3\nup,0.4,0.2\n")
    let call =
      ScenarioCommandTests.book + [
        "--shocks", "shocks.csv", "-o", "s.csv", "--accounts", "a.csv", "--risk", "r.csv",
        "--level", "0.5,0.99", "-q",
      ]
    try place.run(call)
    let accounts = ScenarioCommandTests.rows(try place.text("a.csv"))
    #expect(accounts[0] == ["account", "venue", "first_scenario", "falls"])
    #expect(accounts.dropFirst().allSatisfy { ($0[3] == "0") == $0[2].isEmpty })
    #expect(accounts.contains { $0[2] == "harsh" })
    let totals = ScenarioCommandTests.rows(try place.text("s.csv")).dropFirst()
      .filter { $0[1].isEmpty }
      .map { $0[4] }.sorted { (Double($0) ?? 0) < (Double($1) ?? 0) }
    let risk = ScenarioCommandTests.rows(try place.text("r.csv"))
    #expect(risk.count == 7)
    // Three scenarios: the median is the second, the worst one per cent is the third.
    #expect(risk[1][0] == "liquidatable_usd" && risk[1][1] == "0.5" && risk[1][2] == totals[1])
    #expect(risk[2][1] == "0.99" && risk[2][2] == totals[2] && risk[2][3] == totals[2])
  }

  @Test func drawsCanComeFromAPath() throws {
    let place = try Workdir()
    let call =
      ScenarioCommandTests.book + ["--generate", "200", "--horizon", "1h", "--by", "total"]
    let drawn = try place.run(call + ["--check"])
    #expect(drawn.diagnostics.contains("value_at_risk_usd"))
    var random = UInt64(1)
    var text = "timestamp_ms,BTC,ETH,SOL,EVT\n"
    for step in 0..<500 {
      var cells = [String(step * 60_000)]
      for price in [60_000, 3_000, 150, 0.5] {
        random = random &* 6_364_136_223_846_793_005 &+ 1
        cells.append(String(price * (1 + Double(random >> 50) / 16_384 * 0.01)))
      }
      text += cells.joined(separator: ",") + "\n"
    }
    try place.write("path.csv", text)
    let history = try place.run(call + ["--history", "path.csv", "--check"])
    #expect(history.output != drawn.output)
    #expect(ScenarioCommandTests.rows(history.text).count == 201)
  }

  /// Shocks, what is said of them.
  static let badShocks: [(text: String, said: String)] = [
    ("SOL\n-1\n", "s.csv:2: column 'SOL'"), ("SOL\nnan\n", "s.csv:2: column 'SOL'"),
    ("SOL\n0\nx\n", "s.csv:3: column 'SOL'"), ("NOPE\n0\n", "s.csv:1:"),
    ("scenario,SOL\na,0\na,0\n", "s.csv:3: column 'scenario'"), ("SOL\n", "no rows"),
    ("SOL\n1e300\n", "scenario 1"), ("SOL\n-0.9999999999999999999\n", "s.csv:2: column 'SOL'"),
  ]

  @Test(arguments: badShocks)
  func badShocksAreRefused(_ text: String, _ said: String) throws {
    let place = try Workdir()
    try place.write("s.csv", text)
    let outcome = try place.run(
      ScenarioCommandTests.book + ["--shocks", "s.csv", "-o", "out.csv"],
      expecting: 65
    )
    #expect(outcome.diagnostics.contains(said), "\(outcome.diagnostics)")
    #expect(!place.names.contains("out.csv"))
  }

  @Test(arguments: [
    [], ["--generate", "5", "--grid", "SOL=0:1:1"], ["--grid", "SOL=0:1"], ["--grid", "XYZ=0:1:1"],
    ["--grid", "SOL=0:1:1", "--correlation", "0.5"], ["--generate", "0"],
    ["--generate", "5", "--correlation", "1"], ["--generate", "5", "--horizon", "1w"],
    ["--generate", "5", "--level", "1"], ["--generate", "5", "--by", "leg"],
  ])
  func badCallsAreRefused(_ arguments: [String]) throws {
    try Workdir().run(ScenarioCommandTests.book + arguments, expecting: 64)
  }

  @Test func benchPrintsItsRate() throws {
    let place = try Workdir(withBook: false)
    let call = ["bench", "scenarios", "--accounts", "500", "--scenarios", "40", "--assets", "9"]
    let text = try place.run(call + ["--legs", "4", "--rounds", "1", "--data", "data"]).text
    #expect(text.contains("billion_account_scenarios_per_s "))
    #expect(try place.bytes("data/prices.npy").count == 128 + 9 * 40 * 8)
    try place.run(call + ["--legs", "10"], expecting: 64)
  }
}
