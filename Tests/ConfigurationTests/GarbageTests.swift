// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Configuration
import Testing
import TextKit

/// Text that nobody would write: it is read or refused, and nothing else happens.
@Suite struct GarbageTests {
  /// SplitMix64.
  private struct Source {
    var state: UInt64

    mutating func next(below bound: Int) -> Int {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return Int((z ^ (z >> 31)) % UInt64(bound))
    }
  }

  private static let pieces = [
    "a", "b", "\"k\"", "'k'", "=", ".", ",", "[", "]", "[[", "]]", "{", "}", "\n", "\r\n", "#",
    " ", "\t", "1", "-1", "0x1F", "1_0", "2.5", "1e9", "inf", "-nan", "true", "false",
    "2026-01-02", "12:30:00", "2026-01-02T00:00:00Z", "\"\"\"", "'''", "\"", "'", "\\", "\\u0041",
    "\u{0}", "\r", "\u{B}", "\u{E9}", "\u{1F600}", "\u{FEFF}", "_", "+", "a = 1\n", "[t]\n",
    "[[u]]\n", "b = [1, 2]\n", "c = { x = 1 }\n",
  ]

  /// Reads what can be read of some bytes.
  /// - Returns: true when they were a document.
  private func isDocument(_ bytes: [UInt8]) -> Bool {
    do {
      let root = try ConfigValue.parseTOML(bytes, file: "g.toml")
      for leaf in try ConfigTable(root).flattened() {
        #expect(try root.value(at: leaf.key) == leaf.value, "\(bytes)")
      }
      #expect(root.merging(root) == root)
      return true
    } catch {
      #expect(error.kind == .data && error.message.hasPrefix("g.toml:"), "\(bytes)")
      return false
    }
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func `random bytes are refused or read`(seed: UInt64) {
    var source = Source(state: seed)
    for _ in 0..<100 {
      let count = source.next(below: 60)
      _ = isDocument((0..<count).map { _ in UInt8(source.next(below: 256)) })
    }
  }

  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func `random pieces of TOML are refused or read`(seed: UInt64) {
    var source = Source(state: seed &* 1000)
    var documents = 0
    for _ in 0..<500 {
      var text = ""
      for _ in 0..<source.next(below: 16) {
        text += GarbageTests.pieces[source.next(below: GarbageTests.pieces.count)]
      }
      if isDocument(Array(text.utf8)) { documents += 1 }
    }
    #expect(documents > 0)
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func `a good document with a wrong byte is refused or read`(seed: UInt64) {
    let good = Array(
      """
      [inputs]      # paths
      book = "book.csv"
      paths = ["crash.csv", 'b\\c', \"\"\"x
      y\"\"\"]
      [grid]
      vault.stop_loss = [0.02, 0.03]
      vault.timeout_s = { from = 300, to = 7_200, steps = 16 }
      [[tier]]
      lower = 0
      """.utf8
    )
    #expect(isDocument(good))
    var source = Source(state: seed &* 7777)
    for _ in 0..<200 {
      var bytes = good
      switch source.next(below: 3) {
      case 0: bytes[source.next(below: bytes.count)] = UInt8(source.next(below: 256))
      case 1: bytes.remove(at: source.next(below: bytes.count))
      default: bytes.removeLast(source.next(below: bytes.count))
      }
      _ = isDocument(bytes)
    }
  }
}
