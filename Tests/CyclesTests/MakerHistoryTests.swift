// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Foundation
import Numerics
import Tables
import Testing
import TextKit

/// Maker's ETH auctions of 12 March 2020 under a descending clock instead of the rising bids of
/// the day, on the same lots, the same oracle and the market's prices.
///
/// What a lot had to raise is not in the data: it is taken as `lot · oracle / 1.5 · 1.13`, a vault
/// at its liquidation ratio of 150 % with the penalty of 13 %. A lot counts as opened at its last
/// bid of the day, since the start of an auction is not there either.
@Suite struct MakerHistoryTests {
  struct Sale {
    var time: Int64
    var quantity: Double
    var oracle: Double
    var paid: Double
    var gas: Double
    var owed: Double { quantity * oracle / 1.5 * 1.13 }
  }

  static func file(_ name: String) -> String? {
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { root.deleteLastPathComponent() }
    let path = root.appendingPathComponent("../shared/data/" + name).path
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }

  static let sales = file("auctions/maker_eth_flip_auctions_2019-11_2020-03-12.csv.gz")
  static let prices = file("prices/santiment_ethusd_5m_2019-11_2020-03.csv.gz")
  /// 12 March 2020, 00:00 UTC.
  static let day: Int64 = 1_583_971_200_000

  static func read() throws -> [Sale] {
    var reader = try CSVReader(
      path: try #require(sales),
      required: [
        "last_bid_ts_ms", "lot", "best_price_ethdai", "lastbid_osm_price_ethusd",
        "san_price_daiusd", "lastbid_txCost_USD", "state",
      ]
    )
    var list: [Sale] = []
    while try reader.next() {
      guard try reader.text(6) == "CLOSED" else { continue }
      let time = try reader.integer(0)
      guard time >= day, time < day + 86_400_000 else { continue }
      let quantity = try reader.number(1)
      list.append(
        Sale(
          time: time,
          quantity: quantity,
          oracle: try reader.number(3),
          paid: quantity * (try reader.number(2)) * (try reader.number(4)),
          gas: try reader.number(5)
        )
      )
    }
    return list
  }

