// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Configuration
package import TextKit

/// What happens to an account that falls.
package enum LiquidationMode: String, CaseIterable, Sendable {
  /// Closed at the mark.
  case market
  /// Its collateral becomes a lot of an auction.
  case auction
}

/// What one leg adds to its account's health, affine in the price of its asset.
///
///     health += slope · price − maintenance(|slope| · price) + constant
///
/// The maintenance part is the margin table's; table 0 is flat and requires nothing, because the
/// slope already holds the rate or weight.
package struct LegHealth: Sendable, Equatable {
  package var slope: Double
  package var constant: Double
  package var table: Int
  /// A conservative mark: health falls by `(quantity · confidence) · weight`, the confidence being
  /// the present one of the leg's asset.
  package var markdown: Markdown?
  /// The maintenance rate that the slope of a perp already holds, where it is one rate.
  package var rate: Double?

  /// Quantity and weight of a markdown.
  package struct Markdown: Sendable, Equatable {
    package var quantity: Double
    package var weight: Double
  }

  package init(slope: Double, constant: Double = 0, table: Int = 0, markdown: Markdown? = nil) {
    self.slope = slope
    self.constant = constant
    self.table = table
    self.markdown = markdown
  }
}

/// What a rule may see when it compiles a leg.
package struct LegContext: Sendable {
  /// All legs of the account, for rules where one depends on another.
  package let legs: [Leg]
  /// Confidence of the price of the leg's asset as a share of the price, 0 when not known.
  package var confidenceRatio: Double
  /// The elevation group that the account chose, empty for none.
  package let group: String
  /// What rules look for among the legs, where it was found before.
  private let found: Found?

  private struct Found {
    let borrowedAssets: [Int]
    let firstBorrowRow: Int?
  }

  package init(legs: [Leg], confidenceRatio: Double, group: String = "") {
    self.legs = legs
    self.confidenceRatio = confidenceRatio
    self.group = group
    found = nil
  }

  /// For all legs of an account one after the other, which set their confidence ratios.
  ///
  /// Of many legs what rules look for is found once, so that time grows with their number alone.
  package init(forEachOf legs: [Leg], group: String) {
    self.legs = legs
    confidenceRatio = 0
    self.group = group
    found =
      legs.count < 8
      ? nil
      : Found(
        borrowedAssets: legs.borrowedAssets,
        firstBorrowRow: legs.first { $0.kind == .borrow }?.row
      )
  }

  /// The assets that are owed, each once, in row order.
  var borrowedAssets: [Int] { found?.borrowedAssets ?? legs.borrowedAssets }

  /// The row of the first borrow.
  var firstBorrowRow: Int? {
    if let found { return found.firstBorrowRow }
    return legs.first { $0.kind == .borrow }?.row
  }
}

/// The rule of a perp that is alone in its account, where it is as plain as this.
///
///     slope = quantity − |quantity| · rate, or a margin table      constant = −quantity · entry
///
/// The leverage of a position replaces rate and table by `1 / (2 · leverage)`.
package struct LonePerpTerms: Sendable, Equatable {
  /// Maintenance rate where there is no table.
  package var rate: Double
  /// Margin table, 0 for none.
  package var table: Int
  /// What the first close takes of a position; the second takes the rest.
  package var split: PerpSplit

  package init(rate: Double, table: Int, split: PerpSplit) {
    (self.rate, self.table, self.split) = (rate, table, split)
  }
}

/// The margin rule of one kind of venue, compiled once into lines; kernels know no venue.
package protocol VenueRule: Sendable {
  /// The word of `kind` in a venue file.
  static var kind: String { get }
  /// What the kind does unless the file says otherwise.
  static var liquidatesAtEquality: Bool { get }
  static var liquidation: LiquidationMode { get }
  /// Keys of the venue's table that only this kind has.
  static var keys: [String] { get }

  /// Reads the rule's own keys of a venue table.
  init(
    reading table: ConfigTable,
    assets: inout AssetTable,
    margins: inout MarginTableSet
  ) throws(Failure)

  /// Whether the venue lists an asset at all.
  func lists(_ asset: Int) -> Bool

  /// The maintenance rate of a perp's first tier, a share of the notional; nil where the venue
  /// has no such perp or its rates are no tiers.
  func firstMaintenanceRate(_ asset: Int) -> Double?

  /// Refuses an account that the venue cannot have, whatever its legs are one by one.
  ///
  /// - Throws: a data failure that says what was found and expected.
  func check(_ account: Account, _ assets: AssetTable) throws(Failure)

  /// Compiles one leg.
  ///
  /// - Throws: why the venue has no such leg, as expected/found text for the caller to place.
  func health(of leg: Leg, in context: LegContext) throws(Failure) -> LegHealth

  /// Size of a position up to which a liquidation always closes it whole, USD; infinity where
  /// nothing is ever closed in parts.
  var wholeUpToUSD: Double { get }

  /// What `close` does to a perp by itself, where the size alone decides; nil where more does.
  var perpSplit: PerpSplit? { get }

  /// Whether `close` itself knows the venue's close factor.
  var readsCloseFactor: Bool { get }

  /// What decides about a perp that is alone in its account; nil where that takes the whole rule.
  func lonePerp(of asset: Int) -> LonePerpTerms?

  /// What a liquidation takes first from an account that has fallen.
  func close(_ account: ClosingAccount) -> Close
}

