// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import CommandLineKit
import Testing

struct TerminalTests {
  @Test(
    arguments: [
      (true, [:], true, true),
      (false, [:], false, false),
      (true, ["NO_COLOR": "1"], false, true),
      (true, ["NO_COLOR": ""], true, true),
      (true, ["TERM": "dumb"], false, false),
      (true, ["CI": "true"], true, false),
    ] as [(Bool, [String: String], Bool, Bool)]
  )
  func `colours and redrawing depend on the terminal and the environment`(
    isTerminal: Bool,
    environment: [String: String],
    colour: Bool,
    redrawing: Bool
  ) {
    let terminal = Terminal(isTerminal: isTerminal, columns: 100) { environment[$0] }
    #expect(terminal.allowsColour == colour)
    #expect(terminal.allowsRedrawing == redrawing)
    #expect(terminal.width == 100)
  }

  @Test func `an unknown width counts as 80`() {
    #expect(Terminal(isTerminal: true, columns: 0) { _ in nil }.width == 80)
  }

  @Test func `a table aligns words left and numbers right`() {
    var table = TextTable([.text("venue"), .number("positions"), .text("note")])
    table.add(["hyperliquid", "1,024", "deep"])
    table.add(["gmx", "7"])
    table.add(["zoë\n", "-12", ""])
    #expect(
      table.text(indent: 2) == """
          venue        positions  note
          hyperliquid      1,024  deep
          gmx                  7
          zoë\u{FFFD}               -12

        """
    )
  }

  @Test func `a table without rows has its titles`() {
    #expect(TextTable([.text("a"), .number("b")]).text() == "a  b\n")
    #expect(TextTable([]).text() == "\n")
  }

  @Test func `a table that is too wide goes on below`() {
    var table = TextTable([.text("cell"), .number("pnl"), .number("saved"), .number("x")])
    table.add(["a1", "-12", "7", "1"])
    #expect(table.text(indent: 2, width: 26) == table.text(indent: 2))
    #expect(
      table.text(indent: 2, width: 20) == """
          cell  pnl  saved
          a1    -12      7

          cell  x
          a1    1

        """
    )
    // One column beside the first one at least.
    #expect(table.text(width: 3).count { $0 == "\n" } == 8)
    #expect(TextTable([.text("alone")]).text(width: 2) == "alone\n")
  }
}
