// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets

/// What the codes of columns mean, and how their rows become records.
struct ColumnWords: Sendable {
  /// Venues, assets, kinds and modes by their codes, −1 for words that are none.
  private let venues: [Int32]
  private let assets: [Int32]
  private let kinds: [Int32]
  private let modes: [Int32]
  private let isListed: [Bool]
  private let isQuote: [Bool]
  /// How many accounts have names, or more than there can be accounts.
  private let nameCount: Int64

  var assetCount: Int { isQuote.count }

  /// Looks up the words of columns.
  init(_ catalogue: VenueCatalogue, words: (BookFile.Column) -> [String], nameCount: Int64) {
    func numbers(_ column: BookFile.Column, _ known: [String]) -> [Int32] {
      words(column).map { Int32(known.firstIndex(of: $0) ?? -1) }
    }
    venues = numbers(.venue, catalogue.venues.map(\.name))
    assets = numbers(.asset, catalogue.assets.symbols)
    kinds = numbers(.leg, ColumnWords.kinds)
    modes = numbers(.marginMode, ColumnWords.modes)
    isListed = catalogue.venues.flatMap { (venue: Venue) in
      (0..<catalogue.assets.count).map { venue.rule.lists($0) }
    }
    isQuote = catalogue.assets.assets.map(\.isQuote)
    self.nameCount = nameCount
  }

  /// The kinds of leg as they are numbered.
  static let kinds = ["perp", "deposit", "borrow"]
  /// The margin modes as they are numbered.
  static let modes = MarginMode.allCases.map(\.rawValue)

  /// Finds rows that stay columns; nil where none may.
  func sieve(_ isMeant: [Bool]) -> PerpSieve? {
    PerpSieve(
      venues: venues,
      assets: assets,
      kinds: kinds,
      modes: modes,
      isMeant: isMeant,
      isListed: isListed,
      isQuote: isQuote,
      accountLimit: nameCount
    )
  }

  /// Reads a row whose columns are all of the usual form; false for any other.
  @inline(__always)
  func usual(
    _ row: Int,
    _ columns: borrowing NumpyColumns,
    _ record: inout LegRecord
  ) -> Bool {
    guard columns.isUsual(row, names: nameCount) else { return false }
    record.venue = ColumnWords.word(columns.venue[row], venues)
    record.asset = ColumnWords.word(columns.asset[row], assets)
    let kind = ColumnWords.word(columns.leg[row], kinds)
    guard record.venue >= 0, record.asset >= 0, kind >= 0 else { return false }
    record.kind = LegKind(rawValue: UInt8(truncatingIfNeeded: kind)) ?? .perp
    let asset = Int(record.asset)
    guard isListed[Int(record.venue) * isQuote.count + asset] else { return false }
    record.quantity = columns.quantity[row]
    guard BookFile.isQuantity(record.quantity) else { return false }
    if record.kind == .perp {
      guard !columns.entryPrice.isEmpty, !isQuote[asset] else { return false }
      record.entryPrice = columns.entryPrice[row]
      guard record.entryPrice >= 0, record.entryPrice <= 1e15 else { return false }
    } else if record.quantity < 0 {
      return false
    }
    return usualExtras(row, columns, &record)
  }

  @inline(__always)
  private func usualExtras(
    _ row: Int,
    _ columns: borrowing NumpyColumns,
    _ record: inout LegRecord
  ) -> Bool {
    if !columns.collateral.isEmpty {
      let value = columns.collateral[row]
      guard value.isNaN || value.magnitude <= 1e12 else { return false }
      record.collateralUSD = value.isNaN ? 0 : value
    }
    if !columns.maxLeverage.isEmpty {
      record.maxLeverage = columns.maxLeverage[row]
      let isGood = record.maxLeverage >= 0.5 && record.maxLeverage <= 1000
      guard isGood || record.maxLeverage.isNaN else { return false }
    }
    if !columns.slot.isEmpty {
      record.observedSlot = columns.slot[row]
      guard record.observedSlot >= -1 else { return false }
    }
    if !columns.isProtected.isEmpty {
      let flag = columns.isProtected[row]
      guard flag >= -1, flag <= 1 else { return false }
      record.isProtected = flag == 1
    }
    if !columns.mode.isEmpty, columns.mode[row] != -1 {
      switch ColumnWords.word(columns.mode[row], modes) {
      case 0: record.mode = .cross
      case 1: record.mode = .isolated
      case 2: record.mode = .strictIsolated
      case 3: record.mode = .noCross
      default: return false
      }
    }
    return true
  }

  @inline(__always)
  private static func word(_ code: Int64, _ numbers: [Int32]) -> Int32 {
    code >= 0 && code < numbers.count ? numbers[Int(code)] : -1
  }
}
