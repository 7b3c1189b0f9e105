// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Liquidation
import Markets
import TestSupport
import Testing
import TextKit

@Suite struct VenueCaseTests {
  @Test(arguments: VenueCaseTable.all)
  func `a published liquidation price comes out`(_ published: VenueCase) throws {
    try published.check()
  }

  @Test(
    .enabled(
      if: VenueCaseFile.path != nil,
      "there is no ../shared/reference/venue_cases.csv beside the checkout"
    )
  )
  func `every price of the file of cases comes out, and the table holds them all`() throws {
    let inlined = Set(VenueCaseTable.all.map(\.id))
    var seen: Set<String> = []
    var refused: [String] = []
    for row in try VenueCaseFile.rows() {
      guard row["kind"]?.hasSuffix("liquidation_price") == true, let id = row["case_id"] else {
        continue
      }
      guard let published = try VenueCaseFile.venueCase(row) else {
        refused.append(id)
        continue
      }
      try published.check()
      seen.insert(id)
      let same = VenueCaseTable.all.first { $0.id == id }
      #expect(same?.expected == published.expected && same?.tolerance == published.tolerance)
    }
    #expect(seen == inlined)
    #expect(refused == ["DRIFT-005"])
  }

  /// DRIFT-005: a short perp hedged by spot of the same oracle.
  @Test func `the published case of a hedged cross account is refused, not answered`() {
    let text = """
      [venues.v]
      kind = "perp_sized"
      [venues.v.assets]
      SOL = { maintenance_ratio = 0.05, asset_weight = 0.9, liability_weight = 1.1 }
      """
    var market = PlainMarket()
    market.prices = ["SOL": 60]
    let account = PlainAccount(
      venue: "v",
      legs: [PlainLeg("SOL", .perp, -10), PlainLeg("SOL", .deposit, 10)]
    )
    #expect {
      let made = try TestBook(text, market, [account])
      _ = try AffineBook(
        compiling: made.book,
        catalogue: made.catalogue,
        snapshot: made.snapshot
      )
    } throws: { error in
      (error as? Failure)?.message.contains("cross accounts of many legs are not supported") == true
    }
  }

  @Test func `each of the five venues has cases`() {
    let prefixes = Set(VenueCaseTable.all.compactMap { $0.id.split(separator: "-").first })
    #expect(prefixes == ["DRIFT", "MFI", "KAM", "FLUID", "HL"])
  }
}
