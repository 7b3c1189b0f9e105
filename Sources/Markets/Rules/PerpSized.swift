// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Configuration
package import TextKit

/// Perps whose margin ratio grows with size, and weighted spot collateral (Drift v2).
///
///     r = isqrt(10 · size_1e9 + 1)
///     perp ratio, liability weight = max(w, (w − w/5) + r · imf / 10^7)        integers of 1e-4
///     asset weight = min(w, 1.1e6 · 1e4 / (1e6 + r · imf / 10^5))
///
/// The premium depends on size only, so it is a constant of the row. Integer divisions are the
/// program's. Source: venues.md 1.2, 1.3.
package struct PerpSized: VenueRule {
  package static let kind = "perp_sized"
  package static let liquidatesAtEquality = false
  package static let liquidation = LiquidationMode.market
  package static let keys = [
    "liquidation_margin_buffer", "initial_liquidation_share", "full_liquidation_below_usd",
  ]

  struct Terms {
    var maintenance: UInt64?
    var imf: UInt64
    var assetWeight: UInt64?
    var liabilityWeight: UInt64?
    var spotIMF: UInt64
    /// Shares of the closed value that the liquidator and the insurance fund take.
    var perpFees: (liquidator: Double, insurance: Double)
    var spotFees: (liquidator: Double, insurance: Double)
  }

  private(set) var terms: [Int: Terms] = [:]
  /// What margin a liquidation restores beyond the requirement, as a share of all liabilities.
  let buffer: Double
  /// Share of the shortage that the first liquidation may free.
  let initialShare: Double
  /// Positions and shortages up to this are closed whole, USD.
  let dustUSD: Double

  package init(
    reading table: ConfigTable,
    assets: inout AssetTable,
    margins: inout MarginTableSet
  ) throws(Failure) {
    buffer = try table.number("liquidation_margin_buffer", default: 0.02, in: 0...1)
    initialShare = try table.number("initial_liquidation_share", default: 1, in: 1e-4...1)
    dustUSD = try table.number("full_liquidation_below_usd", default: 50, in: 0...1e12)
    guard let listed = try table.optionalTable("assets") else { return }
    for symbol in listed.keys {
      let entry = try listed.table(symbol)
      try entry.only([
        "maintenance_ratio", "imf_factor", "asset_weight", "liability_weight", "spot_imf_factor",
        "penalty", "liquidator_fee", "insurance_fee", "spot_liquidator_fee", "spot_insurance_fee",
      ])
      func units(_ key: String, _ scale: Double, _ range: ClosedRange<Double>) throws(Failure)
        -> UInt64?
      {
        guard let value = try entry.optionalNumber(key, in: range) else { return nil }
        return UInt64((value * scale).rounded(.toNearestOrEven))
      }
      terms[assets.add(symbol)] = Terms(
        maintenance: try units("maintenance_ratio", 1e4, 1e-4...1),
        imf: try units("imf_factor", 1e6, 0...100) ?? 0,
        assetWeight: try units("asset_weight", 1e4, 0...2),
        liabilityWeight: try units("liability_weight", 1e4, 1...10),
        spotIMF: try units("spot_imf_factor", 1e6, 0...100) ?? 0,
        perpFees: (
          try entry.number("liquidator_fee", default: 0.01, in: 0...0.5),
          try entry.number("insurance_fee", default: 0.01, in: 0...0.5)
        ),
        spotFees: (
          try entry.number("spot_liquidator_fee", default: 0.01, in: 0...0.5),
          try entry.number("spot_insurance_fee", default: 0, in: 0...0.5)
        )
      )
    }
  }

  package func lists(_ asset: Int) -> Bool { terms[asset] != nil }

  package var wholeUpToUSD: Double { dustUSD }

  package func health(of leg: Leg, in context: LegContext) throws(Failure) -> LegHealth {
    guard let terms = terms[leg.asset] else { throw Failure(.data, "an asset of this venue") }
    let root = try PerpSized.sizeRoot(leg.quantity.magnitude)
    switch leg.kind {
    case .perp:
      if let leverage = leg.maxLeverage { return perpHealth(leg, rate: 1 / (2 * leverage)) }
      guard let ratio = terms.maintenance else {
        throw Failure(.data, "an asset with maintenance_ratio: this one has no perp market")
      }
      return perpHealth(leg, rate: PerpSized.premium(ratio, root, terms.imf))
    case .deposit:
      guard let weight = terms.assetWeight else {
        throw Failure(.data, "an asset with asset_weight: this one is no collateral")
      }
      return LegHealth(slope: leg.quantity * PerpSized.discount(weight, root, terms.spotIMF))
    case .borrow:
      guard let weight = terms.liabilityWeight else {
        throw Failure(.data, "an asset with liability_weight: this one cannot be borrowed")
      }
      return LegHealth(slope: -(leg.quantity * PerpSized.premium(weight, root, terms.spotIMF)))
    }
  }

  /// `isqrt(10 · size_1e9 + 1)` with `size_1e9 = rint(size · 1e9)`.
  static func sizeRoot(_ size: Double) throws(Failure) -> UInt128 {
    let scaled = (size * 1e9).rounded(.toNearestOrEven)
    guard scaled < 1e27 else { throw Failure(.data, "a quantity below 1e18") }
    let value = UInt128(scaled) * 10 + 1
    var low: UInt128 = 0
    var high: UInt128 = 1 << 50
    while high - low > 1 {
      let middle = (low + high) / 2
      if middle * middle <= value { low = middle } else { high = middle }
    }
    return low
  }

  private static func premium(_ weight: UInt64, _ root: UInt128, _ imf: UInt64) -> Double {
    guard imf > 0 else { return Double(weight) / 1e4 }
    let sized = UInt128(weight - weight / 5) + root * UInt128(imf) / 10_000_000
    return Double(max(UInt128(weight), sized)) / 1e4
  }

  private static func discount(_ weight: UInt64, _ root: UInt128, _ imf: UInt64) -> Double {
    guard imf > 0 else { return Double(weight) / 1e4 }
    let sized = UInt128(11_000_000_000) / (1_000_000 + root * UInt128(imf) / 100_000)
    return Double(min(UInt128(weight), sized)) / 1e4
  }
}
