// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Markets
package import Tables

/// The rows of a piece of a book, as records and runs of the same account.
@safe
package struct LegPiece {
  /// The rows in the order of the file.
  package internal(set) var records: [LegRecord] = []
  /// The first record of each account; its rows follow each other.
  package internal(set) var runs: [Int32] = []
  /// The largest slot at which a row was read, −1 where none says.
  package internal(set) var newestSlot: Int64 = -1
  /// A row has a stop-loss price.
  package internal(set) var hasStopLossPrices = false
  /// Which assets any row so far is of, also those of pieces before.
  package internal(set) var isUsed: [Bool] = []
  /// Accounts of one perp that have no records.
  package internal(set) var perps: PerpRows?
  /// Fingerprints of those of `perps` that other rows could belong to.
  var perpFingerprints: [UInt64] = []
  /// Accounts rise from row to row, so that none of them has to be remembered.
  var isOrdered = false
  /// The rows by columns, none where the piece was read row by row; `records` has those that are
  /// not accounts of one perp.
  package let table = RowColumns()
  /// The row of the first record of each run, where the rows are in `table`.
  package internal(set) var rowOfRun: [Int32] = []
  /// Whether the names of the piece may be kept as a span where they rise.
  package var keepsSpans = false
  /// The span of the accounts' names, nil where their fingerprints are needed.
  package internal(set) var span: NameSpan?
  /// The row of each record, where the rows are in `table`.
  var rowsOfRecords: [Int32] = []
  /// Fingerprints of the accounts in `table`.
  var heads: [UInt64] = []
  /// Memory for the ends of fields.
  let text = TextRows()
  /// What words that follow each other mean.
  var phrases: [PhraseTable] = []
  /// How many pieces one after the other could not be read by columns.
  var misses = 0
  /// Texts that the piece does not hold as they are.
  var texts: [[UInt8]] = []
  /// Elevation groups.
  var groups: [String] = []
  /// Memory for the columns of a folder.
  var columns = NumpyColumns()
  /// The account of each run of a folder whose names are needed, −1 for none.
  var accounts: [Int64] = []
  /// Memory for columns that are worked on as such.
  var scratch = PerpScratch()
  /// Where the piece begins in the file.
  var offset = 0
  @unsafe var bytes = unsafe UnsafeBufferPointer<UInt8>(start: nil, count: 0)

  package init() {}

  /// Forgets the rows and keeps the memory.
  mutating func clear() {
    records.removeAll(keepingCapacity: true)
    runs.removeAll(keepingCapacity: true)
    rowOfRun.removeAll(keepingCapacity: true)
    rowsOfRecords.removeAll(keepingCapacity: true)
    heads.removeAll(keepingCapacity: true)
    table.count = 0
    span = nil
    newestSlot = -1
    hasStopLossPrices = false
    texts.removeAll(keepingCapacity: true)
    groups.removeAll(keepingCapacity: true)
    perps = nil
    isOrdered = false
    perpFingerprints.removeAll(keepingCapacity: true)
  }

  /// Rows of the piece, however they came.
  package var count: Int {
    (table.count > 0 ? table.count : records.count) + (perps?.perpCount ?? 0)
  }

  /// The records of a run.
  package func records(ofRun run: Int) -> Range<Int> {
    Int(runs[run])..<(run + 1 < runs.count ? Int(runs[run + 1]) : records.count)
  }

  /// Lends the bytes of an account's text, valid as long as the piece.
  package func withName<R, E: Error>(
    of record: LegRecord,
    _ body: (Span<UInt8>) throws(E) -> R
  ) throws(E) -> R {
    if record.nameOffset < 0 {
      let text = texts[Int(-1 - record.nameOffset)]
      return try body(text.span)
    }
    let start = Int(record.nameOffset)
    let name = unsafe UnsafeBufferPointer(
      rebasing: bytes[start..<start + Int(record.nameLength)]
    )
    return try unsafe body(name.span)
  }

  /// Whether two records have the same account text.
  @inline(__always)
  func isSameName(_ left: LegRecord, _ right: LegRecord) -> Bool {
    guard left.fingerprint == right.fingerprint, left.nameLength == right.nameLength else {
      return false
    }
    guard left.nameOffset >= 0, right.nameOffset >= 0 else {
      return name(of: left) == name(of: right)
    }
    for place in 0..<Int(left.nameLength) {
      let (first, second) = (Int(left.nameOffset) + place, Int(right.nameOffset) + place)
      guard unsafe bytes[first] == bytes[second] else { return false }
    }
    return true
  }

  /// The bytes of an account's text.
  private func name(of record: LegRecord) -> [UInt8] {
    if record.nameOffset < 0 { return texts[Int(-1 - record.nameOffset)] }
    let start = Int(record.nameOffset)
    return unsafe Array(bytes[start..<start + Int(record.nameLength)])
  }

  /// Adds the fingerprints of all accounts that other rows could belong to.
  package func collect(into fingerprints: Fingerprints) {
    if table.count > 0 {
      for head in heads { fingerprints.add(head) }
      return
    }
    if isOrdered { return }
    for fingerprint in perpFingerprints { fingerprints.add(fingerprint) }
    for first in runs {
      let record = records[Int(first)]
      guard record.nameLength > 0, !record.mode.isIsolated else { continue }
      fingerprints.add(record.fingerprint)
    }
  }

  /// The account of a row of `table` that is alone in it; `named` says whether its text is needed.
  package func account(ofRow row: Int, named: Bool) -> Account {
    let record = table.record(row)
    var account = empty(record, named: named)
    var leg = Leg(record)
    leg.row = 0
    account.legs.append(leg)
    account.protection.isProtected = record.isProtected
    return account
  }

  /// The account of a record, without legs.
  private func empty(_ record: LegRecord, named: Bool) -> Account {
    Account(
      name: named
        ? withName(of: record) { (name: Span<UInt8>) in
          unsafe name.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
        } : "",
      legs: [],
      marginMode: record.mode
    )
  }

  /// The account of a run; `named` says whether its text is needed.
  ///
  /// - Returns: nil where the rows do not agree on the elevation group.
  package func account(ofRun run: Int, named: Bool) -> Account? {
    let range = records(ofRun: run)
    let first = records[range.lowerBound]
    var account = empty(first, named: named)
    account.legs.reserveCapacity(range.count)
    for place in range {
      let record = records[place]
      var leg = Leg(record)
      // Rules tell legs of one account apart by their rows, whichever numbers these are.
      leg.row = account.legs.count
      account.legs.append(leg)
      if record.group >= 0 {
        let group = groups[Int(record.group)]
        guard account.elevationGroup.isEmpty || account.elevationGroup == group else { return nil }
        account.elevationGroup = group
      }
      var terms = ProtectionTerms()
      terms.isProtected = record.isProtected
      terms.deposited = record.deposited
      terms.cap = record.cap < 0 ? nil : record.cap
      account.protection.merge(terms)
    }
    return account
  }
}
