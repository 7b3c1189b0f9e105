// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Configuration
package import TextKit

/// Perps with a progressive margin table by notional (Hyperliquid).
///
///     maintenance(n) = n · rate_k − deduction_k        rate_k = 1 / (2 · max_leverage_k)
///
/// The tier is the one at the liquidation notional. Source: venues.md 5.1, 5.6.
package struct PerpTiered: VenueRule {
  package static let kind = "perp_tiered"
  package static let liquidatesAtEquality = false
  package static let liquidation = LiquidationMode.market
  package static let keys = ["margin_tables", "partial_share", "partial_above_usd"]

  private var tableOfAsset: [Int: MarginReference] = [:]
  private var firstRateOfAsset: [Int: Double] = [:]
  /// Share that the first order closes of a position above a size.
  private let partialShare: Double
  private let partialAboveUSD: Double
  /// Quote currencies, which are collateral and debt at their face value.
  private var quotes: Set<Int> = []

  /// One rate is folded into the slope, several need their table.
  private enum MarginReference {
    case rate(Double)
    case table(Int)
  }

  package init(
    reading table: ConfigTable,
    assets: inout AssetTable,
    margins: inout MarginTableSet
  ) throws(Failure) {
    quotes = assets.quotes
    partialShare = try table.number("partial_share", default: 1, in: 1e-6...1)
    partialAboveUSD = try table.number("partial_above_usd", default: 0, in: 0...1e15)
    var named: [String: MarginTable] = [:]
    if let list = try table.optionalTable("margin_tables") {
      for name in list.keys { named[name] = try PerpTiered.marginTable(try list.table(name)) }
    }
    guard let listed = try table.optionalTable("assets") else { return }
    for symbol in listed.keys {
      let entry = try listed.table(symbol)
      try entry.only(["margin_table", "max_leverage", "maintenance_rate", "penalty"])
      let index = assets.add(symbol)
      if let name = try entry.optionalString("margin_table") {
        guard let margin = named[name] else {
          throw entry.failure(
            "margin_table",
            expected: "a table of margin_tables" + suggestion(for: name, among: named.keys.sorted())
          )
        }
        firstRateOfAsset[index] = margin.lines[0].rate
        tableOfAsset[index] =
          margin.lines.count == 1
          ? .rate(margin.lines[0].rate) : .table(margins.add(margin))
      } else {
        let rate = try PerpTiered.rate(entry)
        firstRateOfAsset[index] = rate
        tableOfAsset[index] = .rate(rate)
      }
    }
  }

  private static func marginTable(_ table: ConfigTable) throws(Failure) -> MarginTable {
    try table.only(["tiers"])
    var tiers: [MarginTable.Tier] = []
    for entry in try table.tables("tiers") { tiers.append(try tier(entry)) }
    do throws(Failure) {
      return try MarginTable(tiers: tiers)
    } catch {
      throw table.failure("tiers", expected: "a progressive margin table: \(error.message)")
    }
  }

  /// Reads one tier by itself; whether the tiers fit together is the margin table's question.
  ///
  /// - Throws: a failure for unknown keys and for values outside their range.
  package static func tier(_ entry: ConfigTable) throws(Failure) -> MarginTable.Tier {
    try entry.only(["lower_usd", "max_leverage", "maintenance_rate", "deduction_usd"])
    return MarginTable.Tier(
      lowerUSD: try entry.number("lower_usd", in: 0...1e15),
      rate: try rate(entry),
      deductionUSD: try entry.optionalNumber("deduction_usd", in: 0...1e15)
    )
  }

  /// `maintenance_rate`, or half the inverse of `max_leverage`.
  private static func rate(_ entry: ConfigTable) throws(Failure) -> Double {
    if let rate = try entry.optionalNumber("maintenance_rate", in: 1e-6...1) { return rate }
    return 1 / (2 * (try entry.number("max_leverage", in: 0.5...1000)))
  }

  package func lists(_ asset: Int) -> Bool {
    tableOfAsset[asset] != nil || quotes.contains(asset)
  }

  package var wholeUpToUSD: Double { partialShare < 1 ? partialAboveUSD : .infinity }

  package func lonePerp(of asset: Int) -> LonePerpTerms? {
    let (rate, table): (Double, Int)
    switch tableOfAsset[asset] {
    case .rate(let one): (rate, table) = (one, 0)
    case .table(let index): (rate, table) = (0, index)
    case nil: return nil
    }
    return LonePerpTerms(rate: rate, table: table, split: split)
  }

  package var perpSplit: PerpSplit? { split }

  private var split: PerpSplit { PerpSplit(aboveUSD: wholeUpToUSD, firstShare: partialShare) }

  /// Above the size a share first, then the rest (venues.md 5.2).
  package func close(_ account: ClosingAccount) -> Close {
    guard account.round == 0, account.own.valueUSD > partialAboveUSD, partialShare < 1 else {
      return .whole(penalty: nil)
    }
    return .part(PartialClose(share: partialShare, penalty: 0))
  }

  package func firstMaintenanceRate(_ asset: Int) -> Double? { firstRateOfAsset[asset] }

  package func health(of leg: Leg, in context: LegContext) throws(Failure) -> LegHealth {
    guard leg.kind == .perp else {
      guard quotes.contains(leg.asset) else {
        throw Failure(.data, "a perp: this venue has no \(leg.kind)s but of quote currencies")
      }
      return LegHealth(slope: leg.kind == .deposit ? leg.quantity : -leg.quantity)
    }
    let constant = -leg.quantity * leg.entryPrice
    if let leverage = leg.maxLeverage {
      return perpHealth(leg, rate: 1 / (2 * leverage))
    }
    switch tableOfAsset[leg.asset] {
    case .rate(let rate): return perpHealth(leg, rate: rate)
    case .table(let index):
      return LegHealth(slope: leg.quantity, constant: constant, table: index)
    case nil: throw Failure(.data, "an asset of this venue")
    }
  }
}

/// A perp with one maintenance rate: `slope = q − |q| · rate`, `constant = −q · entry`.
func perpHealth(_ leg: Leg, rate: Double) -> LegHealth {
  var health = LegHealth(
    slope: leg.quantity - leg.quantity.magnitude * rate,
    constant: -leg.quantity * leg.entryPrice
  )
  health.rate = rate
  return health
}
