// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets
internal import Tables
internal import TextKit

/// The rows of a query or Parquet file in pieces, as DuckDB's chunks come.
///
/// Words come as their places in lists, which DuckDB finds once for each word of a dictionary.
/// Whatever is not usual ends the pieces; then `QueryBook` reads the whole book.
final class QueryPieces: BookPieces {
  /// Chunks that belong together: the rows of one account are never in two pieces.
  struct Piece: Sendable {
    var chunks: [DuckDBChunk]
    var count: Int
    /// The last account before comes after the first of these.
    var falls: Bool
    var failure: Failure?
  }

  /// What is fetched next.
  private struct State: ~Copyable {
    var rows: DuckDBRows?
    /// The first chunk of the next piece.
    var ahead: DuckDBChunk?
    var falls = false
    var index = 0
    var isOver = false
  }

  private static let longestRun = 1 << 20
  /// Columns that pieces have; those that few books have are left to `QueryBook`.
  private static let known: Set<BookFile.Column> = [
    .account, .venue, .asset, .leg, .quantity, .entryPrice, .collateral, .maxLeverage, .protected,
    .marginMode, .observedSlot, .liquidationPrice,
  ]

  private let name: String
  private let unknownColumns: [String]
  private let session: DuckDBSession
  private let sql: String
  private let inner: String
  private let columns: [BookFile.Column]
  let accountColumn: Int
  private let size: Int
  let isNamed: Bool
  private let isParquet: Bool
  let words: ColumnWords
  private let sieve: PerpSieve?
  private let isUnordered: Bool
  private let order = AccountOrder()
  private let state = TurnTaking(State())

  /// Asks for the columns of a query; nil where it has others than the usual ones.
  init?(_ path: String, _ options: BookPieceOptions) throws(Failure) {
    isParquet = !path.hasPrefix("query:")
    let name = isParquet ? path : "query"
    if isParquet, !path.contains("*") { _ = try TextSource(path: path) }
    let inner = QueryBook.sql(path)
    let session = try DuckDBSession()
    if options.threads > 0 { try session.run("SET threads = \(options.threads)", of: name) }
    let present = try QueryBook.columns(of: inner, session, name)
    let places = try BookFile.Column.places(
      in: present,
      of: name,
      stated: nil,
      needsAccount: true
    )
    let columns = BookFile.Column.allCases.filter { places[$0.rawValue] != nil }
    guard columns.allSatisfy(QueryPieces.known.contains), columns.contains(.entryPrice),
      let accountColumn = columns.firstIndex(of: .account)
    else { return nil }
    let catalogue = options.catalogue
    let lists: [BookFile.Column: [String]] = [
      .venue: catalogue.venues.map(\.name), .asset: catalogue.assets.symbols,
      .leg: ColumnWords.kinds, .marginMode: ColumnWords.modes,
    ]
    let casts = columns.map { QueryPieces.cast($0, lists[$0] ?? []) }
    words = ColumnWords(catalogue, words: { lists[$0] ?? [] }, nameCount: .max)
    sieve = words.sieve(options.columnMarkets)
    sql = "SELECT \(casts.joined(separator: ", ")) FROM (\(inner)) AS book"
    (self.name, self.inner, self.session, self.columns) = (name, inner, session, columns)
    self.accountColumn = accountColumn
    let names = BookFile.names(stated: nil)
    unknownColumns = present.filter { !names.contains($0) }
    size = max(1, options.size / 4)
    isNamed = options.named
    // A query may be long, so that it is not begun twice for a better order.
    isUnordered = options.hasQuotes || !isParquet
  }

