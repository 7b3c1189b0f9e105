// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Markets
import TestSupport
import Testing

/// Hyperliquid's published cases.
enum HyperliquidCases {
  static func evaluate(
    _ kind: String,
    _ output: String,
    _ inputs: CaseInputs
  ) throws -> CaseValue? {
    switch kind {
    case "maintenance_margin", "margin_requirement": return try margin(output, inputs)
    case "liquidation_price": return try price(output, inputs)
    case "health": return try health(output, inputs)
    case "backstop": return try backstop(output, inputs)
    case "partial_liquidation_size":
      return .number(
        HyperliquidMargin.firstOrderUSD(
          notional: try inputs.number("position_notional", "notional"),
          isInCooldown: inputs.flag("in_cooldown")
        )
      )
    case "adl_rank":
      return .number(
        HyperliquidMargin.deleveragingIndex(
          mark: try inputs.number("mark_price"),
          entry: try inputs.number("entry_price"),
          notional: try inputs.number("notional"),
          value: try inputs.number("account_value")
        )
      )
    case "funding": return try funding(output, inputs)
    case "portfolio_margin": return try portfolio(output, inputs)
    default: return nil
    }
  }

  private static func table(_ inputs: CaseInputs) throws -> MarginTable {
    var tiers: [MarginTable.Tier] = []
    for tier in inputs.records("margin_tiers", "tiers") {
      tiers.append(
        MarginTable.Tier(
          lowerUSD: try tier.number("lower_bound", "lower_usd", "lower"),
          rate: tier.has("max_leverage")
            ? 1 / (2 * (try tier.number("max_leverage"))) : try tier.number("maint_rate", "rate")
        )
      )
    }
    if tiers.isEmpty, !inputs.has("max_leverage"),
      let asset = inputs.text("asset", "coin", "symbol", "market")
    {
      return try published(asset)
    }
    if tiers.isEmpty {
      let leverage = try inputs.number("max_leverage")
      tiers.append(MarginTable.Tier(lowerUSD: 0, rate: 1 / (2 * leverage)))
    }
    return try MarginTable(tiers: tiers)
  }

  /// The table of an asset as the venue publishes it.
  private static func published(_ asset: String) throws -> MarginTable {
    let catalogue = try TestCatalogue.defaults()
    let index = try #require(catalogue.assets.index(of: asset), "\(asset)")
    let venue = try #require(catalogue.venues.first { $0.name == "hyperliquid" })
    let leg = Leg(venue: 0, asset: index, kind: .perp, quantity: 1)
    let health = try venue.rule.health(of: leg, in: LegContext(legs: [leg], confidenceRatio: 0))
    return health.table > 0
      ? catalogue.margins[health.table]
      : try MarginTable(tiers: [MarginTable.Tier(lowerUSD: 0, rate: 1 - health.slope)])
  }

  private static func margin(_ output: String, _ inputs: CaseInputs) throws -> CaseValue? {
    let table = try table(inputs)
    let notional =
      inputs.has("notional", "position_notional", "notional_usd")
      ? try inputs.number("notional", "position_notional", "notional_usd")
      : try inputs.number("signed_size", "size") * (try inputs.number("mark_price", "price"))
    let required = HyperliquidMargin.maintenance(notional.magnitude, table: table)
    guard output.contains("deduction") || output.contains("rate") else { return .number(required) }
    let line = table.lines.last {
      notional.magnitude * $0.rate - $0.deduction == required
    }
    guard let line else { return .nothing }
    return .number(output.contains("deduction") ? line.deduction : line.rate)
  }

  private static func price(_ output: String, _ inputs: CaseInputs) throws -> CaseValue? {
    CaseValue(
      HyperliquidMargin.liquidationPrice(
        size: try inputs.number("signed_size"),
        mark: try inputs.number("mark_price"),
        value: try inputs.number("account_value_at_mark"),
        otherMargin: try inputs.number("other_positions_maintenance_margin", orElse: 0),
        table: try table(inputs),
        share: output.contains("backstop") ? 2.0 / 3 : 1
      )
    )
  }

