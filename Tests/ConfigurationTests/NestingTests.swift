// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Configuration
import Testing
import TextKit

@Suite struct NestingTests {
  private static let nestedTooDeep =
    "exceeded maximum nested value depth of 32 (TOML_MAX_NESTED_VALUES)"

  @Test(arguments: ["[", "{a=", "[{a=", "[[{b=["])
  func `a hundred thousand values inside each other are refused`(opening: String) {
    let text = "a = " + String(repeating: opening, count: 100_000)
    #expect(message { _ = try parsed(text) }.hasSuffix(NestingTests.nestedTooDeep))
  }

  @Test(arguments: ["[", "{", "[\"", "a.", "a .", "\"=\".", "'['.", "a.\"#\".", "[a."])
  func `a hundred thousand openings of any kind are refused`(opening: String) {
    let text = String(repeating: opening, count: 100_000)
    #expect(message { _ = try parsed(text) }.hasPrefix("sweep.toml:"))
    #expect(message { _ = try parsed(text + "a = 1") }.hasPrefix("sweep.toml:"))
  }

  @Test func `a key of more than thirty-three parts is refused`() throws {
    let fits = String(repeating: "a.", count: 32) + "a = 1"
    #expect(try table(fits).flattened().count == 1)
    let expected =
      "sweep.toml:2:66: found a longer key, expected one of at most 33 parts"
    #expect(message { _ = try parsed("b = 1\na." + fits) } == expected)
    #expect(
      message { _ = try parsed("[" + String(repeating: "a.", count: 33) + "a]") }
        == "sweep.toml:1:67: found a longer key, expected one of at most 33 parts"
    )
  }

  @Test(arguments: [
    "a = \"\(String(repeating: ".", count: 99))\"",
    "a = '\(String(repeating: ".", count: 99))'",
    "a = '''\n\(String(repeating: ".", count: 99))''''' # x",
    "a = \"\"\"\\\"\"\" \(String(repeating: ".", count: 99))\"\"\"",
    "a = 1 # \(String(repeating: ".", count: 99))",
    "a = [\(String(repeating: "0.5, ", count: 99))]",
    "a = \"\\\\\" # \(String(repeating: ".", count: 99))",
  ])
  func `dots that are no part of a key do not count`(text: String) throws {
    #expect(try table(text).keys == ["a"])
  }

  @Test func `more than sixty-four levels in all are refused`() {
    let long = String(repeating: "a.", count: 32) + "a"
    let text = "[\(long)]\n\(long) = 1\n"
    let path = String(repeating: "a.", count: 64) + "a"
    let expected =
      "sweep.toml:2: \(path): found deeper nesting, expected at most 64 levels"
    #expect(message { _ = try parsed(text) } == expected)
  }

  @Test func `the deepest text that the parser takes is refused without harm`() {
    let long = String(repeating: "a.", count: 32) + "a"
    let text =
      "[\(long)]\n" + String(repeating: "\(long) = {", count: 31) + "\(long) = 1"
      + String(repeating: "}", count: 31)
    #expect(message { _ = try parsed(text) }.hasSuffix("expected at most 64 levels"))
  }
}
