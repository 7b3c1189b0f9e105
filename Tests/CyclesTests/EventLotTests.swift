// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Foundation
import Markets
import Numerics
import Settings
import TestSupport
import Testing
import TextKit

/// Lots of event collateral: a market that thins towards the resolution, specialists who err, and
/// bonds that bids need (seed 4, "Why keeper liquidation fails here").
@Suite struct EventLotTests {
  func terms(
    _ resolvesAt: Int64?,
    _ change: (inout EventSettings) -> Void
  ) -> EventTerms {
    var settings = EventSettings()
    change(&settings)
    return EventTerms(settings, resolvesAt: resolvesAt)
  }

  @Test func `depth falls over the time before the resolution`() {
    let event = terms(1_000_000) { ($0.thinning, $0.leastDepth) = (400_000, 0.1) }
    #expect([0, 600_000, 800_000, 900_000, 999_999].map(event.depth) == [1, 1, 0.5, 0.25, 0.1])
    #expect(event.depth(at: 1_000_000) == 1)
    #expect(event.thinned(0.2, at: 800_000) == 0.4)
    #expect(event.thinned(0.2, at: 999_000) == 1)
    #expect(terms(nil) { $0.thinning = 400_000 }.depth(at: 999_999) == 1)
    #expect(terms(1_000_000) { _ in }.depth(at: 999_999) == 1)
  }

  @Test func `a specialist sees a price within 0 and 1, and the outcome itself`() {
    let event = terms(1000) { $0.mispricing = 0.2 }
    #expect(event.seen(0.5, error: 1, at: 0) == 0.7)
    #expect(event.seen(0.5, error: -4, at: 0) == 0)
    #expect(event.seen(0.95, error: 4, at: 0) == 1)
    #expect(event.seen(0.95, error: 4, at: 1000) == 0.95)
    #expect(terms(nil) { _ in }.seen(0.5, error: 9, at: 0) == 0.5)
  }

  let kit: WorldBook

  init() throws {
    kit = WorldBook(
      try WorldVenues.catalogue(
        WorldVenues.text.replacingOccurrences(
          of: "EVT = { liquidation_threshold = 0.8 }",
          with: "EVT = { liquidation_threshold = 0.8, resolves_at_ms = 1000000 }"
        )
      )
    )
  }

  /// The auction of 10,000 shares at 0.6 USD against 5,000 USDC, which fall at once.
  ///
  /// 4,800 < 5,000; open 6,000, reserve 5,000, κ 3 USD/s; steps at 400 s, 460 s, …
  func auction(
    _ changes: [String: Double],
    margin: Double = 0.02,
    prices: [Double?] = Array(repeating: 0.6, count: 12)
  ) throws -> AuctionRecord {
    let account = try kit.loan(
      "a",
      deposit: ("EVT", 10_000),
      borrow: ("USDC", 5000),
      venue: "event"
    )
    let path = try kit.path(
      seconds: prices.indices.map { Double($0) * 60 + 400 },
      [("EVT", prices)]
    )
    let (result, log) = try run(
      kit,
      [account],
      path,
      AuctionWorldTests.one(margin: margin, reaction: 0).with([
        "auction.fee_bps": 0, "auction.buffer_bps": 0, "auction.gas_usd": 0,
      ]).with(changes)
    )
    #expect(result.ledgerImbalance == 0)
    return try #require(log.auctions.first)
  }

  @Test func `a thin market asks for more`() throws {
    // A value of 5,880 meets the clock after 40 s.
    #expect(try auction([:]).price == dollars(5880))
    #expect(try auction([:]).closedAt == 440_000)
    // Thinning over 1,200 s: at 400 s half is left and the value is 5,760, which the clock does
    // not meet before 460 s; then 0.45 are left, 2 % become 4.44 %.
    let thin = try auction(["event.thinning_s": 1200])
    #expect(thin.outcome == .accepted && thin.price == 5_733_333_333)
    // The backstop's market pays less too: 20 % become 40 % at half the depth.
    let none: [String: Double] = [
      "auction.specialists": 0, "auction.backstop_capacity_usd": 0, "auction.duration_s": 480,
    ]
    #expect(try auction(none).price == dollars(4800))
    let half: [String: Double] = ["event.thinning_s": 1200, "event.least_depth": 0.5]
    #expect(try auction(none.with(half)).price == dollars(3600))
  }

  @Test func `bonds decide who may bid`() throws {
    let bond: [String: Double] = ["auction.bond_min_usd": 1000, "auction.bond_max_usd": 1000]
    #expect(try auction(bond.with(["event.bond_ratio": 0.16])).outcome == .accepted)
    #expect(try auction(bond.with(["event.bond_ratio": 0.17])).outcome == .backstop)
  }

  @Test func `an error moves what is paid, the same for the same seed`() throws {
    let err: [String: Double] = ["event.mispricing_sd": 0.05]
    let once = try auction(err)
    #expect(once == (try auction(err)))
    #expect(once.price != dollars(5880) || once.outcome != .accepted)
  }

  @Test func `a path ends at the drawn outcome`() throws {
    var settings = ScenarioSettings()
    (settings.horizonSeconds, settings.stepSeconds) = (100, 10)
    settings.startMilliseconds = 950_000
    var snapshot = PriceSnapshot(kit.catalogue.assets)
    let asset = try kit.asset("EVT")
    snapshot.set(asset, price: 0.6, confidence: 0)
    let generator = try PathGenerator(
      settings,
      catalogue: kit.catalogue,
      snapshot: snapshot,
      assets: [asset]
    )
    var ones = 0
    for scenario in 0..<400 {
      let path = try generator.path(scenario: scenario)
      let last = path.value(step: 10, column: 0)
      #expect(last == 0.999999 || last == 1e-6)
      #expect((0.1...0.95).contains(path.value(step: 4, column: 0)))
      #expect((5...10).allSatisfy { path.value(step: $0, column: 0) == last })
      if last > 0.5 { ones += 1 }
    }
    // 240 of 400 with a deviation of 10.
    #expect((200...280).contains(ones))
  }
}
