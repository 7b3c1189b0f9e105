// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Numerics
import Settings
import TestSupport
import Testing
import TextKit

/// The price clock and the first acceptance (DESIGN 8, SEMANTICS B16).
@Suite struct LotTests {
  func bidder(
    _ margin: Double,
    _ reaction: Double,
    bond: Double = 1_000_000
  ) throws -> Specialist {
    Specialist(margin: margin, bondLimit: try micro(bond), reactionSeconds: reaction)
  }

  /// Source: seed 4, `pi(tau) = max(pi_res, pi0 − kappa · tau)`; pi0 = 10 · 150,
  /// pi_res = 1100 + 20 + 15 + 65, kappa 5 USD/s; cases AUC-50 and AUC-52 of the venue cases.
  @Test(arguments: [
    (0.0, 1500.0), (60, 1200), (59, 1205), (61, 1200), (1e6, 1200), (0.5, 1497.5),
  ])
  func `the clock falls to the reserve and stays`(seconds: Double, price: Double) throws {
    let lot = try lot(
      quantity: 10,
      open: 1500,
      debt: 1100,
      interest: 20,
      fee: 15,
      buffer: 65,
      kappa: 5
    )
    #expect(lot.reserve == dollars(1200))
    #expect(lot.clock(at: seconds) == price)
    #expect(!lot.isUnderwater)
  }

  @Test func `a lot with reserve at or above open is under water`() throws {
    #expect(try lot(quantity: 1, open: 100, debt: 100, kappa: 1).isUnderwater)
    #expect(try !lot(quantity: 1, open: 100, debt: 99.999999, kappa: 1).isUnderwater)
  }

