// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Configuration
internal import Markets
internal import Tables
internal import TextKit

/// How the columns of a table become legs: a TOML file with `[import]` and `[[import.legs]]`.
struct ImportMapping {
  let venue: String
  /// Column of the account's text; without it rows are numbered from 1.
  let account: MappedColumn?
  let legs: [MappedLeg]

  init(_ path: String) throws(Failure) {
    let text = try TextSource.contents(of: path, limit: ConfigValue.mostBytes)
    let root = try ConfigTable(try ConfigValue.parseTOML(text, file: path))
    try root.only(["import"])
    let table = try root.table("import")
    try table.only(["venue", "account", "legs"])
    venue = try table.string("venue")
    account = try table["account"].map { (value: ConfigValue) throws(Failure) in
      try MappedColumn(value)
    }
    var legs: [MappedLeg] = []
    for entry in try table.array("legs") { legs.append(try MappedLeg(try ConfigTable(entry))) }
    guard !legs.isEmpty else {
      throw table.failure(at: "legs", "found no leg, expected at least one [[import.legs]]")
    }
    self.legs = legs
  }

  /// Every column that the mapping names.
  var columns: [MappedColumn] { (account.map { [$0] } ?? []) + legs.flatMap(\.columns) }
}

/// A column by its name, and where the mapping names it.
struct MappedColumn {
  let name: String
  private let source: ConfigValue

  init(_ value: ConfigValue) throws(Failure) {
    guard case .string(let name) = value.kind else {
      throw value.failure(expected: "the name of a column in quotes")
    }
    self.name = name
    source = value
  }

  /// Where the column stands among those of a file.
  func index(among columns: [String], of file: String) throws(Failure) -> Int {
    if let index = columns.firstIndex(of: name) { return index }
    throw source.failure(
      "found the column '\(Failure.shown(name))', expected a column of \(file)"
        + suggestion(for: name, among: columns) + "; its columns: "
        + columns.prefix(40).map { Failure.shown($0) }.joined(separator: ", ")
        + (columns.count > 40 ? ", …" : "")
    )
  }
}

/// A number that a leg takes: a column, a constant, or
/// `{ column, scale, times, divided_by, empty }`.
///
///     value = column · scale · times … / divided_by …        exact, then rounded once
struct MappedNumber {
  /// One factor.
  enum Factor {
    case column(MappedColumn)
    case constant(ExactDecimal)

    init(_ value: ConfigValue) throws(Failure) {
      switch value.kind {
      case .string: self = .column(try MappedColumn(value))
      case .integer(let number): self = .constant(ExactDecimal(number))
      case .number(let number):
        guard let exact = ExactDecimal(number) else {
          throw value.failure(expected: "a number between 1e-300 and 1e300")
        }
        self = .constant(exact)
      default: throw value.failure(expected: "the name of a column in quotes, or a number")
      }
    }

    var column: MappedColumn? {
      if case .column(let column) = self { column } else { nil }
    }
  }

  /// The first is the value itself, an optional scale follows, then `times`.
  let factors: [Factor]
  let divisors: [Factor]
  /// What an empty field of the value's column stands for.
  let empty: ExactDecimal?

  init(_ value: ConfigValue) throws(Failure) {
    guard case .table = value.kind else {
      (factors, divisors, empty) = ([try Factor(value)], [], nil)
      return
    }
    let table = try ConfigTable(value)
    try table.only(["column", "scale", "times", "divided_by", "empty"])
    let first = try Factor(table.required("column", expected: "the name of a column in quotes"))
    var factors = [first]
    if let scale = table["scale"] {
      _ = try scale.number()
      factors.append(try Factor(scale))
    }
    self.factors = try factors + MappedNumber.list(table, "times")
    divisors = try MappedNumber.list(table, "divided_by")
    for case .constant(let divisor) in divisors where divisor.isZero {
      throw table.failure(at: "divided_by", "found 0, expected a number to divide by")
    }
    if let value = table["empty"] {
      _ = try value.number()
      guard case .constant(let number) = try Factor(value) else {
        throw value.failure(expected: "a number")
      }
      empty = number
    } else {
      empty = nil
    }
  }

