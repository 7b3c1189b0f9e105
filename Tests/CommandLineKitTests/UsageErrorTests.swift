// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import CommandLineKit
import Testing
import TextKit

struct UsageErrorTests {
  @Test(arguments: [
    ("sweep g --thread 3", "unknown option '--thread'; did you mean '--threads'?", "sweep"),
    ("sweep g --thread=3", "unknown option '--thread'; did you mean '--threads'?", "sweep"),
    ("sweep g -x", "unknown option '-x'", "sweep"),
    ("sweep --zzzzzz", "unknown option '--zzzzzz'", "sweep"),
    ("--thread 4 sweep", "unknown option '--thread'", ""),
    ("swep --threads 3", "unknown command 'swep'; did you mean 'sweep'?", ""),
    ("generate bok", "unknown command 'bok'; did you mean 'book'?", "generate"),
    ("-- sweep", "unknown command 'sweep'", ""),
    ("help swep", "unknown command 'swep'; did you mean 'sweep'?", ""),
    ("help generate bok", "unknown command 'bok'; did you mean 'book'?", "generate"),
    ("sweep", "missing argument 'SPEC'", "sweep"),
    ("merge", "missing option '--output' and argument 'PART'", "merge"),
    ("merge a", "missing option '--output'", "merge"),
    ("sweep g h", "unexpected argument 'h'", "sweep"),
    ("sweep g --threads", "--threads: found nothing, expected a value", "sweep"),
    (
      "sweep g --threads --report csv",
      "--threads: found the option '--report', expected a value", "sweep"
    ),
    (
      "sweep g --threads x", "--threads: found 'x', expected a whole number from 1 to 256", "sweep"
    ),
    (
      "sweep g -j 0", "--threads: found '0', expected a whole number from 1 to 256", "sweep"
    ),
    (
      "sweep g --threads=", "--threads: found '', expected a whole number from 1 to 256", "sweep"
    ),
    (
      "sweep g --bin-width-bps 0", "--bin-width-bps: found '0', expected a number above 0", "sweep"
    ),
    (
      "sweep g --seed -1", "--seed: found '-1', expected a whole number, zero or more", "sweep"
    ),
    (
      "sweep g --report parket",
      "--report: found 'parket', expected one of csv, xlsx, parquet; did you mean 'parquet'?",
      "sweep"
    ),
    ("sweep g -j1 --threads 2", "--threads: found 2 values, expected one", "sweep"),
    ("sweep g --quiet=loud", "--quiet: found 'loud', expected no value", "sweep"),
    ("sweep g --book=", "--book: found '', expected the path of a file", "sweep"),
    ("generate book x", "POSITIONS: found 'x', expected a whole number", "generate book"),
    ("completions", "missing argument 'SHELL'", "completions"),
    ("completions cmd", "SHELL: found 'cmd', expected one of bash, zsh, fish", "completions"),
    ("fail --status 64", "it went wrong", "fail"),
  ])
  func `a wrong command line is refused with a reason and a way out`(
    line: String,
    message: String,
    place: String
  ) {
    let outcome = harbour.outcome(of: line.split(separator: " ").map { String($0) })
    let command = place.isEmpty ? "harbour" : "harbour \(place)"
    #expect(outcome.status == 64)
    #expect(outcome.output == "")
    #expect(
      outcome.diagnostics == "harbour: \(message)\nRun '\(command) --help' for usage.\n"
    )
  }

  @Test func `a bad value in the environment is told with the name of the variable`() {
    let outcome = harbour.outcome(of: ["sweep", "g"], environment: ["HARBOUR_THREADS": "x"])
    #expect(outcome.status == 64)
    #expect(
      outcome.diagnostics.hasPrefix(
        "harbour: $HARBOUR_THREADS: found 'x', expected a whole number from 1 to 256\n"
      )
    )
  }

  @Test func `control characters of a wrong word do not reach the terminal`() {
    let outcome = harbour.outcome(of: ["sweep", "--a\u{1B}[31m"])
    #expect(outcome.diagnostics.hasPrefix("harbour: unknown option '--a\u{FFFD}[31m'"))
  }

  @Test(arguments: [65, 66, 70, 74])
  func `a failure of a command ends the program with its status`(status: Int) {
    let outcome = harbour.outcome(of: ["fail", "--status", "\(status)"])
    #expect(
      outcome == .init(status: Int32(status), output: "", diagnostics: "harbour: it went wrong\n")
    )
  }

  @Test func `a closed output ends the program quietly`() {
    let outcome = harbour.outcome(of: ["fail", "--closed"])
    #expect(outcome == .init(status: 0, output: "", diagnostics: ""))
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func `no command line whatever makes the program crash`(seed: UInt64) {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let words = [
      "", "-", "--", "---", "--=", "--x=", "-=", "-j", "-j=", "-q", "-qj", "-qqq", "--threads",
      "--threads=", "--threads=9", "sweep", "merge", "fail", "generate", "book", "help",
      "completions", "bash", "++", "%%", "{}", "[]", "[a,b]", "[[", "\"", "'", "\\", "\n", " ",
      "-5", "-.5", "\u{FFFD}", "é", "👩‍👩‍👧", "a\u{0}b", "--a\u{0}b", "--price", "--price={}",
      "--no-header", "--quiet={}", "--quiet=%%", "-h ", "--output", "-o", "/x", "/x:1", "!x",
      "--!x",
      String(repeating: "x", count: 5_000), "--" + String(repeating: "y", count: 5_000),
    ]
    for _ in 0..<50 {
      let line = (0..<next(7)).map { _ in words[next(words.count)] }
      let status = harbour.outcome(of: line).status
      #expect([0, 64, 70].contains(status), "\(line)")
    }
  }

  @Test func `a very long command line is read`() {
    let parts = Array(repeating: "part", count: 100_000)
    let outcome = harbour.outcome(of: ["merge", "-o", "out"] + parts)
    #expect(outcome.status == 0)
  }
}
