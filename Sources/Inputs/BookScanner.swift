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
    /// A row is refused, and only the whole book says at which line.
    case isRefused
  }

  let pieces: RecordPieces
  private let rows: BookRows
  private let expectsQuotes: Bool
  /// What to do with each field.
  let plan: FieldPlan
  let assetCount: Int
  /// Of every venue and asset: 1 for listed ones, 2 for quote currencies.
  let marketForms: [UInt8]
  /// Whether a venue lists an asset, and whether an asset is a quote currency.
  private let isListed: [Bool]
  private let isQuote: [Bool]
  /// What records begin as; one made anew would be read before its stores have retired.
  private let blank = LegRecord()

  /// Prepares to read the pieces of a book.
  ///
  /// * `expectsQuotes`: the pieces were cut with regard to quotes.
  package init(_ pieces: RecordPieces, catalogue: VenueCatalogue, expectsQuotes: Bool) {
    self.pieces = pieces
    self.expectsQuotes = expectsQuotes
    rows = BookRows(catalogue)
    plan = FieldPlan(pieces, catalogue)
    assetCount = catalogue.assets.count
    isListed = catalogue.venues.flatMap { (venue: Venue) in
      (0..<catalogue.assets.count).map { venue.rule.lists($0) }
    }
    isQuote = catalogue.assets.assets.map(\.isQuote)
    let (listed, quotes) = (isListed, isQuote)
    marketForms = listed.indices.map { (listed[$0] ? 1 : 0) + (quotes[$0 % quotes.count] ? 2 : 0) }
  }

  /// Opens a book as pieces, nil where it is no file.
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
      path: path,
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
    if readColumns(piece, into: &rows) { return .read }
    guard let start = unsafe piece.bytes.baseAddress else { return .read }
    let end = unsafe start + piece.bytes.count
    var next = unsafe start
    var isOpen = false
    let scratch = FieldScratch()
    while unsafe next < end {
      if unsafe next.pointee == UInt8(ascii: "\n") {
        unsafe next += 1
        continue
      }
      if let after = unsafe plan.read(next, into: scratch), unsafe after - next <= 1 << 20,
        isGood(scratch)
      {
        let offset = unsafe Int32(truncatingIfNeeded: scratch.name - start)
        append(record(scratch, nameOffset: offset), to: &rows, &isOpen)
        unsafe next = after
        continue
      }
      let rest = unsafe UnsafeBufferPointer(start: next, count: end - next)
      let found = try unsafe other(rest, &rows)
      guard found.outcome == .read else { return found.outcome }
      unsafe next += found.count
      if let record = found.record { append(record, to: &rows, &isOpen) }
    }
    rows.noteSpan()
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

  /// Checks what `BookRows` checks; what is not good is read again for its message.
  @inline(__always)
  private func isGood(_ found: FieldScratch) -> Bool {
    let (venue, asset) = (Int(found[.venue]), Int(found[.asset]))
    guard venue >= 0, asset >= 0, found[.leg] >= 0, found[.mode] >= 0,
      isListed[venue * assetCount + asset]
    else { return false }
    let quantity = found[.quantity]
    let collateral = found[.collateral]
    guard BookFile.isQuantity(quantity), collateral.isNaN || collateral.magnitude <= 1e12 else {
      return false
    }
    if found[.leg] == 0 {
      guard found[.entryPrice] >= 0, found[.entryPrice] <= 1e15, !isQuote[asset] else {
        return false
      }
    } else if quantity < 0 {
      return false
    }
    return isWithin(found[.maxLeverage], 0.5...1000) && isWithin(found[.stated], 0...1e15)
      && isWithin(found[.threshold], 0...2)
  }

  /// Whether a number that may be missing lies in a range.
  @inline(__always)
  private func isWithin(_ value: Double, _ range: ClosedRange<Double>) -> Bool {
    value.isNaN || (value >= range.lowerBound && value <= range.upperBound)
  }

  @inline(__always)
  private func record(_ found: FieldScratch, nameOffset: Int32) -> LegRecord {
    var record = blank
    record.quantity = found[.quantity]
    if found[.leg] == 0 {
      record.entryPrice = found[.entryPrice]
    } else {
      record.kind = found[.leg] == 1 ? .deposit : .borrow
    }
    let collateral = found[.collateral]
    record.collateralUSD = collateral.isNaN ? 0 : collateral
    record.maxLeverage = found[.maxLeverage]
    record.liquidationThreshold = found[.threshold]
    record.observedSlot = found.slot
    record.fingerprint = found.fingerprint
    record.nameOffset = nameOffset
    record.nameLength = found.nameLength
    record.venue = found[.venue]
    record.asset = found[.asset]
    record.isProtected = found.isProtected
    switch found[.mode] {
    case 0: record.mode = .cross
    case 1: record.mode = .isolated
    case 2: record.mode = .strictIsolated
    default: record.mode = .noCross
    }
    return record
  }

  // MARK: - Other records

  /// Reads the first record of some bytes in the way that knows every form.
  @inline(never)
  private func other(
    _ bytes: UnsafeBufferPointer<UInt8>,
    _ piece: inout LegPiece
  ) throws(Failure) -> (outcome: Outcome, record: LegRecord?, count: Int) {
    if !expectsQuotes {
      var place = 0
      while place < bytes.count, unsafe bytes[place] != UInt8(ascii: "\n") {
        if unsafe bytes[place] == UInt8(ascii: "\"") { return (.hasQuotes, nil, 0) }
        place += 1
      }
    }
    var reader = unsafe pieces.records(bytes, line: 1)
    let found: BookRow
    do throws(Failure) {
      guard try reader.next() else { return (.read, nil, bytes.count) }
      found = try rows.row(reader, number: 0)
    } catch {
      guard pieces.hasLines else { return (.isRefused, nil, 0) }
      throw try unsafe failure(bytes, in: piece)
    }
    let name = Array(found.account.utf8)
    guard name.allSatisfy({ $0 < 0x80 }) else { return (.hasForeignNames, nil, 0) }
    var record = LegRecord(found)
    record.fingerprint = Fingerprint.of(name)
    record.nameLength = Int32(truncatingIfNeeded: name.count)
    piece.texts.append(name)
    record.nameOffset = -Int32(truncatingIfNeeded: piece.texts.count)
    if !found.group.isEmpty {
      record.group = Int32(truncatingIfNeeded: piece.groups.count)
      piece.groups.append(found.group)
    }
    if found.hasStopLossPrice { piece.hasStopLossPrices = true }
    return (.read, record, reader.consumed)
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
  init(_ row: BookRow) {
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
