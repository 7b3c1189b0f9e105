// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Clusters
internal import CommandLineKit
internal import Cycles
internal import Glibc
internal import Inputs
internal import Liquidation
internal import Markets
internal import Numerics
internal import Reports
internal import Synchronization
internal import Tables
internal import TextKit

/// Venues, prices and a book that is still in its file.
struct StreamedBook {
  let stream: BookStream
  let snapshot: PriceSnapshot
  let perps: LonePerps
  private let level: VectorLevel
  private let pricePath: String
  private let priceWarnings: [String]
  private let isQuiet: Bool
  private let isOnlyWay: Bool

  var catalogue: VenueCatalogue { stream.catalogue }

  /// Prepares the inputs of a command; nil where the book must be read as a whole.
  ///
  /// * `named`: whether the accounts' texts are needed.
  init?(_ options: BookOptions, named isNamed: Bool) throws(Failure) {
    let text = unsafe getenv("BREAKWATER_PATH").map { unsafe String(cString: $0) }
    guard case .pieces(let size, let only) = BookStream.Way.of(text),
      BookPieceOptions.canRead(options.book.path), PriceFile.canReadTwice(options.prices.path),
      options.venues.allSatisfy({ PriceFile.canReadTwice($0.path) })
    else { return nil }
    isOnlyWay = only
    let catalogue = try VenueFiles.catalogue(options.venues.map(\.path))
    let prices = try PriceFile.read(options.prices.path, assets: catalogue.assets)
    var pieces = BookPieceOptions(size: size, named: isNamed, catalogue: catalogue)
    pieces.threads = Parallel.threads(options.threads)
    stream = BookStream(path: options.book.path, pieces: pieces, threads: pieces.threads)
    snapshot = prices.snapshot
    perps = LonePerps(catalogue, prices.snapshot)
    level = try VectorLevel.chosen()
    pricePath = options.prices.path
    priceWarnings = prices.warnings + InputWarnings.cutOff(options.venues.map(\.path))
    isQuiet = options.quiet
  }

  /// Warns as after reading a whole book, and refuses assets without a price.
  func check(_ facts: BookStream.Facts, _ source: any BookPieces) throws(Failure) {
    if !isQuiet {
      let own = source.warnings(stream.path, hasStopLossPrices: facts.hasStopLossPrices)
      Diagnostics.warn(own + priceWarnings)
    }
    let assets = catalogue.assets
    var isMoved = Array(repeating: false, count: assets.count)
    for asset in facts.isUsed.indices where facts.isUsed[asset] && !assets[asset].isQuote {
      isMoved[assets[asset].underlying] = true
    }
    let ranks = assets.ranks
    try PriceFile.check(
      snapshot,
      of: pricePath,
      covers: isMoved.indices.filter { isMoved[$0] }.sorted { ranks[$0] < ranks[$1] },
      assets: assets
    )
  }

  /// The clusters of the book; nil where it must be read as a whole.
  ///
  /// * `slot`: now; the newest of prices and book where it is not given.
  func clusters(
    _ settings: ClusterSettings,
    _ protection: ProtectionSettings,
    slot: Int64?
  ) throws(Failure) -> (result: BookClusters.Result, slot: Int64)? {
    var now = slot ?? max(snapshot.slot ?? 0, newestSampled)
    var stream = stream
    stream.pieces.columnMarkets = perps.takesMarket
    while true {
      let assumed = now
      // Once a newer slot is met, the rest is read for newer ones only.
      let isLate = Atomic<Bool>(false)
      let found = try stream.pass {
        ClusterStream(
          catalogue: catalogue,
          snapshot: snapshot,
          perps: perps,
          settings: settings,
          protection: protection,
          slot: assumed,
          level: level
        )
      } each: {
        (sums: inout ClusterStream, rows: borrowing LegPiece, _: Int, _: BookStream.Output)
          throws(Failure) in
        if slot == nil, rows.newestSlot > assumed { isLate.store(true, ordering: .relaxed) }
        if isLate.load(ordering: .relaxed) { return }
        try StreamedBook.add(rows, to: &sums)
      }
      guard let found else { return try other() }
      if isLate.load(ordering: .relaxed) {
        now = max(now, found.facts.newestSlot)
        continue
      }
      try check(found.facts, found.source)
      var sums = found.workers[0]
      for other in found.workers.dropFirst() { try sums.merge(other) }
      return (try sums.finish(), now)
    }
  }

  /// Takes the other way, if that may be.
  private func other<Result>() throws(Failure) -> Result? {
    if isOnlyWay { throw Failure(.internalError, "this book cannot be read in pieces") }
    return nil
  }

  private static func add(
    _ rows: borrowing LegPiece,
    to sums: inout ClusterStream
  ) throws(Failure) {
    if let perps = rows.perps { try sums.add(perps) }
    if rows.records.isEmpty && rows.table.count == 0 { return }
    var others: [Int] = []
    try sums.add(rows.records, runs: rows.runs, others: &others)
    var single: [Int] = []
    if rows.table.count > 0 { try sums.add(rows.table, others: &single) }
    if others.isEmpty && single.isEmpty { return }
    var list = try accounts(others, of: rows, named: false)
    for row in single { list.append(rows.account(ofRow: row, named: false)) }
    try sums.add(Book(accounts: list))
  }

