// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Markets
import Numerics
import Reports
import Tables
import TestSupport
import Testing
import TextKit

/// Rows of the event files.
@Suite struct EventTableTests {
  let world: ReportWorld

  init() throws { world = try ReportWorld() }

  private static let cell = "00c0ffee00c0ffee,3,"

  @Test func `a world of every kind of event writes them all`() {
    #expect(world.log.cycles.count == 1)
    #expect(world.log.auctions.map(\.outcome) == [.accepted])
    #expect(world.log.liquidations.map(\.kind) == [.auction, .market])
    #expect(world.log.protection.map(\.event) == [.deposit, .deposit])
    for (name, lines) in world.tables() {
      #expect(lines.count > 1, "\(name)")
      let columns = lines[0].split(separator: ",").count
      for line in lines.dropFirst() where !line.contains("\"") {
        #expect(line.split(separator: ",", omittingEmptySubsequences: false).count == columns)
      }
    }
  }

  @Test func `text that a spreadsheet would compute is made harmless`() throws {
    let tables = world.tables()
    let falls = try #require(tables["liquidations.csv"])
    #expect(falls[2].hasPrefix(EventTableTests.cell + "\"'=sum(a,b)\",perps,SOL,60000,60000,"))
    #expect(falls[1].hasPrefix(EventTableTests.cell + "'-loan,loans,SOL,60000,60000,auction,10,"))
    #expect(
      try #require(tables["auctions.csv"])[1]
        .hasPrefix(EventTableTests.cell + "1,'-loan,loans,SOL,60000,10,100,1000.000000,")
    )
  }

  @Test func `a cycle's P&L follows from its own columns`() throws {
    let row = try #require(world.tables()["cycles.csv"])[1].split(separator: ",").map(String.init)
    let header = try #require(world.tables()["cycles.csv"])[0].split(separator: ",")
      .map(String.init)
    let cells = Dictionary(uniqueKeysWithValues: zip(header, row))
    func money(_ name: String) throws -> Micro {
      try micro(try #require(Double(cells[name] ?? "")))
    }
    #expect(cells["exit_reason"] == "recover")
    let base = try #require(Double(cells["base_bought"] ?? ""))
    let price = try #require(Double(cells["exit_price"] ?? ""))
    #expect(
      try money("pnl_usd") == micro(base * price) - money("quote_spent_usd") + money("lp_fees_usd")
        - money("performance_fee_usd") - money("costs_usd")
    )
    #expect(cells["deployed_usd"] == "1000000.000000")
    #expect(cells["deployed_at"] == "0")
    #expect(cells["exited_at"] == "180000")
    #expect(cells["filled_share"] == "1")
    #expect(cells["lowest_price"] == "99")
    #expect(cells["gap_loss_usd"] == "0.000000")
  }

  @Test func `what is missing is an empty cell`() throws {
    let tables = world.tables { log in
      log.auctions[0].winner = nil
      log.auctions[0].outcome = .underwater
      log.auctions[0].lot.healthFactor = nil
      log.liquidations[0].liquidationPrice = nil
      log.protection[0].liquidationPrice = nil
      log.protection[0].distance = nil
    }
    #expect(try #require(tables["auctions.csv"])[1].contains(",underwater,,"))
    #expect(try #require(tables["liquidations.csv"])[1].contains(",10,100,,1000.000000,"))
    #expect(try #require(tables["protection_events.csv"])[1].contains(",,,"))
  }

  @Test func `scenarios and cells follow each other in one file`() {
    var tables = EventTables(book: world.book, catalogue: world.kit.catalogue)
    tables.append(world.log, cellID: "a", scenario: 0)
    tables.append(world.log, cellID: "a", scenario: 1)
    tables.append(world.log, cellID: "b", scenario: 0)
    #expect(tables.cycles.rowCount == 1 + 3)
    #expect(tables.liquidations.rowCount == 1 + 6)
    let starts = lines(tables.cycles).dropFirst().map { $0.prefix(3) }
    #expect(starts == ["a,0", "a,1", "b,0"])
  }

  /// The words of seed 1, phase 3:
  /// "Bot {name}: deposited ${amount} (price {dist}% from liquidation)" and its counterpart.
  @Test(arguments: [
    (
      ProtectionRecord.Event.deposit, 0.0423, 5_000_000,
      "[LiquidationProtection] Bot saver: deposited $5.00 (price 4.23% from liquidation)"
    ),
    (
      .withdrawal, 0.17, 12_345_678,
      "[LiquidationProtection] Bot saver: withdrew $12.35 (price now 17.00% from liquidation)"
    ),
    (
      .deposit, -0.00125, 1_234_567_890_000,
      "[LiquidationProtection] Bot saver: deposited $1234567.89 (price -0.13% from liquidation)"
    ),
    (.exhausted, 0.01, 0, ""), (.walletEmpty, 0.01, 0, ""), (.returned, 0.01, 5, ""),
  ])
  func `protection speaks in the words of its source`(
    event: ProtectionRecord.Event,
    distance: Double,
    amount: Micro,
    message: String
  ) throws {
    let tables = world.tables { log in
      log.protection = [log.protection[0]]
      log.protection[0].event = event
      log.protection[0].distance = distance
      log.protection[0].amount = amount
    }
    let line = try #require(tables["protection_events.csv"])[1]
    #expect(line.hasSuffix("," + NumberText.shortest(distance) + "," + message))
    #expect(line.contains("saver,SOL,"))
    #expect(line.contains(",\(event.rawValue),\(NumberText.money(amount)),"))
  }

  /// Seed 1, "Notification Integration".
  @Test(arguments: [
    (
      ProtectionRecord.Event.deposit, 0.0423, 5_000_000,
      "⚠️ saver: Price approaching liquidation (4.23%). Deposited $5.00 for protection."
    ),
    (
      .withdrawal, 0.17, 12_345_678,
      "✅ saver: Price recovered to safety (17.00%). Withdrew $12.35 protection deposit."
    ),
    (
      .exhausted, 0.01, 0,
      "🚨 saver: Max protection reached ($50.00). Consider manual intervention."
    ),
  ])
  func `notifications are those of the source`(
    event: ProtectionRecord.Event,
    distance: Double,
    amount: Micro,
    message: String
  ) throws {
    let tables = world.tables { log in
      log.protection = [log.protection[0]]
      log.protection[0].event = .notification
      log.protection[0].note = .about(event)
      log.protection[0].distance = distance
      log.protection[0].amount = amount
      log.protection[0].total = 50_000_000
    }
    let line = try #require(tables["protection_events.csv"])[1]
    #expect(line.hasSuffix("," + message))
    #expect(line.contains("saver,SOL,"))
    #expect(line.contains(",notification,"))
  }

  /// Seed 1, "Rate Limit Backoff & Recovery" and "Monitoring & Alerts".
  @Test func `the monitor logs what the source logs`() throws {
    var stats = MonitorStats()
    (stats.checked, stats.deposits, stats.calls) = (10, 1, 3)
    let notes: [(ProtectionRecord.Event, ProtectionRecord.Note, String)] = [
      (
        .skipped, .skipping(.check),
        "\"[RPC] Skipping protection check - budget tight, saving for critical ops\""
      ),
      (
        .rateLimited, .backingOff(milliseconds: 4000),
        "\"[LiquidationProtection] Rate limited, backing off 4000ms\""
      ),
      (
        .budgetExceeded, .exceeded(calls: 61), "[LiquidationProtection] RPC budget exceeded: 61"
      ),
      (
        .stats, .stats(stats),
        "\"[LiquidationProtection] Stats: checked=10, deposits=1, withdrawals=0, rpcCalls=3\""
      ),
    ]
    for (event, note, message) in notes {
      let tables = world.tables { log in
        log.protection = [log.protection[0]]
        log.protection[0].event = event
        log.protection[0].note = note
        log.protection[0].account = -1
        log.protection[0].asset = -1
        log.protection[0].amount = 0
        log.protection[0].total = 0
        log.protection[0].liquidationPrice = nil
        log.protection[0].distance = nil
      }
      let line = try #require(tables["protection_events.csv"])[1]
      #expect(line.hasPrefix(EventTableTests.cell + ",,"))
      #expect(line.hasSuffix(",\(event.rawValue),0.000000,0.000000,,,," + message))
    }
  }

  /// Two fall, the engine has time for one, and the other is healthy again at the next step.
  @Test func `what the waterfall says has its row and its digest`() throws {
    let kit = try WorldBook()
    let book = kit.book([try kit.long("a", root: 90), try kit.long("b", root: 90.1)])
    let input = try WorldInput(
      book: book,
      catalogue: kit.catalogue,
      path: kit.path([100, 89, 95]),
      confidenceRatios: Array(repeating: 0, count: kit.catalogue.assets.count),
      slot0: 0,
      seed: 1,
      scenario: 0
    )
    let settings = try WorldSettings(
      try worldSettings(["waterfall.max_liquidations_per_s": 0.02])
    )
    var log = try #require(try ReferenceWorld.run(input, settings, keepsLog: true).log)
    #expect(log.hasWaterfall)
    log.liquidations = []
    var tables = EventTables(book: book, catalogue: kit.catalogue)
    tables.append(log, cellID: "00c0ffee00c0ffee", scenario: 3)
    #expect(
      lines(tables.liquidationEvents).dropFirst() == [
        EventTableTests.cell
          + "120000,recovered,perps,a,0.000000,Position is not liquidatable: a"
      ]
    )
    #expect(tables.digests.list.map(\.name) == ["LiquidationEvent"])
    #expect(tables.digests.list.map(\.rows) == [1])
  }

  @Test func `event words are those of the manual`() {
    #expect(ExitReason.allCases.map(\.rawValue) == ["recover", "stop_loss", "timeout", "end"])
    #expect(LotOutcome.allCases.map(\.rawValue) == ["accepted", "backstop", "underwater"])
    #expect(ProtectionRecord.Event.walletEmpty.rawValue == "wallet_empty")
  }
}
