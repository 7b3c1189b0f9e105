// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Pegs that break in a sweep, and who holds whose tokens.
struct PegSweepTests {
  private static let venues = """
    [assets]
    USDC = { quote = true }
    LST = { priced_from = "SOL", ratio = 1.2, issuer = "pool" }
    [venues.loans]
    kind = "lending_ltv"
    [venues.loans.assets]
    SOL = { liquidation_threshold = 0.8, borrow_factor = 1 }
    LST = { liquidation_threshold = 0.8, borrow_factor = 1 }
    USDC = { liquidation_threshold = 0.9, borrow_factor = 1 }

    """

  private func place(_ further: String) throws -> Workdir {
    let place = try Workdir()
    try place.write("own.toml", PegSweepTests.venues)
    // 10 LST at 120 USD against 9 SOL: 960 of 900 USD; a fall of the peg by 6.25 % is enough.
    try place.write(
      "loans.csv",
      """
      account,venue,asset,leg,quantity
      a,loans,LST,deposit,10
      a,loans,SOL,borrow,9
      b,loans,SOL,deposit,10
      b,loans,USDC,borrow,100

      """
    )
    try place.write("sol.csv", "asset,price\nSOL,100\n")
    try place.write("flat.csv", "timestamp_ms,SOL\n0,100\n60000,100\n120000,100\n180000,100\n")
    try place.write(
      "peg.toml",
      """
      [inputs]
      book = "loans.csv"
      prices = "sol.csv"
      venues = ["own.toml"]
      paths = ["flat.csv"]
      [grid]
      auction.kappa_bps_per_s = [5, 10]
      \(further)
      [output]
      folder = "out"
      details = "all"

      """
    )
    return place
  }

  private func falls(_ place: Workdir) throws -> [Substring] {
    _ = try place.run(["sweep", "peg.toml", "-q"])
    return try place.text("out/liquidations.csv").split(separator: "\n").dropFirst().map { $0 }
  }

  @Test func nobodyFallsWhileThePegHolds() throws {
    #expect(try falls(place("")).isEmpty)
    #expect(try falls(place("[pegs]\nLST = {}")).isEmpty)
    #expect(try falls(place("[pegs]\nLST = { depth = 0.06, at_s = 30, fall_s = 60 }")).isEmpty)
  }

  @Test func aBrokenPegClosesWhoBorrowedAgainstIt() throws {
    let place = try place("[pegs]\nLST = { depth = 0.1, at_s = 30, fall_s = 60 }")
    let rows = try falls(place)
    // Both cells: the account that has LST, when 10 % are lost.
    #expect(rows.count == 2)
    #expect(rows.allSatisfy { $0.contains(",a,loans,LST,120000,") })
    _ = try place.run(["verify", "out", "-q"])
  }

  @Test func unknownPegsAreRefused() throws {
    let place = try place("[pegs]\nSOL = { depth = 0.1 }")
    let outcome = try place.run(["sweep", "peg.toml", "-q"], expecting: 65)
    #expect(outcome.diagnostics.contains("expected an asset that the venues price from another"))
  }

  @Test func exposureNamesIssuers() throws {
    let place = try place("")
    _ = try place.run([
      "scenarios", "--book", "loans.csv", "--prices", "sol.csv", "--venues", "own.toml", "--grid",
      "SOL=-10:10:10", "--exposure", "exposure.csv", "-q",
    ])
    // 1,200 of 2,200 USD.
    #expect(
      try place.text("exposure.csv") == """
        venue,issuer,asset,deposits_usd,borrows_usd,share_of_deposits
        loans,pool,LST,1200.000000,0.000000,0.5454545454545454

        """
    )
  }
}
