// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import CSQLite
import Foundation
import Reports
import Sweeps
import TestSupport
import Testing
import TextKit

/// Journals: what is written is read again, and nothing else ever is.
struct JournalTests {
  private let folder = WorldFolder()
  private var path: String { folder.path + "/journal.sqlite" }

  private func header(_ seed: Int = 1, units: Int = 20, shard: Shard? = nil) -> JournalHeader {
    JournalHeader(
      spec: "spec.toml",
      shard: shard,
      unitCount: units,
      facts: [.init("seed", String(seed)), .init("grid vault.stop_loss", "0.02,0.05")]
    )
  }

  /// A journal with some units of random bytes; the bytes by unit.
  private func filled(_ random: inout SplitMix64) throws -> [Int: [UInt8]] {
    let journal = try Journal.create(path: path, header())
    var units: [Int: [UInt8]] = [:]
    for unit in [3, 0, 19, 7, 8] {
      let bytes = (0..<random.whole(0, 5000)).map { _ in UInt8(random.whole(0, 255)) }
      try journal.add(unit, bytes)
      units[unit] = bytes
    }
    journal.close()
    return units
  }

  @Test func `what is added is there when it is opened again`() throws {
    var random = SplitMix64(seed: 1)
    let units = try filled(&random)
    let journal = try Journal(path: path)
    #expect(journal.header == header())
    #expect(journal.finished == units.keys.sorted())
    for (unit, bytes) in units { #expect(try journal.bytes(of: unit) == bytes) }
    #expect(journal.contains(19) && !journal.contains(1))
    #expect(throws: Failure.self) { try journal.bytes(of: 1) }
    #expect(throws: Failure.self) { try journal.add(3, []) }
  }

  @Test func `a complete journal is one file that may be read without writing`() throws {
    var random = SplitMix64(seed: 2)
    let units = try filled(&random)
    let part = folder.path + "/part.sqlite"
    try Journal(path: path).complete(as: part)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["part.sqlite"])
    let (first, second) = (
      try Journal(path: part, isReadOnly: true), try Journal(path: part, isReadOnly: true)
    )
    #expect(first.finished == units.keys.sorted())
    #expect(try first.hasSameUnits(as: second))
  }

  @Test func `a journal that is created replaces what was there, its log too`() throws {
    var random = SplitMix64(seed: 3)
    _ = try filled(&random)
    folder.file("journal.sqlite-wal", "stale")
    let journal = try Journal.create(path: path, header(9))
    #expect(journal.finished.isEmpty)
    #expect(journal.header == header(9))
  }

  @Test(arguments: PropertySeeds.first(12))
  func `damage is found or does not matter`(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let units = try filled(&random)
    let good = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
    for _ in 0..<25 {
      var bad = good
      if random.whole(0, 3) == 0 {
        bad.removeLast(random.whole(1, bad.count))
      } else {
        for _ in 0..<random.whole(1, 4) {
          bad[random.whole(0, bad.count - 1)] ^= UInt8(1 << random.whole(0, 7))
        }
      }
      folder.file("journal.sqlite", bad)
      do throws(Failure) {
        let journal = try Journal(path: path)
        #expect(journal.header == header())
        for unit in journal.finished {
          let bytes = try journal.bytes(of: unit)
          #expect(bytes == units[unit])
        }
        journal.close()
      } catch {
        #expect([.data, .inputOutput, .missingInput].contains(error.kind), "\(error)")
        #expect(error.message.contains("journal.sqlite"))
      }
      try Journal.discard(path + "-none")
      for end in ["-wal", "-shm", "-journal"] {
        try? FileManager.default.removeItem(atPath: path + end)
      }
    }
  }

  @Test func `other files are no journals`() throws {
    for text in ["", "hello", String(repeating: "x", count: 5000)] {
      folder.file("journal.sqlite", text)
      let failure = #expect(throws: Failure.self) { try Journal(path: path) }
      #expect(failure?.kind == .data)
      #expect(failure?.message.contains("damaged") == true, "\(failure?.message ?? "")")
    }
    let failure = #expect(throws: Failure.self) { try Journal(path: folder.path + "/none") }
    #expect(failure?.kind == .missingInput)
  }

