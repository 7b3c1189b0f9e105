// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Markets
import Testing

/// marginfi's published cases.
enum MarginfiCases {
  static func evaluate(
    _ kind: String,
    _ output: String,
    _ inputs: CaseInputs
  ) throws -> CaseValue? {
    switch kind {
    case "oracle_bias", "oracle_validity": return try bias(output, inputs)
    case "emode_weight": return try weight(inputs)
    case "health": return try health(output, inputs)
    case "liquidation_amounts": return try amounts(output, inputs)
    case "partial_liquidation_size": return try largest(inputs)
    case "liquidation_price", "spot_liquidation_price": return try price(inputs)
    default: return nil
    }
  }

  private static func bias(_ output: String, _ inputs: CaseInputs) throws -> CaseValue? {
    let price = try inputs.number("price")
    let confidence = try inputs.number("conf", "confidence", "std_dev", "stdev")
    let found = MarginfiHealth.bias(
      price: price,
      confidence: confidence,
      multiplier: try inputs.number("multiplier", "conf_multiplier", orElse: 2.12),
      cap: try inputs.number("max_bias_fraction", orElse: 0.05),
      largest: try inputs.number("max_confidence", "oracle_max_confidence", orElse: 0.1)
    )
    if output.contains("valid") || output.contains("ok") { return .flag(found != nil) }
    guard let found else { return .nothing }
    if output.contains("low") { return .number(price - found) }
    if output.contains("high") { return .number(price + found) }
    return .number(found)
  }

  private static func weight(_ inputs: CaseInputs) throws -> CaseValue? {
    let tag = try #require(inputs.text("asset_tag"))
    let borrowed = try inputs.records("borrowed_bank_configs").map { config in
      config.has(tag) ? try config.number(tag) : nil
    }
    return .number(
      MarginfiHealth.assetWeight(
        bankWeight: try inputs.number("bank_weight"),
        borrowed: borrowed
      )
    )
  }

