// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// One row of a synthetic book: the columns that a generated book fills (DESIGN 4).
package struct GeneratedLeg: Sendable, Equatable {
  package var account: String
  package var venue: String
  package var asset: String
  package var leg: LegKind
  /// Base units; perps signed, others above 0.
  package var quantity: Double
  /// USD; perps only.
  package var entryPrice: Double?
  /// USD, whole cents.
  package var collateralUSD: Double
  package var isProtected: Bool
  package var marginMode: MarginMode
  package var observedSlot: Int64

  /// The columns in the order in which books are written.
  package static let columns = [
    "account", "venue", "asset", "leg", "quantity", "entry_price", "collateral_usd", "protected",
    "margin_mode", "observed_slot",
  ]
}
