// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Liquidation
package import Markets
internal import Numerics
package import Tables
package import TextKit

/// `liquidation_prices.csv`: one row for each account and asset, in book order (DESIGN 9).
package enum PriceReport {
  private static let columns = [
    "account", "venue", "asset", "direction", "status", "liquidation_price", "distance_ratio",
    "notional_usd", "first_share", "penalty_usd",
  ]

  /// What a report shows beside the usual columns.
  package struct Form: Sendable {
    /// Both ends of the healthy prices.
    package var hasBoth: Bool
    /// A row for every rung, with its number, share and size.
    package var hasLadder: Bool

    package init(hasBoth: Bool = false, hasLadder: Bool = false) {
      self.hasBoth = hasBoth
      self.hasLadder = hasLadder
    }
  }

  /// Appends the header.
  package static func appendHeader(_ form: Form, to table: inout CSVBuilder) {
    table.row(
      columns + (form.hasBoth ? ["lower", "upper"] : [])
        + (form.hasLadder ? ["rung", "rung_share", "rung_usd"] : [])
    )
  }

  /// A compiled book with what a report needs to know of it.
  package struct Source: Sendable {
    package var book: Book
    package var catalogue: VenueCatalogue
    package var snapshot: PriceSnapshot
    package var compiled: AffineBook

    package init(
      book: Book,
      catalogue: VenueCatalogue,
      snapshot: PriceSnapshot,
      compiled: AffineBook
    ) {
      self.book = book
      self.catalogue = catalogue
      self.snapshot = snapshot
      self.compiled = compiled
    }
  }

  /// Appends some rows of a compiled book.
  ///
  /// `distance_ratio` is signed; `notional_usd` is the size at the liquidation price; `first_share`
  /// is what the first liquidation takes of it, `penalty_usd` what that costs. With the ladder,
  /// price, distance, notional and penalty are each rung's own.
  package static func append(
    _ range: Range<Int>,
    of source: Source,
    _ assessments: [Assessment],
    _ form: Form,
    to table: inout CSVBuilder
  ) throws(Failure) {
    let snapshot = source.snapshot
    let ladder = LadderSolver(
      source.book,
      source.catalogue,
      source.compiled,
      confidenceRatios: snapshot.confidenceRatios
    )
    for row in range {
      let assessment = assessments[row]
      let deposited = source.book.accounts[Int(source.compiled.account[row])].protection.deposited
      let rungs = ladder.rungs(
        of: row,
        assessment,
        deposited: deposited,
        prices: snapshot.prices,
        confidences: snapshot.confidences,
        atPresent: true
      )
      let ends =
        form.hasBoth
        ? source.compiled.interval(
          of: row,
          deposited: deposited,
          prices: snapshot.prices,
          confidences: snapshot.confidences
        ) : nil
      let shown = form.hasLadder ? rungs.count : 1
      for number in 0..<max(1, shown) {
        let rung = number < rungs.count ? rungs[number] : nil
        try append(row, of: source, assessment, rung, first: rungs.first, to: &table)
        if let ends {
          table.number(isPrice(ends.lower) ? ends.lower : nil)
          table.number(isPrice(ends.upper) ? ends.upper : nil)
        }
        if form.hasLadder, let rung {
          table.integer(number + 1)
          table.number(rung.share)
          let size = source.compiled.traded(row) * rung.price
          table.money(try micro(size * rung.share))
        } else if form.hasLadder {
          for _ in 0..<3 { table.empty() }
        }
        table.endRow()
      }
    }
  }

  private static func isPrice(_ root: Double) -> Bool { root > 0 && root < .infinity }

  private static func append(
    _ row: Int,
    of source: Source,
    _ assessment: Assessment,
    _ rung: Rung?,
    first: Rung?,
    to table: inout CSVBuilder
  ) throws(Failure) {
    let account = source.book.accounts[Int(source.compiled.account[row])]
    let asset = Int(source.compiled.asset[row])
    let price = rung?.price
    table.text(account.name)
    table.text(source.catalogue.venues[account.venue].name)
    table.text(source.catalogue.assets[asset].symbol)
    table.text(assessment.direction?.rawValue ?? "")
    table.text(assessment.status.rawValue)
    table.number(price)
    table.number(
      price.flatMap { price in
        assessment.direction.map {
          $0.distance(of: source.snapshot.prices[asset], from: price)
        }
      }
    )
    guard let rung, let first else {
      table.empty()
      table.empty()
      table.empty()
      return
    }
    let size = source.compiled.traded(row) * rung.price
    table.money(try micro(size))
    table.number(first.share)
    table.money(try share(rung.penalty, of: try micro(size * rung.share)))
  }
}