  /// A column as SQL.
  private static func cast(_ column: BookFile.Column, _ words: [String]) -> String {
    let field = DuckDBSession.identifier(column.name)
    switch column.content {
    case .word:
      let list = ([""] + words).map(DuckDBSession.literal).joined(separator: ", ")
      let text = "coalesce(CAST(\(field) AS VARCHAR), '')"
      return "CAST(list_position([\(list)], \(text)) AS INTEGER)"
    case .account: return "CAST(\(field) AS VARCHAR)"
    case .number: return "CAST(\(field) AS DOUBLE)"
    case .slot, .flag: return "CAST(\(field) AS BIGINT)"
    }
  }

  var hasGroups: Bool { false }

  func warnings(_ path: String, hasStopLossPrices: Bool) -> [String] {
    BookFile.warnings(
      path,
      unknownColumns: unknownColumns,
      hasStopLossPrices: hasStopLossPrices
    )
  }

  /// The newest slot of a Parquet file; a query is not asked twice.
  func newestSampled() -> Int64 {
    guard isParquet, columns.contains(.observedSlot) else { return -1 }
    let query = "SELECT CAST(max(observed_slot) AS BIGINT) FROM (\(inner)) AS book"
    guard var rows = try? session.rows(query, of: name), (try? rows.next()) == true else {
      return -1
    }
    var values: [Int64] = []
    rows.integers(0, into: &values, missing: -1)
    return values.first ?? -1
  }

  func next() -> (index: Int, piece: Piece)? {
    state.use { (state: inout State) -> (index: Int, piece: Piece)? in
      guard !state.isOver else { return nil }
      var piece = Piece(chunks: [], count: 0, falls: state.falls, failure: nil)
      do throws(Failure) {
        if state.index == 0 && state.ahead == nil {
          state.rows = try session.rows(sql, of: name)
          state.ahead = try state.rows?.take()
        }
        while let chunk = state.ahead {
          piece.chunks.append(chunk)
          piece.count += chunk.count
          // Not forgotten if the next one cannot be fetched.
          state.ahead = nil
          state.ahead = try state.rows?.take()
          guard let ahead = state.ahead, piece.count >= size else { continue }
          let place = step(chunk, ahead)
          state.falls = place > 0
          if place != 0 || piece.count > QueryPieces.longestRun { break }
        }
      } catch {
        piece.failure = error
        state.isOver = true
      }
      if state.ahead == nil { state.isOver = true }
      guard piece.count > 0 || piece.failure != nil else { return nil }
      defer { state.index += 1 }
      return (state.index, piece)
    }
  }

  /// How the last account of a chunk stands to the first of the next; see `compare`.
  private func step(_ chunk: DuckDBChunk, _ next: DuckDBChunk) -> Int {
    let last = unsafe chunk.texts(accountColumn).bytes(chunk.count - 1)
    let first = unsafe next.texts(accountColumn).bytes(0)
    return last.isEmpty || first.isEmpty ? 1 : unsafe DuckDBChunk.compare(last, first)
  }

  func release(_ piece: Piece) {}

  func read(_ piece: Piece, into rows: inout LegPiece) throws(Failure) -> BookScanner.Outcome {
    rows.clear()
    if rows.isUsed.isEmpty { rows.isUsed = Array(repeating: false, count: words.assetCount) }
    if let failure = piece.failure { throw failure }
    guard piece.count <= QueryPieces.longestRun else { return .hasForeignNames }
    var order = TextOrder()
    let columns = copy(piece, rows.scratch, &order)
    if order.isForeign { return .hasForeignNames }
    let market = unsafe rows.scratch.market.room(piece.count)
    if let sieve {
      let isSifted = unsafe exclude(piece, market)
      var finding = unsafe sieve.sift(columns, into: market, isSifted: isSifted)
      finding.falls = order.falls || piece.falls
      guard isUnordered || self.order.take(finding) else { return .hasQuotes }
      if isUnordered { unsafe addFingerprints(piece, columns, market, &rows) }
      unsafe rows.take(columns, market, sieve)
      if rows.perps?.perpCount == piece.count { return .read }
    }
    guard addRecords(piece, columns, &rows) else { return .hasForeignNames }
    return .read
  }

