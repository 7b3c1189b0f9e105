// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import CommandLineKit
import Testing
import TextKit

struct HelpTests {
  static let sweep = """
    Run a grid of parameters

    Usage: harbour sweep [OPTIONS] SPEC

    Arguments:
      SPEC  Sweep specification

    Input:
          --book FILE  Positions to read (default book.csv)

    Options:
      -j, --threads N    Worker threads (from 1 to 256; default 4; or
                         $HARBOUR_THREADS)
          --report NAME  Form of the report (one of csv, xlsx, parquet; default csv)
          --seed N       Seed of the paths
          --price PRICE  Price of an asset, such as SOL=142.10 (may be repeated)
      -q, --quiet        Print results only
          --no-header    Leave the header out
      -h, --help         Print this help

    Clusters:
          --bin-width-bps X  Width of a price bin (in basis points; above 0; default
                             50)

    Example:
      harbour sweep grid.json -j 8

    """

  static let program = """
    A program for tests

    Usage: harbour [OPTIONS] COMMAND

    Commands:
      sweep        Run a grid of parameters
      merge        Merge shards
      fail         Fail in a given way
      generate     Make synthetic data
      help         Print the help of the program or of a command
      man          Print a manual page, for the program 'man'
      completions  Print a completion script for a shell

    Options:
      -h, --help     Print this help
          --version  Print the version

    Exit codes: 0 done, 64 usage.

    Run 'harbour COMMAND --help' for more on a command.

    """

  @Test(arguments: [
    ["sweep", "--help"], ["sweep", "-h"], ["help", "sweep"],
    ["sweep", "g", "--threads", "x", "-h"],
    ["sweep", "--nonsense", "--help"],
  ])
  func `the help of a command shows names, notes and groups`(arguments: [String]) {
    let outcome = harbour.outcome(of: arguments)
    #expect(outcome == .init(status: 0, output: HelpTests.sweep, diagnostics: ""))
  }

  @Test(arguments: [["--help"], ["-h"], ["help"]])
  func `the help of the program lists the commands`(arguments: [String]) {
    let outcome = harbour.outcome(of: arguments)
    #expect(outcome == .init(status: 0, output: HelpTests.program, diagnostics: ""))
  }

  @Test func `without a word the help goes to standard error with status 64`() {
    let outcome = harbour.outcome(of: [])
    #expect(outcome == .init(status: 64, output: "", diagnostics: HelpTests.program))
  }

  @Test func `a command that only holds others prints its help with status 64`() {
    let outcome = harbour.outcome(of: ["generate"])
    #expect(
      outcome
        == .init(
          status: 64,
          output: "",
          diagnostics: """
            Make synthetic data

            Usage: harbour generate [OPTIONS] COMMAND

            Commands:
              book  Make a book

            Options:
              -h, --help  Print this help

            Run 'harbour generate COMMAND --help' for more on a command.

            """
        )
    )
  }

  @Test func `required options and repeated arguments stand in the usage line`() {
    let help = harbour.outcome(of: ["merge", "--help"]).output
    #expect(help.contains("Usage: harbour merge [OPTIONS] --output FOLDER PART...\n"))
    #expect(help.contains("  -o, --output FOLDER  Where to write (required)\n"))
    let book = harbour.outcome(of: ["generate", "book", "--help"]).output
    #expect(book.contains("Usage: harbour generate book [OPTIONS] [POSITIONS]\n"))
  }

  @Test func `the version is printed with the name`() {
    let outcome = harbour.outcome(of: ["--version"])
    #expect(outcome == .init(status: 0, output: "harbour 1.2.3\n", diagnostics: ""))
  }

  @Test func `the declarations of a good program have no problems`() {
    #expect(harbour.declarationProblems() == [])
  }

  @Test func `bad declarations are told, and the program says that it is broken`() {
    let program = Program(name: "p", about: "x", version: "1", commands: [Bad.self, Bad.self])
    #expect(
      Set(program.declarationProblems()) == [
        "p: bad: declared twice",
        "p bad: B: A takes all words",
        "p bad: -j: declared twice",
        "p bad: --Big: not a good name",
        "p bad: --silent: has no help",
        "p bad: B: required, but A before it is not",
      ]
    )
    let outcome = program.outcome(of: ["bad"])
    #expect(
      outcome
        == .init(
          status: 70,
          output: "",
          diagnostics: "p: internal error: a command or an option is declared twice\n"
        )
    )
  }
}

private struct Bad: Command {
  static let name = "bad"
  static let about = "Declares badly"
  static let details: String? = nil
  @Argument("First", valueName: "A") var first: [String] = []
  @Argument("Second", valueName: "B") var second: Int
  @Option("Jobs", short: "j") var jobs = 1
  @Option("Joins", short: "j", name: "Big") var joins = 1
  @Flag("") var silent = false

  mutating func run() throws(Failure) {}
}
