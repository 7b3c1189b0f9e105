// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Nothing is half-written: a command that ends early leaves the old file or none.
struct UntouchedOutputTests {
  @Test(arguments: [SIGINT, SIGTERM])
  func sweepThatIsInterruptedLeavesTheOldResults(_ signal: Int32) throws {
    let place = try Workdir()
    try place.run(["sweep", "spec.toml"])
    let before = place.names
    let old = try before.filter { $0.hasPrefix("results/") }.map { try place.bytes($0) }
    // So many cells and scenarios that the sweep is far from its end.
    try place.writeSpec("spec.toml", steps: 20_000)
    let running = try place.started(["sweep", "spec.toml"])
    try place.waitForJournal("results/journal.sqlite", logBytes: 0)
    usleep(100_000)
    kill(running.process.processIdentifier, signal)
    let outcome = try running.wait()
    #expect(outcome.status == -signal, "\(outcome)")
    #expect(place.names == (before + ["results/journal.sqlite"]).sorted())
    #expect(outcome.diagnostics.contains("breakwater sweep spec.toml -o results --resume\n"))
    #expect(try before.filter { $0.hasPrefix("results/") }.map { try place.bytes($0) } == old)
  }

  @Test func reportThatIsInterruptedIsRemoved() throws {
    let place = try Workdir()
    try place.write("book.csv", "old\n")
    let before = place.names
    let running = try place.started(["generate", "book", "--accounts", "4000000", "-o", "book.csv"])
    for _ in 0..<2000 where !place.names.contains(where: { $0.hasSuffix(".partial") }) {
      usleep(5_000)
    }
    #expect(
      place.names.contains(".book.csv.\(running.process.processIdentifier).partial"),
      "the file grows beside its name"
    )
    kill(running.process.processIdentifier, SIGINT)
    let outcome = try running.wait()
    #expect(outcome.status == -SIGINT, "\(outcome)")
    #expect(place.names == before)
    #expect(try place.text("book.csv") == "old\n")
  }

  /// Each result is a file of its own, so one that is a folder makes all of them fail.
  @Test func sweepThatCannotWriteOneResultChangesNone() throws {
    let place = try Workdir()
    try FileManager.default.createDirectory(
      at: place.folder.appendingPathComponent("results/cycles.csv"),
      withIntermediateDirectories: true
    )
    try place.write("results/sweep.csv", "old\n")
    let before = place.names
    let outcome = try place.run(["sweep", "spec.toml"], expecting: 74)
    #expect(
      outcome.diagnostics
        == "breakwater: cannot write results/cycles.csv: it is a folder; name a file inside it\n"
    )
    #expect(!place.names.contains { $0.hasSuffix(".partial") })
    let names = place.names
    let sweep = try place.text("results/sweep.csv")
    #expect(names == before)
    #expect(sweep == "old\n")
  }

  @Test func reportReplacesTheOldOneAndNothingElse() throws {
    let place = try Workdir()
    try place.write("prices-out.csv", "old\n")
    let before = place.names
    let book = ["--book", "book.csv", "--prices", "prices.csv"]
    let printed = try place.run(["prices"] + book)
    try place.run(["prices"] + book + ["-o", "prices-out.csv"])
    #expect(try place.bytes("prices-out.csv") == printed.output)
    #expect(place.names == before)
  }

  /// A link stays a link: the file that it leads to gets the new text.
  @Test func linkIsKept() throws {
    let place = try Workdir()
    try place.write("real.csv", "old\n")
    try FileManager.default.createSymbolicLink(
      atPath: place.folder.appendingPathComponent("link.csv").path,
      withDestinationPath: "real.csv"
    )
    try place.run(["clusters", "--book", "book.csv", "--prices", "prices.csv", "-o", "link.csv"])
    #expect(try place.text("real.csv").hasPrefix("asset,direction,"))
    #expect(
      try FileManager.default.destinationOfSymbolicLink(
        atPath: place.folder.appendingPathComponent("link.csv").path
      ) == "real.csv"
    )
  }
}