  /// Low price of the asset and high price of the debt.
  private static func prices(_ inputs: CaseInputs) throws -> (asset: Double, debt: Double) {
    let multiplier = try inputs.number("conf_multiplier", orElse: 2.12)
    let shared = try inputs.number("confidence", orElse: 0)
    let asset = try inputs.number("asset_price")
    let debt = try inputs.number("liab_price")
    let assetShare = try inputs.number("asset_conf_fraction_of_price", orElse: shared)
    let debtShare = try inputs.number("liab_conf_fraction_of_price", orElse: shared)
    return (
      try #require(
        MarginfiHealth.lowPrice(asset, confidence: asset * assetShare, multiplier: multiplier)
      ),
      try #require(
        MarginfiHealth.highPrice(debt, confidence: debt * debtShare, multiplier: multiplier)
      )
    )
  }

  private static func health(_ output: String, _ inputs: CaseInputs) throws -> CaseValue? {
    let assets: Double
    let debts: Double
    if inputs.has("asset_qty") {
      let prices = try prices(inputs)
      assets =
        try inputs.number("asset_qty") * prices.asset
        * (try inputs.number("asset_weight_maint", "asset_weight"))
      debts =
        try inputs.number("liab_qty") * prices.debt
        * (try inputs.number("liab_weight_maint", "liab_weight", orElse: 1))
    } else {
      assets = try inputs.number("weighted_assets_usd", "weighted_assets", "assets")
      debts = try inputs.number("weighted_liabs_usd", "weighted_liabs", "liabs", "liabilities")
    }
    let health = MarginfiHealth.health(assets: [assets], debts: [debts])
    if output.contains("liquidatable") {
      return .flag(MarginfiHealth.isLiquidatable(health: health))
    }
    if output.contains("healthy") { return .flag(!MarginfiHealth.isLiquidatable(health: health)) }
    if output.contains("asset") { return .number(assets) }
    if output.contains("liab") { return .number(debts) }
    return .number(health)
  }

  private static func amounts(_ output: String, _ inputs: CaseInputs) throws -> CaseValue? {
    if output.contains("health") { return try health(output, inputs) }
    let prices = try prices(inputs)
    let found = MarginfiLiquidation.amounts(
      seized: try inputs.number("asset_amount_seized"),
      assetPrice: prices.asset,
      debtPrice: prices.debt,
      liquidatorFee: try inputs.number("liquidator_fee", orElse: 0.025),
      insuranceFee: try inputs.number("insurance_fee", orElse: 0.025)
    )
    if output.contains("insurance") { return .number(found.insurance) }
    if output.contains("liquidator") { return .number(found.paid) }
    if output.contains("liquidatee") || output.contains("repaid") { return .number(found.repaid) }
    if output.contains("max") || output.contains("seiz") { return try largest(inputs) }
    return nil
  }

  private static func largest(_ inputs: CaseInputs) throws -> CaseValue? {
    let prices = try prices(inputs)
    let asset = try inputs.number("asset_qty") * prices.asset
    let debt = try inputs.number("liab_qty") * prices.debt
    let weights = (
      asset: try inputs.number("asset_weight_maint", "asset_weight"),
      debt: try inputs.number("liab_weight_maint", "liab_weight", orElse: 1)
    )
    return .number(
      MarginfiLiquidation.largestSeizure(
        assetUSD: asset,
        debtUSD: debt,
        health: asset * weights.asset - debt * weights.debt,
        assetWeight: weights.asset,
        debtWeight: weights.debt,
        lowPrice: prices.asset,
        fees: try inputs.number("liquidator_fee", orElse: 0.025)
          + (try inputs.number("insurance_fee", orElse: 0.025))
      )
    )
  }

  private static func price(_ inputs: CaseInputs) throws -> CaseValue? {
    let bias = try inputs.number("target_conf_fraction_after_multiplier", orElse: 0)
    let quantity = try inputs.number("target_qty")
    let weight = try inputs.number("target_maint_weight")
    let assets = try inputs.number("other_weighted_assets_usd", orElse: 0)
    let debts = try inputs.number("other_weighted_liabs_usd", orElse: 0)
    if inputs.text("target_side") == "borrow" {
      return CaseValue(
        MarginfiHealth.debtPrice(
          quantity: quantity,
          weight: weight,
          bias: bias,
          assets: assets,
          otherDebts: debts
        )
      )
    }
    return CaseValue(
      MarginfiHealth.depositPrice(
        quantity: quantity,
        weight: weight,
        bias: bias,
        otherAssets: assets,
        debts: debts
      )
    )
  }
}

/// Kamino's published cases.
enum KaminoCases {
  static func evaluate(
    _ kind: String,
    _ output: String,
    _ inputs: CaseInputs
  ) throws -> CaseValue? {
    switch kind {
    case "liquidation_bonus": return try bonus(inputs)
    case "health": return try health(output, inputs)
    case "liquidation_price", "spot_liquidation_price": return try price(inputs)
    case "partial_liquidation_size": return try size(inputs)
    case "liquidation_amounts", "partial_liquidation_result": return try amounts(output, inputs)
    case "protocol_fee":
      return CaseValue(
        KaminoLiquidation.protocolFee(
          withdrawn: UInt64(try inputs.whole("withdraw_amount")),
          bonus: try fraction(inputs, "bonus"),
          fee: try fraction(inputs, "protocol_liquidation_fee_pct")
        )
      )
    case "oracle_validity": return try validity(output, inputs)
    default: return nil
    }
  }

  /// A decimal as the program's fraction, truncated.
  private static func fraction(_ inputs: CaseInputs, _ name: String) throws -> KaminoFraction {
    .ratio(UInt64(try inputs.scaled(name, decimals: 15)), 1_000_000_000_000_000)
  }

  private static func bonuses(
    _ inputs: CaseInputs,
    _ name: String
  ) throws -> KaminoLiquidation.Bonuses {
    let numbers = try inputs.numbers(name).map { UInt64($0) }
    try #require(numbers.count == 3, "\(name)")
    return KaminoLiquidation.Bonuses(least: numbers[0], most: numbers[1], badDebt: numbers[2])
  }

