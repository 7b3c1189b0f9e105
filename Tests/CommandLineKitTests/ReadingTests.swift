// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import CommandLineKit
import Testing

struct ReadingTests {
  @Test(arguments: [
    ("sweep g", "g book.csv 4 csv 50.0 none [] false true"),
    ("sweep g -j8", "g book.csv 8 csv 50.0 none [] false true"),
    ("sweep g -j 8", "g book.csv 8 csv 50.0 none [] false true"),
    ("sweep g --threads=8", "g book.csv 8 csv 50.0 none [] false true"),
    ("sweep --threads 8 g", "g book.csv 8 csv 50.0 none [] false true"),
    ("sweep g -qj8", "g book.csv 8 csv 50.0 none [] true true"),
    ("sweep g --report parquet", "g book.csv 4 parquet 50.0 none [] false true"),
    ("sweep g --bin-width-bps 2.5e1", "g book.csv 4 csv 25.0 none [] false true"),
    (
      "sweep g --seed 18446744073709551615",
      "g book.csv 4 csv 50.0 18446744073709551615 [] false true"
    ),
    (
      "sweep g --price a=1 --price=b=2",
      "g book.csv 4 csv 50.0 none [\"a=1\", \"b=2\"] false true"
    ),
    ("sweep g --price=", "g book.csv 4 csv 50.0 none [\"\"] false true"),
    ("sweep g --price -5", "g book.csv 4 csv 50.0 none [\"-5\"] false true"),
    ("sweep g --price [a,b]", "g book.csv 4 csv 50.0 none [\"[a,b]\"] false true"),
    ("sweep g --quiet --quiet", "g book.csv 4 csv 50.0 none [] true true"),
    ("sweep g --quiet=false --no-header", "g book.csv 4 csv 50.0 none [] false false"),
    ("sweep g --book b.csv", "g b.csv 4 csv 50.0 none [] false true"),
    ("sweep -- -g", "-g book.csv 4 csv 50.0 none [] false true"),
    ("sweep [a,b]", "[a,b] book.csv 4 csv 50.0 none [] false true"),
    ("sweep generate", "generate book.csv 4 csv 50.0 none [] false true"),
    ("merge a b c -o out", "[\"a\", \"b\", \"c\"] out"),
    ("merge -o out sweep merge", "[\"sweep\", \"merge\"] out"),
    ("generate book", "book of 1000"),
    ("generate book 7", "book of 7"),
  ])
  func `a command reads what its properties declare`(line: String, printed: String) {
    let outcome = harbour.outcome(of: line.split(separator: " ").map { String($0) })
    #expect(outcome == .init(status: 0, output: printed + "\n", diagnostics: ""))
  }

  @Test func `a command line can be read without running anything`() {
    #expect(harbour.complaint(about: ["sweep", "g"]) == nil)
    #expect(harbour.complaint(about: ["--help"]) == nil)
    let words = ["sweep", "g", "--thread", "3"]
    let complaint = harbour.complaint(about: words)
    #expect(complaint?.hasPrefix("unknown option '--thread'") == true)
    #expect(harbour.outcome(of: words).diagnostics.contains(complaint ?? "-"))
    #expect(harbour.complaint(about: ["sweep", "g"], environment: ["HARBOUR_THREADS": "x"]) != nil)
  }

  @Test func `a variable of the environment stands in for an option that is not given`() {
    let environment = ["HARBOUR_THREADS": "9"]
    let read = harbour.outcome(of: ["sweep", "g"], environment: environment)
    #expect(read.output == "g book.csv 9 csv 50.0 none [] false true\n")
    let given = harbour.outcome(of: ["sweep", "g", "-j2"], environment: environment)
    #expect(given.output == "g book.csv 2 csv 50.0 none [] false true\n")
    let empty = harbour.outcome(of: ["sweep", "g"], environment: ["HARBOUR_THREADS": ""])
    #expect(empty.output == "g book.csv 4 csv 50.0 none [] false true\n")
  }

  @Test func `a change to a copy of a command leaves the original alone`() {
    let original = Sweep()
    var copy = original
    copy.threads = 12
    copy.input.book = FilePath("other.csv")
    #expect(original.threads == 4 && copy.threads == 12)
    #expect(original.input.book.path == "book.csv")
  }

  @Test(arguments: [
    ("threads", "threads"), ("binWidth", "bin-width"), ("binWidthBPS", "bin-width-bps"),
    ("priceUSDTotal", "price-usd-total"), ("top10", "top10"), ("URL", "url"), ("", ""),
    ("splitRows", "split-rows"), ("x", "x"),
  ])
  func `a property gives its option a name in kebab case`(property: String, name: String) {
    #expect(kebabCase(property) == name)
  }

  @Test(arguments: ["nan", "inf", "-inf", "1e999", "0x10", "", " 1", "1 ", "1,5", "1_000", "٣"])
  func `a word that is no finite decimal number is no number`(word: String) {
    #expect(Double(argument: word) == nil)
    #expect(Int(argument: word) == nil)
  }

  @Test func `numbers keep within their types`() {
    #expect(UInt64(argument: "-1") == nil)
    #expect(UInt64(argument: "18446744073709551616") == nil)
    #expect(Int(argument: "-9223372036854775808") == .min)
    #expect(Double(argument: "-1.5e-3") == -0.0015)
  }
}
