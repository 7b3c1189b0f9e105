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

  @Test(arguments: VenueCaseRows.all)
  func `a published amount comes out`(_ row: VenueCaseRow) throws {
    try row.check()
  }

  /// Rows of all kinds that are ours, also those that no table here holds.
  @Test(
    .enabled(
      if: VenueCaseFile.path != nil,
      "there is no ../shared/reference/venue_cases.csv beside the checkout"
    )
  )
  func `every row of the file of cases comes out, and the tables hold its numbers`() throws {
    let prices = Dictionary(
      VenueCaseTable.all.map { ($0.id, $0) },
      uniquingKeysWith: { first, _ in first }
    )
    let rows = Dictionary(
      VenueCaseRows.all.map { ($0.id, $0) },
      uniquingKeysWith: { first, _ in first }
    )
    var count = 0
    for columns in try VenueCaseFile.rows() {
      let row = try VenueCaseRow(columns)
      guard VenueCaseRow.kinds.contains(row.kind) else { continue }
      count += 1
      do {
        try row.check()
        if row.kind.hasSuffix("liquidation_price"),
          let published = try VenueCaseFile.venueCase(columns)
        {
          try published.check()
          if let same = prices[row.id] {
            #expect(
              same.expected == published.expected && same.tolerance == published.tolerance
            )
          }
        }
      } catch {
        Issue.record("\(row.id) \(row.kind) \(row.output): \(error)")
      }
      if let same = rows[row.id] {
        #expect(same.expected == row.expected && same.tolerance == row.tolerance, "\(row.id)")
        #expect(same.output == row.output && same.kind == row.kind, "\(row.id)")
      }
    }
    #expect(count > 50)
  }

  /// DRIFT-004, DRIFT-005 and DRIFT-009 as accounts of the book: the perp and the spot of one
  /// oracle make one row, whose root is the closed form before the SDK clamps it.
  @Test(arguments: [
    (5.0, 100.0, 2.0, 100.0, 76.335878), (-10.0, 0.0, 10.0, 60.0, 0.0),
    (-2.0, 0.0, 4.0, 100.0, 0.0),
  ])
  func `a perp with spot of the same oracle is one row`(
    _ base: Double,
    _ entry: Double,
    _ spot: Double,
    _ price: Double,
    _ expected: Double
  ) throws {
    let text = """
      [venues.v]
      kind = "perp_sized"
      [venues.v.assets]
      SOL = { maintenance_ratio = 0.05, asset_weight = 0.9, liability_weight = 1.1 }
      """
    var market = PlainMarket()
    market.prices = ["SOL": price]
    let account = PlainAccount(
      venue: "v",
      legs: [PlainLeg("SOL", .perp, base, entry: entry), PlainLeg("SOL", .deposit, spot)]
    )
    let made = try TestBook(text, market, [account])
    let book = try AffineBook(
      compiling: made.book,
      catalogue: made.catalogue,
      snapshot: made.snapshot
    )
    let interval = book.interval(
      of: 0,
      deposited: 0,
      prices: made.snapshot.prices,
      confidences: made.snapshot.confidences
    )
    let net = base - base.magnitude * 0.05 + spot * 0.9
    let root = base * entry / net
    #expect(book.rowCount == 1)
    #expect(((net > 0 ? interval.lower : interval.upper) - root).magnitude < 1e-9)
    if expected > 0 { #expect((root - expected).magnitude < 1e-6) }
  }

  @Test func `each of the five venues has cases`() {
    let prefixes = Set(VenueCaseTable.all.compactMap { $0.id.split(separator: "-").first })
    #expect(prefixes == ["DRIFT", "MFI", "KAM", "FLUID", "HL"])
    #expect(Set(VenueCaseRows.all.map(\.venue)).count == 15)
  }

  /// No row passes because nobody understood it.
  @Test func `a row of our kinds that no formula understands fails`() throws {
    for kind in VenueCaseRow.kinds {
      let row = VenueCaseRow("X-1", "nowhere", kind, "nothing", "1", "exact", "{}")
      var value: CaseValue??
      // Some kinds say what they miss.
      withKnownIssue(isIntermittent: true) { value = .some(try row.evaluate()) }
      #expect((value ?? nil) == nil, "\(kind)")
    }
    let row = VenueCaseRow("X-2", "nowhere", "funding", "nothing", "1", "exact", "{}")
    withKnownIssue { try row.check() }
  }
}
