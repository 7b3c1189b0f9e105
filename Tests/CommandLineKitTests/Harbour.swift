// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import CommandLineKit
import TextKit

// A small program whose commands print what they read; the tests of this folder call it.

enum Report: String, CaseIterable, ArgumentValue {
  case csv, xlsx, parquet
}

struct BookOptions: OptionGroup {
  @Option("Positions to read", group: "Input") var book = FilePath("book.csv")
}

struct Sweep: Command {
  static let name = "sweep"
  static let about = "Run a grid of parameters"
  static let details: String? = "Example:\n  harbour sweep grid.json -j 8"
  var input = BookOptions()
  @Argument("Sweep specification") var spec: FilePath
  @Option("Worker threads", short: "j", environment: "HARBOUR_THREADS", bound: .within(1...256))
  var threads = 4
  @Option("Form of the report") var report = Report.csv
  @Option("Width of a price bin", unit: "basis points", group: "Clusters", bound: .above(0))
  var binWidthBPS = 50.0
  @Option("Seed of the paths", name: "seed") var pathSeed: UInt64?
  @Option("Price of an asset, such as SOL=142.10", valueName: "PRICE") var price: [String] = []
  @Flag("Print results only", short: "q") var quiet = false
  @Flag("Leave the header out") var header = true

  mutating func run() throws(Failure) {
    let seed = pathSeed.map { String($0) } ?? "none"
    try Output.standard(
      """
      \(spec.path) \(input.book.path) \(threads) \(report) \(binWidthBPS) \(seed) \
      \(price) \(quiet) \(header)

      """
    )
  }
}

struct Merge: Command {
  static let name = "merge"
  static let about = "Merge shards"
  static let details: String? = nil
  @Argument("Folders of the shards", valueName: "PART") var parts: [FolderPath]
  @Option("Where to write", short: "o") var output: FolderPath

  mutating func run() throws(Failure) {
    try Output.standard("\(parts.map(\.path)) \(output.path)\n")
  }
}

struct Fail: Command {
  static let name = "fail"
  static let about = "Fail in a given way"
  static let details: String? = nil
  @Option("Status") var status = 70
  @Flag("Fail as if nobody read the output") var closed = false

  mutating func run() throws(Failure) {
    if closed { throw .closedOutput }
    throw Failure(FailureKind(rawValue: Int32(status)) ?? .internalError, "it went wrong")
  }
}

struct Book: Command {
  static let name = "book"
  static let about = "Make a book"
  static let details: String? = nil
  @Argument("How many positions") var positions = 1_000

  mutating func run() throws(Failure) { try Output.standard("book of \(positions)\n") }
}

struct Generate: Command {
  static let name = "generate"
  static let about = "Make synthetic data"
  static let details: String? = nil
  static let subcommands: [any Command.Type] = [Book.self]
}

let harbour = Program(
  name: "harbour",
  about: "A program for tests",
  version: "1.2.3",
  footer: "Exit codes: 0 done, 64 usage.",
  commands: [Sweep.self, Merge.self, Fail.self, Generate.self]
)
