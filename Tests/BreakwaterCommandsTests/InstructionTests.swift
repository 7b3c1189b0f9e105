// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What a further row of a book costs `clusters` in instructions, which are the same however
/// busy the machine is.
@Suite struct InstructionTests {
  private static func has(_ program: String) -> Bool {
    let found = try? Workdir(withBook: false).shell("command -v \(program) || true").text
    return found.map { !$0.isEmpty } ?? false
  }

  static let canCount = has("valgrind") && has("strip")

  /// Makes books of one venue's perps, as CSV and as columns, of two sizes.
  private static let sizes = (few: 20_000, many: 60_000)

  private func books() throws -> Workdir {
    let place = try Workdir(withBook: false)
    let others = ["drift", "event", "jupiter_lend", "kamino", "marginfi"]
    for (name, size) in [
      ("few", InstructionTests.sizes.few), ("many", InstructionTests.sizes.many),
    ] {
      try place.run(
        [
          "generate", "book", "--accounts", "\(size)", "--protected-share", "0", "-q", "-o",
          "\(name).csv", "--write-prices", "prices.csv",
        ] + others.flatMap { ["--venue-share", "\($0)=0"] }
      )
      try place.run(["convert", "\(name).csv", name, "-q"])
    }
    try place.shell("strip --strip-debug -o tool \"$BREAKWATER\"")
    return place
  }

  /// A number that a run under valgrind says, for each row that the larger book has more.
  private func each(
    _ place: Workdir,
    _ suffix: String,
    _ tool: String,
    _ number: String
  ) throws -> Double {
    var found: [Double] = []
    for name in ["few", "many"] {
      let outcome = try place.shell(
        """
        valgrind --tool=\(tool) ./tool clusters --book \(name)\(suffix) --prices prices.csv \
          -q -j 1 -o clusters.csv 2>&1 | sed -n 's/,//g; s/^==[0-9]*== *\(number).*/\\1/p'
        """
      )
      let text = outcome.text.trimmingCharacters(in: .whitespacesAndNewlines)
      found.append(try #require(Double(text), "\(outcome.text) \(outcome.diagnostics)"))
    }
    return (found[1] - found[0]) / Double(InstructionTests.sizes.many - InstructionTests.sizes.few)
  }

  #if arch(x86_64)
  #if DEBUG
  private static let most = (csv: 2600.0, columns: 1570.0)
  #else
  private static let most = (csv: 1270.0, columns: 510.0)
  #endif

  /// Measured with AVX2, which is what valgrind knows, and a tenth more.
  @Test(.enabled(if: canCount, "there is no valgrind or no strip"))
  func `a further row takes no more than it did`() throws {
    let place = try books()
    let count = "--callgrind-out-file=/dev/null"
    for (suffix, most) in [
      (".csv", InstructionTests.most.csv), ("", InstructionTests.most.columns),
    ] {
      let found = try each(place, suffix, "callgrind \(count)", "Collected : \\([0-9]*\\)")
      #expect(found > 20 && found < most, "\(found) instructions for a row of \(suffix)")
    }
  }
  #endif
}
