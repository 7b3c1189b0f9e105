// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Markets
internal import Numerics
package import Tables
package import TextKit

/// Reads pieces of a book into records, without an object or a text for a row.
///
/// A record of the usual form is read straight from its bytes. Every other one goes through
/// `CSVReader` and `BookRows`, which give the same values, or the failure that a user sees.
package struct BookScanner: Sendable {
  /// What a piece was found to be.
  package enum Outcome: Sendable, Equatable {
    case read
    /// It needs pieces that are cut with regard to quotes.
    case hasQuotes
    /// It has accounts that only their text as Unicode tells apart.
    case hasForeignNames
  }

  private let pieces: RecordPieces
  private let rows: BookRows
  private let expectsQuotes: Bool
  /// What to do with each field.
  private let actions: [BookFile.Column?]
  private let venues: WordTable
  private let assets: WordTable
  private let assetCount: Int
  /// Whether a venue lists an asset, and whether an asset is a quote currency.
  private let isListed: [Bool]
  private let isQuote: [Bool]
  private static let kinds = WordTable(["perp", "deposit", "borrow"])
  private static let modes = WordTable(MarginMode.allCases.map(\.rawValue))
  private let kinds = BookScanner.kinds
  private let modes = BookScanner.modes

  /// Prepares to read the pieces of a book.
  ///
  /// * `expectsQuotes`: the pieces were cut with regard to quotes.
  package init(_ pieces: RecordPieces, catalogue: VenueCatalogue, expectsQuotes: Bool) {
    self.pieces = pieces
    self.expectsQuotes = expectsQuotes
    rows = BookRows(catalogue)
    var actions = [BookFile.Column?](repeating: nil, count: pieces.width)
    for column in BookFile.Column.allCases where pieces.fieldOfColumn[column.rawValue] >= 0 {
      actions[Int(pieces.fieldOfColumn[column.rawValue])] = column
    }
    self.actions = actions
    venues = WordTable(catalogue.venues.map(\.name))
    assets = WordTable(catalogue.assets.symbols)
    assetCount = catalogue.assets.count
    isListed = catalogue.venues.flatMap { (venue: Venue) in
      (0..<catalogue.assets.count).map { venue.rule.lists($0) }
    }
    isQuote = catalogue.assets.assets.map(\.isQuote)
  }

  /// Opens a book as pieces, nil where it is not a plain file.
  ///
  /// * `size`: bytes of a piece, about.
  package static func pieces(
    _ path: String,
    size: Int,
    mayHaveQuotes: Bool
  ) throws(Failure) -> RecordPieces? {
    guard RecordPieces.canRead(path) else { return nil }
    return RecordPieces(
      try BookFile.open(path),
      size: size,
      key: BookFile.Column.account.rawValue,
      mayHaveQuotes: mayHaveQuotes
    )
  }

  /// Whether accounts may choose elevation groups, on which all their rows must agree.
  package var hasGroups: Bool {
    pieces.fieldOfColumn[BookFile.Column.elevationGroup.rawValue] >= 0
  }

  /// What a user should know of the book.
  package func warnings(_ path: String, hasStopLossPrices: Bool) -> [String] {
    BookFile.warnings(
      path,
      unknownColumns: pieces.unknownColumns,
      hasStopLossPrices: hasStopLossPrices
    )
  }

  /// Reads the rows of a piece.
  ///
  /// - Throws: the failure of the first record that is not good, with file, line, column, what was
  ///   found and expected.
  package func read(
    _ piece: RecordPieces.Piece,
    into rows: inout LegPiece
  ) throws(Failure) -> Outcome {
    rows.clear()
    if rows.isUsed.isEmpty { rows.isUsed = Array(repeating: false, count: assetCount) }
    unsafe rows.bytes = piece.bytes
    rows.offset = piece.offset
    guard let start = unsafe piece.bytes.baseAddress else { return .read }
    let end = unsafe start + piece.bytes.count
    var cursor = unsafe ByteCursor(start)
    var isOpen = false
    while unsafe cursor.next < end {
      let first = unsafe cursor.next
      if cursor.byte == UInt8(ascii: "\n") {
        unsafe cursor.next += 1
        continue
      }
      var record = LegRecord()
      unsafe usual(&cursor, start: start, &record, &rows)
      if unsafe cursor.isUnusual || cursor.next - first > 1 << 20 {
        let rest = unsafe UnsafeBufferPointer(start: first, count: end - first)
        let found = try unsafe other(rest, &record, &rows)
        guard found.outcome == .read else { return found.outcome }
        cursor = unsafe ByteCursor(first + found.count)
        if found.isLast { continue }
      }
      append(record, to: &rows, &isOpen)
    }
    return .read
  }

  /// Adds a record to the account that is open, or opens one.
  @inline(__always)
  private func append(_ record: LegRecord, to rows: inout LegPiece, _ isOpen: inout Bool) {
    let isCross = record.nameLength > 0 && !record.mode.isIsolated
    let count = rows.records.count
    if !(isCross && isOpen && rows.isSameName(rows.records[count - 1], record)) {
      rows.runs.append(Int32(truncatingIfNeeded: count))
    }
    isOpen = isCross
    if record.observedSlot > rows.newestSlot { rows.newestSlot = record.observedSlot }
    rows.isUsed[Int(record.asset)] = true
    rows.records.append(record)
  }

  // MARK: - Records of the usual form

  /// Reads the record at the cursor, or leaves the cursor marked as at an unusual one.
  @inline(__always)
  private func usual(
    _ cursor: inout ByteCursor,
    start: UnsafePointer<UInt8>,
    _ record: inout LegRecord,
    _ rows: inout LegPiece
  ) {
    var entry = Double.nan
    for field in actions.indices {
      if let column = actions[field] {
        unsafe read(column, &cursor, start: start, &record, &entry, &rows)
      } else {
        cursor.skip()
      }
      if cursor.isUnusual { return }
      if field < actions.count - 1 {
        guard cursor.byte == UInt8(ascii: ",") else {
          cursor.isUnusual = true
          return
        }
        unsafe cursor.next += 1
      }
    }
    if cursor.byte == UInt8(ascii: "\r") { unsafe cursor.next += 1 }
    guard cursor.byte == UInt8(ascii: "\n") else {
      cursor.isUnusual = true
      return
    }
    unsafe cursor.next += 1
    if !isGood(&record, entry: entry) { cursor.isUnusual = true }
  }

  @inline(__always)
  private func read(
    _ column: BookFile.Column,
    _ cursor: inout ByteCursor,
    start: UnsafePointer<UInt8>,
    _ record: inout LegRecord,
    _ entry: inout Double,
    _ rows: inout LegPiece
  ) {
    switch column {
    case .account:
      record.nameOffset = unsafe Int32(truncatingIfNeeded: cursor.next - start)
      record.fingerprint = cursor.name()
      record.nameLength =
        unsafe Int32(truncatingIfNeeded: cursor.next - start) - record.nameOffset
    case .venue: record.venue = cursor.word(in: venues)
    case .asset: record.asset = cursor.word(in: assets)
    case .leg:
      let kind = cursor.word(in: kinds)
      record.kind = LegKind(rawValue: UInt8(truncatingIfNeeded: max(0, kind))) ?? .perp
      if kind < 0 { cursor.isUnusual = true }
    case .quantity: record.quantity = cursor.number()
    case .entryPrice: entry = cursor.number()
    case .collateral:
      let value = cursor.number()
      record.collateralUSD = value.isNaN ? 0 : value
    case .maxLeverage: record.maxLeverage = cursor.number()
    case .protected: record.isProtected = cursor.flag()
    case .marginMode:
      if cursor.isAtEnd { return }
      switch cursor.word(in: modes) {
      case 0: record.mode = .cross
      case 1: record.mode = .isolated
      case 2: record.mode = .strictIsolated
      case 3: record.mode = .noCross
      default: cursor.isUnusual = true
      }
    case .observedSlot: record.observedSlot = cursor.wholeNumber()
    case .liquidationPrice:
      let price = cursor.number()
      if !(price.isNaN || (price >= 0 && price <= 1e15)) { cursor.isUnusual = true }
    case .liquidationThreshold: record.liquidationThreshold = cursor.number()
    case .deposited, .cap, .trigger, .safe, .stopLossPrice, .elevationGroup:
      // Rare enough to be read as text.
      if !cursor.isAtEnd { cursor.isUnusual = true }
    }
  }

  /// Checks what `BookRows` checks; what is not good is read again for its message.
  @inline(__always)
  private func isGood(_ record: inout LegRecord, entry: Double) -> Bool {
    guard record.venue >= 0, record.asset >= 0 else { return false }
    let asset = Int(record.asset)
    guard isListed[Int(record.venue) * assetCount + asset] else { return false }
    guard record.quantity.magnitude <= 1e18, record.collateralUSD.magnitude <= 1e12 else {
      return false
    }
    if record.kind == .perp {
      guard entry >= 0, entry <= 1e15, !isQuote[asset] else { return false }
      record.entryPrice = entry
    } else if record.quantity < 0 {
      return false
    }
    let leverage = record.maxLeverage
    let threshold = record.liquidationThreshold
    return (leverage.isNaN || (leverage >= 0.5 && leverage <= 1000))
      && (threshold.isNaN || (threshold >= 0 && threshold <= 2))
  }

  // MARK: - Other records

  /// Reads the first record of some bytes in the way that knows every form.
  @inline(never)
  private func other(
    _ bytes: UnsafeBufferPointer<UInt8>,
    _ record: inout LegRecord,
    _ piece: inout LegPiece
  ) throws(Failure) -> (outcome: Outcome, count: Int, isLast: Bool) {
    if !expectsQuotes {
      var place = 0
      while place < bytes.count, unsafe bytes[place] != UInt8(ascii: "\n") {
        if unsafe bytes[place] == UInt8(ascii: "\"") { return (.hasQuotes, 0, true) }
        place += 1
      }
    }
    var reader = unsafe pieces.records(bytes, line: 1)
    let found: BookRow
    do throws(Failure) {
      guard try reader.next() else { return (.read, bytes.count, true) }
      found = try rows.row(reader, number: 0)
    } catch {
      throw try unsafe failure(bytes, in: piece)
    }
    let name = Array(found.account.utf8)
    guard name.allSatisfy({ $0 < 0x80 }) else { return (.hasForeignNames, 0, true) }
    record = LegRecord(found)
    record.fingerprint = Fingerprint.of(name)
    record.nameLength = Int32(truncatingIfNeeded: name.count)
    piece.texts.append(name)
    record.nameOffset = -Int32(truncatingIfNeeded: piece.texts.count)
    if !found.group.isEmpty {
      record.group = Int32(truncatingIfNeeded: piece.groups.count)
      piece.groups.append(found.group)
    }
    if found.hasStopLossPrice { piece.hasStopLossPrices = true }
    return (.read, reader.consumed, false)
  }

  /// The failure of a record with its line in the file.
  private func failure(
    _ bytes: UnsafeBufferPointer<UInt8>,
    in piece: LegPiece
  ) throws(Failure) -> Failure {
    let place = unsafe piece.bytes.count - bytes.count
    var reader = unsafe pieces.records(bytes, line: pieces.line(at: piece.offset + place))
    _ = try reader.next()
    _ = try rows.row(reader, number: 0)
    return Failure(.internalError, "a record was refused once and then taken")
  }
}

extension LegRecord {
  fileprivate init(_ row: BookRow) {
    self.init()
    let leg = row.leg
    quantity = leg.quantity
    entryPrice = leg.entryPrice
    collateralUSD = leg.collateralUSD
    maxLeverage = leg.maxLeverage ?? .nan
    liquidationThreshold = leg.liquidationThreshold ?? .nan
    observedSlot = leg.observedSlot ?? -1
    deposited = row.terms.deposited
    cap = row.terms.cap ?? -1
    venue = Int32(truncatingIfNeeded: leg.venue)
    asset = Int32(truncatingIfNeeded: leg.asset)
    kind = leg.kind
    isProtected = row.terms.isProtected
    mode = row.mode
  }
}
