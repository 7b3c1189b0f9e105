// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Configuration
package import TextKit

/// Lending with liquidation thresholds on deposits and borrow factors on debt (Kamino).
///
///     deposit: slope = q · liquidation_threshold        borrow: slope = −q · borrow_factor
///
/// Liquidatable at equality: LTV >= unhealthy LTV. An account in an elevation group has the group's
/// threshold and a borrow factor of 1. Source: venues.md 3.1, 3.2.
package struct LendingLTV: VenueRule {
  package static let kind = "lending_ltv"
  package static let liquidatesAtEquality = true
  package static let liquidation = LiquidationMode.auction
  package static let keys = ["elevation_groups"] + LTVClosing.keys

  private let weights: LendingWeights
  private let groups: [String: ElevationGroup]
  let closing: LTVClosing

  package init(
    reading table: ConfigTable,
    assets: inout AssetTable,
    margins: inout MarginTableSet
  ) throws(Failure) {
    let weights = try LendingWeights(
      table,
      assets: &assets,
      deposit: ("liquidation_threshold", 0...1),
      borrow: ("borrow_factor", 1...100),
      defaultBorrow: 1,
      others: LTVClosing.assetKeys
    )
    self.weights = weights
    groups = try ElevationGroup.groups(table, assets: assets) { weights.lists($0) }
    closing = try LTVClosing(table, assets: assets)
  }

  package func lists(_ asset: Int) -> Bool { weights.lists(asset) }

  package func check(_ account: Account, _ assets: AssetTable) throws(Failure) {
    guard !account.elevationGroup.isEmpty, groups[account.elevationGroup] == nil else { return }
    throw Failure(
      .data,
      "found elevation group '\(Failure.shown(account.elevationGroup))', expected a group of the"
        + " venue" + suggestion(for: account.elevationGroup, among: groups.keys.sorted())
    )
  }

  package var wholeUpToUSD: Double { closing.closesWhole ? .infinity : 0 }

  package var readsCloseFactor: Bool { true }

  package func close(_ account: ClosingAccount) -> Close {
    closing.close(account, groupBonus: groups[account.group]?.maxBonus)
  }

  package func health(of leg: Leg, in context: LegContext) throws(Failure) -> LegHealth {
    guard let group = groups[context.group], leg.kind != .perp else {
      return try weights.health(of: leg)
    }
    return LendingWeights.health(of: leg, weight: try group.weight(of: leg))
  }
}