  @Test func `what the library quotes of a damaged file is shown without control characters`()
    throws
  {
    var random = SplitMix64(seed: 5)
    _ = try filled(&random)
    let table = Data("CREATE TABLE meta(".utf8)
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    let place = try #require(bytes.range(of: table)).upperBound - 1
    bytes[place] = 0x7F
    folder.file("journal.sqlite", [UInt8](bytes))
    let failure = #expect(throws: Failure.self) { try Journal(path: path, isReadOnly: true) }
    #expect(failure?.kind == .data)
    #expect(failure?.message.unicodeScalars.contains("\u{7F}") == false)
  }

  /// What fuzzing began with and what it found.
  @Test func `damaged files that went wrong once are refused as bad data`() throws {
    let tests = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
      .deletingLastPathComponent().deletingLastPathComponent()
    let corpus = tests.appendingPathComponent("fuzz/corpus/journal")
    var refused: [String] = []
    for file in try FileManager.default.contentsOfDirectory(atPath: corpus.path) {
      folder.file(file, [UInt8](try Data(contentsOf: corpus.appendingPathComponent(file))))
      do throws(Failure) {
        _ = try Journal(path: folder.path + "/" + file, isReadOnly: true)
      } catch {
        #expect(error.kind == .data, "\(file): \(error)")
        refused.append(file)
      }
    }
    #expect(refused.contains("memory.sqlite") && refused.contains("view.sqlite"))
    #expect(!refused.contains("small.sqlite"))
  }

  /// A query of it would not end.
  @Test func `a view in the place of a table is refused before it is read`() throws {
    var random = SplitMix64(seed: 4)
    _ = try filled(&random)
    let endless = """
      DROP TABLE units;
      CREATE VIEW units AS WITH RECURSIVE n(unit) AS (SELECT 0 UNION ALL SELECT unit FROM n)
        SELECT unit, x'' AS bytes, '' AS checksum FROM n;
      """
    var database: OpaquePointer?
    #expect(unsafe sqlite3_open(path, &database) == SQLITE_OK)
    #expect(unsafe sqlite3_exec(database, endless, nil, nil, nil) == SQLITE_OK)
    unsafe sqlite3_close(database)
    let failure = #expect(throws: Failure.self) { try Journal(path: path, isReadOnly: true) }
    #expect(failure?.kind == .data)
    #expect(failure?.message.contains("its tables are not those of a journal") == true)
  }

  @Test func `one process at a time has a journal and a folder`() throws {
    let journal = try Journal.create(path: path, header())
    #expect(throws: Failure.self) { try Journal(path: path) }
    journal.close()
    _ = try Journal(path: path)
    let name = folder.path + "/journal.lock"
    let lock = try JournalLock(path: name)
    do throws(Failure) {
      _ = try JournalLock(path: name)
      Issue.record("the lock was given twice")
    } catch {
      #expect(error.kind == .inputOutput)
      #expect(error.message.contains("process \(getpid()) on "))
    }
    lock.release()
    #expect(!FileManager.default.fileExists(atPath: name))
    try JournalLock(path: name).release()
  }

  @Test func `changes are named`() {
    #expect(header().changes(to: header()).isEmpty)
    #expect(header().changes(to: header(2)) == ["seed: was 1, is now 2"])
    #expect(header().changes(to: header(units: 21)) == ["units: were 20, are now 21"])
    var other = header()
    other.facts.removeFirst()
    #expect(header().changes(to: other) == ["seed: was 1, is gone"])
    #expect(other.changes(to: header()) == ["seed: is now 1, was not there"])
    let shard = Shard(index: 1, count: 2)
    #expect(header().changes(to: header(shard: shard)).isEmpty)
  }
}
