// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Cycles
package import Markets
internal import Numerics
package import Tables
package import TextKit

/// `exposure.csv`: what each venue holds of tokens that another protocol stands for (seed 3,
/// "Inter-Protocol Solvency Checks").
package enum ExposureReport {
  private struct Sum {
    var deposits: Int128 = 0
    var borrows: Int128 = 0
  }

  /// Sums of every venue and every asset with an issuer, by venue and symbol.
  ///
  /// `share_of_deposits` is of all deposits of the venue, quote currencies too; empty for 0/0.
  /// - Throws: a data failure for an amount that does not fit.
  package static func table(
    _ book: Book,
    catalogue: VenueCatalogue,
    snapshot: PriceSnapshot
  ) throws(Failure) -> CSVBuilder {
    let assets = catalogue.assets
    var sums = catalogue.venues.map { _ in [Int: Sum]() }
    var totals = catalogue.venues.map { _ in Int128(0) }
    for account in book.accounts {
      for leg in account.legs where leg.kind != .perp {
        let value = try micro(leg.quantity * snapshot.price(of: leg.asset, in: assets))
        if leg.kind == .deposit { totals[leg.venue] += Int128(value) }
        guard !assets[leg.asset].issuer.isEmpty else { continue }
        if leg.kind == .deposit {
          sums[leg.venue][leg.asset, default: Sum()].deposits += Int128(value)
        } else {
          sums[leg.venue][leg.asset, default: Sum()].borrows += Int128(value)
        }
      }
    }
    var table = CSVBuilder()
    table.row(["venue", "issuer", "asset", "deposits_usd", "borrows_usd", "share_of_deposits"])
    let ranks = assets.ranks
    let venues = catalogue.venues.indices.sorted {
      catalogue.venues[$0].name.utf8.lexicographicallyPrecedes(catalogue.venues[$1].name.utf8)
    }
    for venue in venues {
      for (asset, sum) in sums[venue].sorted(by: { ranks[$0.key] < ranks[$1.key] }) {
        table.text(catalogue.venues[venue].name)
        table.text(assets[asset].issuer)
        table.text(assets[asset].symbol)
        table.money(sum.deposits)
        table.money(sum.borrows)
        let total = totals[venue]
        table.number(total > 0 ? nearestDouble(sum.deposits) / nearestDouble(total) : nil)
        table.endRow()
      }
    }
    return table
  }
}
