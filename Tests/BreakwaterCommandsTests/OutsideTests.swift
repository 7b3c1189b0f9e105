// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Checks against what lies outside the package: another implementation, real prices, the README.
struct OutsideTests {
  static let hasPython =
    (try? Workdir(withBook: false).shell("command -v python3 || true").text)
    .map { !$0.isEmpty } ?? false
  static let bars = Repository.file("../shared/data/prices/bitmex_xbtusd_1m_2020.csv.gz")
  static let readme = Repository.file("README.md")

  /// Every column of five random worlds, as `Tests/independent` computes them from the same texts.
  @Test(.enabled(if: hasPython, "there is no python3"))
  func independentImplementationAgrees() throws {
    let script = try #require(Repository.file("Tests/independent/compare.py"))
    let outcome = try Workdir(withBook: false).shell(
      "python3 -B '\(script.path)' \"$BREAKWATER\" --worlds 5 --seed 77 --keep worlds"
    )
    #expect(outcome.text == "5 worlds equal\n", "\(outcome.diagnostics)")
  }

  /// The golden files are what the other implementation says, but for the words of messages; it
  /// does not guard text against spreadsheets.
  @Test(.enabled(if: hasPython, "there is no python3"))
  func independentImplementationAgreesWithTheGoldenFiles() throws {
    let place = try Workdir()
    let main = try #require(Repository.file("Tests/independent/main.py"))
    let reference = "python3 -B '\(main.path)'"
    let book = "--book book.csv --prices prices.csv --venues venues.toml"
    try place.shell(
      """
      "$BREAKWATER" venues > venues.toml
      sed -i 's/^\\[scenarios\\]/venues = "venues.toml"\\n[scenarios]/' spec.toml
      \(reference) prices \(book) -o prices.out && \(reference) clusters \(book) -o clusters.out &&
        \(reference) sweep spec.toml -o reference
      sed -i "s/^=kamino/'=kamino/; s/,=kamino/,'=kamino/" prices.out reference/*.csv
      """
    )
    try Golden.expect(place.bytes("prices.out"), equals: "liquidation_prices.csv")
    try Golden.expect(place.bytes("clusters.out"), equals: "clusters.csv")
    for name in ["sweep.csv", "frontier.csv", "robustness.csv"] + GoldenTests.events
    where name != "protection_events.csv" {
      try Golden.expect(place.bytes("reference/" + name), equals: "results/" + name)
    }
  }

  /// Writes `bars.csv`: minute bars of BitMEX from 12 March 2020, stamped at the end of the minute.
  static func writeBars(days: Int, in place: Workdir) throws {
    let start = 1_583_971_200_000
    try place.shell(
      """
      zcat '\(try #require(OutsideTests.bars).path)' | awk -F, -v OFS=, '
        NR == 1 { print "timestamp_ms,asset,open,high,low,close"; next }
        $1 > \(start) && $1 <= \(start + days * 86_400_000) {
          print $1, "BTC", $2, $3, $4, $5 }' > bars.csv
      """
    )
    #expect(Rows(try place.text("bars.csv")).rows.count == days * 1440)
  }

  @Test(.enabled(if: bars != nil, "there is no ../shared/data beside the repository"))
  func realBarsOfMarch2020() throws {
    let place = try Workdir(withBook: false)
    try OutsideTests.writeBars(days: 1, in: place)
    try place.run([
      "generate", "book", "--accounts", "2000", "--price", "BTC=7900", "--seed", "2020", "-q",
      "-o", "book.csv", "--write-prices", "prices.csv",
    ])
    try place.write(
      "spec.toml",
      """
      [inputs]
      book = "book.csv"
      prices = "prices.csv"
      paths = ["bars.csv"]
      bar_stamp = "end"
      [settings]
      clusters.min_confidence = 30
      protection.increment_ratio = 0.05
      [grid]
      vault.stop_loss = [0.03, 0.05]
      [output]
      details = "all"
      """
    )
    let outline = try place.run(["sweep", "spec.toml", "--dry-run"])
    #expect(outline.text.contains("2 cells × 1 scenarios, 5,760 steps in all, 2,000 accounts"))
    try place.run(["sweep", "spec.toml", "-q"])
    let sweep = Rows(try place.text("results/sweep.csv"))
    #expect(sweep.rows.count == 2)
    #expect(try sweep.column("ledger_imbalance_usd") == ["0.000000", "0.000000"])
    #expect(
      try sweep.column("system_liquidations").allSatisfy { (Double($0) ?? 0) > 100 },
      "half of the price fell within the day"
    )
    // Events lie on the quarters of minutes that begin with the day and end before the next.
    for name in ["liquidations.csv", "protection_events.csv"] {
      let times = try Rows(place.text("results/" + name)).column("time").map { Int($0) ?? 0 }
      #expect(!times.isEmpty)
      #expect(times.allSatisfy { $0 % 15_000 == 0 })
      #expect(times.allSatisfy { (1_583_971_200_000..<1_584_057_600_000).contains($0) })
    }
  }

  /// Each `breakwater …` line in a code block of the README names commands and options that exist.
  @Test(.enabled(if: readme != nil, "there is no README.md yet"))
  func commandsOfTheReadmeExist() throws {
    let text = try String(contentsOf: try #require(OutsideTests.readme), encoding: .utf8)
    var isCode = false
    var line = ""
    var count = 0
    for part in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if part.hasPrefix("```") { isCode.toggle() }
      guard isCode else { continue }
      line += part.hasSuffix("\\") ? String(part.dropLast()) : String(part)
      if part.hasSuffix("\\") { continue }
      count += try OutsideTests.check(line) ? 1 : 0
      line = ""
    }
    #expect(count > 0, "the README shows how the tool is called")
  }

  /// Whether a line calls the tool; its words are checked against the help.
  private static func check(_ line: String) throws -> Bool {
    let words = line.prefix { $0 != "|" && $0 != ">" && $0 != "#" }.split(separator: " ")
      .map(String.init).drop { $0 == "$" }
    guard let tool = words.first, tool == "breakwater" || tool.hasSuffix("/breakwater"),
      let name = words.dropFirst().first, !name.hasPrefix("-"), name.allSatisfy(\.isLowercase)
    else { return false }
    let command =
      ["generate", "import"].contains(name) ? "\(name) \(words.dropFirst(2).first ?? "")" : name
    guard HelpTests.commands.contains(command) else {
      Issue.record("README: there is no command '\(command)': \(line)")
      return true
    }
    let entries = try HelpTests.entries(command)
    for option in words where option.hasPrefix("-") && option != "-" {
      let known = entries.contains { entry in
        entry.shape.split(separator: " ").prefix(2).contains {
          $0 == option || $0 == option + ","
        }
      }
      #expect(known, "README: there is no option \(option): \(line)")
    }
    return true
  }
}
