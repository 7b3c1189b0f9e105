// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
package import Sweeps
internal import Tables
package import TextKit

/// What a journal says of its sweep: units of other sweeps are not taken for its own.
package struct JournalHeader: Sendable, Equatable {
  /// One thing that the numbers depend on, in words.
  package struct Fact: Sendable, Equatable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The spec as the command line had it, to read it again.
  package var spec: String
  /// Nil for the whole sweep.
  package var shard: Shard?
  package var unitCount: Int
  /// Program, grid, settings, seed and digests of the inputs.
  package var facts: [Fact]

  package init(spec: String, shard: Shard?, unitCount: Int, facts: [Fact]) {
    self.spec = spec
    self.shard = shard
    self.unitCount = unitCount
    self.facts = facts
  }

  /// What is different in a later run, such as `seed: was 1, is now 2`; empty when nothing is.
  package func changes(to later: JournalHeader) -> [String] {
    func table(_ facts: [Fact]) -> [String: String] {
      Dictionary(facts.map { ($0.name, $0.value) }) { first, _ in first }
    }
    let (old, new) = (table(facts), table(later.facts))
    var changes: [String] = []
    for fact in facts where new[fact.name] != fact.value {
      let now = new[fact.name].map { "is now \(Failure.shown($0))" } ?? "is gone"
      changes.append("\(fact.name): was \(Failure.shown(fact.value)), \(now)")
    }
    for fact in later.facts where old[fact.name] == nil {
      changes.append("\(fact.name): is now \(Failure.shown(fact.value)), was not there")
    }
    if changes.isEmpty && later.unitCount != unitCount {
      changes.append("units: were \(unitCount), are now \(later.unitCount)")
    }
    return changes
  }

  /// The rows of the table `meta`, the last one being the digest of the others.
  fileprivate var rows: [Fact] {
    let rows =
      [
        Fact("format", "1"), Fact("spec", spec), Fact("shard", shard?.text ?? ""),
        Fact("units", String(unitCount)),
      ] + facts
    let text = rows.map { "\($0.name.utf8.count) \($0.name)=\($0.value)\n" }.joined()
    return rows + [Fact("digest", Digest.sha256(Array(text.utf8)))]
  }

  /// Takes the rows of the table `meta`; nil when they are not what was written.
  fileprivate init?(rows: [Fact]) {
    guard rows.count >= 5, rows[0] == Fact("format", "1"), rows[1].name == "spec",
      rows[2].name == "shard", rows[3].name == "units", let unitCount = Int(rows[3].value)
    else { return nil }
    let words = rows[2].value.split(separator: "/").map { Int($0) }
    var shard: Shard?
    if !words.isEmpty {
      guard words.count == 2, let index = words[0], let count = words[1],
        let found = Shard(index: index, count: count)
      else { return nil }
      shard = found
    }
    self.init(
      spec: rows[1].value,
      shard: shard,
      unitCount: unitCount,
      facts: Array(rows[4..<rows.count - 1])
    )
    guard self.rows == rows else { return nil }
  }
}

