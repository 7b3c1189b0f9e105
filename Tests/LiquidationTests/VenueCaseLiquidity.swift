// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Markets
import Testing

/// The published cases of concentrated liquidity: Orca, Raydium, Meteora, and the formulas alone.
enum LiquidityCases {
  static func evaluate(
    _ venue: String,
    _ kind: String,
    _ output: String,
    _ inputs: CaseInputs
  ) throws -> CaseValue? {
    switch kind {
    case "lp_value": return try value(output, inputs)
    case "lp_amounts":
      if inputs.has("sqrt_price_x64", "sqrt_price") { return try orca(output, inputs) }
      return inputs.has("liquidity_share", "share")
        ? try share(output, inputs) : try value(output, inputs)
    case "lp_fees":
      if inputs.has("fee_per_token_stored") { return try claimable(inputs) }
      return try orcaFees(inputs)
    case "bin_price":
      let price = MeteoraBins.price(
        ofBin: Int(try inputs.whole("bin_id", "active_id", "id")),
        stepBPS: UInt64(try inputs.whole("bin_step_bps", "bin_step"))
      )
      return price.map { .wide(high: 0, low: $0) } ?? .nothing
    case "lp_fee_rate": return try rate(output, inputs).map { CaseValue($0) }
    case "lp_fee": return try fee(output, inputs)
    case "lp_swap", "bin_swap": return try swap(output, inputs)
    default: return nil
    }
  }

  /// An amount that may need 128 bits, which JSON numbers do not hold.
  private static func wide(_ inputs: CaseInputs, _ names: String...) throws -> UInt128 {
    for name in names {
      if let text = inputs.text(name) {
        return UInt128(try CaseInputs.scaled(text, 0))
      }
    }
    return try #require(nil as UInt128?, "expected one of \(names)")
  }

  // MARK: - Formulas

  private static func value(_ output: String, _ inputs: CaseInputs) throws -> CaseValue? {
    let range = LiquidityRange(
      low: try inputs.number("price_lower", "lower_price", "low"),
      high: try inputs.number("price_upper", "upper_price", "high")
    )
    let liquidity = try inputs.number("liquidity", "L")
    let price = try inputs.number("price", "p")
    switch output {
    case let name where name.contains("base") || name.hasSuffix("_a") || name.hasSuffix("_x"):
      return .number(range.base(liquidity, at: price))
    case let name where name.contains("value"): return .number(range.value(liquidity, at: price))
    case let name where name.contains("quote") || name.hasSuffix("_b") || name.hasSuffix("_y"):
      return .number(range.quote(liquidity, at: price))
    default: return nil
    }
  }

  // MARK: - Orca

  private static func ticks(_ inputs: CaseInputs) throws -> (lower: Int, upper: Int) {
    (
      Int(try inputs.whole("tick_lower", "tick_lower_index")),
      Int(try inputs.whole("tick_upper", "tick_upper_index"))
    )
  }

  private static func orca(_ output: String, _ inputs: CaseInputs) throws -> CaseValue? {
    let found = OrcaLiquidity.amounts(
      try wide(inputs, "liquidity"),
      squareRoot: try wide(inputs, "sqrt_price_x64", "sqrt_price"),
      ticks: try ticks(inputs),
      roundsUp: inputs.flag("round_up")
    )
    guard output.hasSuffix("a") || output.hasSuffix("b") else { return nil }
    return CaseValue(output.hasSuffix("a") ? found?.a : found?.b)
  }

  private static func orcaFees(_ inputs: CaseInputs) throws -> CaseValue? {
    var owed: UInt64?
    if inputs.has("fee_owed_before_transfer_fee") {
      owed = UInt64(try inputs.whole("fee_owed_before_transfer_fee"))
    } else {
      let fees = OrcaFees(
        global: try wide(inputs, "fee_growth_global_x64", "fee_growth_global"),
        outsideLower: try wide(inputs, "fee_growth_outside_lower"),
        outsideUpper: try wide(inputs, "fee_growth_outside_upper"),
        checkpoint: UInt128(try inputs.whole("fee_growth_checkpoint", orElse: 0))
      )
      owed = fees.owed(
        UInt64(try inputs.whole("fee_owed", orElse: 0)),
        liquidity: try wide(inputs, "liquidity"),
        tick: Int(try inputs.whole("tick_current", "tick_current_index")),
        ticks: try ticks(inputs)
      )
    }
    guard inputs.has("transfer_fee_bps"), let before = owed else { return CaseValue(owed) }
    return CaseValue(
      OrcaFees.afterTransfer(
        before,
        bps: UInt64(try inputs.whole("transfer_fee_bps")),
        most: UInt64(try inputs.whole("max_fee", "transfer_fee_max", orElse: Int128(UInt64.max)))
      )
    )
  }