  /// The auction of the worked examples: 10 SOL, open 1495, reserve 1319.5, κ 0.7475 USD/s.
  @Test func `the worked example is accepted at its instant and price`() throws {
    let lot = try lot(
      quantity: 10,
      open: 1495,
      debt: 1300,
      fee: 13,
      buffer: 6.5,
      kappa: 1495 * 5.0 / 1e4
    )
    #expect(lot.reserve == 1_319_500_000)
    #expect(lot.kappaUSDPerSecond == 0.7475)
    #expect(try micro(lot.clock(at: 60)) == 1_450_150_000)
    let bidders = [try bidder(0.03, 30), try bidder(0.06, 15)]
    for (start, value) in [(30.0, 1448.18), (45, 1445.27), (60, 1442.36)] {
      let spot = 150 - 0.02 * start
      #expect(try micro(10 * spot * (1 - 0.03) - 1) == (try micro(value)))
    }
    for start in stride(from: 0.0, to: 60, by: 15) {
      let none = try lot.acceptance(
        within: (start, start + 15),
        spot: 150 - 0.02 * start,
        specialists: bidders,
        gas: dollars(1)
      )
      #expect(none == nil, "at \(start) s")
    }
    let taken = try #require(
      try lot.acceptance(
        within: (60, 75),
        spot: 150 - 0.02 * 60,
        specialists: bidders,
        gas: dollars(1)
      )
    )
    #expect(taken.seconds == 70.42140468227437)
    #expect(taken.price == 1_442_360_000)
    #expect(taken.winner == 1)
  }

  @Test func `a bid needs value, bond and time`() throws {
    let lot = try lot(quantity: 1, open: 1000, debt: 500, kappa: 10)
    func taken(
      _ bidder: Specialist,
      _ interval: (Double, Double)
    ) throws -> (seconds: Double, price: Micro, winner: Int)? {
      try lot.acceptance(within: interval, spot: 1000, specialists: [bidder], gas: 0)
    }
    // Value 900: met at 10 s, not a moment before.
    #expect(try taken(bidder(0.1, 0), (0, 10)) == nil)
    #expect(try taken(bidder(0.1, 0), (0, 11))?.seconds == 10)
    #expect(try taken(bidder(0.1, 0), (0, 11))?.price == dollars(900))
    // A late reaction pays the clock of that moment.
    #expect(try taken(bidder(0.1, 12.5), (0, 60))?.seconds == 12.5)
    #expect(try taken(bidder(0.1, 12.5), (0, 60))?.price == dollars(875))
    #expect(try taken(bidder(0.1, 12.5), (0, 12.5)) == nil)
    // The bond limits the price.
    #expect(try taken(bidder(0.1, 0, bond: 800), (0, 60))?.seconds == 20)
    #expect(try taken(bidder(0.1, 0, bond: 800), (0, 60))?.price == dollars(800))
    #expect(try taken(bidder(0.1, 0, bond: 499), (0, 600)) == nil)
    #expect(try taken(bidder(0.5, 0), (0, 600))?.seconds == 50)
    #expect(try taken(bidder(0.6, 0), (0, 600)) == nil)
  }

  @Test func `ties go to the higher value, then to the lower number`() throws {
    let lot = try lot(quantity: 1, open: 1000, debt: 500, kappa: 10)
    func winner(_ bidders: [Specialist]) throws -> Int? {
      try lot.acceptance(within: (20, 60), spot: 1000, specialists: bidders, gas: 0)?.winner
    }
    #expect(try winner([bidder(0.2, 0), bidder(0.1, 0)]) == 2)
    #expect(try winner([bidder(0.1, 0), bidder(0.1, 0)]) == 1)
    #expect(try winner([bidder(0.1, 30), bidder(0.2, 25)]) == 2)
    // Value counts, also where the bond is the limit.
    #expect(try winner([bidder(0.15, 0, bond: 800), bidder(0.1, 0, bond: 800)]) == 2)
  }

  /// One random case whose events all lie on a grid of 1/8 s: κ = 8 USD/s and whole USD.
  private struct Auction {
    var lot: Lot
    var bidders: [(value: Int, limit: Int, reaction: Double)]
    var specialists: [Specialist]
    var interval: (Double, Double)
    var gas: Int

    /// The first eighth of a second at which anyone accepts, by looking at all of them.
    var scanned: (seconds: Double, price: Int, winner: Int)? {
      for tick in Int(interval.0 * 8)..<Int(interval.1 * 8) {
        let seconds = Double(tick) / 8
        let clock = max(Int(lot.reserve / 1_000_000), Int(lot.open / 1_000_000) - tick)
        let able = bidders.indices.filter {
          bidders[$0].reaction <= seconds && bidders[$0].limit >= clock
        }
        let best = able.max {
          (bidders[$0].value, -$0) < (bidders[$1].value, -$1)
        }
        if let best { return (seconds, clock, best + 1) }
      }
      return nil
    }
  }

  private func random(_ dice: inout SplitMix64, _ template: Lot) throws -> Auction {
    var lot = template
    let open = dice.whole(500, 1100)
    lot.open = dollars(Int64(open))
    lot.debt = dollars(Int64(dice.whole(300, open - 1)))
    lot.kappaUSDPerSecond = 8
    let gas = dice.whole(0, 3)
    var bidders: [(value: Int, limit: Int, reaction: Double)] = []
    var specialists: [Specialist] = []
    for _ in 0..<dice.whole(0, 5) {
      let margin = dice.whole(0, 60) * 10
      let bond = dice.pick([10_000, 1000 - margin, dice.whole(200, 1000)])
      let reaction = Double(dice.whole(0, 300)) / 8
      let value = 1000 - margin - gas
      bidders.append((value, min(value, bond), reaction))
      specialists.append(
        Specialist(
          margin: Double(margin) / 1000,
          bondLimit: dollars(Int64(bond)),
          reactionSeconds: reaction
        )
      )
    }
    let start = Double(dice.whole(0, 400)) / 8
    let end = start + Double(dice.whole(1, 400)) / 8
    return Auction(
      lot: lot,
      bidders: bidders,
      specialists: specialists,
      interval: (start, end),
      gas: gas
    )
  }

  @Test(arguments: PropertySeeds.first(20))
  func `the acceptance is the first that a scan of all instants finds`(seed: UInt64) throws {
    var dice = SplitMix64(seed: seed)
    let template = try lot(quantity: 1, open: 1, debt: 0, kappa: 8)
    var accepted = 0
    for round in 0..<200 {
      let auction = try random(&dice, template)
      let found = try auction.lot.acceptance(
        within: auction.interval,
        spot: 1000,
        specialists: auction.specialists,
        gas: dollars(Int64(auction.gas))
      )
      let scanned = auction.scanned
      if scanned != nil { accepted += 1 }
      guard found?.seconds == scanned?.seconds, found?.winner == scanned?.winner,
        found?.price == scanned.map({ dollars(Int64($0.price)) })
      else {
        Issue.record(
          "round \(round): \(auction): found \(String(describing: found)), scan \(scanned as Any)"
        )
        return
      }
    }
    #expect(accepted > 50)
    #expect(accepted < 190)
  }

  @Test func `it does not matter where a step of constant price is cut`() throws {
    var dice = SplitMix64(seed: 7)
    let template = try lot(quantity: 3, open: 1, debt: 0, kappa: 1)
    var accepted = 0
    for _ in 0..<500 {
      var lot = template
      lot.open = try micro(dice.number(2500, 3500))
      lot.debt = try micro(dice.number(1500, 2500))
      lot.kappaUSDPerSecond = dice.number(0.5, 40)
      var bidders: [Specialist] = []
      for _ in 0..<4 { bidders.append(try bidder(dice.number(0, 0.3), dice.number(0, 60))) }
      let cut = dice.number(1, 99)
      let whole = try lot.acceptance(
        within: (0, 100),
        spot: 1000,
        specialists: bidders,
        gas: dollars(1)
      )
      let parts =
        try lot.acceptance(within: (0, cut), spot: 1000, specialists: bidders, gas: dollars(1))
        ?? lot.acceptance(within: (cut, 100), spot: 1000, specialists: bidders, gas: dollars(1))
      #expect(whole?.seconds == parts?.seconds)
      #expect(whole?.price == parts?.price)
      #expect(whole?.winner == parts?.winner)
      if whole != nil { accepted += 1 }
    }
    #expect(accepted > 100)
  }

  @Test func `specialists depend on seed, scenario and number, not on how many there are`()
    throws
  {
    func draw(_ count: Double, seed: UInt64 = 1, scenario: Int = 0) throws -> [Specialist] {
      let settings = try AuctionSettings(
        SettingsView(try worldSettings(["auction.specialists": count]), for: .auctions)
      )
      return try Specialist.draw(settings, seed: seed, scenario: scenario)
    }
    let ten = try draw(10)
    #expect(try draw(3) == Array(ten.prefix(3)))
    #expect(try draw(10, seed: 2) != ten)
    #expect(try draw(10, scenario: 1) != ten)
    #expect(try draw(0).isEmpty)
    for specialist in ten {
      #expect((0.01..<0.08).contains(specialist.margin))
      #expect((dollars(500_000)...dollars(5_000_000)).contains(specialist.bondLimit))
      #expect((2.0..<60).contains(specialist.reactionSeconds))
    }
    let draws = Philox(seed: 1, scenario: 0, stream: .specialists)
    let first = draws.uniforms(index: 1, block: 0)
    #expect(ten[0].margin == 0.01 + (0.08 - 0.01) * first.0)
    #expect(ten[0].bondLimit == (try micro((50_000 + 450_000 * first.1) * 10)))
    #expect(ten[0].reactionSeconds == 2 + 58 * draws.uniforms(index: 1, block: 1).0)
  }
}