  private static func health(_ output: String, _ inputs: CaseInputs) throws -> CaseValue? {
    let value = try inputs.number("account_value", "account_value_at_mark")
    let required: Double
    if inputs.has("maintenance_margin") {
      required = try inputs.number("maintenance_margin")
    } else {
      guard case .number(let own)? = try margin("", inputs) else { return nil }
      required = own + (try inputs.number("other_positions_maintenance_margin", orElse: 0))
    }
    if output.contains("backstop") {
      return .flag(HyperliquidMargin.isBackstop(value: value, maintenance: required))
    }
    if output.contains("liquidat") { return .flag(value < required) }
    return .number(output.contains("ratio") ? required / value : value - required)
  }

  /// Whether the liquidator vault takes over, from which value on, or at which price.
  private static func backstop(_ output: String, _ inputs: CaseInputs) throws -> CaseValue? {
    if output.contains("price") { return try price("backstop", inputs) }
    if output.contains("threshold") || output.contains("equity") || output.contains("value") {
      let required =
        inputs.has("maintenance_margin")
        ? CaseValue.number(try inputs.number("maintenance_margin")) : try margin("", inputs)
      guard case .number(let needed)? = required else { return nil }
      return .number(HyperliquidMargin.backstopValue(maintenance: needed))
    }
    return try health("backstop", inputs)
  }

  private static func funding(_ output: String, _ inputs: CaseInputs) throws -> CaseValue? {
    func rate() throws -> Double {
      if inputs.has("funding_rate_8h", "rate_8h") {
        return try inputs.number("funding_rate_8h", "rate_8h")
      }
      if !inputs.has("impact_bid", "impact_bid_price"), let premium = inputs.number(like: "premium")
      {
        return HyperliquidMargin.fundingRate(
          premium: premium,
          interest: inputs.number(like: "interest") ?? 0.0001
        )
      }
      return HyperliquidMargin.fundingRate(
        premium: try premium(),
        interest: try inputs.number("interest_rate", "interest_rate_8h", orElse: 0.0001)
      )
    }
    func premium() throws -> Double {
      if inputs.has("premium", "average_premium", "avg_premium", "premium_index", "P") {
        return try inputs.number("premium", "average_premium", "avg_premium", "premium_index", "P")
      }
      return HyperliquidMargin.premium(
        impactBid: try inputs.number("impact_bid", "impact_bid_price"),
        impactAsk: try inputs.number("impact_ask", "impact_ask_price"),
        oracle: try inputs.number("oracle", "oracle_price")
      )
    }
    if output.contains("payment") {
      return .number(
        HyperliquidMargin.hourlyPayment(
          size: try inputs.number("signed_size", "size"),
          oracle: try inputs.number("oracle_price", "oracle"),
          fundingRate: try rate()
        )
      )
    }
    if output.contains("premium") { return .number(try premium()) }
    if output.contains("hour") || output.contains("1h") {
      return .number(HyperliquidMargin.hourlyRate(try rate()))
    }
    return .number(try rate())
  }

  private static func portfolio(_ output: String, _ inputs: CaseInputs) throws -> CaseValue? {
    if output.contains("borrowable") {
      return .number(
        HyperliquidMargin.borrowable(
          balance: try inputs.number("token_balance"),
          price: try inputs.number("borrow_oracle_price", "price"),
          loanToValue: try inputs.number("ltv")
        )
      )
    }
    if output.contains("threshold") {
      return .number(HyperliquidMargin.threshold(loanToValue: try inputs.number("ltv")))
    }
    if output.contains("rate") {
      return .number(
        HyperliquidMargin.borrowRate(
          utilisation: try inputs.number("utilization", "utilisation", "util")
        )
      )
    }
    if inputs.has("maintenance_requirement"), inputs.has("liquidation_value") {
      let ratio =
        try inputs.number("maintenance_requirement") / (try inputs.number("liquidation_value"))
      return output.contains("liquidatable") ? .flag(ratio > 0.95) : .number(ratio)
    }
    guard output.contains("liquidation_value") else { return nil }
    return .number(
      HyperliquidMargin.liquidationValue(
        balance: try inputs.number("balance", orElse: 0),
        borrowCap: try inputs.number("borrow_cap", orElse: .infinity),
        collateral: try inputs.number("token_balance", "collateral"),
        supplyCap: try inputs.number("supply_cap", orElse: .infinity),
        price: try inputs.number("borrow_oracle_price", "price"),
        threshold: HyperliquidMargin.threshold(loanToValue: try inputs.number("ltv"))
      )
    )
  }
}

