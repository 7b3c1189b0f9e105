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

  /// The example of Documentation/mechanisms/events-and-pegs.md, with the embedded venues.
  ///
  /// 10 JITOSOL of 1.21 · 150 USD against 1,200 USDC, threshold 0.75: the root is 1200 / 7.5 = 160
  /// USD, 11.85 % below 181.5.
  @Test(arguments: [("0.1", nil), ("0.13", "180000"), ("0.3", "120000")] as [(String, String?)])
  func aStakedTokenFallsWhereAPlainOneStands(_ depth: String, _ time: String?) throws {
    let place = try Workdir(withBook: false)
    try place.write(
      "loans.csv",
      """
      account,venue,asset,leg,quantity
      staked,kamino,JITOSOL,deposit,10
      staked,kamino,USDC,borrow,1200
      plain,kamino,SOL,deposit,12.1
      plain,kamino,USDC,borrow,1200

      """
    )
    try place.write("sol.csv", "asset,price\nSOL,150\n")
    try place.write("flat.csv", "timestamp_ms,SOL\n0,150\n60000,150\n120000,150\n180000,150\n")
    try place.write(
      "peg.toml",
      """
      [inputs]
      book = "loans.csv"
      prices = "sol.csv"
      paths = ["flat.csv"]
      [pegs]
      JITOSOL = { depth = \(depth), at_s = 60, fall_s = 120 }
      [grid]
      auction.kappa_bps_per_s = [5]
      [output]
      folder = "out"
      details = "all"

      """
    )
    let rows = try falls(place)
    #expect(rows.count == (time == nil ? 0 : 1))
    if let time { #expect(rows.first?.contains(",staked,kamino,JITOSOL,\(time),") == true) }
  }

  /// A break that can change nothing is said to.
  @Test func breaksWithoutEffectAreTold() throws {
    let unheld = try place("[pegs]\nJITOSOL = { depth = 0.3 }")
    let said = try unheld.run(["sweep", "peg.toml", "--report", "none"]).diagnostics
    #expect(
      said.contains("pegs.JITOSOL: no account of the book has it, so its break changes nothing")
    )
    let own = try place("[pegs]\nLST = { depth = 0.3 }")
    try own.write("flat.csv", "timestamp_ms,SOL,LST\n0,100,120\n60000,100,120\n")
    let told = try own.run(["sweep", "peg.toml", "--report", "none"]).diagnostics
    #expect(told.contains("flat.csv: has prices of LST of its own, so the break of pegs.LST is"))
    let held = try place("[pegs]\nLST = { depth = 0.3 }")
    let silent = try held.run(["sweep", "peg.toml", "--report", "none"]).diagnostics
    #expect(!silent.contains("pegs."))
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
