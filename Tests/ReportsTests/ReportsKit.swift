// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Markets
import Reports
import Tables
import TestSupport
import TextKit

/// A small world with events of every kind.
struct ReportWorld {
  let kit: WorldBook
  let book: Book
  let log: EventLog

  struct Missing: Error {}

  /// A long that falls, a protected long, a loan that is sold, and a cycle of the vault.
  init() throws {
    kit = try WorldBook()
    let accounts = [
      try kit.long("=sum(a,b)", root: 100.1),
      try kit.long("saver", root: 98, protection: .protected(cap: 100)),
      try kit.loan("-loan", deposit: ("SOL", 10), borrow: ("USDC", 808), cash: 3),
    ]
    book = kit.book(accounts)
    let input = try WorldInput(
      book: book,
      catalogue: kit.catalogue,
      path: kit.path([101.5, 100, 99, 102, 104, 104]),
      confidenceRatios: Array(repeating: 0, count: kit.catalogue.assets.count),
      slot0: 0,
      seed: 1,
      scenario: 0
    )
    let settings = try WorldSettings(
      try worldSettings([
        "clusters.min_size_usd": 0, "clusters.min_confidence": 0, "liquidation.penalty": 0.001,
        "auction.specialists": 1, "auction.margin_min": 0.01, "auction.margin_max": 0.01,
        "auction.reaction_min_s": 30, "auction.reaction_max_s": 30,
      ])
    )
    guard let log = try ReferenceWorld.run(input, settings, keepsLog: true).log else {
      throw Missing()
    }
    self.log = log
  }

  /// The tables of a changed log, as lines.
  func tables(_ change: (inout EventLog) -> Void = { _ in }) -> [String: [String]] {
    var changed = log
    change(&changed)
    var tables = EventTables(book: book, catalogue: kit.catalogue)
    tables.append(changed, cellID: "00c0ffee00c0ffee", scenario: 3)
    return Dictionary(uniqueKeysWithValues: tables.files.map { ($0.name, lines($0.table)) })
  }
}

/// The text of a table without the last line break, by lines.
func lines(_ table: CSVBuilder) -> [String] {
  String(decoding: table.bytes, as: UTF8.self).dropLast().split(separator: "\n").map(String.init)
}
