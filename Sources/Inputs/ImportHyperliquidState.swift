// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Configuration
internal import Tables
internal import TextKit

/// One user's `clearinghouseState` answer.
struct HyperliquidState {
  let user: String
  /// `file:line` of the state.
  let place: String
  /// Milliseconds, where the answer has them.
  let time: Int?
  let positions: [HyperliquidPosition]
  /// Of the cross summary.
  let rawUSD: ExactDecimal
  let accountValue: ExactDecimal
  private let source: ConfigValue

  init(_ table: ConfigTable, user: String) throws(Failure) {
    self.user = user
    source = table.value
    place = table.value.place
    time = try table.optionalInteger("time")
    var positions: [HyperliquidPosition] = []
    for entry in try table.array("assetPositions") {
      let position = try HyperliquidPosition(try ConfigTable(entry).table("position"))
      if !position.size.isZero { positions.append(position) }
    }
    self.positions = positions
    let summary = try table.table("crossMarginSummary")
    rawUSD = try summary.decimal("totalRawUsd")
    accountValue = try summary.decimal("accountValue")
  }

  /// The nearest double, or a refusal.
  func rounded(
    _ value: ExactDecimal,
    _ name: String,
    _ range: ClosedRange<Double>
  ) throws(Failure) -> Double {
    try source.rounded(value, name, range)
  }
}

/// What a book may have.
enum BookLimits {
  static let quantity = -1e18...1e18
  static let price = 0...1e15
  static let collateral = -1e12...1e12
}

/// One position of a state.
struct HyperliquidPosition {
  let source: ConfigValue
  let coin: String
  /// Signed: negative is short.
  let size: ExactDecimal
  let entry: ExactDecimal
  /// `positionValue` with the sign of the size.
  let signedValue: ExactDecimal
  let maxLeverage: Double?
  let liquidationPrice: Double?
  /// `leverage.rawUsd`; nil for cross positions.
  let isolatedRawUSD: ExactDecimal?

  var isIsolated: Bool { isolatedRawUSD != nil }

  init(_ table: ConfigTable) throws(Failure) {
    source = table.value
    coin = try table.string("coin")
    size = try table.decimal("szi")
    entry = size.isZero ? .zero : try table.decimal("entryPx")
    let value = try table.decimal("positionValue").magnitude
    signedValue = size.isBelowZero ? -value : value
    maxLeverage = try table.optionalNumber("maxLeverage", in: 0.5...1000)
    let stated = try table.optionalDecimal("liquidationPx")
    liquidationPrice = try stated.map { (price: ExactDecimal) throws(Failure) -> Double in
      try table.value.rounded(price, "liquidation price", BookLimits.price)
    }
    let leverage = try table.table("leverage")
    let type = try leverage.choice("type", among: ["cross", "isolated"])
    isolatedRawUSD = type == "isolated" ? try leverage.decimal("rawUsd") : nil
  }

  /// The nearest double, or a refusal.
  func rounded(
    _ value: ExactDecimal,
    _ name: String,
    _ range: ClosedRange<Double>
  ) throws(Failure) -> Double {
    try source.rounded(value, name, range)
  }
}

/// Finds the states in the documents of a file.
struct HyperliquidStates {
  /// The name of a state that does not say its user.
  private let stem: String

  /// Gives each state of a file to `body` as soon as its document is read.
  static func read(
    _ path: String,
    _ body: (HyperliquidState) throws(Failure) -> Void
  ) throws(Failure) {
    let text = try TextSource.contents(of: path, limit: ConfigValue.mostJSONBytes)
    let states = HyperliquidStates(stem: stem(of: path))
    let file = path == "-" ? "standard input" : path
    try ConfigValue.eachJSON(in: text, file: file) { (value: ConfigValue) throws(Failure) in
      try states.visit(value, body)
    }
  }

  /// A state, an array of states, or states by user.
  private func visit(
    _ value: ConfigValue,
    _ body: (HyperliquidState) throws(Failure) -> Void
  ) throws(Failure) {
    if case .array(let elements) = value.kind {
      for element in elements {
        guard let (state, user) = try HyperliquidStates.state(in: try ConfigTable(element)) else {
          throw HyperliquidStates.refusal(element)
        }
        guard let user else {
          throw element.failure("found no key 'user', expected one beside each state of an array")
        }
        try body(try HyperliquidState(state, user: user))
      }
      return
    }
    let table = try ConfigTable(value)
    if let (state, user) = try HyperliquidStates.state(in: table) {
      return try body(try HyperliquidState(state, user: user ?? stem))
    }
    guard !table.entries.isEmpty else { throw HyperliquidStates.refusal(value) }
    for entry in table.entries {
      guard case .table = entry.value.kind,
        let (state, _) = try HyperliquidStates.state(in: try ConfigTable(entry.value))
      else { throw HyperliquidStates.refusal(entry.value) }
      try body(try HyperliquidState(state, user: entry.key))
    }
  }

  /// The state of an object, with the user where it says so.
  private static func state(
    in table: ConfigTable
  ) throws(Failure) -> (state: ConfigTable, user: String?)? {
    let user = try table.optionalString("user")
    if table["assetPositions"] != nil { return (table, user) }
    for key in ["state", "clearinghouseState"] where table[key] != nil {
      return (try table.table(key), user)
    }
    return nil
  }

  private static func refusal(_ value: ConfigValue) -> Failure {
    value.failure(
      expected: "a clearinghouseState answer, an object with 'assetPositions',"
        + " 'crossMarginSummary' and, among several, 'user'"
    )
  }

  /// The name of a file without folders and endings.
  private static func stem(of path: String) -> String {
    if path == "-" { return "standard input" }
    var name = path.split(separator: "/").last.map(String.init) ?? path
    for ending in [".gz"] + ImportFolder.endings where name.hasSuffix(ending) {
      if name.count > ending.count { name.removeLast(ending.count) }
    }
    return name
  }
}

// MARK: - Decimals

extension ConfigTable {
  /// The number of a key, in quotes as the venue writes it or without.
  fileprivate func decimal(_ key: String) throws(Failure) -> ExactDecimal {
    try required(key, expected: "a decimal number in quotes").decimal()
  }

  fileprivate func optionalDecimal(_ key: String) throws(Failure) -> ExactDecimal? {
    guard let found = self[key] else { return nil }
    return try found.decimal()
  }
}

extension ConfigValue {
  fileprivate func decimal() throws(Failure) -> ExactDecimal {
    switch kind {
    case .string(let text): if let value = ExactDecimal(Array(text.utf8)) { return value }
    case .integer(let value): return ExactDecimal(value)
    case .number(let value): if let value = ExactDecimal(value) { return value }
    default: break
    }
    throw failure(expected: "a decimal number in quotes, of at most 100 digits")
  }

  /// The nearest double that a book may have.
  fileprivate func rounded(
    _ value: ExactDecimal,
    _ name: String,
    _ range: ClosedRange<Double>
  ) throws(Failure) -> Double {
    if let rounded = value.double, range.contains(rounded) { return rounded }
    throw failure(
      "found numbers that no book may have, expected a \(name) from"
        + " \(NumberText.shortest(range.lowerBound)) to \(NumberText.shortest(range.upperBound))"
    )
  }
}
