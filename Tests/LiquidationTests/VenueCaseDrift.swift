// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Markets
import Testing

/// Drift v2's published cases by the integers of the program.
enum DriftCases {
  static func evaluate(
    _ kind: String,
    _ output: String,
    _ inputs: CaseInputs
  ) throws -> CaseValue? {
    switch kind {
    case "liquidation_price", "spot_liquidation_price", "health":
      return try Account(inputs)?.answer(output)
    case "margin_requirement", "maintenance_margin": return try requirement(output, inputs)
    case "partial_liquidation_size": return try size(output, inputs)
    case "partial_liquidation_result", "liquidation_amounts": return try result(output, inputs)
    case "if_fee": return try insuranceFee(inputs)
    case "liquidator_fee": return try liquidatorFee(inputs)
    case "spot_weight": return try weight(output, inputs)
    case "bankruptcy": return try bankruptcy(inputs)
    case "oracle_validity": return try validity(output, inputs)
    default: return nil
    }
  }

  private static func unsigned(_ value: Int128) throws -> UInt64 {
    try #require(UInt64(exactly: value), "\(value)")
  }

  // MARK: - Accounts

  /// One perp, one spot position that is solved for, or both, against USDC.
  private struct Account {
    var collateral: Int128 = 0
    var requirement: Int128 = 0
    var slope: Int128 = 0
    var oracle: UInt64 = 0
    var isSpotPrice = false

    /// Nil when the inputs are none of an account.
    init?(_ inputs: CaseInputs) throws {
      if inputs.has("perp_oracle_price_1e6") {
        try addPerp(inputs)
      } else if inputs.has("sol_price", "spot_price", "price", "oracle_price_1e6") {
        try addSpot(inputs)
      } else {
        return nil
      }
    }

    /// A cross account by the venue's own formulas; the affine compiler answers the same for rows
    /// of one perp, and should for these once it takes cross accounts (DRIFT-004, -005, -009,
    /// -010).
    private mutating func addPerp(_ inputs: CaseInputs) throws {
      oracle = try unsigned(try inputs.whole("perp_oracle_price_1e6"))
      let quote = try unsigned(try inputs.whole("quote_oracle_price_1e6", orElse: 1_000_000))
      let base = try #require(Int64(exactly: try inputs.whole("base_asset_amount_1e9")))
      let paid = try #require(Int64(exactly: try inputs.whole("quote_asset_amount_1e6", orElse: 0)))
      let usdc = try inputs.whole("usdc_deposit_1e6", orElse: 0)
      add(usdc * Int128(quote) / 1_000_000)
      let ratio = DriftMargin.withSizePremium(
        try unsigned(try inputs.whole("maintenance_margin_ratio_1e4", "maint_ratio_1e4")),
        sizeRoot: DriftMargin.sizeRoot(UInt128(base.magnitude)),
        imf: try unsigned(try inputs.whole("imf_factor_1e6", orElse: 0))
      )
      let profit = try #require(
        DriftMargin.unrealizedProfit(base: base, quote: paid, price: oracle)
      )
      collateral += profit * Int128(quote) / 1_000_000
      let needed = DriftMargin.perpRequirement(
        worstCaseBase: Int128(base),
        price: oracle,
        quotePrice: quote,
        ratio: ratio,
        openOrders: try unsigned(try inputs.whole("open_orders", orElse: 0))
      )
      requirement += Int128(try #require(needed))
      if base != 0 {
        slope += try #require(DriftLiquidationPrice.perpSlope(base: base, ratio: ratio))
      }
      let same = inputs.text("spot_symbol_with_same_oracle_as_perp")
      for spot in inputs.records("spot_positions") {
        let isSame = base != 0 && spot.text("symbol") == same
        try add(
          spot: try spot.scaled("amount", decimals: 9),
          price: try unsigned(try spot.whole("oracle_price_1e6")),
          assetWeight: try unsigned(try spot.whole("maint_asset_weight_1e4")),
          liabilityWeight: try unsigned(try spot.whole("maint_liab_weight_1e4")),
          movesWithPrice: isSame
        )
      }
    }

