// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Markets
internal import Numerics
internal import Tables
package import TextKit

/// Reads a book of one row per leg (DESIGN 4).
package struct BookFile {
  private enum Column: Int, CaseIterable {
    case account, venue, asset, leg, quantity
    case entryPrice, collateral, maxLeverage, protected, marginMode, observedSlot
    case liquidationPrice, deposited, cap, trigger, safe, stopLossPrice
    case liquidationThreshold, elevationGroup

    var name: String {
      switch self {
      case .account: "account"
      case .venue: "venue"
      case .asset: "asset"
      case .leg: "leg"
      case .quantity: "quantity"
      case .entryPrice: "entry_price"
      case .collateral: "collateral_usd"
      case .maxLeverage: "max_leverage"
      case .protected: "protected"
      case .marginMode: "margin_mode"
      case .observedSlot: "observed_slot"
      case .liquidationPrice: "liquidation_price"
      case .deposited: "protection_deposited_usd"
      case .cap: "protection_cap_usd"
      case .trigger: "trigger_distance"
      case .safe: "safe_distance"
      case .stopLossPrice: "stop_loss_price"
      case .liquidationThreshold: "liquidation_threshold"
      case .elevationGroup: "elevation_group"
      }
    }

    static let requiredCount = 5
  }

  private let path: String
  private let catalogue: VenueCatalogue
  private let venueNames: [String]
  private var accounts: [Account] = []
  private var indexOfAccount: [String: Int] = [:]
  private var hasStopLossPrices = false

  /// The book of a file, with warnings for the user.
  ///
  /// - Throws: a failure with file, line, column, what was found and expected.
  package static func read(
    _ path: String,
    catalogue: VenueCatalogue
  ) throws(Failure) -> (book: Book, warnings: [String]) {
    var file = BookFile(path: path, catalogue: catalogue)
    return try file.read()
  }

  private init(path: String, catalogue: VenueCatalogue) {
    self.path = path
    self.catalogue = catalogue
    venueNames = catalogue.venues.map(\.name)
  }

  private mutating func read() throws(Failure) -> (book: Book, warnings: [String]) {
    let names = Column.allCases.map(\.name)
    var reader = try CSVReader(
      path: path,
      required: Array(names.prefix(Column.requiredCount)),
      optional: Array(names.dropFirst(Column.requiredCount))
    )
    var row = 0
    while try reader.next() {
      try add(reader, row: row)
      row += 1
    }
    guard row > 0 else {
      throw Failure.data(
        file: path,
        found: "a header and no rows",
        expected: "at least one row"
      )
    }
    var warnings = unknownColumnWarning(path, reader.unknownColumns)
    if hasStopLossPrices {
      warnings.append("\(path): column 'stop_loss_price' is not used by this version")
    }
    return (Book(accounts: accounts, file: path), warnings)
  }

  private mutating func add(_ reader: borrowing CSVReader, row: Int) throws(Failure) {
    let leg = try leg(reader, row: row)
    let mode = try marginMode(reader)
    let name = try reader.text(Column.account.rawValue)
    let terms = try protection(reader)
    let group = try elevationGroup(reader)
    if !reader.isEmpty(Column.stopLossPrice.rawValue) { hasStopLossPrices = true }
    if !name.isEmpty, !mode.isIsolated, let index = indexOfAccount[name] {
      let known = accounts[index].elevationGroup
      if known.isEmpty {
        accounts[index].elevationGroup = group
      } else if !group.isEmpty, group != known {
        throw reader.failure(
          Column.elevationGroup.rawValue,
          expected: "'\(Failure.shown(known))' as in the account's other rows, or nothing"
        )
      }
      accounts[index].legs.append(leg)
      accounts[index].protection.merge(terms)
      return
    }
    if !name.isEmpty && !mode.isIsolated { indexOfAccount[name] = accounts.count }
    accounts.append(
      Account(
        name: name,
        legs: [leg],
        marginMode: mode,
        elevationGroup: group,
        protection: terms
      )
    )
  }

  private func leg(_ reader: borrowing CSVReader, row: Int) throws(Failure) -> Leg {
    let venueName = try reader.text(Column.venue.rawValue)
    guard let venue = venueNames.firstIndex(of: venueName) else {
      throw reader.failure(
        Column.venue.rawValue,
        expected: "a venue" + suggestion(for: venueName, among: venueNames),
        advice: "known venues: " + venueNames.joined(separator: ", ")
      )
    }
    let symbol = try reader.text(Column.asset.rawValue)
    guard let asset = catalogue.assets.index(of: symbol), catalogue.venues[venue].rule.lists(asset)
    else {
      let listed = catalogue.assets.symbols.enumerated().filter {
        catalogue.venues[venue].rule.lists($0.offset)
      }.map(\.element)
      throw reader.failure(
        Column.asset.rawValue,
        expected: "an asset of \(venueName)" + suggestion(for: symbol, among: listed),
        advice: "add it to a venue file (--venues)"
      )
    }
    let kind: LegKind
    switch try reader.text(Column.leg.rawValue) {
    case "perp": kind = .perp
    case "deposit": kind = .deposit
    case "borrow": kind = .borrow
    default: throw reader.failure(Column.leg.rawValue, expected: "perp, deposit or borrow")
    }
    let quantity = try reader.number(Column.quantity.rawValue)
    guard quantity.magnitude <= 1e18 else {
      throw reader.failure(Column.quantity.rawValue, expected: "a quantity of at most 1e18")
    }
    guard kind == .perp || quantity >= 0 else {
      throw reader.failure(
        Column.quantity.rawValue,
        expected: "a quantity of at least 0 for a \(kind)",
        advice: "only perps are signed; a loan is a row with leg = borrow"
      )
    }
    if kind == .perp && catalogue.assets[asset].isQuote {
      throw reader.failure(Column.asset.rawValue, expected: "an asset that is not a quote currency")
    }
    return Leg(
      venue: venue,
      asset: asset,
      kind: kind,
      quantity: quantity,
      entryPrice: kind == .perp ? try entryPrice(reader) : 0,
      collateralUSD: try number(reader, .collateral, -1e12...1e12) ?? 0,
      maxLeverage: try number(reader, .maxLeverage, 0.5...1000),
      liquidationThreshold: try number(reader, .liquidationThreshold, 0...2),
      observedSlot: try slot(reader),
      statedLiquidationPrice: try number(reader, .liquidationPrice, 0...1e15),
      row: row,
      line: reader.line
    )
  }

  private func entryPrice(_ reader: borrowing CSVReader) throws(Failure) -> Double {
    if let price = try number(reader, .entryPrice, 0...1e15) { return price }
    throw reader.failure(
      Column.entryPrice.rawValue,
      expected: "the entry price of a perp, a number"
    )
  }

  private func number(
    _ reader: borrowing CSVReader,
    _ column: Column,
    _ range: ClosedRange<Double>
  ) throws(Failure) -> Double? {
    if reader.isEmpty(column.rawValue) { return nil }
    let value = try reader.number(column.rawValue)
    guard range.contains(value) else {
      throw reader.failure(
        column.rawValue,
        expected: "a number from \(NumberText.shortest(range.lowerBound)) to"
          + " \(NumberText.shortest(range.upperBound))"
      )
    }
    return value
  }

  private func slot(_ reader: borrowing CSVReader) throws(Failure) -> Int64? {
    if reader.isEmpty(Column.observedSlot.rawValue) { return nil }
    let slot = try reader.integer(Column.observedSlot.rawValue)
    guard slot >= 0 else {
      throw reader.failure(Column.observedSlot.rawValue, expected: "a slot of at least 0")
    }
    return slot
  }

  private func marginMode(_ reader: borrowing CSVReader) throws(Failure) -> MarginMode {
    if reader.isEmpty(Column.marginMode.rawValue) { return .cross }
    let word = try reader.text(Column.marginMode.rawValue)
    if let mode = MarginMode(rawValue: word) { return mode }
    let words = MarginMode.allCases.map(\.rawValue)
    throw reader.failure(
      Column.marginMode.rawValue,
      expected: words.joined(separator: ", ") + suggestion(for: word, among: words)
    )
  }

  private func elevationGroup(_ reader: borrowing CSVReader) throws(Failure) -> String {
    if reader.isEmpty(Column.elevationGroup.rawValue) { return "" }
    return try reader.text(Column.elevationGroup.rawValue)
  }

  private func protection(_ reader: borrowing CSVReader) throws(Failure) -> ProtectionTerms {
    var terms = ProtectionTerms()
    terms.isProtected = try reader.flag(Column.protected.rawValue, default: false)
    if let amount = try number(reader, .deposited, 0...1e12) {
      terms.deposited = try micro(amount)
    }
    if let amount = try number(reader, .cap, 0...1e12) { terms.cap = try micro(amount) }
    terms.triggerDistance = try number(reader, .trigger, 0...10)
    terms.safeDistance = try number(reader, .safe, 0...10)
    if let trigger = terms.triggerDistance, let safe = terms.safeDistance, safe < trigger {
      throw reader.failure(
        Column.safe.rawValue,
        expected: "at least the row's trigger_distance"
      )
    }
    return terms
  }
}

extension ProtectionTerms {
  /// Takes what a further leg of the account says: protected if any is, the first amount given.
  fileprivate mutating func merge(_ other: ProtectionTerms) {
    isProtected = isProtected || other.isProtected
    if deposited == 0 { deposited = other.deposited }
    cap = cap ?? other.cap
    triggerDistance = triggerDistance ?? other.triggerDistance
    safeDistance = safeDistance ?? other.safeDistance
  }
}

/// One warning that names the columns a reader did not use.
func unknownColumnWarning(_ path: String, _ columns: [String]) -> [String] {
  columns.isEmpty
    ? []
    : [
      "\(path): ignored column\(columns.count == 1 ? "" : "s") "
        + columns.map { "'\(Failure.shown($0))'" }.joined(separator: ", ")
    ]
}
