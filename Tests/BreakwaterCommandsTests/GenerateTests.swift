// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Synthetic books and paths as a user makes and uses them.
struct GenerateTests {
  private static let book = ["generate", "book", "--accounts", "3000", "-q", "-o"]

  @Test func sameSeedSameBytes() throws {
    let place = try Workdir(withBook: false)
    try place.run(GenerateTests.book + ["a.csv", "--seed", "7"])
    try place.run(GenerateTests.book + ["b.csv", "--seed", "7"])
    try place.run(GenerateTests.book + ["c.csv", "--seed", "8"])
    let printed = try place.run(["generate", "book", "--accounts", "3000", "-q", "--seed", "7"])
    #expect(try place.bytes("a.csv") == place.bytes("b.csv"))
    #expect(try place.bytes("a.csv") == printed.output)
    #expect(try place.bytes("a.csv") != place.bytes("c.csv"))
  }

  @Test func accountsDoNotDependOnHowManyThereAre() throws {
    let place = try Workdir(withBook: false)
    try place.run(["generate", "book", "--accounts", "20000", "-q", "-o", "many.csv"])
    try place.run(["generate", "book", "--accounts", "50", "-q", "-o", "few.csv"])
    #expect(try place.text("many.csv").hasPrefix(place.text("few.csv")))
  }

  @Test func generatedBookAndPathsRunThroughEveryCommand() throws {
    let place = try Workdir(withBook: false)
    try place.run(GenerateTests.book + ["book.csv", "--write-prices", "prices.csv"])
    try place.run([
      "generate", "paths", "--model", "crash", "--scenarios", "2", "--horizon-s", "600",
      "--prices", "prices.csv", "-q", "-o", "paths",
    ])
    #expect(place.names.contains("paths/path-0001.csv"))
    #expect(place.names.contains("paths/path-0002.csv"))
    let prices = Rows(
      try place.run(["prices", "--book", "book.csv", "--prices", "prices.csv"]).text
    )
    #expect(try !prices.column("status").contains("liquidatable"))
    try place.run(["clusters", "--book", "book.csv", "--prices", "prices.csv", "-o", "c.csv"])
    try place.write(
      "spec.toml",
      """
      [inputs]
      book = "book.csv"
      prices = "prices.csv"
      paths = ["paths/path-0001.csv", "paths/path-0002.csv"]
      [scenarios]
      generate = 1
      model = "jump_diffusion"
      horizon_s = 300
      seed = 5
      [grid]
      vault.timeout_s = [300, 1800]
      """
    )
    try place.run(["sweep", "spec.toml", "-q"])
    let sweep = Rows(try place.text("results/sweep.csv"))
    #expect(sweep.rows.count == 2)
    #expect(try sweep.column("ledger_imbalance_usd") == ["0.000000", "0.000000"])
  }

  @Test func completionsAreReadableByTheirShells() throws {
    let place = try Workdir(withBook: false)
    for shell in ["bash", "zsh", "fish"] {
      let script = try place.run(["completions", shell])
      for word in ["sweep", "dry-run", "bin-bps"] { #expect(script.text.contains(word)) }
      try place.write("completion.\(shell)", script.output)
    }
    try place.shell("bash -n completion.bash")
    try place.shell("if command -v zsh; then zsh -n completion.zsh; fi")
    try place.shell("if command -v fish; then fish -n completion.fish; fi")
  }
}
