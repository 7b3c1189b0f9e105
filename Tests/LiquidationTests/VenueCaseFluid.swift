// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Markets
import Testing

/// Published cases of Jupiter Lend and Fluid by the integers of the programs.
enum FluidCases {
  static func evaluate(
    _ kind: String,
    _ output: String,
    _ inputs: CaseInputs
  ) throws -> CaseValue? {
    switch kind {
    case "position_tick": return CaseValue(try position(inputs).tick)
    case "tick_math": return try math(output, inputs)
    case "ticks_from_oracle": return try ticks(output, inputs)
    case "absorb", "health": return try state(output, inputs)
    case "liquidation_amounts", "partial_liquidation_size", "partial_liquidation_result":
      return try amounts(output, inputs)
    case "liquidation_price", "spot_liquidation_price": return try price(output, inputs)
    case "oracle_validity":
      return .flag(
        FluidVault.isPriceValid(
          price: try inputs.number("price"),
          confidence: try inputs.number("conf", "confidence", orElse: 0),
          ageSeconds: inputs.number(like: "age") ?? 0,
          isLiquidation: output.contains("liquidat") || inputs.flag("is_liquidation")
            || inputs.text("action", "operation", "mode") == "liquidate"
        )
      )
    default: return nil
    }
  }

  private static func unsigned(_ value: Int128) throws -> UInt128 {
    try #require(UInt128(exactly: value), "\(value)")
  }

  private struct Position {
    var collateral: UInt128
    var debt: UInt128
    var tick: Int? { FluidVault.positionTick(rawCollateral: collateral, rawDebt: debt) }
  }

  private static func exchange(_ inputs: CaseInputs, _ name: String) throws -> UInt128 {
    try unsigned(try inputs.scaled(name, decimals: 12, orElse: 1_000_000_000_000))
  }

  private static func position(_ inputs: CaseInputs) throws -> Position {
    let collateral = FluidVault.rawCollateral(
      try unsigned(try inputs.scaled("collateral", "col", decimals: 9)),
      exchangePrice: try exchange(inputs, "supply_exchange_price")
    )
    let debt = FluidVault.rawDebt(
      try unsigned(try inputs.scaled("debt", decimals: 9)),
      exchangePrice: try exchange(inputs, "borrow_exchange_price")
    )
    return Position(collateral: try #require(collateral), debt: try #require(debt))
  }

  private static func math(_ output: String, _ inputs: CaseInputs) throws -> CaseValue? {
    if inputs.has("ratio_x48", "ratio") {
      let ratio = try unsigned(try inputs.whole("ratio_x48", "ratio"))
      return CaseValue(FluidTicks.tick(at: ratio)?.index)
    }
    guard inputs.has("tick") else {
      // The count of ticks that do not come back.
      guard output.contains("count") || output.contains("mismatch") else { return nil }
      let ticks = -FluidTicks.largestTick...FluidTicks.largestTick
      return CaseValue(
        ticks.count { tick in
          FluidTicks.ratio(at: tick).flatMap { FluidTicks.tick(at: $0)?.index } != tick
        }
      )
    }
    let tick = Int(try inputs.whole("tick"))
    if output.contains("tick_at") {
      return CaseValue(FluidTicks.ratio(at: tick).flatMap { FluidTicks.tick(at: $0)?.index })
    }
    let shift = try inputs.whole("shift", orElse: 48)
    if output.contains("x96") || shift == 96 {
      guard let ratio = FluidTicks.ratioX96(at: tick) else { return .nothing }
      return .wide(high: ratio.high, low: ratio.low)
    }
    return CaseValue(FluidTicks.ratio(at: tick))
  }

  /// Debt per collateral by the oracle, in 1e-15.
  private static func rate(_ inputs: CaseInputs) throws -> UInt128 {
    if inputs.has("rate_1e15", "exchange_rate_1e15", "oracle_debt_per_col_1e15") {
      return try unsigned(
        try inputs.whole("rate_1e15", "exchange_rate_1e15", "oracle_debt_per_col_1e15")
      )
    }
    return try unsigned(
      try inputs.scaled(
        "oracle_debt_per_col",
        "oracle_price",
        "oracle",
        "price",
        "debt_per_col",
        decimals: 15
      )
    )
  }

  private static func tick(_ inputs: CaseInputs, share: String) throws -> Int? {
    let debt = FluidVault.debtPerCollateral(
      rate: try rate(inputs),
      supplyExchangePrice: try exchange(inputs, "supply_exchange_price"),
      borrowExchangePrice: try exchange(inputs, "borrow_exchange_price")
    )
    guard let debt else { return nil }
    let share =
      inputs.has("\(share)_1e3")
      ? try inputs.whole("\(share)_1e3") : try inputs.scaled(share, decimals: 3)
    return FluidVault.tick(debtPerCollateral: debt, share: UInt64(share))
  }

  private static func ticks(_ output: String, _ inputs: CaseInputs) throws -> CaseValue? {
    let isLimit = output.contains("max") || output.contains("limit") || output.contains("absorb")
    return CaseValue(
      try tick(inputs, share: isLimit ? "liquidation_max_limit" : "liquidation_threshold")
    )
  }

  private static func state(_ output: String, _ inputs: CaseInputs) throws -> CaseValue? {
    let own =
      inputs.has("position_tick", "tick")
      ? Int(try inputs.whole("position_tick", "tick")) : try position(inputs).tick
    guard let own else { return .nothing }
    if output.contains("absorb") {
      guard let limit = try tick(inputs, share: "liquidation_max_limit") else { return .nothing }
      return .flag(FluidVault.isAbsorbed(tick: own, largestTick: limit))
    }
    if output.contains("liquidat") {
      guard let limit = try tick(inputs, share: "liquidation_threshold") else { return .nothing }
      return .flag(FluidVault.isLiquidatable(tick: own, liquidationTick: limit))
    }
    return output.contains("tick") ? .whole(Int128(own)) : nil
  }

  private static func penalty(_ inputs: CaseInputs) throws -> UInt64 {
    if inputs.has("liquidation_penalty_1e4", "penalty_1e4") {
      return UInt64(try inputs.whole("liquidation_penalty_1e4", "penalty_1e4"))
    }
    return UInt64(
      try inputs.scaled("liquidation_penalty", "penalty", decimals: 4, orElse: 0)
    )
  }

  private static func amounts(_ output: String, _ inputs: CaseInputs) throws -> CaseValue? {
    let penalty = try penalty(inputs)
    let paid = try #require(
      FluidVault.collateralPerDebt(
        rate: try rate(inputs),
        supplyExchangePrice: try exchange(inputs, "supply_exchange_price"),
        borrowExchangePrice: try exchange(inputs, "borrow_exchange_price"),
        penalty: penalty
      )
    )
    if output.contains("col_per_debt") {
      // The program's integer has 15 decimals, the published number more.
      let plain = FluidVault.collateralPerDebt(
        rate: Double(try rate(inputs)) / 1e15,
        penalty: Double(penalty) / 1e4
      )
      #expect((plain - Double(paid) / 1e15).magnitude < 2e-15)
      return .number(plain)
    }
    guard let limit = try tick(inputs, share: "liquidation_threshold") else { return .nothing }
    if output.contains("tick") { return .whole(Int128(limit)) }
    return try branch(output, inputs, to: limit, collateralPerDebt: paid)
  }

