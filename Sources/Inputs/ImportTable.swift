// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Markets
internal import Tables
package import TextKit

/// Makes a book of a table with one row for each account, vault or position, by a mapping of its
/// columns (TOML).
///
/// Products and quotients of columns and constants are exact in decimals and rounded once, so that
/// `scale = 1e-18` moves the decimal point of base units. Legs of quantity 0 are left out.
package struct TableImport {
  private let mapping: ImportMapping
  private let venue: ImportVenue
  private let skipsUnknown: Bool
  private var book = ImportedBook()
  private var unknown = UnknownAssets()
  private var prices: [String: Double] = [:]
  private var conflicts: Set<String> = []
  private var accounts: Set<String> = []
  private var isolatedCount = 0
  private var rowsWithoutLeg = 0

  /// Imports a table.
  ///
  /// * `path`: the CSV file, `-` for standard input.
  /// * `mapping`: the TOML file that says what the columns are.
  /// * `skipsUnknown`: leaves out legs in assets that the venue does not list.
  ///
  /// - Throws: a failure with file, line and column for what the table or the mapping says wrongly;
  ///   one that names every asset that the venue does not list.
  package static func read(
    _ path: String,
    mapping: String,
    catalogue: VenueCatalogue,
    skipsUnknown: Bool = false
  ) throws(Failure) -> ImportedBook {
    var work = try TableImport(try ImportMapping(mapping), catalogue, skipsUnknown)
    try work.readRows(path)
    return try work.finish()
  }

  private init(
    _ mapping: ImportMapping,
    _ catalogue: VenueCatalogue,
    _ skipsUnknown: Bool
  ) throws(Failure) {
    self.mapping = mapping
    self.skipsUnknown = skipsUnknown
    venue = try ImportVenue(mapping.venue, in: catalogue)
  }

  private mutating func readRows(_ path: String) throws(Failure) {
    var reader = try CSVReader(path: path, required: [], keepsOthers: true)
    var columns: [String: Int] = [:]
    for column in mapping.columns {
      columns[column.name] = try column.index(among: reader.columns, of: reader.name)
    }
    var row = 0
    while try reader.next() {
      row += 1
      let fields = ImportFields(columns: columns)
      let account = try account(reader, fields, row: row)
      let before = book.legs.count
      for leg in mapping.legs { try add(leg, of: account, reader, fields) }
      if book.legs.count == before { rowsWithoutLeg += 1 }
    }
    guard row > 0 else {
      throw Failure.data(file: path, found: "a header and no rows", expected: "at least one row")
    }
  }

  private func account(
    _ reader: borrowing CSVReader,
    _ fields: ImportFields,
    row: Int
  ) throws(Failure) -> String {
    guard let column = mapping.account else { return String(row) }
    let index = fields.index(of: column)
    let account = try reader.text(index)
    guard !account.isEmpty else { throw reader.failure(index, expected: "the account's text") }
    return account
  }

  private mutating func add(
    _ leg: MappedLeg,
    of account: String,
    _ reader: borrowing CSVReader,
    _ fields: ImportFields
  ) throws(Failure) {
    let quantity = try fields.value(
      leg.quantity,
      reader,
      in: leg.kind == .perp ? -1e18...1e18 : 0...1e18,
      "a quantity" + (leg.kind == .perp ? "" : " of at least 0 for a \(leg.kind)")
    )
    guard quantity != 0 else { return }
    let symbol = try fields.symbol(leg.symbol, reader)
    guard let asset = venue.asset(symbol) else { return unknown.add(symbol) }
    if leg.kind == .perp && venue.isQuote(asset) {
      throw reader.failure(expected: "a perp of an asset that is not a quote currency")
    }
    if let price = try fields.optional(leg.price, reader, in: 0...1e15, "a price above 0"),
      !venue.isQuote(asset)
    {
      guard price > 0 else { throw reader.failure(expected: "a price of \(symbol) above 0") }
      if let other = prices[symbol], other != price { conflicts.insert(symbol) }
      prices[symbol] = prices[symbol] ?? price
    }
    var slot: Int64?
    if let number = try fields.optional(leg.observedSlot, reader, in: 0...9e15, "a slot") {
      guard let whole = Int64(exactly: number) else {
        throw reader.failure(expected: "a whole slot, found \(NumberText.shortest(number))")
      }
      slot = whole
    }
    if leg.marginMode.flatMap(MarginMode.init)?.isIsolated ?? false {
      isolatedCount += 1
    } else {
      accounts.insert(account)
    }
    book.legs.append(
      ImportedBook.Leg(
        account: account,
        venue: venue.name,
        asset: symbol,
        leg: "\(leg.kind)",
        quantity: quantity,
        entryPrice: try fields.optional(leg.entryPrice, reader, in: 0...1e15, "a price"),
        collateralUSD: try fields.optional(
          leg.collateralUSD,
          reader,
          in: -1e12...1e12,
          "an amount"
        ),
        maxLeverage: try fields.optional(leg.maxLeverage, reader, in: 0.5...1000, "a leverage"),
        marginMode: leg.marginMode,
        observedSlot: slot,
        liquidationThreshold: try fields.optional(
          leg.liquidationThreshold,
          reader,
          in: 0...2,
          "a threshold"
        )
      )
    )
  }

  private consuming func finish() throws(Failure) -> ImportedBook {
    if !unknown.symbols.isEmpty && !skipsUnknown {
      throw unknown.failure(venue: venue.name, listed: venue.listed)
    }
    book.accountCount = accounts.count + isolatedCount
    book.prices = prices.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      .map { ($0.key, $0.value) }
    if !conflicts.isEmpty {
      let names = conflicts.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.prefix(5)
      book.warnings.append(
        "\(conflicts.count) asset\(conflicts.count == 1 ? " has" : "s have") different prices in"
          + " different rows (\(names.joined(separator: ", "))); taken is the first"
      )
    }
    if rowsWithoutLeg > 0 {
      book.counts.append("\(rowsWithoutLeg) row\(rowsWithoutLeg == 1 ? "" : "s") without a leg")
    }
    if let count = unknown.count { book.counts.append(count) }
    return book
  }
}

