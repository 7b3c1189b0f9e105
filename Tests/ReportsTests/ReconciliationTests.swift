// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Inputs
import Liquidation
import Markets
import Numerics
import Reports
import Tables
import TestSupport
import Testing

/// Our prices beside the venues' own, against a plain calculation over all rows.
@Suite struct ReconciliationTests {
  /// Edges of 50 bps by repeated multiplication: good enough for prices that lie inside a bin.
  private func bin(_ price: Double) -> Int {
    var bin = 0
    var edge = 1.0
    while edge * 1.005 <= price { (edge, bin) = (edge * 1.005, bin + 1) }
    while edge > price { (edge, bin) = (edge / 1.005, bin - 1) }
    return bin
  }

  @Test(arguments: PropertySeeds.first(10)) func `sums are those of a list`(seed: UInt64) {
    var dice = SplitMix64(seed: seed)
    var result = Reconciliation(worst: 7)
    var differences: [Double] = []
    var worst: [(Double, String)] = []
    var (mine, theirs, other) = (0, 0, 0)
    var (all, elsewhere): (Int, Int) = (0, 0)
    for row in 0..<1000 {
      let stated = dice.number(0.5, 200)
      let ours = stated * (1 + dice.pick([1, -1]) * dice.magnitude(-9, 0) / 10)
      let hasOurs = !dice.once(in: 9)
      let hasTheirs = !dice.once(in: 9)
      let notional = Int64(dice.whole(0, 1_000_000_000))
      result.add(
        Reconciliation.Row(
          account: "\(row)",
          venue: "v",
          asset: "SOL",
          ours: hasOurs ? ours : nil,
          theirs: hasTheirs ? stated : nil,
          notional: notional
        )
      )
      guard hasOurs && hasTheirs else {
        if hasOurs { mine += 1 }
        if hasTheirs { theirs += 1 }
        continue
      }
      let difference = (ours / stated - 1) * 1e4
      differences.append(difference.magnitude)
      worst.append((difference.magnitude, "\(row)"))
      all += Int(notional)
      if bin(ours) != bin(stated) {
        other += 1
        elsewhere += Int(notional)
      }
    }
    let sums = result.sums["v"] ?? Reconciliation.Sums()
    #expect(result.sums.count == 1)
    #expect([sums.compared, sums.oursOnly, sums.theirsOnly] == [differences.count, mine, theirs])
    #expect(
      sums.within == [0.01, 1, 10, 50].map { limit in differences.count { $0 <= limit } }
    )
    #expect(sums.otherBin == other)
    #expect(sums.notional == Int128(all))
    #expect(sums.notionalInOtherBin == Int128(elsewhere))
    differences.sort()
    // The two ways of writing the difference agree to about 1e-11 bps.
    for (share, rank) in [(0.5, 0.5), (0.9, 0.9), (0.99, 0.99), (1, 1)] {
      let exact = differences[max(0, Int((Double(differences.count) * rank).rounded(.up)) - 1)]
      let found = sums.quantile(share) ?? -1
      #expect(found <= exact + 1e-10 && found >= exact * (1 - 1.0 / 4096) - 1e-10)
    }
    #expect((sums.largest - (differences.last ?? 0)).magnitude < 1e-10)
    worst.sort { $0.0 > $1.0 }
    #expect(result.worst.map(\.account) == worst.prefix(7).map(\.1))
  }

  @Test func `rows without any price are passed over, and nothing gives nothing`() {
    var result = Reconciliation(worst: 0)
    result.add(
      Reconciliation.Row(account: "", venue: "v", asset: "A", ours: nil, theirs: nil, notional: 0)
    )
    #expect(result.sums.isEmpty)
    #expect(Reconciliation.Sums().quantile(0.5) == nil)
  }

  /// A long at 5 % maintenance is liquidated at (100 − 10) / 0.95; the last account is a deposit of
  /// an asset that is worth 1.25 of the other, whose stated price is in its own terms.
  @Test func `a book is compared row by row`() throws {
    let folder = WorldFolder()
    let catalogue = try WorldVenues.catalogue()
    let book = try BookFile.read(
      folder.file(
        "book.csv",
        """
        account,venue,asset,leg,quantity,entry_price,collateral_usd,liquidation_price
        a,perps,SOL,perp,1,100,10,94.7
        b,perps,SOL,perp,1,100,10,0
        c,perps,SOL,perp,1,10,10,5
        d,perps,SOL,perp,1,100,10,
        e,loans,STSOL,deposit,10,,,80
        e,loans,USDC,borrow,800,,,
        """
      ),
      catalogue: catalogue
    ).book
    var snapshot = PriceSnapshot(catalogue.assets)
    for index in 0..<catalogue.assets.count { snapshot.set(index, price: 100, confidence: 0) }
    let compiled = try AffineBook(compiling: book, catalogue: catalogue, snapshot: snapshot)
    let assessments = try IsolatedKernel.solve(
      compiled,
      deposited: Array(repeating: 0, count: book.accounts.count),
      snapshot: snapshot,
      threads: 1
    )
    let source = PriceReport.Source(
      book: book,
      catalogue: catalogue,
      snapshot: snapshot,
      compiled: compiled
    )
    var table = CSVBuilder()
    Reconciliation.appendHeader(to: &table)
    var sums = Reconciliation()
    try Reconciliation.eachRow(of: source, assessments) { row in
      sums.add(row)
      Reconciliation.append(row, to: &table)
    }
    let text = String(decoding: table.bytes, as: UTF8.self).split(separator: "\n")
    #expect(
      text.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        .map { Array($0[...4]) } == [
          ["account", "venue", "asset", "ours", "theirs"],
          ["a", "perps", "SOL", "94.73684210526316", "94.7"],
          ["b", "perps", "SOL", "94.73684210526316", ""],
          ["c", "perps", "SOL", "", "5"],
          ["d", "perps", "SOL", "94.73684210526316", ""],
          ["e", "loans", "SOL", "80", "64"],
        ]
    )
    #expect(text[1].hasSuffix(",912,912"))
    #expect(sums.sums["perps"]?.compared == 1)
    #expect(sums.sums["perps"]?.oursOnly == 2)
    #expect(sums.sums["perps"]?.theirsOnly == 1)
    #expect(sums.sums["loans"]?.otherBin == 1)
    #expect(sums.worst.map(\.account) == ["e", "a"])
  }
}
