// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Configuration
import Testing
import TextKit

@Suite struct ParsingTests {
  @Test func `every kind of value arrives with its place and its path`() throws {
    let root = try parsed(
      """
      # a comment
      text = "a\\u0000b"
      [grid.vault]
        list = [1, -2.5e3,
          true, 'x']
        "odd key" = { from = 0x10 }
      """
    )
    var lines: [String] = []
    func list(_ value: ConfigValue) {
      lines.append("\(value.line):\(value.column) \(value.path) = \(value.shown)")
      switch value.kind {
      case .table(let entries): for entry in entries { list(entry.value) }
      case .array(let elements): for element in elements { list(element) }
      default: break
      }
    }
    list(root)
    #expect(
      lines == [
        "1:1  = a table",
        "2:8 text = the text 'a\u{FFFD}b'",
        "3:1 grid = a table",
        "3:1 grid.vault = a table",
        "4:10 grid.vault.list = an array of 4",
        "4:11 grid.vault.list[0] = 1",
        "4:14 grid.vault.list[1] = -2500.0",
        "5:5 grid.vault.list[2] = true",
        "5:11 grid.vault.list[3] = the text 'x'",
        "6:15 grid.vault.\"odd key\" = a table",
        "6:24 grid.vault.\"odd key\".from = 16",
      ]
    )
    #expect(root.file == "sweep.toml")
    #expect(try root.value(at: "text").string() == "a\u{0}b")
  }

  @Test func `keys keep the order of the source, also where tables are taken up again`() throws {
    let root = try table("z.b = 1\ny = 2\na = 3\n[w.v]\nk = 1\n[c]\n[w]\nb = 1\na = 2\n[z2]\n")
    #expect(root.keys == ["z", "y", "a", "w", "c", "z2"])
    #expect(try root.table("w").keys == ["v", "b", "a"])
  }

  @Test func `tables in arrays are elements`() throws {
    let root = try parsed("[[tier]]\nlower = 0\n[[tier]]\nlower = 5\n")
    #expect(try root.value(at: "tier[1].lower").integer() == 5)
    #expect(try root.value(at: "tier[1]").line == 3)
  }

  @Test func `an empty document is an empty table`() throws {
    #expect(try table("").keys == [])
    #expect(try table("\u{FEFF}a = 1 # with a byte order mark").keys == ["a"])
  }

  @Test(arguments: [
    (
      "a = 1\nb = 6 8",
      "sweep.toml:2:7: Error while parsing key-value pair: "
        + "expected a comment or whitespace, saw '8'"
    ),
    (
      "a = 1\na = 2",
      "sweep.toml:2:5: Error while parsing key-value pair: cannot redefine existing integer 'a'"
    ),
    (
      "a = [1", "sweep.toml:1:7: Error while parsing array: encountered end-of-file"
    ),
    (
      "a = 99999999999999999999",
      "sweep.toml:1:25: Error while parsing decimal integer: "
        + "'99999999999999999999' is not representable in 64 bits"
    ),
    (
      "[a]\nsince = 2026-01-02",
      "sweep.toml:2: a.since: found a date or time, expected text, a number, true or false; "
        + "write it in quotes"
    ),
    ("a = [nan]", "sweep.toml:1: a[0]: found nan, expected a finite number"),
    ("a = -inf", "sweep.toml:1: a: found -inf, expected a finite number"),
    (
      "\u{E9}",
      "sweep.toml:1:1: Error while parsing root table: "
        + "expected keys, tables, whitespace or comments, saw '\u{E9}'"
    ),
    (
      "\"\u{E9}\" = 1\n\"e\u{301}\" = 2",
      "sweep.toml:2: \"e\u{301}\": found the same key in other code points, expected it once"
    ),
  ])
  func `what is no document is refused with its place`(text: String, expected: String) {
    #expect(message { _ = try parsed(text) } == expected)
  }

  @Test func `bytes that are no UTF-8 are refused where they stand`() {
    let bytes = Array("a = 1\n# \u{E9}".utf8) + [0xC3, 0x28]
    let expected = "sweep.toml:2:4: found bytes that are no UTF-8, expected text in UTF-8"
    #expect(
      message { _ = try ConfigValue.parseTOML(bytes, file: "sweep.toml") } == expected
    )
  }

  @Test func `an input over sixteen MiB is refused, one of just that size is read`() throws {
    var bytes = [UInt8](repeating: UInt8(ascii: "#"), count: ConfigValue.mostBytes)
    #expect(try ConfigTable(ConfigValue.parseTOML(bytes, file: "big.toml")).keys == [])
    bytes.append(UInt8(ascii: "#"))
    let expected = "big.toml: found 16777217 bytes, expected at most 16777216"
    #expect(message { _ = try ConfigValue.parseTOML(bytes, file: "big.toml") } == expected)
  }
}