    private mutating func addSpot(_ inputs: CaseInputs) throws {
      isSpotPrice = true
      oracle = try unsigned(
        inputs.has("oracle_price_1e6")
          ? try inputs.whole("oracle_price_1e6")
          : try inputs.scaled("sol_price", "spot_price", "price", decimals: 6)
      )
      add(try inputs.scaled("usdc_deposit", decimals: 6, orElse: 0))
      add(-(try inputs.scaled("usdc_borrow", decimals: 6, orElse: 0)))
      let borrow = try inputs.scaled("sol_borrow", "borrow", decimals: 9, orElse: 0)
      let deposit = try inputs.scaled("sol_deposit", "deposit", decimals: 9, orElse: 0)
      let asset = try inputs.scaled(
        "maint_asset_weight",
        "asset_weight",
        decimals: 4,
        orElse: 9_000
      )
      let liability = try inputs.scaled(
        "maint_liab_weight",
        "liability_weight",
        decimals: 4,
        orElse: 11_000
      )
      for amount in [deposit, -borrow] where amount != 0 {
        try add(
          spot: amount,
          price: oracle,
          assetWeight: try unsigned(asset),
          liabilityWeight: try unsigned(liability),
          movesWithPrice: true
        )
      }
    }

    /// USDC: weight 1 on both sides.
    private mutating func add(_ usdc: Int128) {
      if usdc > 0 { collateral += usdc } else { requirement -= usdc }
    }

