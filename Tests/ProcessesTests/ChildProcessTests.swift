// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Processes
import Testing
import TextKit

struct ChildProcessTests {
  /// More than any pipe holds goes in and comes out again.
  @Test func largeInputComesBack() throws {
    let input = (0..<3_000_000).map { UInt8($0 & 0x7f) }
    let outcome = try ChildProcess.run("cat", [], input: input)
    #expect(outcome.status == 0)
    #expect(outcome.output == input)
    #expect(outcome.errors.isEmpty)
  }

  @Test func statusAndErrorsAreTold() throws {
    let outcome = try ChildProcess.run("sh", ["-c", "echo no >&2; exit 3"])
    #expect(outcome.status == 3)
    #expect(outcome.output.isEmpty)
    #expect(String(decoding: outcome.errors, as: UTF8.self) == "no\n")
    #expect(try ChildProcess.run("sh", ["-c", "kill -9 $$"]).status == 137)
  }

  @Test func variablesAreReplaced() throws {
    let outcome = try ChildProcess.run(
      "sh",
      ["-c", "echo $HARBOUR-$LC_ALL"],
      environment: [("HARBOUR", "north"), ("LC_ALL", "C")]
    )
    #expect(String(decoding: outcome.output, as: UTF8.self) == "north-C\n")
  }

  @Test func missingProgramIsAFailure() {
    #expect(throws: Failure.self) { try ChildProcess.run("there-is-no-such-program", []) }
    #expect(ChildProcess.path(of: "there-is-no-such-program") == nil)
    #expect(ChildProcess.path(of: "sh") != nil)
  }
}