  private static func bonus(_ inputs: CaseInputs) throws -> CaseValue? {
    if let growth = inputs.number(like: "increase", "per_day") {
      return .number(
        KaminoLiquidation.deleverageBonus(
          least: UInt64(inputs.number(like: "min", "bonus") ?? 50),
          growthPerDay: UInt64(growth),
          most: UInt64(inputs.number(like: "max", "bonus") ?? 65_535),
          days: try #require(inputs.number(like: "days")),
          plainLTV: try inputs.number("user_ltv_without_borrow_factor", "user_no_bf_ltv")
        )
      )
    }
    let collateral = try bonuses(inputs, "collateral_min_max_baddebt_bonus_bps")
    let debt = try bonuses(inputs, "debt_min_max_baddebt_bonus_bps")
    let cap = try inputs.whole("elevation_group_max_bonus_bps", orElse: 65_535)
    let group =
      cap == 65_535
      ? nil : KaminoLiquidation.groupCap(UInt64(cap), collateral: collateral, debt: debt)
    func bonus<Number: AmountNumber>(_ read: (String) throws -> Number) throws -> Number {
      KaminoLiquidation.bonus(
        ltv: try read("user_ltv"),
        plainLTV: try read("user_ltv_without_borrow_factor"),
        unhealthyLTV: try read("unhealthy_ltv"),
        collateral: collateral,
        debt: debt,
        groupCap: group
      )
    }
    let plain: Double = try bonus { try inputs.number($0) }
    let program: KaminoFraction = try bonus { try fraction(inputs, $0) }
    #expect((plain - program.double).magnitude < 1e-14)
    return .number(plain)
  }

  /// Values and weighted values of both sides.
  private static func sides(
    _ inputs: CaseInputs
  ) throws -> (deposits: Double, allowed: Double, debts: Double, weighted: Double) {
    var (deposits, allowed, debts, weighted) = (0.0, 0.0, 0.0, 0.0)
    for deposit in inputs.records("deposits") {
      let value = try deposit.number("qty", "quantity") * (try deposit.number("price"))
      deposits += value
      allowed += value * (try deposit.number("liquidation_threshold"))
    }
    for borrow in inputs.records("borrows") {
      let value = try borrow.number("qty", "quantity") * (try borrow.number("price"))
      debts += value
      weighted += value * (try borrow.number("borrow_factor", orElse: 1))
    }
    return (deposits, allowed, debts, weighted)
  }

  private static func health(_ output: String, _ inputs: CaseInputs) throws -> CaseValue? {
    var (ltv, plain, unhealthy) = (0.0, 0.0, 0.0)
    if inputs.has("deposits") {
      let sides = try sides(inputs)
      ltv = sides.weighted / sides.deposits
      plain = sides.debts / sides.deposits
      unhealthy = sides.allowed / sides.deposits
    } else {
      ltv = try inputs.number("user_ltv", "ltv")
      plain = try inputs.number("user_ltv_without_borrow_factor", orElse: ltv)
      unhealthy = try inputs.number("unhealthy_ltv", "liquidation_threshold", orElse: 1)
    }
    if output.contains("liquidatable") || output.contains("deleverag") {
      if let target = inputs.number(like: "target", "ltv") { return .flag(ltv > target) }
      if let decrease = inputs.number(like: "decrease", "per_day") {
        let days = try #require(inputs.number(like: "days"))
        unhealthy = KaminoLiquidation.deleverageThreshold(
          decreasePerDay: UInt64(decrease),
          days: days
        )
      }
      return .flag(KaminoLiquidation.isLiquidatable(ltv: ltv, unhealthyLTV: unhealthy))
    }
    if output.contains("unhealthy") { return .number(unhealthy) }
    if output.contains("no_bf") || output.contains("without") { return .number(plain) }
    return output.contains("ltv") ? .number(ltv) : nil
  }

