// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The fall of bitcoin on 12 and 13 March 2020 with a synthetic book, as in
/// `Documentation/history.md`.
struct HistoryTests {
  @Test(.enabled(if: OutsideTests.bars != nil, "there is no ../shared/data beside the repository"))
  func cascadesOfMarch2020() throws {
    let place = try Workdir(withBook: false)
    try OutsideTests.writeBars(days: 2, in: place)
    try place.run([
      "generate", "book", "--accounts", "4000", "--price", "BTC=7900", "--seed", "2020",
      "--protected-share", "0", "-q", "-o", "book.csv", "--write-prices", "prices.csv",
    ])
    func rows(_ mode: String) throws -> Rows {
      try place.write(
        "\(mode).toml",
        """
        [inputs]
        book = "book.csv"
        prices = "prices.csv"
        paths = ["bars.csv"]
        bar_stamp = "end"
        [settings]
        simulation.mode = "\(mode)"
        protection.enabled = 0
        clusters.min_confidence = 30
        [grid]
        market.depth_usd_per_pct = [200_000, 800_000, 64_000_000]
        [output]
        folder = "\(mode)"
        details = "none"
        """
      )
      try place.run(["sweep", "\(mode).toml", "-q", "--report", "none"])
      return Rows(try place.text("\(mode)/sweep.csv"))
    }
    func numbers(_ rows: Rows, _ column: String) throws -> [Double] {
      try rows.column(column).map { Double($0) ?? .nan }
    }
    let (replay, cascade) = (try rows("replay"), try rows("cascade"))
    let given = try numbers(replay, "system_liquidations")
    #expect(Set(given).count == 1, "given prices know no depth")
    #expect(given[0] > 1_000, "half of the price fell within two days")
    let moved = try numbers(cascade, "system_liquidations")
    let multipliers = try numbers(cascade, "system_cascade_multiplier")
    // Thin markets drag more along; deep ones do not notice.
    #expect(moved[0] > 1.1 * given[0])
    #expect(multipliers[0] > 1.1)
    #expect(multipliers[2] < 1.01)
    #expect(abs(moved[2] / given[2] - 1) < 0.01)
    for rows in [replay, cascade] {
      #expect(try numbers(rows, "ledger_imbalance_usd") == [0, 0, 0])
    }
  }
}
