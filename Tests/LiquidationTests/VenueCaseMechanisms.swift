// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Markets
import Numerics
import Testing

/// The published cases of what a simulation does: interest, vaults, backstop, deleveraging.
enum MechanismCases {
  static func evaluate(
    _ venue: String,
    _ kind: String,
    _ output: String,
    _ inputs: CaseInputs
  ) throws -> CaseValue? {
    switch kind {
    case "interest": return try interest(venue, output, inputs)
    case "vault_pnl": return try profit(output, inputs)
    case "vault_rule", "vault_rules", "vault_withdrawal", "vault_deposit", "vault_limit":
      return try rule(kind, output, inputs)
    case "adl_rank" where output.contains("roe"): return try returnOnEquity(inputs)
    default: return nil
    }
  }

  // MARK: - Interest

  private static func utilization(_ inputs: CaseInputs) throws -> Double {
    if let given = inputs.number(like: "util"), !inputs.has("kink_utilization") { return given }
    if inputs.has("utilization", "utilisation", "util", "u", "ur", "utilization_ratio") {
      return try inputs.number(
        "utilization",
        "utilisation",
        "util",
        "u",
        "ur",
        "utilization_ratio"
      )
    }
    let supplied = try inputs.number("total_supplied", "supplied", "deposits", "total_deposits")
    let borrowed = try inputs.number("total_borrowed", "borrowed", "borrows", "total_borrows")
    return supplied > 0 ? borrowed / supplied : 0
  }

  /// The curve of a row: points, or a base, a kink and a greatest rate by any of their names.
  private static func curve(_ inputs: CaseInputs) throws -> InterestCurve? {
    let reserve = try inputs.number(
      "reserve",
      "reserve_factor",
      "protocol_share",
      "protocol_fee",
      orElse: 0
    )
    for name in ["points", "curve"] {
      guard case .list(let list)? = inputs.values[name] else { continue }
      let points = try list.map { entry -> InterestCurve.Point in
        if case .list(let pair) = entry, pair.count == 2 {
          return InterestCurve.Point(
            try #require(pair[0].written.flatMap(Double.init)),
            try #require(pair[1].written.flatMap(Double.init))
          )
        }
        guard case .record(let record) = entry else { throw Unreadable() }
        return InterestCurve.Point(
          try record.number("utilization", "u"),
          try record.number("rate", "r")
        )
      }
      return InterestCurve(points: points, reserve: reserve)
    }
    let kinks = [
      "kink_utilization", "optimal_utilization", "optimal_utilization_rate", "kink", "optimal",
    ]
    guard kinks.contains(where: { inputs.values[$0] != nil }) else { return nil }
    let kink = try inputs.number(
      "kink_utilization",
      "optimal_utilization",
      "optimal_utilization_rate",
      "kink",
      "optimal"
    )
    return InterestCurve(
      points: [
        InterestCurve.Point(0, try inputs.number("base", "base_rate", "min_rate", orElse: 0)),
        InterestCurve.Point(
          kink,
          try inputs.number(
            "kink_rate",
            "optimal_rate",
            "optimal_borrow_rate",
            "plateau_rate",
            "plateau_interest_rate"
          )
        ),
        InterestCurve.Point(
          1,
          try inputs.number("max_rate", "max_borrow_rate", "max_interest_rate")
        ),
      ],
      reserve: reserve
    )
  }

  private struct Unreadable: Error {}

  private static func milliseconds(_ inputs: CaseInputs) throws -> Int64 {
    for (names, unit) in [
      (["elapsed_s", "seconds", "dt_s", "elapsed_seconds", "elapsed"], 1e3),
      (["hours", "elapsed_hours"], 3.6e6), (["days", "elapsed_days"], 8.64e7),
      (["years"], 3.1536e10),
    ] {
      for name in names where inputs.has(name) {
        return Int64((try inputs.number(name) * unit).rounded())
      }
    }
    throw Unreadable()
  }