/// Reads what a mapping names out of the current record.
private struct ImportFields {
  /// Index of every column of the mapping.
  let columns: [String: Int]

  func index(of column: MappedColumn) -> Int { columns[column.name] ?? 0 }

  func symbol(
    _ symbol: MappedLeg.Symbol,
    _ reader: borrowing CSVReader
  ) throws(Failure) -> String {
    switch symbol {
    case .constant(let text): return text
    case .column(let column, let renamed):
      let text = try reader.text(index(of: column))
      guard !text.isEmpty else {
        throw reader.failure(index(of: column), expected: "the symbol of an asset")
      }
      return renamed[text] ?? text
    }
  }

  func optional(
    _ number: MappedNumber?,
    _ reader: borrowing CSVReader,
    in range: ClosedRange<Double>,
    _ expected: String
  ) throws(Failure) -> Double? {
    guard let number else { return nil }
    return try value(number, reader, in: range, expected)
  }

  /// The value of a number in the current record.
  func value(
    _ number: MappedNumber,
    _ reader: borrowing CSVReader,
    in range: ClosedRange<Double>,
    _ expected: String
  ) throws(Failure) -> Double {
    var result: Double?
    if number.isPlain, case .column(let column) = number.factors[0] {
      result = try reader.number(index(of: column))
    } else {
      var product = ExactDecimal.one
      for (position, factor) in number.factors.enumerated() {
        product = product * (try exact(factor, reader, empty: position == 0 ? number.empty : nil))
      }
      if number.divisors.isEmpty {
        result = product.double
      } else {
        var divisor = ExactDecimal.one
        for factor in number.divisors {
          let next = try exact(factor, reader, empty: nil)
          if next.isZero, case .column(let column) = factor {
            throw reader.failure(index(of: column), expected: "a number to divide by, not 0")
          }
          divisor = divisor * next
        }
        result = product.divided(by: divisor)
      }
    }
    if let result, range.contains(result) { return result }
    let bounds =
      "\(expected), from \(NumberText.shortest(range.lowerBound)) to"
      + " \(NumberText.shortest(range.upperBound))"
    let made = result.map { ", found \(NumberText.shortest($0)) by the mapping" } ?? ""
    for case .column(let column) in number.factors {
      throw reader.failure(index(of: column), expected: bounds + (number.isPlain ? "" : made))
    }
    throw reader.failure(expected: bounds + made)
  }

  private func exact(
    _ factor: MappedNumber.Factor,
    _ reader: borrowing CSVReader,
    empty: ExactDecimal?
  ) throws(Failure) -> ExactDecimal {
    switch factor {
    case .constant(let value): return value
    case .column(let column):
      let index = index(of: column)
      if reader.isEmpty(index), let empty { return empty }
      if let value = reader.withBytes(index, { ExactDecimal(Array($0)) }) { return value }
      throw reader.failure(
        index,
        expected: "a decimal number of at most \(ExactDecimal.mostDigits) digits"
      )
    }
  }
}

extension [UInt8] {
  fileprivate init(_ span: Span<UInt8>) {
    self = span.indices.map { span[$0] }
  }
}
