// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Testing
import TextKit

@Suite struct FailureTests {
  @Test func `a failure says where, what was found, what was expected and what to do`() {
    let failure = Failure.data(
      file: "book.csv",
      line: 12,
      column: "quantity",
      found: "abc",
      expected: "a number",
      advice: "write 1234.5"
    )
    #expect(
      failure.message
        == "book.csv:12: column 'quantity': found 'abc', expected a number; write 1234.5"
    )
    #expect(failure.kind == .data)
    #expect(failure.description == failure.message)
  }

  @Test func `parts that are not known are left out`() {
    #expect(Failure.data(file: "a", expected: "rows").message == "a: expected rows")
    #expect(Failure.data(file: "a", line: 3, expected: "x").message == "a:3: expected x")
    #expect(
      Failure.data(file: "a", found: "", expected: "x").message == "a: found '', expected x"
    )
  }

  @Test(
    arguments: zip(
      [1, 64, 65, 66, 70, 74] as [Int32],
      ["differ", "use", "data", "input", "ours", "io"]
    )
  )
  func `the kinds are the exit codes of sysexits`(_ code: Int32, _ word: String) throws {
    let kinds: [String: FailureKind] = [
      "differ": .difference, "use": .usage,
      "data": .data, "input": .missingInput, "ours": .internalError,
      "io": .inputOutput,
    ]
    #expect(kinds[word]?.rawValue == code)
  }

  @Test func `control characters are replaced and long text is cut after 60 characters`() {
    #expect(Failure.shown("a\tb\u{7F}\u{1B}[31m") == "a\u{FFFD}b\u{FFFD}\u{FFFD}[31m")
    #expect(Failure.shown(String(repeating: "x", count: 60)).count == 60)
    let cut = Failure.shown(String(repeating: "x", count: 61))
    #expect(cut == String(repeating: "x", count: 60) + "…")
    #expect(Failure.shown("naïve 🐳") == "naïve 🐳")
  }
}
