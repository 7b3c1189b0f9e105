// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Settings
import Sweeps
import TestSupport
import Testing
import TextKit

/// Conditions on cells: which they keep, and what is said of those that cannot be read.
@Suite struct ConstraintTests {
  /// The cells that a condition keeps of timeout × poll × stop-loss, as values in axis order.
  private func kept(_ conditions: [String]) throws -> [[Double]] {
    let grid = try Grid(
      axes: [
        try axis("vault.timeout_s", [60, 300, 900]), try axis("protection.poll_s", [10, 30]),
        try axis("vault.stop_loss", [0.02, 0.05]),
      ],
      constraints: try conditions.map { try Constraint($0) },
      base: try worldSettings(["vault.fee_bps": 30]),
      venueBase: [VenueValue(path: "venues.a.b", value: 4)],
      venueDefaults: ["venues.a.b": 3, "venues.c.d": 5]
    )
    return (0..<grid.count).map { grid.cell($0).values }
  }

  /// The values of one cell.
  struct Point {
    var poll: Double
    var stop: Double
    var timeout: Double
  }

  typealias Rule = @Sendable (Point) -> Bool

  private static let rules: [(String, Rule)] = [
    ("vault.timeout_s >= 10 * protection.poll_s", { $0.timeout >= 10 * $0.poll }),
    ("vault.timeout_s/protection.poll_s<30", { $0.timeout / $0.poll < 30 }),
    (
      "not vault.stop_loss == 0.05 and vault.timeout_s > 60",
      { !($0.stop == 0.05) && $0.timeout > 60 }
    ),
    (
      "not (vault.stop_loss == 0.05 and vault.timeout_s > 60)",
      { !($0.stop == 0.05 && $0.timeout > 60) }
    ),
    (
      "vault.stop_loss == 0.05 or protection.poll_s == 10 and vault.timeout_s == 60",
      { $0.stop == 0.05 || $0.poll == 10 && $0.timeout == 60 }
    ),
    (
      "(vault.stop_loss == 0.05 or protection.poll_s == 10) and vault.timeout_s == 60",
      { ($0.stop == 0.05 || $0.poll == 10) && $0.timeout == 60 }
    ),
    ("vault.timeout_s - 30 - protection.poll_s > 0", { $0.timeout - 30 - $0.poll > 0 }),
    ("vault.timeout_s - (30 - protection.poll_s) != 40", { $0.timeout - (30 - $0.poll) != 40 }),
    ("-protection.poll_s + 1_0 * 2.5e0 <= - - 5", { -$0.poll + 25 <= 5 }),
    ("not not protection.poll_s < vault.fee_bps", { $0.poll < 30 }),
    ("vault.timeout_s / (protection.poll_s - 10) > 0", { $0.timeout / ($0.poll - 10) > 0 }),
    ("protection.poll_s * venues.a.b < 100 and venues.c.d == 5", { $0.poll * 4 < 100 }),
    ("((((protection.poll_s)))) > ((10))", { $0.poll > 10 }),
    ("vault.timeout_s <= 300", { $0.timeout <= 300 }),
    ("vault.timeout_s < 300", { $0.timeout < 300 }),
    ("vault.timeout_s >= 300", { $0.timeout >= 300 }),
    ("vault.timeout_s > 300", { $0.timeout > 300 }),
  ]

  @Test(arguments: rules.indices)
  func `a condition keeps the cells that fulfil it, in order`(index: Int) throws {
    let (text, rule) = ConstraintTests.rules[index]
    var expected: [[Double]] = []
    for poll in [10.0, 30] {
      for stop in [0.02, 0.05] {
        for timeout in [60.0, 300, 900]
        where rule(Point(poll: poll, stop: stop, timeout: timeout)) {
          expected.append([poll, stop, timeout])
        }
      }
    }
    #expect(try kept([text]) == expected)
  }

  @Test func `several conditions hold together`() throws {
    let found = try kept(["vault.timeout_s >= 10 * protection.poll_s", "vault.stop_loss < 0.03"])
    #expect(found == [[10, 0.02, 300], [10, 0.02, 900], [30, 0.02, 300], [30, 0.02, 900]])
  }

