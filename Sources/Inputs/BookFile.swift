// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Markets
internal import Numerics
internal import Tables
package import TextKit

/// Reads a book of one row per leg (DESIGN 4).
package struct BookFile {
  enum Column: Int, CaseIterable {
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

  /// Whether a number is 0 or a size whose product with a price keeps all digits of a double.
  @inline(__always)
  static func isQuantity(_ value: Double) -> Bool {
    let size = value.magnitude
    return size <= 1e18 && (size >= 1e-100 || size == 0)
  }

  private let path: String
  private let rows: BookRows
  private var accounts: [Account] = []
  private var indexOfAccount: [String: Int] = [:]
  private var hasStopLossPrices = false
  private var rowCount = 0

  /// The book of a file, with warnings for the user.
  ///
  /// * `path`: a CSV file, a folder of `.npy` columns, a Parquet file, or `query:` and a query.
  /// * `stated`: the column of the venue's own prices, `liquidation_price` unless it is given.
  /// - Throws: a failure with file, line, column, what was found and expected.
  package static func read(
    _ path: String,
    catalogue: VenueCatalogue,
    stated: String? = nil
  ) throws(Failure) -> (book: Book, warnings: [String]) {
    var file = BookFile(path: path, catalogue: catalogue)
    if QueryBook.canRead(path) { return try file.read(QueryBook(path, stated: stated)) }
    if NumpyBook.canRead(path) { return try file.read(NumpyBook(path, stated: stated)) }
    return try file.read(stated: stated)
  }

  private init(path: String, catalogue: VenueCatalogue) {
    self.path = path
    rows = BookRows(catalogue)
  }

  /// The columns by their names in the file.
  static func names(stated: String?) -> [String] {
    Column.allCases.map { $0 == .liquidationPrice ? stated ?? $0.name : $0.name }
  }

  /// Opens a book and looks for its columns.
  static func open(_ path: String, stated: String? = nil) throws(Failure) -> CSVReader {
    let names = names(stated: stated)
    let reader = try CSVReader(
      path: path,
      required: Array(names.prefix(Column.requiredCount)),
      optional: Array(names.dropFirst(Column.requiredCount))
    )
    if let stated, !reader.has(Column.liquidationPrice.rawValue) {
      throw Failure(
        .data,
        "\(reader.name): column '\(Failure.shown(stated))': found no such column, expected the"
          + " prices to compare with" + suggestion(for: stated, among: reader.unknownColumns)
      )
    }
    return reader
  }

  /// What a user should know of a book that was read.
  static func warnings(
    _ path: String,
    unknownColumns: [String],
    hasStopLossPrices: Bool
  ) -> [String] {
    let unused =
      hasStopLossPrices
      ? ["\(path): column 'stop_loss_price' counts only where account.stop_loss = 1"] : []
    return InputWarnings.table(path, unknown: unknownColumns) + unused
  }

  private mutating func read(
    stated: String?
  ) throws(Failure) -> (book: Book, warnings: [String]) {
    var reader = try BookFile.open(path, stated: stated)
    while try reader.next() { try add(reader) }
    return try finish(reader.unknownColumns)
  }

  private mutating func read(
    _ source: consuming some BookSource & ~Copyable
  ) throws(Failure) -> (book: Book, warnings: [String]) {
    while var columns = try source.next() {
      for row in 0..<columns.count {
        columns.row = row
        try add(columns)
      }
    }
    return try finish(source.unknownColumns)
  }

  private func finish(
    _ unknownColumns: [String]
  ) throws(Failure) -> (book: Book, warnings: [String]) {
    guard rowCount > 0 else {
      throw Failure.data(
        file: path,
        found: "a header and no rows",
        expected: "at least one row"
      )
    }
    let warnings = BookFile.warnings(
      path,
      unknownColumns: unknownColumns,
      hasStopLossPrices: hasStopLossPrices
    )
    return (Book(accounts: accounts, file: path), warnings)
  }

  private mutating func add(
    _ reader: borrowing some BookRecord & ~Copyable
  ) throws(Failure) {
    let found = try rows.row(reader, number: rowCount)
    rowCount += 1
    let (name, leg, mode, group) = (found.account, found.leg, found.mode, found.group)
    let key = reader.accountNumber.map { $0 < 0 ? "" : String($0) } ?? name
    if found.hasStopLossPrice { hasStopLossPrices = true }
    if !key.isEmpty, !mode.isIsolated, let index = indexOfAccount[key] {
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
      accounts[index].protection.merge(found.terms)
      return
    }
    if !key.isEmpty && !mode.isIsolated { indexOfAccount[key] = accounts.count }
    accounts.append(
      Account(
        name: name,
        legs: [leg],
        marginMode: mode,
        elevationGroup: group,
        protection: found.terms
      )
    )
  }
}

extension ProtectionTerms {
  /// Takes what a further leg of the account says: protected if any is, the first amount given.
  mutating func merge(_ other: ProtectionTerms) {
    isProtected = isProtected || other.isProtected
    if deposited == 0 { deposited = other.deposited }
    cap = cap ?? other.cap
    triggerDistance = triggerDistance ?? other.triggerDistance
    safeDistance = safeDistance ?? other.safeDistance
    stopLosses += other.stopLosses
  }
}
