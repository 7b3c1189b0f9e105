// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Numerics

/// One row of a book as plain numbers: a `Leg` with its account's terms, without any object.
///
/// Books are read in pieces of such records, so that a row costs no memory of its own. What a row
/// does not say is NaN or −1.
package struct LegRecord: Sendable {
  /// Base units; perps signed.
  package var quantity = 0.0
  /// USD; 0 for all but perps.
  package var entryPrice = 0.0
  /// Quote collateral of this row, USD.
  package var collateralUSD = 0.0
  /// NaN where the venue's table holds.
  package var maxLeverage = Double.nan
  /// NaN where the asset's own holds.
  package var liquidationThreshold = Double.nan
  /// −1 where the row does not say.
  package var observedSlot: Int64 = -1
  /// Protection deposited before, micro-USD.
  package var deposited: Micro = 0
  /// Protection's cap, −1 where the row does not say.
  package var cap: Micro = -1
  /// A hash of the account's text and its length.
  package var fingerprint: UInt64 = 0
  /// Where the account's text lies: in the piece, or from −1 downwards in the piece's own texts.
  package var nameOffset: Int32 = 0
  package var nameLength: Int32 = 0
  package var venue: Int32 = -1
  package var asset: Int32 = -1
  /// Place of the elevation group among the piece's texts, −1 for none.
  package var group: Int32 = -1
  package var kind = LegKind.perp
  package var isProtected = false
  package var mode = MarginMode.cross

  package init() {}
}

extension Leg {
  /// The leg of a record, without its place in the file.
  package init(_ record: LegRecord) {
    self.init(
      venue: Int(record.venue),
      asset: Int(record.asset),
      kind: record.kind,
      quantity: record.quantity,
      entryPrice: record.entryPrice,
      collateralUSD: record.collateralUSD,
      maxLeverage: record.maxLeverage.isNaN ? nil : record.maxLeverage,
      liquidationThreshold: record.liquidationThreshold.isNaN
        ? nil : record.liquidationThreshold,
      observedSlot: record.observedSlot < 0 ? nil : record.observedSlot
    )
  }
}
