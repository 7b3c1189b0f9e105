// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Reports
internal import TextKit

/// The journal of a sweep, as `sweep --resume` and `merge` open it.
@Sendable func fuzzJournal(_ input: [UInt8]) {
  for isReadOnly in [true, false] {
    let path = Fuzz.write("journal.sqlite", input)
    _ = Fuzz.answer { () throws(Failure) in
      let journal = try Journal(path: path, isReadOnly: isReadOnly)
      defer { journal.close() }
      let nothing = JournalHeader(spec: "", shard: nil, unitCount: 0, facts: [])
      for text in journal.header.changes(to: nothing) { Fuzz.checkText(text) }
      for unit in journal.finished { _ = try journal.bytes(of: unit) }
      guard !isReadOnly else { return }
      let next = (journal.finished.last ?? -1) + 1
      try journal.add(next, [1, 2, 3])
      guard try journal.bytes(of: next) == [1, 2, 3] else { fatalError("a unit is lost") }
    }
    for end in ["-wal", "-shm", "-journal"] { unsafe unlink(path + end) }
  }
}