  // MARK: - Columns

  func place(_ column: BookFile.Column) -> Int? { columns.firstIndex(of: column) }

  /// Copies the columns of a piece, one chunk behind the other.
  private func copy(
    _ piece: Piece,
    _ scratch: PerpScratch,
    _ order: inout TextOrder
  ) -> PerpColumns {
    let account = unsafe scratch.account.room(piece.count)
    var first = 0
    var last = unsafe (text: UnsafeBufferPointer<UInt8>(start: nil, count: 0), number: Int64(-1))
    for chunk in piece.chunks {
      unsafe chunk.number(accountColumn, to: account + first, after: &last, &order)
      first += chunk.count
    }
    return unsafe PerpColumns(
      count: piece.count,
      venue: codes(.venue, piece, scratch.venue),
      asset: codes(.asset, piece, scratch.asset),
      leg: codes(.leg, piece, scratch.leg),
      mode: codes(.marginMode, piece, scratch.mode),
      quantity: numbers(.quantity, piece, scratch.quantity),
      entryPrice: numbers(.entryPrice, piece, scratch.entryPrice),
      collateral: numbers(.collateral, piece, scratch.collateral),
      slot: values(.observedSlot, piece, scratch.slot) { unsafe $0.copy($1, to: $2) },
      isProtected: values(.protected, piece, scratch.isProtected) { unsafe $0.copy($1, to: $2) },
      account: UnsafePointer(account),
      accountBefore: nil,
      accountAfter: nil
    )
  }

  private func codes(
    _ column: BookFile.Column,
    _ piece: Piece,
    _ memory: ColumnMemory<Int32>
  ) -> UnsafePointer<Int32> {
    unsafe values(column, piece, memory) { unsafe $0.copyCodes($1, to: $2) }
  }

  func numbers(
    _ column: BookFile.Column,
    _ piece: Piece,
    _ memory: ColumnMemory<Double>
  ) -> UnsafePointer<Double> {
    guard let place = place(column) else { return unsafe memory.filled(.nan, piece.count) }
    let room = unsafe memory.room(piece.count)
    var first = 0
    for chunk in piece.chunks {
      unsafe chunk.copy(place, to: room + first)
      first += chunk.count
    }
    return unsafe UnsafePointer(room)
  }

  /// A column of whole numbers, −1 where there is none.
  private func values<Value: FixedWidthInteger & SignedInteger & BitwiseCopyable>(
    _ column: BookFile.Column,
    _ piece: Piece,
    _ memory: ColumnMemory<Value>,
    _ copy: (DuckDBChunk, Int, UnsafeMutablePointer<Value>) -> Void
  ) -> UnsafePointer<Value> {
    guard let place = place(column) else { return unsafe memory.filled(-1, piece.count) }
    let room = unsafe memory.room(piece.count)
    var first = 0
    for chunk in piece.chunks {
      unsafe copy(chunk, place, room + first)
      first += chunk.count
    }
    return unsafe UnsafePointer(room)
  }

  /// Writes −1 for rows with terms of their own or a price that is none, 0 for the others.
  ///
  /// - Returns: false, with nothing written, where there are no such columns.
  private func exclude(_ piece: Piece, _ market: UnsafeMutablePointer<Int32>) -> Bool {
    let own = [BookFile.Column.maxLeverage, .liquidationPrice].filter { place($0) != nil }
    if own.isEmpty { return false }
    unsafe market.update(repeating: 0, count: piece.count)
    let memory = ColumnMemory<Double>()
    for column in own {
      let numbers = unsafe numbers(column, piece, memory)
      let isPrice = column == .liquidationPrice
      for row in 0..<piece.count {
        let number = unsafe numbers[row]
        if number.isNaN || isPrice && number >= 0 && number <= 1e15 { continue }
        unsafe market[row] = -1
      }
    }
    return true
  }
}