  static func market() throws -> [(time: Int64, price: Double)] {
    var reader = try CSVReader(path: try #require(prices), required: ["ts_ms", "eth_usd"])
    var list: [(time: Int64, price: Double)] = []
    while try reader.next() {
      let time = try reader.integer(0)
      if time >= day - 600_000, time < day + 2 * 86_400_000 {
        list.append((time, try reader.number(1)))
      }
    }
    return list
  }

  /// Who bids, and under which rule.
  struct Design {
    var name: String
    var rule: SellingRule
    var kappaBPSPerSecond: Double
    var duration: Double
    var specialists: [Specialist]
    /// Multiple of the day's own cost of a transaction.
    var gasMultiple: Double
  }

  struct Outcome {
    var raised = 0.0
    var owed = 0.0
    var value = 0.0
    var proceeds = 0.0
    var nothing = 0
    var unsold = 0
    var lots = 0
  }

  static func replay(
    _ design: Design,
    _ sales: [Sale],
    _ market: [(time: Int64, price: Double)],
    template: Lot
  ) throws -> Outcome {
    var outcome = Outcome()
    for sale in sales {
      var lot = template
      lot.rule = design.rule
      lot.openedAt = sale.time
      lot.quantity = sale.quantity
      lot.mark = sale.oracle
      lot.open = try micro(sale.quantity * sale.oracle * design.rule.startRatio)
      lot.debt = try micro(sale.owed)
      (lot.fee, lot.buffer, lot.interest) = (0, 0, 0)
      lot.kappaUSDPerSecond = usd(lot.open) * design.kappaBPSPerSecond / 1e4
      var step = (market.lastIndex { $0.time <= sale.time }) ?? 0
      let spot = market[step].price
      var paid: Micro?
      while paid == nil, step + 1 < market.count {
        let start = max(0, Double(market[step].time - sale.time) / 1000)
        let end = min(Double(market[step + 1].time - sale.time) / 1000, design.duration)
        if start >= end || lot.isUnderwater { break }
        try lot.restartIfDue(
          at: start,
          mark: market[step].price,
          kappaBPSPerSecond: design.kappaBPSPerSecond
        )
        paid = try lot.acceptance(
          within: (start, end),
          spot: market[step].price,
          specialists: design.specialists,
          gas: try micro(sale.gas * design.gasMultiple)
        )?.price
        step += 1
      }
      outcome.lots += 1
      outcome.owed += sale.owed
      outcome.value += sale.quantity * spot
      outcome.raised += min(usd(paid ?? 0), sale.owed)
      outcome.proceeds += usd(paid ?? 0)
      if paid == nil { outcome.unsold += 1 }
      if let paid, usd(paid) < 0.01 * sale.quantity * spot { outcome.nothing += 1 }
    }
    return outcome
  }

  static func bidders(
    margins: [Double],
    reactions: [Double],
    bond: Double
  ) throws -> [Specialist] {
    try zip(margins, reactions).map {
      Specialist(margin: $0, bondLimit: try micro(bond), reactionSeconds: $1)
    }
  }

  static func designs() throws -> [Design] {
    let calm = try bidders(
      margins: [0.01, 0.03, 0.05, 0.07],
      reactions: [5, 15, 30, 60],
      bond: 5e6
    )
    // Keepers that come after half an hour to three hours and ask for 20 to 50 %.
    let stuck = try bidders(margins: [0.2, 0.35, 0.5], reactions: [1800, 5400, 10_800], bond: 5e6)
    var stairs = SellingRule()
    (stairs.clock, stairs.cut, stairs.stepSeconds) = (.stairstep, 0.99, 90)
    (stairs.startRatio, stairs.hasFloor) = (1.1, false)
    (stairs.resetSeconds, stairs.resetShare) = (7200, 0.45)
    return [
      Design(
        name: "seed 4 clock, reserve",
        rule: SellingRule(),
        kappaBPSPerSecond: 5,
        duration: 600,
        specialists: calm,
        gasMultiple: 1
      ),
      Design(
        name: "Maker stairs",
        rule: stairs,
        kappaBPSPerSecond: 5,
        duration: 21_600,
        specialists: calm,
        gasMultiple: 1
      ),
      Design(
        name: "Maker stairs, stuck keepers",
        rule: stairs,
        kappaBPSPerSecond: 5,
        duration: 21_600,
        specialists: stuck,
        gasMultiple: 50
      ),
    ]
  }

  @Test(
    .enabled(
      if: sales != nil && prices != nil,
      "there is no ../shared/data with Maker's auctions beside the checkout"
    )
  )
  func `a descending clock leaves no zero bids on 12 March 2020`() throws {
    let sales = try Self.read()
    let market = try Self.market()
    #expect(sales.count > 2000)
    var day = Outcome()
    for sale in sales {
      let step = (market.lastIndex { $0.time <= sale.time }) ?? 0
      day.lots += 1
      day.owed += sale.owed
      day.value += sale.quantity * market[step].price
      day.raised += min(sale.paid, sale.owed)
      day.proceeds += sale.paid
      if sale.paid < 0.01 * sale.quantity * market[step].price { day.nothing += 1 }
    }
    print(Self.line("English auctions of the day", day))
    #expect(day.nothing > 900)
    let template = try lot(quantity: 1, open: 1, debt: 0, kappa: 1)
    for design in try Self.designs() {
      let found = try Self.replay(design, sales, market, template: template)
      print(Self.line(design.name, found))
      // Nobody pays less than the lowest value anyone has of it, so no lot goes for nothing.
      #expect(found.nothing == 0)
      #expect(found.proceeds <= found.value * 1.2)
      if design.rule.hasFloor { continue }
      #expect(found.raised / found.owed > day.raised / day.owed)
    }
  }

  static func line(_ name: String, _ outcome: Outcome) -> String {
    func percent(_ a: Double, _ b: Double) -> String {
      String(format: "%.1f %%", 100 * a / b)
    }
    return "12 March 2020, \(name): \(outcome.lots) lots, recovery"
      + " \(percent(outcome.raised, outcome.owed)), paid"
      + " \(percent(outcome.proceeds, outcome.value)) of the market's value, zero bids"
      + " \(percent(Double(outcome.nothing), Double(outcome.lots))), unsold"
      + " \(percent(Double(outcome.unsold), Double(outcome.lots)))"
  }
}
