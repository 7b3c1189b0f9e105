// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The reports of a small book by all venues, byte for byte.
///
/// The files agree with `Tests/independent`, an implementation of its own from the same texts.
struct GoldenTests {
  private static let book = ["--book", "book.csv", "--prices", "prices.csv"]
  static let events = ["cycles.csv", "protection_events.csv", "auctions.csv", "liquidations.csv"]

  @Test func prices() throws {
    let outcome = try Workdir().run(["prices"] + GoldenTests.book)
    try Golden.expect(outcome.output, equals: "liquidation_prices.csv")
    #expect(
      outcome.diagnostics
        == "breakwater: 23 at_risk, 1 unreachable, 1 liquidatable, 1 empty\n"
    )
  }

  @Test func clusters() throws {
    let outcome = try Workdir().run(["clusters"] + GoldenTests.book)
    try Golden.expect(outcome.output, equals: "clusters.csv")
    #expect(
      outcome.diagnostics
        == "breakwater: 47 clusters, 0 deployable; rows: 23 at_risk, 1 unreachable, 1 liquidatable,"
        + " 1 empty\n"
    )
  }

  @Test func clustersOfAStaleBook() throws {
    let outcome = try Workdir().run(
      ["clusters"] + GoldenTests.book + [
        "--slot", "300009000", "--bin-bps", "100", "--set", "clusters.min_size_usd=100000", "--set",
        "clusters.min_confidence=5", "-q",
      ]
    )
    try Golden.expect(outcome.output, equals: "clusters_stale.csv")
    #expect(outcome.diagnostics == "")
  }

  @Test func sweep() throws {
    let place = try Workdir()
    let outcome = try place.run(["sweep", "spec.toml"])
    for name in ["sweep.csv", "frontier.csv", "robustness.csv"] + GoldenTests.events {
      try Golden.expect(place.bytes("results/" + name), equals: "results/" + name)
    }
    try Golden.expect(outcome.output, equals: "results/summary.txt")
  }

  @Test func dryRun() throws {
    let place = try Workdir()
    let before = place.names
    let outcome = try place.run(["sweep", "spec.toml", "--dry-run"])
    #expect(
      outcome.text == """
        axis                     values  from … to
        auction.kappa_bps_per_s       2  2 … 20
        vault.stop_loss               2  0.02 … 0.06
        4 cells × 2 scenarios, 96 steps in all, 25 accounts
        stage         runs  worlds for one run
        book             1                   8
        oracle           2                   4
        falls            2                   4
        protection       2                   4
        clusters         2                   4
        vault            4                   2
        liquidations     2                   4
        lots             4                   2
        auctions         4                   2
        1 MB of results beside book and paths

        """
    )
    let time = try #require(
      outcome.diagnostics.firstMatch(of: /about \d+ seconds? on \d+ threads?/)
    )
    #expect(outcome.diagnostics.hasPrefix(time.output))
    #expect(place.names == before, "a dry run writes nothing")
  }

  @Test func quietIsSilent() throws {
    let place = try Workdir()
    try place.write(
      "wide.csv",
      place.text("prices.csv").replacingOccurrences(of: "slot\n", with: "slot,note\n")
        .split(separator: "\n").enumerated()
        .map { $0.offset == 0 ? $0.element : $0.element + "," }.joined(separator: "\n") + "\n"
    )
    for command in [
      ["sweep", "spec.toml", "-q"], ["replay", "spec.toml", "-q", "-o", "replay"],
      ["clusters", "--book", "book.csv", "--prices", "wide.csv", "-q", "-o", "clusters.csv"],
      ["prices", "--book", "book.csv", "--prices", "wide.csv", "--quiet", "-o", "prices.out"],
      ["generate", "book", "-q", "-o", "made.csv"], ["generate", "paths", "-q", "-o", "made"],
    ] {
      let outcome = try place.run(command)
      #expect(outcome.diagnostics == "", "\(command)")
      #expect(outcome.text.isEmpty || command[0] == "replay", "\(command)")
    }
    let loud = try place.run([
      "prices", "--book", "book.csv", "--prices", "wide.csv", "-o", "prices.out",
    ])
    #expect(
      loud.diagnostics == """
        breakwater: warning: wide.csv: ignored column 'note'
        breakwater: 23 at_risk, 1 unreachable, 1 liquidatable, 1 empty

        """
    )
  }

  @Test func textThatASpreadsheetWouldRunIsNeutralised() throws {
    let outcome = try Workdir().run(["prices"] + GoldenTests.book)
    #expect(outcome.text.contains("\n'=kamino,kamino,SOL,"))
    #expect(outcome.text.contains("\n\"lender, one\",marginfi,SOL,"))
  }

  @Test func bookFromStandardInputOrCompressedIsTheSameBook() throws {
    let place = try Workdir()
    let plain = try place.run(["prices"] + GoldenTests.book)
    let piped = try place.run(
      ["prices", "--book", "-", "--prices", "prices.csv"],
      input: place.bytes("book.csv")
    )
    try place.shell("gzip -k book.csv && (cat book.csv.gz book.csv.gz) > twice.csv.gz")
    let gzipped = try place.run(["prices", "--book", "book.csv.gz", "--prices", "prices.csv"])
    #expect(piped.output == plain.output)
    #expect(gzipped.output == plain.output)
    #expect(piped.diagnostics == plain.diagnostics)
    // A second member of the stream is more of the same text, its header a row with a wrong venue.
    let twice = try place.run(
      ["prices", "--book", "twice.csv.gz", "--prices", "prices.csv"],
      expecting: 65
    )
    #expect(twice.diagnostics.contains("twice.csv.gz:32: column 'venue': found 'venue'"))
  }

  @Test func columnsMayStandInAnyOrder() throws {
    let place = try Workdir()
    let plain = try place.run(["prices"] + GoldenTests.book)
    try place.write(
      "book.csv",
      place.text("book.csv").split(separator: "\n").map { line in
        let cells = line.replacingOccurrences(of: "\"lender, one\"", with: "\"lender; one\"")
          .split(separator: ",", omittingEmptySubsequences: false)
        return cells.reversed().joined(separator: ",")
          .replacingOccurrences(of: "lender; one", with: "lender, one")
      }.joined(separator: "\r\n")
    )
    #expect(try place.run(["prices"] + GoldenTests.book).output == plain.output)
  }
}
