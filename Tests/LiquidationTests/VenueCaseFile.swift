// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Liquidation
import Testing

/// The published cases as the file beside the checkout has them.
enum VenueCaseFile {
  /// The file that the environment variable `BREAKWATER_VENUE_CASES` names, else, from the root of
  /// the repository, `../shared/reference/venue_cases.csv`; nil when it is not there.
  static let path: String? = {
    if let named = ProcessInfo.processInfo.environment["BREAKWATER_VENUE_CASES"] { return named }
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { root.deleteLastPathComponent() }
    let file = root.appendingPathComponent("../shared/reference/venue_cases.csv")
    return FileManager.default.fileExists(atPath: file.path) ? file.path : nil
  }()

  /// The rows by their case, each as its columns.
  static func rows() throws -> [[String: String]] {
    guard let path else { return [] }
    let lines = fields(try String(contentsOfFile: path, encoding: .utf8))
    return lines.dropFirst().map { line in
      Dictionary(zip(lines[0], line), uniquingKeysWith: { first, _ in first })
    }
  }

  /// Fields of a CSV text with quotes.
  private static func fields(_ text: String) -> [[String]] {
    var lines: [[String]] = [[""]]
    var isQuoted = false
    var afterQuote = false
    for character in text {
      let (line, field) = (lines.count - 1, lines[lines.count - 1].count - 1)
      if character == "\"" {
        if !isQuoted && afterQuote { lines[line][field].append(character) }
        isQuoted.toggle()
        afterQuote = !isQuoted
        continue
      }
      afterQuote = false
      if isQuoted {
        lines[line][field].append(character)
      } else if character == "," {
        lines[line].append("")
      } else if character.isNewline {
        lines.append([""])
      } else {
        lines[line][field].append(character)
      }
    }
    return lines.filter { $0.count > 1 }
  }

  // MARK: - Inputs of a case

  private struct Perp: Decodable {
    struct Tier: Decodable {
      var lower_bound: String
      var max_leverage: Double
    }
    var signed_size: String
    var mark_price: String
    var account_value_at_mark: String
    var other_positions_maintenance_margin: String
    var margin_tiers: [Tier]
  }

  private struct Drift: Decodable {
    struct Spot: Decodable { var symbol: String }
    var perp_oracle_price_1e6: Int
    var base_asset_amount_1e9: Int
    var quote_asset_amount_1e6: Int
    var usdc_deposit_1e6: Int
    var maintenance_margin_ratio_1e4: Int
    var imf_factor_1e6: Int
    var spot_positions: [Spot]
    var open_orders: Int
  }

  private struct DriftSpot: Decodable {
    var usdc_deposit: String
    var sol_borrow: String
    var maint_liab_weight: String
    var sol_price: String
  }

  private struct Debt: Decodable {
    var target_side: String
    var target_qty: String
    var target_maint_weight: String
    var other_weighted_assets_usd: String
    var other_weighted_liabs_usd: String
    var target_conf_fraction_after_multiplier: String
  }

  private struct Loan: Decodable {
    struct Leg: Decodable {
      var symbol: String?
      var qty: String
      var price: String
      var liquidation_threshold: String?
      var borrow_factor: String?
    }
    var deposits: [Leg]
    var borrows: [Leg]
    /// The word of the side alone; its number is 0 for one leg a side.
    var isDeposit: Bool { target.contains(.word("deposit")) }
    var target: [Target]
  }

