// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Liquidation
internal import Markets
internal import Numerics
package import TextKit

extension Reconciliation {
  /// Goes through the rows of a compiled book that have a price on either side, in book order.
  ///
  /// The stated price of a row is that of the account's first leg in the row's asset that has one;
  /// 0 counts as none. The price of an asset that is priced from another is brought to the other's
  /// by its ratio.
  ///
  /// * `body`: called with each row.
  /// - Throws: a data failure for a notional beyond what micro-USD hold, and what `body` throws.
  package static func eachRow(
    of source: PriceReport.Source,
    _ assessments: [Assessment],
    _ body: (Row) throws(Failure) -> Void
  ) throws(Failure) {
    let assets = source.catalogue.assets
    for place in source.book.accounts.indices {
      let account = source.book.accounts[place]
      for row in source.compiled.rows(of: place) {
        let asset = Int(source.compiled.asset[row])
        let theirs = stated(account, asset, assets)
        let ours = assessments[row].price
        guard let price = ours ?? theirs else { continue }
        try body(
          Row(
            account: account.name,
            venue: source.catalogue.venues[account.venue].name,
            asset: assets[asset].symbol,
            ours: ours,
            theirs: theirs,
            notional: try micro(source.compiled.traded(row) * price)
          )
        )
      }
    }
  }

  private static func stated(_ account: Account, _ asset: Int, _ assets: AssetTable) -> Double? {
    for leg in account.legs where assets[leg.asset].underlying == asset {
      guard let price = leg.statedLiquidationPrice, price > 0 else { continue }
      return leg.asset == asset ? price : price / assets[leg.asset].ratio
    }
    return nil
  }
}