  /// The price of one asset with all others standing still.
  ///
  /// The affine compiler answers the same for one leg a side; it should for the others once it
  /// takes cross accounts. Assets of one symbol move together.
  private static func price(_ inputs: CaseInputs) throws -> CaseValue? {
    guard case .list(let target)? = inputs.values["target"], target.count == 2,
      let side = target[0].written, let index = target[1].written.flatMap({ Int($0) })
    else { return nil }
    let legs = inputs.records(side == "deposit" ? "deposits" : "borrows")
    try #require(legs.indices.contains(index))
    let symbol = try #require(legs[index].text("symbol"))
    var (slope, rest) = (0.0, 0.0)
    for (name, weight, sign) in [
      ("deposits", "liquidation_threshold", 1.0), ("borrows", "borrow_factor", -1.0),
    ] {
      for leg in inputs.records(name) {
        let weighted = sign * (try leg.number("qty")) * (try leg.number(weight, orElse: 1))
        if leg.text("symbol") == symbol {
          slope += weighted
        } else {
          rest += weighted * (try leg.number("price"))
        }
      }
    }
    let price = -rest / slope
    return slope != 0 && price > 0 ? .number(price) : .nothing
  }

  private static func size(_ inputs: CaseInputs) throws -> CaseValue? {
    let debt = try inputs.number("this_borrow_value")
    return .number(
      KaminoLiquidation.largestRepayment(
        totalDebt: try inputs.number("total_debt_value"),
        debt: debt,
        ltv: try inputs.number("user_ltv"),
        closeFactor: try inputs.number("close_factor", orElse: 0.2),
        insolvencyLTV: try inputs.number("insolvency_ltv", orElse: 0.95),
        limit: try inputs.number("max_liquidatable_at_once", orElse: 500_000),
        leastFull: try inputs.number(
          "min_full_liquidation_value_threshold",
          "min_full_liquidation",
          orElse: inputs.has("close_factor") ? 0 : 2
        )
      )
    )
  }

  private static func amounts(_ output: String, _ inputs: CaseInputs) throws -> CaseValue? {
    let bonus = try #require(inputs.number(like: "bonus"))
    let share = inputs.number(like: "fraction") ?? inputs.number(like: "pct")
    let part = share.map { $0 * (inputs.number(like: "debt") ?? 1) }
    let repaid = try #require(
      part ?? inputs.number(like: "repay") ?? inputs.number(like: "repaid")
        ?? inputs.number(like: "debt")
    )
    let value = try inputs.number("collateral_value", orElse: .infinity)
    if inputs.has("collateral_amount", "deposited_amount") {
      let found = KaminoLiquidation.settle(
        repayment: repaid,
        borrowed: repaid,
        debtValue: try inputs.number("repay_value", "debt_value", orElse: repaid),
        collateral: UInt64(try inputs.whole("collateral_amount", "deposited_amount")),
        collateralValue: value,
        bonus: bonus
      )
      if output.contains("settle") { return .number(found.settled) }
      return CaseValue(output.contains("repa") ? found.repaid : found.withdrawn)
    }
    let gross = repaid * (1 + bonus)
    if output.contains("repa") || output.contains("settle") {
      return .number(gross > value ? repaid * (value / gross) : repaid)
    }
    return .number(min(gross, value))
  }

  private static func validity(_ output: String, _ inputs: CaseInputs) throws -> CaseValue? {
    func amount(_ names: [String]) throws -> UInt64? {
      for name in names where inputs.has(name) {
        return UInt64(try inputs.scaled(name, decimals: 8))
      }
      return nil
    }
    let price = try #require(try amount(["price"]))
    if let average = try amount(["twap"]) {
      return .flag(
        KaminoOracle.isNearAverage(
          price: price,
          average: average,
          bps: UInt64(try inputs.whole("max_twap_divergence_bps"))
        )
      )
    }
    let factor = UInt64(try inputs.whole("confidence_factor", orElse: 50))
    if let deviation = try amount(["stdev", "std_dev"]) {
      return .flag(
        KaminoOracle.isSwitchboardValid(price: price, deviation: deviation, factor: factor)
      )
    }
    if let confidence = try amount(["conf", "confidence"]) {
      return .flag(
        output.contains("switchboard")
          ? KaminoOracle.isSwitchboardValid(price: price, deviation: confidence, factor: factor)
          : KaminoOracle.isPythValid(price: price, confidence: confidence, factor: factor)
      )
    }
    guard inputs.has("lower", "upper") else { return nil }
    return .flag(
      KaminoOracle.isWithinBand(
        price: price,
        lower: try amount(["lower"]) ?? 0,
        upper: try amount(["upper"]) ?? 0
      )
    )
  }
}