  /// The debt that brings all positions above the threshold down to it.
  private static func branch(
    _ output: String,
    _ inputs: CaseInputs,
    to limit: Int,
    collateralPerDebt paid: UInt128
  ) throws -> CaseValue? {
    var positions: [Position] = []
    let records = inputs.records("positions")
    if records.isEmpty, case .list(let debts)? = inputs.values["debts"] {
      let shared = try inputs.scaled(
        "collateral",
        "collateral_each",
        "collateral_per_position",
        "col",
        "col_each",
        decimals: 9
      )
      for debt in debts {
        let text = try #require(debt.written)
        positions.append(
          Position(
            collateral: try unsigned(shared),
            debt: try unsigned(try CaseInputs.scaled(text, 9))
          )
        )
      }
    } else if records.isEmpty, case .list(let pairs)? = inputs.values["positions"] {
      for case .list(let pair) in pairs where pair.count == 2 {
        let texts = try pair.map { try #require($0.written) }
        positions.append(
          Position(
            collateral: try unsigned(try CaseInputs.scaled(texts[0], 9)),
            debt: try unsigned(try CaseInputs.scaled(texts[1], 9))
          )
        )
      }
    } else {
      positions = try (records.isEmpty ? [inputs] : records).map { try position($0) }
    }
    var (collateral, debt): (UInt128, UInt128) = (0, 0)
    var rounded = 0.0
    for position in positions {
      let tick = try #require(position.tick)
      guard FluidVault.isLiquidatable(tick: tick, liquidationTick: limit) else { continue }
      collateral += position.collateral
      debt += try #require(
        FluidVault.roundedDebt(rawCollateral: position.collateral, rawDebt: position.debt)
      )
      rounded += Double(position.collateral) * power(tick)
    }
    let plain = try #require(
      FluidVault.branchLiquidation(
        debt: rounded / 1e9,
        collateral: Double(collateral) / 1e9,
        ratio: power(limit),
        collateralPerDebt: Double(paid) / 1e15
      )
    )
    let program = try #require(
      FluidVault.branchLiquidation(
        debt: debt,
        collateral: collateral,
        tick: limit,
        collateralPerDebt: paid
      )
    )
    #expect((Double(program) / 1e9 - plain).magnitude < 1e-6, "\(program), \(plain)")
    return .number(
      output.contains("col") && !output.contains("debt") ? plain * Double(paid) / 1e15 : plain
    )
  }

  private static func power(_ tick: Int) -> Double {
    var value = 1.0
    for _ in 0..<tick.magnitude { value = value * 1.0015 }
    return tick < 0 ? 1 / value : value
  }

  private static func price(_ output: String, _ inputs: CaseInputs) throws -> CaseValue? {
    let threshold = try inputs.number("liquidation_threshold")
    if output.contains("naive") {
      return .number(
        try inputs.number("debt") / (try inputs.number("collateral") * threshold)
      )
    }
    guard (try inputs.number("debt", orElse: 0)) > 0 else { return .nothing }
    guard let tick = try position(inputs).tick else { return .nothing }
    let exchange =
      try inputs.number("borrow_exchange_price", orElse: 1)
      / (try inputs.number("supply_exchange_price", orElse: 1))
    return .number(power(tick) / threshold * exchange)
  }
}
