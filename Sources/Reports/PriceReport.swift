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

  /// Appends the header.
  package static func appendHeader(to table: inout CSVBuilder) { table.row(columns) }

  /// Appends the rows of some rows of a compiled book.
  ///
  /// `distance_ratio` is signed; `notional_usd` is the size at the liquidation price.
  package static func append(
    _ range: Range<Int>,
    of compiled: AffineBook,
    _ assessments: [Assessment],
    book: Book,
    catalogue: VenueCatalogue,
    snapshot: PriceSnapshot,
    to table: inout CSVBuilder
  ) throws(Failure) {
    for row in range {
      let account = book.accounts[Int(compiled.account[row])]
      let venue = catalogue.venues[account.venue]
      let asset = Int(compiled.asset[row])
      let assessment = assessments[row]
      table.text(account.name)
      table.text(venue.name)
      table.text(catalogue.assets[asset].symbol)
      table.text(assessment.direction?.rawValue ?? "")
      table.text(assessment.status.rawValue)
      table.number(assessment.price)
      table.number(assessment.distance(at: snapshot.prices[asset]))
      if let root = assessment.price {
        let notional = try micro(compiled.quantity[row].magnitude * root)
        table.money(notional)
        table.number(venue.closeFactor)
        table.money(try share(venue.penalty(of: account), of: notional))
      } else {
        table.empty()
        table.empty()
        table.empty()
      }
      table.endRow()
    }
  }
}
