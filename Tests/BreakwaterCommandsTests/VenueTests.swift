// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The venue file: what is printed can be given back, and a change of it changes results.
struct VenueTests {
  private static let book = ["--book", "book.csv", "--prices", "prices.csv"]

  @Test func printedVenuesGivenBackChangeNothing() throws {
    let place = try Workdir()
    try place.write("venues.toml", place.run(["venues"]).output)
    for command in ["prices", "clusters"] {
      let plain = try place.run([command] + VenueTests.book)
      let given = try place.run([command] + VenueTests.book + ["--venues", "venues.toml"])
      #expect(given.output == plain.output)
      #expect(given.diagnostics == plain.diagnostics)
    }
    try place.write(
      "spec.toml",
      place.text("spec.toml").replacingOccurrences(
        of: "[scenarios]",
        with: "venues = [\"venues.toml\"]\n[scenarios]"
      )
    )
    try place.run(["sweep", "spec.toml", "-q"])
    try Golden.expect(place.bytes("results/sweep.csv"), equals: "results/sweep.csv")
  }

  @Test func venueFileReplacesWhatItNames() throws {
    let place = try Workdir()
    try place.write(
      "venues.toml",
      "[venues.marginfi.assets]\nSOL = { asset_weight = 0.8, liability_weight = 1.1 }"
    )
    let plain = Rows(try place.run(["prices"] + VenueTests.book).text)
    let given = Rows(
      try place.run(["prices"] + VenueTests.book + ["--venues", "venues.toml"]).text
    )
    let changed = zip(plain.rows, given.rows).filter { $0 != $1 }
    #expect(changed.map { $0.0[0] } == ["lender, one"])
  }

  @Test(arguments: [
    (
      "[venues.hyperliquid]\nkind = \"perp_tierd\"\n",
      "venues.toml:2: venues.hyperliquid.kind: found the text 'perp_tierd', expected one of:"
        + " perp_tiered, perp_sized, lending_weighted, lending_ltv, lending_ticked, event; did you"
        + " mean 'perp_tiered'?"
    ),
    (
      "[assets]\nMSOL = { priced_from = \"SOL\", ratio = 0 }\n",
      "venues.toml:2: assets.MSOL.ratio: found 0, expected a number from 1e-09 to 1000000000"
    ),
    (
      "[venues.jupiter_lend.assets]\n"
        + "SOL = { liquidation_threshold = 0.8, supply_exchange_price = 0 }\n",
      "venues.toml:2: venues.jupiter_lend.assets.SOL.supply_exchange_price: found 0, expected a"
        + " number from 0.001 to 1000000"
    ),
    (
      "[venues.hyperliquid.assets]\nBTC = { max_leverage = 0 }\n",
      "venues.toml:2: venues.hyperliquid.assets.BTC.max_leverage: found 0, expected a number from"
        + " 0.5 to 1000"
    ),
  ])
  func wrongVenueFile(_ text: String, _ message: String) throws {
    let place = try Workdir()
    try place.write("venues.toml", text)
    let outcome = try place.run(
      ["prices"] + VenueTests.book + ["--venues", "venues.toml"],
      expecting: 65
    )
    #expect(outcome.diagnostics == "breakwater: \(message)\n")
  }

  @Test func doctorNamesLibrariesAndCores() throws {
    let text = try Workdir().run(["doctor"]).text
    for word in ["breakwater  ", "cores  ", "OpenBLAS", "zlib", "libsodium", "venues"] {
      #expect(text.contains("\n" + word), "\(word)")
    }
    #expect(text.hasPrefix("what"))
  }
}