  private enum Target: Decodable, Equatable {
    case word(String)
    case number(Int)

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if let number = try? value.decode(Int.self) {
        self = .number(number)
      } else {
        self = .word(try value.decode(String.self))
      }
    }
  }

  private struct Vault: Decodable {
    var collateral: String
    var debt: String
    var liquidation_threshold: String
    var supply_exchange_price: String
    var borrow_exchange_price: String
  }

  // MARK: - Cases

  private static func number(_ text: String) throws -> Double {
    try #require(Double(text), "\(text)")
  }

  /// The case of a row for the affine compiler, nil for an account that this version refuses.
  static func venueCase(_ row: [String: String]) throws -> VenueCase? {
    let id = try #require(row["case_id"])
    let inputs = Data(try #require(row["inputs"]).utf8)
    let text = try #require(row["expected_value"])
    let expected = text == "none" ? nil : try number(text)
    let tolerance = try VenueCase.Tolerance(try #require(row["tolerance"]))
    let json = JSONDecoder()
    switch row["venue"] {
    case "hyperliquid":
      return try perp(id, json.decode(Perp.self, from: inputs), expected, tolerance)
    case "drift":
      try #require(tolerance == .exact, "\(id)")
      if row["kind"] == "spot_liquidation_price" {
        let spot = try json.decode(DriftSpot.self, from: inputs)
        return .driftSpot(
          id,
          usdc: try number(spot.usdc_deposit),
          borrow: try number(spot.sol_borrow),
          weight: try number(spot.maint_liab_weight),
          price: try number(spot.sol_price),
          expected
        )
      }
      let drift = try json.decode(Drift.self, from: inputs)
      guard drift.spot_positions.isEmpty, drift.open_orders == 0 else { return nil }
      return .drift(
        id,
        oracle: drift.perp_oracle_price_1e6,
        base: drift.base_asset_amount_1e9,
        quote: drift.quote_asset_amount_1e6,
        usdc: drift.usdc_deposit_1e6,
        ratio: drift.maintenance_margin_ratio_1e4,
        imf: drift.imf_factor_1e6,
        expected
      )
    case "marginfi":
      let debt = try json.decode(Debt.self, from: inputs)
      guard debt.target_side == "borrow" else {
        return .marginfiDeposit(
          id,
          quantity: try number(debt.target_qty),
          weight: try number(debt.target_maint_weight),
          assets: try number(debt.other_weighted_assets_usd),
          liabilities: try number(debt.other_weighted_liabs_usd),
          bias: try number(debt.target_conf_fraction_after_multiplier),
          expected,
          tolerance
        )
      }
      return .marginfi(
        id,
        debt: try number(debt.target_qty),
        weight: try number(debt.target_maint_weight),
        assets: try number(debt.other_weighted_assets_usd),
        liabilities: try number(debt.other_weighted_liabs_usd),
        bias: try number(debt.target_conf_fraction_after_multiplier),
        expected,
        tolerance
      )
    case "kamino":
      return try loan(id, json.decode(Loan.self, from: inputs), expected, tolerance)
    case "jupiter_lend":
      let vault = try json.decode(Vault.self, from: inputs)
      return .jupiter(
        id,
        collateral: try number(vault.collateral),
        debt: try number(vault.debt),
        threshold: try number(vault.liquidation_threshold),
        supplyExchange: try number(vault.supply_exchange_price),
        borrowExchange: try number(vault.borrow_exchange_price),
        isNaive: row["output_name"] == "naive_liquidation_price",
        expected,
        tolerance
      )
    default: return nil
    }
  }

  private static func perp(
    _ id: String,
    _ perp: Perp,
    _ expected: Double?,
    _ tolerance: VenueCase.Tolerance
  ) throws -> VenueCase {
    var tiers: [(lower: Double, leverage: Double)] = []
    for tier in perp.margin_tiers {
      tiers.append((try number(tier.lower_bound), tier.max_leverage))
    }
    return .hyperliquid(
      id,
      size: try number(perp.signed_size),
      mark: try number(perp.mark_price),
      value: try number(perp.account_value_at_mark),
      others: try number(perp.other_positions_maintenance_margin),
      tiers: tiers,
      expected,
      tolerance
    )
  }

  private static func loan(
    _ id: String,
    _ loan: Loan,
    _ expected: Double?,
    _ tolerance: VenueCase.Tolerance
  ) throws -> VenueCase? {
    guard loan.deposits.count == 1, loan.borrows.count == 1 else { return nil }
    func side(_ leg: Loan.Leg) throws -> VenueCase.Side {
      VenueCase.Side(
        quantity: try number(leg.qty),
        price: try number(leg.price),
        factor: try number(leg.liquidation_threshold ?? leg.borrow_factor ?? "1")
      )
    }
    /// The side that stands still in units of USD, because it has price 1.
    func standing(_ leg: Loan.Leg) throws -> VenueCase.Side {
      var side = try side(leg)
      side.quantity *= side.price
      side.price = 1
      return side
    }
    let (deposit, borrow) = (loan.deposits[0], loan.borrows[0])
    guard deposit.symbol == nil || deposit.symbol != borrow.symbol else { return nil }
    return .kamino(
      id,
      deposit: loan.isDeposit ? try side(deposit) : try standing(deposit),
      borrow: loan.isDeposit ? try standing(borrow) : try side(borrow),
      solvesDeposit: loan.isDeposit,
      expected,
      tolerance
    )
  }
}
