// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Markets
import Testing
import TextKit

@Suite struct BookGeneratorTests {
  private func accounts(_ count: Int, seed: UInt64 = 1) throws -> [[GeneratedLeg]] {
    var settings = BookGeneratorSettings()
    settings.seed = seed
    let generator = try GeneratorFixtures.book(settings)
    return try (0..<count).map { try generator.legs(ofAccount: $0) }
  }

  @Test func `a seed gives the same first rows on every machine`() throws {
    let rows = try accounts(6).flatMap { $0 }.map(GeneratorFixtures.text)
    #expect(
      rows == [
        "a1,hyperliquid,ETH,perp,2.3163,3985.27,1846.22,0,isolated,299999998",
        "a2,hyperliquid,BTC,perp,0.097241,99817,3235.43,1,isolated,299999914",
        "a3,drift,BTC,perp,-0.081303,99270.3,2690.32,0,cross,299999947",
        "a4,marginfi,SOL,deposit,215.82,,0,0,cross,299999812",
        "a4,marginfi,USDC,borrow,17424.81,,0,0,cross,299999812",
        "a5,hyperliquid,ETH,perp,14.21,3996.69,2853.92,0,cross,299999936",
        "a6,marginfi,SOL,deposit,62.947,,0,0,cross,299999982",
        "a6,marginfi,USDC,borrow,3389.53,,0,0,cross,299999982",
      ]
    )
  }

  @Test func `an account depends on its number, not on how many there are`() throws {
    var settings = BookGeneratorSettings()
    settings.accounts = 1
    let small = try GeneratorFixtures.book(settings)
    settings.accounts = 4_000_000
    let large = try GeneratorFixtures.book(settings)
    for index in [0, 17, 3_999_999] {
      #expect(try small.legs(ofAccount: index) == large.legs(ofAccount: index))
    }
  }

  @Test func `another seed gives another book`() throws {
    let differing = try zip(accounts(200), accounts(200, seed: 2)).filter { $0 != $1 }.count
    #expect(differing == 200)
  }

  @Test func `nobody is liquidatable, by the formulas of the venues`() throws {
    for legs in try accounts(20_000) {
      #expect(PlainHealth.health(of: legs) > 0, "\(legs.map(GeneratorFixtures.text))")
    }
  }

  @Test func `all shapes are one perp or a deposit against a borrow`() throws {
    for legs in try accounts(5_000) {
      #expect([[.perp], [.deposit, .borrow]].contains(legs.map(\.leg)))
      #expect(Set(legs.map(\.account)).count == 1 && Set(legs.map(\.venue)).count == 1)
      for leg in legs {
        #expect(leg.leg == .perp ? leg.quantity != 0 : leg.quantity > 0)
        #expect((leg.entryPrice != nil) == (leg.leg == .perp))
        let cents = leg.collateralUSD * 100
        #expect((cents - cents.rounded()).magnitude < 1e-4)
        #expect((299_999_700...300_000_000).contains(leg.observedSlot))
      }
    }
  }

  @Test func `sizes have the Pareto tail of the settings and keep to the cap`() throws {
    let settings = BookGeneratorSettings()
    let sizes = try accounts(20_000).map { PlainHealth.size(of: $0) }.sorted(by: >)
    // Quantities are rounded to five digits.
    #expect(sizes[0] <= settings.largestSizeUSD * 1.0001)
    #expect(sizes[sizes.count - 1] >= settings.smallestSizeUSD * 0.9999)
    // Counts above ten and a hundred times the smallest: n · x^(−exponent), within 5 sigma.
    for (multiple, share) in [(10.0, 0.019_936), (100, 0.000_381)] {
      let count = Double(sizes.count { $0 > multiple * settings.smallestSizeUSD })
      let expected = share * 20_000
      #expect((count - expected).magnitude < 5 * expected.squareRoot(), "\(multiple): \(count)")
    }
    // Heavy: the largest hundredth of the accounts holds over an eighth of everything.
    let total = sizes.reduce(0, +)
    #expect(sizes.prefix(200).reduce(0, +) > total / 8)
  }

  @Test func `leverages are the round numbers that people choose`() throws {
    var round = 0
    var perps = 0
    for leg in try accounts(5_000).flatMap({ $0 }) where leg.leg == .perp {
      guard let entry = leg.entryPrice else { continue }
      perps += 1
      let leverage = leg.quantity.magnitude * entry / leg.collateralUSD
      let isRound = [2, 3, 5, 10, 15, 20, 25, 40].contains {
        (leverage / $0 - 1).magnitude < 1e-4
      }
      if isRound { round += 1 }
    }
    // 15 % are odd, and some of those are whole by chance.
    #expect(Double(round) / Double(perps) > 0.83)
    #expect(Double(round) / Double(perps) < 0.93)
  }

  @Test func `shares come out as asked for`() throws {
    let book = try accounts(20_000)
    func isNear(_ count: Int, _ share: Double, of total: Int) -> Bool {
      let expected = share * Double(total)
      return (Double(count) - expected).magnitude < 5 * (expected * (1 - share)).squareRoot()
    }
    for (venue, share) in [("hyperliquid", 0.5), ("drift", 0.2), ("event", 0.05)] {
      #expect(isNear(book.count { $0[0].venue == venue }, share, of: book.count), "\(venue)")
    }
    #expect(isNear(book.count { $0[0].isProtected }, 0.15, of: book.count))
    let perps = book.filter { $0.count == 1 }
    #expect(isNear(perps.count { $0[0].quantity > 0 }, 0.62, of: perps.count))
    #expect(isNear(perps.count { $0[0].marginMode == .isolated }, 0.25, of: perps.count))
    let kamino = book.filter { $0[0].venue == "kamino" }
    let pairs = kamino.filter { !$0.contains { $0.asset == "USDC" } }
    #expect(isNear(pairs.count, 0.01, of: kamino.count))
  }

  @Test func `a book of one asset is at the venues that list it`() throws {
    let generator = try GeneratorFixtures.book(only: ["BTC"])
    let book = try (0..<500).map { try generator.legs(ofAccount: $0) }
    #expect(Set(book.map { $0[0].venue }) == ["hyperliquid", "drift"])
    #expect(book.allSatisfy { $0.count == 1 && $0[0].asset == "BTC" })
  }

  @Test func `wrong settings are refused by name`() throws {
    func message(_ change: (inout BookGeneratorSettings) -> Void) -> String? {
      var settings = BookGeneratorSettings()
      change(&settings)
      return #expect(throws: Failure.self) { _ = try GeneratorFixtures.book(settings) }?.message
    }
    #expect(message { $0.accounts = 0 }?.contains("accounts: found 0") == true)
    #expect(message { $0.longShare = 1.5 }?.contains("long_share: found 1.5") == true)
    #expect(message { $0.largestSizeUSD = 10 }?.contains("at least smallest_size_usd") == true)
    #expect(message { $0.leverages = [] }?.contains("expected a leverage") == true)
    let typo = message { $0.venueShares = [.init("hyperlikuid", 1)] }
    #expect(typo?.contains("did you mean 'hyperliquid'?") == true)
  }

  @Test func `prices that no venue has a market for are refused`() throws {
    let failure = #expect(throws: Failure.self) { _ = try GeneratorFixtures.book(only: []) }
    #expect(failure?.message.contains("none of the venues has a market") == true)
  }

  @Test func `an event that costs 1 or more is refused`() throws {
    let catalogue = try GeneratorFixtures.catalogue()
    var snapshot = PriceSnapshot(catalogue.assets)
    let event = try #require(catalogue.assets.index(of: "EVT"))
    snapshot.set(event, price: 1, confidence: 0)
    let failure = #expect(throws: Failure.self) {
      _ = try BookGenerator(
        BookGeneratorSettings(),
        catalogue: catalogue,
        snapshot: snapshot
      )
    }
    #expect(failure?.message.contains("expected one between 0 and 1") == true)
  }
}
