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
  private var bonuses: [Int: Bonus] = [:]

  /// Bonus limits of one reserve, in shares.
  private struct Bonus {
    var least: Double
    var most: Double
    var badDebt: Double
    /// A bonus that does not depend on the LTV.
    var isFixed: Bool
  }

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
      func share(_ key: String) throws(Failure) -> Double? {
        try entry.optionalNumber(key, in: 0...10_000).map { $0 / 1e4 }
      }
      let own = try entry.optionalNumber("penalty", in: 0...1)
      if let least = try share("min_bonus_bps") {
        let most = try share("max_bonus_bps") ?? least
        let bad = try share("bad_debt_bonus_bps") ?? least
        bonuses[asset] = Bonus(least: least, most: max(least, most), badDebt: bad, isFixed: false)
      } else if let own {
        bonuses[asset] = Bonus(least: own, most: own, badDebt: own, isFixed: true)
      }
    }
  }

  /// Whether every liquidation closes the position whole, whatever its size.
  var closesWhole: Bool { closeFactor == 1 }

  func close(_ account: ClosingAccount, groupBonus: Double?) -> Close {
    let own = account.own
    let counter =
      own.leg.kind == .deposit
      ? account.first(.borrow) { -$0.weight } : account.first(.deposit) { $0.weight }
    guard own.leg.kind != .perp, let counter else { return .whole(penalty: penalty) }
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

  /// The bonus of seizing one asset for repaying another; see venues.md 3.3.
  private func bonus(
    _ account: ClosingAccount,
    _ collateral: Int,
    _ debt: Int,
    groupBonus: Double?
  ) -> Double {
    let fixed = Bonus(least: penalty, most: penalty, badDebt: penalty, isFixed: true)
    let own = bonuses[collateral] ?? fixed
    if own.isFixed { return own.least }
    let other = bonuses[debt].flatMap { $0.isFixed ? nil : $0 } ?? own
    let deposits = max(account.value(of: .deposit), 1e-300)
    return KaminoBonus(
      userLTV: weighted(account, .borrow) / deposits,
      plainLTV: account.value(of: .borrow) / deposits,
      unhealthyLTV: weighted(account, .deposit) / deposits,
      least: max(own.least, other.least),
      most: min(max(own.most, other.most), groupBonus ?? .infinity),
      badDebt: min(own.badDebt, other.badDebt)
    ).share
  }
}

/// The liquidation bonus by how far an account is past its threshold (venues.md 3.3).
struct KaminoBonus {
  var userLTV: Double
  /// LTV without borrow factors.
  var plainLTV: Double
  var unhealthyLTV: Double
  var least: Double
  var most: Double
  var badDebt: Double

  var share: Double {
    if plainLTV >= 0.99 { return plainLTV < 1 ? max(badDebt, 1 - plainLTV) : badDebt }
    return min(min(max(least, userLTV - unhealthyLTV), most), 1 - plainLTV)
  }
}
