// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Configuration
import TestSupport
import Testing
import TextKit

/// The documents of a JSON text.
private func documents(_ text: String) throws(Failure) -> [ConfigValue] {
  var found: [ConfigValue] = []
  try ConfigValue.eachJSON(in: Array(text.utf8), file: "a.json") {
    (value: ConfigValue) throws(Failure) in found.append(value)
  }
  return found
}

/// JSON as a tree of values with places.
@Suite struct JSONTests {
  @Test func `values of every kind are read, null members are left out`() throws {
    let text = #"{"b": [1, -2.5, "x\u00e9\n", true], "none": null, "a": {"": false}}"#
    let root = try #require(try documents(text).first)
    let table = try ConfigTable(root)
    #expect(table.keys == ["b", "a"])
    let list = try table.array("b")
    #expect(list.map(\.kind) == [.integer(1), .number(-2.5), .string("xé\n"), .boolean(true)])
    #expect(list[2].path == "b[2]")
    #expect(try table.table("a")[""]?.kind == .boolean(false))
  }

  @Test func `places are those of the text`() throws {
    let text = """
      {
        "a\\"b": "é, [", "c": [
          7, {"d" : null, "e":8}],
       "f": "\\\\"
      }
      """
    let root = try ConfigTable(try #require(try documents(text).first))
    func place(_ value: ConfigValue?) -> [Int] { [value?.line ?? -1, value?.column ?? -1] }
    #expect(place(root.value) == [1, 1])
    #expect(place(root["a\"b"]) == [2, 11])
    let list = try root.array("c")
    #expect(place(root["c"]) == [2, 24])
    #expect(place(list[0]) == [3, 5])
    #expect(place(list[1]) == [3, 8])
    #expect(place(try ConfigTable(list[1])["e"]) == [3, 25])
    #expect(place(root["f"]) == [4, 7])
  }

  /// A text that is written together with the place of every value.
  private struct Writer {
    var random: SplitMix64
    var text = ""
    var line = 1
    var column = 1
    var places: [[Int]] = []

    mutating func put(_ part: String) {
      text += part
      for scalar in part.unicodeScalars {
        (line, column) = scalar == "\n" ? (line + 1, 1) : (line, column + 1)
      }
    }

    mutating func pick(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }

    mutating func space() { put(["", "", " ", "\n", "\t ", "\r\n"][pick(6)]) }

    mutating func value(_ depth: Int) {
      places.append([line, column])
      switch pick(depth > 3 ? 6 : 8) {
      case 0: put("\"\"")
      case 1: put(#""a\"b\\ü:{[,""#)
      case 2: put("-12.5e3")
      case 3: put("0")
      case 4: put("true")
      case 5: put("false")
      case 6: sequence("[", "]") { $0.value(depth + 1) }
      default:
        var key = 0
        sequence("{", "}") {
          key += 1
          $0.put("\"k\\\"\(key)\"")
          $0.space()
          $0.put(":")
          $0.space()
          $0.value(depth + 1)
        }
      }
    }

    mutating func sequence(_ open: String, _ close: String, _ item: (inout Writer) -> Void) {
      put(open)
      let count = pick(4)
      for index in 0..<count {
        space()
        item(&self)
        space()
        if index < count - 1 { put(",") }
      }
      space()
      put(close)
    }
  }

  private func places(_ value: ConfigValue) -> [[Int]] {
    let below: [[Int]]
    switch value.kind {
    case .table(let entries): below = entries.flatMap { places($0.value) }
    case .array(let elements): below = elements.flatMap(places)
    default: below = []
    }
    return [[value.line, value.column]] + below
  }

  @Test(arguments: UInt64(0)..<20)
  func `places of random documents are those of their writer`(seed: UInt64) throws {
    var writer = Writer(random: SplitMix64(seed: seed))
    for _ in 0..<20 {
      writer.space()
      writer.sequence("[", "]") { $0.value(1) }
      writer.put("\n")
    }
    let found = try documents(writer.text).flatMap { places($0).dropFirst() }
    #expect(found == writer.places)
  }

  @Test func `documents one a line are read one after the other`() throws {
    let found = try documents("\u{FEFF}{\"a\":1}\n\n[2]\n{\"a\":\n3}[4]")
    #expect(found.map(\.line) == [1, 3, 4, 5])
    #expect(found.map(\.column) == [4, 1, 1, 3])
  }

  @Test(arguments: [
    ("", "a.json: found an empty file, expected JSON"),
    (" \n", "a.json: found an empty file, expected JSON"),
    ("[1,\n 2", "a.json:2:2: found text that is not JSON: ']' expected near end of file"),
    (
      "{\"a\": 1, \"a\": 2}",
      "a.json:1:12: found text that is not JSON: duplicate object key near '\"a\"'"
    ),
    ("7", "a.json:1:1: found text that is not JSON: '[' or '{' expected near '7'"),
    ("[null]", "a.json:1: [0]: found null, expected a value"),
    ("[1]\nx", "a.json:2:1: found text that is not JSON: '[' or '{' expected near 'x'"),
  ])
  func `what is no JSON is refused`(text: String, message expected: String) {
    #expect(message { _ = try documents(text) } == expected)
  }

  @Test func `deep, broken and overlong input ends in a failure`() {
    let deep = String(repeating: "[", count: 70) + String(repeating: "]", count: 70)
    #expect(message { _ = try documents(deep) }.contains("expected at most 64 levels"))
    let deeper = String(repeating: "[", count: 100_000)
    #expect(message { _ = try documents(deeper) }.contains("maximum parsing depth"))
    for text in ["[\"\\u0000\"]", "[1e999]", "[99999999999999999999]", "[\"\u{1}\"]", "{\"a\"}"] {
      #expect(message { _ = try documents(text) }.hasPrefix("a.json:1:"), "\(text)")
    }
    let broken: [UInt8] = [0x5B, 0x22, 0xFF, 0x22, 0x5D]
    #expect(
      message { try ConfigValue.eachJSON(in: broken, file: "a.json") { _ in } }
        .contains("not JSON")
    )
  }
}
