// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Configuration
internal import TextKit

/// Weights of deposits and borrows by asset: what all lending kinds have in common.
struct LendingWeights: Sendable {
  private(set) var deposits: [Int: Double] = [:]
  private(set) var borrows: [Int: Double] = [:]
  private var listed: Set<Int> = []

  /// Reads the assets of a venue table.
  ///
  /// * `deposit`: key of the deposit weight; an asset without it is no collateral.
  /// * `borrow`: key of the liability weight.
  /// * `defaultBorrow`: weight of an asset without that key, nil when it cannot be borrowed.
  /// * `others`: further keys that an asset may have.
  init(
    _ table: ConfigTable,
    assets: inout AssetTable,
    deposit: (key: String, range: ClosedRange<Double>),
    borrow: (key: String, range: ClosedRange<Double>)?,
    defaultBorrow: Double?,
    others: [String] = []
  ) throws(Failure) {
    guard let entries = try table.optionalTable("assets") else { return }
    for symbol in entries.keys {
      let entry = try entries.table(symbol)
      try entry.only([deposit.key] + (borrow.map { [$0.key] } ?? []) + others + ["penalty"])
      let index = assets.add(symbol)
      listed.insert(index)
      deposits[index] = try entry.optionalNumber(deposit.key, in: deposit.range)
      borrows[index] = defaultBorrow
      if let borrow, let weight = try entry.optionalNumber(borrow.key, in: borrow.range) {
        borrows[index] = weight
      }
    }
  }

  func lists(_ asset: Int) -> Bool { listed.contains(asset) }

  /// The weight of a leg, refused when the venue has no such leg.
  ///
  /// A deposit that says its own threshold has that one, for it was given when it was opened.
  func weight(of leg: Leg) throws(Failure) -> Double {
    switch leg.kind {
    case .perp: throw Failure(.data, "deposit or borrow: this venue has no perps")
    case .deposit:
      if let weight = leg.liquidationThreshold ?? deposits[leg.asset] { return weight }
      throw Failure(.data, "an asset that is collateral at this venue")
    case .borrow:
      if let weight = borrows[leg.asset] { return weight }
      throw Failure(.data, "an asset that can be borrowed at this venue")
    }
  }

  /// `slope = +q · w` of a deposit, `−q · w` of a borrow.
  func health(of leg: Leg) throws(Failure) -> LegHealth {
    LendingWeights.health(of: leg, weight: try weight(of: leg))
  }

  /// `slope = +q · w` of a deposit, `−q · w` of a borrow, with a weight of the rule's own.
  static func health(of leg: Leg, weight: Double) -> LegHealth {
    let weighted = leg.quantity * weight
    return LegHealth(slope: leg.kind == .deposit ? weighted : -weighted)
  }
}
