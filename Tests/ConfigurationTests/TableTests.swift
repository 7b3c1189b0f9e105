// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Configuration
import Testing
import TextKit

@Suite struct TableTests {
  private let text = """
    half = 0.5
    four = 4
    yes = true
    word = "log"
    list = ["a", "b"]
    mixed = [1, "5"]
    [grid]
    stop_los = 1
    """

  @Test func `what is right is read`() throws {
    let root = try table(text)
    #expect(try root.number("half", in: 0...1) == 0.5)
    #expect(try root.number("four") == 4)
    #expect(try root.number("none", default: 7, in: 0...1) == 7)
    #expect(try root.number("half", default: 7) == 0.5)
    #expect(try root.optionalNumber("none", in: 0..<1) == nil)
    #expect(try root.optionalNumber("half", in: .above(0)) == 0.5)
    #expect(try root.integer("four", in: 1...) == 4)
    #expect(try root.integer("none", default: 9) == 9)
    #expect(try root.optionalInteger("four", in: ...4) == 4)
    #expect(try root.optionalInteger("none") == nil)
    #expect(try root.boolean("yes"))
    #expect(try root.boolean("none", default: true))
    #expect(try root.string("word") == "log")
    #expect(try root.string("none", default: "x") == "x")
    #expect(try root.optionalString("none") == nil)
    #expect(try root.choice("word", among: ["linear", "log"]) == "log")
    #expect(try root.choice("none", among: ["linear", "log"], default: "linear") == "linear")
    #expect(try root.strings("list") == ["a", "b"])
    #expect(try root.strings("none", default: ["c"]) == ["c"])
    #expect(try root.array("mixed").count == 2)
    #expect(try root.optionalArray("none") == nil)
    #expect(try root.table("grid").keys == ["stop_los"])
    #expect(try root.optionalTable("none")?.keys == nil)
    #expect(try table("a = [1, 2.5]").numbers("a", in: .above(0, through: 2.5)) == [1, 2.5])
    try root.only(root.keys)
  }

