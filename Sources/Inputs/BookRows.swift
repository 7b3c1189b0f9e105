// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets
internal import Numerics
internal import TextKit

/// What one record of a book says, with everything checked that a record can say by itself.
struct BookRow {
  var leg: Leg
  var mode: MarginMode
  var account: String
  var terms: ProtectionTerms
  var group: String
  var hasStopLossPrice: Bool
}

/// Reads single records of a book (DESIGN 4).
struct BookRows: Sendable {
  private let catalogue: VenueCatalogue
  private let venueNames: [String]

  init(_ catalogue: VenueCatalogue) {
    self.catalogue = catalogue
    venueNames = catalogue.venues.map(\.name)
  }

  /// The current record of a reader.
  ///
  /// - Throws: a failure with file, line, column, what was found and expected.
  func row(_ reader: borrowing some BookRecord & ~Copyable, number: Int) throws(Failure) -> BookRow
  {
    let leg = try leg(reader, row: number)
    let mode = try marginMode(reader)
    let account = try reader.text(BookFile.Column.account.rawValue)
    let terms = try protection(reader, leg)
    return BookRow(
      leg: leg,
      mode: mode,
      account: account,
      terms: terms,
      group: try elevationGroup(reader),
      hasStopLossPrice: !reader.isEmpty(BookFile.Column.stopLossPrice.rawValue)
    )
  }

  func leg(_ reader: borrowing some BookRecord & ~Copyable, row: Int) throws(Failure) -> Leg {
    let venueName = try reader.text(BookFile.Column.venue.rawValue)
    guard let venue = venueNames.firstIndex(of: venueName) else {
      throw reader.failure(
        BookFile.Column.venue.rawValue,
        expected: "a venue" + suggestion(for: venueName, among: venueNames),
        advice: "known venues: " + venueNames.joined(separator: ", ")
      )
    }
    let symbol = try reader.text(BookFile.Column.asset.rawValue)
    guard let asset = catalogue.assets.index(of: symbol), catalogue.venues[venue].rule.lists(asset)
    else {
      let listed = catalogue.assets.symbols.enumerated().filter {
        catalogue.venues[venue].rule.lists($0.offset)
      }.map(\.element)
      throw reader.failure(
        BookFile.Column.asset.rawValue,
        expected: "an asset of \(venueName)" + suggestion(for: symbol, among: listed),
        advice: "add it to a venue file (--venues)"
      )
    }
    let kind: LegKind
    switch try reader.text(BookFile.Column.leg.rawValue) {
    case "perp": kind = .perp
    case "deposit": kind = .deposit
    case "borrow": kind = .borrow
    default: throw reader.failure(BookFile.Column.leg.rawValue, expected: "perp, deposit or borrow")
    }
    let quantity = try reader.number(BookFile.Column.quantity.rawValue)
    guard BookLimits.quantity.contains(quantity) else {
      throw reader.failure(
        BookFile.Column.quantity.rawValue,
        expected: "a quantity of at most 1e18"
      )
    }
    guard BookFile.isQuantity(quantity) else {
      throw reader.failure(
        BookFile.Column.quantity.rawValue,
        expected: "0 or a quantity of at least 1e-100"
      )
    }
    guard kind == .perp || quantity >= 0 else {
      throw reader.failure(
        BookFile.Column.quantity.rawValue,
        expected: "a quantity of at least 0 for a \(kind)",
        advice: "only perps are signed; a loan is a row with leg = borrow"
      )
    }
    if kind == .perp && catalogue.assets[asset].isQuote {
      throw reader.failure(
        BookFile.Column.asset.rawValue,
        expected: "an asset that is not a quote currency"
      )
    }
    return Leg(
      venue: venue,
      asset: asset,
      kind: kind,
      quantity: quantity,
      entryPrice: kind == .perp ? try entryPrice(reader) : 0,
      collateralUSD: try number(reader, .collateral, BookLimits.collateral) ?? 0,
      maxLeverage: try number(reader, .maxLeverage, 0.5...1000),
      liquidationThreshold: try number(reader, .liquidationThreshold, 0...2),
      observedSlot: try slot(reader),
      statedLiquidationPrice: try number(reader, .liquidationPrice, BookLimits.price),
      row: row,
      line: reader.line
    )
  }

  private func entryPrice(_ reader: borrowing some BookRecord & ~Copyable) throws(Failure) -> Double
  {
    if let price = try number(reader, .entryPrice, BookLimits.price) { return price }
    throw reader.failure(
      BookFile.Column.entryPrice.rawValue,
      expected: "the entry price of a perp, a number"
    )
  }

  private func number(
    _ reader: borrowing some BookRecord & ~Copyable,
    _ column: BookFile.Column,
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

  private func slot(_ reader: borrowing some BookRecord & ~Copyable) throws(Failure) -> Int64? {
    if reader.isEmpty(BookFile.Column.observedSlot.rawValue) { return nil }
    let slot = try reader.integer(BookFile.Column.observedSlot.rawValue)
    guard slot >= 0 else {
      throw reader.failure(BookFile.Column.observedSlot.rawValue, expected: "a slot of at least 0")
    }
    return slot
  }

  private func marginMode(_ reader: borrowing some BookRecord & ~Copyable) throws(Failure)
    -> MarginMode
  {
    if reader.isEmpty(BookFile.Column.marginMode.rawValue) { return .cross }
    let word = try reader.text(BookFile.Column.marginMode.rawValue)
    if let mode = MarginMode(rawValue: word) { return mode }
    let words = MarginMode.allCases.map(\.rawValue)
    throw reader.failure(
      BookFile.Column.marginMode.rawValue,
      expected: words.joined(separator: ", ") + suggestion(for: word, among: words)
    )
  }

  private func elevationGroup(_ reader: borrowing some BookRecord & ~Copyable) throws(Failure)
    -> String
  {
    if reader.isEmpty(BookFile.Column.elevationGroup.rawValue) { return "" }
    return try reader.text(BookFile.Column.elevationGroup.rawValue)
  }

  private func protection(
    _ reader: borrowing some BookRecord & ~Copyable,
    _ leg: Leg
  ) throws(Failure) -> ProtectionTerms {
    var terms = ProtectionTerms()
    terms.isProtected = try reader.flag(BookFile.Column.protected.rawValue, default: false)
    if let amount = try number(reader, .deposited, 0...1e12) {
      terms.deposited = try micro(amount)
    }
    if let amount = try number(reader, .cap, 0...1e12) { terms.cap = try micro(amount) }
    terms.triggerDistance = try number(reader, .trigger, 0...10)
    terms.safeDistance = try number(reader, .safe, 0...10)
    if let trigger = terms.triggerDistance, let safe = terms.safeDistance, safe < trigger {
      throw reader.failure(
        BookFile.Column.safe.rawValue,
        expected: "at least the row's trigger_distance"
      )
    }
    if let price = try number(reader, .stopLossPrice, 0...1e15) {
      terms.stopLosses = [StopLoss(of: leg, at: price)]
    }
    return terms
  }
}