/// Euler v2's published cases.
enum EulerCases {
  static func evaluate(
    _ kind: String,
    _ output: String,
    _ inputs: CaseInputs
  ) throws -> CaseValue? {
    guard
      [
        "health", "liquidation_amounts", "partial_liquidation_size", "liquidation_bonus",
        "partial_liquidation_result",
      ].contains(kind)
    else { return nil }
    let adjusted: Double
    let liability: Double
    var collateral = 0.0
    if inputs.has("collateral_qty") {
      collateral =
        try inputs.number("collateral_qty") * (try inputs.number("collateral_price"))
      adjusted = collateral * (try inputs.number("ltv"))
      liability = try inputs.number("debt_qty") * (try inputs.number("debt_price"))
    } else {
      adjusted = try inputs.number("adjusted_collateral_value")
      liability = try inputs.number("liability_value")
      collateral = try inputs.number("collateral_value", orElse: .infinity)
    }
    if output.contains("health") {
      return .number(EulerLiquidation.healthScore(adjusted: adjusted, liability: liability))
    }
    if output.contains("liquidatable") || output.contains("violation") {
      return .flag(EulerLiquidation.isLiquidatable(adjusted: adjusted, liability: liability))
    }
    let largest = try inputs.number("max_liquidation_discount", orElse: 0.2)
    if output.contains("factor") || output.contains("discount") {
      let factor = EulerLiquidation.discountFactor(
        adjusted: adjusted,
        liability: liability,
        largestDiscount: largest
      )
      return .number(output.contains("factor") ? factor : 1 - factor)
    }
    let amounts = EulerLiquidation.largest(
      collateral: collateral,
      adjusted: adjusted,
      liability: liability,
      largestDiscount: largest
    )
    if output.contains("yield") { return .number(amounts.yielded) }
    return output.contains("repay") ? .number(amounts.repaid) : nil
  }
}

/// Aave v4's published cases.
enum AaveCases {
  static func evaluate(
    _ kind: String,
    _ output: String,
    _ inputs: CaseInputs
  ) throws -> CaseValue? {
    switch kind {
    case "liquidation_bonus":
      return .number(
        AaveLiquidation.bonus(
          healthFactor: try inputs.number("hf", "health_factor"),
          most: try inputs.number("max_lb", "max_liquidation_bonus"),
          factor: try inputs.number("factor", "liquidation_bonus_factor"),
          healthForMost: try inputs.number("hf_for_max_bonus")
        )
      )
    case "partial_liquidation_size", "liquidation_amounts":
      let debt = try inputs.number("total_debt_value", "debt_value")
      let target = AaveLiquidation.debtToTarget(
        debt: debt,
        target: try inputs.number("target_hf"),
        healthFactor: try inputs.number("hf", "health_factor"),
        bonus: try inputs.number("liquidation_bonus"),
        collateralFactor: try inputs.number("collateral_factor")
      )
      if output.contains("target") { return .number(target) }
      return .number(
        AaveLiquidation.largestRepayment(
          reserveDebt: try inputs.number(
            "reserve_debt_value",
            "debt_reserve_balance",
            orElse: debt
          ),
          toTarget: target,
          cover: try inputs.number("debt_to_cover", orElse: .infinity)
        )
      )
    case "health":
      let factor =
        inputs.has("hf", "health_factor")
        ? try inputs.number("hf", "health_factor")
        : AaveLiquidation.healthFactor(
          weightedCollateral: inputs.has("weighted_collateral_value")
            ? try inputs.number("weighted_collateral_value")
            : try inputs.number("collateral_value") * (try inputs.number("collateral_factor")),
          debt: try inputs.number("total_debt_value", "debt_value")
        )
      return output.contains("liquidatable")
        ? .flag(AaveLiquidation.isLiquidatable(healthFactor: factor)) : .number(factor)
    default: return nil
    }
  }
}