  /// The number of a key, or nil.
  init?(_ table: ConfigTable, _ key: String) throws(Failure) {
    guard let value = table[key] else { return nil }
    self = try MappedNumber(value)
  }

  /// Whether the number is a column as it stands, or a constant.
  var isPlain: Bool { factors.count == 1 && divisors.isEmpty && empty == nil }

  var columns: [MappedColumn] { (factors + divisors).compactMap(\.column) }

  private static func list(_ table: ConfigTable, _ key: String) throws(Failure) -> [Factor] {
    guard let value = table[key] else { return [] }
    guard case .array(let elements) = value.kind else { return [try Factor(value)] }
    guard elements.count <= 8 else { throw value.failure(expected: "at most 8 factors") }
    var factors: [Factor] = []
    for element in elements { factors.append(try Factor(element)) }
    return factors
  }
}

/// What one `[[import.legs]]` says.
struct MappedLeg {
  enum Symbol {
    case constant(String)
    case column(MappedColumn, renamed: [String: String])
  }

  let kind: LegKind
  let symbol: Symbol
  let marginMode: String?
  let quantity: MappedNumber
  let entryPrice: MappedNumber?
  let collateralUSD: MappedNumber?
  let maxLeverage: MappedNumber?
  let observedSlot: MappedNumber?
  let liquidationThreshold: MappedNumber?
  let price: MappedNumber?

  init(_ table: ConfigTable) throws(Failure) {
    try table.only([
      "leg", "asset", "asset_column", "rename", "margin_mode", "quantity", "entry_price",
      "collateral_usd", "max_leverage", "observed_slot", "liquidation_threshold", "price",
    ])
    switch try table.choice("leg", among: ["perp", "deposit", "borrow"]) {
    case "perp": kind = .perp
    case "deposit": kind = .deposit
    default: kind = .borrow
    }
    symbol = try MappedLeg.symbol(table)
    let modes = MarginMode.allCases.map(\.rawValue)
    marginMode = table["margin_mode"] == nil ? nil : try table.choice("margin_mode", among: modes)
    quantity = try MappedNumber(
      table.required("quantity", expected: "a column in quotes, a number or { column = … }")
    )
    entryPrice = try MappedNumber(table, "entry_price")
    collateralUSD = try MappedNumber(table, "collateral_usd")
    maxLeverage = try MappedNumber(table, "max_leverage")
    observedSlot = try MappedNumber(table, "observed_slot")
    liquidationThreshold = try MappedNumber(table, "liquidation_threshold")
    price = try MappedNumber(table, "price")
    if kind == .perp && entryPrice == nil {
      throw table.value.failure("found no key 'entry_price', expected one for a perp")
    }
    if kind != .deposit, let value = table["liquidation_threshold"] {
      throw value.failure("found a threshold of a \(kind), expected one of deposits only")
    }
  }

  var columns: [MappedColumn] {
    var columns = quantity.columns
    if case .column(let column, _) = symbol { columns.append(column) }
    for number in [
      entryPrice, collateralUSD, maxLeverage, observedSlot, liquidationThreshold, price,
    ] {
      columns += number?.columns ?? []
    }
    return columns
  }

  /// `asset`, or `asset_column` with an optional table `rename`.
  private static func symbol(_ table: ConfigTable) throws(Failure) -> Symbol {
    guard let value = table["asset_column"] else {
      if let rename = table["rename"] {
        throw rename.failure("found a rename without 'asset_column', expected both")
      }
      return .constant(try table.string("asset"))
    }
    if let asset = table["asset"] {
      throw asset.failure("found 'asset' beside 'asset_column', expected one of them")
    }
    var renamed: [String: String] = [:]
    if let list = try table.optionalTable("rename") {
      for entry in list.entries { renamed[entry.key] = try entry.value.string() }
    }
    return .column(try MappedColumn(value), renamed: renamed)
  }
}
