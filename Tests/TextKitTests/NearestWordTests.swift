// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Testing
import TextKit

@Suite struct NearestWordTests {
  private let words = ["stop_loss", "recover_bps", "timeout_s", "fee_bps"]

  @Test(arguments: [
    ("stop_los", "stop_loss"), ("stoploss", "stop_loss"), ("timeuot_s", "timeout_s"),
    ("fee_bp", "fee_bps"), ("stop_loss", "stop_loss"),
  ])
  func `a slip finds its word`(_ slip: String, _ word: String) {
    #expect(nearestWord(to: slip, among: words) == word)
    #expect(suggestion(for: slip, among: words) == "; did you mean '\(word)'?")
  }

  @Test(arguments: ["zebra", "", "xxxxxxxxxxxxxxxxxxxxxxxx"])
  func `a word far from all finds none`(_ slip: String) {
    #expect(nearestWord(to: slip, among: words) == nil)
    #expect(suggestion(for: slip, among: words).isEmpty)
  }

  @Test func `the first of equally near words wins, and of no words none`() {
    #expect(nearestWord(to: "bat", among: ["cat", "hat"]) == "cat")
    #expect(nearestWord(to: "bat", among: ["hat", "cat"]) == "hat")
    #expect(nearestWord(to: "bat", among: []) == nil)
  }

  @Test func `a known word that is input is shown without control characters`() {
    #expect(suggestion(for: "asset", among: ["as\u{7f}set"]) == "; did you mean 'as\u{FFFD}set'?")
  }

  @Test func `an endless word is only looked at where it begins`() {
    #expect(nearestWord(to: String(repeating: "é", count: 100_000), among: words) == nil)
  }
}
