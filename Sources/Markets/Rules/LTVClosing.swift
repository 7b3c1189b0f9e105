// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Configuration
internal import TextKit

/// What a liquidation takes by close factor and bonus (Kamino; Aave and Compound by their numbers).
///
///     repaid = min(debt · close_factor, this debt, max_at_once)
///     seized = repaid · (1 + bonus)
///
/// Everything above the insolvency LTV, and of a debt below the dust limit. The bonus is the excess
/// of LTV over the threshold between a least and a greatest one; an asset without those has its
/// `penalty`. Debts of the highest weight are repaid first, collateral of the lowest seized first.
/// Source: venues.md 3.3, 3.4.
struct LTVClosing: Sendable {
  static let keys = [
    "insolvency_ltv", "max_liquidatable_at_once_usd", "full_liquidation_below_usd",
  ]
  static let assetKeys = ["min_bonus_bps", "max_bonus_bps", "bad_debt_bonus_bps"]

  private let closeFactor: Double
  private let insolvencyLTV: Double
  private let mostAtOnceUSD: Double
  private let dustUSD: Double
  private let penalty: Double
  private var bonuses: [Int: KaminoLiquidation.Bonuses] = [:]
  /// Constant bonuses of assets, as shares.
  private var penalties: [Int: Double] = [:]

  init(_ table: ConfigTable, assets: AssetTable) throws(Failure) {
    closeFactor = try table.number("close_factor", default: 1, in: 1e-6...1)
    insolvencyLTV = try table.number("insolvency_ltv", default: 1e9, in: 0...1e9)
    mostAtOnceUSD = try table.number("max_liquidatable_at_once_usd", default: 1e18, in: 0...1e18)
    dustUSD = try table.number("full_liquidation_below_usd", default: 0, in: 0...1e12)
    penalty = try table.number("penalty", default: 0, in: 0...1)
    guard let listed = try table.optionalTable("assets") else { return }
    for symbol in listed.keys {
      guard let asset = assets.index(of: symbol) else { continue }
      let entry = try listed.table(symbol)
      func bps(_ key: String) throws(Failure) -> UInt64? {
        try entry.optionalInteger(key, in: 0...10_000).map { UInt64($0) }
      }
      penalties[asset] = try entry.optionalNumber("penalty", in: 0...1)
      if let least = try bps("min_bonus_bps") {
        bonuses[asset] = KaminoLiquidation.Bonuses(
          least: least,
          most: max(least, try bps("max_bonus_bps") ?? least),
          badDebt: try bps("bad_debt_bonus_bps") ?? least
        )
      }
    }
  }

  /// Whether every liquidation closes the position whole, whatever its size.
  var closesWhole: Bool { closeFactor == 1 }

  func close(_ account: ClosingAccount, groupBonus: UInt64?) -> Close {
    let own = account.own
    let counter =
      own.leg.kind == .deposit
      ? account.first(.borrow) { -$0.weight } : account.first(.deposit) { $0.weight }
    guard own.leg.kind != .perp, let counter else {
      return .whole(penalty: penalty > 0 ? penalty : nil)
    }
    let isSeized = own.leg.kind == .deposit
    let collateral = isSeized ? own : account.legs[counter]
    let debt = isSeized ? account.legs[counter] : own
    let bonus = bonus(account, collateral.leg.asset, debt.leg.asset, groupBonus: groupBonus)
    let totalDebt = account.value(of: .borrow)
    let ltv = weighted(account, .borrow) / max(account.value(of: .deposit), 1e-300)
    let share = ltv > insolvencyLTV ? 1 : closeFactor
    var repaid = min(totalDebt * share, debt.valueUSD, mostAtOnceUSD)
    if debt.valueUSD < dustUSD { repaid = debt.valueUSD }
    var seized = repaid * (1 + bonus)
    if seized > collateral.valueUSD {
      seized = collateral.valueUSD
      repaid = seized / (1 + bonus)
    }
    let isLast = isSeized ? seized >= own.valueUSD : repaid >= own.valueUSD
    if isLast || repaid >= totalDebt || repaid <= 0 {
      return .whole(penalty: isSeized ? bonus * repaid / own.valueUSD : bonus)
    }
    return .part(
      PartialClose(
        share: (isSeized ? seized : repaid) / own.valueUSD,
        penalty: isSeized ? bonus / (1 + bonus) : bonus,
        counter: .init(place: counter, fallUSD: isSeized ? repaid : seized)
      )
    )
  }

  private func weighted(_ account: ClosingAccount, _ kind: LegKind) -> Double {
    account.legs.reduce(0) { $1.leg.kind == kind ? $0 + $1.valueUSD * $1.weight : $0 }
  }

  /// The bonus of seizing one asset for repaying another; see `KaminoLiquidation.bonus`.
  private func bonus(
    _ account: ClosingAccount,
    _ collateral: Int,
    _ debt: Int,
    groupBonus: UInt64?
  ) -> Double {
    guard let own = bonuses[collateral] else { return penalties[collateral] ?? penalty }
    let other = bonuses[debt] ?? own
    let deposits = max(account.value(of: .deposit), 1e-300)
    return KaminoLiquidation.bonus(
      ltv: weighted(account, .borrow) / deposits,
      plainLTV: account.value(of: .borrow) / deposits,
      unhealthyLTV: weighted(account, .deposit) / deposits,
      collateral: own,
      debt: other,
      groupCap: groupBonus.flatMap {
        KaminoLiquidation.groupCap($0, collateral: own, debt: other)
      }
    )
  }
}
