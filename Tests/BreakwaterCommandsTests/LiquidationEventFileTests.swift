// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The file of what the waterfall did and refused: there with a waterfall, and only then.
struct LiquidationEventFileTests {
  private static func venues(_ waterfall: String) -> String {
    """
    [assets]
    USDC = { quote = true }
    [venues.perps]
    kind = "perp_tiered"
    waterfall = "\(waterfall)"
    [venues.perps.assets]
    SOL = { maintenance_rate = 0.05 }

    """
  }

  /// The long owes 55 USD at 80; liquidators have no capital, and the short gains.
  private func place() throws -> Workdir {
    let place = try Workdir()
    try place.write(
      "two.csv",
      """
      account,venue,asset,leg,quantity,entry_price,collateral_usd
      long,perps,SOL,perp,10,100,145
      short,perps,SOL,perp,-25,100,500

      """
    )
    try place.write("sol.csv", "asset,price\nSOL,100\n")
    try place.write("fall.csv", "timestamp_ms,SOL\n0,100\n60000,86\n120000,80\n")
    try place.write(
      "fall.toml",
      """
      [inputs]
      book = "two.csv"
      prices = "sol.csv"
      venues = ["own.toml"]
      paths = ["fall.csv"]
      [settings]
      market.depth_usd_per_pct = 0
      backstop.capital_usd = 0
      protection.enabled = 0
      [grid]
      adl.acceptable_shortfall_usd = [0, 10]
      [output]
      folder = "out"
      details = "all"

      """
    )
    return place
  }

  @Test func `messages of seed 2 are in a file of their own`() throws {
    let place = try place()
    try place.write("own.toml", LiquidationEventFileTests.venues("full"))
    try place.run(["sweep", "fall.toml", "-q"])
    let lines = try place.text("out/liquidation_events.csv").split(separator: "\n")
    #expect(lines.first == "cell_id,scenario,time,event,venue,account,amount_usd,message")
    #expect(
      lines.contains {
        $0.hasSuffix(
          ",0,120000,adl_triggered,perps,,55.000000,"
            + "Auto-deleveragings triggered @@ [total_shortfall: 55.000000]"
        )
      }
    )
    #expect(
      lines.contains {
        $0.contains(",backstop_refused,perps,long,")
          && $0.hasSuffix(",Liquidator does not have enough margin available.")
      }
    )
    let manifest = try place.text("out/manifest.json")
    #expect(manifest.contains("\"liquidation_events.csv\""))
    #expect(manifest.contains("\"LiquidationEvent\""))
    let rows = lines.count - 1
    #expect(manifest.contains("\"rows\": \(rows)"))
    try place.run(["verify", "out"])
    let cell = "adl.acceptable_shortfall_usd=0"
    try place.run(["replay", "fall.toml", "-q", "-o", "one", "--cell", cell])
    #expect(try place.text("one/liquidation_events.csv").hasPrefix("cell_id,scenario,time,"))
  }

  @Test func `without a waterfall there is none, and an old one is removed`() throws {
    let place = try place()
    try place.write("own.toml", LiquidationEventFileTests.venues("full"))
    try place.run(["sweep", "fall.toml", "-q"])
    #expect(place.names.contains("out/liquidation_events.csv"))
    try place.write("own.toml", LiquidationEventFileTests.venues("mark"))
    try place.run(["sweep", "fall.toml", "-q", "--fresh"])
    #expect(!place.names.contains("out/liquidation_events.csv"))
    let manifest = try place.text("out/manifest.json")
    #expect(!manifest.contains("liquidation_events") && !manifest.contains("LiquidationEvent"))
    #expect(manifest.contains("\"liquidations.csv\""))
  }
}