/// The finished units of a sweep in one SQLite file.
///
/// The table `meta` says of which sweep they are; `units` has a row for each unit with its bytes
/// and a SHA-256 of number and bytes. A unit is one transaction in a write-ahead log: a process
/// that is killed loses the unit it was at and nothing else. One process at a time has the file.
package final class Journal {
  package let path: String
  package let header: JournalHeader
  /// The units that are finished, in order.
  package private(set) var finished: [Int]
  private var known: Set<Int>
  private let database: JournalDatabase
  /// Marks the file as one of ours: "BWjl".
  private static let mark = 0x4257_6A6C

  /// All that a journal's file holds, as `create` makes it.
  private static let tables = [
    "CREATE TABLE meta(place INTEGER PRIMARY KEY, name TEXT NOT NULL, value TEXT NOT NULL) STRICT",
    "CREATE TABLE units(unit INTEGER PRIMARY KEY, bytes BLOB NOT NULL, checksum TEXT NOT NULL)"
      + " STRICT",
  ]

  /// Opens a journal and checks all that is in it.
  ///
  /// * `isReadOnly`: for a complete part, which nobody writes any more.
  /// - Throws: a data failure when anything is not as it was written.
  package init(path: String, isReadOnly: Bool = false) throws(Failure) {
    guard Journal.exists(path) else {
      throw Failure(.missingInput, "\(path): no such file; check the path")
    }
    guard !FolderOutput.isFolder(path) else {
      throw Failure(.missingInput, "\(path): is a folder, expected a file; name a file inside it")
    }
    database = try JournalDatabase(path: path, isReadOnly ? .readOnly : .readWrite)
    self.path = path
    // Exclusive use needs no memory shared with others, which network file systems do not have.
    if !isReadOnly { try database.run("PRAGMA locking_mode = EXCLUSIVE") }
    guard try database.run("PRAGMA application_id") == [[.whole(Journal.mark)]] else {
      throw JournalDatabase.damaged(path, "it is no journal of this program")
    }
    // Before anything is read of them: a view in the place of a table could go on for ever.
    guard
      try database.run("SELECT sql FROM sqlite_master ORDER BY name")
        == Journal.tables.map({ [.text($0)] })
    else { throw JournalDatabase.damaged(path, "its tables are not those of a journal") }
    if !isReadOnly {
      try database.run("PRAGMA journal_mode = WAL")
      try database.run("PRAGMA synchronous = NORMAL")
    }
    guard try database.run("PRAGMA quick_check(1)") == [[.text("ok")]] else {
      throw JournalDatabase.damaged(path, "its pages do not fit together")
    }
    header = try Journal.header(database)
    finished = try Journal.checkedUnits(database, count: header.unitCount)
    known = Set(finished)
  }

  /// Makes a new journal under its name; what was there is lost.
  package static func create(path: String, _ header: JournalHeader) throws(Failure) -> Journal {
    try discard(path)
    let fresh = path + ".new"
    try discard(fresh)
    let database = try JournalDatabase(path: fresh, .create)
    do throws(Failure) {
      try database.run("PRAGMA application_id = \(mark)")
      try database.run("BEGIN")
      for table in tables { try database.run(table) }
      for row in header.rows {
        try database.run(
          "INSERT INTO meta(name, value) VALUES (?, ?)",
          [.text(row.name), .text(row.value)]
        )
      }
      try database.run("COMMIT")
    } catch {
      database.close()
      try? discard(fresh)
      throw error
    }
    database.close()
    try rename(fresh, to: path)
    return try Journal(path: path)
  }

  /// Adds a finished unit; it is kept from now on, whatever happens to the process.
  package func add(_ unit: Int, _ bytes: [UInt8]) throws(Failure) {
    try database.run(
      "INSERT INTO units(unit, bytes, checksum) VALUES (?, ?, ?)",
      [.whole(unit), .bytes(bytes), .text(Journal.checksum(unit, bytes))]
    )
    finished.append(unit)
    known.insert(unit)
  }

  /// The bytes of a finished unit.
  package func bytes(of unit: Int) throws(Failure) -> [UInt8] {
    let rows = try database.run("SELECT bytes, checksum FROM units WHERE unit = ?", [.whole(unit)])
    guard let row = rows.first, case .bytes(let bytes) = row[0],
      row[1] == .text(Journal.checksum(unit, bytes))
    else { throw JournalDatabase.damaged(path, "unit \(unit) is not as it was written") }
    return bytes
  }

  /// Tells whether a unit is finished.
  package func contains(_ unit: Int) -> Bool { known.contains(unit) }

  /// Tells whether another journal has the same units with the same bytes.
  package func hasSameUnits(as other: Journal) throws(Failure) -> Bool {
    let list = "SELECT unit, checksum FROM units ORDER BY unit"
    return try database.run(list) == other.database.run(list)
  }

  /// Closes the file; the journal is not used any more.
  package func close() { database.close() }

  /// Makes the journal one plain file under another name, safe on the disk.
  package func complete(as name: String) throws(Failure) {
    try database.run("PRAGMA synchronous = FULL")
    try database.run("PRAGMA wal_checkpoint(TRUNCATE)")
    try database.run("PRAGMA journal_mode = DELETE")
    database.close()
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0, fsync(descriptor) == 0 else {
      throw Failure(.inputOutput, "cannot write \(path): \(Journal.systemText())")
    }
    _ = Glibc.close(descriptor)
    try Journal.rename(path, to: name)
  }

  /// Tells whether there is a journal of this name.
  package static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  /// Removes a journal, if there is one.
  package static func discard(_ path: String) throws(Failure) {
    // The log first: without its file it would be taken for the log of the next one.
    for end in ["-wal", "-shm", "-journal", ""]
    where unsafe unlink(path + end) != 0 && errno != ENOENT {
      throw Failure(.inputOutput, "cannot remove \(path)\(end): \(systemText())")
    }
  }

  private static func rename(_ path: String, to name: String) throws(Failure) {
    guard unsafe Glibc.rename(path, name) == 0 else {
      throw Failure(.inputOutput, "cannot write \(name): \(systemText())")
    }
  }

  private static func systemText() -> String { unsafe String(cString: strerror(errno)) }

  private static func header(_ database: JournalDatabase) throws(Failure) -> JournalHeader {
    var rows: [JournalHeader.Fact] = []
    try database.run("SELECT name, value FROM meta ORDER BY place") {
      (row: [JournalDatabase.Value]) throws(Failure) in
      if case .text(let name) = row[0], case .text(let value) = row[1] {
        rows.append(JournalHeader.Fact(name, value))
      }
    }
    guard let header = JournalHeader(rows: rows) else {
      throw JournalDatabase.damaged(database.path, "what it says of its sweep does not add up")
    }
    return header
  }

  /// The numbers of all units, each compared with its checksum.
  private static func checkedUnits(
    _ database: JournalDatabase,
    count: Int
  ) throws(Failure) -> [Int] {
    var units: [Int] = []
    try database.run("SELECT unit, bytes, checksum FROM units ORDER BY unit") {
      (row: [JournalDatabase.Value]) throws(Failure) in
      guard case .whole(let unit) = row[0], case .bytes(let bytes) = row[1], unit >= 0,
        unit < count, row[2] == .text(checksum(unit, bytes))
      else {
        throw JournalDatabase.damaged(database.path, "a unit is not as it was written")
      }
      units.append(unit)
    }
    return units
  }

  private static func checksum(_ unit: Int, _ bytes: [UInt8]) -> String {
    Digest.sha256(Array("\(unit)\n".utf8) + bytes)
  }
}