  // MARK: - Meteora

  private static func share(_ output: String, _ inputs: CaseInputs) throws -> CaseValue? {
    guard output.hasSuffix("x") || output.hasSuffix("y") else { return nil }
    let name = output.hasSuffix("x") ? "x" : "y"
    return CaseValue(
      MeteoraBins.withdrawal(
        share: try wide(inputs, "liquidity_share", "share"),
        amount: UInt64(try inputs.whole("bin_amount_\(name)", "amount_\(name)")),
        supply: try wide(inputs, "liquidity_supply", "supply")
      )
    )
  }

  private static func claimable(_ inputs: CaseInputs) throws -> CaseValue {
    CaseValue(
      MeteoraBins.claimableFee(
        share: try wide(inputs, "liquidity_share_x64", "liquidity_share"),
        stored: try wide(inputs, "fee_per_token_stored"),
        complete: try wide(inputs, "fee_per_token_complete"),
        pending: UInt64(try inputs.whole("fee_pending", orElse: 0))
      )
    )
  }

  private static func rate(_ output: String, _ inputs: CaseInputs) throws -> UInt128? {
    func step() throws -> UInt64 { UInt64(try inputs.whole("bin_step_bps", "bin_step", orElse: 0)) }
    func base() throws -> UInt128 {
      if inputs.has("base_fee_rate_1e9") { return try wide(inputs, "base_fee_rate_1e9") }
      return try #require(
        MeteoraBins.baseFeeRate(
          factor: UInt64(try inputs.whole("base_factor")),
          stepBPS: try step(),
          power: Int(try inputs.whole("base_fee_power_factor", orElse: 0))
        )
      )
    }
    func variable() throws -> UInt128 {
      if inputs.has("variable_fee_rate_1e9") { return try wide(inputs, "variable_fee_rate_1e9") }
      return try #require(
        MeteoraBins.variableFeeRate(
          control: UInt64(try inputs.whole("variable_fee_control", orElse: 0)),
          accumulator: UInt64(try inputs.whole("volatility_accumulator", orElse: 0)),
          stepBPS: try step()
        )
      )
    }
    if output.contains("total") {
      return MeteoraBins.totalFeeRate(base: try base(), variable: try variable())
    }
    if output.contains("base") { return try base() }
    return output.contains("variable") ? try variable() : nil
  }

  private static func fee(_ output: String, _ inputs: CaseInputs) throws -> CaseValue? {
    if output.contains("protocol") {
      return CaseValue(
        MeteoraBins.protocolFee(
          UInt64(try inputs.whole("fee_amount", "fee", "amount")),
          shareBPS: UInt64(try inputs.whole("protocol_share", "protocol_share_bps"))
        )
      )
    }
    let rate =
      inputs.has("total_fee_rate_1e9", "fee_rate_1e9")
      ? UInt128(try inputs.whole("total_fee_rate_1e9", "fee_rate_1e9"))
      : try #require(try self.rate("total", inputs))
    if inputs.has("amount_with_fees") {
      return CaseValue(
        MeteoraBins.fee(within: UInt64(try inputs.whole("amount_with_fees")), rate: rate)
      )
    }
    let amount = UInt64(try inputs.whole("amount"))
    let isWithin = output.contains("from") || output.contains("within") || output.contains("incl")
    return CaseValue(
      isWithin
        ? MeteoraBins.fee(within: amount, rate: rate)
        : MeteoraBins.fee(onTopOf: amount, rate: rate)
    )
  }

  private static func swap(_ output: String, _ inputs: CaseInputs) throws -> CaseValue? {
    let price = try wide(inputs, "price_x64", "price")
    let sellsX = inputs.has("swap_for_y") ? inputs.flag("swap_for_y") : inputs.has("amount_x")
    let amount = UInt64(
      try inputs.whole("amount_in", "amount_out", "amount_x", "amount_y", "amount")
    )
    return CaseValue(
      output.hasSuffix("in")
        ? MeteoraBins.amountIn(amount, price: price, sellsX: sellsX)
        : MeteoraBins.amountOut(amount, price: price, sellsX: sellsX)
    )
  }
}