  @Test func `numbers out of their range are refused with the range`() throws {
    let root = try table("a = 1.5\nb = 7")
    let start = "sweep.toml:1: a: found 1.5, expected a number"
    #expect(message { _ = try root.number("a", in: 0...1) } == start + " from 0 to 1")
    #expect(message { _ = try root.number("a", in: 0..<1) } == start + " of at least 0 and below 1")
    #expect(message { _ = try root.number("a", in: 2...) } == start + " of at least 2")
    #expect(message { _ = try root.number("a", in: ...0.25) } == start + " of at most 0.25")
    #expect(message { _ = try root.number("a", in: ..<0.25) } == start + " below 0.25")
    #expect(message { _ = try root.number("a", in: .above(1.5)) } == start + " above 1.5")
    #expect(
      message { _ = try root.number("a", in: .above(0, through: 1)) }
        == start + " above 0 and at most 1"
    )
    #expect(
      message { _ = try root.number("a", default: 0, in: 0...1) } == start + " from 0 to 1"
    )
    #expect(message { _ = try root.optionalNumber("a", in: 0...1) } == start + " from 0 to 1")
    #expect(
      message { _ = try root.integer("b", in: 1...6) }
        == "sweep.toml:2: b: found 7, expected a whole number from 1 to 6"
    )
    #expect(
      message { _ = try root.integer("a") }
        == "sweep.toml:1: a: found 1.5, expected a whole number"
    )
  }

  @Test func `values of another kind are refused with both kinds`() throws {
    let root = try table(text)
    #expect(
      message { _ = try root.number("word", in: 0...1) }
        == "sweep.toml:4: word: found the text 'log', expected a number from 0 to 1"
    )
    #expect(
      message { _ = try root.table("mixed") }
        == "sweep.toml:6: mixed: found an array of 2, expected a table"
    )
    #expect(
      message { _ = try root.array("grid") }
        == "sweep.toml:7: grid: found a table, expected an array"
    )
    #expect(
      message { _ = try root.string("yes") }
        == "sweep.toml:3: yes: found true, expected text in quotes"
    )
    #expect(
      message { _ = try root.boolean("four") }
        == "sweep.toml:2: four: found 4, expected true or false"
    )
    #expect(
      message { _ = try root.strings("word") }
        == "sweep.toml:4: word: found the text 'log', expected an array of texts in quotes"
    )
    #expect(
      message { _ = try root.strings("mixed") }
        == "sweep.toml:6: mixed[0]: found 1, expected text in quotes"
    )
    #expect(
      message { _ = try root.numbers("mixed", in: 0...5) }
        == "sweep.toml:6: mixed[1]: found the text '5', expected a number from 0 to 5"
    )
    #expect(
      message { _ = try root.numbers("half") }
        == "sweep.toml:1: half: found 0.5, expected an array of numbers"
    )
    #expect(
      message { _ = try root.choice("half", among: ["linear", "log"]) }
        == "sweep.toml:1: half: found 0.5, expected one of: linear, log"
    )
    #expect(
      message { _ = try root.choice("word", among: ["linear", "logs"]) }
        == "sweep.toml:4: word: found the text 'log', expected one of: linear, logs; "
        + "did you mean 'logs'?"
    )
  }

  @Test func `keys that are missing are named with the place of their table`() throws {
    let root = try table(text)
    let grid = try root.table("grid")
    let start = "sweep.toml:7: grid: found no key 'a', expected "
    #expect(message { _ = try grid.number("a", in: 0...) } == start + "a number of at least 0")
    #expect(
      message { _ = try grid.integer("a", in: 1...2) } == start + "a whole number from 1 to 2"
    )
    #expect(message { _ = try grid.string("a") } == start + "text in quotes")
    #expect(message { _ = try grid.boolean("a") } == start + "true or false")
    #expect(message { _ = try grid.choice("a", among: ["x", "y"]) } == start + "one of: x, y")
    #expect(message { _ = try grid.strings("a") } == start + "an array of texts in quotes")
    #expect(message { _ = try grid.numbers("a") } == start + "an array of numbers")
    #expect(message { _ = try grid.array("a") } == start + "an array")
    #expect(message { _ = try grid.table("a") } == start + "a table")
    #expect(
      message { _ = try root.table("a") } == "sweep.toml:1: found no key 'a', expected a table"
    )
  }

  @Test func `unknown keys are refused with their line, path and the nearest known one`() throws {
    let grid = try table(text).table("grid")
    let start = "sweep.toml:8: unknown key 'grid.stop_los'"
    #expect(
      message { try grid.only(["stop_loss", "timeout_s"]) }
        == start + "; did you mean 'stop_loss'? known keys: stop_loss, timeout_s"
    )
    #expect(message { try grid.only(["x", "y"]) } == start + "; known keys: x, y")
    #expect(message { try grid.only([]) } == start)
    let many = (0..<13).map { "key_of_a_long_name_\($0)" }
    #expect(message { try grid.only(many) } == start)
    #expect(
      message { try grid.only(many + ["stop_loss"]) } == start + "; did you mean 'stop_loss'?"
    )
  }

  @Test func `keys of strange characters do not reach the terminal as they are`() throws {
    let root = try table("\"\\u001b[31m\" = 1\n\(String(repeating: "k", count: 300)) = 2\n")
    #expect(
      message { try root.only(["x"]) }
        == "sweep.toml:1: unknown key '\"\u{FFFD}[31m\"'; known keys: x"
    )
    #expect(
      root.failure(at: root.keys[1], "is long").message
        == "sweep.toml:2: \(String(repeating: "k", count: 200))…: is long"
    )
  }

  @Test func `the caller's own rules give the same kind of message`() throws {
    let root = try table("[grid]\nfrom = 5\nto = 3\n")
    let grid = try root.table("grid")
    #expect(
      grid.failure(at: "to", "found 3, expected more than 'from' (5)").message
        == "sweep.toml:3: grid.to: found 3, expected more than 'from' (5)"
    )
    #expect(
      grid.failure(at: "steps", "found nothing, expected 2 or more").message
        == "sweep.toml:1: grid.steps: found nothing, expected 2 or more"
    )
    #expect(
      message { throw grid.value.failure(expected: "a list") }
        == "sweep.toml:1: grid: found a table, expected a list"
    )
    #expect(
      ConfigValue(.boolean(true), file: "made").failure("is wrong").message == "made: is wrong"
    )
  }
}
