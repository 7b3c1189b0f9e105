// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Numerics
import Testing

/// What a formula says for a published case.
enum CaseValue: Sendable, Equatable {
  case whole(Int128)
  /// `high · 2^128 + low`.
  case wide(high: UInt128, low: UInt128)
  case number(Double)
  case flag(Bool)
  case word(String)
  case nothing

  init(_ whole: (some BinaryInteger)?) {
    self = whole.map { .whole(Int128($0)) } ?? .nothing
  }

  init(_ number: Double?) { self = number.map { .number($0) } ?? .nothing }
}

/// One row of the file of published cases.
struct VenueCaseRow: Sendable, CustomTestStringConvertible {
  let id: String
  let venue: String
  let kind: String
  /// The column `output_name`.
  let output: String
  /// The column `expected_value`.
  let expected: String
  let tolerance: String
  /// JSON.
  let inputs: String

  init(
    _ id: String,
    _ venue: String,
    _ kind: String,
    _ output: String,
    _ expected: String,
    _ tolerance: String,
    _ inputs: String
  ) {
    self.id = id
    self.venue = venue
    self.kind = kind
    self.output = output
    self.expected = expected
    self.tolerance = tolerance
    self.inputs = inputs
  }

  /// A row of the file by its columns.
  init(_ columns: [String: String]) throws {
    func column(_ name: String) throws -> String { try #require(columns[name], "\(name)") }
    self.init(
      try column("case_id"),
      try column("venue"),
      try column("kind"),
      try column("output_name"),
      try column("expected_value"),
      try column("tolerance"),
      try column("inputs")
    )
  }

  var testDescription: String { id }

  /// The kinds that every row of is evaluated, at every venue.
  static let kinds: Set<String> = [
    "liquidation_price", "spot_liquidation_price", "health", "margin_requirement",
    "maintenance_margin", "position_tick", "tick_math", "ticks_from_oracle", "emode_weight",
    "oracle_bias", "partial_liquidation_size", "partial_liquidation_result", "bankruptcy",
    "liquidation_bonus", "liquidation_amounts", "liquidator_fee", "if_fee", "protocol_fee",
    "spot_weight", "absorb", "oracle_validity", "funding", "portfolio_margin", "adl_rank",
    "keeper_incentive", "auction_start", "auction_price", "auction_take", "auction_reset",
    "oracle_aggregation", "backstop", "interest", "lp_value", "lp_amounts", "lp_fees", "lp_fee",
    "lp_fee_rate", "lp_swap", "bin_swap", "bin_price", "vault_pnl", "vault_rule", "vault_rules",
    "vault_withdrawal", "vault_deposit", "vault_limit",
  ]

  /// Evaluates the formulas of the row's venue; nil when none understands it.
  func evaluate() throws -> CaseValue? {
    let inputs = try CaseInputs(inputs)
    if let found = try OracleCases.evaluate(venue, kind, output, inputs) { return found }
    if let found = try LiquidityCases.evaluate(venue, kind, output, inputs) { return found }
    if let found = try MechanismCases.evaluate(venue, kind, output, inputs) { return found }
    switch venue {
    case "drift": return try DriftCases.evaluate(kind, output, inputs)
    case "marginfi": return try MarginfiCases.evaluate(kind, output, inputs)
    case "kamino": return try KaminoCases.evaluate(kind, output, inputs)
    case "jupiter_lend", "jupiter", "fluid": return try FluidCases.evaluate(kind, output, inputs)
    case "hyperliquid": return try HyperliquidCases.evaluate(kind, output, inputs)
    case "euler_v2": return try EulerCases.evaluate(kind, output, inputs)
    case "aave_v4": return try AaveCases.evaluate(kind, output, inputs)
    case "maker", "sky": return try MakerCases.evaluate(kind, output, inputs)
    default: return nil
    }
  }

  /// Evaluates the row and compares with what the venue says.
  func check() throws {
    guard let value = try evaluate() else {
      Issue.record("\(id): no formula for \(venue) \(kind) \(output): \(inputs)")
      return
    }
    #expect(try admits(value), "\(id) \(output): \(value), expected \(expected) \(tolerance)")
  }

  private static let refusals: Set<String> = [
    "none", "null", "error", "invalid", "rejected", "reject", "revert", "reverts", "fail", "",
  ]

  private func admits(_ value: CaseValue) throws -> Bool {
    switch value {
    case .nothing: return VenueCaseRow.refusals.contains(expected.lowercased())
    case .flag(let flag):
      return expected.lowercased() == "\(flag)" || expected == (flag ? "1" : "0")
    case .word(let word): return expected.lowercased() == word.lowercased()
    case .whole(let whole):
      if tolerance == "exact", let exact = Int128(expected) { return whole == exact }
      return try admits(nearestDouble(whole))
    case .wide(let high, let low):
      if tolerance == "exact" {
        return expected == VenueCaseRow.decimal(high: high, low: low)
      }
      return try admits(nearestDouble(high) * 0x1p128 + nearestDouble(low))
    case .number(let number): return try admits(number)
    }
  }

  /// `exact` asks for the same 15 digits: decimals have no other exact double.
  private func admits(_ value: Double) throws -> Bool {
    guard let expected = Double(expected) else { return false }
    let admitted = try VenueCase.Tolerance(tolerance)
    guard admitted == .exact else { return admitted.admits(value, expected) }
    // Amounts are published in whole native units, six decimals and more, rounded either way.
    if let point = self.expected.firstIndex(of: "."),
      self.expected.distance(from: point, to: self.expected.endIndex) == 7,
      (value - expected).magnitude < 1e-6
    {
      return true
    }
    return value == expected
      || DecimalRounding.significant(value, digits: 15)
        == DecimalRounding.significant(expected, digits: 15)
  }

  /// The decimal digits of `high · 2^128 + low`.
  static func decimal(high: UInt128, low: UInt128) -> String {
    var (high, low, digits) = (high, low, "")
    repeat {
      let upper = high.quotientAndRemainder(dividingBy: 10)
      let lower = UInt128(10).dividingFullWidth((high: upper.remainder, low: low))
      digits = "\(lower.remainder)" + digits
      (high, low) = (upper.quotient, lower.quotient)
    } while high > 0 || low > 0
    return digits
  }
}

extension VenueCase.Tolerance {
  /// Reads `exact`, `rel:1e-12` or `abs:2`.
  init(_ text: String) throws {
    if text == "exact" {
      self = .exact
      return
    }
    let parts = text.split(separator: ":").map(String.init)
    try #require(parts.count == 2 && ["rel", "abs"].contains(parts[0]), "\(text)")
    let bound = try #require(Double(parts[1]), "\(text)")
    self = parts[0] == "rel" ? .relative(bound) : .absolute(bound)
  }
}