  @Test(arguments: [
    ("", "where: position 1: found the end, expected a number, a setting or '('"),
    ("vault.timeout_s", "where: position 1: found a number, expected a comparison"),
    (
      "vault.timeout_s >=", "where: position 19: found the end, expected a number, a setting or '('"
    ),
    ("vault.timeout_s => 5", "where: position 17: found '=', expected '=='"),
    ("vault.timeout_s = 5", "where: position 17: found '=', expected '=='"),
    ("1 < 2 < 3", "where: position 7: found '<', expected 'and', 'or' or the end"),
    ("1 + 2 3", "where: position 7: found '3', expected an operator or the end"),
    ("(1 < 2", "where: position 7: found the end, expected an operator or ')'"),
    ("1 < 2)", "where: position 6: found ')', expected 'and', 'or' or the end"),
    ("1 + (2 < 3) > 1", "where: position 5: found a comparison, expected a number"),
    ("1 < 2 and 3", "where: position 11: found a number, expected a comparison"),
    ("4 or 1 < 2", "where: position 1: found a number, expected a comparison"),
    ("not 4", "where: position 5: found a number, expected a comparison"),
    ("-(1 < 2) < 3", "where: position 2: found a comparison, expected a number"),
    (
      "vault.timeout >= 1",
      "where: position 1: unknown setting 'vault.timeout'; did you mean 'vault.timeout_s'?"
    ),
    (
      "1 < vault.inventory",
      "where: position 5: 'vault.inventory' is a word and cannot be compared, expected a numeric"
        + " setting"
    ),
    ("1.2.3 < 4", "where: position 1: found '1.2.3', expected a number"),
    ("1e999 > 4", "where: position 1: found '1e999', expected a number"),
    ("1 < 2 && 2 < 3", "where: position 7: found '&', expected a number, a setting or an operator"),
    ("1 < ü", "where: position 5: found 'ü', expected a number, a setting or an operator"),
  ])
  func `what cannot be read is refused with its position`(text: String, message: String) {
    #expect(throws: Failure(.data, message)) { try Constraint(text) }
  }

  @Test func `brackets go no deeper than the stack`() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "(", count: depth) + "1 < 2" + String(repeating: ")", count: depth)
    }
    _ = try Constraint(nested(64))
    let signs = String(repeating: "not ", count: 8_000) + "1 < "
    _ = try Constraint(signs + String(repeating: "-", count: 20_001) + "1")
    #expect(
      throws: Failure(
        .data,
        "where: position 66: found '(', expected at most 64 brackets within each other"
      )
    ) { try Constraint(nested(30_000)) }
  }

  @Test func `a condition that is too long, or too much work for its cells, is refused`() throws {
    let sum = String(repeating: "+1", count: 32_765)
    _ = try Constraint("1\(sum) > 0")
    #expect(
      throws: Failure(
        .data,
        "where: found a condition of 65537 bytes, expected at most 65536; split it at 'and'"
      )
    ) { try Constraint("1\(sum) > 000") }
    // 100,000 timeouts, each with 2·3,000 + 3 parts and the one name that it reads.
    let terms = String(repeating: "+1", count: 3_000)
    let timeouts = try axis("vault.timeout_s", (1...100_000).map(Double.init))
    #expect(
      throws: Failure(
        .data,
        "where: found a condition of 6,003 parts that reads 100,000 combinations of values,"
          + " expected at most 500,000,000 parts in all of them"
      )
    ) {
      try Grid(
        axes: [timeouts],
        constraints: [try Constraint("vault.timeout_s\(terms) > 0")],
        base: Settings(),
        venueBase: [],
        venueDefaults: [:]
      )
    }
  }

  @Test func `a condition that no cell fulfils, or that is too much work, is refused`() throws {
    #expect(
      throws: Failure(
        .data,
        "where: none of 12 cells fulfils \"vault.timeout_s > 900\" and \"1 < 2\", expected at least"
          + " one"
      )
    ) { try kept(["vault.timeout_s > 900", "1 < 2"]) }
    #expect(throws: Failure(.data, "where: expected a value for venues.x.y")) {
      try kept(["venues.x.y < 1"])
    }
    let many = (1...4000).map(Double.init)
    #expect(
      throws: Failure(
        .data,
        "where: the product has 16,000,000 cells before it is constrained, expected at most"
          + " 10,000,000; use fewer values, or a zip group"
      )
    ) {
      try Grid(
        axes: [try axis("vault.timeout_s", many), try axis("protection.poll_s", many)],
        constraints: [try Constraint("1 < 2")],
        base: Settings(),
        venueBase: [],
        venueDefaults: [:]
      )
    }
  }
}