  /// The accounts of some runs.
  static func accounts(
    _ runs: [Int],
    of rows: borrowing LegPiece,
    named: Bool
  ) throws(Failure) -> [Account] {
    var accounts: [Account] = []
    accounts.reserveCapacity(runs.count)
    for run in runs {
      guard let account = rows.account(ofRun: run, named: named) else {
        throw Failure(.data, "an account with rows of two elevation groups")
      }
      accounts.append(account)
    }
    return accounts
  }

  /// Writes the liquidation prices of the book; nil where it must be read as a whole.
  ///
  /// - Returns: rows by status.
  func writePrices(to path: String) throws(Failure) -> [LiquidationStatus: Int]? {
    var looked: BookStream.Pass<PriceStream>?
    if !OutputFile.isReplaced(path) {
      // Nothing can be taken back there, so the first pass only looks.
      looked = try pass(to: nil)
      guard let looked else { return try other() }
      try check(looked.facts, looked.source)
    }
    guard let found = try pass(to: path, after: looked) else { return try other() }
    return found.workers.reduce(into: [:]) { $0.merge($1.allCounts) { $0 + $1 } }
  }

  private func pass(
    to path: String?,
    after looked: BookStream.Pass<PriceStream>? = nil
  ) throws(Failure) -> BookStream.Pass<PriceStream>? {
    var made: OrderedOutput?
    let found = try stream.pass(form: looked?.form ?? .init()) {
      () throws(Failure) -> BookStream.Output in
      guard let path else { return .none }
      let output = OrderedOutput(try OutputFile(path: path), limit: 4 * stream.threads)
      var header = CSVBuilder()
      PriceReport.appendHeader(.init(), to: &header)
      try output.write(header.bytes)
      made = output
      return .file(output)
    } begin: {
      PriceStream(catalogue, snapshot, perps)
    } each: {
      (table: inout PriceStream, rows: borrowing LegPiece, number: Int, output: BookStream.Output)
        throws(Failure) in
      table.text.clear()
      try StreamedBook.append(rows, to: &table)
      try output.ordered?.put(number, table.text)
    } end: { (found: BookStream.Pass<PriceStream>, output: BookStream.Output) throws(Failure) in
      guard let output = output.ordered else { return }
      if looked == nil { try check(found.facts, found.source) }
      try output.commit()
    }
    // The book is known to be good, so there is no other way than to say so.
    if found == nil, looked != nil, let failure = made?.failure { throw failure }
    return found
  }

  private static func append(
    _ rows: borrowing LegPiece,
    to table: inout PriceStream
  ) throws(Failure) {
    if rows.table.count > 0 { return try appendTable(rows, to: &table) }
    var others: [Int] = []
    for run in rows.runs.indices where !isLone(run, rows, table) { others.append(run) }
    let book = Book(accounts: try accounts(others, of: rows, named: true))
    let solved = try table.solve(book)
    var next = 0
    for run in rows.runs.indices {
      if next < others.count && others[next] == run {
        try table.append(next..<next + 1, of: solved)
        next += 1
        continue
      }
      let row = rows.records[Int(rows.runs[run])]
      try rows.withName(of: row) { (name: Span<UInt8>) throws(Failure) in
        try table.append(row, name: name, isClean: row.nameOffset >= 0)
      }
    }
  }

  /// Appends accounts of one perp from columns, with the others in their places.
  private static func appendTable(
    _ rows: borrowing LegPiece,
    to table: inout PriceStream
  ) throws(Failure) {
    let columns = rows.table
    var list: [Account] = []
    // The rows at which accounts begin that are compiled.
    var places: [Int] = []
    var run = 0
    for row in 0..<columns.count {
      if columns.isLone(row) {
        if table.takes(columns, row: row) { continue }
        list.append(rows.account(ofRow: row, named: true))
        places.append(row)
      } else if run < rows.runs.count, Int(rows.rowOfRun[run]) == row {
        list += try accounts([run], of: rows, named: true)
        places.append(row)
        run += 1
      }
    }
    let solved = try table.solve(Book(accounts: list))
    var next = 0
    for row in 0..<columns.count {
      if next < places.count && places[next] == row {
        try table.append(next..<next + 1, of: solved)
        next += 1
      } else if columns.isLone(row) {
        let record = columns.record(row)
        try rows.withName(of: record) { (name: Span<UInt8>) throws(Failure) in
          try table.append(record, name: name, isClean: true)
        }
      }
    }
  }

  private static func isLone(
    _ run: Int,
    _ rows: borrowing LegPiece,
    _ table: borrowing PriceStream
  ) -> Bool {
    let range = rows.records(ofRun: run)
    return range.count == 1 && table.takes(rows.records[range.lowerBound])
  }

  /// The newest slot of some rows here and there, −1 where none says.
  private var newestSampled: Int64 {
    guard let source = try? stream.pieces.open(stream.path) else { return -1 }
    return source.newestSampled()
  }
}