extension VenueRule {
  package var wholeUpToUSD: Double { .infinity }
  package var perpSplit: PerpSplit? { nil }
  package var readsCloseFactor: Bool { false }
  package func close(_ account: ClosingAccount) -> Close { .whole(penalty: nil) }
  package func check(_ account: Account, _ assets: AssetTable) throws(Failure) {}
  package func firstMaintenanceRate(_ asset: Int) -> Double? { nil }
  package func lonePerp(of asset: Int) -> LonePerpTerms? { nil }
}

/// Every kind of venue: a new one is a file of its own and one line here.
package enum VenueKinds {
  package static let all: [any VenueRule.Type] = [
    PerpTiered.self,
    PerpSized.self,
    LendingWeighted.self,
    LendingLTV.self,
    LendingTicked.self,
    EventCollateral.self,
  ]
}

/// How a perp by itself is closed: whole, or above a size a share first and then the rest.
package struct PerpSplit: Sendable, Equatable {
  /// Infinity where everything is closed at once.
  package var aboveUSD: Double
  package var firstShare: Double

  package init(aboveUSD: Double, firstShare: Double) {
    self.aboveUSD = aboveUSD
    self.firstShare = firstShare
  }
}

/// All margin tables of a run; index 0 is the flat one.
package struct MarginTableSet: Sendable {
  package private(set) var tables: [MarginTable] = [.flat]

  package init() {}

  package subscript(index: Int) -> MarginTable { tables[index] }

  /// The index of an equal table, added when it is new.
  package mutating func add(_ table: MarginTable) -> Int {
    if let index = tables.firstIndex(of: table) { return index }
    tables.append(table)
    return tables.count - 1
  }
}

/// One venue: its rule, and what is common to all kinds.
package struct Venue: Sendable {
  package let name: String
  package let rule: any VenueRule
  /// Whether an account falls when its price is exactly at the root.
  package let liquidatesAtEquality: Bool
  /// Share that is closed first.
  package let closeFactor: Double
  package let liquidation: LiquidationMode
  /// Penalty of a liquidation as a share of the notional, reported by `prices`, with the assets
  /// that have one of their own.
  package let penalty: Double
  package let penalties: [Int: Double]
  /// Which prices the venue's margin checks refuse; nil for none but stale ones.
  package let oracle: PriceCheck?
  package let funding: FundingTerms
  /// What borrowing costs, by asset; an asset without a curve bears no interest.
  package let curves: [Int: InterestCurve]
  package let waterfall: WaterfallTerms

  package init(
    name: String,
    rule: any VenueRule,
    liquidatesAtEquality: Bool,
    closeFactor: Double,
    liquidation: LiquidationMode,
    penalty: Double,
    penalties: [Int: Double] = [:],
    oracle: PriceCheck? = nil,
    funding: FundingTerms = .hourly,
    curves: [Int: InterestCurve] = [:],
    waterfall: WaterfallTerms = WaterfallTerms()
  ) {
    self.name = name
    self.rule = rule
    self.liquidatesAtEquality = liquidatesAtEquality
    self.closeFactor = closeFactor
    self.liquidation = liquidation
    self.penalty = penalty
    self.penalties = penalties
    self.oracle = oracle
    self.funding = funding
    self.curves = curves
    self.waterfall = waterfall
  }

  /// The penalty that an account's collateral pays.
  package func penalty(of account: Account) -> Double {
    let leg = account.legs.first { $0.kind == .deposit } ?? account.legs[0]
    return penalties[leg.asset] ?? penalty
  }
}