  private static func interest(
    _ venue: String,
    _ output: String,
    _ inputs: CaseInputs
  ) throws -> CaseValue? {
    let curve = try curve(inputs)
    func rate() throws -> Double {
      if inputs.has("rate", "borrow_rate", "apr", "annual_rate") {
        return try inputs.number("rate", "borrow_rate", "apr", "annual_rate")
      }
      let share = try utilization(inputs)
      if let curve { return curve.rate(at: share) }
      try #require(venue == "hyperliquid", "a curve")
      return HyperliquidMargin.borrowRate(utilisation: share)
    }
    if output.contains("supply") || output.contains("deposit") || output.contains("lend") {
      let share = try utilization(inputs)
      if let curve { return .number(curve.supplyRate(at: share)) }
      try #require(venue == "hyperliquid", "a curve")
      return .number(HyperliquidMargin.supplyRate(utilisation: share))
    }
    if output.contains("rate") || output.contains("apr") || output.contains("apy") {
      return .number(try rate())
    }
    let debt = try inputs.number("debt", "principal", "debt_usd", "borrow", "borrowed")
    let before = try inputs.number("owed", "interest_owed", orElse: 0)
    let owed = InterestCurve.owed(
      before,
      debt: debt,
      rate: try rate(),
      milliseconds: try milliseconds(inputs)
    )
    if output.contains("debt") || output.contains("total") { return .number(debt + owed) }
    return .number(owed)
  }

  // MARK: - Vaults

  /// A cycle of a bin that was crossed: bought whole at the deploy price, sold at the exit price.
  private static func profit(_ output: String, _ inputs: CaseInputs) throws -> CaseValue? {
    let deployed = try inputs.number("deployed_usd", "deployed")
    let price = try inputs.number("deploy_price")
    let result = try CycleResult(
      proceeds: try micro(deployed / price * (try inputs.number("exit_price"))),
      spent: try micro(deployed),
      fees: try micro(try inputs.number("fees_usd", "lp_fees_usd", "fees", orElse: 0)),
      cost: try micro(try inputs.number("costs_usd", "cost_usd", "tip_usd", orElse: 0)),
      rate: try inputs.number("performance_fee", orElse: 0.2)
    )
    if output.contains("performance") { return .number(usd(result.performanceFee)) }
    if output.contains("gross") { return .number(usd(result.pnl + result.performanceFee)) }
    return output.contains("pnl") ? .number(usd(result.pnl)) : nil
  }

  /// Whether depositors may move money of a liquidator vault, and how much on a day.
  private static func rule(
    _ kind: String,
    _ output: String,
    _ inputs: CaseInputs
  ) throws -> CaseValue? {
    let value = try inputs.number(
      "hlp_start_of_day_account_value",
      "start_of_day_value",
      "account_value",
      orElse: 1_000_000
    )
    let fraction = try inputs.number(
      "max_hlp_withdraw_fraction_per_day",
      "withdraw_fraction",
      "fraction",
      orElse: 1
    )
    var vault = BackstopVault(
      name: "vault",
      capital: try micro(value),
      isCross: true,
      marginRatio: 0.1,
      withdrawFraction: fraction,
      assetCount: 1
    )
    _ = vault.beginDay(0)
    if output.contains("limit") || output.contains("max") {
      return .number(usd(try share(fraction, of: try micro(value))))
    }
    if inputs.flag("liquidatable", "is_liquidatable", "vault_liquidatable") {
      // Positions of 30 times its capital: below half of the margin that they need.
      let position = TakenPosition(asset: 0, quantity: value * 30)
      try vault.take([position], margin: 0) { _ in 1 }
    }
    _ = try vault.withdraw(try micro(try inputs.number("withdrawn_today", orElse: 0)))
    let amount = try micro(
      try inputs.number("amount", "requested", "withdraw_usd", "deposit_usd", "amount_usd")
    )
    let isDeposit =
      kind.contains("deposit") || output.contains("deposit") || inputs.text("action") == "deposit"
    let refusal = try isDeposit ? vault.deposit(amount) : vault.withdraw(amount)
    guard output.contains("message") || output.contains("error") || output.contains("reason")
    else { return .flag(refusal == nil) }
    return refusal.map { .word($0.message) } ?? .nothing
  }

  // MARK: - Deleveraging

  private static func returnOnEquity(_ inputs: CaseInputs) throws -> CaseValue {
    let mark = try inputs.number("mark_price", "mark")
    let entry = try inputs.number("entry_price", "entry")
    let size =
      inputs.has("signed_size", "size")
      ? try inputs.number("signed_size", "size") : try inputs.number("notional") / mark
    let margin =
      inputs.has("margin_used")
      ? try inputs.number("margin_used")
      : size.magnitude * mark / (try inputs.number("leverage", "max_leverage"))
    let candidate = ADLCandidate(
      account: 0,
      leg: 0,
      quantity: size,
      entryPrice: entry,
      marginUsedUSD: margin,
      accountValueUSD: try inputs.number("account_value", orElse: margin)
    )
    return .number(candidate.score(.roe, mark: mark))
  }
}