    private mutating func add(
      spot amount: Int128,
      price: UInt64,
      assetWeight: UInt64,
      liabilityWeight: UInt64,
      movesWithPrice: Bool
    ) throws {
      let value = try #require(
        DriftMargin.tokenValue(amount: amount, decimals: 9, price: price)
      )
      let weight = amount < 0 ? liabilityWeight : assetWeight
      let weighted = Int128(value) * Int128(weight) / 10_000
      if amount < 0 { requirement += weighted } else { collateral += weighted }
      guard movesWithPrice else { return }
      slope += try #require(
        DriftLiquidationPrice.spotSlope(amount: amount, decimals: 9, weight: weight)
      )
    }

    private func unsigned(_ value: Int128) throws -> UInt64 { try DriftCases.unsigned(value) }

    func answer(_ output: String) -> CaseValue? {
      let free = DriftLiquidationPrice.freeCollateral(total: collateral, requirement: requirement)
      if output.contains("health") {
        return .whole(
          Int128(
            DriftMargin.healthPercent(
              collateral: Double(collateral),
              requirement: Double(requirement)
            )
          )
        )
      }
      if output.contains("price") {
        return CaseValue(
          DriftLiquidationPrice.price(oracle: oracle, freeCollateral: free, slope: slope)
        )
      }
      if output.contains("free") { return .whole(free) }
      if output.contains("requirement") { return .whole(requirement) }
      if output.contains("collateral") { return .whole(collateral) }
      if output.contains("liquidat") { return .flag(collateral < requirement) }
      return nil
    }
  }

  // MARK: - Margin

  private static func requirement(_ output: String, _ inputs: CaseInputs) throws -> CaseValue? {
    let isInitial = output.hasPrefix("initial")
    let ratio =
      isInitial
      ? try inputs.whole("init_ratio_1e4", "initial_ratio_1e4")
      : try inputs.whole("maint_ratio_1e4", "maintenance_margin_ratio_1e4", "margin_ratio_1e4")
    let imf = try unsigned(try inputs.whole("imf_factor_1e6", orElse: 0))
    let positions = inputs.records("positions")
    var total: UInt128 = 0
    for position in positions.isEmpty ? [inputs] : positions {
      func base(_ name: String) throws -> Int64 {
        let amount =
          position.has("\(name)_1e9")
          ? try position.whole("\(name)_1e9")
          : try position.scaled(name, decimals: 9, orElse: name == "base" ? nil : 0)
        return try #require(Int64(exactly: amount))
      }
      let worst = DriftMargin.worstCaseBase(
        try base("base"),
        openBids: try base("open_bids"),
        openAsks: -Int64(clamping: try base("open_asks").magnitude)
      )
      let price =
        position.has("price")
        ? try position.scaled("price", decimals: 6) : try position.whole("oracle_price_1e6")
      let sized = DriftMargin.withSizePremium(
        try unsigned(ratio),
        sizeRoot: DriftMargin.sizeRoot(worst.magnitude),
        imf: imf
      )
      if output.contains("ratio") { return CaseValue(sized) }
      total += try #require(
        DriftMargin.perpRequirement(
          worstCaseBase: worst,
          price: try unsigned(price),
          quotePrice: try unsigned(try inputs.whole("quote_oracle_price_1e6", orElse: 1_000_000)),
          ratio: sized,
          openOrders: try unsigned(try position.whole("open_orders", orElse: 0))
        )
      )
    }
    return CaseValue(total)
  }

  private static func weight(_ output: String, _ inputs: CaseInputs) throws -> CaseValue? {
    if inputs.has("scale_initial_asset_weight_start_1e6") {
      let deposits =
        try inputs.scaled("deposits_tokens", "deposits", decimals: 9)
        * (try inputs.whole("price_1e6", "oracle_price_1e6")) / 1_000_000_000
      return CaseValue(
        DriftMargin.scaledInitialWeight(
          try unsigned(try inputs.whole("initial_asset_weight_1e4", "asset_weight_1e4")),
          depositsUSD: UInt128(deposits),
          startUSD: UInt128(try inputs.whole("scale_initial_asset_weight_start_1e6"))
        )
      )
    }
    let size =
      inputs.has("size_1e9", "amount_1e9", "base_asset_amount_1e9")
      ? try inputs.whole("size_1e9", "amount_1e9", "base_asset_amount_1e9")
      : try inputs.scaled("size", "amount", "size_tokens", "tokens", "deposit_tokens", decimals: 9)
    let root = DriftMargin.sizeRoot(UInt128(size.magnitude))
    let imf = try unsigned(try inputs.whole("imf_factor_1e6", "imf_1e6", "imf_factor", orElse: 0))
    let isAsset = output.contains("asset")
    let weight = try unsigned(
      isAsset
        ? try inputs.whole("asset_weight_1e4", "maint_asset_weight_1e4", "weight_1e4")
        : try inputs.whole(
          "liability_weight_1e4",
          "maint_liab_weight_1e4",
          "margin_ratio_1e4",
          "maint_ratio_1e4",
          "weight_1e4"
        )
    )
    return CaseValue(
      isAsset
        ? DriftMargin.withSizeDiscount(weight, sizeRoot: root, imf: imf)
        : DriftMargin.withSizePremium(weight, sizeRoot: root, imf: imf)
    )
  }

  // MARK: - Sizes

  private static func size(_ output: String, _ inputs: CaseInputs) throws -> CaseValue? {
    let shortage = UInt128(try inputs.whole("margin_shortage_1e6"))
    let insurance = try unsigned(try inputs.whole("if_fee_1e6", orElse: 0))
    if inputs.has("margin_ratio_with_buffer_1e4", "margin_ratio_1e4") {
      return CaseValue(
        DriftLiquidationSize.baseToCover(
          shortage: shortage,
          ratio: try unsigned(
            try inputs.whole("margin_ratio_with_buffer_1e4", "margin_ratio_1e4")
          ),
          liquidatorFee: try unsigned(try inputs.whole("liquidator_fee_1e6", orElse: 0)),
          insuranceFee: insurance,
          price: try unsigned(try inputs.whole("oracle_price_1e6")),
          quotePrice: try unsigned(try inputs.whole("quote_oracle_price_1e6", orElse: 1_000_000))
        )
      )
    }
    if inputs.has("asset_weight_1e4") {
      let transfer = DriftLiquidationSize.liabilityToCover(
        shortage: shortage,
        assetWeight: try unsigned(try inputs.whole("asset_weight_1e4")),
        assetMultiplier: try unsigned(try inputs.whole("asset_liq_multiplier_1e6")),
        liabilityWeight: try unsigned(try inputs.whole("liability_weight_1e4")),
        liabilityMultiplier: try unsigned(try inputs.whole("liability_liq_multiplier_1e6")),
        decimals: Int(try inputs.whole("liability_decimals")),
        price: try unsigned(try inputs.whole("liability_price_1e6")),
        insuranceFee: insurance
      )
      guard let transfer else { return .nothing }
      return .wide(high: 0, low: transfer)
    }
    guard inputs.has("slots_elapsed") else { return nil }
    return CaseValue(
      DriftLiquidationSize.largestShare(
        shortage: shortage,
        freed: UInt128(try inputs.whole("margin_freed_1e6", orElse: 0)),
        slotsElapsed: try unsigned(try inputs.whole("slots_elapsed")),
        initialShare: try unsigned(try inputs.whole("initial_pct_1e4")),
        durationSlots: try unsigned(try inputs.whole("liquidation_duration_slots"))
      )
    )
  }

  private static func result(_ output: String, _ inputs: CaseInputs) throws -> CaseValue? {
    let base = try #require(Int64(exactly: try inputs.whole("user_base_1e9")))
    let root = DriftMargin.sizeRoot(UInt128(base.magnitude))
    var market = DriftPerpLiquidation.Market(
      price: try unsigned(try inputs.whole("oracle_price_1e6")),
      ratio: DriftMargin.withSizePremium(
        try unsigned(try inputs.whole("maint_ratio_1e4")),
        sizeRoot: root,
        imf: try unsigned(try inputs.whole("imf_factor_1e6", orElse: 0))
      ),
      bufferRatio: try unsigned(try inputs.whole("liquidation_buffer_1e4", orElse: 200)),
      liquidatorFee: try unsigned(try inputs.whole("liquidator_fee_1e6", orElse: 0)),
      insuranceFeeCap: try unsigned(try inputs.whole("max_if_fee_1e6", "if_fee_1e6", orElse: 0))
    )
    market.quotePrice = try unsigned(try inputs.whole("quote_oracle_price_1e6", orElse: 1_000_000))
    market.step = try unsigned(try inputs.whole("order_step_size", "step_size_1e9", orElse: 1))
    let limit =
      inputs.has("liquidator_max_base_1e9")
      ? try unsigned(try inputs.whole("liquidator_max_base_1e9")) : .max
    let account = DriftPerpLiquidation.Account(
      base: base,
      quote: try #require(Int64(exactly: try inputs.whole("user_quote_1e6"))),
      collateral: try inputs.whole("usdc_deposit_1e6", orElse: 0)
    )
    let found = DriftPerpLiquidation(of: account, in: market, limit: limit)
    guard let found else { return .nothing }
    switch output {
    case let name where name.contains("user_base"): return CaseValue(found.userBaseAfter)
    case let name where name.contains("user_quote"): return CaseValue(found.userQuoteAfter)
    case let name where name.contains("liquidator_base"): return CaseValue(found.liquidatorBase)
    case let name where name.contains("liquidator_quote"): return CaseValue(found.liquidatorQuote)
    case let name where name.contains("if_fee_rate"): return CaseValue(found.insuranceShare)
    case let name where name.contains("if_fee") || name.contains("insurance"):
      return CaseValue(found.insuranceFee)
    case let name where name.contains("total_liquidation_fee"): return CaseValue(found.insuranceFee)
    case let name where name.contains("liquidator_fee"): return CaseValue(found.liquidatorFee)
    case let name where name.contains("shortage"): return CaseValue(found.shortage)
    case let name where name.contains("base"): return CaseValue(found.base)
    case let name where name.contains("ratio"):
      let after = account.collateral + Int128(found.userQuoteAfter)
      let profit =
        after + Int128(found.userBaseAfter) * Int128(market.price) / 1_000_000_000
      let value = DriftMargin.perpValue(base: Int128(found.userBaseAfter), price: market.price)
      guard let value, value > 0 else { return .nothing }
      return .whole(profit * 10_000 / Int128(value))
    case let name where name.contains("collateral"):
      return .whole(
        account.collateral + Int128(found.userQuoteAfter) + Int128(found.userBaseAfter)
          * Int128(market.price) / 1_000_000_000
      )
    default: return nil
    }
  }

  // MARK: - Fees

  private static func insuranceFee(_ inputs: CaseInputs) throws -> CaseValue {
    let shortage = UInt128(try inputs.whole("margin_shortage_1e6"))
    let cap = try unsigned(try inputs.whole("max_if_fee_1e6"))
    if inputs.has("base_asset_amount_1e9") {
      return CaseValue(
        DriftFees.perpInsurance(
          shortage: shortage,
          base: try unsigned(try inputs.whole("base_asset_amount_1e9")),
          ratio: try unsigned(
            try inputs.whole("margin_ratio_1e4", "margin_ratio_with_buffer_1e4")
          ),
          liquidatorFee: try unsigned(try inputs.whole("liquidator_fee_1e6")),
          price: try unsigned(try inputs.whole("oracle_price_1e6")),
          quotePrice: try unsigned(try inputs.whole("quote_oracle_price_1e6", orElse: 1_000_000)),
          cap: cap
        )
      )
    }
    return CaseValue(
      DriftFees.spotInsurance(
        shortage: shortage,
        tokens: UInt128(try inputs.whole("token_amount")),
        assetWeight: try unsigned(try inputs.whole("asset_weight_1e4")),
        assetMultiplier: try unsigned(try inputs.whole("asset_liq_multiplier_1e6")),
        liabilityWeight: try unsigned(try inputs.whole("liability_weight_1e4")),
        liabilityMultiplier: try unsigned(try inputs.whole("liability_liq_multiplier_1e6")),
        decimals: Int(try inputs.whole("liability_decimals")),
        price: try unsigned(try inputs.whole("liability_price_1e6")),
        cap: cap
      )
    )
  }

  private static func liquidatorFee(_ inputs: CaseInputs) throws -> CaseValue? {
    guard inputs.has("base_fee_1e6") else {
      guard inputs.has("liquidator_fee_1e6") else { return nil }
      return CaseValue(
        DriftFees.largestLiquidator(
          fee: try unsigned(try inputs.whole("liquidator_fee_1e6")),
          maintenanceRatio: try unsigned(try inputs.whole("maint_ratio_1e4", "margin_ratio_1e4"))
        )
      )
    }
    return CaseValue(
      DriftFees.liquidator(
        base: try unsigned(try inputs.whole("base_fee_1e6")),
        largest: try unsigned(try inputs.whole("max_fee_1e6")),
        lastActiveSlot: try unsigned(try inputs.whole("last_active_slot", orElse: 0)),
        currentSlot: try unsigned(try inputs.whole("current_slot", "slots_elapsed"))
      )
    )
  }

  // MARK: - Losses and prices

  private static func bankruptcy(_ inputs: CaseInputs) throws -> CaseValue? {
    if inputs.has("borrow_tokens", "loss_tokens", "borrow") {
      let delta = DriftBankruptcy.depositInterestDelta(
        loss: UInt128(
          try inputs.scaled("borrow_tokens", "loss_tokens", "borrow", decimals: 9).magnitude
        ),
        deposits: UInt128(try inputs.scaled("deposits_tokens", "deposits", decimals: 9)),
        interest: UInt128(try inputs.whole("cumulative_deposit_interest"))
      )
      return CaseValue(delta)
    }
    let loss =
      inputs.has("loss_1e6", "loss_quote_1e6")
      ? try inputs.whole("loss_1e6", "loss_quote_1e6")
      : try inputs.scaled("loss", "loss_usd", "loss_quote", decimals: 6)
    func side(_ names: [String]) throws -> Int128 {
      for name in names {
        if inputs.has("\(name)_1e9") { return try inputs.whole("\(name)_1e9") }
        if inputs.has(name) { return try inputs.scaled(name, decimals: 9) }
      }
      return 0
    }
    let total = try side(["open_interest", "total_base"]).magnitude
    let long = try side(["base_long", "base_asset_amount_long", "long_base", "long"]).magnitude
    let short = try side(["base_short", "base_asset_amount_short", "short_base", "short"]).magnitude
    return CaseValue(
      DriftBankruptcy.fundingRateDelta(loss: loss, openInterest: total + long + short)
    )
  }

  private static func validity(_ output: String, _ inputs: CaseInputs) throws -> CaseValue? {
    func price(_ names: [String]) throws -> Int128? {
      for name in names {
        if inputs.has("\(name)_1e6") { return try inputs.whole("\(name)_1e6") }
        if inputs.has(name) { return try inputs.scaled(name, decimals: 6) }
      }
      return nil
    }
    let present = try #require(try price(["price", "oracle_price"]))
    let multipliers: [String: UInt64] = [
      "C": 2, "Speculative": 10, "HighlySpeculative": 50, "Isolated": 50, "Cross": 5,
      "Unlisted": 50,
    ]
    let tier = inputs.text("tier", "contract_tier", "asset_tier") ?? "A"
    let found = DriftOracleValidity(
      price: Int64(clamping: present),
      average: Int64(
        clamping: try price(["twap", "last_oracle_twap", "oracle_twap"]) ?? present
      ),
      confidence: UInt64(
        clamping: try price(["conf", "confidence", "oracle_conf"]) ?? 0
      ),
      delaySlots: Int64(
        clamping: try inputs.whole("delay", "delay_slots", "oracle_delay", orElse: 0)
      ),
      multiplier: multipliers[tier] ?? 1,
      hasEnoughDataPoints: !inputs.has("has_sufficient_data_points", "sufficient_data_points")
        || inputs.flag("has_sufficient_data_points", "sufficient_data_points")
    )
    if output.contains("liquidat") { return .flag(found.allowsLiquidation) }
    if output.contains("margin") { return .flag(found.allowsMargin) }
    if output.hasPrefix("is_valid") { return .flag(found == .valid) }
    return .word(found.rawValue)
  }
}