/// Maker's and Sky's published cases.
enum MakerCases {
  static func evaluate(
    _ kind: String,
    _ output: String,
    _ inputs: CaseInputs
  ) throws -> CaseValue? {
    switch kind {
    case "auction_take", "liquidation_amounts": return try take(output, inputs)
    case "keeper_incentive":
      guard inputs.has("chost") else {
        return .number(
          MakerAuction.incentive(
            tip: try inputs.number("tip"),
            chip: try inputs.number("chip"),
            tab: try inputs.number("tab")
          )
        )
      }
      return .number(
        MakerAuction.redoIncentive(
          tip: try inputs.number("tip"),
          chip: try inputs.number("chip"),
          tab: try inputs.number("tab"),
          lot: try inputs.number("lot"),
          feed: try inputs.number("feed", "price"),
          chost: try inputs.number("chost")
        )
      )
    case "auction_start":
      return .number(
        MakerAuction.startPrice(
          feed: try inputs.number("feed", "price"),
          buffer: try inputs.number("buf"),
          par: try inputs.number("par", orElse: 1)
        )
      )
    case "auction_price":
      if inputs.has("tau") {
        return .number(
          MakerAuction.linearPrice(
            top: try inputs.number("top"),
            elapsed: try inputs.number("elapsed"),
            tau: try inputs.number("tau")
          )
        )
      }
      return CaseValue(
        MakerAuction.stairPrice(
          top: UInt128(try inputs.whole("top_ray")),
          cut: UInt128(try inputs.whole("cut_ray")),
          step: UInt64(try inputs.whole("step", orElse: 1)),
          elapsed: UInt64(try inputs.whole("elapsed"))
        )
      )
    case "auction_reset":
      let top = try inputs.number("top", orElse: 1)
      let elapsed = try inputs.number("elapsed")
      let price =
        inputs.has("price")
        ? try inputs.number("price")
        : MakerAuction.linearPrice(top: top, elapsed: elapsed, tau: try inputs.number("tau"))
      return .flag(
        MakerAuction.needsRedo(
          elapsed: elapsed,
          tail: try inputs.number("tail"),
          price: price,
          top: top,
          cusp: try inputs.number("cusp")
        )
      )
    case "health":
      return .flag(
        MakerAuction.isUnsafe(
          ink: try inputs.number("ink"),
          spot: try inputs.number("spot"),
          art: try inputs.number("art"),
          rate: try inputs.number("rate", orElse: 1)
        )
      )
    case "partial_liquidation_size":
      return .number(
        MakerAuction.auctionedDebt(
          art: try inputs.number("art"),
          room: try inputs.number("room"),
          rate: try inputs.number("rate", orElse: 1),
          penalty: try inputs.number("chop", "penalty"),
          dust: try inputs.number("dust", orElse: 0)
        )
      )
    default: return nil
    }
  }

  private static func take(_ output: String, _ inputs: CaseInputs) throws -> CaseValue? {
    let found = MakerAuction.take(
      tab: try inputs.number("tab"),
      lot: try inputs.number("lot"),
      amount: try inputs.number("amt"),
      price: try inputs.number("price"),
      chost: try inputs.number("chost")
    )
    if output.contains("revert") { return .flag(found == nil) }
    guard let found else { return .nothing }
    switch output {
    case "owe": return .number(found.owe)
    case "slice": return .number(found.slice)
    case "tab_left", "tab_after": return .number(found.tabLeft)
    case "lot_left", "lot_after": return .number(found.lotLeft)
    case let name where name.contains("return"): return .number(found.returned)
    default: return nil
    }
  }
}
