// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Input and output at their limits: endless lines, closed pipes, full devices.
struct LimitTests {
  /// Virtual memory in kB: far below the input, above what the binary itself needs.
  private static let memory = 600_000
  private static let wanted = "account,venue,asset,leg,quantity"
  private static let tooLong =
    "found a line that goes on after 1,048,576 bytes, expected shorter ones; check that this is a"
    + " CSV file with line ends\n"

  @Test func lineOfAGigabyteInASparseFile() throws {
    let place = try Workdir()
    let outcome = try place.shell(
      """
      echo \(LimitTests.wanted) > huge.csv && truncate -s 1G huge.csv
      ulimit -v \(LimitTests.memory)
      "$BREAKWATER" prices --book huge.csv --prices prices.csv
      """,
      expecting: 65
    )
    #expect(outcome.diagnostics == "breakwater: huge.csv:2: " + LimitTests.tooLong)
  }

  @Test(arguments: ["", "echo \(wanted);"])
  func lineOfAGigabyteFromStandardInput(_ first: String) throws {
    let place = try Workdir()
    let outcome = try place.shell(
      """
      ulimit -v \(LimitTests.memory)
      (\(first) head -c 1G /dev/zero | tr '\\0' a) |
        "$BREAKWATER" prices --book - --prices prices.csv
      """,
      expecting: 65
    )
    let line = first.isEmpty ? 1 : 2
    #expect(outcome.diagnostics == "breakwater: standard input:\(line): " + LimitTests.tooLong)
  }

  @Test func gigabyteOfZeroBytesIsNoText() throws {
    let place = try Workdir()
    let outcome = try place.shell(
      """
      truncate -s 1G zeros.csv
      ulimit -v \(LimitTests.memory)
      "$BREAKWATER" prices --book book.csv --prices zeros.csv
      """,
      expecting: 65
    )
    #expect(outcome.diagnostics.hasPrefix("breakwater: zeros.csv:1: found '\u{FFFD}\u{FFFD}"))
    #expect(outcome.diagnostics.hasSuffix("save the file as CSV in UTF-8\n"))
  }

  @Test func gigabyteOfSpecificationIsRefused() throws {
    let place = try Workdir()
    let outcome = try place.shell(
      """
      truncate -s 1G spec.toml
      ulimit -v \(LimitTests.memory)
      "$BREAKWATER" sweep spec.toml
      """,
      expecting: 65
    )
    #expect(outcome.diagnostics.contains("spec.toml: found more than "))
  }

  @Test(arguments: [
    "prices --book book.csv --prices prices.csv -q",
    "venues", "completions zsh", "prices --help", "sweep spec.toml --dry-run -q",
    "generate book --accounts 200000 -q",
  ])
  func closedPipeIsAQuietEnd(_ command: String) throws {
    let place = try Workdir()
    let outcome = try place.shell(
      "\"$BREAKWATER\" \(command) | head -c 10; echo \" ${PIPESTATUS[0]}\""
    )
    #expect(outcome.text.hasSuffix(" 0\n"), "\(outcome.text)")
    #expect(outcome.diagnostics == "")
    #expect(!place.names.contains { $0.contains("partial") })
  }

  @Test(arguments: [
    "prices --book book.csv --prices prices.csv", "clusters --book book.csv --prices prices.csv",
    "sweep spec.toml --dry-run -q", "sweep spec.toml", "replay spec.toml", "generate book -q",
    "venues", "doctor", "completions fish", "help sweep", "--help", "--version",
  ])
  func fullDeviceIsAnError(_ command: String) throws {
    let place = try Workdir()
    let outcome = try place.shell("\"$BREAKWATER\" \(command) > /dev/full", expecting: 74)
    let reasons = ["", "to "].map {
      "breakwater: cannot write \($0)standard output: No space left on device\n"
    }
    #expect(reasons.contains(outcome.diagnostics), "\(outcome.diagnostics)")
  }

  @Test func closedStandardOutputIsAnError() throws {
    let place = try Workdir()
    let outcome = try place.shell("\"$BREAKWATER\" venues >&-", expecting: 74)
    #expect(
      outcome.diagnostics
        == "breakwater: cannot write to standard output: Bad file descriptor\n"
    )
  }
}
