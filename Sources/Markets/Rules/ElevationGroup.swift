// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Configuration
internal import TextKit

/// Assets that are lent against one debt at one better threshold (Kamino elevation groups).
///
/// All deposits of an account in the group have the group's threshold, the borrow factor is 1, and
/// the debt is the group's one asset. Source: venues.md 3.1.
struct ElevationGroup: Sendable {
  let threshold: Double
  let collateral: Set<Int>
  let debt: Int
  /// The largest bonus within the group, in shares; nil when the reserves' own holds.
  let maxBonus: Double?

  /// Reads `[venues.NAME.elevation_groups.GROUP]` tables, which name assets of the venue.
  static func groups(
    _ table: ConfigTable,
    assets: AssetTable,
    lists: (Int) -> Bool
  ) throws(Failure) -> [String: ElevationGroup] {
    guard let listed = try table.optionalTable("elevation_groups") else { return [:] }
    var groups: [String: ElevationGroup] = [:]
    for name in listed.keys {
      let entry = try listed.table(name)
      try entry.only(["liquidation_threshold", "assets", "debt", "max_bonus_bps"])
      func asset(_ symbol: String, key: String) throws(Failure) -> Int {
        if let index = assets.index(of: symbol), lists(index) { return index }
        throw entry.failure(key, expected: "assets of this venue, without '\(symbol)'")
      }
      var collateral: Set<Int> = []
      for symbol in try entry.strings("assets") {
        collateral.insert(try asset(symbol, key: "assets"))
      }
      groups[name] = ElevationGroup(
        threshold: try entry.number("liquidation_threshold", in: 0...1),
        collateral: collateral,
        debt: try asset(try entry.string("debt"), key: "debt"),
        maxBonus: try entry.optionalNumber("max_bonus_bps", in: 0...10_000).map { $0 / 1e4 }
      )
    }
    return groups
  }

  /// The weight of a leg inside the group.
  ///
  /// - Throws: what the group would take instead.
  func weight(of leg: Leg) throws(Failure) -> Double {
    switch leg.kind {
    case .deposit where collateral.contains(leg.asset): return threshold
    case .borrow where leg.asset == debt: return 1
    case .deposit: throw Failure(.data, "collateral of the account's elevation group")
    default: throw Failure(.data, "the debt of the account's elevation group")
    }
  }
}
